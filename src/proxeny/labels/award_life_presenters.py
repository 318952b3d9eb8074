"""Check-ups and achievements of awards, in words. Nothing here queries the database."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.labels.models import Checkup
from proxeny.partnerships.amounts import tell_amount

#: What each state of a check-up is called, with its tone.
CHECKUP_NAMES: dict[str, tuple[Any, str]] = {
    "waiting": (pgettext_lazy("a check-up", "Awaiting answer"), "info"),
    "late": (pgettext_lazy("a check-up", "Overdue"), "warn"),
    "to-review": (pgettext_lazy("a check-up", "Answered, to be checked"), "warn"),
    "reviewed": (pgettext_lazy("a check-up", "Checked"), "ok"),
}
STILL: dict[bool | None, Any] = {
    True: _("still matches what it was awarded for"),
    False: _("no longer matches what it was awarded for"),
    None: "",
}


def tell_figure_of(one: Checkup) -> str:
    """Return the figure of what was achieved: a sum with its currency, or a number."""
    if one.amount is None:
        return ""
    if one.currency:
        return tell_amount(one.amount, one.currency)
    digits = 0 if one.amount == one.amount.to_integral_value() else 2
    return str(number_format(one.amount, digits, use_l10n=True, force_grouping=True))
