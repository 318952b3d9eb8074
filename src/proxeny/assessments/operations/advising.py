"""What an engagement recommends: written with what it rests on, and proposed to who is to act.

It stands in the one register of the partnership; what becomes of it is decided there, or by the
company on its own page (`partnerships.operations.advice`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Finding, Note
from proxeny.assessments.operations.advice_letters import tell_proposed
from proxeny.assessments.operations.entering import CHANGED, Entered, enter_as_team
from proxeny.assessments.operations.findings import find_figure, find_note
from proxeny.assessments.operations.work import (
    FIGURE,
    FINDING,
    NOTE,
    keep_deed,
    refuse_long,
    save_changes,
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

State, Addressee = Recommendation.State, Recommendation.Addressee
#: So many recommendations has one engagement; more, nobody follows.
MOST_ADVICE = 100


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """What is recommended, and who is to act.

    `addressee` is `org` (the company that asked), `all` (all sides), `one` (the side `party_id`),
    or empty as long as nobody is named.
    """

    title: str
    details: str = ""
    addressee: str = ""
    party_id: int | None = None


@transaction.atomic
def write_advice(
    *, actor: Reader, engagement_id: int, facts: AdviceFacts, now: datetime
) -> Recommendation:
    """Write a recommendation; it stays a draft until it is proposed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every deed of the teams; nothing is recommended before the brief is signed or after
        the hand-over; there are too many.
    InvalidInput
        It says nothing, or who is to act is none of the sides.
    """
    entered = enter_as_team(actor, engagement_id, *CONCLUDED_IN)
    engagement = entered.engagement
    values = _clean(facts, entered)
    if find_advice(engagement).count() >= MOST_ADVICE:
        raise Conflict(_("There are too many of these. Put some away first."))
    made = Recommendation.objects.create(
        partnership_id=engagement.partnership_id, source=Recommendation.Source.ASSESSMENT,
        source_id=engagement.pk, created_at=now, **values,
    )  # fmt: skip
    keep_deed(actor, "write_advice", made, entered)
    return made


@transaction.atomic
def change_advice(
    *, actor: Reader, engagement_id: int, advice_id: int, version: int, facts: AdviceFacts,
    now: datetime,
) -> Recommendation:  # fmt: skip
    """Change a recommendation, until it is decided; who is to act, until it is proposed.

    Errors as of `write_advice`, and `Conflict` if it changed since `version`, or was decided.
    """
    entered, advice = _enter(actor, engagement_id, advice_id)
    if advice.version != version or advice.dropped_at:
        raise Conflict(CHANGED)
    values = _clean(facts, entered)
    if advice.state != State.DRAFT and any(
        getattr(advice, name) != values[name] for name in ("addressee", "party_id")
    ):
        raise InvalidInput(
            _("It was proposed to somebody already. Write another one for somebody else."),
            field="addressee",
        )
    save_changes(advice, values, actor, "change_advice", entered)
    return advice


@transaction.atomic
def drop_advice(
    *, actor: Reader, engagement_id: int, advice_id: int, now: datetime
) -> Recommendation:
    """Put a recommendation away that is not decided. Twice changes nothing."""
    entered, advice = _enter(actor, engagement_id, advice_id)
    if advice.dropped_at is None:
        save_changes(advice, {"dropped_at": now}, actor, "drop_advice", entered)
    return advice


@transaction.atomic
def restore_advice(
    *, actor: Reader, engagement_id: int, advice_id: int, now: datetime
) -> Recommendation:
    """Bring back what was put away. Twice changes nothing."""
    entered, advice = _enter(actor, engagement_id, advice_id)
    if advice.dropped_at is not None:
        save_changes(advice, {"dropped_at": None}, actor, "restore_advice", entered)
    return advice


@transaction.atomic
def rest_on(
    *, actor: Reader, engagement_id: int, advice_id: int, target: str, target_id: int,
    place: str = "", text: str = "", now: datetime,
) -> Evidence:  # fmt: skip
    """Say what a recommendation rests on: a finding, a note, or a figure as it was at one time.

    Parameters
    ----------
    target : str
        `assessments.finding`, `assessments.note` or `assessments.figure`.
    target_id : int
        Its number; of a figure that of its version.
    place : str
        Which part of it: a page, a row, a year.
    text : str
        What it shows, as who is to act reads it; what it is called, if nothing is said.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `write_advice`; it was proposed with what it rests on, or rests on this already.
    InvalidInput
        It is nothing of this engagement.
    """
    entered, advice = _enter(actor, engagement_id, advice_id)
    if advice.dropped_at is not None:
        raise Conflict(CHANGED)
    kind, title, number = _find_target(entered, target, target_id)
    known = Evidence.objects.filter(recommendation=advice)
    if known.filter(target=target, target_id=number).exists():
        raise Conflict(_("It rests on this already."))
    if known.count() >= register.MOST_EVIDENCE:
        raise Conflict(_("There are too many of these. Put some away first."))
    made = Evidence.objects.create(
        partnership_id=advice.partnership_id, recommendation=advice, kind=kind,
        text=(tidy(text) or title)[:500], target=target, target_id=number, place=tidy(place)[:120],
    )  # fmt: skip
    keep_deed(actor, "add_evidence", advice, entered)
    return made


@transaction.atomic
def rest_no_more(
    *, actor: Reader, engagement_id: int, advice_id: int, evidence_id: int, now: datetime
) -> Evidence:
    """Take a piece of evidence away, while its recommendation is a draft; what it was is returned."""
    entered, advice = _enter(actor, engagement_id, advice_id)
    one = Evidence.objects.filter(pk=evidence_id, recommendation=advice).first()
    if one is None:
        raise NotFound(_("There is no such entry."))
    if advice.state != State.DRAFT:
        raise Conflict(_("It was proposed with this evidence; it stays."))
    keep_deed(actor, "remove_evidence", advice, entered)
    one.delete()
    return one


@transaction.atomic
def propose_advice(
    *, actor: Reader, engagement_id: int, advice_id: int, seen: int, now: datetime
) -> Recommendation:
    """Propose one recommendation to who is to act; they are mailed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `write_advice`; it changed since the version that was `seen`, or was proposed.
    InvalidInput
        It rests on nothing, or nobody is to act.
    """
    entered, advice = _enter(actor, engagement_id, advice_id)
    return register.take_step(
        actor=actor, partnership_id=entered.engagement.partnership_id, record_id=advice.pk,
        version=seen, state=State.PROPOSED, reason="", now=now,
    )  # fmt: skip


def propose_all(*, actor: Reader, entered: Entered, now: datetime) -> list[Recommendation]:
    """Propose all drafts of an engagement that are ready, inside the transaction of a report.

    What names no evidence, or nobody who is to act, stays a draft. The managers of the sides that
    are to act get one mail each; the company that asked is told by the letter of its report.
    """
    assert entered.mine is not None  # of a team  # noqa: S101
    drafts = find_advice(entered.engagement).filter(state=State.DRAFT)
    proposed = [
        one for one in drafts.select_for_update(of=("self",))
        if register.propose(actor, one, organisation_id=entered.mine.organisation_id, now=now)
    ]  # fmt: skip
    if proposed:
        tell_proposed(actor, entered.engagement, proposed, now=now)
    return proposed


def _enter(actor: Reader, engagement_id: int, advice_id: int) -> tuple[Entered, Recommendation]:
    """Return an engagement, and one of its recommendations locked, as long as it is not decided."""
    entered = enter_as_team(actor, engagement_id, *CONCLUDED_IN)
    get_advice(entered.engagement, advice_id)
    # Whoever decides does not lock the engagement.
    advice = Recommendation.objects.select_for_update(of=("self",)).get(pk=advice_id)
    if advice.state not in (State.DRAFT, State.PROPOSED):
        raise Conflict(_("This was decided. What was decided on is not written over."))
    return entered, advice


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
    raise InvalidInput(_("Choose one from the list."), field="source")


def _find_finding(entered: Entered, finding_id: int) -> Finding:
    try:
        finding = get_finding(entered.engagement.pk, finding_id)
    except NotFound as error:
        raise InvalidInput(_("Choose one from the list."), field="source") from error
    if finding.dropped_at is not None:
        raise InvalidInput(_("This finding was put away. Bring it back first."), field="source")
    return finding


def _clean(facts: AdviceFacts, entered: Entered) -> dict[str, Any]:
    values = {
        "title": tidy(facts.title), "details": tidy_lines(facts.details),
        "addressee": facts.addressee, "party_id": None, "organisation_id": None,
    }  # fmt: skip
    if not values["title"]:
        raise InvalidInput(_("Say in one sentence what you recommend."), field="title")
    refuse_long(Recommendation, values, ("title", "details"))
    if facts.addressee not in ("", *Addressee.values):
        raise InvalidInput(_("Choose one from the list."), field="addressee")
    if facts.addressee == Addressee.COMPANY:
        values["organisation_id"] = entered.engagement.client_id
    if facts.addressee == Addressee.ONE:
        if facts.party_id not in {one.pk for one in entered.parties}:
            raise InvalidInput(_("Choose the side that is to act."), field="addressee")
        values["party_id"] = facts.party_id
    return values
