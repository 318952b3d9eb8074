"""Proposed decision on a round by its current scores: the best selection within the quotas."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from django.utils.translation import gettext as _

from proxeny.engine.label import Candidate, Choice, Infeasible, Quota, Selection, select
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import QuotaText, SchemeText
from proxeny.labels.models import Application, Result, Round, Submission
from proxeny.labels.operations.standing import Judged, RoundStanding, read_round_standing
from proxeny.labels.queries.decisions import has_conflict, list_ineligible

Standing = Result.Standing


@dataclass(frozen=True, slots=True)
class Wish:
    """The jury's choices in a selection.

    Attributes
    ----------
    without : tuple of str
        Quotas that are left out: to compare, or because they cannot be met together.
    prefer : tuple of int
        Numbers of applications that come first among those equal in points.
    as_far : bool
        A quota is filled as far as enough applications passed.
    """

    without: tuple[str, ...] = ()
    prefer: tuple[int, ...] = ()
    as_far: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """An application in the order of points; `rank` among those that passed."""

    judged: Judged
    rank: int | None
    standing: Standing | None

    @property
    def number(self) -> int:
        """Its number in the round."""
        return self.judged.number


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed decision on a round.

    Attributes
    ----------
    ranked : tuple of Ranked
        The applications that passed, by points, then all others.
    ineligible : tuple of Submission
        The ineligible ones.
    withdrawn : int
        The number of withdrawn applications.
    missing : tuple of Judged
        Those that lack scores: nothing is decided before.
    places : int
        As many as passed where the round has no limit.
    found : Selection or Infeasible
    ties : tuple of tuple of int
        Numbers that are equal in points, of which some are chosen and some are not.
    fingerprint : str
        Of the whole input, except the jury's choices.
    """

    round: Round
    text: SchemeText
    wish: Wish
    ranked: tuple[Ranked, ...]
    ineligible: tuple[Submission, ...]
    withdrawn: int
    missing: tuple[Judged, ...]
    places: int
    found: Selection | Infeasible
    ties: tuple[tuple[int, ...], ...]
    fingerprint: str

    @property
    def selection(self) -> Selection | None:
        """The selection, if there is one."""
        return self.found if isinstance(self.found, Selection) else None

    @property
    def passed(self) -> list[Ranked]:
        """The applications that passed all thresholds."""
        return [one for one in self.ranked if one.rank is not None]

    @property
    def quotas(self) -> tuple[QuotaText, ...]:
        """The quotas that hold: none in a round without a limit on places."""
        return self.text.quotas if self.round.places is not None else ()

    @property
    def chosen(self) -> tuple[int, ...]:
        """The numbers of the chosen applications, by points."""
        return tuple(map(int, self.selection.chosen)) if self.selection else ()

    @property
    def waiting(self) -> tuple[int, ...]:
        """The numbers of the waiting applications, in the order of promotion."""
        return tuple(int(one.key) for one in self.selection.waiting) if self.selection else ()

    def title(self, number: int | str) -> str:
        """Return the title of an application."""
        found = (one.judged for one in self.ranked if one.number == int(number))
        return next((str(one.application.title) for one in found), "")


def read_proposal(*, actor: Reader, held: Round, wish: Wish) -> Proposal:
    """Return the proposed decision on a round by its current scores. Seven queries.

    Raises
    ------
    NotAllowed
        The actor declared a conflict of interest in one of the applications: it takes no part.
    """
    refuse_conflicted(actor, held)
    return propose(
        read_round_standing(held), list_ineligible(held), wish, withdrawn=_count_withdrawn(held)
    )


def refuse_conflicted(actor: Reader, held: Round) -> None:
    """Refuse to let an actor with a conflict of interest decide on a round. Two queries.

    A place in an order reveals all others: a conflict in a single application excludes from all.
    """
    with as_service("A manager does not see the application in which they have a conflict."):
        conflicted = has_conflict(actor, held)
    if conflicted:
        raise NotAllowed(
            _(
                "You declared a conflict of interest with one of the applications of this round. "
                "Someone else from your cluster has to decide."
            )
        )


def _count_withdrawn(held: Round) -> int:
    return Application.objects.filter(round=held, state=Application.State.WITHDRAWN).count()


def propose(
    standing: RoundStanding, ineligible: Iterable[Submission], wish: Wish, *, withdrawn: int = 0
) -> Proposal:
    """Return the best selection within the quotas, by points alone. No query."""
    held, text = standing.round, standing.text
    rows = sorted(standing.rows, key=lambda one: (-(one.total or Fraction(0)), one.number))
    passed = [one for one in rows if one.result.passes]
    ineligible = tuple(ineligible)
    places = len(passed) if held.places is None else held.places
    candidates = candidates_of(passed, wish.prefer)
    choice = choice_of(held, text, candidates, places, wish)
    found = select(choice)
    chosen = {int(one) for one in found.chosen} if isinstance(found, Selection) else set()
    ranks = {one.number: rank for rank, one in enumerate(by_points(candidates, passed), 1)}
    ranked = tuple(
        Ranked(one, ranks.get(one.number), _standing_of(one, found, chosen))
        for one in sorted(rows, key=lambda one: ranks.get(one.number, len(rows) + 1))
    )
    return Proposal(
        held,
        text,
        wish,
        ranked,
        ineligible,
        withdrawn,
        tuple(one for one in rows if one.total is None),
        places,
        found,
        tuple(_ties(choice, chosen)) if chosen else (),
        _fingerprint(standing, ineligible),
    )


