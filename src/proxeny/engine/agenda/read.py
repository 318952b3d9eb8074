"""Read problems (the published `.dzn` format, and Proxeny's JSON) and schedules.

Files count participants, slots, tables and meetings from 1.
"""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from proxeny.engine.agenda.model import (
    Assignment,
    Interpreter,
    Meeting,
    Participant,
    Placed,
    Precedence,
    Problem,
    Slot,
    Table,
)
from proxeny.engine.agenda.validate import validate_assignment

__all__ = [
    "problem_from_json",
    "problem_to_json",
    "read_dzn",
    "read_problem",
    "read_schedule",
    "schema",
]

# Biggest file read, in bytes: 5,000 participants with 40,000 meetings take about 8 MB.
MAX_BYTES = 64_000_000

MORNING, AFTERNOON, ANY = 1, 2, 3


def read_problem(path: Path) -> Problem:
    """Read a problem; the file extension (`.dzn` or `.json`) determines the format.

    Raises
    ------
    ValueError
        With the error and its place.
    OSError
        If the file cannot be read.
    """
    text = _read_text(path)
    if path.suffix.lower() == ".dzn":
        return read_dzn(text, name=path.stem)
    return problem_from_json(_parse_json(text, path))


def read_schedule(path: Path, problem: Problem) -> Assignment:
    """Read a schedule: an object with `assignment`, or the list alone, as `solve --json` prints."""
    data = _parse_json(_read_text(path), path)
    rows = data.get("assignment") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise ValueError("assignment: a list of objects with meeting, slot and table is needed")
    placed = []
    for row, item in enumerate(rows, 1):
        if not isinstance(item, dict):
            raise ValueError(f"assignment, row {row}: an object is needed")
        numbers = {key: item.get(key) for key in ("meeting", "slot", "table")}
        for key, number in numbers.items():
            if not isinstance(number, int) or isinstance(number, bool):
                raise ValueError(f"assignment, row {row}: {key} must be a whole number")
        interpreter = item.get("interpreter")
        placed.append(
            Placed(
                item["meeting"] - 1,
                item["slot"] - 1,
                item["table"] - 1,
                None if interpreter is None else int(interpreter) - 1,
            )
        )
    validate_assignment(problem, placed, "assignment")
    return tuple(placed)


def read_dzn(text: str, *, name: str = "") -> Problem:
    """Read the MiniZinc data format of the JAIR 2022 benchmark.

    Parameters
    ----------
    text : str
        With `nBusiness`, `nMeetings`, `nTables`, `nTotalSlots`, `nMorningSlots`, `requested`
        (party, party, session: 1 morning, 2 afternoon, 3 any), and, where present, `forbidden`
        (slots per participant; 0 is a filler), `fixed` (slot per meeting, 0 for none) and
        `precedences` (per meeting, the meetings before it). What can be derived from these is
        not read.

    Raises
    ------
    ValueError
        Naming the field and the row.
    """
    text = re.sub(r"%[^\n]*", "", text)
    n_people = _dzn_number(text, "nBusiness")
    n_slots = _dzn_number(text, "nTotalSlots")
    n_morning = _dzn_number(text, "nMorningSlots")
    if not 0 <= n_morning <= n_slots:
        raise ValueError("nMorningSlots: must be from 0 to nTotalSlots")
    rows = _dzn_rows(text)
    n_meetings = _dzn_number(text, "nMeetings")
    if len(rows) != n_meetings:
        raise ValueError(f"requested: {len(rows)} rows, but nMeetings says {n_meetings}")
    forbidden = _dzn_sets(text, "forbidden", n_people)
    before = _dzn_sets(text, "precedences", n_meetings)
    fixed = _dzn_fixed(text, n_meetings, n_slots)
    sessions = {
        MORNING: frozenset(range(n_morning)),
        AFTERNOON: frozenset(range(n_morning, n_slots)),
        ANY: frozenset(range(n_slots)),
    }
    return Problem(
        participants=tuple(
            Participant(unavailable=frozenset(slot - 1 for slot in slots if slot != 0))
            for slots in forbidden
        ),
        slots=tuple(Slot(session=1 if slot < n_morning else 2) for slot in range(n_slots)),
        tables=(Table(),) * _dzn_number(text, "nTables"),
        meetings=tuple(
            _dzn_meeting(row, numbers, sessions, fixed[row - 1])
            for row, numbers in enumerate(rows, 1)
        ),
        precedences=tuple(
            Precedence(first - 1, after)
            for after, firsts in enumerate(before)
            for first in sorted(firsts)
            if first != 0
        ),
        name=name,
    )


