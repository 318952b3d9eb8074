"""Planned days of visits: what is booked, what could be added, and where it all is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors.models import Introduction, Mission, Stop, TimeOption
from proxeny.ambassadors.queries.briefing import find_day, is_call
from proxeny.ambassadors.queries.cases import with_names
from proxeny.directory.places import coordinates_of
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.zones import load_zone

State = Introduction.State
#: So many introductions are offered to be added to a day.
MOST_OPEN = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """Location of a place, as far as the directory knows.

    `key` is the same for one and the same address; coordinates are missing where not even the city
    is known, and `is_rough` where no more than that is.
    """

    key: str
    latitude: float | None = None
    longitude: float | None = None
    is_rough: bool = True


def spot_of(case: Introduction) -> Spot:
    """Return where the meeting of an introduction is: at the stakeholder's, as far as we know."""
    one = case.stakeholder
    place = (case.meeting.place if case.meeting else "") or case.place
    key = fold(place) if place and not is_call(place) else f"organisation {one.pk}"
    return _spot(key, one.latitude, one.longitude, one.city, one.country)


def spot_of_stop(stop: Stop, mission: Mission) -> Spot:
    """Return where a visit is; of one without coordinates the day's city is known."""
    if stop.introduction is not None:
        return spot_of(stop.introduction)
    key = fold(stop.address) or f"stop {stop.pk}"
    return _spot(key, stop.latitude, stop.longitude, mission.city, mission.country)


def spot_of_start(mission: Mission) -> Spot:
    """Return where a day begins."""
    key = fold(mission.start_place) or "start"
    return _spot(
        key, mission.start_latitude, mission.start_longitude, mission.city, mission.country
    )


def _spot(
    key: str, latitude: float | None, longitude: float | None, city: str, country: str
) -> Spot:
    if latitude is not None and longitude is not None:
        return Spot(key, latitude, longitude, is_rough=False)
    known = coordinates_of(city, country) if city else None
    return Spot(key, *known) if known else Spot(key)


def day_of(on: date, zone: str) -> tuple[datetime, datetime]:
    """Return the first moment of a day by the clocks of a zone, and that of the day after."""
    here = load_zone(zone)
    first = datetime.combine(on, time(), tzinfo=here)
    return first, datetime.combine(on + timedelta(days=1), time(), tzinfo=here)


#: The planned days of a desk.
MISSIONS = Rows(
    "days-of-visits",
    (
        Column("on", gettext_lazy("Day"), lambda one: one.on, ("on",)),
        Column("city", gettext_lazy("City"), lambda one: one.city, ("city",)),
        Column(
            "person",
            gettext_lazy("Traveller"),
            lambda one: tell_name(one.person.name) if one.person else "",
            ("person__name",),
        ),
        Column("mode", gettext_lazy("How"), lambda one: one.get_mode_display(), ("mode",)),
    ),
    sort="-on",
    search=("city", "person__name"),
)


def find_missions(partnership_id: int, cluster_id: int) -> QuerySet[Mission]:
    """Return the planned days of a desk, the latest first."""
    found = Mission.objects.filter(
        partnership_id=partnership_id, cluster_id=cluster_id, dropped_at=None
    )
    return found.select_related("person").order_by("-on", "-pk")


def get_mission(mission_id: int, partnership_id: int, cluster_id: int) -> Mission:
    """Return a planned day; `NotFound` if the desk has none of this number."""
    found = Mission.objects.filter(partnership_id=partnership_id, cluster_id=cluster_id)
    mission = found.select_related("person").filter(pk=mission_id).first()
    if mission is None:
        raise NotFound(_("We couldn’t find this day of visits."))
    return mission


def find_mission_of(cluster_id: int, person_id: int, on: date) -> Mission | None:
    """Return somebody's planned day, or None. One query."""
    return Mission.objects.filter(
        cluster_id=cluster_id, person_id=person_id, on=on, dropped_at=None
    ).first()


def stops_of(mission: Mission) -> list[Stop]:
    """Return the visits that were added to a day, in that order. Three queries."""
    rows = list(mission.stops.filter(dropped_at=None).order_by("pk"))
    ids = [one.introduction_id for one in rows if one.introduction_id]
    cases = {one.pk: one for one in with_names(Introduction.objects.filter(pk__in=ids))}
    for one in rows:
        if one.introduction_id in cases:
            one.introduction = cases[one.introduction_id]
    return [one for one in rows if one.introduction_id is None or one.introduction_id in cases]


def booked_on(mission: Mission) -> list[Introduction]:
    """Return the traveller's bookings of the day. Two queries."""
    if mission.person_id is None:
        return []
    return find_day(mission.cluster_id, mission.person_id, *day_of(mission.on, mission.time_zone))


def proposed_on(stops: Iterable[Stop]) -> set[tuple[int, datetime]]:
    """Return which times are proposed already, by introduction. One query."""
    ids = [one.introduction_id for one in stops if one.introduction_id]
    found = TimeOption.objects.filter(introduction_id__in=ids, withdrawn_at=None)
    return set(found.values_list("introduction_id", "starts_at"))


def to_add(mission: Mission, stops: Sequence[Stop]) -> list[Introduction]:
    """Return introductions that look for a time, those of the day's country first. Two queries."""
    known = [one.introduction_id for one in stops if one.introduction_id]
    found = Introduction.objects.filter(
        partnership_id=mission.partnership_id, cluster_id=mission.cluster_id, state=State.FINDING
    ).exclude(pk__in=known)
    near = Case(
        When(stakeholder__country=mission.country, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    ordered = found.order_by(near, "stakeholder__sort_name", "pk")
    return list(with_names(ordered)[:MOST_OPEN])
