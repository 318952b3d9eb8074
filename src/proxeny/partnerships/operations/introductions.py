"""The best set of introductions between the members that two parties share, and what becomes of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.operations.meaning import kept_meaning
from proxeny.directory.operations.profiles import (
    Profiles,
    keep_reason,
    make_profiles,
    pairs_met,
)
from proxeny.directory.queries.matching import read_entries, refused_pairs
from proxeny.engine.matching import (
    Candidate,
    Embed,
    Introductions,
    Matches,
    build_index,
    choose_introductions,
    explain,
    match_lists,
    pair_candidates,
)
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import introduction_queries as reads
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import IntroductionPlan, Party, ProposedIntroduction
from proxeny.partnerships.operations import desk

#: The most introductions that one member may be given.
MOST_EACH = 20
#: For each member so many candidates are looked at, at least, and so many times its cap.
LOOKED_AT, TIMES_CAP = 15, 4
#: Pairs of which the better direction scores less are chance.
LEAST = 0.05
#: So many names of those whose promise cannot be kept are told.
SHORT_SHOWN = 20

State = IntroductionPlan.State
RowState = ProposedIntroduction.State
Report = Callable[[str, int], None]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Under what a plan is made; empty choices ask for all.

    Attributes
    ----------
    per_left, per_right : int
        Most introductions for one member of each side.
    most : int, optional
        Most in all.
    everybody : bool
        Whether each member is promised one.
    leave_out : sequence of int
        Members not to introduce.
    """

    per_left: int = 3
    per_right: int = 3
    most: int | None = None
    everybody: bool = False
    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    fields: Sequence[str] = ()
    leave_out: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they are kept."""
        return {name: list(value) if isinstance(value, list | tuple) else value
                for name, value in asdict(self).items()}  # fmt: skip


@transaction.atomic
def plan_introductions(
    *, actor: Reader, partnership_id: int, settings: PlanSettings, with_id: int | None = None
) -> IntroductionPlan:
    """Have the best introductions between the members of two parties worked out by a job.

    Only members that are shared with the partnership take part, of both sides; pairs that have
    met, or were kept or dropped before, are left out.

    Parameters
    ----------
    with_id : int, optional
        The other party, where there are more than two.

    Side effects: a job; an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        A number out of range, or a party that is none.
    Conflict
        The partnership is not active, or a plan is being worked out already.
    """
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only managers of the two clusters have introductions worked out."))
    desk.expect(partnership, "active")
    _refuse_bad(settings)
    left, right = _two_sides(mine, parties, with_id)
    _refuse_while_working(partnership_id)
    plan = IntroductionPlan.objects.create(
        partnership=partnership, left=left.organisation, right=right.organisation,
        settings=settings.to_json(), person_id=actor.person,
    )  # fmt: skip
    job = enqueue(
        "partnerships.introduce", actor=actor, key=f"partnerships.introduce:{plan.pk}",
        arguments={"plan_id": plan.pk, "partnership_id": partnership_id},
        partnership_id=partnership_id,
    )  # fmt: skip
    plan.job_id = job.pk
    plan.save(update_fields=["job_id"])
    audit.record(actor, "plan_introductions", plan, organisation_id=mine.organisation_id,
                 partnership_id=partnership_id)  # fmt: skip
    return plan


def _refuse_bad(settings: PlanSettings) -> None:
    for name in ("per_left", "per_right"):
        if not 1 <= getattr(settings, name) <= MOST_EACH:
            raise InvalidInput(
                _("Between 1 and %(most)d introductions for one member.") % {"most": MOST_EACH},
                field=name,
            )
    if settings.most is not None and settings.most < 1:
        raise InvalidInput(_("At least one introduction in all."), field="most")


def _two_sides(mine: Party, parties: Sequence[Party], with_id: int | None) -> tuple[Party, Party]:
    others = [one for one in parties if one.pk != mine.pk]
    if with_id is not None:
        others = [one for one in others if one.organisation_id == with_id]
    if not others:
        raise InvalidInput(_("Choose the other side."), field="with_id")
    left, right = sorted((mine, others[0]), key=lambda one: one.side)
    return left, right


def _refuse_while_working(partnership_id: int) -> None:
    for plan in reads.list_plans(partnership_id).filter(state=State.WORKING):
        job = reads.get_plan_job(plan)
        if job is not None and not job.is_over:
            raise Conflict(_("Introductions are being worked out already."))


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Everything that a plan is made of, read at one moment; the left members stand first."""

    plan: IntroductionPlan
    read: Profiles
    left: list[int]
    right: list[int]
    out: list[Pair]
    met: int
    embed: Embed | None
    settings: PlanSettings = field(default_factory=PlanSettings)


