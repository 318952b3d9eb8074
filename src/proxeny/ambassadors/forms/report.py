"""The form that says of which days the desk reports, and in which language it is taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any) -> forms.DateField:
    field = forms.DateField(label=label, required=False)
    field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return field


class ReportForm(forms.Form):
    """From which day to which; all of them if neither is given."""

    since = _day(_("From"))
    until = _day(_("Until"))

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day can’t be before the first day."))
        return given
