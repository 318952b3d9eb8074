"""Figures as people type them, in their language."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from proxeny.bids.figures import read_figure, write_figure
from proxeny.partnerships.amounts import tell_sum

LANGUAGES = ("en", "fr", "el", "ar")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("   ", None),
        ("12", "12"),
        ("0", "0"),
        ("-3", "-3"),
        (" 7 ", "7"),
        ("1250.50", "1250.5"),
        ("1250,50", "1250.5"),
        ("1,250.50", "1250.5"),
        ("1.250,50", "1250.5"),
        ("12 500,5", "12500.5"),
        ("12\u202f500", "12500"),
        ("12\xa0500.05", "12500.05"),
        ("1'000'000", "1000000"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.330", "0.33"),
        ("0,1000", "0.1"),
        ("١٢٫٥", "12.5"),
        ("١٬٢٥٠٫٥٠", "1250.5"),
        ("۱۲", "12"),
        ("9999999999.99", "9999999999.99"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_means_one_thing_is_read_in_every_language(language, text, number):
    with translation.override(language):
        assert read_figure(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("language", "reads", "refuses"),
    [
        ("en", "12,500", "12.500"),
        ("el", "12.500", "12,500"),
        ("ar", "12.500", "12,500"),
        ("fr", "12 500", "12.500"),
        ("fr", "12 500", "12,500"),
    ],
)
def test_one_sign_before_three_digits_is_read_as_the_language_does_or_refused(
    language, reads, refuses
):
    with translation.override(language):
        assert read_figure(reads) == 12500
        with pytest.raises(ValueError, match=refuses.replace(".", r"\.")):
            read_figure(refuses)


@pytest.mark.parametrize(
    "text", ["abc", "1e5", "1,2,3", "12.34.56", "--1", "-", ".", "5-5", "∞", "1 €", "NaN", "²"]
)
def test_what_is_no_number_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"Enter a number, such as 1250\.50"):
        read_figure(text)
    with translation.override("fr"), pytest.raises(ValueError, match="1250,50"):
        read_figure(text)


@pytest.mark.parametrize("text", ["0.125", "0,333", "1,234,567.891", "12.3456"])
def test_more_than_two_decimals_are_refused(text):
    with pytest.raises(ValueError, match="no more than two decimal places"):
        read_figure(text)


@given(st.decimals(0, 10**10, places=2), st.sampled_from(LANGUAGES))
def test_what_is_written_and_what_is_told_are_read_again(value, language):
    with translation.override(language):
        assert read_figure(write_figure(value)) == value
        assert read_figure(tell_sum(value)) == value


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_number_or_refused(text):
    with suppress(ValueError):
        number = read_figure(text)
        assert number is None or number == number.quantize(Decimal("0.01"))
