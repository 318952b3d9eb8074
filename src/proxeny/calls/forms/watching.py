"""When one is reminded of a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.calls.models.watching import DAYS


class WatchForm(forms.Form):
    """How many days before the deadline; none is chosen: the deadline's moves alone are told."""

    days_before = forms.TypedMultipleChoiceField(
        label=_("Remind me"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(30, _("30 days before")), (14, _("14 days before")), (3, _("3 days before"))],
    )  # fmt: skip

    def days(self) -> list[int] | None:
        """Return the days chosen; None where something else stands there."""
        if not self.is_valid():
            return None
        return [one for one in self.cleaned_data["days_before"] if one in DAYS]
