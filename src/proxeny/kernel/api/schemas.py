"""Bases of what comes in and goes out.

What comes in names its fields and refuses all others, so that nobody sets a field that is not
theirs to set; text holds no NUL and no half of a surrogate pair, which PostgreSQL cannot keep.
"""

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, model_validator

#: A record's number, as PostgreSQL's bigint holds it.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


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


class Out(Schema):
    """What a program gets."""
