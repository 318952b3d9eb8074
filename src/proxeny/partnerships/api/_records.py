"""The schemas of records of a room, made from their columns: to create, to change and to return."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

from django.db import models
from pydantic import AwareDatetime, Field, create_model

from proxeny.kernel.api import Id, In, Out, exact, unsent
from proxeny.kernel.model_fields import column_of
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models.records import RoomRecord


class ChargeIn(In):
    """The person in charge for a party."""

    party_id: Id
    person_id: Id


class ChargeOut(Out):
    """The person in charge for a party."""

    party_id: int
    person_id: int


_PEOPLE = Annotated[list[ChargeIn], Field(max_length=26)]
_NEEDS = Annotated[list[Id], Field(max_length=200)]
_DAY = Annotated[date, Field(description="A day, such as 2026-05-01.")]
#: Its own types know no shape whose fields are read from a table.
_make_shape: Any = create_model
#: Read-only fields, set by other operations.
_TOLD: dict[str, dict[str, Any]] = {
    "activity": {"done_on": date | None},
    "favour": {
        "confirmed_at": datetime | None,
        "contested_at": datetime | None,
        "contested_why": str,
    },
    "placement": {
        "proposed_by_id": int,
        "agreed_at": datetime | None,
        "agreed_by_id": int | None,
        "closed_on": date | None,
        "report": str,
        "proof_url": str,
    },
    "recommendation": {
        "source": str,
        "state": str,
        "reason": str,
        "decided_on": date | None,
        "adoption": str,
        "adopted_on": date | None,
    },
}


def _type_of(column: "models.Field[Any, Any]") -> Any:
    if isinstance(column, models.ForeignKey | models.BigIntegerField):
        return Id
    if (own := getattr(column, "api_type", None)) is not None:
        return own
    if choices := getattr(column, "choices", None):
        values = [value for value, _label in choices]
        return Literal[*values, ""] if column.blank else Literal[*values]
    if isinstance(column, models.DecimalField):
        whole = 10 ** (column.max_digits - column.decimal_places)
        return exact(column.max_digits, column.decimal_places, least=1 - whole, most=whole - 1)
    if isinstance(column, models.BooleanField):
        return bool
    if isinstance(column, models.IntegerField):
        low, high = _limits(column)
        return Annotated[int, Field(ge=low, le=high)]
    if isinstance(column, models.DateTimeField):
        return AwareDatetime
    if isinstance(column, models.DateField):
        return _DAY
    least = 0 if column.blank else 1
    return Annotated[str, Field(min_length=least, max_length=column.max_length)]


def _limits(column: "models.Field[Any, Any]") -> tuple[int, int]:
    if any(column.name.endswith(end) for end in ("likelihood", "impact", "worth")):
        return 1, 5
    return 0, 32_767


def _fields(kind: Kind) -> dict[str, tuple[Any, Any]]:
    """Return type and default of each column; `...` if it is required."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in kind.fields:
        column = column_of(kind.model, name)
        type_ = _type_of(column)
        if column.null:
            found[name] = (type_ | None, None)
        elif column.has_default():
            found[name] = (type_, column.get_default())
        else:
            found[name] = (type_, "" if column.blank else ...)
    if "kind" in found:  # of favours, sources and stays; `kind` says here which record it is
        found["sort"] = found.pop("kind")
    if kind.charges:
        found["charges"] = (_PEOPLE, [])
    if kind.needs:
        found["needs"] = (_NEEDS, [])
    return found


def _name(kind: Kind) -> str:
    return kind.model.__name__


def _make_in(kind: Kind) -> type[In]:
    made: type[In] = _make_shape(
        f"{_name(kind)}In",
        __base__=In,
        __doc__=f"A record of the kind `{kind.name}` to add.",
        kind=(Literal[kind.name], ...),
        **_fields(kind),
    )
    return made


