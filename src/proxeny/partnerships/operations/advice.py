"""The one register of recommendations: drafted, proposed, decided, adopted or dropped."""

from collections.abc import Sequence
from datetime import datetime

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
from proxeny.partnerships.models import (
    Agreement,
    Evidence,
    HealthReview,
    Partnership,
    Party,
    Recommendation,
)
from proxeny.partnerships.operations import advice_together, guards, signing
from proxeny.partnerships.operations.advice_following import (
    do_what_follows,
    tell_changes,
)
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record

__all__ = [
    "add_evidence",
    "draft_from_review",
    "propose",
    "remove_evidence",
    "take_own_step",
    "take_step",
]

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


@transaction.atomic
def take_step(
    *,
    actor: Reader,
    partnership_id: int,
    record_id: int,
    version: int,
    state: str,
    reason: str,
    now: datetime,
) -> Recommendation:
    """Propose, decide, begin, adopt or drop a recommendation, as somebody of the room.

    What a company is to do it decides itself (`take_own_step`); here it is proposed to it.

    Parameters
    ----------
    state : str
        What it becomes.
    reason : str
        Why; for `amended` what is changed, for `adopted` how it is done and where to see it.

    Where all parties are to act, each accepts for itself: the last yes, or a delegation, accepts it.
    One no refuses it.

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
    if state in DECISIONS:
        guards.lock(partnership.pk)  # before the recommendation, as for every signature
    record = Recommendation.objects.select_for_update(of=("self",)).get(pk=record_id)
    if state != State.PROPOSED and rules.is_for_company(record):
        raise NotAllowed(_("Only the company this is addressed to can update it."))
    if state in DECISIONS and not rules.can_decide(actor, record, parties):
        raise NotAllowed(_("Only a manager of the side that is asked to act can decide."))
    if state in DECISIONS and len(rules.acting_parties(record, parties)) > 1:
        return _decide_together(
            actor,
            partnership,
            parties,
            record,
            version=version,
            state=state,
            reason=reason,
            now=now,
        )
    before = _step(record, version=version, state=state, reason=reason, now=now)
    record.save()
    _note_step(actor, partnership, parties, record, before, reason, now)
    return record


def _decide_together(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    record: Recommendation,
    *,
    version: int,
    state: str,
    reason: str,
    now: datetime,
) -> Recommendation:
    """Answer for the actor's side where all parties are to act."""
    _expect_step(record, version=version, state=state)
    reason = guards.clean_reason(reason) if state != State.ACCEPTED else reason.strip()[:2000]
    if state == State.REFUSED:
        mine = rules.party_managed(actor, parties)
        assert mine is not None  # a decider manages a side  # noqa: S101
        before = _step(record, version=version, state=state, reason=reason, now=now)
        record.refused_by = mine
        record.save()
        signing.void(
            partnership.pk, Agreement.Kind.ADVICE, str(record.pk), now=now, why=reason[:300]
        )
        _note_step(actor, partnership, parties, record, before, reason, now)
        advice_together.tell_refused(actor, partnership, record, mine, now=now)
    else:
        advice_together.accept(
            actor, partnership, parties, record, state=state, reason=reason, now=now
        )
        record.refresh_from_db()
    return record


@transaction.atomic
def take_own_step(
    *, actor: Reader, record_id: int, version: int, state: str, reason: str, now: datetime
) -> Recommendation:
    """Decide on a recommendation to the actor's own company, and later record its outcome.

    It needs no seat in the room. Parameters, side effects and errors as of `take_step`.
    """
    seen = get_own_advice(actor, record_id)
    with as_service("A company decides on its own advice without a seat in the room."):
        record = Recommendation.objects.select_for_update(of=("self",)).get(pk=record_id)
        partnership = Partnership.objects.get(pk=seen.partnership_id)
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    before = _step(record, version=version, state=state, reason=reason, now=now)
    with as_service("A company decides on its own advice without a seat in the room."):
        record.save()
        audit.record(
            actor,
            "decide_recommendation",
            record,
            organisation_id=record.organisation_id,
            partnership_id=partnership.pk,
            changes=tell_changes(record, state=[before, record.state]),
        )
    do_what_follows(actor, record, before, now)
    return record


def propose(
    actor: Reader, record: Recommendation, *, organisation_id: int | None, now: datetime
) -> bool:
    """Propose a locked draft that is ready; return whether it was. No mail is sent.

    For several at once: the caller sends one notification for all of them.
    """
    try:
        before = _step(record, version=record.version, state=State.PROPOSED, reason="", now=now)
    except (InvalidInput, Conflict):
        return False
    record.save()
    audit.record(
        actor,
        "propose_recommendation",
        record,
        organisation_id=organisation_id,
        partnership_id=record.partnership_id,
        changes=tell_changes(record, state=[before, record.state]),
    )
    return True


def _step(record: Recommendation, *, version: int, state: str, reason: str, now: datetime) -> str:
    """Set what a step changes on a locked recommendation; return what it was before."""
    _expect_step(record, version=version, state=state)
    reason = reason.strip()[:2000]
    if state == State.PROPOSED:
        _refuse_unfounded(record)
    elif state in DECISIONS:
        record.decided_on = now.date()
    if state in (State.AMENDED, State.REFUSED, State.DROPPED):
        reason = guards.clean_reason(reason)
    if state == State.ADOPTED:
        if not reason:
            raise InvalidInput(_("Describe how it’s done and where to see it."), field="reason")
        record.adoption, record.adopted_on = reason, now.date()
    elif reason:
        record.reason = reason
    before, record.state = record.state, State(state)
    record.version += 1
    return before


