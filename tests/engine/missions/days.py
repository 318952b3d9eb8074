"""Days to test with, and the slow and plain way to plan one."""

from itertools import combinations, permutations

from hypothesis import strategies as st

from proxeny.engine.missions import Day, Visit

HORIZON = 60


@st.composite
def windows(draw):
    opens, breaks_at = draw(st.integers(0, 30)), draw(st.integers(0, 40))
    closes = opens + draw(st.integers(5, HORIZON))
    if not opens < breaks_at < closes:
        return ((opens, closes),)
    return ((opens, breaks_at), (min(breaks_at + draw(st.integers(0, 8)), closes), closes))


@st.composite
def visits(draw, key, places):
    return Visit(
        key=key,
        place=draw(st.integers(0, places - 1)),
        duration_min=draw(st.integers(0, 9)),
        windows=draw(st.just(()) | windows() | windows()),
        fixed_at=draw(st.integers(0, HORIZON)) if draw(st.integers(0, 7)) == 7 else None,
        worth=draw(st.integers(1, 4)),
        must=draw(st.integers(0, 3)) == 3,
        buffer_min=draw(st.integers(0, 3)),
    )


@st.composite
def days(draw, most=6, longest=14):
    """A day of few visits, on some of which a visit on the way makes it shorter."""
    places = draw(st.integers(1, 5))
    travel = [
        [0 if a == b else draw(st.integers(0, longest)) for b in range(places)]
        for a in range(places)
    ]
    count = draw(st.integers(0, most))
    starts_at = draw(st.integers(0, 10))
    return Day(
        visits=[draw(visits(f"v{number}", places)) for number in range(count)],
        travel_min=travel,
        start=draw(st.integers(0, places - 1)),
        starts_at=starts_at,
        end=draw(st.none() | st.integers(0, places - 1)),
        ends_by=HORIZON + 10 - draw(st.integers(0, HORIZON - starts_at)),
    )


def may_begin(visit, minute):
    """Whether a visit may begin at a minute."""
    within = not visit.windows or any(
        opens <= minute and minute + visit.duration_min <= closes for opens, closes in visit.windows
    )
    return within and visit.fixed_at in (None, minute)


def walk(day, order, leaving=None):
    """Do visits in an order, minute by minute; None if one is lost, or the day's end."""
    here, now, travel, begins = day.start, day.starts_at if leaving is None else leaving, 0, []
    for place in order:
        visit = day.visits[place]
        travel += day.travel_min[here][visit.place]
        now += day.travel_min[here][visit.place] + visit.buffer_min
        while not may_begin(visit, now):
            now += 1
            if now > day.ends_by:
                return None
        begins.append(now)
        here, now = visit.place, now + visit.duration_min
    way = 0 if day.end is None else day.travel_min[here][day.end]
    return None if now + way > day.ends_by else (now + way, travel + way, begins)


def all_ways(day):
    """Return every order of every set of visits that the day allows, with what it comes to."""
    found = {}
    for size in range(len(day.visits) + 1):
        for order in permutations(range(len(day.visits)), size):
            came = walk(day, order)
            if came:
                found[order] = came
    return found


def musts_of(day):
    return {place for place, visit in enumerate(day.visits) if visit.must}


def rank(day, order, came, prefer="end"):
    """What the better day has more of."""
    worth = sum(day.visits[place].worth for place in order)
    end, travel, _ = came
    return (worth, -end, -travel) if prefer == "end" else (worth, -travel, -end)


def best_rank(day, ways, prefer="end"):
    """The rank of the best way that makes all must-visits; None if there is none."""
    musts = musts_of(day)
    return max(
        (rank(day, order, came, prefer) for order, came in ways.items() if musts <= set(order)),
        default=None,
    )


def smallest_conflicts(day, ways):
    """All sets of must-visits of the least size that no way makes."""
    made = [set(order) for order in ways]
    musts = sorted(musts_of(day))
    for size in range(len(musts) + 1):
        missing = [
            some for some in combinations(musts, size) if not any(set(some) <= one for one in made)
        ]
        if missing:
            return missing
    return []
