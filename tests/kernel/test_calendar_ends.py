"""Dates at the ends of the calendar: refused where they are read, in each form and each route."""

import importlib
import pkgutil
from datetime import date

import pytest
from django import forms
from ninja import Schema
from pydantic import ValidationError

import proxeny
from proxeny.config.api import api
from proxeny.kernel.calendar_ends import FIRST, LAST

FAR = ("0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01")


def _forms():
    for found in pkgutil.walk_packages(proxeny.__path__, "proxeny."):
        if "form" in found.name and ".migrations." not in found.name:
            importlib.import_module(found.name)
    seen, waiting = set(), [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += one.__subclasses__()
    return sorted((one for one in seen if one.__module__.startswith("proxeny")), key=str)


def _date_fields():
    for form in _forms():
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.DateField | forms.DateTimeField):
                yield f"{form.__module__}.{form.__qualname__}.{name}", field


def test_no_form_takes_a_day_that_cannot_be_moved():
    fields = list(_date_fields())
    assert len(fields) > 30
    for name, field in fields:
        for text in (*FAR, "10000-01-01"):
            typed = f"{text}T12:00" if isinstance(field, forms.DateTimeField) else text
            assert _refuses(forms.ValidationError, field.clean, typed), name


def _refuses(kind, function, *args):
    try:
        function(*args)
    except kind:
        return True
    return False


def _parameters():
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                for model in operation.models:
                    yield from _dates_in(model, operation.view_func.__name__, set())


def _dates_in(model, place, seen):
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for inner in _classes_in(field.annotation):
            if issubclass(inner, date):
                yield f"{place}.{name}", model, name
            elif issubclass(inner, Schema):
                yield from _dates_in(inner, f"{place}.{name}", seen)


def _classes_in(annotation):
    if isinstance(annotation, type):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _classes_in(inner)


def test_no_route_takes_a_day_that_cannot_be_moved():
    found = list(_parameters())
    assert len(found) > 30
    for place, model, name in found:
        blank = model.model_construct()
        for text in FAR:
            for value in (text, f"{text}T12:00:00Z"):
                assign = model.__pydantic_validator__.validate_assignment
                assert _refuses(ValidationError, assign, blank, name, value), place


@pytest.mark.django_db
@pytest.mark.parametrize("day", [*FAR, "10000-01-01"])
def test_the_list_of_calls_is_shown_for_any_day(world, sign_in, day):
    answer = sign_in(world.a.manager).get("/calls/", {"before": day})
    assert answer.status_code == 200


def test_the_ends_are_far_from_where_python_stops():
    assert (FIRST.year, LAST.year) == (1900, 2199)
