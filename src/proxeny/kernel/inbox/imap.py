"""A folder of a mail server, over IMAP4rev1 (RFC 3501) and TLS."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

from proxeny.kernel.inbox.sources import FOLDERS, Address, InboxAway, Waiting

TIMEOUT_S = 30
_SIZE = re.compile(
    rb"UID (\d{1,20})[^)]{0,99}?RFC822\.SIZE (\d{1,20})|RFC822\.SIZE (\d{1,20})[^)]{0,99}?UID (\d{1,20})"
)
_DELIMITER = re.compile(rb'^\([^)]*\) "(.)"')


class ImapPlace:
    """A signed-in connection with one folder open."""

    def __init__(self, connection: imaplib.IMAP4_SSL, folder: str) -> None:
        self._imap = connection
        # Servers announce more capabilities after sign-in.
        told = self._expect("no capabilities", "CAPABILITY", connection.capability())
        self._can = frozenset(b" ".join(told).decode("ascii", "replace").upper().split())
        self._expect("no such folder", "SELECT", connection.select(_quoted(folder)))
        self._folders = {name: self._make(name) for name in FOLDERS}

    @classmethod
    @contextmanager
    def signed_in(cls, address: Address, context: ssl.SSLContext) -> Iterator[Self]:
        """Connect, check the server's certificate, and sign in; sign out after the block.

        Raises
        ------
        InboxAway
            One of these does not work, now or later. What the server says to it is not repeated:
            servers repeat what they were given.
        """
        connection = _connect(address, context)
        try:
            _sign_in(connection, address)
            yield cls(connection, address.path)
        except imaplib.IMAP4.error:
            raise InboxAway("The mail server refuses what it was asked.") from None
        except OSError as error:
            raise InboxAway(f"The connection broke: {type(error).__name__}.") from None
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    def waiting(self) -> list[Waiting]:
        """Return the waiting mails, oldest first, without those marked as deleted."""
        found = self._expect("no list", "SEARCH", self._imap.uid("SEARCH", "UNDELETED"))
        numbers = b" ".join(found).split()
        if not numbers:
            return []
        wanted = b",".join(numbers).decode("ascii")
        answer = self._expect(
            "no sizes", "FETCH", self._imap.uid("FETCH", wanted, "(UID RFC822.SIZE)")
        )
        sizes = {}
        for line in answer:
            if match := _SIZE.search(line if isinstance(line, bytes) else line[0]):
                sizes[int(match[1] or match[4])] = int(match[2] or match[3])
        return [Waiting(str(uid), sizes[uid]) for uid in sorted(sizes)]

    def read(self, name: str) -> bytes:
        """Return a mail as it came; the server does not mark it as seen."""
        return self._fetch(name, "BODY.PEEK[]")

    def read_head(self, name: str, most: int) -> bytes:
        """Return its first bytes."""
        return self._fetch(name, f"BODY.PEEK[]<0.{int(most)}>")

    def move(self, name: str, folder: str) -> None:
        """Move a mail (RFC 6851); where the server cannot, copy it and then delete the original."""
        target = self._folders[folder]
        if "MOVE" in self._can:
            self._expect("not moved", "MOVE", self._imap.uid("MOVE", name, target))
            return
        self._expect("not copied", "COPY", self._imap.uid("COPY", name, target))
        marked = self._imap.uid("STORE", name, "+FLAGS.SILENT", r"(\Deleted)")
        self._expect("not marked", "STORE", marked)
        if "UIDPLUS" in self._can:
            self._expect("not removed", "EXPUNGE", self._imap.uid("EXPUNGE", name))

    def _fetch(self, name: str, what: str) -> bytes:
        answer = self._expect("no mail", "FETCH", self._imap.uid("FETCH", name, f"({what})"))
        for one in answer:
            if isinstance(one, tuple):
                return bytes(one[1])
        raise InboxAway("The mail server gives no mail.")

    def _make(self, name: str) -> str:
        """Find or make a folder beside the inbox, or inside it where the server wants that."""
        _state, listed = self._imap.list('""', '""')
        match = _DELIMITER.match(listed[0]) if listed and isinstance(listed[0], bytes) else None
        inside = f"INBOX{match[1].decode('ascii', 'replace') if match else '/'}{name}"
        for one in (name, inside):
            if self._imap.status(_quoted(one), "(MESSAGES)")[0] == "OK":
                return _quoted(one)
        for one in (name, inside):
            if self._imap.create(_quoted(one))[0] == "OK":
                return _quoted(one)
        raise InboxAway(f"The mail server makes no folder {name}.")

    def _expect(self, otherwise: str, what: str, answer: tuple[str, Any]) -> list[Any]:
        state, found = answer
        if state != "OK":
            raise InboxAway(f"The mail server answers {what} with {state}: {otherwise}.")
        return [one for one in found if one is not None]


def _connect(address: Address, context: ssl.SSLContext) -> imaplib.IMAP4_SSL:
    try:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=TIMEOUT_S)
    except (imaplib.IMAP4.error, OSError) as error:
        raise InboxAway(f"The mail server cannot be reached: {type(error).__name__}.") from None


def _sign_in(connection: imaplib.IMAP4_SSL, address: Address) -> None:
    said = f"\0{address.user}\0{address.password}".encode()
    try:
        if "AUTH=PLAIN" in connection.capabilities:
            connection.authenticate("PLAIN", lambda _challenge: said)
        else:
            connection.login(address.user, address.password)
    except (imaplib.IMAP4.error, UnicodeError):
        raise InboxAway("The mail server refuses the sign-in.") from None


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
