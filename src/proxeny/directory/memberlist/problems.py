"""The problems of a whole list: all counted, all in one file, the first kept to be shown."""

import csv
import tempfile
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from proxeny.directory.memberlist.check import Problem
from proxeny.kernel.spreadsheet import escape_formula

SHOWN = 500
#: Lines of the file that is kept with an import; the counts tell of all.
KEPT_LINES = 100_000
_IN_MEMORY = 1 << 20
_FIRST_ROWS = 5


@dataclass(slots=True)
class Tally:
    """Problems of one sort in one column: how many, and the first rows."""

    kind: str
    column: str
    stops: bool
    count: int = 0
    rows: list[int] = field(default_factory=list)


def effect_of(kind: str, *, stops: bool) -> str:
    """Return the effect of a problem on its list."""
    if stops:
        return _("Blocks the import")
    return _("Shortened") if kind == "long" else _("Skipped")


class Problems:
    """Takes problems one by one, in constant memory.

    Parameters
    ----------
    target : file, optional
        Where all of them are written as CSV; a temporary file of at most `KEPT_LINES` when None.
    """

    def __init__(self, target: IO[str] | None = None) -> None:
        self.stops = 0
        self.notes = 0
        self._shown: dict[bool, list[Problem]] = {True: [], False: []}
        self._tallies: dict[tuple[str, str, bool], Tally] = {}
        self._most = KEPT_LINES if target is None else None
        self._file = target or tempfile.SpooledTemporaryFile(  # noqa: SIM115 - lives as long as this
            _IN_MEMORY, "w+", encoding="utf-8-sig", newline=""
        )
        self._writer = csv.writer(self._file)

    @property
    def count(self) -> int:
        """The number of problems."""
        return self.stops + self.notes

    def add(self, problem: Problem) -> None:
        """Count one, and keep it as far as it is shown."""
        if not self.count:
            self._writer.writerow([_("Row"), _("Column"), _("Value"), _("What to do"), _("Effect")])
        if self._most is None or self.count < self._most:
            effect = effect_of(problem.kind, stops=problem.stops)
            cells = (problem.column, problem.value, problem.reason, effect)
            self._writer.writerow([problem.row, *map(escape_formula, cells)])
        self.stops += problem.stops
        self.notes += not problem.stops
        shown = self._shown[problem.stops]
        if len(shown) < SHOWN:
            shown.append(problem)
        self._tally(problem)

    def _tally(self, problem: Problem) -> None:
        key = (problem.kind, problem.column, problem.stops)
        tally = self._tallies.setdefault(key, Tally(*key))
        tally.count += 1
        if len(tally.rows) < _FIRST_ROWS:
            tally.rows.append(problem.row)

    def shown(self) -> list[dict[str, Any]]:
        """Return the first as JSON: those that stop the import before the others, by row."""
        found = [
            one
            for stops in (True, False)
            for one in sorted(self._shown[stops], key=lambda problem: problem.row)
        ]
        return [asdict(one) for one in found[:SHOWN]]

    def tallies(self) -> list[dict[str, Any]]:
        """Return how many there are of each sort, the most frequent first."""
        found = sorted(self._tallies.values(), key=lambda one: (not one.stops, -one.count))
        return [asdict(one) for one in found]

    def content(self) -> bytes:
        """Return the temporary file's bytes; empty when there are no problems."""
        self._file.seek(0)
        return self._file.read().encode("utf-8-sig") if self.count else b""
