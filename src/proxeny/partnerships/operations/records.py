"""Records of a room: add, change, archive and restore, for every kind of record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.model_fields import column_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import Activity, Charge, Dependency, Partnership, Party
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record, team_ids

#: Most records of a kind in one room.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is about to be written."""

    actor: Reader
    kind: Kind
    partnership: Partnership
    parties: list[Party]
    record: RoomRecord
    values: Mapping[str, Any]
    is_new: bool
    now: datetime


type Check = Callable[[Draft], None]
#: Validation of a kind beyond its columns, and consequences of a change.
CHECKS: KeyedHook[Check] = KeyedHook(
    "records.checks", "Checks a record of a kind before it is written."
)
AFTER: KeyedHook[Callable[[Draft, Mapping[str, list[Any]]], None]] = KeyedHook(
    "records.after", "Runs after a record of a kind was added or changed."
)


@transaction.atomic
def add_record(
    *, actor: Reader, kind: str, partnership_id: int, values: Mapping[str, Any], now: datetime
) -> RoomRecord:
    """Add a record to a room.

    Parameters
    ----------
    values : mapping
        By column, references as instances or numbers; `charges` as `{party: person}`, `needs` as
        activities.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or may not write in it.
    InvalidInput
        A value does not hold; its field is with the error.
    Conflict
        The partnership is not active.
    """
    one = KINDS[kind]
    partnership, parties = enter(actor, partnership_id, binding=one.binding)
    _hold(one, partnership)
    if one.model._default_manager.filter(partnership=partnership, dropped_at=None).count() >= MOST:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))
    record = one.model(partnership=partnership, created_at=now)
    draft = Draft(actor, one, partnership, parties, record, values, True, now)
    _write(draft)
    _note(draft, "add", {"title": one.tag_of(draft.record)})
    return draft.record


@transaction.atomic
def change_record(
    *,
    actor: Reader,
    kind: str,
    partnership_id: int,
    record_id: int,
    version: int,
    values: Mapping[str, Any],
    now: datetime,
) -> RoomRecord:
    """Change a record; only the columns that `values` names.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As for `add_record`.
    Conflict
        Somebody changed it since `version`, or it was archived.
    """
    one = KINDS[kind]
    partnership, parties = enter(actor, partnership_id, binding=one.binding)
    _hold(one, partnership)
    record = _locked(one, partnership, record_id)
    if record.version != version or record.dropped_at:
        raise Conflict(
            _("Someone else has changed this since you opened it. What you wrote is kept here.")
        )
    draft = Draft(actor, one, partnership, parties, record, values, False, now)
    changes = _write(draft)
    if changes:
        _note(draft, "change", {"title": one.tag_of(record), **changes})
    return record


@transaction.atomic
def drop_record(
    *, actor: Reader, kind: str, partnership_id: int, record_id: int, now: datetime
) -> RoomRecord:
    """Archive a record: it leaves the lists, and can be restored. A second call changes nothing."""
    return _put(actor, kind, partnership_id, record_id, now=now, away=True)


@transaction.atomic
def restore_record(
    *, actor: Reader, kind: str, partnership_id: int, record_id: int, now: datetime
) -> RoomRecord:
    """Restore an archived record. A second call changes nothing."""
    return _put(actor, kind, partnership_id, record_id, now=now, away=False)


def _put(
    actor: Reader, kind: str, partnership_id: int, record_id: int, *, now: datetime, away: bool
) -> RoomRecord:
    one = KINDS[kind]
    partnership, parties = enter(actor, partnership_id, binding=one.binding)
    record = _locked(one, partnership, record_id)
    if (record.dropped_at is not None) != away:
        record.dropped_at = now if away else None
        if not away:
            _refuse_twice(record)
        record.version += 1
        record.save(update_fields=["dropped_at", "version"])
        draft = Draft(actor, one, partnership, parties, record, {}, False, now)
        _note(draft, "drop" if away else "restore", {"title": one.tag_of(record)})
        if then := AFTER.get(kind):
            then(draft, {"dropped_at": []})
    return record


def _refuse_twice(record: RoomRecord) -> None:
    """Refuse to restore a record if an equal one exists by now."""
    try:
        record.validate_constraints()
    except ValidationError as error:
        raise Conflict(" ".join(error.messages)) from error


def _hold(kind: Kind, partnership: Partnership) -> None:
    """Lock the dependencies until this is over: two concurrent changes could form a cycle."""
    if kind.needs:
        with as_service("Anyone in the room may lock it, though only managers may write it."):
            Partnership.objects.select_for_update(no_key=True).only("pk").get(pk=partnership.pk)


def _locked(kind: Kind, partnership: Partnership, record_id: int) -> RoomRecord:
    get_record(kind, partnership.pk, record_id)
    return kind.model._default_manager.select_for_update().get(pk=record_id)


def _write(draft: Draft) -> dict[str, list[Any]]:
    """Set, check and save; return what changed as `{field: [before, after]}`."""
    record, before = draft.record, {}
    for name in draft.kind.fields:
        if name in draft.values:
            before[name] = _plain(record, name)
            _set(draft, name, draft.values[name])
    if check := CHECKS.get(draft.kind.name):
        check(draft)
    _validate(draft.kind, record)
    changes = {
        name: [old, new] for name, old in before.items() if old != (new := _plain(record, name))
    }
    if draft.is_new:
        record.save()
    parts = _write_parts(draft)
    if not draft.is_new and (changes or parts):
        record.version += 1
        record.save(update_fields=[*changes, "version"])
    if then := AFTER.get(draft.kind.name):
        then(draft, changes | parts)
    return changes | parts


