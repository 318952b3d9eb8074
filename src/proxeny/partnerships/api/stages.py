"""Stages, and all that both sides sign, by program."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, match_version
from proxeny.kernel.errors import NotFound
from proxeny.partnerships import queries, readiness, texts
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import (
    AgreementText,
    Note,
    SignatureOut,
    Version,
    WhyIn,
    agreement_out,
    enter,
)
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement, Stage
from proxeny.partnerships.operations import risks, signing, stages
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.room_queries import get_record

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
StageName = Literal[*Stage.values]


class StageConditionOut(Out):
    """What a gate asks for; `missing` is empty where it is there."""

    code: str
    label: str
    missing: str


class GateOut(Out):
    """A stage that may follow, and what it asks for."""

    stage: StageName
    is_open: bool
    conditions: list[StageConditionOut]


class StagesOut(Out):
    """Where a partnership stands in its life."""

    stage: StageName
    since: date | None
    gates: list[GateOut]


class TextOut(Out):
    """A text that all parties sign."""

    id: int
    kind: Literal[*Agreement.Kind.values]
    subject: str
    name: str
    number: int
    text: str
    text_hash: str
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    closed_why: str
    signatures: list[SignatureOut]


def _text_out(text: SignedText, name: str) -> TextOut:
    agreement = text.agreement
    return TextOut(
        id=agreement.pk, kind=agreement.kind, subject=agreement.subject,
        name=name, completed_at=agreement.completed_at,
        closed_at=agreement.closed_at, closed_why=agreement.closed_why,
        **agreement_out(text).model_dump(exclude={"is_complete"}),
    )  # fmt: skip


def _shown(partnership_id: int, agreement: Agreement) -> TextOut:
    found = queries.list_agreed(
        queries.get_partnership(partnership_id), agreement.kind, agreement.subject
    )
    text = next(one for one in found if one.agreement.pk == agreement.pk)
    return _text_out(text, texts.name_of(agreement))


class StageIn(In):
    """Which stage to enter, and what the others read with it."""

    stage: StageName
    note: Note = ""


class ReadIn(In):
    """Which text was read: the hash of its words."""

    text_hash: Hash


class ExitIn(In):
    """A plan for the exit, and the number of the one it was written from (0: none)."""

    text: AgreementText
    number: Version


@router.get("/{partnership_id}/stages", response=StagesOut, summary="Where it stands")
def show_stages(request: HttpRequest, partnership_id: Id) -> StagesOut:
    """The stage, those that may follow, and what each of them asks for."""
    partnership = enter(request, partnership_id)
    today = timezone.localdate()
    facts = gather_facts(partnership, today=today)
    found = []
    for stage in readiness.next_stages(partnership):
        conditions = readiness.check_gate(facts, stage, today=today)
        found.append(GateOut(
            stage=stage.value, is_open=readiness.is_open(conditions),
            conditions=[StageConditionOut(code=one.code, label=one.label, missing=one.missing)
                        for one in conditions],
        ))  # fmt: skip
    return StagesOut(stage=partnership.stage, since=partnership.stage_since, gates=found)


@router.post("/{partnership_id}/stages", response={201: TextOut}, summary="Ask to enter a stage")
def ask_stage(request: HttpRequest, partnership_id: Id, wish: StageIn) -> Status[TextOut]:
    """Signed at once for the caller's side; with the last signature the partnership is there."""
    made = stages.ask_stage(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **wish.model_dump(),
    )
    return Status(201, _shown(partnership_id, made))


@router.get("/{partnership_id}/texts", response=list[TextOut], summary="What waits for signatures")
def list_texts(request: HttpRequest, partnership_id: Id) -> list[TextOut]:
    """Besides the agreement itself: stages, risks, the plan for the exit, parties that join."""
    # Who is only invited reads what is put before them; members of the clusters read no text.
    if partnership_id not in request.reader.partnerships:
        raise NotFound(_("There is no such partnership."))
    partnership = queries.get_partnership(partnership_id)
    asked = queries.list_asked(partnership)
    names = texts.names_of(one.agreement for one in asked)
    return [_text_out(one, names[one.agreement.pk]) for one in asked]


@router.get("/{partnership_id}/texts/{text_id}", response=TextOut, summary="One text")
def show_text(request: HttpRequest, partnership_id: Id, text_id: Id) -> TextOut:
    """With its signatures."""
    return _shown(partnership_id, queries.get_text(partnership_id, text_id))


@router.post("/{partnership_id}/texts/{text_id}/sign", response=TextOut, summary="Sign a text")
def sign_text(request: HttpRequest, partnership_id: Id, text_id: Id, read: ReadIn) -> TextOut:
    """For the caller's side."""
    signed = signing.sign_text(
        actor=request.reader, partnership_id=partnership_id, agreement_id=text_id,
        text_hash=read.text_hash, now=timezone.localtime(),
    )  # fmt: skip
    return _shown(partnership_id, signed)


@router.post("/{partnership_id}/texts/{text_id}/close", response=TextOut, summary="Do not sign")
def close_text(request: HttpRequest, partnership_id: Id, text_id: Id, why: WhyIn) -> TextOut:
    """Or take back what one's own side asked; the others read why."""
    closed = signing.close_text(
        actor=request.reader, partnership_id=partnership_id, agreement_id=text_id, why=why.reason,
        now=timezone.localtime(),
    )  # fmt: skip
    return _shown(partnership_id, closed)


@router.post("/{partnership_id}/exit-plan", response={201: TextOut}, summary="Plan the exit")
def write_exit_plan(request: HttpRequest, partnership_id: Id, plan: ExitIn) -> Status[TextOut]:
    """Signed at once for the caller's side; the plan in force stays until all have signed."""
    made = stages.write_exit_plan(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **plan.model_dump(),
    )
    return Status(201, _shown(partnership_id, made))


@router.post(
    "/{partnership_id}/risks/{risk_id}/accept", response={201: TextOut}, summary="Accept a risk"
)
def accept_risk(
    request: HttpRequest, partnership_id: Id, risk_id: Id, if_match: IfMatch = None
) -> Status[TextOut]:
    """For the caller's side, as it stands; the others are asked to sign the same words."""
    enter(request, partnership_id)
    risk = get_record(KINDS["risk"], partnership_id, risk_id)
    made = risks.ask_acceptance(
        actor=request.reader, partnership_id=partnership_id, risk_id=risk_id,
        version=match_version(if_match, risk.version), now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, _shown(partnership_id, made))
