"""Forms of plans: a step, and what was learned once all are done."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.forms.requests import area, day
from proxeny.assessments.models import Step
from proxeny.assessments.operations.plan import StepFacts
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.view_helpers import read_number

#: Who can do a step: adviser's or side's key, and how it is told.
Owners = Sequence[tuple[str, str]]


class _Step(forms.Form):
    """A step with its day and owner."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Step"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Enter what needs to be done.")},
    )
    due_on = forms.DateField(
        label=_("Due"), widget=day(), error_messages={"required": _("Enter a due date.")}
    )
    owner = forms.ChoiceField(
        label=_("Assigned to"),
        required=False,
        error_messages={
            "invalid_choice": _(
                "Choose an adviser of this assessment who has declared no conflict of interest."
            )
        },
    )

    def offer(self, owners: Owners) -> None:
        """Set the choices of owners."""
        choice_field(self, "owner").choices = [
            ("", _("No one yet")),
            *owners,
        ]

    def facts(self) -> StepFacts:
        """Return the values for the operation."""
        kind, _dash, number = self.cleaned_data["owner"].partition("-")
        found = read_number(number) or None
        return StepFacts(
            title=self.cleaned_data["title"],
            due_on=self.cleaned_data["due_on"],
            party=found if kind == "side" else None,
            person=found if kind == "person" else None,
        )


class NewStepForm(_Step):
    """A step that is added."""

    def __init__(self, data: Any = None, *, owners: Owners) -> None:
        super().__init__(data)
        self.offer(owners)


class StepForm(_Step, VersionedForm):
    """A step that is changed."""

    def __init__(self, data: Any = None, *, step: Step, owners: Owners) -> None:
        owner = f"side-{step.party_id}" if step.party_id else ""
        owner = f"person-{step.person_id}" if step.person_id else owner
        initial = {
            "title": step.title,
            "due_on": step.due_on,
            "owner": owner,
            "version": step.version,
        }
        super().__init__(data, initial=initial)
        self.offer(owners)


class CloseForm(forms.Form):
    """The lesson learned from an engagement. `seen` is the version that was read."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What you learned"),
        max_length=1000,
        widget=area(3, 1000),
        help_text=_(
            "For the next time this question comes up. Don’t name the company: every later team "
            "will read it."
        ),
        error_messages={"required": _("Summarise what you learned in one sentence.")},
    )
