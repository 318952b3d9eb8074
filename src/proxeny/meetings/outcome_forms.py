"""The form that says which meetings are compared, and by what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.queries.funnel import groups_for
from proxeny.meetings.queries.funnel_groups import (
    AMBASSADOR,
    EVENT,
    GROUPS,
    MEMBER,
    SECTOR,
    SOURCE,
)

_LABELS = {
    MEMBER: _("Members"),
    SECTOR: _("Sectors"),
    AMBASSADOR: _("Ambassadors"),
    EVENT: _("Events"),
    SOURCE: _("How it was arranged"),
}


def _day(label: Any) -> forms.DateField:
    field = forms.DateField(label=label, required=False)
    field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return field


class OutcomeFilter(forms.Form):
    """By what the meetings are grouped, and from which day to which they count."""

    by = forms.ChoiceField(label=_("Compare"))
    since = _day(_("From"))
    until = _day(_("Until"))

    def __init__(self, data: Any, *, reader: Reader, partnership_id: int) -> None:
        asked = {**data.dict(), "by": data.get("by") or MEMBER}
        super().__init__(asked)
        # A reader without permission for a grouping is told that, rather than that it doesn't exist.
        names = {*groups_for(reader, partnership_id), asked["by"]}
        choice_field(self, "by").choices = [(one, _LABELS[one]) for one in GROUPS if one in names]
