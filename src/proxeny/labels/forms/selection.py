"""Forms of decisions: what a jury may say, its meeting, letters, appeals and places given up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.labels.models import Result
from proxeny.labels.operations.appeals import MOST_ANSWER, MOST_TEXT
from proxeny.labels.operations.letters import MOST_FEEDBACK, MOST_IMPROVEMENTS, mark_of
from proxeny.labels.operations.meetings import MOST_MINUTES, MOST_PRESENT, Meeting
from proxeny.labels.operations.moving_up import MOST_WHY
from proxeny.labels.operations.selecting import Wish

#: So many keys and numbers of a wish are read at most.
_MOST = 200


def read_wish(data: QueryDict) -> Wish:
    """Return the jury's choices from an address or a form; invalid keys and numbers are ignored."""
    numbers = [one for one in data.getlist("prefer")[:_MOST] if one.isdecimal() and len(one) < 9]
    return Wish(
        tuple(dict.fromkeys(one[:24] for one in data.getlist("without")[:_MOST] if one)),
        tuple(dict.fromkeys(map(int, numbers))),
        data.get("as_far") == "1",
    )


def _words(label: Any, most: int, *, rows: int = 4, empty: Any = "", **given: Any) -> Any:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})
    if empty:
        given["error_messages"] = {"required": empty}
    return forms.CharField(label=label, max_length=most, widget=widget, **given)


class MeetingForm(forms.Form):
    """A jury's meeting: its day, its participants and its minutes."""

    use_required_attribute = False

    held_on = forms.DateField(
        label=_("Meeting date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the date the jury met.")},
    )
    present = _words(
        _("Who took part"),
        MOST_PRESENT,
        rows=2,
        empty=_("Enter the participants."),
        help_text=_("Names, each with their cluster."),
    )
    minutes = _words(_("Minutes"), MOST_MINUTES, rows=10, empty=_("Enter the minutes."))

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
        _("Why the jury chose this way"),
        2000,
        rows=2,
        required=False,
        help_text=_("Included in the minutes."),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, asks_why: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if not asks_why:
            del self.fields["why"]


class MoveUpForm(MeetingForm):
    """The next application to get a place; `number` is the one that was shown."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(MeetingForm):
    """The answer to an appeal."""

    answer = _words(
        pgettext_lazy("what someone answered", "Answer"),
        MOST_ANSWER,
        rows=6,
        empty=_("Enter the answer to the appeal."),
        help_text=_("The applicant can read this."),
    )
    grants = forms.BooleanField(
        label=_("Grant the appeal: the application gets a place and keeps its points"),
        required=False,
    )
    field_order = ["answer", "grants", "held_on", "present", "minutes"]

    def __init__(self, data: Any = None, *, asks_grant: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if not asks_grant:
            del self.fields["grants"]


class LetterForm(forms.Form):
    """The text of a letter. `seen` is the mark of the version that the page showed."""

    use_required_attribute = False

    feedback = _words(
        _("Jury’s feedback"), MOST_FEEDBACK, rows=10, empty=_("Enter the jury’s feedback.")
    )
    improvements = _words(
        _("Suggested improvements"),
        MOST_IMPROVEMENTS,
        rows=8,
        required=False,
        help_text=_("Be specific: what, by how much, and how it would show."),
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, result: Result) -> None:
        super().__init__(
            data,
            initial={
                "feedback": result.feedback,
                "improvements": result.improvements,
                "seen": mark_of(result),
            },
        )

    def to_values(self) -> Mapping[str, str]:
        """Return the values for the operation."""
        return dict(self.cleaned_data)


class AppealForm(forms.Form):
    """An applicant's objections to a decision."""

    use_required_attribute = False

    text = _words(
        _("Grounds for the appeal"),
        MOST_TEXT,
        rows=6,
        empty=_("Enter the grounds for your appeal."),
        help_text=_(
            "Name the indicator and what was overlooked. The other jurors can’t read this."
        ),
    )


class GiveUpForm(forms.Form):
    """The reason for giving a place up."""

    use_required_attribute = False

    why = _words(_("Reason"), MOST_WHY, rows=2, empty=_("Give a reason. The clusters can read it."))
