"""Shares of places: read as people write them, and exact whatever the number of places."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.label import Share, read_share


@pytest.mark.parametrize(
    ("text", "amount", "kept"),
    [
        ("1/3", Fraction(1, 3), "1/3"),
        (" 2 / 6 ", Fraction(1, 3), "1/3"),
        ("33 %", Fraction(33, 100), "33.00"),
        ("33,5%", Fraction(67, 200), "33.50"),
        ("33.3333", Fraction(333333, 1000000), "33.3333"),
        (33, Fraction(33, 100), "33.00"),
        (Decimal("12.5"), Fraction(1, 8), "12.50"),
        ("100.00", Fraction(1), "100.00"),
        ("10 places", Fraction(10), "10 places"),
        ("1 place", Fraction(1), "1 places"),
        ("0", Fraction(0), "0.00"),
    ],
)
def test_a_share_is_read_and_kept(text, amount, kept):
    share = read_share(text)
    assert (share.amount, str(share)) == (amount, kept)
    assert read_share(kept) == share


@pytest.mark.parametrize(
    "text", ["", "4/3", "1/0", "1/2000", "101", "-1", "a third", "10 seats", "1/3 %", "1e2", "½"]
)
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="share: "):
        read_share(text)


def test_places_are_called_as_the_caller_says():
    assert read_share("10 Θέσεις", words=("θέσεις",)).at_least(30) == 10


@pytest.mark.parametrize("values", [(Fraction(4, 3), False), (Fraction(1, 2), True), (0.5, False)])
def test_a_share_is_a_fraction_or_whole_places(values):
    with pytest.raises(ValueError, match="share: "):
        Share(values[0], is_places=values[1])


def test_a_third_of_thirty_is_ten_and_thirty_three_percent_are_nine():
    third, percent = read_share("1/3"), read_share("33 %")
    assert (third.at_least(30), third.at_most(30), third.at_least(3)) == (10, 10, 1)
    assert (percent.at_least(30), percent.at_most(30), percent.at_least(3)) == (9, 10, 0)


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(1, 20), st.integers(0, 200)
)
def test_shares_of_at_most_all_never_ask_for_more_than_all_places(parts, more, places):
    whole = sum(parts) + more
    shares = [Share(Fraction(part, whole)) for part in parts]
    assert sum(one.at_least(places) for one in shares) <= places
    for one in shares:
        # By counting: the most places that are not more than the share, the fewest not less.
        low = max(n for n in range(places + 1) if Fraction(n) <= one.of(places))
        high = min(n for n in range(places + 1) if Fraction(n) >= one.of(places))
        assert (one.at_least(places), one.at_most(places)) == (low, high)
