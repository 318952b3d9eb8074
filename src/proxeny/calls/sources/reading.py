"""The format of an uploaded file, and its rows: a funding portal's export (JSON) or a CSV table."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from proxeny.calls.sources.names import NAMES, key_of
from proxeny.directory.sources.content import PAGE, Content, is_archive, list_members, open_gzip
from proxeny.directory.sources.content import open_member as open_packed
from proxeny.directory.sources.encoding import detect_encoding
from proxeny.directory.sources.text import find_delimiter, read_lines, read_records
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.lists import join_items

PORTAL, CSV = "portal", "csv"
#: Maximum number of calls in a file.
MOST_ROWS = 20_000
_MB = 1024 * 1024
_ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt")
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"{\\rtf", "RTF"),
    (b"<", "HTML"),
)
#: Maximum depth of a list of calls in an export.
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number in the file, and its values by our names.

    `error` is a sentence where the row cannot be read at all.
    """

    number: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was recognised: `portal` or `csv`, and its rows."""

    source: str
    records: list[Record]


def refuse_size(size: int) -> None:
    """Raise `InvalidInput` for a file that is empty or too large, before it is read."""
    if size == 0:
        raise InvalidInput(_("This file is empty. Choose the file with the calls."), field="file")
    if size > PAGE.size:
        raise InvalidInput(
            _(
                "This file is %(size)s MB; you can upload up to %(limit)s MB at once. Compress "
                "it as ZIP or gzip, or split it into several files."
            )
            % {"size": -(-size // _MB), "limit": PAGE.size // _MB},
            field="file",
        )


def read_file(data: bytes) -> Brought:
    """Detect the format of a file by its content, and read its rows.

    Raises
    ------
    InvalidInput
        With a sentence that says what is wrong, where, and what to do: no text, another kind of
        file, damaged, no call in it, no column of ours, too many rows.
    """
    refuse_size(len(data))
    content = _unpack(Content.of_bytes(data))
    head = content.head()
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InvalidInput(_("This file is empty. Choose the file with the calls."), field="file")
    _refuse_others(head)
    encoding = detect_encoding(content)
    start = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        brought = Brought(PORTAL, list(_read_json(content, encoding)))
    else:
        brought = Brought(CSV, list(_read_table(content, encoding)))
    if not brought.records:
        raise InvalidInput(
            _("There are no calls in this file. Choose the file with the calls."), field="file"
        )
    return brought


def _unpack(content: Content) -> Content:
    head = content.head()
    if head.startswith(b"\x1f\x8b"):
        return open_gzip(content)
    if not is_archive(head):
        return content
    names = [name for name in list_members(content) if name.lower().endswith(_ENDINGS)]
    if not names:
        raise _wrong_kind("ZIP")
    return open_packed(content, names[0])


def _refuse_others(head: bytes) -> None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = next((name for magic, name in _OTHERS if text.startswith(magic)), "")
    if kind:
        raise _wrong_kind(kind)


def _wrong_kind(kind: str) -> InvalidInput:
    return InvalidInput(
        _(
            "This file’s type is %(kind)s, whatever its name says. Upload the topic export of the "
            "funding portal (JSON), or a table saved as CSV UTF-8."
        )
        % {"kind": kind},
        field="file",
    )


def _too_many() -> InvalidInput:
    return InvalidInput(
        _(
            "This file has more than %(most)s calls. Split it into several files and upload them "
            "one by one."
        )
        % {"most": MOST_ROWS},
        field="file",
    )


def _unknown_shape(names: list[str]) -> InvalidInput:
    told = join_items(f"“{name[:40]}”" for name in names[:12]) or _("none")
    return InvalidInput(
        _(
            "This file doesn’t say which calls it contains: each needs a reference and a title, "
            "as in the columns “reference” and “title” or the portal’s “topicId” and “title”. "
            "Found here: %(names)s. Rename the columns, or upload another file."
        )
        % {"names": told},
        field="file",
    )


# --- JSON -----------------------------------------------------------------------------------------


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _load(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse_constant)


def _read_json(content: Content, encoding: str) -> Iterator[Record]:
    text = content.read().decode(encoding, "replace").lstrip("\ufeff")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    try:
        told = _load(text)
    except (ValueError, RecursionError) as error:
        # One object a line; else it is one damaged whole.
        if len(lines) > 1 and all(line.lstrip().startswith("{") for _number, line in lines[:2]):
            return _read_json_lines(lines)
        place = getattr(error, "lineno", 0)
        raise InvalidInput(
            _(
                "This file starts like JSON but can’t be read from line %(line)s onwards: it may "
                "have been cut off. Download it again."
            )
            % {"line": place or 1},
            field="file",
        ) from None
    rows = _find_rows(told)
    if len(rows) > MOST_ROWS:
        raise _too_many()
    found = [(number, _cells(row)) for number, row in enumerate(rows, 1)]
    if not any(_names_a_call(cells) for _number, cells in found[:50]):
        raise _unknown_shape(_names_in(rows[0] if rows else told))
    return iter([Record(number, cells) for number, cells in found])


def _read_json_lines(lines: list[tuple[int, str]]) -> Iterator[Record]:
    if len(lines) > MOST_ROWS:
        raise _too_many()
    found = [_read_json_line(number, line) for number, line in lines]
    if not any(_names_a_call(one.cells) for one in found[:50]):
        first = next((line for number, line in lines if not found[0].error), "{}")
        raise _unknown_shape(_names_in(_load(first)))
    return iter(found)


def _read_json_line(number: int, line: str) -> Record:
    try:
        told = _load(line)
    except (ValueError, RecursionError):
        return Record(
            number,
            error=_(
                "This line isn’t valid JSON: it may have been cut off. Download the file again."
            ),
        )
    if not isinstance(told, dict):
        return Record(
            number, error=_("This line doesn’t contain a call: it must be an object in braces.")
        )
    return Record(number, _cells(told))


def _find_rows(told: Any, depth: int = 0) -> list[Any]:
    """Return the list of calls in an export, however deep it lies; one call alone is a list of it."""
    if isinstance(told, list):
        return [one for one in told if isinstance(one, dict)]
    if not isinstance(told, dict) or depth > _DEPTH:
        return []
    if _names_a_call(_cells(told)):
        return [told]
    found = (_find_rows(one, depth + 1) for one in told.values() if isinstance(one, list | dict))
    return max(found, key=len, default=[])


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row, by our names; facts may lie one level down, in `metadata`."""
    inner = row.get("metadata")
    flat = {**row, **(inner if isinstance(inner, dict) else {})}
    cells: dict[str, Any] = {}
    for name, value in flat.items():
        ours = NAMES.get(key_of(str(name)))
        if ours and not _is_empty(cells.get(ours)):
            continue
        if ours and not _is_empty(value):
            cells[ours] = value
    return cells


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _names_a_call(cells: Mapping[str, Any]) -> bool:
    return "reference" in cells and "title" in cells


