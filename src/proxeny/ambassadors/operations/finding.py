"""Times that suit all three, computed from working hours, busy times and travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from proxeny.accounts.models import Person as Somebody
from proxeny.ambassadors.models import Introduction, TimeOption
from proxeny.ambassadors.queries.calendars import busy_of, hours_of
from proxeny.ambassadors.queries.cases import options_of
from proxeny.engine.booking import Found, Person, Request, Rule, Taken, find_times
from proxeny.engine.missions.travel import TRANSPORT, Point, travel_minutes
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.zones import city_of
from proxeny.meetings.models import Meeting

#: Length of the search, from the day after tomorrow on.
AHEAD = timedelta(days=28)
NOTICE = timedelta(days=2)
#: Between two meetings.
BUFFER_MIN = 15
WANTED, PER_DAY = 6, 2
_HOURS = dict.fromkeys(range(5), ((540, 1020),))


@dataclass(frozen=True, slots=True)
class Suggested:
    """Times that suit all three, in one time zone, or the reason why there are none.

    `why` is empty where there are as many as wanted; `unknown` names those without an uploaded
    calendar: only their working hours are known.
    """

    times: tuple[tuple[datetime, datetime], ...]
    why: str
    unknown: tuple[str, ...]
    zone: str

    @property
    def city(self) -> str:
        """The zone's name as people read it."""
        return city_of(self.zone)


def suggest_times(case: Introduction, *, zone: str, now: datetime) -> Suggested:
    """Return times for a case loaded with its names, as far as the reader may see calendars.

    Four queries. People at the desk read the busy times of those who agreed to meet, without their
    subjects.
    """
    since, until = now + NOTICE, now + NOTICE + AHEAD
    people = _people(case)
    numbers = [one.number for one in people if one.number]
    busy = busy_of(numbers, since=since, until=until)
    hours = {
        number: dict.fromkeys(one.weekdays, ((one.opens_min, one.closes_min),))
        for number, one in hours_of(numbers).items()
    }
    places = _places(case, numbers, since=since, until=until)
    request = Request(
        people=[
            Person(
                key=one.key,
                zone=one.zone,
                hours=hours.get(one.number, _HOURS),
                taken=[
                    Taken(starts_at, ends_at, places.rows.get((one.number, starts_at)))
                    for starts_at, ends_at in busy.get(one.number, ())
                ],
            )
            for one in people
        ],
        first_at=since,
        last_at=until,
        now=now,
        zone=zone,
        duration_min=case.duration_min,
        step_min=30,
        place=places.here,
        travel_min=places.minutes,
        buffer_min=BUFFER_MIN,
        wanted=WANTED,
        per_day=PER_DAY,
        notice_min=int(NOTICE.total_seconds() // 60),
        offered=[one.starts_at for one in options_of(case)],
    )
    found = find_times(request)
    names = {one.key: one.name for one in people}
    return Suggested(
        times=tuple((one.starts_at, one.ends_at) for one in found.proposals),
        why=_tell(found, names),
        unknown=tuple(one.name for one in people if not busy.get(one.number)),
        zone=zone,
    )


@dataclass(frozen=True, slots=True)
class _One:
    key: str
    name: str
    zone: str
    number: int


def _people(case: Introduction) -> list[_One]:
    found = [
        _One(
            one.role,
            tell_name(one.person.name if one.person else one.name) or one.organisation.name,
            one.person.time_zone if one.person else one.time_zone,
            one.person_id or 0,
        )
        for one in case.sides.all()
    ]
    desk: Somebody | None = case.in_charge
    if desk is not None:
        found.append(_One(TimeOption.By.DESK, tell_name(desk.name), desk.time_zone, desk.pk))
    return found


@dataclass(frozen=True, slots=True)
class _Places:
    rows: dict[tuple[int, datetime], int]
    minutes: Sequence[Sequence[int]]
    here: int | None


def _places(
    case: Introduction, numbers: Sequence[int], *, since: datetime, until: datetime
) -> _Places:
    """Return where the desk's other meetings are, as far as the map knows, and the ways between."""
    here = _point(case)
    if here is None or not case.place:
        return _Places({}, (), None)
    meetings = Introduction.objects.filter(
        meeting__state=Meeting.State.CONFIRMED,
        meeting__starts_at__lt=until,
        meeting__ends_at__gt=since,
        in_charge_id__in=numbers,
    )
    points, rows = [here], {}
    for other in meetings.exclude(pk=case.pk).select_related("stakeholder", "meeting"):
        point = _point(other)
        if point is not None and other.meeting is not None and other.in_charge_id:
            rows[(other.in_charge_id, other.meeting.starts_at)] = len(points)
            points.append(point)
    # Only the ways from here and to here are asked for.
    ways = [travel_minutes(here, other, TRANSPORT) for other in points[1:]]
    minutes = [[0, *ways], *([way, *[0] * len(ways)] for way in ways)]
    return _Places(rows, minutes, 0)


def _point(case: Introduction) -> Point | None:
    one = case.stakeholder
    if one.latitude is None or one.longitude is None:
        return None
    return Point(one.latitude, one.longitude)


def _tell(found: Found[str], names: dict[str, str]) -> str:
    """Say why there are fewer times than one would like, and what would help."""
    if found.status == "enough":
        return ""
    rules = found.least if found.status == "none" else [one.rule for one in found.gains[:1]]
    reasons = list(dict.fromkeys(_tell_rule(rule, names) for rule in rules))
    if found.status == "none":
        said = _("No time in the next four weeks suits everyone.")
    else:
        said = _("Few times in the next four weeks suit everyone.")
    if not reasons:
        return said
    return (
        said + " " + _("What gets in the way most: %(reasons)s.") % {"reasons": join_items(reasons)}
    )


def _tell_rule(rule: Rule[str], names: dict[str, str]) -> str:
    name = {"name": names.get(rule.person or "", "")}
    texts = {
        "hours": _("%(name)s’s working hours"),
        "days_off": _("%(name)s’s days off"),
        "taken": _("%(name)s’s calendar"),
        "travel": _("%(name)s’s travel between meetings"),
        "notice": _("two days’ notice"),
        "offered": _("times already proposed"),
        "per_day": _("the limit of two times a day"),
        "range": _("the length of the meeting"),
    }
    return texts[rule.code] % name
