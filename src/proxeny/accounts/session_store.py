"""Sessions as Django keeps them in the database, read by a query that is planned once.

Their rows open accounts, so that the gate alone reads them. Middleware reads and saves a session
outside the request's transaction too, in no role: each of these steps enters the gate then.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from proxeny.kernel.prepared_statements import find_prepared
from proxeny.kernel.tenancy import GATE, acting_as

_OURS = frozenset(VALID_KEY_CHARS)


@contextmanager
def _gate() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    with acting_as(GATE):
        yield


class SessionStore(db.SessionStore):
    """Django's own in all but how the row before every page is read, and which keys are looked for."""

    def _validate_session_key(self, key: str) -> bool:
        # Ours are small letters and digits. A cookie may hold whatever somebody writes, a zero byte
        # as well, which PostgreSQL refuses with an error.
        is_one = super()._validate_session_key(key)  # type: ignore[misc]  # unknown to its stubs
        return bool(is_one) and _OURS.issuperset(key)

    def _get_session_from_db(self) -> Session | None:
        with _gate():
            found = find_prepared(
                Session,
                "session_key = %s AND expire_date > %s",
                self.session_key or "",
                timezone.now(),
            )
        if found is None:
            # As Django does: a key that is not ours is never taken over.
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Return whether there is a session of that key."""
        with _gate():
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        """Keep the session."""
        with _gate():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session."""
        with _gate():
            super().delete(session_key)
