"""Who took part in what, and what was known of them on a day."""

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching import Relations, Tie

__all__ = ["TYPES", "History", "Project", "read_projects"]

#: Types of organisation as CORDIS has them: companies, universities, institutes, others, public bodies.
TYPES = ("PRC", "HES", "REC", "OTH", "PUB")


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its number, its first day, and its members with country and type."""

    key: str
    start: date
    members: dict[str, tuple[str, str]]


def read_projects(folder: Path) -> list[Project] | None:
    """Return the projects of 2014 to 2018 by first day; None without the data."""
    path = folder / "cordis_h2020_participations" / "participations_2014_2018.csv.gz"
    if not path.exists():
        return None
    found: dict[str, Project] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            project = found.get(row["rcn"])
            if project is None:
                start = date.fromisoformat(row["start_date"])
                project = found[row["rcn"]] = Project(row["rcn"], start, {})
            project.members.setdefault(row["pic"], (row["country"], row["type"]))
    return sorted(found.values(), key=lambda one: (one.start, one.key))


class History:
    """The organisations with enough projects before a day, and what they did together.

    Parameters
    ----------
    projects : sequence of Project
        By first day; those from `until` on are not looked at.
    until : date
    least : int
        With fewer projects one is not in the directory.

    Attributes
    ----------
    number, together, recent : arrays of shape (organisations,)
        Projects of each; those with others, at least 1; these by how long ago, halved in 0.7 years.
    country, kind, alike : int arrays of shape (organisations,)
        `alike`: equal for those of one country and one type.
    """

    def __init__(self, projects: Sequence[Project], until: date, least: int = 2) -> None:
        past = [one for one in projects if one.start < until]
        count = Counter(key for one in past for key in one.members)
        about = {key: told for one in past for key, told in one.members.items()}
        self.keys = sorted(key for key, many in count.items() if many >= least)
        self.at = {key: at for at, key in enumerate(self.keys)}
        self.number = np.array([count[key] for key in self.keys], dtype=float)
        countries = sorted({about[key][0] for key in self.keys})
        self.countries = [about[key][0] for key in self.keys]
        self.country = np.array([countries.index(one) for one in self.countries])
        self.kind = np.array([TYPES.index(about[key][1]) for key in self.keys])
        self.alike = self.country * len(TYPES) + self.kind
        joint = [one for one in past if len(one.members) > 1]
        self._members = [
            np.array([self.at[key] for key in one.members if key in self.at], dtype=int)
            for one in joint
        ]
        # Who was one of two knows the other; one of a hundred hardly.
        self._weight = [1 / np.sqrt(len(one.members) - 1) for one in joint]
        fresh = [np.exp(-(until - one.start).days / 365.25) for one in joint]
        self._sum_up(fresh)
        self._shared: dict[int, tuple[NDArray[np.int_], NDArray[np.float64]]] = {}
        self._common: dict[int, NDArray[np.float32]] = {}

    def _sum_up(self, fresh: Sequence[float]) -> None:
        """Note of each organisation which projects it had with others, and how many."""
        flat = np.concatenate(self._members)
        sizes = [len(members) for members in self._members]
        self.together = np.maximum(1.0, np.bincount(flat, minlength=len(self.keys)))
        self.recent = np.bincount(flat, np.repeat(fresh, sizes), len(self.keys))
        self._of: list[list[int]] = [[] for _ in self.keys]
        for project, members in enumerate(self._members):
            for one in members:
                self._of[one].append(project)

    def __len__(self) -> int:
        """Return how many organisations there are."""
        return len(self.keys)

    def shared(self, one: int) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
        """Return with whom one worked, and in how much: each project by its size."""
        if one not in self._shared:
            sums: Counter[int] = Counter()
            for project in self._of[one]:
                for other in self._members[project].tolist():
                    sums[other] += self._weight[project]
            sums.pop(one, None)
            others = sorted(sums)
            self._shared[one] = np.array(others, dtype=int), np.array([sums[at] for at in others])
        return self._shared[one]

    def joint(self, one: int) -> dict[int, int]:
        """Return with whom one worked, and in how many projects."""
        found = Counter(other for at in self._of[one] for other in self._members[at].tolist())
        found.pop(one, None)
        return dict(found)

    def circles(self, kept: Sequence[int]) -> NDArray[np.float64]:
        """Return for each the sum over its projects of the square of how many of those kept were in it.

        Each project counts by its size.
        """
        scores = np.zeros(len(self))
        for project, many in Counter(at for one in kept for at in self._of[one]).items():
            scores[self._members[project]] += (many * self._weight[project]) ** 2
        return scores

    def common(self, one: int) -> NDArray[np.float32]:
        """Return the Adamic-Adar score of one with all: partners in common, by how few theirs are."""
        if one not in self._common:
            self._common[one] = self._network.count_common(np.array([one]))[0]
        return self._common[one]

    @cached_property
    def _network(self) -> Relations:
        ties = [Tie(tuple(members.tolist())) for members in self._members if len(members)]
        return Relations(len(self), ties)

    @cached_property
    def n_pairs(self) -> int:
        """How many pairs have worked together."""
        return sum(len(self.shared(one)[0]) for one in range(len(self))) // 2
