"""Bases of what comes in and goes out.

What comes in names its fields and refuses all others, so that nobody sets a field that is not
theirs to set; text holds no NUL and no half of a surrogate pair, which PostgreSQL cannot keep.
"""

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

#: A record's number, as PostgreSQL's bigint holds it.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _refuse_bad_address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValueError("must be an e-mail address") from error
    return value


#: An e-mail address, as our forms take it.
Email = Annotated[
    str,
    Field(max_length=254, json_schema_extra={"format": "email"}),
    AfterValidator(_refuse_bad_address),
]


def exact(digits: int, places: int, *, least: Decimal | int, most: Decimal | int) -> Any:
    """Return the type of an exact number, sent as a number or as text: `"12.50"`."""
    return Annotated[
        Decimal,
        Field(max_digits=digits, decimal_places=places, ge=least, le=most),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "number", "minimum": float(least), "maximum": float(most)},
                    {
                        "type": "string",
                        "maxLength": digits + 2,
                        "pattern": rf"^-?\d{{1,{digits - places}}}(\.\d{{1,{places}}})?$",
                    },
                ]
            }
        ),
    ]


def unsent() -> Any:
    """Return the default of a field that a change may leave out, and may not set to null."""
    return Field(None, json_schema_extra=_forget_default)


def _forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _refuse_unkeepable(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("text must not hold NUL or half a surrogate pair")
    elif isinstance(value, dict):
        for key, one in value.items():
            _refuse_unkeepable(key)
            _refuse_unkeepable(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _refuse_unkeepable(one)


class In(Schema):
    """What a program sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, values: Any) -> Any:
        # Ninja hands the values over in a wrapper of its own.
        _refuse_unkeepable(getattr(values, "_obj", values))
        return values

    def sent(self) -> dict[str, Any]:
        """Return the fields that were sent, by name: what a change changes."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Out(Schema):
    """What a program gets."""


class Named(Out):
    """Another record, by its number and its name."""

    id: int
    name: str
