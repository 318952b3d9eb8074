"""Times of the visits in a given order, and the latest departure from each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from proxeny.engine.missions.model import Day, Stop, Visit

__all__ = ["Timed", "time_order"]


@dataclass(frozen=True, slots=True)
class Timed[Key: Hashable]:
    """The stops of an order, and the day around them, as in `Itinerary`."""

    stops: tuple[Stop[Key], ...]
    ends_at: int
    travel_min: int
    leaves_by: int


def time_order[Key: Hashable](day: Day[Key], order: Sequence[int]) -> Timed[Key]:
    """Return when each visit is made if all of it is done as soon as can be.

    Linear in the visits and their windows. The order has to be one that the day allows.
    """
    visits = [day.visits[place] for place in order]
    ways = _ways(day, visits)
    leaves_by = _leaves_by(visits, ways, day.ends_by)
    stops, now = [], day.starts_at
    for visit, way, latest in zip(visits, ways, leaves_by[1:], strict=False):
        arrives, ready = now + way, now + way + visit.buffer_min
        begins = next(max(first, ready) for first, last in visit.begins if ready <= last)
        now = begins + visit.duration_min
        stops.append(Stop(visit.key, arrives, begins - ready, begins, now, latest))
    return Timed(tuple(stops), now + ways[-1], sum(ways), leaves_by[0])


def _ways[Key: Hashable](day: Day[Key], visits: Sequence[Visit[Key]]) -> list[int]:
    """Return the minutes to each visit and to the day's end."""
    places = [day.start, *(visit.place for visit in visits)]
    places.append(places[-1] if day.end is None else day.end)
    return [day.travel_min[a][b] for a, b in pairwise(places)]


def _leaves_by[Key: Hashable](
    visits: Sequence[Visit[Key]], ways: Sequence[int], ends_by: int
) -> list[int]:
    """Return the latest minute to leave the start and each visit."""
    latest = [ends_by - ways[-1]]
    for visit, way in zip(reversed(visits), reversed(ways[:-1]), strict=True):
        by = latest[-1] - visit.duration_min
        begins = max(min(last, by) for first, last in visit.begins if first <= by)
        latest.append(begins - visit.buffer_min - way)
    return latest[::-1]
