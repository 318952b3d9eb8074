"""Spans of time as each language says them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

import proxeny
from proxeny.kernel.spans import tell_ago, tell_span

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "span", "told"),
    [
        ("en", timedelta(days=-2, hours=-14), "2 days ago"),
        ("fr", timedelta(days=-2, hours=-14), "il y a 2 jours"),
        ("el", timedelta(days=-2, hours=-14), "πριν από 2 ημέρες"),
        ("ar", timedelta(days=-2, hours=-14), "قبل يومين"),
        ("ar", timedelta(days=-3), "قبل 3 أيام"),
        ("en", timedelta(days=1, hours=23), "in 1 day"),
        ("en", timedelta(minutes=-59), "59 minutes ago"),
        ("en", timedelta(hours=-23, minutes=-59), "23 hours ago"),
        ("en", timedelta(days=-59), "59 days ago"),
        ("en", timedelta(days=-60), "2 months ago"),
        ("en", timedelta(days=-729), "24 months ago"),
        ("en", timedelta(days=-730), "2 years ago"),
        ("en", timedelta(seconds=-59), "just now"),
        ("en", timedelta(), "just now"),
    ],
)
def test_how_far_a_moment_is_off(language, span, told):
    with override(language):
        assert tell_ago(NOW + span, now=NOW) == told


def test_a_span_is_never_told_longer_than_it_is():
    assert tell_span(timedelta(days=2, hours=23)) == "2 days"
    assert tell_span(timedelta(minutes=119)) == "1 hour"
    with override("ar"):
        assert tell_span(timedelta(days=2)) == "يومان"


def test_nothing_tells_spans_otherwise():
    """Django's words are wrong in Arabic: `2 يومين`."""
    sources = Path(proxeny.__file__).parent
    found = [
        str(one.relative_to(sources))
        for one in (*sources.rglob("*.py"), *sources.rglob("*.html"), *sources.rglob("*.txt"))
        if any(name in one.read_text() for name in ("naturaltime", "timesince", "timeuntil"))
    ]
    assert found == []
