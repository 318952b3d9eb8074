"""How figures read: in the reader's language, with what is not known told as such."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from proxeny.insight.board_figures import COUNT, DAYS, RANK, SHARE, SUM
from proxeny.insight.queries.boards import Shown
from proxeny.partnerships.amounts import tell_amount, tell_rounded

#: Why nothing is told instead of a figure.
MISSING = {
    "none": gettext_lazy("nothing yet"),
    "few": gettext_lazy("too few to say"),
    "half": gettext_lazy("more than half still wait"),
    "wait": gettext_lazy("not worked out yet"),
}


def tell_number(value: float, unit: str, currency: str = "") -> str:
    """Return a value with what it is counted in, in the reader's language."""
    if unit == COUNT:
        return tell_count(round(value))
    if unit == SHARE:
        return with_percent_sign(_rounded(100 * value))
    if unit == SUM:
        # Cents tell nothing of an estimate in hundreds.
        return tell_amount(Decimal(str(round(value, 2 if abs(value) < 100 else 0))), currency)
    if unit == DAYS:
        days = _rounded(value)
        if round(value, 1) == round(value) or value >= 10:
            return ngettext("%(days)s day", "%(days)s days", round(value)) % {"days": days}
        return pgettext("a part of a day", "%(days)s days") % {"days": days}
    if unit == RANK:
        return tell_rounded(value, 0)
    return tell_rounded(value, 2)


def tell_count(count: int) -> str:
    """Return a whole number with its thousands apart, in the reader's language."""
    return str(number_format(count, 0, force_grouping=True))


def with_percent_sign(number: str) -> str:
    """Return a number that is written already with the sign of percent as the language sets it."""
    return _("%(percent)s %%") % {"percent": number}


def _rounded(value: float) -> str:
    """Return a number with one place below ten, where it tells more than noise."""
    places = 1 if abs(value) < 10 and round(value, 1) != round(value) else 0
    return tell_rounded(value, places)


def tell_value(one: Shown) -> str:
    """Return what a figure comes to, or why nothing can be said."""
    if one.value is None:
        return str(MISSING.get(one.why, MISSING["none"]))
    return tell_number(one.value, one.figure.unit, one.currency)


def tell_range(one: Shown) -> str:
    """Return between what a figure lies, and of how many it was counted; empty for a plain count."""
    if one.value is None:
        return ""
    parts = []
    if one.low is not None and one.high is not None:
        values = [tell_number(end, one.figure.unit, one.currency) for end in (one.low, one.high)]
        parts.append(_("between %(low)s and %(high)s") % {"low": values[0], "high": values[1]})
    if one.of is not None:
        parts.append(_("of %(count)s") % {"count": tell_count(one.of)})
    return ", ".join(parts)


def tell_change(one: Shown) -> str:
    """Return how a figure moved since the quarter before, in words; empty where that is not known."""
    change = one.change
    if change is None:
        return ""
    told = tell_number(abs(change), one.figure.unit, one.currency)
    if one.figure.unit == SHARE:
        told = _("%(points)s points") % {"points": _rounded(100 * abs(change))}
    if change > 0:
        return _("%(amount)s more than in the quarter before") % {"amount": told}
    if change < 0:
        return _("%(amount)s less than in the quarter before") % {"amount": told}
    return _("as in the quarter before")


def tell_quarter(quarter: str) -> str:
    """Return a quarter as people write it."""
    year, number = quarter.split("-Q")
    return _("Quarter %(number)s of %(year)s") % {"number": number, "year": year}
