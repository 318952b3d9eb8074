"""The topics of calls, as far as they can be joined with who took part."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from benchmarks.consortium.history import History, Project
from numpy.typing import NDArray

from proxeny.engine.matching import Bm25, Vocabulary

__all__ = ["Funded", "Topics", "read_funded"]

#: Two lists of members are of one project if they have so much in common.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Funded:
    """A project with the topic of its call.

    `years`: the first and the last that the topic's code names. `project`: the same with its first
    day, if it is among those of 2014 to 2018.
    """

    key: str
    code: str
    title: str
    years: tuple[int, int]
    members: tuple[str, ...]
    project: Project | None

    @property
    def text(self) -> str:
        """What is said of the topic: the programmes in its code, and its title."""
        return " ".join((*re.findall(r"[A-Za-z]{2,}", self.code), self.title))

    def began_before(self, day: date) -> bool:
        """Whether it began before a day for sure: by its first day, else by the call's last year."""
        if self.project is not None:
            return self.project.start < day
        return self.years[1] < day.year - 1


def read_funded(folder: Path, projects: Sequence[Project]) -> list[Funded]:
    """Return the projects of the second extract whose topic is known.

    It has other numbers of projects, but the same of organisations: a project is known again by
    its members, and by a call that was not after its start.
    """
    there = folder / "cordis_h2020_orgs_2023"
    members: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _read(there / "organizations_union.csv"):
        if row["role"] in ("coordinator", "participant", "partner"):
            members[row["projectID"]][row["organisationID"]] = None
    topics = {row["projectID"]: row for row in _read(there / "topics.csv")}
    by_member: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        for one in project.members:
            by_member[one].append(project)
    found = []
    for key in sorted(members.keys() & topics.keys()):
        code, title = topics[key]["topic"], topics[key]["title"]
        named = [int(year) for year in re.findall(r"20[12]\d", code)]
        if named:
            years = min(named), max(named)
            same = _find_same(members[key], by_member, years[0])
            found.append(Funded(key, code, title, years, tuple(members[key]), same))
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _find_same(
    members: Mapping[str, None], by_member: Mapping[str, list[Project]], year: int
) -> Project | None:
    """Return the one project with these members, and no other one as alike."""
    found = {project.key: project for one in members for project in by_member.get(one, ())}
    shared = Counter(project.key for one in members for project in by_member.get(one, ()))
    same = [
        found[key]
        for key, many in shared.items()
        if found[key].start.year >= year
        and many >= _ALIKE * len(members.keys() | found[key].members.keys())
    ]
    return same[0] if len(same) == 1 else None


class Topics:
    """What organisations did before a day, in the words of the topics of their projects."""

    def __init__(self, funded: Sequence[Funded], history: History, day: date) -> None:
        self._words = Vocabulary()
        documents: list[list[int]] = [[] for _ in range(len(history))]
        past = [one for one in funded if one.began_before(day)]
        for one in past:
            terms = self._words.read(one.text, "en")
            for key in one.members:
                if key in history.at:
                    documents[history.at[key]] += terms
        #: How many projects there are texts of, and which organisations have one.
        self.n_past, self.has_text = len(past), np.array([bool(one) for one in documents])
        self._documents = documents

    def score(self, topics: Sequence[str]) -> list[NDArray[np.float32]]:
        """Return how well each organisation's text matches some topics (BM25), one by one."""
        read = [self._words.read(one, "en") for one in topics]
        index = Bm25(self._documents, len(self._words))
        return [index.score(terms) for terms in read]
