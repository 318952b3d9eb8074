"""Base classes of request and response schemas.

What comes in names its fields and refuses all others, so that no one can set a field that is not
theirs to set; text holds no NUL and no half of a surrogate pair, which PostgreSQL cannot keep.
Hidden signs leave every text, and line breaks short ones (`kernel.plain_text`).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from annotated_types import MaxLen
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from proxeny.kernel.api.times import refuse_far
from proxeny.kernel.plain_text import one_line, plain_value

#: Texts of at most so many characters are names and titles.
_ONE_LINE = 200

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


def _is_short(described: FieldInfo) -> bool:
    """Whether a text is a name or a title, which has one line."""
    most = [one.max_length for one in described.metadata if isinstance(one, MaxLen)]
    return bool(most) and most[0] <= _ONE_LINE


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

    @field_validator("*", mode="after")
    @classmethod
    def _near(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and _is_short(cls.model_fields[info.field_name or ""]):
            return one_line(value)
        return refuse_far(value) if isinstance(value, date) else plain_value(value)

    def sent(self) -> dict[str, Any]:
        """Return the fields that were sent, by name: what a change changes."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Out(Schema):
    """What a program gets."""


class Named(Out):
    """Another record, by its number and its name."""

    id: int
    name: str