def _expect_step(record: Recommendation, *, version: int, state: str) -> None:
    if record.version != version or record.dropped_at:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    if state not in STEPS or record.state not in STEPS[State(state)]:
        raise Conflict(_("This step isn’t possible from the current state."))


def _note_step(
    actor: Reader,
    partnership: Partnership,
    parties: Sequence[Party],
    record: Recommendation,
    before: str,
    reason: str,
    now: datetime,
) -> None:
    mine = rules.party_joined(actor, parties)
    assert mine is not None  # `enter` has seen it  # noqa: S101
    is_proposed = record.state == State.PROPOSED
    audit.record(
        actor,
        "propose_recommendation" if is_proposed else "decide_recommendation",
        record,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        changes=tell_changes(record, state=[before, record.state]),
        why="" if rules.is_of_assessment(record) else reason.strip()[:2000],
    )
    if not do_what_follows(actor, record, before, now) and is_proposed:
        guards.tell(
            "advice",
            partnership,
            rules.acting_parties(record, parties),
            actor=actor,
            mine=mine,
            today=now.date(),
            what=lambda: record.title,
            key=f"{record.pk}:{record.version}",
            page="advice",
        )


def _refuse_unfounded(record: Recommendation) -> None:
    if not record.addressee:
        raise InvalidInput(_("Choose who should act before you propose it."), field="addressee")
    if not Evidence.objects.filter(recommendation=record).exists():
        raise InvalidInput(_("Add evidence before you propose it."))


@transaction.atomic
def add_evidence(
    *,
    actor: Reader,
    partnership_id: int,
    record_id: int,
    kind: str,
    text: str,
    url: str,
    now: datetime,
    target: str = "",
    target_id: int | None = None,
    place: str = "",
) -> Evidence:
    """Add evidence to a recommendation.

    Parameters
    ----------
    target, target_id, place : str, int, str
        The record of ours that contains it, and the part of it; the caller has checked that it is
        of this room.
    """
    partnership, parties = enter(actor, partnership_id)
    record = get_record(KINDS["recommendation"], partnership.pk, record_id)
    text = " ".join(text.split())[:500]
    if kind not in Evidence.Kind.values:
        raise InvalidInput(_("Choose an option from the list."), field="kind")
    if not text:
        raise InvalidInput(_("Explain what it shows."), field="text")
    if url and not url.startswith(("https://", "http://")):
        raise InvalidInput(_("Enter the full address, starting with https://."), field="url")
    if Evidence.objects.filter(recommendation=record).count() >= MOST_EVIDENCE:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))
    there = {"target": target, "target_id": target_id, "place": place[:120]}
    if target and Evidence.objects.filter(recommendation=record, **there).exists():
        raise Conflict(_("This is already linked."))
    made = Evidence.objects.create(
        partnership=partnership, recommendation=record, kind=kind, text=text, url=url[:500], **there
    )
    audit.record(
        actor,
        "add_evidence",
        record,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes=tell_changes(record, evidence=text),
    )
    return made


@transaction.atomic
def remove_evidence(*, actor: Reader, partnership_id: int, evidence_id: int) -> Recommendation:
    """Take a piece of evidence away, while the recommendation is a draft."""
    partnership, parties = enter(actor, partnership_id)
    found = Evidence.objects.filter(pk=evidence_id, partnership=partnership)
    # Locked: what is being proposed keeps the evidence it is proposed with.
    kept = found.select_related("recommendation").select_for_update(of=("recommendation",)).first()
    if kept is None:
        raise NotFound(_("We couldn’t find this entry."))
    if kept.recommendation.state != State.DRAFT:
        raise Conflict(_("This evidence was part of the proposal, so it can’t be removed."))
    audit.record(
        actor,
        "remove_evidence",
        kept.recommendation,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes=tell_changes(kept.recommendation, evidence=kept.text),
    )
    kept.delete()
    return kept.recommendation


def draft_from_review(
    actor: Reader,
    partnership: Partnership,
    parties: Sequence[Party],
    review: HealthReview,
    *,
    now: datetime,
) -> list[Recommendation]:
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
            "apart": _("Discuss why the sides see this differently: %(factor)s"),
            "concern": _("Work on this together: %(factor)s"),
        }
        record = Recommendation.objects.create(
            partnership=partnership,
            title=(texts[factor.verdict] % {"factor": name})[:200],
            source=Recommendation.Source.REVIEW,
            source_id=review.pk,
            rule=rule,
            addressee=Recommendation.Addressee.ALL,
            created_at=now,
        )
        Evidence.objects.create(
            partnership=partnership,
            recommendation=record,
            kind=Evidence.Kind.ANSWER,
            text=_tell(factor, parties),
        )
        audit.record(
            actor,
            "draft_recommendation",
            record,
            organisation_id=own_side(actor, parties),
            partnership_id=partnership.pk,
            changes={"title": record.title},
        )
        made.append(record)
    return made


def _tell(factor: FactorReading[int], parties: Sequence[Party]) -> str:
    names = {one.pk: one.organisation.name for one in parties}
    told = [
        _("%(name)s %(mean)s out of 5 (%(answers)d)")
        % {"name": names[party], "mean": tell_rounded(one.mean), "answers": one.answers}
        for party, one in factor.parties.items()
        if one.mean is not None
    ]
    return " · ".join(told)[:500]