def _names_in(told: Any) -> list[str]:
    return [str(name) for name in told] if isinstance(told, dict) else []


# --- CSV ------------------------------------------------------------------------------------------


def _read_table(content: Content, encoding: str) -> Iterator[Record]:
    delimiter, is_told = find_delimiter(content, encoding)
    lines: Iterator[str] = read_lines(content, encoding)
    if is_told:
        lines = (line if number else "\n" for number, line in enumerate(lines))
    rows = (
        (number, cells)
        for number, cells in read_records(lines, delimiter)
        if any(map(str.strip, cells))
    )
    _number, header = next(rows, (0, []))
    ours = [NAMES.get(key_of(name), "") for name in header]
    if "reference" not in ours or "title" not in ours:
        raise _unknown_shape([name for name in header if name.strip()])
    for found, (number, cells) in enumerate(rows, 1):
        if found > MOST_ROWS:
            raise _too_many()
        record = Record(number)
        if len(cells) > len(header) and any(map(str.strip, cells[len(header) :])):
            yield replace(
                record,
                error=_(
                    "This row has more cells than the header. Put any cell that contains the "
                    "separator in quotation marks."
                ),
            )
            continue
        kept: dict[str, Any] = {}
        for name, cell in zip(ours, cells, strict=False):
            if name and cell.strip() and name not in kept:
                kept[name] = cell
        yield replace(record, cells=kept)
