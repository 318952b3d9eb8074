"""The hash chain of the audit trail: each row is linked by hash to the row before it.

A link is made when a transaction commits, in the order of commits, by a trigger that no role can
bypass. Linked rows can be neither changed nor removed by anybody. The one exception: the content of
a row may be blacked out when a person is erased; the link keeps the hash of the original content,
and the erasure itself is a row of the trail that names the rows it touched.

The formula of a link: `digest = sha256(previous || content || head)`, where `head` holds the actor,
the organisation, the time, the operation and its target, `content = sha256(body)`, and `body` holds
the changes and the reason.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from proxeny.kernel.seal import DEFINER
from proxeny.kernel.tenancy import SERVICE, acting_as

#: The verb of the rows that say whose rows were blacked out, in `changes["entries"]`.
REDACTION = "erase_person"

GENESIS = "0" * 64

_HEAD = """jsonb_build_array(e.id,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.person_id,
    e.organisation_id, e.partnership_id, e.verb, e.target, e.target_id)::text"""
_BODY = "jsonb_build_array(e.changes, e.why)::text"

# The lock is held until the commit is done: the next one sees this link. Nothing waits for a
# second lock while it holds this one, so that no circle can arise.
_LINK = f"""
CREATE OR REPLACE FUNCTION proxeny_link_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
DECLARE
    last record;
    content text;
    head text;
BEGIN
    PERFORM pg_advisory_xact_lock(7011802);
    SELECT position, digest INTO last FROM public.kernel_auditlink ORDER BY position DESC LIMIT 1;
    -- The row as it is at the end of its transaction, not as it was first written.
    SELECT encode(sha256(convert_to({_BODY}, 'UTF8')), 'hex'), {_HEAD}
        INTO content, head FROM public.kernel_auditentry e WHERE e.id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.kernel_auditlink (position, entry_id, content, previous, digest)
    VALUES (
        COALESCE(last.position, 0) + 1, NEW.id, content, COALESCE(last.digest, '{GENESIS}'),
        encode(sha256(convert_to(COALESCE(last.digest, '{GENESIS}') || content || head, 'UTF8')),
               'hex')
    ) ON CONFLICT (entry_id) DO NOTHING;
    RETURN NULL;
END $$;
"""  # noqa: S608 - put together from constants

_GUARD = """
CREATE OR REPLACE FUNCTION proxeny_guard_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$
BEGIN
    IF TG_TABLE_NAME = 'kernel_auditlink' THEN
        RAISE EXCEPTION 'links of the audit trail stay as they are';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.kernel_auditlink WHERE entry_id = OLD.id) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'changes' - 'why') <> (to_jsonb(OLD) - 'changes' - 'why')
    THEN
        RAISE EXCEPTION 'rows of the audit trail stay as they are';
    END IF;
    RETURN NEW;
