"""Moving of references from one entry to another, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Model, Q, QuerySet, UniqueConstraint, Value
from django.utils.translation import gettext as _

from proxeny.directory.merge_references import Doubled, Pointer, pointers
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service

#: Ids of moved rows by column, as `Merge.moved` keeps them; `closed` holds those that were ended.
Moved = dict[str, Any]


def refuse_common(*, kept_id: int, gone_id: int) -> None:
    """Refuse to merge two entries that take part in the same thing, which can hold each but once.

    Raises
    ------
    Conflict
        With the names of what both take part in, as far as the reader may know them.
    """
    reasons = []
    for pointer in _moving():
        if pointer.doubled is not Doubled.REFUSE:
            continue
        with as_service("Rows hidden from the actor prevent a merge too, but are not named."):
            doubled = _doubled_ids(pointer, kept_id, gone_id)
        if doubled:
            reasons.append(_reason(pointer, doubled))
    if reasons:
        raise Conflict(" ".join([_("These two can’t be merged yet."), *reasons]))


def _reason(pointer: Pointer, doubled: Iterable[int]) -> str:
    ids = list(doubled)
    seen = _rows(pointer).filter(pk__in=ids) if pointer.named_by else None
    names = sorted(set(seen.values_list(pointer.named_by, flat=True))) if seen is not None else []
    told = [_("“%(name)s”") % {"name": name} for name in names if name]
    if seen is None or seen.count() < len(ids):
        told.append(_("something you can’t see"))
    sentence = pointer.sentence or _("Both take part in %(names)s.")
    return str(sentence) % {"names": join_items(told)}


def move_rows(*, kept_id: int, gone_id: int, today: date) -> Moved:
    """Move all references from one entry to the other; return what was moved.

    Runs as Proxeny itself, since it holds rows of others too: the caller has checked the reader's
    right. What the kept entry has already is left or ended, as its `Pointer` says.
    """
    moved: Moved = {}
    closed: dict[str, list[int]] = {}
    with as_service("The right to merge was checked, but what moves may belong to others too."):
        for pointer in _moving():
            if _is_array(pointer):
                ids = _replace(pointer, gone_id, kept_id)
            else:
                ids = _move(pointer, kept_id, gone_id, today, closed)
            if ids:
                moved[pointer.key] = ids
    return moved | {"closed": closed}


def move_back(moved: Mapping[str, Any], *, kept_id: int, gone_id: int) -> None:
    """Move references back, as far as they still point to the kept entry."""
    closed = moved.get("closed", {})
    with as_service("The right to undo was checked, but what moves may belong to others too."):
        for pointer in _moving():
            ids = moved.get(pointer.key, [])
            if not ids:
                continue
            if _is_array(pointer):
                _replace(pointer, kept_id, gone_id, ids)
                continue
            rows = _rows(pointer).filter(pk__in=ids, **{pointer.field: kept_id})
            still = list(rows.values_list("pk", flat=True))
            rows.update(**{pointer.field: gone_id})
            ended = [pk for pk in closed.get(pointer.key, []) if pk in still]
            if ended:
                _rows(pointer).filter(pk__in=ended).update(ends_on=None)


def _moving() -> list[Pointer]:
    return [one for one in pointers() if not one.stays]


def _model(pointer: Pointer) -> type[Model]:
    return apps.get_model(pointer.model)


def _rows(pointer: Pointer) -> QuerySet[Any]:
    return _model(pointer)._base_manager.all()


def _is_array(pointer: Pointer) -> bool:
    return isinstance(_model(pointer)._meta.get_field(pointer.field), ArrayField)


def _move(
    pointer: Pointer, kept_id: int, gone_id: int, today: date, closed: dict[str, list[int]]
) -> list[int]:
    rows = _rows(pointer).filter(**{pointer.field: gone_id}).exclude(_to_itself(pointer, kept_id))
    doubled = _doubled_ids(pointer, kept_id, gone_id, with_over=True)
    if doubled and pointer.doubled is Doubled.CLOSE:
        closed[pointer.key] = _close(pointer, doubled, today)
    elif doubled:
        rows = rows.exclude(pk__in=doubled)
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=ids).update(**{pointer.field: kept_id})
    return ids


def _to_itself(pointer: Pointer, kept_id: int) -> Q:
    # Nobody refuses, follows or meets itself: a row that names both entries stays as it is.
    others = [
        field.name
        for field in _model(pointer)._meta.fields
        if field.related_model is Organisation and field.name != pointer.field
    ]
    found = Q(pk__in=[])
    for name in others:
        found |= Q(**{name: kept_id})
    return found


def _close(pointer: Pointer, ids: Iterable[int], today: date) -> list[int]:
    done = []
    for row in _rows(pointer).filter(pk__in=list(ids)):
        _rows(pointer).filter(pk=row.pk).update(ends_on=max(today, row.starts_on))
        done.append(row.pk)
    return done


def _replace(pointer: Pointer, old: int, new: int, ids: Iterable[int] | None = None) -> list[int]:
    rows = _rows(pointer).filter(**{f"{pointer.field}__contains": [old]})
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    found = list(rows.values_list("pk", flat=True))
    field: Any = _model(pointer)._meta.get_field(pointer.field)
    changed = Func(
        pointer.field,
        Value(old),
        Value(new),
        function="array_replace",
        template="%(function)s(%(expressions)s)",
        output_field=field,
    )
    _rows(pointer).filter(pk__in=found).update(**{pointer.field: changed})
    return found


def _doubled_ids(
    pointer: Pointer, kept_id: int, gone_id: int, *, with_over: bool = False
) -> set[int]:
    """Return the rows of one entry that the other has already, by the table's own constraints."""
    if _is_array(pointer):
        return set()
    found: set[int] = set()
    for rule in _rules(pointer):
        others = [name for name in rule.fields if name != pointer.field]
        rows = _rows(pointer).filter(rule.condition or Q())
        taken = set(rows.filter(**{pointer.field: kept_id}).values_list(*others))
        theirs = rows.filter(**{pointer.field: gone_id})
        if pointer.over is not None and not with_over:
            theirs = theirs.exclude(pointer.over)
        is_alike = rule.nulls_distinct is False
        found |= {
            pk
            for pk, *values in theirs.values_list("pk", *others)
            if tuple(values) in taken and (is_alike or None not in values)
        }
    return found


def _rules(pointer: Pointer) -> list[UniqueConstraint]:
    return [
        rule
        for rule in _model(pointer)._meta.constraints
        if isinstance(rule, UniqueConstraint) and pointer.field in rule.fields
    ]
