"""The current places of a decided round, for promotions and appeals."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from proxeny.engine.label import Candidate, Choice, Infeasible, select
from proxeny.kernel.tenancy import as_service
from proxeny.labels.content import (
    Outcome,
    QuotaOutcome,
    SchemeText,
    Selection,
    read_selection,
)
from proxeny.labels.models import Result, Round
from proxeny.labels.operations.selecting import Wish, choice_of
from proxeny.labels.queries.decisions import decisions_of, numbers_of
from proxeny.labels.queries.results import newest_of
from proxeny.labels.queries.rounds import text_of_round

Standing = Result.Standing
#: Those who passed all thresholds, with a place, for one, or without one any more.
PASSED = (Standing.CHOSEN, Standing.WAITING, Standing.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Places:
    """Places taken, waiting list, and places given up, by numbers of submissions."""

    round: Round
    text: SchemeText
    selection: Selection
    results: Mapping[int, Result]
    choice: Choice

    @property
    def chosen(self) -> list[int]:
        """The numbers of applications with a place, by rank."""
        return self._with(Standing.CHOSEN)

    @property
    def gone(self) -> list[int]:
        """The numbers of applications that gave their place up."""
        return self._with(Standing.GIVEN_UP)

    @property
    def waiting(self) -> list[int]:
        """The numbers of waiting applications, in the order of the last decision."""
        still = self._with(Standing.WAITING)
        listed = [one for one in self.selection.waiting if one in still]
        return listed + [one for one in still if one not in listed]

    @property
    def free(self) -> int:
        """The number of free places; none where the round has no limit."""
        if self.round.places is None:
            return 0
        return max(0, self.round.places - len(self.chosen))

    def _with(self, standing: str) -> list[int]:
        found = [
            (one.rank or 0, number)
            for number, one in self.results.items()
            if one.standing == standing
        ]
        return [number for _rank, number in sorted(found)]


def read_places(held: Round) -> Places:
    """Return the current places of a decided round. Three queries, in the service role.

    The caller has checked the access: points are those of the current results, and the rank decides
    among equals, so that nothing is rounded away.
    """
    text = text_of_round(held)
    with as_service("Places and waiting list depend on results that one manager may not see."):
        numbers = numbers_of(held)
        results = {
            numbers[one.application_id]: one
            for one in newest_of(held)
            if one.application_id in numbers
        }
        decision = decisions_of(held).last()
    selection = read_selection(decision.content) if decision else _NONE
    return Places(held, text, selection, results, _choice(held, text, results, selection))


_ZERO = Decimal(0)
_NONE = Selection(None, 0, 0, (), (), ())


def candidate_of(number: int, country: str, total: Decimal | None, rank: int | None) -> Candidate:
    """Return an application as a candidate of the engine."""
    return Candidate(str(number), Fraction(total or _ZERO), country, rank or 0)


def _choice(
    held: Round, text: SchemeText, results: Mapping[int, Result], selection: Selection
) -> Choice:
    candidates = [
        candidate_of(number, one.application.country, one.total, one.rank)
        for number, one in results.items()
        if one.standing in PASSED
    ]
    places = len(candidates) if held.places is None else held.places
    wish = Wish(without=selection.waived, as_far=True)
    return choice_of(held, text, candidates, places, wish)


def changed_selection(places: Places, *, chosen: list[int], waiting: list[int]) -> Selection:
    """Return the selection stored with a further decision: its places and its waiting list."""
    origins = {one.key: one.origin for one in places.choice.candidates}
    quotas = []
    for one in places.choice.quotas:
        taken = sum(origins.get(str(number), "") in one.origins for number in chosen)
        quotas.append(
            QuotaOutcome(
                one.key, one.least, one.most, taken, lost=_ZERO, missing=max(0, one.least - taken)
            )
        )
    return replace(
        places.selection,
        chosen=tuple(chosen),
        waiting=tuple(waiting),
        quotas=tuple(quotas),
        lost=_ZERO,
        preferred=(),
    )


def place_after(places: Places, number: int, outcome: Outcome) -> tuple[str, int | None]:
    """Return an application's status after a change of points, and its rank; never a worse one.

    It gets a place if it would have had one from the start, all others as they are.
    """
    old = places.results[number]
    if not outcome.passes:
        return old.standing, old.rank
    others = [one for one in places.choice.candidates if one.key != str(number)]
    ahead = sum(one.score >= Fraction(outcome.total or _ZERO) for one in others)
    mine = candidate_of(number, old.application.country, outcome.total, ahead + 1)
    if old.standing in (Standing.CHOSEN, Standing.GIVEN_UP):
        return old.standing, ahead + 1
    every = [*others, mine]
    count = len(every) if places.round.places is None else places.round.places
    found = select(replace(places.choice, candidates=every, places=count))
    has_place = not isinstance(found, Infeasible) and str(number) in found.chosen
    return (Standing.CHOSEN if has_place else Standing.WAITING), ahead + 1
