"""The form that says of which days the desk reports, and in which language it is taken."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: What calendars of people reach; beyond, moments overflow in another zone.
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


def _day(label: Any) -> forms.DateField:
    field = forms.DateField(label=label, required=False)
    field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return field


class ReportForm(forms.Form):
    """From which day to which; all of them if neither is given."""

    since = _day(_("From"))
    until = _day(_("Until"))

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, and such as no calendar has."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and not _FIRST <= day <= _LAST:
                self.add_error(
                    name,
                    _("Choose a day of the years %(first)d to %(last)d.")
                    % {"first": _FIRST.year, "last": _LAST.year},
                )
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first."))
        return given
