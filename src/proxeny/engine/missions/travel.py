"""Minutes from one place to another, estimated from their coordinates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, isfinite, radians, sin, sqrt
from types import MappingProxyType

__all__ = [
    "CAR",
    "MODES",
    "TRANSPORT",
    "WALKING",
    "Mode",
    "Point",
    "travel_matrix",
    "travel_minutes",
]

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth, in degrees of WGS 84.

    Raises
    ------
    ValueError
        On a latitude beyond 90 or a longitude beyond 180 degrees.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        for name, value, most in (
            ("latitude", self.latitude, 90),
            ("longitude", self.longitude, 180),
        ):
            # Not the other way round: a number that is none is out of range as well.
            if not -most <= value <= most:
                raise ValueError(f"{name}: {value!r} is not from -{most} to {most}")


@dataclass(frozen=True, slots=True)
class Mode:
    """Mode of travel in a city.

    Parameters
    ----------
    speed_kmh : float
        Along the way, stops and traffic lights included; above 0.
    access_min : float
        The minutes added to each trip: to the stop, waiting, from the stop; or to the car and
        parking it.
    detour : float
        The ratio of the route to the straight line, at least 1.
    """

    speed_kmh: float
    access_min: float = 0.0
    detour: float = 1.34

    def __post_init__(self) -> None:
        for name, value, is_right, range_ in (
            ("speed_kmh", self.speed_kmh, self.speed_kmh > 0, "above 0"),
            ("access_min", self.access_min, self.access_min >= 0, "at least 0"),
            ("detour", self.detour, self.detour >= 1, "at least 1"),
        ):
            if not is_right or not isfinite(value):
                raise ValueError(f"{name}: {value!r} is not {range_}")


#: Speeds and what each way costs besides are those of urban trips in Falcocchio and Levinson; the
#: detour is the mean of 300 European cities (see `travel_minutes`).
WALKING = Mode(speed_kmh=4.8)
TRANSPORT = Mode(speed_kmh=19.0, access_min=13.0)
CAR = Mode(speed_kmh=24.0, access_min=6.0)
MODES: Mapping[str, Mode] = MappingProxyType(
    {"walking": WALKING, "transport": TRANSPORT, "car": CAR}
)


def travel_minutes(origin: Point, destination: Point, mode: Mode) -> int:
    """Estimate the minutes between two places of a city, rounded up.

    The straight line over the earth times a detour, at a speed, and what each way costs besides.
    Where something is added to each way and walking is faster, one walks.

    Parameters
    ----------
    origin, destination : Point
    mode : Mode
        `WALKING`, `TRANSPORT`, `CAR` (or `MODES` by name), or one's own.

    Notes
    -----
    The same in both directions, and never shortened by a way over a third place. It knows no river,
    hill, timetable or rush hour: it is good for the order of a day within one city and its first
    draft, not for the last train; a matrix of the caller's own is better where there is one.
    Between cities it is wrong, as speeds are those of city streets.

    References
    ----------
    The distance is the haversine (Sinnott, "Virtues of the haversine", Sky and Telescope 68, 1984)
    on a sphere of the earth's mean radius, within 0.6 per cent of the ellipsoid.

    The detour, 1.343, is the mean over 300 European cities of the way by road to the main centre to
    the straight line (Environment and Planning B, 2023, doi:10.1177/23998083231168870). Ways on
    foot are more direct than by car in most cities (Boeing, "The morphology and circuity of
    walkable and drivable street networks", 2019), so that it rather errs to the long side.

    Speeds and what each way costs besides are the typical urban values of Falcocchio and Levinson,
    "Road Traffic Congestion: A Concise Guide", 2015, tables 10.2 and 10.3: on foot 3 miles an hour;
    a bus 12, with 5 minutes to the stop, 3 waiting, 5 from it; a car 15 to 20 with 6 minutes,
    here the slower. The TomTom Traffic Index of 2023 and 2024 has ten kilometres in 23 minutes for
    Athens, 29 for Paris and 33 for London, which is 26, 21 and 18 kilometres an hour.

    Examples
    --------
    >>> syntagma, acropolis = Point(37.9755, 23.7348), Point(37.9715, 23.7267)
    >>> [travel_minutes(syntagma, acropolis, one) for one in (WALKING, TRANSPORT, CAR)]
    [15, 15, 9]
    """
    straight = _distance_km(origin, destination)
    minutes = _minutes(straight, mode)
    if mode.access_min:
        minutes = min(minutes, _minutes(straight, WALKING))
    # A hair is taken off so that what is whole but for rounding is not rounded up.
    return ceil(minutes - 1e-9)


def travel_matrix(points: Sequence[Point], mode: Mode) -> tuple[tuple[int, ...], ...]:
    """Return the estimated minutes from each place (row) to each place (column)."""
    return tuple(
        tuple(travel_minutes(origin, destination, mode) for destination in points)
        for origin in points
    )


def _minutes(straight_km: float, mode: Mode) -> float:
    return mode.access_min + straight_km * mode.detour / mode.speed_kmh * 60


def _distance_km(origin: Point, destination: Point) -> float:
    north, south = radians(origin.latitude), radians(destination.latitude)
    east = radians(destination.longitude - origin.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
