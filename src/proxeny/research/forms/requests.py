"""Forms of requests for data: asking, deciding, looking for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.research.models import DataRequest
from proxeny.research.operations.requests import Asking
from proxeny.research.queries.requests import Wanted


class AskForm(forms.Form):
    """What somebody says who asks for data."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    organisation = forms.CharField(
        label=_("You work for"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("The answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("What you want it for"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    agrees = forms.BooleanField(
        label=_("I agree to these terms"),
        error_messages={"required": _("The data is given to whoever agrees to its terms.")},
    )
    #: People do not see it, and leave it empty.
    website = forms.CharField(
        required=False, max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    @property
    def is_of_program(self) -> bool:
        """Whether something filled in what no person sees."""
        return bool(self.cleaned_data.get("website"))

    def asking(self) -> Asking:
        """Return what was said."""
        data = self.cleaned_data
        return Asking(data["name"], data["organisation"], data["email"], data["purpose"])


class GrantForm(forms.Form):
    """Until which day somebody is let in."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RefuseForm(forms.Form):
    """Why somebody is refused, or not let in any more."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."),
    )  # fmt: skip


class FindRequestsForm(forms.Form):
    """What is looked for among requests."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *DataRequest.State.choices]
    )

    def wanted(self, **more: Any) -> Wanted:
        """Return what is looked for; what makes no sense is not."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(q=found.get("q", ""), state=found.get("state", ""), **more)
