"""Sessions as Django keeps them in the database, read by a query that is planned once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.utils import timezone

from proxeny.kernel.prepared import find_prepared

_OURS = frozenset(VALID_KEY_CHARS)


class SessionStore(db.SessionStore):
    """Django's own in all but how the row before every page is read, and which keys are looked for."""

    def _validate_session_key(self, key: str) -> bool:
        # Ours are small letters and digits. A cookie may hold whatever somebody writes, a zero byte
        # as well, which PostgreSQL refuses with an error.
        return bool(super()._validate_session_key(key)) and _OURS.issuperset(key)

    def _get_session_from_db(self) -> Session | None:
        found = find_prepared(
            Session, "session_key = %s AND expire_date > %s", self.session_key, timezone.now()
        )
        if found is None:
            # As Django does: a key that is not ours is never taken over.
            self._session_key = None
        return found
