"""Forms of decisions: what a jury may say, its meeting, letters, appeals and places given up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from proxeny.labels.models import Result
from proxeny.labels.operations.appeals import MOST_ANSWER, MOST_TEXT
from proxeny.labels.operations.deciding import MOST_MINUTES, MOST_PRESENT, Meeting
from proxeny.labels.operations.letters import MOST_FEEDBACK, MOST_IMPROVEMENTS, mark_of
from proxeny.labels.operations.moving_up import MOST_WHY
from proxeny.labels.operations.selecting import Wish

#: So many keys and numbers of a wish are read at most.
_MOST = 200


def read_wish(data: QueryDict) -> Wish:
    """Return what a page or a form says of a selection; what is no key or number is left out."""
    numbers = [one for one in data.getlist("prefer")[:_MOST] if one.isdecimal() and len(one) < 9]
    return Wish(
        tuple(dict.fromkeys(one[:24] for one in data.getlist("without")[:_MOST] if one)),
        tuple(dict.fromkeys(map(int, numbers))), data.get("as_far") == "1",
    )  # fmt: skip


def _words(label: Any, most: int, *, rows: int = 4, empty: Any = "", **given: Any) -> Any:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})
    if empty:
        given["error_messages"] = {"required": empty}
    return forms.CharField(label=label, max_length=most, widget=widget, **given)


class MeetingForm(forms.Form):
    """When the jury met, who took part, and the minutes."""

    use_required_attribute = False

    held_on = forms.DateField(
        label=_("Day of the meeting"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say when the jury met.")},
    )
    present = _words(
        _("Who took part"), MOST_PRESENT, rows=2, empty=_("Write who took part."),
        help_text=_("Names, with the cluster of each."),
    )  # fmt: skip
    minutes = _words(_("Minutes"), MOST_MINUTES, rows=10, empty=_("Write the minutes."))

    def __init__(
        self, data: Any = None, *, today: date, minutes: str = "", **initial: object
    ) -> None:
        super().__init__(data, initial={"held_on": today, "minutes": minutes, **initial})

    def to_meeting(self) -> Meeting:
        """Return the meeting, as operations take it."""
        typed = self.cleaned_data
        return Meeting(typed["held_on"], typed["present"], typed["minutes"], typed.get("why", ""))


class DecideForm(MeetingForm):
    """A decision on what was shown: `seen` is its fingerprint."""

    why = _words(
        _("Why the jury chose so"), 2000, rows=2, required=False,
        help_text=_("It stands in the minutes."),
    )  # fmt: skip
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, asks_why: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if not asks_why:
            del self.fields["why"]


class MoveUpForm(MeetingForm):
    """Who moves up; `number` is who was shown as next."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(MeetingForm):
    """The answer to an appeal."""

    answer = _words(
        _("Answer"), MOST_ANSWER, rows=6, empty=_("Write what you answer."),
        help_text=_("The applicant reads it."),
    )  # fmt: skip
    field_order = ["answer", "held_on", "present", "minutes"]


class LetterForm(forms.Form):
    """What a letter says. `seen` is the mark of what the page showed."""

    use_required_attribute = False

    feedback = _words(
        _("What the jury says"), MOST_FEEDBACK, rows=10, empty=_("Write what the jury says.")
    )
    improvements = _words(
        _("What would make it better"), MOST_IMPROVEMENTS, rows=8, required=False,
        help_text=_("Concrete: what, by how much, and how one would see it."),
    )  # fmt: skip
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, result: Result) -> None:
        super().__init__(data, initial={
            "feedback": result.feedback, "improvements": result.improvements,
            "seen": mark_of(result),
        })  # fmt: skip

    def to_values(self) -> Mapping[str, str]:
        """Return what was typed, as the operation takes it."""
        return dict(self.cleaned_data)


class AppealForm(forms.Form):
    """What an applicant finds not right."""

    use_required_attribute = False

    text = _words(
        _("What is not right"), MOST_TEXT, rows=6, empty=_("Write what is not right."),
        help_text=_("Name the indicator, and what was not seen. The other jurors do not read this."),
    )  # fmt: skip


class GiveUpForm(forms.Form):
    """Why an applicant gives its place up."""

    use_required_attribute = False

    why = _words(_("Why"), MOST_WHY, rows=2, empty=_("Say why: the clusters read it."))
