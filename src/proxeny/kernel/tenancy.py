"""The reader's identity: the roles and settings that PostgreSQL's row-level policies check.

Each request, job or command does its work inside one of three unprivileged database roles:

- `WEB`: on behalf of one reader; the policies see the reader's person and organisations.
- `GATE`: sign-in and invitations, before a reader is known; it sees accounts and nothing else.
- `SERVICE`: a named job of Proxeny itself (mail, reminders, agenda runs).

Code that forgets to enter a role reads nothing. Role and settings are local to the transaction, so
that none of it outlives a request on a pooled connection; and they count only under a seal, which
SQL alone cannot make (`kernel.seal`).
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import Error, connection, transaction

from proxeny.kernel.prepared_statements import bound_cursor
from proxeny.kernel.seal import TAMPERED, prove

WEB = "proxeny_web"
GATE = "proxeny_gate"
SERVICE = "proxeny_service"
ROLES = (WEB, GATE, SERVICE)
#: What the seal calls the policies that answer; the policies of the gate and of the service answer
#: to their own power alone.
POWERS = {WEB: "web", GATE: "gate", SERVICE: "service"}

#: Settings that hold arrays of ids; see `Reader` for their meaning.
ARRAYS = (
    "organisations",
    "managed",
    "clusters",
    "partnerships",
    "rooms",
    "steered",
    "circles",
    "sharers",
    "shared",
    "files",
    "grants",
    "desks",
    "participations",
)
#: Where each lies in the text that is sealed, from 1; the person lies first.
_PLACES = {name: place for place, name in enumerate(ARRAYS, start=2)}


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at work, with all that the row-level policies compare rows with.

    Attributes
    ----------
    person : int or None
        The person's id; None is a stranger.
    organisations, managed : tuple of int
        Organisations in which the person holds a live seat; those with a manager's seat.
    clusters : tuple of int
        Clusters that the person's organisations are, or are members of.
    partnerships : tuple of int
        Partnerships whose parties include one of `organisations`, proposals and invitations made to
        it included; none that it has left.
    rooms, steered : tuple of int
        The signed ones of these in which it takes part; those in which the person may write as a manager.
    circles : tuple of int
        Signed partnerships of the person's `clusters` (what a member company belongs to).
    sharers, shared : tuple of int
        Clusters that share their member list with a partnership the person belongs to; single
        members shared with one.
    files, grants : tuple of int
        Files shared with a signed partnership in which the person holds a seat; the live grants
        there, of whatever kind.
    desks : tuple of int
        Clusters for whose members the person arranges meetings: as its manager or ambassador.
    participations : tuple of int
        Participations in an event, for a guest alone: somebody who answers by a link of a mail. Their
        organisation is among `organisations` for the code, and hidden from the policies: these open
        the participation, and nothing else of the organisation's.
    seat : tuple of str
        Name of the organisation and role of the seat to show first, or empty.
    unread : int
        How many notices the person has not read, counted up to a hundred.
    demand : tuple
        Of somebody without a second factor: a cluster that asks for one, from which day (ISO), and
        whether that day has come; else empty.
    """

    person: int | None = None
    organisations: tuple[int, ...] = ()
    managed: tuple[int, ...] = ()
    clusters: tuple[int, ...] = ()
    partnerships: tuple[int, ...] = ()
    rooms: tuple[int, ...] = ()
    steered: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    sharers: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    files: tuple[int, ...] = ()
    grants: tuple[int, ...] = ()
    desks: tuple[int, ...] = ()
    participations: tuple[int, ...] = ()
    name: str = field(default="", compare=False)
    language: str = field(default="", compare=False)
    time_zone: str = field(default="", compare=False)
    seat: tuple[str, ...] = field(default=(), compare=False)
    unread: int = field(default=0, compare=False)
    demand: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def lacks_factor(self) -> bool:
        """Whether the person may reach nothing before they have set up a second factor."""
        return bool(self.demand and self.demand[2])

    @property
    def own_id(self) -> int:
        """The person's id, to look their own rows up with; 0 for a stranger, who has none."""
        return self.person or 0

    @property
    def is_stranger(self) -> bool:
        """Whether nobody is signed in."""
        return self.person is None

    @property
    def is_guest(self) -> bool:
        """Whether somebody without a sign-in answers for a participation in an event."""
        return bool(self.participations)


