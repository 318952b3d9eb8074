"""Forms of rounds and juries: invitation, expertise, reasons, and declaration."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.form_fields import ZoneField, choice_field, suggest_zones
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.zones import load_zone, localise
from proxeny.labels.models import Juror, Round
from proxeny.labels.operations.declaring import MOST_REASON
from proxeny.labels.operations.rounds import MOST_WHY
from proxeny.labels.queries.own_jury import Applicant
from proxeny.partnerships.record_forms import FORMS, Room, RoomForm

_MOMENTS = ("opens_at", "closes_at")
_SHOWN = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and a time as clocks somewhere show them: the form says where."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_SHOWN)
        super().__init__(widget=widget, **given)

    def to_python(self, value: Any) -> datetime | None:
        """Return the input without a zone; a moment that names one stays that moment."""
        if isinstance(value, datetime):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not 2000 <= moment.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


if TYPE_CHECKING:
    _OfRounds = RoomForm
else:
    _OfRounds = FORMS["label-round"]


class RoundForm(_OfRounds):
    """A round with its application period, in its own time zone."""

    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(
        label=_("Closes"),
        help_text=_(
            "Up to and including this minute. After publication, it can only be moved later."
        ),
    )
    zone = ZoneField(label=_("Time zone for both"))

    field_order = ("title", "opens_at", "closes_at", "zone", "places", "decides_on")

    def __init__(self, *args: Any, room: Room, **given: Any) -> None:
        super().__init__(*args, room=room, **given)
        suggest_zones(self, "zone", (one.organisation.country for one in room.parties))

    def _initial(self, *args: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super()._initial(*args)
        initial.setdefault("zone", Round._meta.get_field("zone").default)
        #: What is saved, to the second, by what is shown of it.
        self.exact: dict[str, tuple[datetime, datetime]] = {}
        try:
            zone = load_zone(str(initial["zone"]))
        except InvalidInput:
            return initial
        for name in _MOMENTS:
            if isinstance(moment := initial.get(name), datetime):
                local = moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
                self.exact[name] = (local, moment)
                initial[name] = local
        return initial

    def to_values(self) -> dict[str, Any]:
        """Return the values for the operations."""
        values: dict[str, Any] = super().to_values()
        zone = load_zone(values["zone"])
        for name in _MOMENTS:
            moment = values[name]
            shown, saved = self.exact.get(name, (None, None))
            if moment == shown and values["zone"] == self.initial["zone"]:
                values[name] = saved
            elif moment.tzinfo is None:
                values[name] = localise(moment.date(), moment.time(), zone, field=name)
        return values


def use_round_form() -> None:
    """Let rounds be written by their own form; called when Django is ready."""
    FORMS["label-round"] = RoundForm


class WhyForm(forms.Form):
    """A reason that both sides read."""

    why = forms.CharField(
        label=_("Your reason"),
        max_length=MOST_WHY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ExpertForm(forms.Form):
    """A juror's expertise and maximum number of applications."""

    use_required_attribute = False

    topics = forms.CharField(
        label=_("Fields of expertise"),
        required=False,
        max_length=1600,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_(
            "Separate with commas. Fields that an application also names count as a match."
        ),
    )
    most = forms.IntegerField(
        label=_("Maximum number of applications"),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, juror: Juror | None = None, **kwargs: Any) -> None:
        if juror is not None:
            kwargs["initial"] = {"topics": ", ".join(juror.topics), "most": juror.most}
            kwargs["auto_id"] = f"id_{juror.pk}_%s"
        super().__init__(*args, **kwargs)

    def to_values(self) -> dict[str, Any]:
        """Return the values by the operations' parameter names."""
        return {"topics": self.cleaned_data["topics"].split(","), "most": self.cleaned_data["most"]}


class AskForm(ExpertForm):
    """The person to invite."""

    person_id = forms.TypedChoiceField(label=_("Who"), coerce=int)

    field_order = ("person_id", "topics", "most")

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "person_id").choices = [
            ("", "–"),
            *((one.pk, tell_name(one.name)) for one in people),
        ]

    def to_values(self) -> dict[str, Any]:
        """Return the values by the operations' parameter names."""
        return {**super().to_values(), "person_id": self.cleaned_data["person_id"]}


class GiveForm(forms.Form):
    """The juror to give an application to."""

    juror_id = forms.TypedChoiceField(label=_("Juror"), coerce=int)
    application_id = forms.TypedChoiceField(label=_("Application"), coerce=int)

    def __init__(
        self,
        *args: Any,
        jurors: Iterable[tuple[int, str]],
        applications: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "juror_id").choices = [("", "–"), *jurors]
        choice_field(self, "application_id").choices = [
            ("", "–"),
            *applications,
        ]


class DeclareForm(forms.Form):
    """A juror's conflicts of interest: a tick and a reason for each applicant."""

    def __init__(self, *args: Any, applicants: Sequence[Applicant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = applicants
        for one in applicants:
            number = one.organisation_id
            tick = forms.BooleanField(
                label=_("I have a conflict of interest"),
                required=False,
                initial=one.conflicts,
                disabled=one.is_own,
            )
            tick.widget.attrs["data-conflict"] = ""
            self.fields[f"conflict_{number}"] = tick
            self.fields[f"reason_{number}"] = forms.CharField(
                label=_("Reason"),
                required=False,
                max_length=MOST_REASON,
                initial=one.reason,
                widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            )
        self.fields["looked"] = forms.BooleanField(
            label=_(
                "I have checked all of them. I have no conflict of interest with those I have "
                "not ticked."
            ),
            error_messages={"required": _("Confirm that you have checked all of them.")},
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return each applicant with its two fields."""
        return [
            {
                "who": one,
                "tick": self[f"conflict_{one.organisation_id}"],
                "reason": self[f"reason_{one.organisation_id}"],
            }
            for one in self.applicants
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a tick without a reason, beside it."""
        values = super().clean() or {}
        for one in self.applicants:
            name = f"reason_{one.organisation_id}"
            is_bare = values.get(f"conflict_{one.organisation_id}") and not values.get(name)
            if is_bare and not one.is_own and name not in self.errors:
                self.add_error(name, _("Describe it in a few words."))
        return values

    def to_conflicts(self) -> dict[int, str]:
        """Return the reasons by the number of the organisation."""
        return {
            one.organisation_id: self.cleaned_data[f"reason_{one.organisation_id}"]
            for one in self.applicants
            if self.cleaned_data[f"conflict_{one.organisation_id}"]
        }
