"""Every table says what it holds about people, and says it of columns that are there."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import connection, models

from proxeny.kernel.personal_data import Holding
from proxeny.kernel.personal_data.keeping import due
from proxeny.kernel.personal_data.subject import Subject, rows_about, rows_by, rows_within
from proxeny.kernel.personal_data.tables import FOREIGN, all_holdings, find_holding
from proxeny.kernel.personal_data.words import describe_term

#: Tables without a model: nothing about people, or counts that go by themselves.
WITHOUT_MODEL = {"django_migrations", "kernel_cache"}
SOMEBODY = Subject(
    people=frozenset({1}),
    names=frozenset({"Some Body"}),
    addresses=frozenset({"x@example.org"}),
    organisations=frozenset({1}),
    keepers=frozenset({2}),
    partnerships=frozenset({1}),
)


def _models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_every_model_says_what_it_holds():
    silent = [model._meta.label for model in _models() if find_holding(model) is None]
    assert silent == [], (
        "Declare `holding = Holding(…)` beside `tenancy`, or `holding = NOBODY` where nothing is"
        " about people (proxeny.kernel.personal_data)."
    )


def test_other_packages_tables_are_known():
    known = {
        model._meta.label for model in _models() if not model.__module__.startswith("proxeny.")
    }
    assert set(FOREIGN) == known


def test_every_table_of_the_database_is_a_model_or_named(db):
    tables = set(connection.introspection.table_names())
    declared = {model._meta.db_table for model in _models()}
    assert tables - declared == WITHOUT_MODEL


def _columns(holding: Holding) -> Iterator[str]:
    yield from (*holding.personal, *holding.addresses, *holding.names, *holding.texts)
    yield from (*holding.copies, *holding.folded, *holding.hidden, *holding.veiled)
    yield from holding.targets or ()
    yield from holding.hangs_on
    for keep in holding.keep:
        yield from (keep.since, *(keep.empties or ()), *keep.files)


@pytest.mark.parametrize(
    "model", [model for model, _ in all_holdings()], ids=lambda m: m._meta.label
)
def test_what_a_declaration_names_is_there(model, db):
    holding = find_holding(model)
    for column in _columns(holding):
        model._meta.get_field(column)
    for name in holding.hangs_on.values():
        apps.get_model(name)
    paths = (
        rows_about(holding, SOMEBODY),
        rows_by(holding, SOMEBODY),
        rows_within(holding, SOMEBODY),
    )
    for rows in paths:
        model._base_manager.filter(rows).exists()
    for keep in holding.keep:
        assert not due(model, keep, now=_now()).exists()
    assert describe_term(holding)
    assert str(holding.what)


def _now():
    from django.utils import timezone

    return timezone.now()


@pytest.mark.parametrize("model", _models(), ids=lambda m: m._meta.label)
def test_no_column_that_points_to_a_person_is_left_out(model):
    """A foreign key or a number of a person, and a column of an address, must be declared."""
    holding = find_holding(model)
    # Of a row that only names somebody the copy is rewritten, and the row is not theirs.
    named = (*holding.about, *holding.by, *holding.addresses, *holding.copies)
    declared = {path.split("__")[0] for path in named}
    for column in model._meta.concrete_fields:
        points = getattr(column, "related_model", None) is apps.get_model("accounts.Person")
        names = column.name == "person_id" or isinstance(column, models.EmailField)
        own = model._meta.label in {"accounts.Person", "accounts.Account", "account.EmailAddress"}
        if (points or names) and not own and model._meta.managed:
            assert column.name in declared, f"{model._meta.label}.{column.name}"


def test_the_rules_above_can_fail():
    with pytest.raises(FieldDoesNotExist):
        apps.get_model("accounts.Seat")._meta.get_field("nobody")
    wrong = Holding(about=("nobody__person",))
    with pytest.raises(FieldError):
        apps.get_model("accounts.Seat")._base_manager.filter(rows_about(wrong, SOMEBODY))
