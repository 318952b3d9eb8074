"""The form that says more of an agreement: its kind, and what it is worth."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.meetings.models import Rating
from proxeny.partnerships.sums import MOST_WORTH


class AgreementForm(forms.Form):
    """What kind of agreement a meeting has led to; its worth is told by who wants to."""

    agreed = forms.ChoiceField(
        label=_("What kind of agreement"),
        choices=[("", _("Choose one")), *Rating.Agreed.choices],
        error_messages={"required": _("Say what kind of agreement it is.")},
    )
    worth = forms.DecimalField(
        label=_("What it is worth"), required=False, min_value=0, max_value=MOST_WORTH,
        decimal_places=2,
        help_text=_("Roughly, over its whole term. Both clusters add it up; the other side never reads it."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False,
        help_text=_("Its three letters, such as GBP."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, meeting_id: int, initial: Mapping[str, Any] | None = None
    ) -> None:
        # A page has one for each meeting: only the ids tell them apart.
        super().__init__(data, initial=initial, auto_id=f"id_{meeting_id}_%s")
