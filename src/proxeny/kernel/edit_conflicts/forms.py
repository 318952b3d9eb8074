"""A form that knows the values its writer saw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.formats import date_format, time_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proxeny.kernel.edit_conflicts.comparing import Comparison
from proxeny.kernel.edit_conflicts.marks import canonical, mark, read_marks, write_marks
from proxeny.kernel.errors import ProxenyError
from proxeny.kernel.view_helpers import show_refusal

#: Posted beside `version`: fingerprints of what was shown, and of what was typed when both
#: versions were shown.
MARKS, TYPED = "version-marks", "version-typed"
#: Prefix of a standing's name among the fingerprints.
STANDING = "+"


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of comparison: a field, or several that are meaningful only together."""

    name: str
    label: Any
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the record besides its fields, for instance withdrawn.

    `objection` is shown to the writer if the record entered this state meanwhile; empty where
    saving does no harm. With `if_seen`, it is shown only to writers known to have seen another
    state.
    """

    value: str
    objection: str = ""
    if_seen: bool = False


class VersionField(forms.IntegerField):
    """The version of the record that is shown, with the fingerprints of the form's values."""

    widget = forms.HiddenInput

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Return the field, drawn with its fingerprints."""
        return _VersionWithMarks(form, self, field_name)


class _VersionWithMarks(BoundField):
    def as_widget(
        self, widget: Any = None, attrs: Any = None, only_initial: bool = False
    ) -> SafeString:
        drawn = super().as_widget(widget, attrs, only_initial)
        form = self.form
        if not isinstance(form, VersionedForm):
            return drawn
        more = [(MARKS, write_marks(form.marks()))]
        if form.versions:
            more.append((TYPED, write_marks(form.typed_marks())))
        return drawn + format_html_join("", '<input type="hidden" name="{}" value="{}">', more)


class VersionedForm(forms.Form):
    """A form of one record: it carries the record's version and what its writer saw of it.

    A subclass is built either of the record alone (unbound: its initial values are what is saved)
    or of the record and what was posted. It says more only where its fields are not plain values:
    `parts`, `read`, `saved`, `write_raw`, `tell`, `standings`.
    """

    version = VersionField(required=False)

    #: Fields that are no part of the record, for instance a confirmation.
    transient: frozenset[str] = frozenset()
    #: Set once somebody else was found to have saved: both versions, to choose from.
    versions: Comparison | None = None

    @property
    def number(self) -> int:
        """The version that the typed data is based on; 0 when the post did not include it."""
        return int(self.cleaned_data.get("version") or 0)

    @property
    def saved_number(self) -> int:
        """The version of the record that the form was built of."""
        return int(self.get_initial_for_field(self.fields["version"], "version") or 0)

    @property
    def status(self) -> int:
        """The HTTP status of the page: 409 with both versions, 422 with errors, else 200."""
        if self.versions:
            return 409
        return 422 if self.errors else 200

    def parts(self) -> Sequence[Part]:
        """Return the units of comparison, in the order of the page: by default every field."""
        return [
            Part(name, field.label or name, (name,))
            for name, field in self.fields.items()
            if name != "version" and name not in self.transient
        ]

    def standings(self) -> dict[str, Standing]:
        """Return the states of the record by name, as far as saving could undo them."""
        return {}

    def refuse(self, error: ProxenyError) -> None:
        """Show a refusal at the field it belongs to."""
        show_refusal(self, error)

    @classmethod
    def tell_posted(cls, name: str, values: Sequence[str]) -> tuple[Any, str] | None:
        """Return label and text of a posted field, without a record to build a form of.

        None for what nobody would copy: hidden fields, ticks, and choices that the record offered.
        """
        field = cls.base_fields.get(name)
        return None if field is None else tell_posted_field(field, values)

    def marks(self) -> dict[str, str]:
        """Return the fingerprints to carry: of what is saved, or those that came with a post."""
        if self.is_bound:
            return read_marks(self.data.get(MARKS, ""))
        return self.saved_marks()

    def saved_marks(self) -> dict[str, str]:
        """Return the fingerprints of the saved values."""
        values = {part.name: self.saved_key(part) for part in self.parts()}
        values |= {f"{STANDING}{name}": one.value for name, one in self.standings().items()}
        return {name: mark(name, value) for name, value in values.items()}

    def typed_marks(self) -> dict[str, str]:
        """Return the fingerprints of the typed values in each field that differs."""
        names = {one.name for one in self.versions.differences} if self.versions else set()
        return {
            part.name: mark(part.name, self.typed_key(part))
            for part in self.parts()
            if part.name in names
        }

    def typed_key(self, part: Part) -> str:
        """Return the typed value, for comparison."""
        return canonical([self.read(name) for name in part.fields])

    def saved_key(self, part: Part) -> str:
        """Return the saved value, for comparison."""
        return canonical([self.saved(name) for name in part.fields])

    def read(self, name: str) -> Any:
        """Return a field's typed value: parsed, or as sent where it cannot be parsed."""
        if name not in self.fields:
            return ""
        value = self.cleaned_data.get(name) if name not in self.errors else self[name].data
        return _in_order(self.fields[name], value)

    def saved(self, name: str) -> Any:
        """Return the saved value, parsed as if it had been typed."""
        if name not in self.fields:
            return ""
        field = self.fields[name]
        value = self.get_initial_for_field(field, name)
        try:
            return _in_order(field, field.clean(value))
        except ValidationError:
            return value

    def was_posted(self, part: Part) -> bool:
        """Return whether the post says anything of a part."""
        return any(name in self.data for name in part.fields)

    def write_raw(self, data: QueryDict, part: Part) -> None:
        """Write the saved value into a post, as a browser would send it."""
        for name in part.fields:
            data.pop(name, None)
            if raw := self._raw(name):
                data.setlist(name, raw)

    def _raw(self, name: str) -> list[str]:
        if name not in self.fields:
            return []
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field.widget, forms.CheckboxInput):
            return ["on"] if value else []
        shown = field.widget.format_value(value)
        if isinstance(shown, list | tuple):
            return [str(one) for one in shown]
        return [] if shown is None else [str(shown)]

    def tell(self, part: Part, *, is_typed: bool) -> str:
        """Return a part's value in readable form: the typed or the saved one."""
        take = self.read if is_typed else self.saved
        names = [name for name in part.fields if name in self.fields]
        texts = [self._tell(self.fields[name], take(name)) for name in names]
        return " ".join(text for text in texts if text)

    def _tell(self, field: forms.Field, value: Any) -> str:
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(field, forms.ChoiceField):
            labels = dict(_flat(cast("Iterable[Any]", field.choices)))
            found = value if isinstance(value, list | tuple) else [value]
            return ", ".join(str(labels.get(str(one), one)) for one in found if one is not None)
        return tell_value(value)


def tell_posted_field(field: forms.Field, values: Sequence[str]) -> tuple[Any, str] | None:
    """Return label and text of a field's posted values; None for what nobody would copy."""
    if field.widget.is_hidden or isinstance(field, forms.BooleanField):
        return None
    if not isinstance(field, forms.ChoiceField):
        return field.label, "\n".join(values)
    labels = dict(_flat(cast("Iterable[Any]", field.choices)))
    texts = [str(labels[one]) for one in values if one in labels]
    return (field.label, ", ".join(texts)) if texts else None


def tell_value(value: Any) -> str:
    """Return a plain value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(tell_value(one) for one in value)
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, time):
        return time_format(value, "H:i")
    return str(value)


def _in_order(field: forms.Field, value: Any) -> Any:
    # In which order boxes were ticked says nothing.
    if isinstance(field, forms.MultipleChoiceField):
        return sorted(value or ())
    return value


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
