"""Records of a room as a table: the editable columns, as people read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from proxeny.kernel.lists import join_items
from proxeny.kernel.model_fields import column_of
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.kinds import Kind
from proxeny.partnerships.models import Party
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.record_forms import FORMS, Room, capped, carried
from proxeny.partnerships.room_queries import charges_of, list_records, needs_of


def table_of(kind: Kind, room: Room) -> tuple[list[str], Iterable[list[Any]]]:
    """Return the head and the rows of all records of a kind. A constant number of queries."""
    names = [name for name in kind.fields if name == kind.below or name not in carried(kind)]
    columns = [column_of(kind.model, name) for name in (*names, *kind.told_too)]
    head = [str(capped(column.verbose_name)) for column in columns]
    related = [n for n in names if isinstance(kind.model._meta.get_field(n), models.ForeignKey)]
    paths = [
        f"{name}__organisation" if kind.model._meta.get_field(name).related_model is Party else name
        for name in related
    ]
    records = list(_with(list_records(kind, room.partnership_id), paths))
    ids = [one.pk for one in records]
    charged = charges_of(kind, ids) if kind.charges else {}
    needs = needs_of(ids) if kind.needs else {}
    titles = {one.pk: kind.title_of(one) for one in records}
    if kind.charges:
        head += [
            _("Person in charge at %(name)s") % {"name": one.organisation.name}
            for one in room.parties
        ]
    if kind.needs:
        head.append(str(FORMS[kind.name].base_fields["needs"].label))
    rows = []
    for one in records:
        row = [_tell(one, name) for name in (*names, *kind.told_too)]
        if kind.charges:
            people = charged.get(one.pk, {})
            row += [
                tell_name(people[party.pk].name) if party.pk in people else ""
                for party in room.parties
            ]
        if kind.needs:
            row.append(join_items(titles[pk] for pk in needs.get(one.pk, ()) if pk in titles))
        rows.append(row)
    return head, rows


def _with(found: QuerySet[RoomRecord], paths: list[str]) -> QuerySet[RoomRecord]:
    return found.select_related(*paths) if paths else found


def _tell(record: RoomRecord, name: str) -> Any:
    column = record._meta.get_field(name)
    value = getattr(record, name)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return localdate(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if getattr(column, "choices", None):
        return getattr(record, f"get_{name}_display")()
    if hasattr(value, "organisation"):
        return value.organisation.name
    if isinstance(column, models.ForeignKey):
        return tell_name(value.name if name == "person" else str(value))
    if isinstance(value, str):
        return tell_name(value)
    return float(value) if isinstance(column, models.DecimalField) else value
