"""The seal on the reader's identity, which SQL alone cannot set because it does not hold the key.

Row-level policies compare rows with settings of the transaction, and any SQL can change a setting
and enter a role. So neither counts without a seal: a keyed digest over the transaction's start, the
power (the role whose policies apply) and the reader. The database makes it when Python proves, with
the same key, that the request comes from Python; both prove it by HMAC-SHA256.

The key is derived from the installation's secret key. The database keeps it, in the form that HMAC
needs, in a table of a schema that only `DEFINER` may read; that role owns everything that runs with
elevated rights, and the login of the web server may not enter it.
"""

import hmac
import time
from functools import cache

from django.conf import settings
from django.db.backends.utils import CursorWrapper

#: Owns functions and views with elevated rights, and reads the key. Only migrations enter it.
DEFINER = "proxeny_definer"
#: Signs in for the web server and the worker: it owns nothing, and enters the roles of requests alone.
APP = "proxeny_app"
SCHEMA = "proxeny_seal"
#: Of all that runs with other eyes; what a session made for itself comes last.
SEARCH_PATH = "search_path = pg_catalog, public, pg_temp"
#: Seconds by which the clocks of this host and of the database may differ.
CLOCKS_S = 300
_BLOCK = 64
#: The state of SQL with which the server refuses a session in which it found a trap.
TAMPERED = "PX001"

# `pad` is called immutable, so that a session reads the table once for each function and keeps what
# it read in the function's plan, where nobody can look at it.
_KEEP = f"""
CREATE TABLE IF NOT EXISTS {SCHEMA}.key (place int PRIMARY KEY, pad bytea NOT NULL);
CREATE OR REPLACE FUNCTION {SCHEMA}.pad(wanted int) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS
$$ SELECT pad FROM {SCHEMA}.key WHERE place = wanted $$;
"""  # noqa: S608 - put together from constants


def _hmac(message: str) -> str:
    return (
        f"pg_catalog.encode(pg_catalog.sha256({SCHEMA}.pad(2) || pg_catalog.sha256("
        f"{SCHEMA}.pad(1) || {message})), 'hex')"
    )


def _seal_over(power: str, reader: str) -> str:
    # The start as eight bytes: as a text it would change with the session's time zone.
    return _hmac(
        "'\\x01'::pg_catalog.bytea || pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())"
        f" || pg_catalog.convert_to({power} || '|' || {reader}, 'UTF8')"
    )


_HELD = _seal_over(
    "pg_catalog.current_setting('proxeny.power', true)",
    "pg_catalog.current_setting('proxeny.reader', true)",
)
_CHECK = f"""
    IF pg_catalog.current_setting('proxeny.seal', true) = {_HELD} THEN
        RETURN {{answer}};
    END IF;
    IF pg_catalog.current_setting('proxeny.seal', true) <> '' THEN
        RAISE EXCEPTION 'the seal on the reader does not hold' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN {{otherwise}};
"""
# No search path is set for these: they are asked by each query, so each name has its schema.
_ASKED = """
CREATE OR REPLACE FUNCTION {signature} RETURNS {returns}
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET {path} AS $$ BEGIN {body} END $$;
"""


def _asked(signature: str, returns: str, answer: str, otherwise: str) -> str:
    return _ASKED.format(
        signature=signature,
        returns=returns,
        path=SEARCH_PATH,
        body=_CHECK.format(answer=answer, otherwise=otherwise),
    )


def _part(number: str) -> str:
    text = (
        f"pg_catalog.split_part(pg_catalog.current_setting('proxeny.reader', true), '|', {number})"
    )
    return f"NULLIF({text}, '')"


