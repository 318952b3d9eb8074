"""Forms of catch-ups: what is planned, what was said, and why one is called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.edit_conflicts import Part, VersionedForm
from proxeny.kernel.errors import InvalidInput, ProxenyError
from proxeny.kernel.form_fields import ZoneField, choice_field, suggest_zones
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.zones import load_zone, localise
from proxeny.meetings.models import CatchUp, MeetingParty
from proxeny.meetings.operations.catch_up_facts import CatchUpFacts
from proxeny.meetings.operations.minutes import Minutes, NewAction
from proxeny.meetings.queries.catch_ups import facts_of, name_of_guest
from proxeny.partnerships.models import Party
from proxeny.partnerships.record_forms import Room

DURATIONS = {
    30: _("half an hour"),
    45: _("45 minutes"),
    60: _("an hour"),
    90: _("an hour and a half"),
    120: _("two hours"),
    180: _("three hours"),
    240: _("half a day"),
    480: _("a day"),
    # Until the evening of the next day.
    1920: _("two days"),
}
#: Number of empty lines for new actions in the minutes form.
ACTION_ROWS = 3


def _guests(one: CatchUp | None) -> dict[int, list[tuple[int, str]]]:
    """Return the guests by party, with their names."""
    found: dict[int, list[tuple[int, str]]] = {}
    for guest in one.guests.all() if one else ():
        if guest.person_id:
            found.setdefault(guest.party_id, []).append((guest.person_id, name_of_guest(guest)))
    return found


@dataclass(frozen=True, slots=True)
class Side:
    """One side in a form: its party, and the field in which its people are chosen."""

    party: Party
    field: Any


class TeamForm(forms.Form):
    """The part of a form in which people of all teams are chosen, side by side."""

    use_required_attribute = False
    #: Prefix of the name of each side's field.
    prefix_of_sides = ""

    def _add_sides(self, room: Room, one: CatchUp | None, label: Any) -> None:
        self.parties = list(room.parties)
        guests = _guests(one)
        for party in self.parties:
            people: dict[int, str] = {
                person.pk: tell_name(person.name) for person in room.team.get(party.pk, ())
            }
            # A former guest who has left since stays in the list.
            people = dict(guests.get(party.pk, ())) | people
            named = sorted(people.items(), key=lambda pair: pair[1].casefold())
            self.fields[f"{self.prefix_of_sides}_{party.pk}"] = forms.TypedMultipleChoiceField(
                label=label % {"name": party.organisation.name},
                required=False,
                coerce=int,
                choices=named,
                widget=forms.CheckboxSelectMultiple,
            )

    def sides(self) -> list[Side]:
        """Return the fields in which people are chosen, in the order of the sides."""
        return [Side(party, self[f"{self.prefix_of_sides}_{party.pk}"]) for party in self.parties]

    def people(self) -> tuple[int, ...]:
        """Return the people chosen on all sides."""
        names = [f"{self.prefix_of_sides}_{party.pk}" for party in self.parties]
        return tuple(pk for name in names for pk in self.cleaned_data.get(name, ()))

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal of the people at the first side's."""
        if error.field == self.prefix_of_sides and self.parties:
            self.add_error(f"{self.prefix_of_sides}_{self.parties[0].pk}", str(error))
        else:
            super().refuse(error)  # type: ignore[misc]


