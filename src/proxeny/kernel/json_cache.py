"""Django's database cache without pickles, so that data in a table can never run as code.

A value is JSON with a keyed digest over its name and itself. Somebody with write access to the
table but without the secret key can neither run code nor plant a value: a value with a wrong digest
counts as absent.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "kernel.cache"
_PUT = """
INSERT INTO {table} AS kept (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
_ONLY_OVER_EXPIRED = " WHERE kept.expires < %s"
#: Those that end first go first; a tenth, so that it need not be done at each entry.
_CULL = """
DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table} ORDER BY expires LIMIT %s)
"""


class JsonDatabaseCache(BaseDatabaseCache):
    """A cache of JSON values in the table that its settings name (`LOCATION`)."""

    _table: str

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value of a key, or `default`."""
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the values of those keys that have one."""
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        rows = self._ask(
            "SELECT cache_key, value FROM {table} WHERE cache_key = ANY(%s) AND expires >= %s",
            [list(names), timezone.now()],
        )
        found = {names[name]: _read(name, text) for name, text in rows}
        return {key: value[0] for key, value in found.items() if value}

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value, whatever was there."""
        self._put(_PUT, key, value, timeout, version)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value unless there is one; return whether it was kept."""
        now = timezone.now()
        return self._put(_PUT + _ONLY_OVER_EXPIRED, key, value, timeout, version, now)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Move the end of a value that is there; return whether there is one."""
        name = self.make_and_validate_key(key, version=version)
        query = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires >= %s"
        return bool(self._run(query, [self._end(timeout), name, timezone.now()]))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Remove a value; return whether there was one."""
        name = self.make_and_validate_key(key, version=version)
        return bool(self._run("DELETE FROM {table} WHERE cache_key = %s", [name]))

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Return whether a key has a value."""
        return bool(self.get_many([key], version))

    def clear(self) -> None:
        """Remove everything."""
        self._run("DELETE FROM {table}", [])

    def _put(
        self, query: str, key: str, value: Any, timeout: Any, version: int | None, *more: Any
    ) -> bool:
        self._make_room()
        name = self.make_and_validate_key(key, version=version)
        return bool(self._run(query, [name, _write(name, value), self._end(timeout), *more]))

    def _make_room(self) -> None:
        [(count,)] = self._ask("SELECT count(*) FROM {table}", [])
        if count >= self._max_entries:
            self._run("DELETE FROM {table} WHERE expires < %s", [timezone.now()])
            [(count,)] = self._ask("SELECT count(*) FROM {table}", [])
        if count >= self._max_entries:
            self._run(_CULL, [max(1, count // 10)])

    def _end(self, timeout: Any) -> datetime:
        stamp = self.get_backend_timeout(timeout)
        return (
            datetime.max.replace(tzinfo=UTC)
            if stamp is None
            else datetime.fromtimestamp(stamp, UTC)
        )

    def _ask(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query.format(table=connection.ops.quote_name(self._table)), values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def _run(self, query: str, values: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(query.format(table=connection.ops.quote_name(self._table)), values)
            return int(cursor.rowcount)


def _write(name: str, value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"))
    return f"{_digest(name, text)}:{text}"


def _read(name: str, kept: str) -> list[Any]:
    """Return the value in a list, or an empty one where the digest does not fit."""
    digest, _, text = kept.partition(":")
    return [json.loads(text)] if constant_time_compare(digest, _digest(name, text)) else []


def _digest(name: str, text: str) -> str:
    return salted_hmac(_SALT, f"{name}\0{text}", algorithm="sha256").hexdigest()
