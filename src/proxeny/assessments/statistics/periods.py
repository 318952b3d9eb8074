"""Periods as people write them, converted to SDMX."""

import re

from proxeny.assessments.statistics.series import is_period

#: Eastern Arabic and Persian digits, read as the others are.
DIGITS = {
    ord(digit): str(number)
    for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
    for number, digit in enumerate(row)
}

_SHAPES = (
    (re.compile(r"(\d{4})[-/ ]?[QT]([1-4])", re.I), "{0}-Q{1}"),
    (re.compile(r"[QT]([1-4])[-/ ]?(\d{4})", re.I), "{1}-Q{0}"),
    (re.compile(r"(\d{4})[-/ ]?[SHB]([12])", re.I), "{0}-S{1}"),
    (re.compile(r"(\d{4})[-/ ]?W(\d{1,2})", re.I), "{0}-W{1:0>2}"),
    (re.compile(r"(\d{4})M(\d{1,2})", re.I), "{0}-{1:0>2}"),
    (re.compile(r"(\d{4})[-/.](\d{1,2})"), "{0}-{1:0>2}"),
    (re.compile(r"(\d{1,2})[-/.](\d{4})"), "{1}-{0:0>2}"),
    (
        re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?"),
        "{0}-{1:0>2}-{2:0>2}",
    ),
    # Day before month, as in all four languages.
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"), "{2}-{1:0>2}-{0:0>2}"),
)


def read_period(text: str) -> str:
    """Return a period: `2024`, `2024-Q1`, `2024-S1`, `2024-W05`, `2024-03` or `2024-03-31`.

    Empty where the text is none. A day comes before its month: `31/03/2024`.
    """
    text = text.strip().translate(DIGITS)
    if is_period(text):
        return text
    for shape, made in _SHAPES:
        if found := shape.fullmatch(text):
            period = made.format(*found.groups())
            return period if is_period(period) else ""
    return ""
