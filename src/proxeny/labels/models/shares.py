"""Shares of the places of a round as a column: `1/3`, `33.00` for percent, `10 places`."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from pydantic import BeforeValidator, Field, WithJsonSchema

from proxeny.labels.shares import parse_share, tell_share

_LENGTH = 24


class ShareFormField(forms.CharField):
    """A share as people write it."""

    def to_python(self, value: Any) -> str:
        """Return the value in its stored form."""
        text = super().to_python(value) or ""
        return str(parse_share(text)) if text else text

    def prepare_value(self, value: Any) -> Any:
        """Return the stored value as people write it; invalid input is kept."""
        try:
            return tell_share(parse_share(value)) if value else value
        except ValidationError:
            return value


def _as_text(value: object) -> object:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return str(value) if is_number else value


if TYPE_CHECKING:
    _TextField = models.CharField[Any, Any]
else:
    _TextField = models.CharField


class ShareField(_TextField):
    """A share of the places."""

    #: How programs send it: a number is percent.
    api_type = Annotated[
        str,
        BeforeValidator(_as_text),
        Field(max_length=_LENGTH),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "number", "minimum": 0, "maximum": 100},
                    {"type": "string", "maxLength": _LENGTH},
                ]
            }
        ),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = _LENGTH
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the arguments for migrations: the length is always the same."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Any:
        """Return the value in its stored form, in whichever way it was written."""
        return value if value in (None, "") else str(parse_share(value))

    def formfield(self, **kwargs: Any) -> Any:
        """Return a field that reads shares."""
        return super().formfield(**{"form_class": ShareFormField, **kwargs})
