"""Forms of give and take, and of the rhythm of catch-ups."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.amounts import EVERY, tell_every
from proxeny.partnerships.models import Rhythm


class RhythmForm(forms.Form):
    """Interval of a rhythm, and its start."""

    every_days = forms.TypedChoiceField(
        label=_("How often"), coerce=int, empty_value=None, required=False
    )
    since_on = forms.DateField(
        label=_("Starting from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    in_person = forms.TypedChoiceField(
        choices=[("True", ""), ("False", "")],
        coerce=lambda text: text == "True",
        widget=forms.HiddenInput,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, rhythm: Rhythm | None = None, in_person: bool = False
    ) -> None:
        initial = {
            "every_days": rhythm.every_days if rhythm else "",
            "since_on": rhythm.since_on if rhythm else timezone.localdate(),
            "in_person": str(in_person),
            "seen": rhythm.version if rhythm else 0,
        }
        super().__init__(data, initial=initial, auto_id=f"id_{int(in_person)}_%s")
        choices: dict[Any, Any] = {"": _("not agreed"), **EVERY}
        if rhythm and rhythm.every_days not in EVERY:
            choices[rhythm.every_days] = tell_every(rhythm.every_days)
        choice_field(self, "every_days").choices = list(choices.items())

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        values = dict(self.cleaned_data)
        return {"version": values.pop("seen"), **values}


class AnswerForm(forms.Form):
    """Confirmation or rejection of what the other side recorded."""

    is_right = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda text: text == "yes",
        widget=forms.HiddenInput,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def to_values(self) -> dict[str, Any]:
        """Return what was answered by the operation's parameter names."""
        values = dict(self.cleaned_data)
        return {"version": values.pop("seen"), **values}
