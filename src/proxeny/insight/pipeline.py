"""The readers that figures are calculated for, and the interface of each kind of figures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from proxeny.accounts.queries import load_team
from proxeny.insight.models import Snapshot
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as

#: Tells how far a job is: the name of a step, and percent.
Report = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Eyes:
    """A cluster's team, and the room whose figures are wanted (None: all that the team sees)."""

    organisation_id: int
    partnership_id: int | None
    reader: Reader
    today: date

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read in a transaction of its own as the team reads."""
        with acting_as(WEB, self.reader):
            yield


def eyes_of(organisation_id: int, partnership_id: int | None, *, today: date) -> Eyes:
    """Return a cluster's team as the reader of figures. Call it outside any transaction."""
    with acting_as(GATE):
        reader = load_team(organisation_id, today=today)
    return Eyes(organisation_id, partnership_id, reader, today)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The input of a calculation.

    Attributes
    ----------
    rows : Any
        What the part's `work_out` takes.
    digest : str
        SHA-256 in hex over all of it, the day included where figures depend on it.
    counted_until : datetime, optional
        The newest moment of what is counted.
    """

    rows: Any
    digest: str
    counted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of a calculation: content for pages, and arrays to compute with."""

    content: dict[str, Any]
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of figures.

    Attributes
    ----------
    read : callable
        Reads the input; called inside `Eyes.reading`.
    work_out : callable
        Computes outside any transaction, from the input and the previous snapshot.
    period : callable
        Returns the period under which the figures are stored, given today.
    method : str
        The version of the method; a new version causes everything to be recalculated.
    """

    kind: Snapshot.Kind
    method: str
    read: Callable[[Eyes], Inputs]
    work_out: Callable[[Eyes, Inputs, Snapshot | None, Report], Figures]
    period: Callable[[date], str] = lambda today: ""
