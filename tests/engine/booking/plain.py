"""Requests to test with, and the slow and plain way to answer them."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from proxeny.engine.booking import EASY_MIN, Person, Request, Rule, Taken

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Athens", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
#: Days just before clocks change in one zone or another: 23, 25, 23.5 and 24.5 hours.
FIRST_DAYS = (date(2026, 3, 28), date(2026, 10, 24), date(2026, 4, 4), date(2026, 10, 31))


@st.composite
def spans(draw):
    edges = sorted(draw(st.sets(st.integers(0, 48), min_size=2, max_size=4)))
    edges = edges[: len(edges) // 2 * 2]
    return [(30 * a, 30 * b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@st.composite
def people(draw, key, since, places):
    taken = []
    for _ in range(draw(st.integers(0, 3))):
        starts = since + draw(st.integers(-300, 60 * 60)) * MINUTE
        seconds = timedelta(seconds=draw(st.sampled_from((0, 0, 0, 17))))
        ends = starts + draw(st.integers(1, 600)) * MINUTE + seconds
        taken.append(Taken(starts, ends, draw(st.none() | st.integers(0, places - 1))))
    whole = st.just([(0, 1440)])
    return Person(
        key=key,
        zone=draw(st.sampled_from(ZONES)),
        hours={day: draw(whole | spans()) for day in range(7) if draw(st.integers(0, 5))},
        taken=taken,
        days_off=draw(st.sets(st.sampled_from([since.date(), since.date() + 1440 * MINUTE]))),
        core=draw(st.sampled_from([(600, 960), (480, 720), (0, 1440)])),
    )


@st.composite
def requests(draw, step=(30, 60, 120), most_people=3):
    places = draw(st.integers(1, 3))
    day = draw(st.sampled_from(FIRST_DAYS))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 1200)) * MINUTE
    last = first + draw(st.integers(0, 50 * 60)) * MINUTE
    step_min = draw(st.sampled_from(step))
    offered = [
        first.replace(minute=0) + step_min * number * MINUTE
        for number in draw(st.sets(st.integers(0, 9), max_size=2))
    ]
    count = draw(st.integers(1, most_people))
    return Request(
        people=[draw(people(f"p{number}", first, places)) for number in range(count)],
        first_at=first,
        last_at=last,
        now=first - draw(st.integers(0, 1000)) * MINUTE,
        zone=draw(st.sampled_from(ZONES)),
        duration_min=draw(st.integers(1, 150)),
        step_min=step_min,
        place=draw(st.none() | st.integers(0, places - 1)),
        travel_min=[
            [0 if a == b else draw(st.integers(0, 120)) for b in range(places)]
            for a in range(places)
        ],
        buffer_min=draw(st.integers(0, 20)),
        wanted=draw(st.integers(1, 4)),
        per_day=draw(st.integers(1, 3)),
        notice_min=draw(st.integers(0, 1500)),
        offered=offered,
    )


def local_minute(moment, zone):
    local = moment.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def all_starts(request):
    """Return every minute that is a round local time, between the first and the last moment."""
    start = request.first_at.astimezone(UTC).replace(second=0, microsecond=0)
    found = []
    while start + request.duration_min * MINUTE <= request.last_at:
        round_time = local_minute(start, request.zone) % request.step_min == 0
        if start >= request.first_at and round_time:
            found.append(start)
        start += MINUTE
    return found


def broken_rules(request, start):
    """Return every rule that a start breaks."""
    end = start + request.duration_min * MINUTE
    moments = [start + n * MINUTE for n in range(request.duration_min)]
    rules = set()
    if start < request.now + request.notice_min * MINUTE:
        rules.add(Rule("notice"))
    if start in request.offered:
        rules.add(Rule("offered"))
    for person in request.people:
        for moment in moments:
            local = moment.astimezone(ZoneInfo(person.zone))
            minute = local_minute(moment, person.zone)
            hours = person.hours.get(local.weekday(), ())
            if not any(opens <= minute < closes for opens, closes in hours):
                rules.add(Rule("hours", person.key))
            if local.date() in person.days_off:
                rules.add(Rule("days_off", person.key))
        for taken in person.taken:
            here, there = ways(request, taken)
            buffer = request.buffer_min * MINUTE
            if start < taken.ends_at + buffer and end > taken.starts_at - buffer:
                rules.add(Rule("taken", person.key))
            if (
                start < taken.ends_at + buffer + here * MINUTE
                and end > taken.starts_at - buffer - there * MINUTE
            ):
                rules.add(Rule("travel", person.key))
    return rules


def ways(request, taken):
    if request.place is None or taken.place is None:
        return 0, 0
    return (
        request.travel_min[taken.place][request.place],
        request.travel_min[request.place][taken.place],
    )


def cost_of(request, start):
    """What a start costs that breaks no rule."""
    end = start + request.duration_min * MINUTE
    off = []
    tight = 0
    for person in request.people:
        begins = local_minute(start, person.zone)
        late = begins + request.duration_min - person.core[1]
        off.append(max(0, person.core[0] - begins, late))
        before = after = EASY_MIN * 60
        for taken in person.taken:
            here, there = ways(request, taken)
            buffer = request.buffer_min * 60
            if here and taken.ends_at <= start:
                before = min(before, (start - taken.ends_at).total_seconds() - here * 60 - buffer)
            if there and taken.starts_at >= end:
                after = min(after, (taken.starts_at - end).total_seconds() - there * 60 - buffer)
        for spare in (before, after):
            tight += -int((spare - EASY_MIN * 60) // 60)
    return sum(off) + max(off) + tight


def possible_choices(request, starts):
    """Return every choice of starts that may be proposed together, of every size."""
    zone = ZoneInfo(request.zone)
    days = {start: start.astimezone(zone).date() for start in starts}
    for size in range(1, request.wanted + 1):
        for some in combinations(starts, size):
            on = [days[start] for start in some]
            if max(map(on.count, on)) > request.per_day:
                continue
            overlap = any(
                days[a] == days[b] and b - a < request.duration_min * MINUTE
                for a, b in pairwise(some)
            )
            if not overlap:
                yield some, len(set(on))


def best_choice(request, starts):
    """Return the best choice of starts that suit; nothing if there is none."""
    cost = {start: cost_of(request, start) for start in starts}
    ranked = [
        (-len(some), -days, sum(cost[start] for start in some), some)
        for some, days in possible_choices(request, starts)
    ]
    return min(ranked, default=(0, 0, 0, ()))[3]


def most_proposals(request, starts):
    """Return how many proposals can be made at most."""
    return max((len(some) for some, _ in possible_choices(request, starts)), default=0)
