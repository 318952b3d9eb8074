"""What is missing in a consortium, kept as JSON and read again."""

import json

import pytest

from proxeny.bids.operations.outcomes import _plain_gap, gap_of
from proxeny.engine.consortium import Gap, Who


@pytest.mark.parametrize(
    "gap",
    [
        Gap(
            code="participants",
            count=2,
            outside=("GR",),
            who=Who(countries=frozenset({"FR", "MA"})),
        ),
        Gap(code="countries", count=1),
        Gap(code="too_much"),
    ],
)
def test_a_gap_is_kept_as_it_is(gap):
    assert gap_of(json.loads(json.dumps(_plain_gap(gap)))) == gap
