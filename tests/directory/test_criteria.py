"""What the European platform asks of a cluster, at the borders."""

from decimal import Decimal

import pytest

from proxeny.directory.criteria import check_criteria


def met(**values):
    facts = {
        "staff_fte": Decimal("0.5"),
        "members": 15,
        "kinds": ["company", "lab"],
        "website": "https://cluster.example",
    }
    return {one.name: (one.is_met, one.missing) for one in check_criteria(**facts | values)}


def test_all_four_are_met_at_their_borders():
    assert set(met().values()) == {(True, 0)}


@pytest.mark.parametrize(
    ("values", "name", "missing"),
    [
        ({"staff_fte": Decimal("0.49")}, "staff", Decimal("0.01")),
        ({"staff_fte": None}, "staff", Decimal("0.5")),
        ({"staff_fte": Decimal(0)}, "staff", Decimal("0.5")),
        ({"members": 14}, "members", 1),
        ({"members": 0}, "members", 15),
        ({"kinds": ["company", "company"]}, "kinds", 1),
        ({"kinds": []}, "kinds", 2),
        ({"website": ""}, "website", 1),
    ],
)
def test_just_below_a_border_that_one_is_missing(values, name, missing):
    found = met(**values)
    assert found.pop(name) == (False, missing)
    assert set(found.values()) == {(True, 0)}