def candidates_of(passed: Iterable[Judged], prefer: Collection[int]) -> list[Candidate]:
    """Return the candidates; among equals, the jury's preference, then the earliest submission."""
    return [
        Candidate(
            str(one.number),
            one.total or Fraction(0),
            one.application.country,
            one.number - (1_000_000 if one.number in prefer else 0),
        )
        for one in passed
    ]


def by_points(candidates: Iterable[Candidate], passed: Iterable[Judged]) -> list[Judged]:
    """Return the applications that passed, by points and then by the order among equals."""
    known = {str(one.number): one for one in passed}
    ordered = sorted(candidates, key=lambda one: (-one.score, one.order))
    return [known[one.key] for one in ordered]


def choice_of(
    held: Round, text: SchemeText, candidates: Sequence[Candidate], places: int, wish: Wish
) -> Choice:
    """Return candidates, places and quotas; a share of the places is no quota where all get one."""
    quotas = text.quotas if held.places is not None else ()
    return Choice(
        candidates=candidates,
        places=places,
        as_far=wish.as_far,
        quotas=[quota_of(one, places) for one in quotas if one.key not in wish.without],
    )


def clashes(proposal: Proposal) -> bool:
    """Whether the quotas cannot be kept together even as far as enough applications passed."""
    candidates = candidates_of([one.judged for one in proposal.passed], ())
    whole = choice_of(proposal.round, proposal.text, candidates, proposal.places, Wish(as_far=True))
    return isinstance(select(whole), Infeasible)


def quota_of(one: QuotaText, places: int) -> Quota:
    """Return a quota in places: the least rounded down, the most rounded up."""
    least, most = one.ends
    return Quota(
        one.key,
        frozenset(one.countries),
        least.at_least(places),
        None if most is None else most.at_most(places),
    )


def _standing_of(
    one: Judged, found: Selection | Infeasible, chosen: Collection[int]
) -> Standing | None:
    if one.result.passes is None:
        return None
    if not one.result.passes:
        return Standing.BELOW
    if isinstance(found, Infeasible):
        return None
    return Standing.CHOSEN if one.number in chosen else Standing.WAITING


def _ties(choice: Choice, chosen: Collection[int]) -> Iterable[tuple[int, ...]]:
    """Yield groups that could change places, points and quotas kept: the jury decides on these."""
    within = [one for one in choice.candidates if int(one.key) in chosen]
    counts = {one.key: sum(each.origin in one.origins for each in within) for one in choice.quotas}
    ordered = sorted(choice.candidates, key=lambda one: one.score)
    for _score, group in groupby(ordered, key=lambda one: one.score):
        equal = list(group)
        inside = [one for one in equal if int(one.key) in chosen]
        outside = [one for one in equal if int(one.key) not in chosen]
        tied = {
            int(each.key)
            for out in outside
            for one in inside
            if _may_swap(choice, counts, one, out)
            for each in (one, out)
        }
        if tied:
            yield tuple(sorted(tied))


def _may_swap(choice: Choice, counts: Mapping[str, int], one: Candidate, other: Candidate) -> bool:
    """Whether all quotas stay as fulfilled as they are if one place goes to another application."""
    for quota in choice.quotas:
        change = (other.origin in quota.origins) - (one.origin in quota.origins)
        after = counts[quota.key] + change
        if change < 0 and after < quota.least:
            return False
        if change > 0 and quota.most is not None and after > quota.most:
            return False
    return True


def _fingerprint(standing: RoundStanding, ineligible: Iterable[Submission]) -> str:
    """Return a fingerprint of the input: scores, jurors, participants, places."""
    held = standing.round
    return digest_of(
        {
            "round": [held.pk, held.places, held.scheme_version_id],
            "out": sorted(one.number for one in ineligible),
            "in": [
                [
                    one.number,
                    one.application.country,
                    str(one.total),
                    [
                        [given.pk, given.state, _points(one, given.pk)]
                        for given in sorted(one.assignments, key=lambda given: given.pk)
                    ],
                ]
                for one in standing.rows
            ],
        }
    )


def _points(one: Judged, assignment_id: int) -> list[list[str]]:
    scores = one.scores.get(assignment_id, {})
    return [[key, str(score.points)] for key, score in sorted(scores.items())]
