"""A field for time zones; and the fields of a form by their names, as what the form made them."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.zones import (
    names_of_browsers,
    plain_zone,
    zone_choices,
    zone_names,
    zone_of_country,
)


class ZoneField(forms.ChoiceField):
    """A time zone by its place; every name that a zone has had is understood."""

    def __init__(self, **given: Any) -> None:
        find = {"data-find": _("Find a place"), "data-find-none": _("No place found.")}
        own = {"data-own-zone": json.dumps(names_of_browsers())}
        super().__init__(choices=zone_choices, widget=forms.Select({**find, **own}), **given)

    def prepare_value(self, value: Any) -> Any:
        """Return the name that is offered for a zone that is kept under an older one."""
        return plain_zone(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        """Return the present name of a zone."""
        return plain_zone(super().to_python(value))

    def valid_value(self, value: str) -> bool:
        """Whether there is such a zone."""
        return value in zone_names()


def suggest_zones(form: forms.BaseForm, name: str, countries: Iterable[str]) -> None:
    """Put the zones of these countries first in a field of a form."""
    near = [zone_of_country(one) for one in countries if one]
    choice_field(form, name).choices = partial(zone_choices, near)


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field that offers choices: which ones is known when the form is made."""
    return cast("forms.ChoiceField", form.fields[name])


def choices_of(form: forms.BaseForm, name: str) -> list[tuple[Any, Any]]:
    """Return what a field offers now: each value with its label."""
    return list(cast("Iterable[Any]", choice_field(form, name).choices))


def put_data(form: forms.BaseForm, name: str, value: str) -> None:
    """Put a value into what a form was sent: the page shows it instead of what was typed."""
    data = cast("QueryDict", form.data).copy()
    data[name] = value
    form.data = data
