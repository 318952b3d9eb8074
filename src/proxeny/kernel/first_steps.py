"""First steps of a newcomer: a short list on their day, ticked by facts, until done or dismissed.

Each capability adds its steps to `FIRST_STEPS`. Whether one is done follows from rows alone, read
with the reader's eyes; all steps of a list take one query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from django.db.models import QuerySet

from proxeny.kernel.hooks import Hook
from proxeny.kernel.kinds import fetch_rows
from proxeny.kernel.tenancy import Reader

#: A manager of a cluster, an ambassador, or somebody who works for a member.
Newcomer = Literal["cluster", "ambassador", "member"]


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of a newcomer's list.

    Attributes
    ----------
    whose : {"cluster", "ambassador", "member"}
    rank : int
        Its place in the list.
    label, text, verb : lazy str
        What to do, what it is good for, and the button.
    done : callable
        Rows of which any shows that it is done.
    at : callable or None
        The rows of which the first one is where it is done.
    url : callable
        The page where it is done, from the number of that row, or from 0 where there is none. Empty
        where it cannot be done yet.
    is_optional : bool
        Whether it is left out, instead of shown without a button, where it cannot be done.
    """

    whose: Newcomer
    rank: int
    label: Any
    text: Any
    verb: Any
    done: Callable[[Reader, datetime], Iterable[QuerySet[Any]]]
    url: Callable[[int], str]
    at: Callable[[Reader, datetime], QuerySet[Any]] | None = None
    is_optional: bool = False


FIRST_STEPS: Hook[FirstStep] = Hook(
    "first-steps", "A step on the list of a newcomer, ticked once it is done."
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is shown; without an address it waits for one before it."""

    label: Any
    text: Any
    verb: Any
    url: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The list of a newcomer."""

    whose: Newcomer
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(one.is_done for one in self.steps)

    @property
    def is_over(self) -> bool:
        """Whether all are."""
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        """The first one that is to be done and can be."""
        return next((one for one in self.steps if one.url and not one.is_done), None)


def newcomer_of(reader: Reader) -> Newcomer | None:
    """Return which list a reader has, by the seats they hold."""
    if set(reader.managed) & set(reader.clusters):
        return "cluster"
    if reader.desks:
        return "ambassador"
    return "member" if set(reader.organisations) - set(reader.clusters) else None


def list_first_steps(reader: Reader, whose: Newcomer, now: datetime) -> FirstSteps:
    """Return the steps of a list with their state. One query."""
    steps = sorted((one for one in FIRST_STEPS if one.whose == whose), key=lambda one: one.rank)
    done = [[rows.order_by() for rows in one.done(reader, now)] for one in steps]
    places = [[one.at(reader, now)] if one.at else [] for one in steps]
    asked = [rows[:1] for pair in zip(done, places, strict=True) for some in pair for rows in some]
    found = iter(fetch_rows([(rows, {}) for rows in asked]))
    told = []
    for one, of_done, of_place in zip(steps, done, places, strict=True):
        is_done = any(list(islice(found, len(of_done))))
        place = [row["pk"] for rows in islice(found, len(of_place)) for row in rows]
        url = one.url(place[0] if place else 0)
        if url or is_done or not one.is_optional:
            told.append(Step(one.label, one.text, one.verb, url, is_done))
    return FirstSteps(whose, tuple(told))