def _dzn_meeting(
    row: int, numbers: list[int], sessions: dict[int, frozenset[int]], fixed: int
) -> Meeting:
    first, second, session = numbers
    if session not in sessions:
        raise ValueError(f"requested, row {row}: session must be 1, 2 or 3, not {session}")
    allowed = sessions[session]
    if fixed:
        allowed &= {fixed - 1}
    if not allowed:
        raise ValueError(f"requested, row {row}: its session leaves no slot")
    return Meeting(parties=(first - 1, second - 1), slots=allowed)


def _dzn_number(text: str, field: str) -> int:
    found = re.search(rf"\b{field}\s*=\s*(-?\d+)\s*;", text)
    if not found:
        raise ValueError(f"{field}: missing, or not a whole number")
    number = int(found[1])
    if number < 0:
        raise ValueError(f"{field}: must not be negative")
    return number


def _dzn_body(text: str, field: str) -> str | None:
    found = re.search(rf"\b{field}\s*=\s*\[(.*?)\]\s*;", text, re.DOTALL)
    return found[1] if found else None


def _dzn_rows(text: str) -> list[list[int]]:
    body = _dzn_body(text, "requested")
    if body is None:
        raise ValueError("requested: missing")
    rows: list[list[int]] = []
    for cells in body.strip().strip("|").split("|"):
        numbers = [cell.strip() for cell in cells.split(",") if cell.strip()]
        if not numbers:
            continue
        if len(numbers) != 3 or not all(re.fullmatch(r"-?\d+", cell) for cell in numbers):
            raise ValueError(f"requested, row {len(rows) + 1}: three whole numbers are needed")
        rows.append([int(cell) for cell in numbers])
    return rows


def _dzn_sets(text: str, field: str, size: int) -> list[set[int]]:
    body = _dzn_body(text, field)
    if body is None:
        return [set() for _ in range(size)]
    sets: list[set[int]] = []
    for found in re.finditer(r"\{([^{}]*)\}|(-?(?<!\d)\d++)\s*+\.\.\s*(-?\d+)", body):
        if found[2] is not None:
            sets.append(set(range(int(found[2]), int(found[3]) + 1)))
        else:
            sets.append({int(number) for number in re.findall(r"-?\d+", found[1])})
    if len(sets) != size:
        raise ValueError(f"{field}: {len(sets)} sets, but {size} are needed")
    return sets


def _dzn_fixed(text: str, n_meetings: int, n_slots: int) -> list[int]:
    body = _dzn_body(text, "fixed")
    if body is None:
        return [0] * n_meetings
    fixed = [int(number) for number in re.findall(r"-?\d+", body)]
    if len(fixed) != n_meetings:
        raise ValueError(f"fixed: {len(fixed)} numbers, but nMeetings says {n_meetings}")
    for row, slot in enumerate(fixed, 1):
        if not 0 <= slot <= n_slots:
            raise ValueError(f"fixed, row {row}: slot {slot} does not exist (there are {n_slots})")
    return fixed