def load_plan(*, actor: Reader, partnership_id: int, plan_id: int, today: date) -> PlanDraft:
    """Read the members of both sides with the eyes of the actor, and which pairs are out."""
    plan = reads.get_plan(partnership_id, plan_id)
    partnership = queries.get_partnership(partnership_id)
    settings = PlanSettings(**plan.settings)
    sides = []
    for organisation_id in (plan.left_id, plan.right_id):
        members = reads.shared_members(partnership, organisation_id, today=today)
        ids = reads.narrow_members(
            members, kinds=settings.kinds, countries=settings.countries, fields=settings.fields,
            leave_out=settings.leave_out,
        )  # fmt: skip
        sides.append(ids)
    read = make_profiles(read_entries([*sides[0], *sides[1]]))
    place_of = read.place_of
    left, right = ([place_of[pk] for pk in ids if pk in place_of] for ids in sides)
    met = pairs_met(sides[0])
    out = met | reads.pairs_decided(partnership_id) | refused_pairs([*sides[0], *sides[1]])
    return PlanDraft(
        plan=plan, read=read, left=left, right=right, met=_count_across(met, sides),
        out=[
            *((place_of[one], place_of[other]) for one, other in out
              if one in place_of and other in place_of),
            *_misfits(read, left, right),
        ],
        embed=kept_meaning([*sides[0], *sides[1]]),
        settings=settings,
    )  # fmt: skip


def _count_across(pairs: Iterable[Pair], sides: Sequence[Sequence[int]]) -> int:
    left, right = set(sides[0]), set(sides[1])
    return sum(one in left and other in right for one, other in pairs)


def _misfits(read: Profiles, left: Sequence[int], right: Sequence[int]) -> Iterable[Pair]:
    """Yield the pairs of which one seeks another kind or size; few members seek any."""
    choosy = [any((want.kinds, want.sizes)) for want in read.wants]
    for own, others in ((left, right), (right, left)):
        for one in own:
            if choosy[one]:
                yield from ((one, other) for other in others if not read.fit(one, other))


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What the engine answered, with the rows to keep."""

    found: Introductions
    candidates: int
    rows: list[dict[str, Any]]


def work_plan_out(draft: PlanDraft, *, report: Report) -> PlanResult:
    """Find the best set of introductions under the plan's caps. Needs no database."""
    settings = draft.settings
    report("index", 15)
    index = build_index(draft.read.profiles, embed=draft.embed)
    report("match", 40)
    top = max(LOOKED_AT, TIMES_CAP * max(settings.per_left, settings.per_right))
    there = match_lists(index, draft.left, draft.right, top=top, excluded=draft.out)
    back = match_lists(index, draft.right, draft.left, top=top, excluded=draft.out)
    scores = _directed(there) | {
        (left, right): (need, offer) for (right, left), (offer, need) in _directed(back).items()
    }
    candidates = [
        one for one in pair_candidates(there, back) if max(scores[one.left, one.right]) >= LEAST
    ]
    report("choose", 70)
    found = _choose(candidates, draft)
    report("explain", 80)
    rows = [
        _row(draft, pair, scores[pair.left, pair.right], explain(index, pair.left, pair.right))
        for pair in found.pairs
    ]  # fmt: skip
    return PlanResult(found, len(candidates), rows)