STRANGER = Reader()


def _pack(reader: Reader) -> str:
    """Return a reader as one text, the person first."""
    if reader.is_guest:
        # Whatever else a guest's reader said, the policies hear of the participation alone.
        reader = Reader(participations=reader.participations)
    person = "" if reader.person is None else str(int(reader.person))
    return "|".join([person, *(_array(getattr(reader, name)) for name in ARRAYS)])


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(one)) for one in ids) + "}"


# Every name with its schema, and the values apart: nothing that SQL left in the session comes
# between, and nothing of the proof can be read in `pg_stat_activity`.
_SETTINGS = ("proxeny.power", "proxeny.reader", "proxeny.seal", "role")
_BEFORE = ", ".join(f"pg_catalog.current_setting('{name}', true)" for name in _SETTINGS)
_ENTER = (
    f"SELECT {_BEFORE}, public.proxeny_enter(%s::pg_catalog.text, %s::pg_catalog.text,"
    " %s::pg_catalog.int8, %s::pg_catalog.text), pg_catalog.set_config('role', %s, true)"
)
_RESTORE = "SELECT " + ", ".join(f"pg_catalog.set_config('{name}', %s, true)" for name in _SETTINGS)


def _enter(role: str, reader: Reader | None) -> tuple[str, ...]:
    """Enter a role with a reader, None for the current one; return the previous state."""
    packed = None if reader is None else _pack(reader)
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with _leaving_tampered_sessions(), bound_cursor() as cursor:
        cursor.execute(_ENTER, [POWERS[role], packed, *prove(POWERS[role], packed, backend), role])
        return _known(cursor.fetchone())


def _known(row: tuple[str | None, ...]) -> tuple[str, ...]:
    *sealed, role = row[: len(_SETTINGS)]
    return *(one or "" for one in sealed), role or "none"


@contextmanager
def _leaving_tampered_sessions() -> Iterator[None]:
    try:
        yield
    except Error as error:
        if getattr(error.__cause__, "sqlstate", "") == TAMPERED:
            # Closed when the request ends: what SQL left there waits for nobody else.
            connection.close_at = 0
        raise


def _restore(before: tuple[str, ...]) -> None:
    # The seal of the same transaction, which holds as it did.
    with bound_cursor() as cursor:
        cursor.execute(_RESTORE, before)


_NOBODY = _pack(STRANGER)


def enter_on(side: psycopg.Connection[Any], role: str) -> None:
    """Take on a role in the transaction of a connection that is not Django's."""
    values = [POWERS[role], _NOBODY, *prove(POWERS[role], _NOBODY, side.info.backend_pid), role]
    side.execute(_ENTER, values, prepare=False)


def enter(role: str, reader: Reader = STRANGER) -> None:
    """Take on a role and a reader until the current transaction ends.

    Raises
    ------
    RuntimeError
        Outside a transaction, where the setting would be lost at once.
    """
    if role not in ROLES:
        raise ValueError(f"{role!r} is not one of {ROLES}.")
    if not connection.in_atomic_block:
        raise RuntimeError("Enter a role inside a transaction.")
    _enter(role, reader)
    _blocks.role = ""


class _Blocks(threading.local):
    """The role of the innermost block of this thread, empty where `enter` has changed it."""

    role = ""


_blocks = _Blocks()


@contextmanager
def _block_of(role: str) -> Iterator[None]:
    before, _blocks.role = _blocks.role, role
    try:
        yield
    finally:
        _blocks.role = before


