"""Sessions as Django keeps them in the database, read by a query that is planned once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from proxeny.kernel.prepared import find_prepared


class SessionStore(db.SessionStore):
    """Django's own in all but how the row before every page is read."""

    def _get_session_from_db(self) -> Session | None:
        found = find_prepared(
            Session, "session_key = %s AND expire_date > %s", self.session_key, timezone.now()
        )
        if found is None:
            # As Django does: a key that is not ours is never taken over.
            self._session_key = None
        return found
