"""Reading of an uploaded file as a table with a header, by its content and not its name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.memberlist.columns import count_known
from proxeny.directory.sources import vcard
from proxeny.directory.sources.content import (
    PAGE,
    Content,
    is_archive,
    list_members,
    open_gzip,
    open_member,
    refuse_size,
)
from proxeny.directory.sources.encoding import detect_encoding
from proxeny.directory.sources.table import MAX_COLUMNS, Row, Table
from proxeny.directory.sources.text import find_delimiter, read_lines, read_records
from proxeny.directory.sources.workbook import is_workbook, open_workbook
from proxeny.kernel.errors import InvalidInput

_KINDS = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"{\\rtf", "RTF"),
    (b"PK\x03\x04", "ZIP"),
    (b"SQLite format 3", "SQLite"),
)
_READ_IN_ARCHIVES = (".csv", ".tsv", ".txt", ".vcf")
_HEADER_WITHIN = 10


def open_table(content: Content, *, encoding: str = "", sheet: str = "") -> Table:
    """Examine a file and return how to read it. One pass over it at most, in constant memory.

    Parameters
    ----------
    content : Content
        CSV, also packed as ZIP or gzip, an XLSX workbook, or visiting cards.
    encoding : str
        The encoding of a text that a person chose; detected when empty.
    sheet : str
        The sheet of a workbook, or the file of an archive, that a person chose; the first that
        holds anything when empty.

    Raises
    ------
    InvalidInput
        With a sentence that says what is wrong, where, and what to do.
    """
    refuse_size(content.size, content.limits)
    head = content.head()
    if is_workbook(content, head):
        return _make_table(content, **open_workbook(content, sheet))
    if is_archive(head):
        return _open_archive(content, encoding, sheet)
    if head.startswith(b"\x1f\x8b"):
        return _open_text(open_gzip(content), encoding)
    return _open_text(content, encoding)


def read_table(data: bytes, *, encoding: str = "", sheet: str = "") -> Table:
    """Look at a file that is in memory; see `open_table`."""
    return open_table(Content.of_bytes(data), encoding=encoding, sheet=sheet)


def _open_archive(content: Content, encoding: str, sheet: str) -> Table:
    names = [name for name in list_members(content) if name.lower().endswith(_READ_IN_ARCHIVES)]
    if not names:
        raise _refuse_kind("ZIP")
    # The file of organisations first: what CORDIS publishes holds a dozen files.
    name = sheet if sheet in names else min(names, key=lambda one: "organi" not in one.lower())
    return replace(_open_text(open_member(content, name), encoding), sheet=name, sheets=names)


def _open_text(content: Content, encoding: str) -> Table:
    head = content.head()
    if not head:
        raise _nothing()
    _refuse_other_kinds(head)
    encoding = encoding or detect_encoding(content)
    if vcard.is_vcard(head.decode(encoding, "ignore")):
        return vcard.open_cards(content, encoding)
    delimiter, is_told = find_delimiter(content, encoding)

    def records() -> Iterator[tuple[int, list[str]]]:
        lines = read_lines(content, encoding)
        if is_told:
            # Row numbers stay those of the file: the line is emptied, not removed.
            lines = (line if number else "\n" for number, line in enumerate(lines))
        return read_records(lines, delimiter)

    return _make_table(content, records, encoding=encoding, delimiter=delimiter)


def _refuse_other_kinds(head: bytes) -> None:
    text = head[:512].lstrip()
    kind = next((name for magic, name in _KINDS if head.startswith(magic)), "")
    if not kind and text[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        kind = "HTML" if b"html" in text.lower() else "XML"
    if not kind and text[:1] in (b"{", b"[") and text[1:].lstrip()[:1] in (b'"', b"{", b"["):
        kind = "JSON"
    if kind:
        raise _refuse_kind(kind)


def _refuse_kind(kind: str) -> InvalidInput:
    return InvalidInput(
        _(
            "This file’s type is %(kind)s, whatever its name says. Open your list in a "
            "spreadsheet program and save it as XLSX or CSV UTF-8."
        )
        % {"kind": kind},
        field="file",
    )


def _nothing() -> InvalidInput:
    return InvalidInput(
        _("There’s nothing in this file. Choose the file with your members."), field="file"
    )


def _make_table(
    content: Content, records: Callable[[], Iterator[tuple[int, list[str]]]], **how: Any
) -> Table:
    head = list(islice(_filled(records()), _HEADER_WITHIN + 1))
    if not head:
        raise _nothing()
    at = _find_header(head[:_HEADER_WITHIN])
    header = head[at]
    _refuse_width(len(header.cells))
    if at + 1 == len(head):
        raise InvalidInput(
            _(
                "This file has a header in row %(row)s but no members below it. Add a row for "
                "each member, or choose another file."
            )
            % {"row": header.number},
            field="file",
        )

    def read() -> Iterator[Row]:
        for found, row in enumerate(islice(_filled(records()), at + 1, None), 1):
            if found > content.limits.rows:
                raise _too_many(content.limits.rows)
            yield row

    return Table(unique_labels(header.cells), header.number, read, **how)


def _filled(records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    return (Row(number, cells) for number, cells in records if any(map(str.strip, cells)))


def _refuse_width(width: int) -> None:
    if width > MAX_COLUMNS:
        raise InvalidInput(
            _(
                "This list has %(found)s columns; we can read up to %(limit)s. Keep the columns "
                "that describe your members and delete the others."
            )
            % {"found": width, "limit": MAX_COLUMNS},
            field="file",
        )


def _too_many(limit: int) -> InvalidInput:
    return InvalidInput(
        _(
            "This list has more than %(limit)s rows. Split it into several files with the same "
            "header row and import them one after another, or use the command line."
        )
        % {"limit": limit},
        field="file",
    )


def _find_header(rows: list[Row]) -> int:
    # A title or a note above the header is common; the header is the row we know most words of.
    known = [count_known(row.cells) for row in rows]
    return known.index(max(known))


def unique_labels(cells: list[str]) -> list[str]:
    """Return one label a column: its cell, a letter where that is empty, a number where twice."""
    labels: list[str] = []
    for position, cell in enumerate(cells):
        label = " ".join(cell.replace("\0", "").split())[:120] or _("Column %(letter)s") % {
            "letter": letter(position)
        }
        again = 2
        while label in labels:
            label, again = f"{' '.join(cell.split())[:110]} ({again})", again + 1
        labels.append(label)
    return labels


def letter(position: int) -> str:
    """Return a column's letter as a spreadsheet shows it; the first position is 0."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


__all__ = ["PAGE", "letter", "open_table", "read_table", "refuse_size", "unique_labels"]
