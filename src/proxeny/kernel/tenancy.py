"""Who reads: the roles and settings that PostgreSQL's row-level policies compare rows with.

Each request, job or command does its work inside one of three unprivileged database roles:

- `WEB`: on behalf of one reader; the policies see the reader's person and organisations.
- `GATE`: sign-in and invitations, before a reader is known; it sees accounts, nothing else.
- `SERVICE`: a named job of Proxeny itself (mail, reminders, agenda runs).

The role a connection logs in with owns the tables but has no policy, and row-level security is
forced on it too: code that forgets to enter a role reads nothing. Both role and settings are
local to the transaction, so that none of it outlives a request on a pooled connection.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from proxeny.kernel.prepared import prepared_cursor

WEB = "proxeny_web"
GATE = "proxeny_gate"
SERVICE = "proxeny_service"
ROLES = (WEB, GATE, SERVICE)

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
)


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
    seat : tuple of str
        Name of the organisation and role of the seat to show first, or empty.
    unread : int
        How many notices the person has not read, counted up to a hundred.
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
    name: str = field(default="", compare=False)
    language: str = field(default="", compare=False)
    time_zone: str = field(default="", compare=False)
    seat: tuple[str, ...] = field(default=(), compare=False)
    unread: int = field(default=0, compare=False)

    @property
    def is_stranger(self) -> bool:
        """Whether nobody is signed in."""
        return self.person is None


STRANGER = Reader()


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(one)) for one in ids) + "}"


def _settings(reader: Reader) -> dict[str, str]:
    values = {f"proxeny.{name}": _array(getattr(reader, name)) for name in ARRAYS}
    values["proxeny.person"] = "" if reader.person is None else str(int(reader.person))
    return values


def _set_local(values: dict[str, str]) -> None:
    # Names are ours; with them in the text and the values apart, it is planned once.
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in values)
    with prepared_cursor() as cursor:
        cursor.execute(f"SELECT {calls}", list(values.values()))


def _current() -> dict[str, str]:
    names = ["role", "proxeny.person", *(f"proxeny.{name}" for name in ARRAYS)]
    calls = ", ".join(["COALESCE(current_setting(%s, true), '')"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", names)
        return dict(zip(names, cursor.fetchone(), strict=True))


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
    _set_local({**_settings(reader), "role": role})


@contextmanager
def acting_as(role: str, reader: Reader = STRANGER) -> Iterator[None]:
    """Run a block in its own transaction (or savepoint) as `role`, then restore what was before.

    On an exception the block's writes are rolled back, and with them the role.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = {} if outermost else _current()
        enter(role, reader)
        yield
        if not outermost:
            _restore(before)


@contextmanager
def as_service() -> Iterator[None]:
    """Run a block as Proxeny itself, keeping the reader's settings; restore the role after it.

    For what a reader may cause but not do: queue a job or a mail, found a partnership. Keep such
    blocks short, and check the reader's right before entering.
    """
    if not connection.in_atomic_block:
        with transaction.atomic():
            enter(SERVICE)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', %s, true)", [SERVICE])
        role = cursor.fetchone()[0]
    try:
        with transaction.atomic():
            yield
    finally:
        if not connection.needs_rollback:
            _set_local({"role": role})


def _restore(before: dict[str, str]) -> None:
    role = before.pop("role")
    _set_local({**before, "role": role or "none"})


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The row-level policies of one table, as SQL conditions.

    `{person}` stands for the reader's id; `{organisations}`, `{managed}`, … for an array of ids
    to be used as `column = ANY {organisations}`: in that form PostgreSQL works the array out once
    per query and an index on the column serves. `None` means: never. The service role may do all
    that the table's `service` says.

    Whoever reads a row by `read` or `gate_read` still cannot select its `hidden_columns`, nor
    filter or sort by them: for these the role has no right at all. A `View` may show them.
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
    """A view that shows the web role parts of tables which the role itself may not read.

    An unmanaged model declares it as `view`. `query` is one SELECT with the placeholders of
    `Tenancy`. It runs with the service's eyes, which see every row: the query itself must say,
    for each row and each column, who may see it. Writing goes to the tables.
    """

    query: str


@dataclass(frozen=True, slots=True)
class Definer:
    """A function of the database that answers one question with the service's eyes.

    For what a policy cannot ask by itself: a policy that asks another table passes that table's own
    policy, which makes a circle where that one asks back, and a scan of everybody's rows where the
    other's condition is itself a sub-query. A definer tells only about the reader, by the reader's
    own settings; its search path is fixed, and the service role owns it.

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
    values: dict[str, Any] = {
        name: f"((SELECT proxeny_reader('proxeny.{name}'))::bigint[])" for name in ARRAYS
    }
    values["person"] = "((SELECT proxeny_person())::bigint)"
    return condition.format(**values)