class CatchUpForm(TeamForm, VersionedForm):
    """Plan of a catch-up: format, time, place, guests and agenda."""

    prefix_of_sides = "guests"

    in_person = forms.TypedChoiceField(
        label=_("How you’ll meet"),
        choices=[("False", _("By phone or video")), ("True", _("Face to face"))],
        coerce=lambda text: text == "True",
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    title = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("For example: half-year review. If left empty: catch-up."),
    )
    starts_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    duration_min = forms.TypedChoiceField(label=_("Duration"), coerce=int)
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("For a call, each guest also sees the time in their own time zone."),
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_(
            "Required if you meet face to face. For a call, enter a number or leave empty."
        ),
    )
    video_url = forms.URLField(
        label=_("Video link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    host = forms.TypedChoiceField(
        label=_("Host"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "Face to face, this counts as hosting in give and take once the catch-up has taken "
            "place."
        ),
    )
    agenda = forms.CharField(
        label=pgettext_lazy("of a catch-up", "Agenda"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "maxlength": "4000"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        room: Room,
        one: CatchUp | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**(self._saved(one) if one else {}), **(initial or {})})
        self._add_sides(room, one, _("From %(name)s"))
        choice_field(self, "host").choices = [
            ("", _("no one: a third place")),
            *((party.pk, party.organisation.name) for party in room.parties),
        ]
        choice_field(self, "duration_min").choices = self._durations()
        suggest_zones(self, "time_zone", (party.organisation.country for party in room.parties))

    def _durations(self) -> list[tuple[int, Any]]:
        now = self.initial.get("duration_min")
        known: dict[int, Any] = dict(DURATIONS)
        if now and now not in known:
            known[now] = gettext("%(count)d minutes") % {"count": now}
        return sorted(known.items())

    @staticmethod
    def _saved(one: CatchUp) -> dict[str, Any]:
        facts = facts_of(one)
        starts_at = facts["starts_at"].astimezone(load_zone(facts["time_zone"]))
        chosen = {
            f"guests_{party}": [pk for pk, _name in people]
            for party, people in _guests(one).items()
        }
        return {
            **facts,
            "version": one.version,
            "in_person": str(one.in_person),
            "starts_on": starts_at.date(),
            "starts_time": starts_at.time(),
            "host": one.host_id or "",
            **chosen,
        }

    def parts(self) -> Sequence[Part]:
        """Return what is compared: day, time and zone mean something only together."""
        when = Part("starts_at", gettext("When"), ("starts_on", "starts_time", "time_zone"))
        return [
            when if part.name == "starts_on" else part
            for part in super().parts()
            if part.name not in ("starts_time", "time_zone")
        ]

    def clean(self) -> dict[str, Any]:
        """Work the moment out; the clocks may jump over it."""
        values = super().clean() or self.cleaned_data
        if {"starts_on", "starts_time", "time_zone"} <= values.keys():
            try:
                values["starts_at"] = localise(
                    values["starts_on"],
                    values["starts_time"],
                    load_zone(values["time_zone"]),
                    field="starts_time",
                )
            except InvalidInput as error:
                self.add_error("starts_time", str(error))
        return values

    def facts(self) -> CatchUpFacts:
        """Return what was typed."""
        values = self.cleaned_data
        names = ("in_person", "title", "duration_min", "time_zone", "place", "video_url", "agenda")
        return CatchUpFacts(
            starts_at=values["starts_at"],
            guests=self.people(),
            host_id=values["host"],
            **{name: values[name] for name in names},
        )


class MinutesForm(TeamForm, VersionedForm):
    """Minutes of a catch-up: discussion, decisions, attendance and actions."""

    prefix_of_sides = "came"

    minutes = forms.CharField(
        label=_("Discussion"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "maxlength": "20000"}),
    )
    decisions = forms.CharField(
        label=_("Decisions"),
        max_length=60000,
        required=False,
        help_text=_("One decision per line."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, room: Room, one: CatchUp) -> None:
        super().__init__(data, initial=self._saved(one))
        self._add_sides(room, one, _("From %(name)s"))
        for number in range(ACTION_ROWS):
            self._add_action(room, number)

    @staticmethod
    def _saved(one: CatchUp) -> dict[str, Any]:
        guests = [guest for guest in one.guests.all() if guest.person_id]
        is_noted = any(guest.came is not None for guest in guests)
        came: dict[str, list[int]] = {}
        for guest in guests:
            # Until attendance is recorded, guests who have not declined count as present.
            is_there = guest.came if is_noted else guest.answer != MeetingParty.Answer.DECLINED
            if is_there and guest.person_id:
                came.setdefault(f"came_{guest.party_id}", []).append(guest.person_id)
        return {
            "version": one.version,
            "minutes": one.minutes,
            "decisions": "\n".join(decision.text for decision in one.decisions.all()),
            **came,
        }

    def _add_action(self, room: Room, number: int) -> None:
        people = [
            (
                party.organisation.name,
                [
                    (str(party.pk), party.organisation.name),
                    *(
                        (f"{party.pk}:{person.pk}", tell_name(person.name))
                        for person in room.team.get(party.pk, ())
                    ),
                ],
            )
            for party in room.parties
        ]
        self.fields[f"action_{number}_title"] = forms.CharField(
            label=_("Action items"), max_length=200, required=False
        )
        self.fields[f"action_{number}_who"] = forms.ChoiceField(
            label=_("Who"), required=False, choices=[("", _("all together")), *people]
        )
        self.fields[f"action_{number}_due_on"] = forms.DateField(
            label=_("Due"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def action_rows(self) -> list[list[Any]]:
        """Return the fields of each line for a new action."""
        return [
            [self[f"action_{number}_{name}"] for name in ("title", "who", "due_on")]
            for number in range(ACTION_ROWS)
        ]

    def parts(self) -> Sequence[Part]:
        """Return what is compared: each line for an action is one thing."""
        plain = [one for one in super().parts() if not one.name.startswith("action_")]
        lines = [
            Part(
                f"action_{number}",
                gettext("Action items"),
                tuple(f"action_{number}_{name}" for name in ("title", "who", "due_on")),
            )
            for number in range(ACTION_ROWS)
        ]
        return [*plain, *lines]

    def clean(self) -> dict[str, Any]:
        """Ask for the rest of a line that is begun."""
        values = super().clean() or self.cleaned_data
        for number in range(ACTION_ROWS):
            title, due_on = f"action_{number}_title", f"action_{number}_due_on"
            if values.get(title) and not values.get(due_on) and due_on not in self.errors:
                self.add_error(due_on, gettext("By when?"))
            begun = values.get(due_on) or values.get(f"action_{number}_who")
            if begun and not values.get(title):
                self.add_error(title, gettext("What needs to be done?"))
        return values

    def to_minutes(self) -> Minutes:
        """Return what was written down."""
        values = self.cleaned_data
        return Minutes(
            text=values["minutes"],
            decisions=tuple(values["decisions"].splitlines()),
            came=self.people(),
        )

    def _filled(self) -> list[int]:
        return [n for n in range(ACTION_ROWS) if self.cleaned_data.get(f"action_{n}_title")]

    def to_actions(self) -> list[NewAction]:
        """Return what was taken on."""
        found = []
        for number in self._filled():
            values = self.cleaned_data
            party, _colon, person = values[f"action_{number}_who"].partition(":")
            found.append(
                NewAction(
                    title=values[f"action_{number}_title"],
                    due_on=values[f"action_{number}_due_on"],
                    party_id=int(party) if party else None,
                    person_id=int(person) if person else None,
                )
            )
        return found

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal of an action in its own line."""
        word, _underscore, rest = (error.field or "").partition("_")
        if word != "action":
            super().refuse(error)
            return
        index, _underscore, name = rest.partition("_")
        field = name if name in ("title", "due_on") else "who"
        self.add_error(f"action_{self._filled()[int(index)]}_{field}", str(error))


class ReasonForm(forms.Form):
    """Reason for cancelling a catch-up."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("All invitees will see it."),
    )


def proposed(
    room: Room, *, person_id: int | None, agenda: str, zone: str, now: datetime, in_person: bool
) -> dict[str, Any]:
    """Return the initial values of a new catch-up: in two weeks, with each side's contact."""
    day = (now + timedelta(days=14)).date()
    # A day of work.
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    guests = {}
    for party in room.parties:
        team = [person.pk for person in room.team.get(party.pk, ())]
        wanted = {one for one in (party.contact_id, person_id) if one} & set(team)
        guests[f"guests_{party.pk}"] = sorted(wanted) or team[:1]
    return {
        "in_person": str(in_person),
        "starts_on": day,
        "starts_time": "10:00",
        "duration_min": 60,
        "time_zone": zone,
        "agenda": agenda,
        **guests,
    }
