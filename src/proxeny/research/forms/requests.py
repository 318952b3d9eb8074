"""Forms of requests for data: asking, deciding, looking for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.research.models import DataRequest
from proxeny.research.operations.requests import Asking
from proxeny.research.queries.requests import Wanted


class AskForm(forms.Form):
    """A request for data."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We’ll send the answer there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    purpose = forms.CharField(
        label=_("How you’ll use the data"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    agrees = forms.BooleanField(
        label=_("I agree to these terms"),
        error_messages={"required": _("Agree to the terms to request the data.")},
    )
    #: People do not see it, and leave it empty.
    website = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_of_program(self) -> bool:
        """Whether something filled in what no person sees."""
        return bool(self.cleaned_data.get("website"))

    def asking(self) -> Asking:
        """Return the request's values."""
        data = self.cleaned_data
        return Asking(data["name"], data["organisation"], data["email"], data["purpose"])


class GrantForm(forms.Form):
    """The last day of access to the data."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RefuseForm(forms.Form):
    """The reason for refusing or revoking access."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The requester will see this."),
    )


class FindRequestsForm(forms.Form):
    """A filter for requests."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *DataRequest.State.choices]
    )

    def wanted(self, **more: Any) -> Wanted:
        """Return the filter; invalid values are ignored."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(q=found.get("q", ""), state=found.get("state", ""), **more)
