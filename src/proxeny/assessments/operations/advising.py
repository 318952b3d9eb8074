"""Recommendations of an engagement: written with their evidence, and proposed to those who act.

They are kept in the partnership's shared register, where they are decided; the company decides on
its own page (`partnerships.operations.advice`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Finding, Note
from proxeny.assessments.operations.advice_letters import tell_proposed
from proxeny.assessments.operations.findings import find_figure, find_note
from proxeny.assessments.operations.guards import Entered
from proxeny.assessments.operations.work import (
    FIGURE,
    FINDING,
    NOTE,
    Draft,
    WorkKind,
    refuse_long,
    tidy,
    tidy_lines,
)
from proxeny.assessments.queries.advised import find_advice, get_advice
from proxeny.assessments.queries.findings import get_finding
from proxeny.assessments.rules import CONCLUDED_IN
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations import advice as register
from proxeny.partnerships.operations.room import CHANGED, note

State, Addressee = Recommendation.State, Recommendation.Addressee


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """A recommendation, and the side that is to act.

    `addressee` is `org` (the company that asked), `all` (all sides), `one` (the side `party_id`),
    or empty as long as nobody is named.
    """

    title: str
    details: str = ""
    addressee: str = ""
    party_id: int | None = None


@transaction.atomic
def rest_on(
    *,
    actor: Reader,
    engagement_id: int,
    advice_id: int,
    target: str,
    target_id: int,
    place: str = "",
    text: str = "",
    now: datetime,
) -> Evidence:
    """Add evidence for a recommendation: a finding, a note, or a figure as it was at one time.

    Parameters
    ----------
    target : str
        `assessments.finding`, `assessments.note` or `assessments.figure`.
    target_id : int
        Its id; for a figure, the id of its version.
    place : str
        Which part of it: a page, a row, a year.
    text : str
        What it shows, for the addressee to read; its title by default.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `ADVICE.write`; it was proposed already, or has this evidence already.
    InvalidInput
        It is no record of this engagement.
    """
    draft = ADVICE.enter(actor, engagement_id, advice_id, now)
    entered, advice = draft.entered, draft.record
    if advice.dropped_at is not None:
        raise Conflict(CHANGED)
    kind, title, number = _find_target(entered, target, target_id)
    known = Evidence.objects.filter(recommendation=advice)
    if known.filter(target=target, target_id=number).exists():
        raise Conflict(_("This is already linked."))
    if known.count() >= register.MOST_EVIDENCE:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))
    made = Evidence.objects.create(
        partnership_id=advice.partnership_id,
        recommendation=advice,
        kind=kind,
        text=(tidy(text) or title)[:500],
        target=target,
        target_id=number,
        place=tidy(place)[:120],
    )
    note(actor, "add_evidence", entered, advice)
    return made


@transaction.atomic
def rest_no_more(
    *, actor: Reader, engagement_id: int, advice_id: int, evidence_id: int, now: datetime
) -> Evidence:
    """Take a piece of evidence away, while its recommendation is a draft; what it was is returned."""
    draft = ADVICE.enter(actor, engagement_id, advice_id, now)
    entered, advice = draft.entered, draft.record
    one = Evidence.objects.filter(pk=evidence_id, recommendation=advice).first()
    if one is None:
        raise NotFound(_("We couldn’t find this entry."))
    if advice.state != State.DRAFT:
        raise Conflict(_("This evidence was part of the proposal, so it can’t be removed."))
    note(actor, "remove_evidence", entered, advice)
    one.delete()
    return one


@transaction.atomic
def propose_advice(
    *, actor: Reader, engagement_id: int, advice_id: int, seen: int, now: datetime
) -> Recommendation:
    """Propose one recommendation to those who are to act; they are mailed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `ADVICE.write`; it changed since the version that was `seen`, or was proposed.
    InvalidInput
        It has no evidence or no addressee.
    """
    draft = ADVICE.enter(actor, engagement_id, advice_id, now)
    entered, advice = draft.entered, draft.record
    return register.take_step(
        actor=actor,
        partnership_id=entered.engagement.partnership_id,
        record_id=advice.pk,
        version=seen,
        state=State.PROPOSED,
        reason="",
        now=now,
    )


def propose_all(*, actor: Reader, entered: Entered, now: datetime) -> list[Recommendation]:
    """Propose all drafts of an engagement that are ready, inside the transaction of a report.

    Drafts without evidence or addressee stay drafts. The managers of the sides that are to act get
    one mail each; the company that asked is told by the letter of its report.
    """
    assert entered.mine is not None  # of a team  # noqa: S101
    drafts = find_advice(entered.engagement).filter(state=State.DRAFT)
    proposed = [
        one
        for one in drafts.select_for_update(of=("self",))
        if register.propose(actor, one, organisation_id=entered.mine.organisation_id, now=now)
    ]
    if proposed:
        tell_proposed(actor, entered.engagement, proposed, now=now)
    return proposed


def _find_target(entered: Entered, target: str, target_id: int) -> tuple[str, str, int]:
    """Return kind, title and number of what a recommendation is to rest on."""
    if target == NOTE:
        note = find_note(entered, target_id)
        is_talk = note.kind == Note.Kind.INTERVIEW
        kind = Evidence.Kind.INTERVIEW if is_talk else Evidence.Kind.DOCUMENT
        return kind, note.title, note.pk
    if target == FIGURE:
        figure = find_figure(entered, target_id)
        return Evidence.Kind.FIGURE, figure.figure.title, figure.pk
    if target == FINDING:
        finding = _find_finding(entered, target_id)
        return Evidence.Kind.FINDING, finding.title, finding.pk
    raise InvalidInput(_("Choose an option from the list."), field="source")


def _find_finding(entered: Entered, finding_id: int) -> Finding:
    try:
        finding = get_finding(entered.engagement.pk, finding_id)
    except NotFound as error:
        raise InvalidInput(_("Choose an option from the list."), field="source") from error
    if finding.dropped_at is not None:
        raise InvalidInput(_("This finding is archived. Restore it first."), field="source")
    return finding


def _clean(facts: AdviceFacts, draft: Draft[Recommendation]) -> dict[str, Any]:
    entered, advice = draft.entered, draft.record
    values: dict[str, Any] = {
        "title": tidy(facts.title),
        "details": tidy_lines(facts.details),
        "addressee": facts.addressee,
        "party_id": None,
        "organisation_id": None,
    }
    if not values["title"]:
        raise InvalidInput(_("Enter your recommendation in one sentence."), field="title")
    refuse_long(Recommendation, values, ("title", "details"))
    if facts.addressee not in ("", *Addressee.values):
        raise InvalidInput(_("Choose an option from the list."), field="addressee")
    if facts.addressee == Addressee.COMPANY:
        values["organisation_id"] = entered.engagement.client_id
    if facts.addressee == Addressee.ONE:
        if facts.party_id not in {one.pk for one in entered.parties}:
            raise InvalidInput(_("Choose the side that should act."), field="addressee")
        values["party_id"] = facts.party_id
    _keep_addressee(advice, values)
    return values


def _keep_addressee(advice: Recommendation, values: Mapping[str, Any]) -> None:
    """Refuse another addressee once it is proposed."""
    if advice.state != State.DRAFT and any(
        getattr(advice, name) != values[name] for name in ("addressee", "party_id")
    ):
        raise InvalidInput(
            _(
                "It has already been proposed to someone. Write a new recommendation for anyone "
                "else."
            ),
            field="addressee",
        )


def _refuse_decided(advice: Recommendation) -> None:
    if advice.state not in (State.DRAFT, State.PROPOSED):
        raise Conflict(_("A decision has been made on this, so it can no longer be changed."))


ADVICE = WorkKind(
    "advice",
    Recommendation,
    AdviceFacts,
    CONCLUDED_IN,
    # More, nobody follows.
    most=100,
    start=lambda _actor, engagement: {
        "source": Recommendation.Source.ASSESSMENT,
        "source_id": engagement.pk,
    },
    live=find_advice,
    get=get_advice,
    clean=_clean,
    expect=_refuse_decided,
)