def _set(draft: Draft, name: str, value: Any) -> None:
    column = draft.kind.model._meta.get_field(name)
    if isinstance(value, str) and isinstance(column, models.CharField | models.TextField):
        value = value.strip() if isinstance(column, models.TextField) else " ".join(value.split())
    if not isinstance(column, models.ForeignKey):
        setattr(draft.record, name, value)
        return
    pk = value.pk if isinstance(value, models.Model) else value
    if pk is not None and not _belongs(draft, column, pk):
        raise InvalidInput(_("Choose an option from the list."), field=name)
    setattr(draft.record, f"{name}_id", pk)


def _belongs(draft: Draft, column: models.ForeignKey[Any], pk: int) -> bool:
    target = column.related_model
    if takes := draft.kind.takes.get(column.name):
        if not str(pk).isdecimal():
            return False
        # It may go on pointing to what the actor does not see any more.
        stays = getattr(draft.record, column.attname) == int(pk)
        return stays or takes(draft.record, int(pk)) is not None
    if target is Party:
        return any(one.pk == pk and one.state == Party.State.JOINED for one in draft.parties)
    if issubclass(target, RoomRecord):
        own = target._default_manager.filter(partnership=draft.partnership, dropped_at=None)
        return own.filter(pk=pk).exists()
    return pk in team_ids(draft.parties, today=draft.now.date())


def _validate(kind: Kind, record: RoomRecord) -> None:
    """Refuse what a column or a constraint does not take, with the field it is about."""
    others = {column.name for column in record._meta.concrete_fields} - set(kind.fields)
    # References were checked when they were set; the actor need not see their target any more.
    others |= {
        name
        for name in kind.fields
        if isinstance(record._meta.get_field(name), models.ForeignKey)
        and getattr(record, f"{name}_id") is not None
    }
    try:
        record.clean_fields(exclude=others)
        record.validate_constraints()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            field = None if name == "__all__" else name
            raise InvalidInput(" ".join(map(str, messages)), field=field) from error


def _plain(record: RoomRecord, name: str) -> Any:
    value = getattr(record, column_of(record, name).attname)
    if isinstance(value, date | Decimal):
        return str(value)
    return value


def _write_parts(draft: Draft) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    if draft.kind.charges and "charges" in draft.values:
        changes |= _write_charges(draft, dict(draft.values["charges"]))
    if draft.kind.needs and "needs" in draft.values:
        changes |= _write_needs(draft, list(draft.values["needs"]))
    return changes


def _write_charges(draft: Draft, wanted: dict[int, int | None]) -> dict[str, list[Any]]:
    own = {draft.kind.name: draft.record}
    kept = {one.party_id: one.person_id for one in Charge.objects.filter(**own)}
    team = team_ids(draft.parties, today=draft.now.date())
    live = {one.pk for one in draft.parties if one.state == Party.State.JOINED}
    chosen = {party: person for party, person in wanted.items() if person}
    for party, person in chosen.items():
        if party not in live or (person not in team and kept.get(party) != person):
            raise InvalidInput(_("Choose an option from the list."), field="charges")
    if chosen == kept:
        return {}
    Charge.objects.filter(**own).delete()
    Charge.objects.bulk_create(
        Charge(partnership=draft.partnership, party_id=party, person_id=person, **own)
        for party, person in chosen.items()
    )
    return {"charges": [sorted(kept.values()), sorted(chosen.values())]}


def _write_needs(draft: Draft, wanted: Iterable[int]) -> dict[str, list[Any]]:
    record = cast("Activity", draft.record)
    ids = sorted({one.pk if isinstance(one, models.Model) else one for one in wanted})
    kept = sorted(Dependency.objects.filter(activity=record).values_list("needs_id", flat=True))
    if ids == kept:
        return {}
    known = Activity.objects.filter(partnership=draft.partnership, dropped_at=None, pk__in=ids)
    if known.count() < len(ids) or record.pk in ids:
        raise InvalidInput(_("Choose an option from the list."), field="needs")
    edges: dict[int, set[int]] = {}
    for one, other in (
        Dependency.objects.filter(partnership=draft.partnership)
        .exclude(activity=record)
        .values_list("activity_id", "needs_id")
    ):
        edges.setdefault(one, set()).add(other)
    if _reaches(edges, ids, record.pk):
        raise InvalidInput(
            _("These activities would depend on each other in a loop."), field="needs"
        )
    Dependency.objects.filter(activity=record).delete()
    Dependency.objects.bulk_create(
        Dependency(partnership=draft.partnership, activity=record, needs_id=pk) for pk in ids
    )
    return {"needs": [kept, ids]}


def _reaches(edges: Mapping[int, Iterable[int]], start: Iterable[int], goal: int) -> bool:
    front, seen = list(start), set[int]()
    while front:
        one = front.pop()
        if one == goal:
            return True
        if one not in seen:
            seen.add(one)
            front.extend(edges.get(one, ()))
    return False


def _note(draft: Draft, deed: str, changes: dict[str, Any]) -> None:
    audit.record(
        draft.actor,
        draft.kind.verb(deed),
        draft.record,
        organisation_id=own_side(draft.actor, draft.parties),
        partnership_id=draft.partnership.pk,
        changes=changes,
    )
