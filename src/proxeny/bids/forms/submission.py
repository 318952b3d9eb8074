"""Forms of deciding on a bid, submitting it, noting the answer, and beginning another one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models import Bid, Partner, Stance
from proxeny.bids.operations.deciding import MOST_WHY, MOST_WITHOUT
from proxeny.bids.operations.results import MOST_LEARNED
from proxeny.bids.operations.submitting import MOST_NUMBER, MOST_REASON
from proxeny.bids.queries.stances import mark_of
from proxeny.calls.models import Call
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.zones import city_of, load_zone, localise

_CODE = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


def _words(label: Any, most: int, *, rows: int = 4, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})
    return forms.CharField(label=label, max_length=most, widget=widget, **given)


def _one_of(label: Any, choices: Any, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **given)


def _day(label: Any, **given: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **given)


class StanceForm(forms.Form):
    """The statement of the reader's side on a bid. `seen` is the mark of the answer on the page."""

    use_required_attribute = False

    goes_on = _one_of(
        _("How much of this would continue without the grant?"),
        Stance.GoesOn.choices,
        error_messages={"required": _("Choose how much would continue without the grant.")},
    )
    without_grant = _words(
        _("What would we still do without the grant?"),
        MOST_WITHOUT,
        help_text=_(
            "Describe what you’d do, with whose staff and whose money. The other side can read "
            "this."
        ),
        error_messages={
            "required": _(
                "Write at least one sentence: what you’d still do without the grant, and with "
                "whose money."
            )
        },
    )
    says = _one_of(
        _("Does your side want to bid?"),
        Stance.Says.choices,
        error_messages={"required": _("Choose whether your side wants to bid.")},
    )
    why = _words(
        _("Reason"),
        MOST_WHY,
        rows=3,
        required=False,
        help_text=_("Required if you won’t bid. The other side can read this."),
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, stance: Stance | None = None) -> None:
        initial: dict[str, Any] = {"seen": mark_of(stance)}
        if stance is not None:
            initial |= {
                name: getattr(stance, name) for name in ("goes_on", "without_grant", "says", "why")
            }
        super().__init__(data, initial=initial)

    def to_values(self) -> dict[str, Any]:
        """Return the typed values, as the operation takes them."""
        return dict(self.cleaned_data)


class SubmitForm(forms.Form):
    """The time of submission, in the reader's time zone, and its number.

    `seen`: the version shown.
    """

    use_required_attribute = False

    submitted_on = _day(_("Sent on"))
    submitted_time = forms.TimeField(
        label=_("Time of submission"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    number = forms.CharField(
        label=_("Submission number"),
        max_length=MOST_NUMBER,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("As shown on the funder’s receipt."),
    )
    anyway = forms.BooleanField(
        label=_("It was submitted with items still missing"), required=False
    )
    although = _words(_("Reason for submitting anyway"), MOST_REASON, rows=2, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, bid: Bid, zone: str, now: datetime) -> None:
        self.zone = zone
        here = now.astimezone(load_zone(zone))
        super().__init__(
            data,
            initial={
                "submitted_on": here.date(),
                "seen": bid.version,
                "submitted_time": here.time().replace(second=0, microsecond=0),
            },
        )
        self.fields["submitted_time"].help_text = _("Local time in %(city)s.") % {
            "city": city_of(zone)
        }

    def clean(self) -> dict[str, Any]:
        """Work the moment out, and ask for a reason where one is needed."""
        values = super().clean() or self.cleaned_data
        if values.get("anyway") and not values.get("although"):
            self.add_error("although", _("Explain why it was submitted anyway."))
        if {"submitted_on", "submitted_time"} <= values.keys():
            try:
                values["submitted_at"] = localise(
                    values["submitted_on"],
                    values["submitted_time"],
                    load_zone(self.zone),
                    field="submitted_time",
                )
            except InvalidInput as error:
                self.add_error("submitted_time", str(error))
        return values

    def to_values(self) -> dict[str, Any]:
        """Return the typed values, as the operation takes them."""
        typed = self.cleaned_data
        return {
            "version": typed["seen"],
            "submitted_at": typed["submitted_at"],
            "number": typed["number"],
            "although": typed["although"] if typed["anyway"] else "",
        }


class ResultForm(forms.Form):
    """The funder's decision. `seen` is the version that the page showed."""

    use_required_attribute = False

    answer = _one_of(
        _("What did the funder decide?"),
        [(one.value, one.label) for one in (Bid.State.WON, Bid.State.RESERVE, Bid.State.LOST)],
        error_messages={"required": _("Choose what the funder decided.")},
    )
    decided_on = _day(
        _("Decided on"), error_messages={"required": _("Enter the date of the decision.")}
    )
    points = forms.DecimalField(
        label=_("Points"),
        required=False,
        max_digits=7,
        decimal_places=2,
        min_value=0,
        widget=forms.NumberInput(attrs={"min": 0, "step": "any"}),
    )
    granted = forms.DecimalField(
        label=_("Grant"),
        required=False,
        max_digits=15,
        decimal_places=2,
        min_value=0,
        widget=forms.NumberInput(attrs={"min": 0, "step": "any"}),
    )
    learned = _words(
        _("What we learned"),
        MOST_LEARNED,
        rows=5,
        required=False,
        help_text=_(
            "What the evaluators said, and what you would and wouldn’t do again. Required if the "
            "bid isn’t funded: the next one starts from here."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, bid: Bid) -> None:
        initial = {
            name: getattr(bid, name) for name in ("decided_on", "points", "granted", "learned")
        } | {"seen": bid.version}
        is_answered = bid.state != Bid.State.SUBMITTED
        super().__init__(data, initial=initial | ({"answer": bid.state} if is_answered else {}))
        self.fields["granted"].help_text = bid.call.currency
        # Of no answer there is no day.
        self.fields["decided_on"].required = not data or data.get("answer") != Bid.State.SUBMITTED
        if is_answered:
            field: Any = self.fields["answer"]
            field.choices = [*field.choices, (Bid.State.SUBMITTED.value, _("No answer yet"))]

    def to_values(self) -> dict[str, Any]:
        """Return the typed values, as the operation takes them."""
        typed = dict(self.cleaned_data)
        typed["version"] = typed.pop("seen")
        return typed


class FindCallForm(forms.Form):
    """Words by which a call is found."""

    q = forms.CharField(
        label=_("Find a call"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class CopyForm(forms.Form):
    """The call of a new bid, and the former partners to plan with again."""

    use_required_attribute = False

    call = forms.TypedChoiceField(
        label=_("For which call?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a call."), "invalid_choice": _("Choose a call.")},
    )
    title = forms.CharField(
        label=_("Project title"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    also = forms.TypedMultipleChoiceField(
        label=_("Include partners who declined or left"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, bid: Bid, calls: Mapping[int, str], gone: Iterable[Partner]
    ) -> None:
        super().__init__(data, initial={"title": bid.title})
        choice_field(self, "call").choices = list(calls.items())
        left = [(one.pk, one.name) for one in gone]
        if left:
            choice_field(self, "also").choices = left
        else:
            del self.fields["also"]

    def to_values(self) -> dict[str, Any]:
        """Return the typed values, as the operation takes them."""
        typed = self.cleaned_data
        return {
            "call_id": typed["call"],
            "title": typed["title"],
            "also": typed.get("also") or (),
        }


def labels_of(calls: Iterable[Call], tell: Any) -> dict[int, str]:
    """Return calls as they are chosen from, by their numbers; `tell` says when one closes."""
    return {one.pk: f"{one.title} · {one.reference} · {tell(one)}" for one in calls}
