"""Predict new partners in CORDIS projects, held out in time."""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.matching.measures import Ranking, rank_all
from numpy.typing import NDArray

from proxeny.engine.matching import Bm25, Choice, Relations, Tie, learn_weights

__all__ = ["run_partners"]

# Two years are foretold, as nearly as the data allow what the bar was drawn on (known until 2018).
# Nothing that began after the first day of the test is seen by what is learned.
LEARN = (date(2016, 1, 1), date(2017, 1, 1))
TEST = (date(2017, 1, 1), date(2019, 1, 1))
LEARNERS = 3000
PENALTY = 1e-4
# Projects of the programme before have no dates here.
EARLIER_YEARS = 6.0
# Country, kind (school, company, research …), group of countries (old and new members, associated).
LABELS = ("country", "type", "group")
POOL = 150
BLOCK = 64

type Projects = dict[str, tuple[date, dict[str, tuple[str, ...]]]]


@dataclass(frozen=True)
class Split:
    """What was known on a day, and who worked together for the first time in the time after."""

    ties: list[Tie]
    labels: list[list[str]]
    new: dict[int, set[int]]
    numbers: dict[str, int]


@dataclass(frozen=True)
class Known:
    """The indexes over what was known; `before` adds the programme before, with more members."""

    split: Split
    relations: Relations
    before: Relations
    alone_before: Relations
    words: Bm25
    documents: list[list[int]]
    vectors: NDArray[np.float32]


def run_partners(data: Path, askers: int | None = None) -> dict[str, Any]:
    """Learn the weights on an earlier year, test on the last; `askers` limits the test."""
    rows = _read(data / "cordis_h2020_participations" / "participations_2014_2018.csv.gz")
    earlier = _read_earlier(data / "cordis_fp7_network" / "fp7edges.csv")
    learn = _index(_split(rows, *LEARN), earlier)
    weights = _learn(learn)
    known = _index(_split(rows, *TEST), earlier)
    asked = sorted(_askers(known))
    if askers is not None:
        asked = sorted(np.random.default_rng(0).permutation(asked)[:askers].tolist())
    rankings: defaultdict[str, Ranking] = defaultdict(Ranking)
    for start in range(0, len(asked), BLOCK):
        block = np.array(asked[start : start + BLOCK])
        for name, scores in _score(known, block, weights).items():
            for asker, row in zip(block, scores, strict=True):
                row[_old(known, asker)] = -np.inf
                rankings[name].add(rank_all(row), known.split.new[int(asker)])
    return {
        "members": known.relations.n_members,
        "weights": dict(zip(_names(known), map(float, weights), strict=True)),
        "methods": {name: ranking.means() for name, ranking in rankings.items()},
    }


def _read(file: Path) -> Projects:
    """Return each project with its start and its organisations with their labels."""
    projects: Projects = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            _, members = projects.setdefault(
                row["rcn"], (date.fromisoformat(row["start_date"]), {})
            )
            members[row["pic"]] = tuple(row[label] for label in LABELS)
    return projects


def _read_earlier(file: Path) -> list[list[str]]:
    """The members of each project of the programme before (2007–2013); some have a number."""
    projects: defaultdict[str, list[str]] = defaultdict(list)
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            projects[row["projectRcn"]].append(row["new_org_id"])
    return [list(dict.fromkeys(members)) for members in projects.values()]


def _split(projects: Projects, now: date, until: date) -> Split:
    before = [(day, members) for day, members in projects.values() if day < now]
    facts = {pic: fact for _, members in before for pic, fact in members.items()}
    number = {pic: i for i, pic in enumerate(sorted(facts))}
    ties = [
        Tie(tuple(number[pic] for pic in members), (now - day).days / 365.25)
        for day, members in before
    ]
    new: defaultdict[int, set[int]] = defaultdict(set)
    for day, members in projects.values():
        if now <= day < until:
            here = [number[pic] for pic in members if pic in number]
            for one in here:
                new[one].update(here)
    for tie in ties:
        for one in tie.members:
            new[one] -= set(tie.members)
    labels = [[facts[pic][i] for pic in sorted(facts)] for i in range(len(LABELS))]
    return Split(ties, labels, {one: found - {one} for one, found in new.items()}, number)


def _index(split: Split, earlier: list[list[str]]) -> Known:
    n = len(split.labels[0])
    numbers = dict(split.numbers)
    older = [
        Tie(tuple(numbers.setdefault(one, len(numbers)) for one in members), EARLIER_YEARS)
        for members in earlier
    ]
    relations = Relations(n, split.ties, labels=split.labels)
    partners = relations.partners
    # There are no texts in these data: an organisation's words are its partners and its labels.
    labels = {
        label: n + i for i, label in enumerate(sorted({x for one in split.labels for x in one}))
    }
    documents = [
        [
            *partners.cols[partners.ptr[i] : partners.ptr[i + 1]].tolist(),
            *(labels[one[i]] for one in split.labels),
        ]
        for i in range(n)
    ]
    return Known(
        split=split,
        relations=relations,
        before=Relations(len(numbers), [*split.ties, *older]),
        alone_before=Relations(len(numbers), older),
        words=Bm25(documents, n + len(labels)),
        documents=documents,
        vectors=_embed(relations),
    )


