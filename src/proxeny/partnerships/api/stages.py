"""Stages, and all texts that both sides sign, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, match_version
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
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
    """A condition of a gate. `missing` is empty if it is met."""

    code: str
    label: str
    missing: str


class GateOut(Out):
    """A stage that can follow, and its conditions."""

    stage: StageName
    is_open: bool
    conditions: list[StageConditionOut]


class StagesOut(Out):
    """The current stage of a partnership."""

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
        id=agreement.pk,
        kind=agreement.kind,
        subject=agreement.subject,
        name=name,
        completed_at=agreement.completed_at,
        closed_at=agreement.closed_at,
        closed_why=agreement.closed_why,
        **agreement_out(text).model_dump(exclude={"is_complete"}),
    )


def _shown(partnership_id: int, agreement: Agreement) -> TextOut:
    found = queries.list_agreed(
        queries.get_partnership(partnership_id), agreement.kind, agreement.subject
    )
    text = next(one for one in found if one.agreement.pk == agreement.pk)
    return _text_out(text, texts.name_of(agreement))


class StageIn(In):
    """The stage to enter, and a note for the other parties."""

    stage: StageName
    note: Note = ""


class ReadIn(In):
    """The text that you read, identified by the hash of its words."""

    text_hash: Hash


class ExitIn(In):
    """An exit plan, and the number of the plan it is based on (0 if there was none)."""

    text: AgreementText
    number: Version


@router.get(
    "/{partnership_id}/stages", response=StagesOut, summary="Get the stage of a partnership"
)
def show_stages(request: Request, partnership_id: Id) -> StagesOut:
    """Returns the stage, the stages that can follow, and the conditions of each."""
    partnership = enter(request, partnership_id)
    today = timezone.localdate()
    facts = gather_facts(partnership, today=today)
    found = []
    for stage in readiness.next_stages(partnership):
        conditions = readiness.check_gate(facts, stage, today=today)
        found.append(
            GateOut(
                stage=stage.value,
                is_open=readiness.is_open(conditions),
                conditions=[
                    StageConditionOut(code=one.code, label=one.label, missing=one.missing)
                    for one in conditions
                ],
            )
        )
    return StagesOut(stage=partnership.stage, since=partnership.stage_since, gates=found)


@router.post(
    "/{partnership_id}/stages", response={201: TextOut}, summary="Propose entering a stage"
)
def ask_stage(request: Request, partnership_id: Id, wish: StageIn) -> Status[TextOut]:
    """Signs immediately for your side. The partnership enters the stage with the last signature."""
    made = stages.ask_stage(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **wish.model_dump(),
    )
    return Status(201, _shown(partnership_id, made))


@router.get(
    "/{partnership_id}/texts", response=list[TextOut], summary="List texts waiting for signatures"
)
def list_texts(request: Request, partnership_id: Id) -> list[TextOut]:
    """Returns all texts except the agreement itself: stages, risks, the exit plan and parties that
    join.
    """
    # An invited party reads the texts submitted to it; members of the clusters read no text.
    if partnership_id not in request.reader.partnerships:
        raise NotFound(_("We couldn’t find this partnership."))
    partnership = queries.get_partnership(partnership_id)
    asked = queries.list_asked(partnership)
    names = texts.names_of(one.agreement for one in asked)
    return [_text_out(one, names[one.agreement.pk]) for one in asked]


@router.get("/{partnership_id}/texts/{text_id}", response=TextOut, summary="Get a text")
def show_text(request: Request, partnership_id: Id, text_id: Id) -> TextOut:
    """Returns the text with its signatures."""
    return _shown(partnership_id, queries.get_text(partnership_id, text_id))


@router.post("/{partnership_id}/texts/{text_id}/sign", response=TextOut, summary="Sign a text")
def sign_text(request: Request, partnership_id: Id, text_id: Id, read: ReadIn) -> TextOut:
    """Signs the text for your side."""
    signed = signing.sign_text(
        actor=request.reader,
        partnership_id=partnership_id,
        agreement_id=text_id,
        text_hash=read.text_hash,
        now=timezone.localtime(),
    )
    return _shown(partnership_id, signed)


@router.post(
    "/{partnership_id}/texts/{text_id}/close",
    response=TextOut,
    summary="Decline or withdraw a text",
)
def close_text(request: Request, partnership_id: Id, text_id: Id, why: WhyIn) -> TextOut:
    """Declines to sign the text, or withdraws it if your own side proposed it.

    The others can read the reason.
    """
    closed = signing.close_text(
        actor=request.reader,
        partnership_id=partnership_id,
        agreement_id=text_id,
        why=why.reason,
        now=timezone.localtime(),
    )
    return _shown(partnership_id, closed)


@router.post("/{partnership_id}/exit-plan", response={201: TextOut}, summary="Propose an exit plan")
def write_exit_plan(request: Request, partnership_id: Id, plan: ExitIn) -> Status[TextOut]:
    """Signs immediately for your side. The plan in force stays until all sides have signed."""
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
    request: Request, partnership_id: Id, risk_id: Id, if_match: IfMatch = None
) -> Status[TextOut]:
    """Accepts the risk as it is now for your side. The others are asked to sign the same text."""
    enter(request, partnership_id)
    risk = get_record(KINDS["risk"], partnership_id, risk_id)
    made = risks.ask_acceptance(
        actor=request.reader,
        partnership_id=partnership_id,
        risk_id=risk_id,
        version=match_version(if_match, risk.version),
        now=timezone.localtime(),
    )
    return Status(201, _shown(partnership_id, made))
