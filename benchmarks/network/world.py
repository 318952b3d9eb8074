"""Networks of real project participations, and larger ones by a generator."""

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from proxeny.engine.network import Group, Network, build_network

__all__ = ["DATA", "load_network", "make_network"]

DATA = (Path(__file__).resolve().parents[3] / "shared" / "data").resolve()
FP7 = DATA / "cordis_fp7_network"
H2020 = DATA / "cordis_h2020_participations" / "participations_2014_2018.csv.gz"


def load_network(name: str, share: float = 1.0) -> tuple[Network, int, int]:
    """Return organisations tied by shared projects, how many projects, and participations.

    name: `fp7` or `h2020`. share: of the projects, drawn at random, seed 1.
    """
    rows = (_fp7 if name == "fp7" else _h2020)()
    members: dict[str, set[str]] = defaultdict(set)
    for project, organisation in rows:
        members[project].add(organisation)
    projects = sorted(members)
    if share < 1:
        projects = random.Random(1).sample(projects, round(share * len(projects)))
    names = sorted(set().union(*(members[project] for project in projects)))
    keys = {one: key for key, one in enumerate(names)}
    groups = [Group(tuple(keys[one] for one in members[project])) for project in projects]
    network = build_network(groups=groups, actors=range(len(names)))
    return network, len(projects), sum(len(group.members) for group in groups)


def _fp7() -> list[tuple[str, str]]:
    """The list of organisations beside it names none that is in no project."""
    with (FP7 / "fp7edges.csv").open(encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(row[0], row[1]) for row in rows]


def _h2020() -> list[tuple[str, str]]:
    with gzip.open(H2020, "rt", encoding="utf-8") as file:
        return [(row["rcn"], row["pic"]) for row in csv.DictReader(file)]


def make_network(actors: int, seed: int) -> Network:
    """Return actors who did things together: two to six each, a few of the actors very often.

    There are nine things to ten actors; who takes part is drawn with chance 1 / (10 + rank).
    """
    dice = np.random.default_rng(seed)
    chance = np.cumsum(1.0 / (10 + np.arange(actors)))
    sizes = dice.integers(2, 7, actors * 9 // 10)
    uniform = dice.random(sizes.sum()) < 0.5
    drawn = np.searchsorted(chance, dice.random(len(uniform)) * chance[-1])
    drawn[uniform] = dice.integers(0, actors, int(uniform.sum()))
    return build_network(groups=_cut(drawn, sizes), actors=range(actors))


def _cut(drawn: np.ndarray, sizes: np.ndarray) -> Iterable[Group]:
    for part in np.split(drawn, np.cumsum(sizes)[:-1]):
        yield Group(tuple(part.tolist()))
