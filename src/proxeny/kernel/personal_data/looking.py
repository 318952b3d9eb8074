"""Looking for a person in a file of somebody's, in a process of its own (`kernel.sandbox`)."""

import html
import io
import zipfile
from collections.abc import Iterator

from proxeny.kernel.personal_data.redaction import Reach, Redactor
from proxeny.kernel.sandbox import ReadingFailed, read_apart

#: A workbook's parts are read up to this size each; the import refuses larger ones.
_MAX_PART = 64 * 1024 * 1024
_ENCODINGS = ("utf-8", "utf-16", "cp1252")


def find_in_file(content: bytes, redactor: Redactor) -> tuple[bool, bool]:
    """Return whether a file has one of a person's addresses, and whether it has a name or an address.

    One that cannot be read within the limits may have a name: then its owner decides.
    """
    try:
        has_address, has_name = read_apart(
            look_apart, content, list(redactor.names), list(redactor.addresses)
        )
    except ReadingFailed:
        return False, True
    return has_address, has_name


def look_apart(content: bytes, names: list[str], addresses: list[str]) -> list[bool]:
    """Return what `find_in_file` does."""
    redactor, has_name = Redactor(names, addresses), False
    for text in _texts(content):
        if redactor.is_in(text, Reach.ADDRESS):
            return [True, True]
        has_name = has_name or redactor.is_in(text, Reach.PHRASE)
    return [False, has_name]


def _texts(content: bytes) -> Iterator[str]:
    if content[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for part in book.infolist():
                    if part.file_size <= _MAX_PART:
                        yield html.unescape(book.read(part).decode("utf-8", "replace"))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return
        return
    for encoding in _ENCODINGS:
        try:
            yield content.decode(encoding)
        except UnicodeDecodeError:
            continue
