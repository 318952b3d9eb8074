"""The form that says more of an agreement: its kind, and what it is worth."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.meetings.models import Rating
from proxeny.partnerships.sums import MOST_WORTH


class AgreementForm(forms.Form):
    """Kind of agreement that a meeting has led to, with an optional value."""

    agreed = forms.ChoiceField(
        label=_("Kind of agreement"),
        choices=[("", _("Choose one")), *Rating.Agreed.choices],
        error_messages={"required": _("Choose the kind of agreement.")},
    )
    worth = forms.DecimalField(
        label=_("How much it’s worth"),
        required=False,
        min_value=0,
        max_value=MOST_WORTH,
        decimal_places=2,
        help_text=_(
            "A rough figure over its whole term. Both clusters add these up; the other side "
            "never sees it."
        ),
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        required=False,
        help_text=_("Three-letter code, such as GBP."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, meeting_id: int, initial: Mapping[str, Any] | None = None
    ) -> None:
        # A page has one for each meeting: only the ids tell them apart.
        super().__init__(data, initial=dict(initial or {}), auto_id=f"id_{meeting_id}_%s")
