"""Planning a day of visits: the day, what is added to it, and proposing the times it gives."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Mission, Stop
from proxeny.ambassadors.operations.booking import Proposal, offer_times
from proxeny.ambassadors.operations.day_plan import Row, plan_mission
from proxeny.ambassadors.operations.guards import enter_desk
from proxeny.ambassadors.queries.cases import get_case, people_at_desk
from proxeny.ambassadors.queries.missions import booked_on, get_mission, stops_of
from proxeny.engine.missions import MOST_VISITS
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, ProxenyError
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Facts of a day of visits. Minutes are local clock time."""

    person_id: int
    on: date
    city: str
    country: str
    time_zone: str
    start_place: str = ""
    start_latitude: float | None = None
    start_longitude: float | None = None
    returns: bool = True
    starts_min: int = 540
    ends_min: int = 1080
    mode: str = Mission.Mode.TRANSPORT
    apart_min: int = 20


@dataclass(frozen=True, slots=True)
class StopFacts:
    """Facts of a visit; `hours` are from, to, from, to, in minutes of local clock time."""

    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    duration_min: int = 45
    hours: tuple[int, ...] = ()
    fixed_min: int | None = None
    weight: str = Stop.Weight.SHOULD


@transaction.atomic
def plan_day_of_visits(
    *, actor: Reader, partnership_id: int, facts: DayFacts, now: datetime
) -> Mission:
    """Begin the plan of somebody's day.

    Side effects: an audit row of the desk's cluster.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not at a desk of the partnership; there is a plan of this person's day already.
    InvalidInput
        A day in the past, hours that do not end after they begin, somebody not of the desk.
    """
    desk = enter_desk(actor, partnership_id)
    _refuse_day(facts, desk.cluster_id, now)
    mission = Mission(partnership=desk.partnership, cluster_id=desk.cluster_id, planned_at=now)
    _keep_day(mission, facts)
    _note(actor, "plan_day_of_visits", mission)
    return mission


@transaction.atomic
def change_day_of_visits(
    *, actor: Reader, partnership_id: int, mission_id: int, facts: DayFacts, now: datetime
) -> Mission:
    """Change what is said of a day; side effects and refusals as `plan_day_of_visits`."""
    mission = _enter(actor, partnership_id, mission_id)
    _refuse_day(facts, mission.cluster_id, now)
    _keep_day(mission, facts)
    _note(actor, "change_day_of_visits", mission)
    return mission


@transaction.atomic
def drop_day_of_visits(
    *, actor: Reader, partnership_id: int, mission_id: int, now: datetime
) -> Mission:
    """Archive the plan of a day, or restore it. Bookings and proposals stay.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `plan_day_of_visits`.
    """
    mission = _enter(actor, partnership_id, mission_id)
    mission.dropped_at = None if mission.dropped_at else now
    _save_day(mission)
    _note(actor, "drop_day_of_visits", mission)
    return mission


@transaction.atomic
def add_stop(
    *,
    actor: Reader,
    partnership_id: int,
    mission_id: int,
    facts: StopFacts,
    now: datetime,
    introduction_id: int | None = None,
) -> Stop:
    """Add a visit to a day: of an introduction that looks for a time, or anywhere else.

    Raises
    ------
    NotFound, NotAllowed
        No such day or introduction of the desk.
    InvalidInput
        No name, hours that do not rise, a length out of range.
    Conflict
        The introduction is on this day already, or looks for no time; the day is full.
    """
    mission = _enter(actor, partnership_id, mission_id)
    case = _open_case(mission, introduction_id) if introduction_id else None
    _refuse_stop(facts, is_named=case is None)
    _refuse_full(mission)
    try:
        with transaction.atomic():
            stop = Stop.objects.create(
                mission=mission,
                partnership_id=mission.partnership_id,
                cluster_id=mission.cluster_id,
                introduction=case,
                added_at=now,
                **_columns(facts),
            )
    except IntegrityError as error:
        raise Conflict(_("It’s already on this day.")) from error
    _note(actor, "add_stop", mission)
    return stop


@transaction.atomic
def change_stop(
    *, actor: Reader, partnership_id: int, mission_id: int, stop_id: int, facts: StopFacts
) -> Stop:
    """Change what is said of a visit; refusals as `add_stop`."""
    mission = _enter(actor, partnership_id, mission_id)
    stop = _stop(mission, stop_id)
    _refuse_stop(facts, is_named=stop.introduction_id is None)
    for name, value in _columns(facts).items():
        setattr(stop, name, value)
    stop.save()
    _note(actor, "change_stop", mission)
    return stop


@transaction.atomic
def drop_stop(
    *, actor: Reader, partnership_id: int, mission_id: int, stop_id: int, now: datetime
) -> Stop:
    """Take a visit out of a day, or put it back.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `add_stop`; no such visit.
    """
    mission = _enter(actor, partnership_id, mission_id)
    stop = _stop(mission, stop_id, dropped=True)
    if stop.dropped_at:
        _refuse_full(mission)
    stop.dropped_at = None if stop.dropped_at else now
    try:
        with transaction.atomic():
            stop.save(update_fields=["dropped_at"])
    except IntegrityError as error:
        raise Conflict(_("It’s already on this day.")) from error
    _note(actor, "drop_stop", mission)
    return stop