_ENTER = f"""
CREATE OR REPLACE FUNCTION proxeny_enter(
    wanted text, who text, stamp bigint, proof text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET {SEARCH_PATH} AS $$
DECLARE
    mine oid := pg_my_temp_schema();
    kept text := who;
BEGIN
    IF proof IS DISTINCT FROM {
    _hmac(
        "'\\x02'::bytea || convert_to(pg_backend_pid() || '|' || stamp || '|' || wanted || '|'"
        " || coalesce(who, '='), 'UTF8')"
    )
}
    THEN
        RAISE EXCEPTION 'entering was not proved' USING ERRCODE = 'insufficient_privilege',
            HINT = 'Does every process have the secret key with which the database was prepared?';
    END IF;
    IF abs(extract(epoch FROM clock_timestamp()) - stamp / 1e6) > {CLOCKS_S} THEN
        RAISE EXCEPTION 'the clocks of the database and of this host differ'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- What SQL could leave for later statements to step into: a statement under the name of one of
    -- ours, or something of its own under the name of a table, a view or a type.
    IF EXISTS (SELECT FROM pg_prepared_statements WHERE from_sql) OR mine <> 0 AND (
        EXISTS (SELECT FROM pg_proc WHERE pronamespace = mine)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = mine AND typtype NOT IN ('b', 'c'))
        OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = mine AND (
            c.relkind NOT IN ('r', 'i', 't') OR c.relhasrules OR c.relhastriggers
            OR EXISTS (SELECT FROM pg_class o WHERE o.relname = c.relname
                AND o.relnamespace IN ('public'::regnamespace, 'pg_catalog'::regnamespace))
            OR EXISTS (SELECT FROM pg_type t WHERE t.typname = c.relname
                AND t.typnamespace = 'pg_catalog'::regnamespace))))
    THEN
        RAISE EXCEPTION 'this session was tampered with' USING ERRCODE = '{TAMPERED}';
    END IF;
    IF who IS NULL THEN
        kept := '|';
        IF current_setting('proxeny.seal', true) = {_HELD} THEN
            kept := current_setting('proxeny.reader', true);
        END IF;
    END IF;
    PERFORM set_config('proxeny.reader', kept, true), set_config('proxeny.power', wanted, true),
        set_config('proxeny.seal', {_seal_over("wanted", "kept")}, true);
END $$;
"""  # noqa: S608 - put together from constants

#: Made in this order, all owned by `DEFINER`.
FUNCTIONS = (
    _KEEP,
    _asked(
        "proxeny_reader(place int)",
        "bigint[]",
        f"COALESCE({_part('place')}, '{{}}')::pg_catalog.int8[]",
        "'{}'",
    ),
    _asked("proxeny_person()", "bigint", f"{_part('1')}::pg_catalog.int8", "NULL"),
    _asked(
        "proxeny_sealed(wanted text)",
        "boolean",
        "pg_catalog.current_setting('proxeny.power', true) OPERATOR(pg_catalog.=) wanted",
        "false",
    ),
    _ENTER,
)


def prove(power: str, reader: str | None, backend: int) -> tuple[int, str]:
    """Return the timestamp and the proof that `proxeny_enter` requires.

    The proof is of one backend, and of one moment: `CLOCKS_S` later it is nothing.

    Parameters
    ----------
    reader : str or None
        What the settings of the transaction shall say; None keeps what is sealed already.
    backend : int
        The server's process behind the connection.
    """
    stamp = time.time_ns() // 1000
    message = f"{backend}|{stamp}|{power}|{'=' if reader is None else reader}"
    return stamp, hmac.digest(_key(), b"\x02" + message.encode(), "sha256").hex()


def keep_key(cursor: CursorWrapper) -> None:
    """Put the key into the database's table, in the role that owns it."""
    key = _key()
    block = key.ljust(_BLOCK, b"\0")
    for place, mask in ((1, 0x36), (2, 0x5C)):
        cursor.execute(
            f"INSERT INTO {SCHEMA}.key AS kept VALUES (%s, %s) ON CONFLICT (place)"  # noqa: S608
            " DO UPDATE SET pad = excluded.pad WHERE kept.pad <> excluded.pad",
            [place, bytes(byte ^ mask for byte in block)],
        )


def mark_of_key() -> str:
    """Return a fingerprint that distinguishes one key from another and reveals nothing of it."""
    return hmac.digest(_key(), b"\x03mark", "sha256").hex()


@cache
def _key() -> bytes:
    # The secret with which this process began: the database was prepared with it.
    return hmac.digest(settings.SECRET_KEY.encode(), b"proxeny.kernel.seal", "sha256")
