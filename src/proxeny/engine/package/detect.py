"""Dialect of a table, detected from its head: encoding, delimiter, quotation marks, header."""

import contextlib
import csv
import itertools
import re
from collections import Counter
from typing import BinaryIO

from proxeny.engine.package._infer import guess_type, is_year_label
from proxeny.engine.package.schema import Dialect

__all__ = ["detect_dialect"]

_HEAD = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: The older encodings of our languages, with the letters that are most frequent in them.
_COMMON = (("cp1253", "αοιτνεσςρκηυπλμάίέόή"), ("cp1256", "النيموترب"))
_FAR = re.compile(rb"[\x80-\xff]+")


def detect_dialect(stream: BinaryIO) -> Dialect:
    """Return the dialect of a table in a seekable stream, as far as its head shows it."""
    stream.seek(0)
    head = stream.read(_HEAD)
    encoding = detect_encoding(head)
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)
    if len(head) == _HEAD and len(lines) > 1:
        # The last line is cut off somewhere.
        lines = lines[:-1]
    quote = _detect_quote(text)
    delimiter = _detect_delimiter(lines, quote)
    rows = _parse(lines[:200], delimiter, quote)
    return Dialect(
        delimiter=delimiter,
        quote_char=quote,
        encoding=encoding,
        header=_has_header([row for row in rows if row]),
    )


def detect_encoding(head: bytes) -> str:
    """Return the encoding of a text by its first bytes.

    Without a mark it is UTF-8, unless more bytes speak against it than for it; then one of the
    older ones: single letters among Latin ones are Western European, long runs of them are Greek or
    Arabic, depending on their frequent letters.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    text = head.decode("utf-8", errors="surrogateescape")
    foreign = sum("\udc80" <= sign <= "\udcff" for sign in text[:-3])
    if foreign <= sum(sign > "\x7f" for sign in text) - foreign:
        return "utf-8"
    runs = _FAR.findall(head)
    if not runs or sum(map(len, runs)) < 2 * len(runs):
        return "cp1252"
    shares = {
        encoding: sum(map(head.decode(encoding, errors="replace").count, common))
        for encoding, common in _COMMON
    }
    return max(shares, key=lambda encoding: shares[encoding])


def _detect_quote(text: str) -> str:
    if '"' in text:
        return '"'
    single = re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text, re.MULTILINE)
    return "'" if len(single) > text.count("\n") / 2 and single else '"'


def _parse(lines: list[str], delimiter: str, quote: str) -> list[list[str]]:
    rows = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    parsed: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        parsed.extend(rows)
    return parsed


def _detect_delimiter(lines: list[str], quote: str) -> str:
    """Return what cuts most rows into the same number of cells, the more the better."""
    best, score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in _parse(lines[:200], delimiter, quote) if row)
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = round(count / max(1, min(200, len(lines))), 1)
        if (share, width) > score:
            best, score = delimiter, (share, width)
    return best


def _has_header(rows: list[list[str]]) -> bool:
    """Return whether the first row holds names; a value like those below it is evidence against.

    Years may be names of columns.
    """
    if len(rows) < 2:
        return True
    first, rest = rows[0], rows[1:]
    if len([cell for cell in first if is_year_label(cell)]) > 1:
        return True
    columns = itertools.zip_longest(*rest, fillvalue="")
    for label, values in zip(first, columns, strict=False):
        kind = guess_type([value for value in values if value])
        if kind != "string" and label and guess_type([label]) == kind:
            return False
    return True
