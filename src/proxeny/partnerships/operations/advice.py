"""The one register of recommendations: drafted, proposed, decided, adopted or dropped."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.health import FactorReading
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import rules
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


@transaction.atomic
def take_step(
    *, actor: Reader, partnership_id: int, record_id: int, version: int, state: str, reason: str,
    now: datetime,
) -> Recommendation:  # fmt: skip
    """Propose, decide, begin, adopt or drop a recommendation.

    Parameters
    ----------
    state : str
        What it becomes.
    reason : str
        Why; for `amended` what is changed, for `adopted` how it is done and where to see it.

    Side effects: an audit row; once it is proposed a mail to the managers of each side that is to
    act, but the actor.

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
    record = Recommendation.objects.select_for_update().get(pk=record_id)
    if state in DECISIONS and not rules.can_decide(actor, record, parties):
        raise NotAllowed(_("Only a manager of the side that is to act decides."))
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
    record.save()
    _note_step(actor, partnership, parties, record, before, reason, now)
    return record


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
        changes={"title": record.title, "state": [before, record.state]}, why=reason,
    )  # fmt: skip
    if is_proposed:
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
    now: datetime,
) -> Evidence:  # fmt: skip
    """Say what a recommendation rests on."""
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
    made = Evidence.objects.create(
        partnership=partnership, recommendation=record, kind=kind, text=text, url=url[:500]
    )
    audit.record(
        actor, "add_evidence", record, organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk, changes={"title": record.title, "evidence": text},
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
        changes={"title": kept.recommendation.title, "evidence": kept.text},
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
            addressee=Recommendation.Addressee.ALL,
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
