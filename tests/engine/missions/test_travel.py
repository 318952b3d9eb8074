"""Estimates of the way between two places."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.missions import (
    CAR,
    MODES,
    TRANSPORT,
    WALKING,
    Mode,
    Point,
    travel_matrix,
    travel_minutes,
)

# A degree of a great circle on a sphere of the mean radius is 111.195 km.
ORIGIN = Point(0, 0)


@pytest.mark.parametrize(
    ("degrees", "mode", "minutes"),
    [
        (0.1, Mode(60, detour=1), 12),  # 11.12 km, a minute each
        (0.1, Mode(60, access_min=5, detour=1), 17),
        (0.1, WALKING, 187),
        (0.1, TRANSPORT, 61),
        (0.1, CAR, 44),
        (0.005, TRANSPORT, 10),  # 556 m: one walks
        (0.005, CAR, 8),
        (0.005, Mode(2, detour=1.34), 23),  # who walks slowly does not walk faster than that
        (0, CAR, 0),
    ],
)
@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (-1, 0)])
def test_minutes(degrees, mode, minutes, direction):
    there = Point(direction[0] * degrees, direction[1] * degrees)
    assert travel_minutes(ORIGIN, there, mode) == minutes


def test_known_distances():
    fast = Mode(speed_kmh=60, detour=1)  # a minute is a kilometre
    athens, paris, casablanca = Point(37.98, 23.73), Point(48.85, 2.35), Point(33.57, -7.59)
    assert travel_minutes(athens, paris, fast) == pytest.approx(2097, abs=10)
    assert travel_minutes(paris, casablanca, fast) == pytest.approx(1895, abs=15)
    assert travel_minutes(Point(0, 179.5), Point(0, -179.5), fast) == 112
    assert travel_minutes(Point(90, 0), Point(-90, 0), fast) == 20016


points = st.builds(Point, st.floats(37.9, 38.1), st.floats(23.6, 23.9))


@given(points, points, points, st.sampled_from(sorted(MODES)))
def test_no_way_over_a_third_place_is_shorter(a, b, c, name):
    mode = MODES[name]
    assert travel_minutes(a, b, mode) == travel_minutes(b, a, mode)
    # Straight lines add up but for rounding, and a minute may be rounded off each.
    assert travel_minutes(a, b, mode) <= travel_minutes(a, c, mode) + travel_minutes(c, b, mode)


@given(points, points)
def test_no_mode_is_slower_than_walking(a, b):
    walk = travel_minutes(a, b, WALKING)
    assert all(travel_minutes(a, b, mode) <= walk for mode in MODES.values())


def test_a_matrix_has_each_way():
    places = [ORIGIN, Point(0.02, 0), Point(0, 0.01)]
    matrix = travel_matrix(places, CAR)
    assert matrix == tuple(tuple(travel_minutes(a, b, CAR) for b in places) for a in places)
    assert [matrix[at][at] for at in range(3)] == [0, 0, 0]
    assert travel_matrix([], CAR) == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Point(91, 0), "latitude: 91 is not from -90 to 90"),
        (lambda: Point(0, -180.5), "longitude: -180.5 is not from -180 to 180"),
        (lambda: Point(nan, 0), "latitude: nan is not"),
        (lambda: Mode(0), "speed_kmh: 0 is not above 0"),
        (lambda: Mode(inf), "speed_kmh: inf is not"),
        (lambda: Mode(5, access_min=-1), "access_min: -1 is not at least 0"),
        (lambda: Mode(5, detour=0.9), "detour: 0.9 is not at least 1"),
        (lambda: Mode(5, detour=nan), "detour: nan is not"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