@transaction.atomic
def propose_planned_times(
    *, actor: Reader, partnership_id: int, mission_id: int, choices: Sequence[str], now: datetime
) -> int:
    """Propose the times of a day's plan to both sides of introductions; return the number.

    All or none. The plan is recalculated: the chosen times must still be in it.

    Parameters
    ----------
    choices : sequence of str
        `Row.choice` of the rows to propose.

    Side effects: those of `booking.offer_times`, for each.

    Raises
    ------
    NotFound, NotAllowed
        No such day of the actor's desk.
    InvalidInput, Conflict
        Nothing chosen; the plan has changed; a time cannot be proposed (the error names the visit).
    """
    mission = _enter(actor, partnership_id, mission_id)
    if not choices:
        raise InvalidInput(_("Select the visits whose times you want to propose."))
    rows = {one.choice: one for one in plan_mission(mission).rows if one.can_be_proposed}
    if not set(choices) <= set(rows):
        raise Conflict(
            _(
                "The plan has changed since you opened it, so nothing was proposed. Check the "
                "latest version."
            )
        )
    for choice in dict.fromkeys(choices):
        _propose(actor, rows[choice], mission, now)
    return len(set(choices))


def _propose(actor: Reader, row: Row, mission: Mission, now: datetime) -> None:
    case = row.item.case
    assert case is not None  # noqa: S101
    try:
        offer_times(
            actor=actor,
            introduction_id=case.pk,
            time_zone=mission.time_zone,
            now=now,
            proposals=[Proposal(row.begins_at, row.ends_at)],
        )
    except (InvalidInput, Conflict) as error:
        raise _told_with(row.item.name, error) from error


def _told_with(name: str, error: ProxenyError) -> Conflict:
    return Conflict(
        _("%(name)s: %(why)s Nothing was proposed.") % {"name": name, "why": str(error)}
    )


def _enter(actor: Reader, partnership_id: int, mission_id: int) -> Mission:
    desk = enter_desk(actor, partnership_id)
    return get_mission(mission_id, partnership_id, desk.cluster_id)


def _refuse_day(facts: DayFacts, cluster_id: int, now: datetime) -> None:
    zone = load_zone(facts.time_zone)
    if facts.on < now.astimezone(zone).date():
        raise InvalidInput(_("This day has already passed."), field="on")
    if (facts.on - now.date()).days > 366:
        raise InvalidInput(_("Choose a day within a year."), field="on")
    if not 0 <= facts.starts_min < facts.ends_min < 24 * 60:
        raise InvalidInput(_("Enter an end time after the start time."), field="ends")
    if not 0 <= facts.apart_min <= 180:
        raise InvalidInput(_("Enter 0 to 180 minutes."), field="apart_min")
    if facts.mode not in Mission.Mode.values:
        raise InvalidInput(_("Choose how you get around."), field="mode")
    if not facts.city.strip():
        raise InvalidInput(_("Enter the city."), field="city")
    team = people_at_desk(cluster_id, today=now.date())
    if facts.person_id not in {one.pk for one in team}:
        raise InvalidInput(_("Choose someone who works at this desk."), field="person")


def _keep_day(mission: Mission, facts: DayFacts) -> None:
    for name, value in asdict(facts).items():
        setattr(mission, name, value.strip() if isinstance(value, str) else value)
    _save_day(mission)


def _save_day(mission: Mission) -> None:
    try:
        with transaction.atomic():
            mission.save()
    except IntegrityError as error:
        raise Conflict(
            _("There’s already a plan for this person and day. Add to that one."), field="on"
        ) from error


def _open_case(mission: Mission, introduction_id: int) -> Introduction:
    case = get_case(introduction_id, mission.partnership_id)
    if case.cluster_id != mission.cluster_id or case.state != Introduction.State.FINDING:
        raise Conflict(_("This introduction isn’t looking for a time."))
    return case


def _refuse_stop(facts: StopFacts, *, is_named: bool) -> None:
    if is_named and not facts.name.strip():
        raise InvalidInput(_("Enter who or what you’re visiting."), field="name")
    if not 5 <= facts.duration_min <= 480:
        raise InvalidInput(_("A visit can last from 5 minutes to 8 hours."), field="duration_min")
    if facts.weight not in Stop.Weight.values:
        raise InvalidInput(_("Choose how much it matters."), field="weight")
    if facts.fixed_min is not None and not 0 <= facts.fixed_min < 24 * 60:
        raise InvalidInput(_("Enter a time of day."), field="fixed")
    is_rising = all(one < two for one, two in zip(facts.hours, facts.hours[1:], strict=False))
    if len(facts.hours) % 2 or not is_rising or any(one >= 24 * 60 for one in facts.hours):
        raise InvalidInput(
            _("Enter the hours in order, for example 9:00–12:30, 14:00–17:00."), field="hours"
        )


def _refuse_full(mission: Mission) -> None:
    if len(stops_of(mission)) + len(booked_on(mission)) >= MOST_VISITS:
        raise Conflict(
            _("A day can hold up to %(count)d visits. Remove one first.") % {"count": MOST_VISITS}
        )


def _columns(facts: StopFacts) -> dict[str, object]:
    values = asdict(facts) | {"hours": list(facts.hours)}
    return {name: one.strip() if isinstance(one, str) else one for name, one in values.items()}


def _stop(mission: Mission, stop_id: int, *, dropped: bool = False) -> Stop:
    found = mission.stops.filter(pk=stop_id)
    stop = (found if dropped else found.filter(dropped_at=None)).first()
    if stop is None:
        raise InvalidInput(_("This visit has already been removed."))
    return stop


def _note(actor: Reader, verb: str, mission: Mission) -> None:
    with as_service("What the desk may do was checked, and each of its acts leaves an audit row."):
        audit.record(actor, verb, mission, organisation_id=mission.cluster_id)