@contextmanager
def acting_as(role: str, reader: Reader = STRANGER) -> Iterator[None]:
    """Run a block in its own transaction (or savepoint) as `role`, then restore the previous state.

    On an exception the block's writes are rolled back, and with them the role.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = _enter(role, reader)
        with _block_of(role):
            yield
        if not outermost:
            _restore(before)


@contextmanager
def as_service(reason: str) -> Iterator[None]:
    """Run a block as Proxeny itself, keeping the reader; restore the role after it.

    For actions that a reader may cause but not perform: queue a job or a mail, found a partnership.
    Keep such blocks short, and check the reader's right before entering. `reason` says in one
    sentence why the block may read or write rows that its reader may not; it is for code reviewers.
    A block inside another of the service does not enter the role again.
    """
    if not connection.in_atomic_block:
        with transaction.atomic():
            enter(SERVICE)
            with _block_of(SERVICE):
                yield
        return
    if _blocks.role == SERVICE:
        with transaction.atomic():
            yield
        return
    before = _enter(SERVICE, None)
    try:
        with transaction.atomic(), _block_of(SERVICE):
            yield
    finally:
        if not connection.needs_rollback:
            _restore(before)


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The row-level policies of one table, as SQL conditions.

    `{person}` stands for the reader's id; `{organisations}`, `{managed}`, … for an array of ids to
    be used as `column = ANY {organisations}`: in that form PostgreSQL works the array out once per
    query and an index on the column serves. `None` means never. The service role may do everything
    that the table's `service` allows.

    A reader with access to a row by `read` or `gate_read` still cannot select its `hidden_columns`,
    nor filter or sort by them: the role has no right to these at all. A `View` may show them.
    """

    read: str | None = None
    insert: str | None = None
    update: str | None = None
    delete: str | None = None
    gate_read: str | None = None
    gate_write: str | None = None
    service: str | None = "true"
    hidden_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A view that shows the web role parts of tables that the role itself may not read.

    An unmanaged model declares it as `view`. `query` is one SELECT with the placeholders of
    `Tenancy`. It runs with the rights of `seal.DEFINER`, which sees every row: the query itself
    must restrict, for each row and each column, who may see it. Writes go to the tables.
    """

    query: str


@dataclass(frozen=True, slots=True)
class Definer:
    """A function of the database that answers one question with rights to see all rows.

    For what a policy cannot ask by itself: a policy that asks another table passes that table's own
    policy, which makes a circle where that one asks back, and a scan of everybody's rows where the
    other's condition is itself a sub-query. A definer tells only about the reader, by the reader's
    own settings; its search path is fixed, and `seal.DEFINER` owns it.

    Attributes
    ----------
    signature : str
        Name and arguments, such as `proxeny_met()`.
    returns : str
        What it returns, such as `boolean` or `SETOF bigint`.
    body : str
        One SQL query with the placeholders of policies; table names with their schema, `public`.
    rows : int
        How many rows it returns, for the planner; 0 for a single value.
    language : str
        `sql`, or `plpgsql` where the query is put together from its arguments, so that each call
        is planned for them; the body is then a block.
    settings : tuple of str
        Settings of the planner for the length of a call, such as `enable_sort = off`.
    trigger : str
        For a function that returns `trigger`: when it is called, such as
        `BEFORE INSERT ON directory_listing`. It keeps true what one row copies of another.
    """

    signature: str
    returns: str
    body: str
    rows: int = 0
    language: str = "sql"
    settings: tuple[str, ...] = ()
    trigger: str = ""


#: All definers, by their signature; each capability adds its own beside its models.
DEFINERS: dict[str, Definer] = {}


def define(definer: Definer) -> Definer:
    """Register a definer, to be made before the policies that call it."""
    DEFINERS[definer.signature] = definer
    return definer


def render(condition: str) -> str:
    """Return a policy condition with its placeholders replaced by SQL."""
    values = {name: f"((SELECT proxeny_reader({_PLACES[name]}))::bigint[])" for name in ARRAYS}
    values["person"] = "((SELECT proxeny_person())::bigint)"
    return condition.format(**values)
