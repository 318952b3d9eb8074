"""Missions: the day of an ambassador or a delegation in a city, visit after visit."""

from proxeny.engine.missions.clock import minutes_since, moment_of
from proxeny.engine.missions.model import (
    MOST_MINUTES,
    MOST_VISITS,
    Conflict,
    Day,
    Itinerary,
    LeftOut,
    Stop,
    Visit,
)
from proxeny.engine.missions.plan import plan_day
from proxeny.engine.missions.travel import (
    CAR,
    MODES,
    TRANSPORT,
    WALKING,
    Mode,
    Point,
    travel_matrix,
    travel_minutes,
)

__all__ = [
    "CAR",
    "MODES",
    "MOST_MINUTES",
    "MOST_VISITS",
    "TRANSPORT",
    "WALKING",
    "Conflict",
    "Day",
    "Itinerary",
    "LeftOut",
    "Mode",
    "Point",
    "Stop",
    "Visit",
    "minutes_since",
    "moment_of",
    "plan_day",
    "travel_matrix",
    "travel_minutes",
]
