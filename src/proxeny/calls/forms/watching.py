"""The reminder settings of a watched call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.calls.models.watching import DAYS


class WatchForm(forms.Form):
    """The number of days before the deadline; with none, only moved deadlines are reported."""

    days_before = forms.TypedMultipleChoiceField(
        label=_("Remind me"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(30, _("30 days before")), (14, _("14 days before")), (3, _("3 days before"))],
    )

    def days(self) -> list[int] | None:
        """Return the chosen days; None where the form is invalid."""
        if not self.is_valid():
            return None
        return [one for one in self.cleaned_data["days_before"] if one in DAYS]
