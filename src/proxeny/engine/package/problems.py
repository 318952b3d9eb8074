"""Problem with incoming data: a code, a place and figures, no sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Problem", "Refused", "Severity"]

type Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    code : str
        What it is, e.g. `checksum`. Texts belong to the pages.
    where : str
        The place: a path, an entity, a property; empty for the whole.
    severity : {"error", "warning", "note"}
        An error refuses; a warning is worth a look; a note is only said.
    params : mapping
        What a sentence about it needs: the limit, what was found, what was expected.
    """

    code: str
    where: str = ""
    severity: Severity = "error"
    params: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """Something that is not taken, with all that is wrong with it.

    Parameters
    ----------
    problems : Problem
        At least one.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{one.code} {one.where}".strip() for one in problems))
        self.problems = problems
