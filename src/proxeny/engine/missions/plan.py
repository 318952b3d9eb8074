"""The best way through a day of visits, exactly."""

from collections.abc import Hashable
from typing import Literal

from proxeny.engine.missions._problem import build_problem
from proxeny.engine.missions._reasons import explain_left_out, find_conflict
from proxeny.engine.missions._search import find_best
from proxeny.engine.missions._timing import time_order
from proxeny.engine.missions.model import Day, Itinerary

__all__ = ["plan_day"]


def plan_day[Key: Hashable](
    day: Day[Key], *, prefer: Literal["end", "travel"] = "end"
) -> Itinerary[Key]:
    """Find which visits to make, in which order, so that the day is worth most.

    All must-visits are made, or the answer says why that cannot be. Of the others, as much worth as
    possible; then the day ends as early as possible; then the time on the way is the least. Between
    days that are equal in all this, the one with fewer visits is taken, then the list's order
    decides, so that the same day has the same answer each time.

    Parameters
    ----------
    day : Day
        Visits, ways, and where and when the day begins and ends.
    prefer : {"end", "travel"}
        `travel`: of days worth the same the one with the least time on the way, then the earlier
        end; for a walk rather than for an evening train.

    Returns
    -------
    Itinerary
        Always proven: there is no better day. Everything is done as soon as it can be; leaving
        later is safe up to `leaves_by` of the start and of each stop.

    Notes
    -----
    A travelling salesman with prizes, several time windows per place and services, by the dynamic
    programme over sets of visits (Held and Karp, "A dynamic programming approach to sequencing
    problems", 1962) with labels of time and way kept while no other label beats them in both
    (Dumas, Desrosiers, Gélinas and Solomon, "An optimal algorithm for the traveling salesman
    problem with time windows", Operations Research 43, 1995, whose tests of what is still within
    reach it uses too). Labels grow to `n * 2**(n - 1)` times the length of a front, at most.

    Examples
    --------
    >>> from proxeny.engine.missions import Day, Visit, plan_day
    >>> day = Day(
    ...     visits=[
    ...         Visit("lab", 1, 60, windows=[(540, 720), (840, 1020)]),
    ...         Visit("ministry", 2, 45, fixed_at=600, must=True, buffer_min=15),
    ...     ],
    ...     travel_min=[[0, 20, 30], [20, 0, 10], [30, 10, 0]],
    ...     start=0, starts_at=540, end=0, ends_by=1080,
    ... )
    >>> found = plan_day(day)
    >>> [(stop.visit, stop.begins_at, stop.slack_min) for stop in found.stops]
    [('ministry', 600, 305), ('lab', 655, 345)]
    >>> found.ends_at, found.leaves_by
    (735, 555)
    """
    order = find_best(build_problem(day), prefer)
    if order is None:
        return Itinerary("infeasible", conflict=find_conflict(day))
    timed = time_order(day, order)
    return Itinerary(
        status="optimal",
        stops=timed.stops,
        left_out=tuple(explain_left_out(day, order)),
        worth=sum(day.visits[place].worth for place in order),
        ends_at=timed.ends_at,
        travel_min=timed.travel_min,
        waiting_min=sum(stop.waiting_min for stop in timed.stops),
        leaves_by=timed.leaves_by,
    )
