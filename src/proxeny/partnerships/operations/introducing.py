"""Working out the best set of introductions between the members that two parties share."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from proxeny.directory.operations.meaning import kept_meaning
from proxeny.directory.operations.past_work import HELD, Past
from proxeny.directory.operations.profiles import (
    Profiles,
    keep_reason,
    make_profiles,
    pairs_liked,
    pairs_met,
)
from proxeny.directory.queries.matching import read_entries, refused_pairs
from proxeny.directory.queries.past_work import works_of
from proxeny.engine.matching import (
    Candidate,
    Embed,
    Index,
    Introductions,
    Matches,
    Settings,
    Verdict,
    build_index,
    choose_introductions,
    explain,
    learn_taste,
    match_lists,
    pair_candidates,
)
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import introduction_queries as reads
from proxeny.partnerships import queries
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.introductions import PlanSettings, refuse_others

#: For each member so many candidates are looked at, at least, and so many times its cap.
LOOKED_AT, TIMES_CAP = 15, 4
#: Pairs of which the better direction scores less are chance.
LEAST = 0.05
#: Value of introducing past partners, relative to a new pair.
TOGETHER = 0.5
#: Most names shown of those whose promise cannot be kept.
SHORT_SHOWN = 20

State = IntroductionPlan.State
Report = Callable[[str, int], None]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Input of a plan, read at one moment; the left members come first."""

    plan: IntroductionPlan
    read: Profiles
    left: list[int]
    right: list[int]
    out: list[Pair]
    met: int
    embed: Embed | None
    past: Past
    liked: dict[Pair, float]
    settings: PlanSettings = field(default_factory=PlanSettings)


def load_plan(*, actor: Reader, partnership_id: int, plan_id: int, today: date) -> PlanDraft:
    """Read the members of both sides in the actor's role, and the pairs to leave out.

    Of past work, and of ratings of meetings and introductions, only content that both sides may
    read is used: both see the result.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `plan_introductions`: the person who requested it may have lost the right to it
        meanwhile.
    """
    plan = reads.get_plan(partnership_id, plan_id)
    partnership = queries.get_partnership(partnership_id)
    refuse_others(actor, queries.parties_of(partnership))
    guards.expect(partnership, "active")
    settings = PlanSettings(**plan.settings)
    sides = []
    for organisation_id in (plan.left_id, plan.right_id):
        members = reads.shared_members(partnership, organisation_id, today=today)
        ids = reads.narrow_members(
            members,
            kinds=settings.kinds,
            countries=settings.countries,
            fields=settings.fields,
            leave_out=settings.leave_out,
        )
        sides.append(ids)
    read = make_profiles(read_entries([*sides[0], *sides[1]]))
    place_of = read.place_of
    left, right = ([place_of[pk] for pk in ids if pk in place_of] for ids in sides)
    met = pairs_met(sides[0])
    out = met | reads.pairs_decided(partnership_id) | refused_pairs([*sides[0], *sides[1]])
    return PlanDraft(
        plan=plan,
        read=read,
        left=left,
        right=right,
        met=_count_across(met, sides),
        out=[
            *(
                (place_of[one], place_of[other])
                for one, other in out
                if one in place_of and other in place_of
            ),
            *_misfits(read, left, right),
        ],
        embed=kept_meaning([*sides[0], *sides[1]]),
        past=Past(works_of(reads.members_listed(partnership, today=today)), place_of),
        liked=_liked(place_of, partnership_id),
        settings=settings,
    )


def _liked(place_of: Mapping[int, int], partnership_id: int) -> dict[Pair, float]:
    """Return how much members liked each other, by their places, as this partnership knows it."""
    judged, said = (
        pairs_liked(place_of.keys(), own_word=own_word, partnership_id=partnership_id)
        for own_word in (False, True)
    )
    return {
        (place_of[one], place_of[other]): liked
        for (one, other), liked in {**judged, **said}.items()
        if other in place_of
    }


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
    """Answer of the engine, with the rows to keep."""

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
    taste = _taste(index, draft)
    there = match_lists(index, draft.left, draft.right, top=top, excluded=draft.out, settings=taste)
    back = match_lists(index, draft.right, draft.left, top=top, excluded=draft.out, settings=taste)
    scores = _directed(there) | {
        (left, right): (need, offer) for (right, left), (offer, need) in _directed(back).items()
    }
    candidates = [
        _weigh(one, draft)
        for one in pair_candidates(there, back)
        if max(scores[one.left, one.right]) >= LEAST
    ]
    report("choose", 70)
    found = _choose(candidates, draft)
    report("explain", 80)
    rows = [
        _row(draft, pair, scores[pair.left, pair.right], explain(index, pair.left, pair.right))
        for pair in found.pairs
    ]
    return PlanResult(found, len(candidates), rows)


def _taste(index: Index, draft: PlanDraft) -> Settings:
    """Return how past work and answers weigh; nothing where there are none, which costs no time."""
    relations = draft.past.relations
    if relations is None and not draft.liked:
        return Settings()
    verdicts = [Verdict(one, other, liked) for (one, other), liked in sorted(draft.liked.items())]
    taste = learn_taste(index, verdicts, prior=HELD, relations=relations)
    return Settings(taste=taste, relations=relations)


def _weigh(pair: Candidate, draft: PlanDraft) -> Candidate:
    left, right = (draft.read.entries[place].id for place in (pair.left, pair.right))
    if right in draft.past.partners_of(left):
        return replace(pair, score=pair.score * TOGETHER)
    return pair


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
    # A chosen pair is proposed however weak its reasons: its managers judge.
    kept = [keep_reason(one, read, pair.left, pair.right) for one in reasons]
    told = {one["kind"] for one in kept}
    left, right = (read.entries[place].id for place in (pair.left, pair.right))
    return {
        "left_id": left,
        "right_id": right,
        "score": round(pair.score, 4),
        "they_offer": round(directed[0], 4) if "they_offer" in told else 0.0,
        "they_need": round(directed[1], 4) if "they_need" in told else 0.0,
        "reasons": [*kept, *draft.past.keep_reasons(left, right)],
    }


@transaction.atomic
def store_plan(
    *, draft: PlanDraft, result: PlanResult, seconds: float, now: datetime
) -> IntroductionPlan:
    """Save the result of a run of so many seconds, replacing that of an earlier attempt."""
    plan, found, read = draft.plan, result.found, draft.read
    plan.state = {"optimal": State.READY, "empty": State.EMPTY, "infeasible": State.INFEASIBLE}[
        found.status
    ]
    plan.reason = _reason(draft, found)
    plan.considered = {
        "left": len(draft.left),
        "right": len(draft.right),
        "candidates": result.candidates,
        "met": draft.met,
    }
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
