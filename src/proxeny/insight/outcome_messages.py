"""Outcome figures in the reader's language: value, range, and the reason for a missing value."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.insight.board_figures import COUNT, SUM
from proxeny.insight.outcome_figures import COST, WORTH, Figure
from proxeny.insight.presenters import MISSING, tell_count, tell_number

_MISSING = {
    **MISSING,
    "zero": gettext_lazy("none yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it reads, and the page that says what it is made of."""

    figure: Figure
    value: str
    range: str
    note: str
    url: str


def draw_line(figure: Figure, url: str) -> Line:
    """Return a figure in the reader's language."""
    return Line(figure, tell_value(figure), tell_range(figure), tell_note(figure), url)


def tell_value(one: Figure) -> str:
    """Return the value of a figure, or the reason why there is none."""
    if one.value is None:
        if one.section == COST and one.why == "none":
            return _("no costs recorded")
        return str(_MISSING[one.why])
    # Sums are exact to the cent; quotients are rounded to what is known.
    value = _whole(one, one.value) if one.section == COST else one.value
    return tell_number(value, one.unit, one.currency)


def tell_range(one: Figure) -> str:
    """Return the range of a figure with 95% confidence; empty for a count."""
    if one.unit == COUNT or (one.low is None and one.high is None):
        return ""
    low, high = (
        None if end is None else tell_number(_whole(one, end), one.unit, one.currency)
        for end in (one.low, one.high)
    )
    if high is None:
        if one.why == "zero":
            return _("at least %(low)s each, with 95%% confidence") % {"low": low}
        return _("%(low)s or more") % {"low": low}
    if low is None:
        return _("up to %(high)s") % {"high": high}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _whole(one: Figure, value: float) -> float:
    """Return a limit without cents, which would claim more than it knows."""
    return round(value) if one.unit == SUM and abs(value) >= 100 else value


def tell_note(one: Figure) -> str:
    """Return the note on a figure: its base, and the comparison with the reference."""
    parts = [one.note] if one.note else []
    if not one.note and one.of:
        told = _tell_of(one.section, one.of)
        parts.append(told % {"count": tell_count(one.of)})
    if one.reference is not None:
        share = tell_number(one.reference, one.unit)
        parts.append(_("ten events in the field: %(share)s") % {"share": share})
    return " · ".join(parts)


def _tell_of(section: str, of: int) -> str:
    """Return the name of the number that is the base of a figure."""
    if section == COST:
        return ngettext("for %(count)s outcome", "for %(count)s outcomes", of)
    if section == WORTH:
        return ngettext("reported for %(count)s agreement", "reported for %(count)s agreements", of)
    return _("of %(count)s")
