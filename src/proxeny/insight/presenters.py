"""Figures in the reader's language, with unknown values named as such."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from proxeny.insight.board_figures import COUNT, DAYS, MEAN, RANK, SHARE, SUM
from proxeny.insight.queries.boards import Shown
from proxeny.kernel.percent import add_percent_sign
from proxeny.partnerships.amounts import tell_amount, tell_rounded

#: Reasons for showing no figure.
MISSING = {
    "none": gettext_lazy("nothing yet"),
    "few": gettext_lazy("too few to say"),
    "half": gettext_lazy("more than half are still waiting"),
    "wait": gettext_lazy("not calculated yet"),
    "unknown": gettext_lazy("not known yet"),
}


_PLACES_OF = {RANK: 0, MEAN: 1}


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
    return tell_rounded(value, _PLACES_OF.get(unit, 2))


def tell_count(count: int) -> str:
    """Return a whole number with its thousands apart, in the reader's language."""
    return str(number_format(count, 0, force_grouping=True))


def with_percent_sign(number: str) -> str:
    """Return a number that is written already with the sign of percent as the language sets it."""
    return add_percent_sign(number)


def _rounded(value: float) -> str:
    """Return a number with one place below ten, where it tells more than noise."""
    places = 1 if abs(value) < 10 and round(value, 1) != round(value) else 0
    return tell_rounded(value, places)


def tell_value(one: Shown) -> str:
    """Return the value of a figure, or the reason why there is none."""
    if one.value is None:
        return str(MISSING.get(one.why, MISSING["none"]))
    return tell_number(one.value, one.figure.unit, one.currency)


def tell_range(one: Shown) -> str:
    """Return the range of a figure, and its base; empty for a plain count."""
    if one.value is None:
        return ""
    if one.figure.unit == MEAN:
        # "3.8 of 20" would read as a mark that fails.
        text = ngettext(
            "on a scale of 1 to 5, %(count)s question answered",
            "on a scale of 1 to 5, %(count)s questions answered",
            one.of or 0,
        )
        return text % {"count": tell_count(one.of or 0)}
    parts = []
    if one.low is not None and one.high is not None:
        values = [tell_number(end, one.figure.unit, one.currency) for end in (one.low, one.high)]
        parts.append(_("between %(low)s and %(high)s") % {"low": values[0], "high": values[1]})
    if one.of is not None:
        # A share of money is shown with the total.
        whole = (
            tell_amount(Decimal(one.of), one.currency) if one.is_of_money else tell_count(one.of)
        )
        parts.append(_("of %(count)s") % {"count": whole})
    return ", ".join(parts)


def tell_change(one: Shown) -> str:
    """Return a figure's change since the quarter before, in words; empty if unknown."""
    change = one.change
    if change is None:
        return ""
    told = tell_number(abs(change), one.figure.unit, one.currency)
    if one.figure.unit == SHARE:
        told = _("%(points)s points") % {"points": _rounded(100 * abs(change))}
    if change > 0:
        return _("%(amount)s more than in the previous quarter") % {"amount": told}
    if change < 0:
        return _("%(amount)s less than in the previous quarter") % {"amount": told}
    return _("same as in the previous quarter")


def tell_quarter(quarter: str) -> str:
    """Return a quarter as people write it."""
    year, number = quarter.split("-Q")
    return _("Q%(number)s %(year)s") % {"number": number, "year": year}