def _choose(candidates: Sequence[Candidate], draft: PlanDraft) -> Introductions:
    settings = draft.settings
    promised = {
        f"least_{side}": dict.fromkeys(members, 1)
        for side, members in (("left", draft.left), ("right", draft.right))
        if settings.everybody
    }
    return choose_introductions(
        candidates,
        left=dict.fromkeys(draft.left, settings.per_left),
        right=dict.fromkeys(draft.right, settings.per_right),
        most=settings.most,
        **promised,
    )


def _directed(matches: Matches) -> dict[Pair, tuple[float, float]]:
    return {
        (int(source), int(target)): (float(offer), float(need))
        for source, targets, offers, needs in zip(
            matches.sources, matches.targets, matches.they_offer, matches.they_need, strict=True
        )
        for target, offer, need in zip(targets, offers, needs, strict=True)
        if target >= 0
    }


def _row(
    draft: PlanDraft, pair: Candidate, directed: tuple[float, float], reasons: Iterable[Any]
) -> dict[str, Any]:
    read = draft.read
    # However little speaks for a pair that was chosen, it is told: its managers judge.
    kept = [keep_reason(one, read, pair.left, pair.right) for one in reasons]
    told = {one["kind"] for one in kept}
    return {
        "left_id": read.entries[pair.left].id,
        "right_id": read.entries[pair.right].id,
        "score": round(pair.score, 4),
        "they_offer": round(directed[0], 4) if "they_offer" in told else 0.0,
        "they_need": round(directed[1], 4) if "they_need" in told else 0.0,
        "reasons": kept,
    }


@transaction.atomic
def store_plan(
    *, draft: PlanDraft, result: PlanResult, seconds: float, now: datetime
) -> IntroductionPlan:
    """Keep what was worked out in so many seconds, in place of what an earlier attempt kept."""
    plan, found, read = draft.plan, result.found, draft.read
    plan.state = {"optimal": State.READY, "empty": State.EMPTY, "infeasible": State.INFEASIBLE}[
        found.status
    ]
    plan.reason = _reason(draft, found)
    plan.considered = {"left": len(draft.left), "right": len(draft.right),
                       "candidates": result.candidates, "met": draft.met}  # fmt: skip
    plan.left_out = {
        side: dict(Counter(one.code for one in found.left_out if one.side == side))
        for side in ("left", "right")
    }
    plan.short = [
        {"side": one.side, "id": read.entries[one.member].id, "code": one.code}
        for one in found.short
    ][:SHORT_SHOWN]
    # The set is the best of all within the caps: what it is worth is the bound, too.
    plan.value = plan.bound = round(found.value, 4) if found.status == "optimal" else None
    plan.seconds, plan.finished_at = round(seconds, 3), now
    plan.save()
    plan.rows.all().delete()
    ProposedIntroduction.objects.bulk_create(
        [
            ProposedIntroduction(plan=plan, partnership_id=plan.partnership_id, **row)
            for row in result.rows
        ],
        batch_size=2000,
    )
    return plan


def _reason(draft: PlanDraft, found: Introductions) -> str:
    if not draft.left:
        return "no_left"
    if not draft.right:
        return "no_right"
    return found.reason


@transaction.atomic
def decide_introduction(
    *, actor: Reader, partnership_id: int, plan_id: int, row_id: int, state: str, now: datetime
) -> ProposedIntroduction:
    """Keep a proposed introduction, drop it, or take either back.

    Both sides see the decision; nobody is told by mail. What was decided is not proposed again.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the proposal, or manages none of the parties.
    InvalidInput
        A word that is none of the states.
    Conflict
        The partnership is not active.
    """
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only managers of the two clusters keep or drop introductions."))
    desk.expect(partnership, "active")
    if state not in RowState.values:
        raise InvalidInput(_("Say keep or drop."), field="state")
    row = reads.get_row(reads.get_plan(partnership_id, plan_id), row_id)
    before, row.state = row.state, state
    is_open = state == RowState.PROPOSED
    row.person_id, row.decided_at = (None, None) if is_open else (actor.person, now)
    row.save(update_fields=["state", "person", "decided_at"])
    if before != state:
        audit.record(actor, "decide_introduction", row, organisation_id=mine.organisation_id,
                     partnership_id=partnership_id, changes={"state": [before, state]})  # fmt: skip
    return row
