"""The one register of recommendations: drafted, proposed, decided, adopted or dropped."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.health import FactorReading
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.advice_queries import get_own_advice
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.factors import BY_CODE
from proxeny.partnerships.health import read_review
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Evidence, HealthReview, Partnership, Party, Recommendation
from proxeny.partnerships.operations import desk
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record

State = Recommendation.State
MOST_EVIDENCE = 50
#: From where each step may be taken.
STEPS = {
    State.PROPOSED: (State.DRAFT,),
    State.ACCEPTED: (State.PROPOSED,),
    State.AMENDED: (State.PROPOSED,),
    State.REFUSED: (State.PROPOSED,),
    State.DOING: (State.ACCEPTED, State.AMENDED),
    State.ADOPTED: (State.ACCEPTED, State.AMENDED, State.DOING),
    State.DROPPED: (State.ACCEPTED, State.AMENDED, State.DOING),
}
DECISIONS = {State.ACCEPTED, State.AMENDED, State.REFUSED}


#: What follows from a step, besides its audit row: who did it, the recommendation, its state before,
#: and when. By where recommendations come from; capabilities above say theirs when Django is ready.
Then = Callable[[Reader, Recommendation, str, datetime], None]
_THEN: dict[str, Then] = {}


def follow(source: str, then: Then) -> None:
    """Let a function mail who is to know of a step, for recommendations of a source."""
    _THEN[source] = then


@transaction.atomic
def take_step(
    *, actor: Reader, partnership_id: int, record_id: int, version: int, state: str, reason: str,
    now: datetime,
) -> Recommendation:  # fmt: skip
    """Propose, decide, begin, adopt or drop a recommendation, as somebody of the room.

    What a company is to do it decides itself (`take_own_step`); here it is proposed to it.

    Parameters
    ----------
    state : str
        What it becomes.
    reason : str
        Why; for `amended` what is changed, for `adopted` how it is done and where to see it.

    Side effects: an audit row; once it is proposed a mail to the managers of each side that is to
    act, but the actor, or what its source says (`follow`).

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; only managers of a side that is to act decide.
    InvalidInput
        It has no evidence or no addressee, or the step needs words.
    Conflict
        It changed since `version`, or the step does not follow.
    """
    partnership, parties = enter(actor, partnership_id)
    get_record(KINDS["recommendation"], partnership.pk, record_id)
    record = Recommendation.objects.select_for_update(of=("self",)).get(pk=record_id)
    if state != State.PROPOSED and rules.is_for_company(record):
        raise NotAllowed(_("The company that is to act says what becomes of it."))
    if state in DECISIONS and not rules.can_decide(actor, record, parties):
        raise NotAllowed(_("Only a manager of the side that is to act decides."))
    before = _step(record, version=version, state=state, reason=reason, now=now)
    record.save()
    _note_step(actor, partnership, parties, record, before, reason, now)
    return record


@transaction.atomic
def take_own_step(
    *, actor: Reader, record_id: int, version: int, state: str, reason: str, now: datetime
) -> Recommendation:
    """Decide on what one's own company is advised, and later say what became of it.

    It needs no seat in the room. Parameters, side effects and errors as of `take_step`.
    """
    seen = get_own_advice(actor, record_id)
    with as_service():
        record = Recommendation.objects.select_for_update(of=("self",)).get(pk=record_id)
        partnership = Partnership.objects.get(pk=seen.partnership_id)
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    before = _step(record, version=version, state=state, reason=reason, now=now)
    with as_service():
        record.save()
        audit.record(
            actor, "decide_recommendation", record, organisation_id=record.organisation_id,
            partnership_id=partnership.pk, changes=_told(record, state=[before, record.state]),
        )  # fmt: skip
    _follow(actor, record, before, now)
    return record


def propose(
    actor: Reader, record: Recommendation, *, organisation_id: int | None, now: datetime
) -> bool:
    """Propose a locked draft that is ready, and return whether it was; nobody is mailed.

    For several at once: whoever calls tells of them together.
    """
    try:
        before = _step(record, version=record.version, state=State.PROPOSED, reason="", now=now)
    except (InvalidInput, Conflict):
        return False
    record.save()
    audit.record(
        actor, "propose_recommendation", record, organisation_id=organisation_id,
        partnership_id=record.partnership_id, changes=_told(record, state=[before, record.state]),
    )  # fmt: skip
    return True


def _step(record: Recommendation, *, version: int, state: str, reason: str, now: datetime) -> str:
    """Set what a step changes on a locked recommendation; return what it was before."""
    if record.version != version or record.dropped_at:
        raise Conflict(_("Somebody changed this in the meantime. Look at it again."))
    if state not in STEPS or record.state not in STEPS[State(state)]:
        raise Conflict(_("This does not follow from where it stands."))
    reason = reason.strip()[:2000]
    if state == State.PROPOSED:
        _refuse_unfounded(record)
    elif state in DECISIONS:
        record.decided_on = now.date()
    if state in (State.AMENDED, State.REFUSED, State.DROPPED):
        reason = desk.clean_reason(reason)
    if state == State.ADOPTED:
        if not reason:
            raise InvalidInput(_("Say how it is done, and where to see it."), field="reason")
        record.adoption, record.adopted_on = reason, now.date()
    elif reason:
        record.reason = reason
    before, record.state = record.state, State(state)
    record.version += 1
    return before


def _told(record: Recommendation, **changes: Any) -> dict[str, Any]:
    """Return what an audit row tells: of what comes from an assessment no word."""
    if rules.is_of_assessment(record):
        return {name: changes[name] for name in ("state",) if name in changes}
    return {"title": record.title, **changes}


def _follow(actor: Reader, record: Recommendation, before: str, now: datetime) -> bool:
    """Do what the source of a recommendation says; return whether it says anything."""
    then = _THEN.get(record.source)
    if then is not None:
        then(actor, record, before, now)
    return then is not None


def _note_step(
    actor: Reader, partnership: Partnership, parties: Sequence[Party], record: Recommendation,
    before: str, reason: str, now: datetime,
) -> None:  # fmt: skip
    mine = rules.party_joined(actor, parties)
    assert mine is not None  # `enter` has seen it  # noqa: S101
    is_proposed = record.state == State.PROPOSED
    audit.record(
        actor, "propose_recommendation" if is_proposed else "decide_recommendation", record,
        organisation_id=mine.organisation_id, partnership_id=partnership.pk,
        changes=_told(record, state=[before, record.state]),
        why="" if rules.is_of_assessment(record) else reason.strip()[:2000],
    )  # fmt: skip
    if not _follow(actor, record, before, now) and is_proposed:
        desk.tell(
            "advice", partnership, rules.acting_parties(record, parties), actor=actor, mine=mine,
            today=now.date(), what=lambda: record.title, key=f"{record.pk}:{record.version}",
            page="advice",
        )  # fmt: skip


def _refuse_unfounded(record: Recommendation) -> None:
    if not record.addressee:
        raise InvalidInput(_("Say who is to act before you propose it."), field="addressee")
    if not Evidence.objects.filter(recommendation=record).exists():
        raise InvalidInput(_("Add what it rests on before you propose it."))


@transaction.atomic
def add_evidence(
    *, actor: Reader, partnership_id: int, record_id: int, kind: str, text: str, url: str,
    now: datetime, target: str = "", target_id: int | None = None, place: str = "",
) -> Evidence:  # fmt: skip
    """Say what a recommendation rests on.

    Parameters
    ----------
    target, target_id, place : str, int, str
        The record of ours that it stands in, and the part of it; whoever calls has seen that it is
        of this room.
    """
    partnership, parties = enter(actor, partnership_id)
    record = get_record(KINDS["recommendation"], partnership.pk, record_id)
    text = " ".join(text.split())[:500]
    if kind not in Evidence.Kind.values:
        raise InvalidInput(_("Choose one from the list."), field="kind")
    if not text:
        raise InvalidInput(_("Say what it shows."), field="text")
    if url and not url.startswith(("https://", "http://")):
        raise InvalidInput(_("Write the whole address, from https:// on."), field="url")
    if Evidence.objects.filter(recommendation=record).count() >= MOST_EVIDENCE:
        raise Conflict(_("There are too many of these. Put some away first."))
    there = {"target": target, "target_id": target_id, "place": place[:120]}
    if target and Evidence.objects.filter(recommendation=record, **there).exists():
        raise Conflict(_("It rests on this already."))
    made = Evidence.objects.create(
        partnership=partnership, recommendation=record, kind=kind, text=text, url=url[:500], **there
    )
    audit.record(
        actor, "add_evidence", record, organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk, changes=_told(record, evidence=text),
    )  # fmt: skip
    return made


@transaction.atomic
def remove_evidence(*, actor: Reader, partnership_id: int, evidence_id: int) -> Recommendation:
    """Take a piece of evidence away, while the recommendation is a draft."""
    partnership, parties = enter(actor, partnership_id)
    found = Evidence.objects.filter(pk=evidence_id, partnership=partnership)
    # Locked: what is being proposed keeps the evidence it is proposed with.
    kept = found.select_related("recommendation").select_for_update(of=("recommendation",)).first()
    if kept is None:
        raise NotFound(_("There is no such entry."))
    if kept.recommendation.state != State.DRAFT:
        raise Conflict(_("It was proposed with this evidence; it stays."))
    audit.record(
        actor, "remove_evidence", kept.recommendation, organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes=_told(kept.recommendation, evidence=kept.text),
    )  # fmt: skip
    kept.delete()
    return kept.recommendation


def draft_from_review(
    actor: Reader, partnership: Partnership, parties: Sequence[Party], review: HealthReview, *,
    now: datetime,
) -> list[Recommendation]:  # fmt: skip
    """Draft what follows from a shown review by rule: each names the answers it rests on.

    A factor on which the sides lie apart is to be talked about; one that is a concern is to be
    worked on. What was drafted from an earlier review and is not decided is not drafted again.
    """
    reading = read_review(review, parties)
    open_rules = set(
        Recommendation.objects.filter(
            partnership=partnership, dropped_at=None, state__in=(State.DRAFT, State.PROPOSED)
        ).values_list("rule", flat=True)
    )
    made = []
    for code, factor in reading.factors.items():
        rule = f"{factor.verdict}:{code}"[:24]
        if factor.verdict not in ("apart", "concern") or rule in open_rules:
            continue
        name = BY_CODE[code].name
        texts = {
            "apart": _("Talk about how differently both sides see this: %(factor)s"),
            "concern": _("Work on this together: %(factor)s"),
        }
        record = Recommendation.objects.create(
            partnership=partnership, title=(texts[factor.verdict] % {"factor": name})[:200],
            source=Recommendation.Source.REVIEW, source_id=review.pk, rule=rule,
            addressee=Recommendation.Addressee.ALL, created_at=now,
        )  # fmt: skip
        Evidence.objects.create(
            partnership=partnership, recommendation=record, kind=Evidence.Kind.ANSWER,
            text=_tell(factor, parties),
        )  # fmt: skip
        audit.record(
            actor, "draft_recommendation", record, organisation_id=own_side(actor, parties),
            partnership_id=partnership.pk, changes={"title": record.title},
        )  # fmt: skip
        made.append(record)
    return made


def _tell(factor: FactorReading[int], parties: Sequence[Party]) -> str:
    names = {one.pk: one.organisation.name for one in parties}
    told = [
        _("%(name)s %(mean)s of 5 (%(answers)d)")
        % {"name": names[party], "mean": tell_rounded(one.mean), "answers": one.answers}
        for party, one in factor.parties.items()
        if one.mean is not None
    ]
    return " · ".join(told)[:500]
