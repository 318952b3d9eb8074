"""Cells that hold several values: the sign that separates them, chosen or guessed for a column."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.directory.memberlist.cells import clean, line_of
from proxeny.directory.sources.table import Table

#: Rows that a guess looks at.
_LOOKED_AT = 2_000
_EXAMPLES = 3
_SIGNS = {
    "none": None,
    "comma": re.compile(r"[,،\n]"),
    "semicolon": re.compile(r"[;؛\n]"),
    "pipe": re.compile(r"[|\n]"),
}
SEPARATORS = {
    "none": _("None: the cell holds a single value"),
    "comma": _("Comma"),
    "semicolon": _("Semicolon"),
    "pipe": _("Vertical bar"),
}
# Default separators where none was chosen or guessed: a name may hold a comma, a code cannot.
_USUAL = {
    "former_names": re.compile(r"[;|\n؛]"),
    "nace": re.compile(r"[,;|\n،؛]"),
    "topics": re.compile(r"[,;|\n،؛]"),
    "languages": re.compile(r"[,;/|\n،؛]"),
}
_STRONG, _ANY = re.compile(r"[;|\n؛]"), re.compile(r"[,;|\n،؛]")
#: Our fields that take several values from one cell.
LISTS = ("former_names", "sectors", "nace", "topics", "languages")
_COMMA = re.compile("[,،]")
# "A, B & C" is how a language lists the parts of one thing.
_JOINED = re.compile(r"[,،][^,،]*(?:&|\b(?:and|et|και)\b|\sو)[^,،]*$")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """The splitting of the cells of one column.

    Attributes
    ----------
    field, column : str
        Our field, and the label of the column.
    separator : str
        A key of `SEPARATORS`; empty where every usual sign separates.
    is_guessed : bool
        Whether it was guessed instead of chosen.
    examples : list
        Cells, each with the values it is read as.
    """

    field: str
    column: str
    separator: str
    is_guessed: bool
    examples: list[tuple[str, list[str]]]

    def to_json(self) -> dict[str, Any]:
        """Return it as a check keeps it."""
        return asdict(self)


def split_cell(field: str, text: str, separator: str = "") -> list[str]:
    """Return the values of a cell, each as one line; without a separator by the usual signs."""
    sign = _SIGNS[separator] if separator else _USUAL.get(field)
    if not separator and field == "sectors":
        sign = _STRONG if _STRONG.search(text) else _ANY
    parts = sign.split(text) if sign else [text]
    return list(dict.fromkeys(line_of(part) for part in parts if part.strip()))


def write_list(values: Sequence[str]) -> str:
    """Return values as one text that `split_cell` reads as the same values."""
    if not any(_COMMA.search(value) for value in values):
        return ", ".join(values)
    return "; ".join(values) + (";" if len(values) == 1 else "")


def read_lists(
    table: Table, mapping: Mapping[str, str], chosen: Mapping[str, str]
) -> list[ListColumn]:
    """Return how each mapped column of several values is read. Looks at the first rows only."""
    at = {name: table.header.index(mapping[name]) for name in LISTS if name in mapping}
    cells: dict[str, dict[str, None]] = {name: {} for name in at}
    for row in islice(table.rows(), _LOOKED_AT) if at else ():
        for name, position in at.items():
            if position < len(row.cells) and (text := clean(row.cells[position])):
                cells[name][text] = None
    return [_list_column(name, mapping[name], [*cells[name]], chosen.get(name, "")) for name in at]


def _list_column(field: str, column: str, cells: list[str], chosen: str) -> ListColumn:
    separator = chosen or (guess_separator(cells) if field == "sectors" else "")
    shown = sorted(cells, key=lambda text: not _ANY.search(text))[:_EXAMPLES]
    return ListColumn(
        field,
        column,
        separator,
        not chosen,
        [(line_of(text)[:200], split_cell(field, text, separator)) for text in shown],
    )


def guess_separator(cells: Iterable[str]) -> str:
    """Return which sign separates the values in different cells of one column.

    A semicolon or a bar separates where most cells with a sign have it. A comma separates unless most
    cells with a comma join their last part by "and", as one name does that lists its parts. Empty
    when no cell has a sign.
    """
    found = [text for text in cells if _ANY.search(text)]
    counts = {
        name: sum(bool(sign.search(text)) for text in found)
        for name, sign in (("semicolon", re.compile("[;؛]")), ("pipe", re.compile(r"\|")))
    }
    best = max(counts, key=lambda name: counts[name])
    if counts[best] * 2 >= max(len(found), 1):
        return best
    wholes = [text for text in found if _COMMA.search(text)]
    if not wholes:
        return ""
    joined = sum(bool(_JOINED.search(text)) for text in wholes)
    return "none" if joined * 2 > len(wholes) else "comma"
