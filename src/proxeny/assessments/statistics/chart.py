"""A figure made ready to be drawn: for `templates/assessments/_chart.html` and `js/chart.js`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import get_language

from proxeny.assessments.statistics.naming import tell_name
from proxeny.assessments.statistics.series import Series, periods_of, rows_of

SHAPES = ("line", "bar", "table")


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure on a page, as a picture and as the table that says the same.

    Attributes
    ----------
    key : str
        Tells it from the others on its page, in ids.
    data : str
        What the script draws, as JSON; empty for a table.
    names : list of str
        What the lines are called, in the reader's language.
    rows : list
        Periods with the value of each line as it is written in the reader's language.
    """

    key: str
    title: str
    unit: str
    source: str
    names: list[str]
    rows: list[tuple[str, Sequence[str]]]
    data: str


def tell_number(value: float | None) -> str:
    """Return a value as it is written in the reader's language; nothing where there is none."""
    if value is None:
        return ""
    places = 0 if value.is_integer() and abs(value) < 1e15 else None
    # Sums of decimals end in a long row of nines; twelve digits are more than any source has.
    return number_format(
        float(f"{value:.12g}"), decimal_pos=places, use_l10n=True, force_grouping=True
    )


def _signs() -> list[str]:
    """Return the decimal sign and the thousands separator, as `tell_number` writes them."""
    whole, part = tell_number(1000.0), tell_number(0.5)
    return [part.strip("05"), whole.strip("10")]


def make_chart(
    series: Series,
    *,
    key: str | int,
    title: str,
    unit: str = "",
    shape: str = "line",
    source: str = "",
) -> Chart:
    """Return a figure prepared for drawing.

    Parameters
    ----------
    series : list
        As `FigureVersion.series` keeps it.
    shape : str
        `line`, `bar` or `table`; a table has no picture.
    source : str
        The line below it: source, date and licence.
    """
    language = (get_language() or "en")[:2]
    names = [tell_name(line["name"], language) for line in series]
    rows = rows_of(series)
    data = {
        "shape": shape,
        "unit": unit,
        "signs": _signs(),
        "names": names,
        "periods": periods_of(series),
        "values": [[values[place] for _period, values in rows] for place in range(len(names))],
    }
    return Chart(
        key=str(key),
        title=title,
        unit=unit,
        source=source,
        names=names,
        rows=[(period, [tell_number(value) for value in values]) for period, values in rows],
        data=json.dumps(data) if shape != "table" and rows else "",
    )
