"""The forms of what a room keeps: made of the columns, with what the room offers to choose from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person
from proxeny.directory.countries import country_choices
from proxeny.directory.forms import CountriesField
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.model_fields import column_of
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import Party, Recommendation
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.room_queries import charges_of, list_records, list_team, needs_of

LIKELIHOODS = {
    1: _("1 · hardly ever"),
    2: _("2 · unlikely"),
    3: _("3 · possible"),
    4: _("4 · likely"),
    5: _("5 · almost certain"),
}
IMPACTS = {
    1: _("1 · barely noticeable"),
    2: _("2 · minor"),
    3: _("3 · noticeable"),
    4: _("4 · serious"),
    5: _("5 · threatens the partnership"),
}
#: Columns that no form shows: they come along from where the form was opened.
_CARRIED = {"origin", "origin_id"}


@dataclass(frozen=True, slots=True)
class Room:
    """Choices that the forms of one room offer."""

    partnership_id: int
    currency: str
    parties: Sequence[Party]
    team: Mapping[int, Sequence[Person]]

    @classmethod
    def of(cls, partnership: Any, parties: Sequence[Party], *, today: date) -> "Room":
        """Return what a partnership offers. One query."""
        joined = [one for one in parties if one.state == Party.State.JOINED]
        return cls(partnership.pk, partnership.currency, joined, list_team(joined, today=today))

    def people(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Return the people of all teams, by side."""
        return [
            (one.organisation.name, [(p.pk, tell_name(p.name)) for p in self.team.get(one.pk, ())])
            for one in self.parties
        ]


def _capped(text: object) -> str:
    return capfirst(str(text))


#: A label in the reader's language, with a capital at its beginning.
capped: Callable[[object], Any] = lazy(_capped, str)


def carried(kind: Kind) -> set[str]:
    """Return the columns of a kind that its form does not show."""
    return _CARRIED | {kind.below, *kind.carried}


def _field_of(kind: Kind, name: str) -> forms.Field:
    column = column_of(kind.model, name)
    help_text = kind.hints.get(name, "")
    label = capped(column.verbose_name)
    if name in kind.several:
        return _several(kind, name, required=not column.blank)
    if isinstance(column, models.ForeignKey):
        return forms.TypedChoiceField(
            label=label,
            coerce=int,
            empty_value=None,
            required=not column.blank,
            help_text=help_text,
        )
    if name.endswith(("_likelihood", "_impact")):
        grades = LIKELIHOODS if name.endswith("likelihood") else IMPACTS
        return forms.TypedChoiceField(
            label=label, coerce=int, choices=[("", "–"), *grades.items()], help_text=help_text
        )
    if name == "worth":
        return forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=[(n, str(n)) for n in range(1, 6)],
            help_text=help_text,
            widget=forms.RadioSelect(attrs={"class": "segmented"}),
        )
    field = cast("forms.Field", column.formfield(help_text=help_text))
    if isinstance(field, forms.DateField):
        field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    elif isinstance(column, models.TextField):
        field.widget = forms.Textarea(
            attrs={"rows": 3, "dir": "auto", "maxlength": str(column.max_length)}
        )
    elif isinstance(field, forms.TypedChoiceField) and column.blank:
        field.required = False
    field.label = label
    return field


def _several(kind: Kind, name: str, *, required: bool) -> forms.Field:
    column = column_of(kind.model, name)
    asked: dict[str, Any] = {
        "label": capped(column.verbose_name),
        "required": required,
        "help_text": kind.hints.get(name, ""),
        "initial": str(column.get_default() or "").split(),
    }
    if kind.several[name] is country_choices:
        return CountriesField(**asked)
    return forms.MultipleChoiceField(
        choices=kind.several[name], widget=forms.CheckboxSelectMultiple, **asked
    )


