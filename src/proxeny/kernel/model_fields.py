"""The columns of a model by their names, as what they are."""

from typing import Any, cast

from django.db import models


def column_of(model: type[models.Model] | models.Model, name: str) -> "models.Field[Any, Any]":
    """Return a column of a model, not a relation that leads back to it."""
    return cast("models.Field[Any, Any]", model._meta.get_field(name))