END $$;
"""

_TRIGGERS = {
    "proxeny_link": """CREATE CONSTRAINT TRIGGER proxeny_link AFTER INSERT ON kernel_auditentry
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION proxeny_link_audit()""",
    "proxeny_guard": """CREATE TRIGGER proxeny_guard BEFORE UPDATE OR DELETE ON kernel_auditentry
        FOR EACH ROW EXECUTE FUNCTION proxeny_guard_audit()""",
    "proxeny_guard_links": """CREATE TRIGGER proxeny_guard_links
        BEFORE UPDATE OR DELETE ON kernel_auditlink
        FOR EACH ROW EXECUTE FUNCTION proxeny_guard_audit()""",
}


def forge_chain(cursor: CursorWrapper) -> None:
    """Make functions and triggers; link the rows that were written before there was a chain.

    Runs after the policies are in place, as the tables' owner; running it again changes nothing.
    """
    cursor.execute(f"GRANT CREATE ON SCHEMA public TO {DEFINER}")
    cursor.execute("SELECT set_config('role', %s, true)", [DEFINER])
    cursor.execute(_LINK)
    cursor.execute(_GUARD)
    cursor.execute("SELECT set_config('role', 'none', true)")
    cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {DEFINER}")
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'proxeny\\_%%'")
    there = {name for (name,) in cursor.fetchall()}
    if "proxeny_link" not in there:
        _link_the_past(cursor)
    for name, statement in _TRIGGERS.items():
        if name not in there:
            cursor.execute(statement)


_PAST = f"SELECT e.id, {_HEAD}, {_BODY} FROM kernel_auditentry e ORDER BY e.id"  # noqa: S608


def _link_the_past(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT set_config('role', %s, true)", [DEFINER])
    cursor.execute(_PAST)
    previous, rows = GENESIS, []
    for position, (entry_id, head, body) in enumerate(cursor.fetchall(), start=1):
        content = _sha256(body)
        digest = _sha256(previous + content + head)
        rows.append((position, entry_id, content, previous, digest))
        previous = digest
    cursor.executemany(
        "INSERT INTO kernel_auditlink (position, entry_id, content, previous, digest)"
        " VALUES (%s, %s, %s, %s, %s)",
        rows,
    )
    cursor.execute("SELECT set_config('role', 'none', true)")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of verifying the whole trail.

    Attributes
    ----------
    length : int
        Links read.
    head : str
        The last link's digest. Kept elsewhere, it shows later whether the end was cut off.
    redacted : int
        Rows blacked out by an erasure that is itself recorded in the trail.
    faults : list of str
        One sentence for each place where the chain does not hold; empty when it does.
    """

    length: int
    head: str
    redacted: int
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is missing and nothing was changed."""
        return not self.faults


#: So many faults are told; a broken chain is broken, however many more follow.
_TOLD = 20

_READ = f"""
SELECT l.position, l.entry_id, l.content, l.previous, l.digest, e.id, {_HEAD}, {_BODY}
FROM kernel_auditlink l LEFT JOIN kernel_auditentry e ON e.id = l.entry_id
ORDER BY l.position
"""  # noqa: S608 - put together from constants


def verify_chain(*, known_position: int = 0, known_digest: str = "") -> Verdict:
    """Read the whole trail and recalculate every hash outside the database.

    Parameters
    ----------
    known_position, known_digest : int, str
        A link that was noted elsewhere before; the chain must still hold it.
    """
    with acting_as(SERVICE):
        check = _Check(_redacted_ids(), known_position, known_digest)
        for row in _stream(_READ):
            check.read(*row)
        check.end(_unlinked())
    return Verdict(check.length, check.previous, check.redacted, check.faults[:_TOLD])


def _stream(query: str) -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _redacted_ids() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_array_elements_text(changes->'entries')::bigint FROM kernel_auditentry"
            " WHERE verb = %s AND jsonb_typeof(changes->'entries') = 'array'",
            [REDACTION],
        )
        return {number for (number,) in cursor.fetchall()}


def _unlinked() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM kernel_auditentry e WHERE NOT EXISTS"
            " (SELECT 1 FROM kernel_auditlink l WHERE l.entry_id = e.id) ORDER BY 1 LIMIT %s",
            [_TOLD],
        )
        return [number for (number,) in cursor.fetchall()]


class _Check:
    """Walks along the chain."""

    def __init__(self, redacted_ids: set[int], known_position: int, known_digest: str) -> None:
        self.redacted_ids = redacted_ids
        self.known = (known_position, known_digest)
        self.length, self.redacted, self.previous = 0, 0, GENESIS
        self.faults: list[str] = []

    def read(
        self,
        position: int,
        entry_id: int,
        content: str,
        previous: str,
        digest: str,
        found: int | None,
        head: str,
        body: str,
    ) -> None:
        """Compare one link with its row and with the link before it."""
        self.length += 1
        if position != self.length:
            self.faults.append(f"Position {self.length} is missing; next comes {position}.")
            self.length = position
        if previous != self.previous:
            self.faults.append(f"Position {position} does not follow from the one before it.")
        if found is None:
            self.faults.append(f"Position {position}: the row {entry_id} is gone.")
        else:
            self._compare(position, entry_id, content, _sha256(body))
            if _sha256(previous + content + head) != digest:
                self.faults.append(f"Position {position}: the row {entry_id} was changed.")
        if self.known[0] == position and self.known[1] != digest:
            self.faults.append(f"Position {position} is not the one that was noted.")
        self.previous = digest

    def _compare(self, position: int, entry_id: int, content: str, found: str) -> None:
        if content == found:
            return
        if entry_id in self.redacted_ids:
            self.redacted += 1
        else:
            self.faults.append(f"Position {position}: what the row {entry_id} tells was changed.")

    def end(self, unlinked: list[int]) -> None:
        """Check the two things that the links alone cannot show."""
        self.faults += [f"The row {number} is not in the chain." for number in unlinked]
        if self.known[0] > self.length:
            self.faults.append(f"The chain ends at {self.length}, before position {self.known[0]}.")