def _make_changes(kind: Kind) -> type[In]:
    fields = {name: (type_, unsent()) for name, (type_, _default) in _fields(kind).items()}
    made: type[In] = _make_shape(
        f"{_name(kind)}Changes",
        __base__=In,
        __doc__=f"Changes to a `{kind.name}`. Fields that are left out stay as they are.",
        kind=(Literal[kind.name], ...),
        **fields,
    )
    return made


def _make_out(kind: Kind) -> type[Out]:
    fields: dict[str, tuple[Any, Any]] = {}
    for name in kind.fields:
        column = column_of(kind.model, name)
        plain = _plain_type(column)
        label = f"{name}_id" if isinstance(column, models.ForeignKey) else name
        fields[label] = (plain | None if column.null else plain, ...)
    fields |= {name: (type_, ...) for name, type_ in _TOLD.get(kind.name, {}).items()}
    if kind.charges:
        fields["charges"] = (list[ChargeOut], ...)
    if kind.needs:
        fields["needs"] = (list[int], ...)
    made: type[Out] = _make_shape(
        f"{_name(kind)}Out",
        __base__=Out,
        __doc__=f"A record of the kind `{kind.name}`.",
        kind=(Literal[kind.name], ...),
        id=(int, ...),
        created_at=(datetime, ...),
        dropped_at=(datetime | None, ...),
        version=(int, ...),
        **{name: field for name, field in fields.items() if name != "kind"},
        **({"sort": fields["kind"]} if "kind" in fields else {}),
    )
    return made


def _plain_type(column: "models.Field[Any, Any]") -> Any:
    for sort, type_ in (
        (models.ForeignKey, int),
        (models.DecimalField, Decimal),
        (models.BooleanField, bool),
        (models.IntegerField, int),
        (models.DateTimeField, datetime),
        (models.DateField, date),
    ):
        if isinstance(column, sort):
            return type_
    return str


_IN = {name: _make_in(kind) for name, kind in KINDS.items()}
_CHANGES = {name: _make_changes(kind) for name, kind in KINDS.items()}
_OUT: dict[str, Any] = {name: _make_out(kind) for name, kind in KINDS.items()}
KindName = Literal[*KINDS]
RecordIn = Annotated[Union[*_IN.values()], Field(discriminator="kind")]
RecordChanges = Annotated[Union[*_CHANGES.values()], Field(discriminator="kind")]
RecordOut = Annotated[Union[*_OUT.values()], Field(discriminator="kind")]


class NewRecord(In):
    """A record to add to a room."""

    record: RecordIn


class ChangedRecord(In):
    """The changes to a record of a room."""

    record: RecordChanges


def values_of(sent: In, *, changes: bool = False) -> dict[str, Any]:
    """Return what a program sent in the form that operations take."""
    values = sent.sent() if changes else {n: getattr(sent, n) for n in type(sent).model_fields}
    values.pop("kind", None)
    if "sort" in values:
        values["kind"] = values.pop("sort")
    if "charges" in values:
        values["charges"] = {one.party_id: one.person_id for one in values["charges"]}
    return values


def record_out(
    kind: Kind,
    record: RoomRecord,
    *,
    charges: dict[int, Any] | None = None,
    needs: list[int] | None = None,
) -> Out:
    """Return a record as programs read it."""
    told: dict[str, Any] = {}
    for name in (*kind.fields, *_TOLD.get(kind.name, ())):
        column = column_of(record, name)
        told["sort" if name == "kind" else column.attname] = getattr(record, column.attname)
    if kind.charges:
        told["charges"] = [
            ChargeOut(party_id=party, person_id=person.pk)
            for party, person in (charges or {}).items()
        ]
    if kind.needs:
        told["needs"] = needs or []
    shown: Out = _OUT[kind.name](
        kind=kind.name,
        id=record.pk,
        created_at=record.created_at,
        dropped_at=record.dropped_at,
        version=record.version,
        **told,
    )
    return shown