def _embed(relations: Relations, dimensions: int = 64) -> NDArray[np.float32]:
    """Vectors of the network: the largest eigenpairs of the normalised ties, by random projection.

    Halko, Martinsson and Tropp, SIAM Review 53 (2011).
    """
    partners = relations.partners
    degree = np.maximum(np.diff(partners.ptr), 1)
    rows = partners.row_of_entries()
    values = 1.0 / np.sqrt(degree[rows] * degree[partners.cols])

    def times(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(
            [
                np.bincount(rows, weights=values * one[partners.cols], minlength=len(degree))
                for one in vectors.T
            ]
        )

    basis = np.random.default_rng(0).standard_normal((len(degree), dimensions + 16))
    for _ in range(4):
        basis, _ = np.linalg.qr(times(basis))
    found, turned = np.linalg.eigh(basis.T @ times(basis))
    best = np.argsort(-np.abs(found))[:dimensions]
    vectors = (basis @ turned[:, best]) * found[best]
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(length, 1e-12)).astype(np.float32)


def _old(known: Known, asker: int) -> NDArray[np.int32]:
    """The asker and its partners so far: nobody is proposed anew."""
    partners = known.relations.partners
    met = partners.cols[partners.ptr[asker] : partners.ptr[asker + 1]]
    return np.append(met, np.int32(asker))


def _askers(known: Known) -> list[int]:
    degree = np.diff(known.relations.partners.ptr)
    return [one for one, new in known.split.new.items() if new and 3 <= degree[one] <= 300]


EARLIER = (
    "common partners ever",
    "common partners ever squared",
    "common partners ever by own",
    "common partners before",
    "together before",
    "partners before",
)


def _names(known: Known) -> list[str]:
    return [*known.relations.names, "words", "vectors", *EARLIER]


def _evidence(known: Known, block: NDArray[np.int64]) -> NDArray[np.float32]:
    words = np.log(_words(known, block) + 0.1)
    vectors = known.vectors[block] @ known.vectors.T
    return np.concatenate(
        (
            known.relations.weigh(block),
            np.stack([words, vectors, *_earlier(known, block)], axis=2).astype(np.float32),
        ),
        axis=2,
    )


def _earlier(known: Known, block: NDArray[np.int64]) -> list[NDArray[np.floating]]:
    """What the programme before adds, in the order of `EARLIER`."""
    n = known.relations.n_members
    ever = np.log(known.before.count_common(block)[:, :n] + 0.05)
    before = np.log(known.alone_before.count_common(block)[:, :n] + 0.05)
    own = np.log(np.diff(known.relations.partners.ptr)[block] + 1.0)[:, None]
    partners = known.alone_before.partners
    together = np.zeros((len(block), n))
    for row, one in enumerate(block):
        met = partners.cols[partners.ptr[one] : partners.ptr[one + 1]]
        together[row, met[met < n]] = 1.0
    degree = np.log(np.diff(partners.ptr)[:n] + 1.0)
    return [ever, ever**2, ever * own, before, together, np.broadcast_to(degree, ever.shape)]


def _words(known: Known, block: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.stack([known.words.score(known.documents[one]) for one in block])


def _score(
    known: Known, block: NDArray[np.int64], weights: NDArray[np.float64]
) -> dict[str, NDArray[np.floating]]:
    evidence = _evidence(known, block)
    names = _names(known)
    alone = {
        "popularity": "partners",
        "BM25": "words",
        "embeddings": "vectors",
        "Adamic–Adar": "common partners",
        "Adamic–Adar, both programmes": "common partners ever",
    }
    hybrid = np.full(evidence.shape[:2], -np.inf)
    for row, asker in enumerate(block):
        likely = _likely(known, int(asker), evidence[row])
        hybrid[row, likely] = evidence[row, likely] @ weights
    found = {name: evidence[:, :, names.index(column)].copy() for name, column in alone.items()}
    # Who has few partners ties with many: of equals the one with most partners, the strongest rule.
    for name in ("Adamic–Adar", "Adamic–Adar, both programmes"):
        found[name] += 1e-4 * found["popularity"]
    return {**found, "hybrid": hybrid}


def _likely(known: Known, asker: int, evidence: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best by each kind of network evidence: the candidates that the weights put in order."""
    names = _names(known)
    old = _old(known, asker)
    found = []
    for name in ("common partners", "common partners ever", "walk", "partners", "activity"):
        column = evidence[:, names.index(name)].copy()
        column[old] = -np.inf
        found.append(np.argpartition(-column, POOL)[:POOL])
    return np.setdiff1d(np.concatenate(found), old)


def _learn(known: Known) -> NDArray[np.float64]:
    """Learn from who was chosen among the candidates."""
    random = np.random.default_rng(1)
    asked = random.permutation(sorted(_askers(known)))[:LEARNERS]
    choices = []
    for start in range(0, len(asked), BLOCK):
        block = asked[start : start + BLOCK]
        for asker, evidence in zip(block, _evidence(known, block), strict=True):
            likely = _likely(known, int(asker), evidence)
            chosen = np.isin(likely, list(known.split.new[int(asker)]))
            if chosen.any():
                choices.append(Choice(evidence[likely], chosen))
    return learn_weights(choices, penalty=PENALTY, goal="any")
