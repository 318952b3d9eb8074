"""Nothing that points to an organisation is forgotten when two entries are merged."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, ForeignKey, UniqueConstraint

from proxeny.directory.merge_references import Doubled, pointers
from proxeny.directory.models import Organisation


def _columns():
    """Every column that can hold an organisation's id: keys, arrays of ids, plain numbers."""
    for model in apps.get_models():
        if not model.__module__.startswith("proxeny.") or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            is_key = isinstance(field, ForeignKey) and field.related_model is Organisation
            is_array = isinstance(field, ArrayField) and isinstance(
                field.base_field, BigIntegerField
            )
            is_number = isinstance(field, BigIntegerField) and field.name.endswith(
                ("organisation_id", "cluster_id", "member_id", "steward_id")
            )
            if is_key or is_array or is_number:
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_points_to_an_organisation_is_told_of():
    told = {one.key for one in pointers()}
    found = set(_columns())
    assert found - told == set(), (
        "tell of these in your capability's apps.py (directory.merge_references)"
    )
    assert told - found == set(), "these were removed"


def test_what_can_be_doubled_can_be_told_or_ended():
    for one in pointers():
        if one.stays:
            continue
        model = apps.get_model(one.model)
        rules = [
            rule
            for rule in model._meta.constraints
            if isinstance(rule, UniqueConstraint) and one.field in rule.fields
        ]
        assert all(len(rule.fields) > 1 for rule in rules), one.key
        if one.doubled is Doubled.CLOSE:
            assert {"starts_on", "ends_on"} <= {field.name for field in model._meta.fields}, one.key
        if one.doubled is Doubled.REFUSE and rules:
            assert one.sentence, one.key
            assert one.named_by, one.key
