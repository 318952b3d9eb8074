"""Forms of the desk: a case, its contacts, times, and what is said along."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import Introduction, Side
from proxeny.ambassadors.operations.booking import Proposal
from proxeny.ambassadors.operations.introductions import Facts
from proxeny.ambassadors.queries.cases import Contact
from proxeny.directory.countries import country_choices
from proxeny.directory.models import Kind
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.form_fields import ZoneField, choice_field
from proxeny.kernel.zones import load_zone, localise

DURATIONS = (
    (20, _("20 minutes")),
    (30, _("half an hour")),
    (45, _("45 minutes")),
    (60, _("an hour")),
    (90, _("an hour and a half")),
    (120, _("two hours")),
    (180, _("three hours")),
)
LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]


def _area(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


class CaseForm(VersionedForm):
    """Introduction as the desk edits it, with the two contacts."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why they should meet"),
        max_length=2000,
        widget=_area(4, 2000),
        help_text=_("Both see this in the email that asks if they’d like to meet."),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    in_charge = forms.TypedChoiceField(
        label=_("In charge"), coerce=int, empty_value=None, required=False
    )
    duration_min = forms.TypedChoiceField(
        label=_("Duration"), coerce=int, choices=DURATIONS, initial=45
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("An address, or a link to an online call."),
    )
    bring = forms.CharField(
        label=_("What to bring"), max_length=1000, required=False, widget=_area(2, 1000)
    )
    needs_interpreter = forms.BooleanField(label=_("Interpreter needed"), required=False)
    interpreter = forms.CharField(label=_("Interpreter"), max_length=150, required=False)

    #: The fields that a side adds, by what they are called after the side's name.
    _CONTACT = ("person", "name", "email", "language", "time_zone")

    def __init__(
        self,
        data: Any = None,
        *,
        case: Introduction | None = None,
        team: Sequence[tuple[int, str]] = (),
        people: dict[str, list[Contact]] | None = None,
        hidden: frozenset[str] = frozenset(),
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.people, self.hidden = people or {}, hidden
        super().__init__(data, initial={**(self._saved(case) if case else {}), **(initial or {})})
        choice_field(self, "in_charge").choices = [("", _("no one yet")), *team]
        for role in Side.Role.values:
            self._add_contact(role)

    def _add_contact(self, role: str) -> None:
        known = [(str(one.person_id), one.name) for one in self.people.get(role, ())]
        self.fields[f"{role}_person"] = forms.ChoiceField(
            label=_("Contact person"),
            required=False,
            choices=[("", _("someone else, by email address")), *known],
        )
        self.fields[f"{role}_name"] = forms.CharField(
            label=_("Name"), max_length=150, required=False
        )
        self.fields[f"{role}_email"] = forms.EmailField(
            label=_("Email"), required=False, widget=forms.EmailInput(attrs={"dir": "ltr"})
        )
        self.fields[f"{role}_language"] = forms.ChoiceField(
            label=_("Email language"), choices=LANGUAGES, required=False
        )
        self.fields[f"{role}_time_zone"] = ZoneField(label=_("Time zone"), required=False)

    def contact_fields(self, role: str) -> list[Any]:
        """Return a side's fields as they are drawn."""
        return [self[f"{role}_{name}"] for name in self._CONTACT]

    @property
    def member_fields(self) -> list[Any]:
        """The member's."""
        return self.contact_fields(Side.Role.MEMBER)

    @property
    def stakeholder_fields(self) -> list[Any]:
        """The stakeholder's."""
        return self.contact_fields(Side.Role.STAKEHOLDER)

    def _saved(self, case: Introduction) -> dict[str, Any]:
        names = (
            "reason",
            "next_step",
            "next_on",
            "duration_min",
            "place",
            "bring",
            "needs_interpreter",
            "interpreter",
        )
        values = {name: getattr(case, name) for name in names}
        for one in case.sides.all():
            values |= {
                f"{one.role}_person": str(one.person_id or ""),
                f"{one.role}_name": one.name,
                f"{one.role}_email": "" if one.role in self.hidden else one.email,
                f"{one.role}_language": one.language,
                f"{one.role}_time_zone": one.time_zone,
            }
        return {**values, "version": case.version, "in_charge": case.in_charge_id or ""}

    def to_contact(self, role: str) -> Contact | None:
        """Return the contact of a side; None where nothing is given, or an address stays hidden."""
        values = {name: self.cleaned_data.get(f"{role}_{name}") or "" for name in self._CONTACT}
        language, zone = values["language"] or "en", values["time_zone"] or "Europe/Paris"
        if values["person"]:
            known = {str(one.person_id): one for one in self.people.get(role, ())}
            return known[values["person"]]
        if role in self.hidden and not values["email"]:
            return None
        if not values["name"] and not values["email"]:
            return None
        return Contact(values["name"], values["email"], language, zone)

    def facts(self) -> Facts:
        """Return what was typed."""
        values = self.cleaned_data
        names = (
            "reason",
            "next_step",
            "next_on",
            "duration_min",
            "place",
            "bring",
            "needs_interpreter",
            "interpreter",
        )
        return Facts(
            **{name: values[name] for name in names},
            in_charge_id=values["in_charge"],
            member_contact=self.to_contact(Side.Role.MEMBER),
            stakeholder_contact=self.to_contact(Side.Role.STAKEHOLDER),
        )


class StakeholderForm(forms.Form):
    """An organisation abroad that the directory does not have."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        initial=Kind.COMPANY,
        choices=[pair for pair in Kind.choices if pair[0] != Kind.CLUSTER],
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    website = forms.URLField(
        label=_("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )


class WhyForm(forms.Form):
    """A reason, or how something became known."""

    use_required_attribute = False

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=_area(3, 1000))


class NoteForm(forms.Form):
    """Something to remember."""

    use_required_attribute = False

    text = forms.CharField(label=_("Note"), max_length=4000, widget=_area(3, 4000))


class TimeForm(forms.Form):
    """A day and a time by the clocks of a zone."""

    use_required_attribute = False

    on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    at = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    time_zone = ZoneField(label=_("Time zone"))

    def clean(self) -> dict[str, Any]:
        """Work the moment out; the clocks may jump over it."""
        values = super().clean() or self.cleaned_data
        if bool(values.get("on")) != bool(values.get("at")):
            raise forms.ValidationError(_("Enter both a day and a time."))
        if values.get("on") and values.get("time_zone"):
            try:
                values["moment"] = localise(
                    values["on"], values["at"], load_zone(values["time_zone"]), field="at"
                )
            except InvalidInput as error:
                self.add_error("at", str(error))
        return values


class OfferForm(TimeForm):
    """Times to propose: chosen from the suggestions, and one entered freely."""

    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    times = forms.MultipleChoiceField(
        label=_("Times that suit all three"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, choices: Sequence[tuple[str, str]] = (), **given: Any
    ) -> None:
        super().__init__(data, **given)
        typed = data.getlist("times") if data is not None else []
        known = {value for value, _label in choices}
        # Times are recalculated while the form is open: the ones shown may still be proposed.
        more = [(value, value) for value in typed if value not in known]
        choice_field(self, "times").choices = [*choices, *more]

    def proposals(self) -> list[Proposal]:
        """Return the times that were chosen."""
        from django.utils.dateparse import parse_datetime

        found = [parse_datetime(text) for text in self.cleaned_data["times"]]
        moments = [one for one in found if one is not None and one.utcoffset() is not None]
        if self.cleaned_data.get("moment"):
            moments.append(self.cleaned_data["moment"])
        return [Proposal(one) for one in sorted(set(moments))]


class BookForm(TimeForm):
    """A time that was agreed in another way."""

    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    why = forms.CharField(
        label=_("When and how it was agreed"),
        max_length=300,
        help_text=_("For example: both confirmed by phone on Monday."),
    )


class AnswerForm(forms.Form):
    """Answer of a side given by phone or in person."""

    use_required_attribute = False

    role = forms.ChoiceField(label=_("Who"), choices=Side.Role.choices, widget=forms.HiddenInput)
    wants = forms.TypedChoiceField(
        label=_("Their answer"),
        coerce=lambda text: text == "yes",
        choices=[("yes", _("Would like to meet")), ("no", _("Would rather not"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    why = forms.CharField(label=_("When and how they told you"), max_length=1000)


class ReassignForm(forms.Form):
    """New person in charge of cases, and the reason."""

    use_required_attribute = False

    person = forms.TypedChoiceField(label=_("Hand over to"), coerce=int)
    why = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, team: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(data)
        choice_field(self, "person").choices = list(team)