class RoomForm(VersionedForm):
    """A record of a room; the subclass of each kind has its columns as fields."""

    #: Not `kind`: some records have a column of that name.
    record_kind: Kind

    def __init__(
        self,
        data: Any = None,
        *,
        room: Room,
        record: RoomRecord | None = None,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=self._initial(room, record, preset or {}))
        self.room = room
        self.carried = {
            name: value
            for name, value in (preset or {}).items()
            if name in carried(self.record_kind)
        }
        if record is None:
            self._ask_first()
        self._offer(room, self._above(record))
        self._add_charges(room)

    def _ask_first(self) -> None:
        """Ask for what is known from the beginning only."""
        for name in self.record_kind.later:
            del self.fields[name]
        for name, label in self.record_kind.first.items():
            self.fields[name].label = label

    def _initial(
        self, room: Room, record: RoomRecord | None, preset: Mapping[str, Any]
    ) -> dict[str, Any]:
        initial: dict[str, Any] = {"currency": room.currency, "worth": 3, "count": 1}
        # Nobody gives to oneself, or sends somebody to oneself.
        for one, other in (("giver", "receiver"), ("sender", "host")):
            initial |= {
                name: side.pk for name, side in zip((one, other), room.parties, strict=False)
            }
        initial |= preset
        if record is None:
            return initial
        initial = {
            name: getattr(record, column_of(record, name).attname)
            for name in self.record_kind.fields
        }
        initial |= {name: initial[name].split() for name in self.record_kind.several}
        initial["version"] = record.version
        if self.record_kind.charges:
            charged = charges_of(self.record_kind, [record.pk]).get(record.pk, {})
            initial |= {f"charge_{party}": person.pk for party, person in charged.items()}
        if self.record_kind.needs:
            initial["needs"] = needs_of([record.pk]).get(record.pk, [])
        return initial

    def _above(self, record: RoomRecord | None) -> Any:
        """Return the number of what the record belongs to."""
        below = self.record_kind.below
        return getattr(record, f"{below}_id") if record and below else self.carried.get(below)

    def _offer(self, room: Room, above: Any) -> None:
        sides = [(one.pk, one.organisation.name) for one in room.parties]
        empty = [("", "–")]
        offers: dict[str, list[Any]] = {
            "giver": [*empty, *sides],
            "receiver": [*empty, *sides],
            "party": [*empty, *sides],
            "sender": [*empty, *sides],
            "host": [*empty, *sides],
            "borne_by": [*empty, *sides],
            "person": [*empty, *room.people()],
        }
        for name in ("objective", "activity", "source", "risk"):
            if name in self.fields:
                found = list_records(KINDS[name], room.partnership_id)
                rows = [(one.pk, KINDS[name].title_of(one)) for one in found]
                offers[name] = rows if self.fields[name].required else [*empty, *rows]
        for name, offer in self.record_kind.offers.items():
            rows = offer(room.partnership_id, above)
            offers[name] = rows if self.fields[name].required else [*empty, *rows]
        for name, choices in offers.items():
            if name in self.fields:
                choice_field(self, name).choices = choices
        if "addressee" in self.fields:
            # Recommendations to a company are written in its assessment.
            field: Any = self.fields["addressee"]
            field.choices = [
                one for one in field.choices if one[0] != Recommendation.Addressee.COMPANY
            ]
        if "needs" in self.fields:
            found = list_records(KINDS["activity"], room.partnership_id)
            choice_field(self, "needs").choices = [(one.pk, str(one)) for one in found]

    def _add_charges(self, room: Room) -> None:
        if not self.record_kind.charges:
            return
        for one in room.parties:
            people = [(p.pk, tell_name(p.name)) for p in room.team.get(one.pk, ())]
            self.fields[f"charge_{one.pk}"] = forms.TypedChoiceField(
                label=_("Person in charge at %(name)s") % {"name": one.organisation.name},
                choices=[("", "–"), *people],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def to_values(self) -> dict[str, Any]:
        """Return what was typed, as the operations take it."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.record_kind.fields
        }
        values |= {name: self._joined(name) for name in self.record_kind.several}
        values |= self.carried
        if self.record_kind.charges:
            values["charges"] = {
                one.pk: self.cleaned_data.get(f"charge_{one.pk}") for one in self.room.parties
            }
        if self.record_kind.needs:
            values["needs"] = [int(one) for one in self.cleaned_data.get("needs", ())]
        return values

    def _joined(self, name: str) -> str:
        """Return the chosen codes as their column holds them: new ones after those kept."""
        kept, chosen = self.get_initial_for_field(self.fields[name], name), self.cleaned_data[name]
        order = {code: number for number, code in enumerate(kept or ())}
        return " ".join(sorted(chosen, key=lambda one: order.get(one, len(order))))


def _make(kind: Kind) -> type[RoomForm]:
    fields: dict[str, Any] = {
        name: _field_of(kind, name) for name in kind.fields if name not in carried(kind)
    }
    if kind.needs:
        fields["needs"] = forms.MultipleChoiceField(
            label=_("Can’t start before the end of"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return type(f"{kind.model.__name__}Form", (RoomForm,), {**fields, "record_kind": kind})


#: Made on import, which is after all capabilities have named their kinds.
FORMS: dict[str, type[RoomForm]] = {name: _make(kind) for name, kind in KINDS.items()}


class MeasureForm(forms.Form):
    """A figure of a key result."""

    value = forms.DecimalField(label=_("Figure"), max_digits=14, decimal_places=2)
    measured_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Source or remark"), max_length=300, required=False)