@cache
def schema() -> dict[str, Any]:
    """Return the JSON schema of Proxeny's own format."""
    text = files("proxeny.engine.agenda").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problem_from_json(data: Any) -> Problem:
    """Build a problem from parsed JSON that follows `schema()`.

    Raises
    ------
    ValueError
        Naming the field and the row.
    """
    import jsonschema

    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(schema()).iter_errors(data)
    )
    if error is not None:
        raise ValueError(f"{_json_place(list(error.absolute_path))}: {error.message}")
    return Problem(
        participants=tuple(map(_participant_from_json, data["participants"])),
        slots=tuple(Slot(**one) for one in data["slots"]),
        tables=tuple(map(_table_from_json, data["tables"])),
        meetings=tuple(map(_meeting_from_json, data["meetings"])),
        precedences=tuple(
            Precedence(one["before"] - 1, one["after"] - 1) for one in data.get("precedences", ())
        ),
        interpreters=tuple(
            Interpreter(
                (one["pair"][0], one["pair"][1]),
                _minus_one(one, "unavailable"),
                one.get("name", ""),
            )
            for one in data.get("interpreters", ())
        ),
        travel_min={(one["from"], one["to"]): one["minutes"] for one in data.get("travel_min", ())},
        name=data.get("name", ""),
    )


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Write a problem as data that `problem_from_json` reads back equal."""
    return {
        "format": "proxeny-agenda-1",
        "name": problem.name,
        "participants": [
            {
                "name": one.name,
                "group": one.group,
                "unavailable": sorted(slot + 1 for slot in one.unavailable),
                "cap": one.cap,
                "languages": sorted(one.languages),
                "kinds": sorted(one.kinds),
            }
            for one in problem.participants
        ],
        "slots": [
            {
                "session": one.session,
                "starts_at_min": one.starts_at_min,
                "ends_at_min": one.ends_at_min,
            }
            for one in problem.slots
        ],
        "tables": [
            {
                "name": one.name,
                "kind": one.kind,
                "place": one.place,
                "capacity": one.capacity,
                "seats": one.seats,
                "unavailable": sorted(slot + 1 for slot in one.unavailable),
            }
            for one in problem.tables
        ],
        "meetings": [
            {
                "parties": [party + 1 for party in one.parties],
                "slots": None if one.slots is None else sorted(slot + 1 for slot in one.slots),
                "table": None if one.table is None else one.table + 1,
                "value": one.value,
                "required": one.required,
                "reference": one.reference,
            }
            for one in problem.meetings
        ],
        "precedences": [
            {"before": one.before + 1, "after": one.after + 1} for one in problem.precedences
        ],
        "interpreters": [
            {
                "pair": list(one.pair),
                "unavailable": sorted(slot + 1 for slot in one.unavailable),
                "name": one.name,
            }
            for one in problem.interpreters
        ],
        "travel_min": [
            {"from": here, "to": there, "minutes": minutes}
            for (here, there), minutes in sorted(problem.travel_min.items())
        ],
    }


def _participant_from_json(one: dict[str, Any]) -> Participant:
    return Participant(
        name=one.get("name", ""),
        group=one.get("group", ""),
        unavailable=_minus_one(one, "unavailable"),
        cap=one.get("cap"),
        languages=frozenset(one.get("languages", ())),
        kinds=frozenset(one.get("kinds", ("onsite",))),
    )


def _table_from_json(one: dict[str, Any]) -> Table:
    return Table(**(one | {"unavailable": _minus_one(one, "unavailable")}))


def _meeting_from_json(one: dict[str, Any]) -> Meeting:
    table = one.get("table")
    return Meeting(
        parties=tuple(party - 1 for party in one["parties"]),
        slots=None if one.get("slots") is None else _minus_one(one, "slots"),
        table=None if table is None else table - 1,
        value=one.get("value", 1),
        required=one.get("required", True),
        reference=one.get("reference", ""),
    )


def _minus_one(one: dict[str, Any], field: str) -> frozenset[int]:
    return frozenset(number - 1 for number in one.get(field, ()))


def _json_place(path: list[str | int]) -> str:
    words = [f"row {part + 1}" if isinstance(part, int) else str(part) for part in path]
    return ", ".join(words) or "file"


def _read_text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: not text in UTF-8") from None


def _parse_json(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path.name}: not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from None
