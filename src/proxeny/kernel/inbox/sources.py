"""Sources of incoming mail: a folder of a mail server (IMAP), or one on this machine (Maildir).

Nothing is deleted. A processed mail is moved to `Processed` or to `Not-understood` beside the
inbox, and only after its effects are stored: after a crash at any point, the mail is found again.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mailbox import Maildir
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

PROCESSED, NOT_UNDERSTOOD = "Processed", "Not-understood"
FOLDERS = (PROCESSED, NOT_UNDERSTOOD)


class InboxAway(Exception):
    """The place cannot be read now; the message says why, and holds neither name nor password."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting mail: its name at the source, and its size in bytes."""

    name: str
    size: int


class Place(Protocol):
    """A place that mail comes in at."""

    def waiting(self) -> list[Waiting]:
        """Return the waiting mails, oldest first."""
        ...

    def read(self, name: str) -> bytes:
        """Return a mail as it came."""
        ...

    def read_head(self, name: str, most: int) -> bytes:
        """Return the beginning of a mail, of those that are too large to be read."""
        ...

    def move(self, name: str, folder: str) -> None:
        """Move a mail to one of `FOLDERS`; it is in exactly one place at any moment, or in both."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """A place as it is configured."""

    kind: str
    path: str
    host: str = ""
    port: int = 993
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        # Neither user name nor password of a server.
        return f"Address(kind={self.kind!r})"


def read_address(url: str) -> Address:
    """Read `imaps://user:password@host:993/INBOX` or `maildir:///path`.

    Raises
    ------
    ValueError
        It is neither; the message repeats nothing of it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 993
    except ValueError:
        raise ValueError("use imaps://user:password@host/INBOX or maildir:///path") from None
    path = unquote(parts.path)
    if not path.isprintable():
        raise ValueError("the folder name contains unprintable characters")
    if parts.scheme == "maildir" and not parts.netloc and path.startswith("/"):
        return Address("maildir", path)
    if parts.scheme != "imaps" or not parts.hostname or not (parts.username and parts.password):
        raise ValueError("use imaps://user:password@host/INBOX or maildir:///path")
    folder = path.strip("/") or "INBOX"
    if not folder.isascii():
        raise ValueError("the folder name must be plain ASCII")
    return Address(
        "imaps", folder, parts.hostname, port, unquote(parts.username), unquote(parts.password)
    )


@contextmanager
def opening(url: str) -> Iterator[Place]:
    """Open a configured place for the block.

    Raises
    ------
    InboxAway
        It cannot be reached, does not let us in, or there is no such folder.
    """
    address = read_address(url)
    if address.kind == "maildir":
        yield MaildirPlace(Path(address.path))
        return
    from proxeny.kernel.inbox.imap import ImapPlace

    with ImapPlace.signed_in(address, ssl.create_default_context()) as place:
        yield place


class MaildirPlace:
    """A Maildir that a mail server of this machine delivers into; its folders are Maildir++."""

    def __init__(self, path: Path) -> None:
        if not all((path / name).is_dir() for name in ("new", "cur", "tmp")):
            raise InboxAway("There is no Maildir at this path.")
        self._path = path
        box = Maildir(path, create=False)
        for folder in FOLDERS:
            if folder not in box.list_folders():
                box.add_folder(folder)

    def waiting(self) -> list[Waiting]:
        """Return the waiting mails, oldest first: the name of a file begins with the time."""
        files = [
            file
            for name in ("new", "cur")
            for file in (self._path / name).iterdir()
            if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
        ]
        files.sort(key=lambda file: (file.stat().st_mtime, file.name))
        return [Waiting(f"{file.parent.name}/{file.name}", file.stat().st_size) for file in files]

    def read(self, name: str) -> bytes:
        """Return a mail as it came."""
        return (self._path / name).read_bytes()

    def read_head(self, name: str, most: int) -> bytes:
        """Return its first bytes."""
        with (self._path / name).open("rb") as file:
            return file.read(most)

    def move(self, name: str, folder: str) -> None:
        """Move a mail by renaming its file, which is done or not done, and nothing between."""
        base = name.partition("/")[2].partition(":2,")[0]
        (self._path / name).rename(self._path / f".{folder}" / "cur" / f"{base}:2,S")
