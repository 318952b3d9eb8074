"""Form for delegating decisions on a matter to another party."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.models import Delegation, Party


class DelegationForm(forms.Form):
    """To which party, on which matter, until when, on which conditions."""

    receiver = forms.TypedChoiceField(label=_("Party that can decide on your behalf"), coerce=int)
    matter = forms.ChoiceField(
        label=_("What it can decide"), choices=Delegation.Matter.choices, widget=forms.RadioSelect
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty to keep it in force until you revoke it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Conditions"),
        max_length=500,
        required=False,
        help_text=_("For instance: for events of up to 50 people. All sides can read this."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, others: Iterable[Party]) -> None:
        super().__init__(data)
        named = [(one.pk, one.organisation.name) for one in others]
        choice_field(self, "receiver").choices = named if len(named) == 1 else [("", "–"), *named]

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        values = dict(self.cleaned_data)
        return {"receiver_id": values.pop("receiver"), **values}
