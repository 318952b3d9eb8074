"""How outcome figures read: the value, between what it lies, and why there is none."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.insight.board_figures import COUNT, SUM
from proxeny.insight.outcome_figures import COST, WORTH, Figure
from proxeny.insight.telling import MISSING, tell_count, tell_number

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
    """Return what a figure comes to, or why nothing can be said."""
    if one.value is None:
        if one.section == COST and one.why == "none":
            return _("no costs noted")
        return str(_MISSING[one.why])
    # What is counted is told to the cent; what is divided claims no more than it knows.
    value = _whole(one, one.value) if one.section == COST else one.value
    return tell_number(value, one.unit, one.currency)


def tell_range(one: Figure) -> str:
    """Return between what a figure lies with 95 % confidence; empty for what was counted."""
    if one.unit == COUNT or (one.low is None and one.high is None):
        return ""
    low, high = (None if end is None else tell_number(_whole(one, end), one.unit, one.currency)
                 for end in (one.low, one.high))  # fmt: skip
    if high is None:
        if one.why == "zero":
            return _("with 95 %% not below %(low)s each") % {"low": low}
        return _("%(low)s or more") % {"low": low}
    if low is None:
        return _("up to %(high)s") % {"high": high}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _whole(one: Figure, value: float) -> float:
    """Return a limit without cents, which would claim more than it knows."""
    return round(value) if one.unit == SUM and abs(value) >= 100 else value


def tell_note(one: Figure) -> str:
    """Return what else there is to say of a figure: of how many, and beside the reference."""
    parts = [one.note] if one.note else []
    if not one.note and one.of:
        told = _tell_of(one.section, one.of)
        parts.append(told % {"count": tell_count(one.of)})
    if one.reference is not None:
        share = tell_number(one.reference, one.unit)
        parts.append(_("ten events of the field: %(share)s") % {"share": share})
    return " · ".join(parts)


def _tell_of(section: str, of: int) -> str:
    """Return what the number is called that a figure was counted of."""
    if section == COST:
        return ngettext("for %(count)s outcome", "for %(count)s outcomes", of)
    if section == WORTH:
        return ngettext("told of %(count)s agreement", "told of %(count)s agreements", of)
    return _("of %(count)s")
