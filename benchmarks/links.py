"""The best new links of an actor: how long they take to prove, beside trying one by one.

    python -m benchmarks.links [--actors 3] [--data FOLDER]

FOLDER holds `cordis_h2020_participations` and `cordis_fp7_network`; seconds are processor time of
this process, after one call that compiles. The page goes to `docs/reference/network-links.md`, the
figures beside it to `network-links.json`.
"""

import argparse
import csv
import gzip
import json
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import igraph
import networkx as nx
import numpy as np

from proxeny.engine.network.links import best_links, what_if
from proxeny.engine.network.model import Group, Network, build_network

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "network-links.md"
COUNTS = (1, 3, 5, 10)
GAINS = ("closeness", "reach")
QUANTILES = (0.25, 0.5, 0.9)
SIZES = (1_700, 3_400, 6_900, 13_700)
SMALL, SMALL_LINKS = 1_000, 3


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call answers, and its seconds of processor time."""
    started = time.process_time()
    answer = call()
    return answer, time.process_time() - started


def read_h2020(folder: Path) -> list[tuple[int, ...]]:
    """Return who took part in each project, in the order of their numbers."""
    projects: dict[int, set[int]] = defaultdict(set)
    path = folder / "cordis_h2020_participations" / "participations_2014_2018.csv.gz"
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            projects[int(row["rcn"])].add(int(row["pic"]))
    return [tuple(sorted(projects[number])) for number in sorted(projects)]


def read_fp7(folder: Path) -> list[tuple[int, ...]]:
    """Return who took part in each project; organisations are numbered as they come."""
    projects: dict[str, set[int]] = defaultdict(set)
    numbers: dict[str, int] = {}
    with (folder / "cordis_fp7_network" / "fp7edges.csv").open() as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            one = numbers.setdefault(row["new_org_id"], len(numbers))
            projects[row["projectRcn"]].add(one)
    return [tuple(sorted(projects[number])) for number in sorted(projects)]


def network_of(projects: Iterable[tuple[int, ...]], size: int | None = None) -> Network:
    """Return the network of the first projects, until it has `size` actors."""
    taken: list[Group] = []
    known: set[int] = set()
    for members in projects:
        if size is not None and len(known) >= size:
            break
        taken.append(Group(members))
        known.update(members)
    return build_network(groups=taken)


def degrees(network: Network) -> np.ndarray:
    """Return how many each actor is tied to."""
    return np.bincount(network.heads, minlength=network.size) + np.bincount(
        network.tails, minlength=network.size
    )


def actors_at(network: Network, quantile: float, count: int) -> list[int]:
    """Return the first actors by key whose degree is that quantile of all with a tie."""
    degree = degrees(network)
    wanted = int(np.quantile(degree[degree > 0], quantile))
    return network.keys[degree == wanted][:count].tolist()


def propose(network: Network, key: int, k: int, gain: str) -> dict[str, Any]:
    """Ask for the best links to anybody; return seconds, gain, bound and proof."""
    everyone = network.keys.tolist()
    found, seconds = clocked(lambda: best_links(network, key, everyone, k, gain=gain))
    return {
        "actor": key,
        "k": k,
        "gain": gain,
        "seconds": seconds,
        "status": found.status,
        "value": found.gain,
        "bound": found.bound,
        "gap": found.bound / found.gain - 1 if found.gain else 0.0,
    }


def measure_programme(name: str, network: Network, actors: int) -> list[dict[str, Any]]:
    """Ask for actors of several degrees, and for one without ties."""
    cases = []
    degree = degrees(network)
    groups = [(f"{q:.0%} of degrees", actors_at(network, q, actors)) for q in QUANTILES]
    groups.append(("no ties", network.keys[degree == 0][:1].tolist()))
    for group, keys in groups:
        for key in keys:
            for gain in GAINS:
                for k in COUNTS:
                    case = propose(network, key, k, gain)
                    case |= {"programme": name, "group": group}
                    case["degree"] = int(degree[network.place(key)])
                    cases.append(case)
                    print(name, group, gain, k, f"{case['seconds']:.2f} s", case["status"])
    return cases


def greedy_with_networkx(graph: nx.Graph, key: int, k: int) -> float:
    """Try every tie, keep the one that helps most, k times; return the closeness gained."""

    def closeness() -> float:
        steps = nx.single_source_shortest_path_length(graph, key)
        return sum(1 / step for step in steps.values() if step) / (len(graph) - 1)

    before = closeness()
    for _ in range(k):
        tried = []
        for other in [one for one in graph if one != key and not graph.has_edge(key, one)]:
            graph.add_edge(key, other)
            tried.append((closeness(), -other, other))
            graph.remove_edge(key, other)
        graph.add_edge(key, max(tried)[2])
    return closeness() - before


def greedy_with_igraph(graph: igraph.Graph, place: int, k: int) -> float:
    """Do the same in igraph."""

    def closeness() -> float:
        return graph.harmonic_centrality(vertices=[place])[0]

    before = closeness()
    for _ in range(k):
        tried = []
        for other in sorted({*range(graph.vcount())} - {place, *graph.neighbors(place)}):
            graph.add_edges([(place, other)])
            tried.append((closeness(), -other, other))
            graph.delete_edges([graph.ecount() - 1])
        graph.add_edges([(place, max(tried)[2])])
    return closeness() - before


def compare(projects: list[tuple[int, ...]]) -> list[dict[str, Any]]:
    """Ask a small network for few links, beside trying one by one."""
    network = network_of(projects, SMALL)
    key = actors_at(network, 0.5, 1)[0]
    found = propose(network, key, SMALL_LINKS, "closeness")
    ties = np.column_stack([network.heads, network.tails])
    graph = nx.Graph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(ties.tolist())
    place = network.place(key)
    rows = [{"name": "this engine, proven", "gain": found["value"], "seconds": found["seconds"]}]
    for name, call in (
        (
            f"networkx {version('networkx')}",
            lambda: greedy_with_networkx(graph, place, SMALL_LINKS),
        ),
        (
            f"igraph {version('igraph')}",
            lambda: greedy_with_igraph(
                igraph.Graph(n=network.size, edges=ties), place, SMALL_LINKS
            ),
        ),
    ):
        gain, seconds = clocked(call)
        rows.append({"name": f"{name}, one by one", "gain": gain, "seconds": seconds})
    return [row | {"actors": network.size, "ties": len(network.heads)} for row in rows]


def grow(projects: list[tuple[int, ...]]) -> list[dict[str, Any]]:
    """Ask networks of rising size for five links of a middling actor, and for a what-if."""
    rows = []
    for size in (*SIZES, None):
        network = network_of(projects, size)
        key = actors_at(network, 0.5, 1)[0]
        row: dict[str, Any] = {"actors": network.size, "ties": len(network.heads)}
        for gain in GAINS:
            found = propose(network, key, 5, gain)
            row |= {gain: found["seconds"], f"{gain}_gap": found["gap"]}
        other = next(k for k in network.keys.tolist() if k != key and not _tied(network, k, key))
        change = partial(what_if, network, key, link=[other], betweenness=False)
        row["what_if"] = clocked(change)[1]
        rows.append(row)
    return rows


def _tied(network: Network, one: int, other: int) -> bool:
    a, b = sorted((network.place(one), network.place(other)))
    return bool(((network.heads == a) & (network.tails == b)).any())


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """Return a table of Markdown."""
    names = head.split("|")
    lines = ["| " + " | ".join(names) + " |", "|" + "--:|" * len(names)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def summarise(cases: list[dict[str, Any]]) -> str:
    """Return one row for each programme, kind of actor, gain and k."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        groups[case["programme"], case["group"], case["gain"], case["k"]].append(case)
    rows = []
    for (programme, group, gain, k), same in groups.items():
        seconds = [case["seconds"] for case in same]
        proven = sum(case["status"] == "optimal" for case in same)
        rows.append(
            [
                programme,
                f"{group} ({same[0]['degree']})",
                gain,
                k,
                f"{median(seconds):.2f}",
                f"{max(seconds):.2f}",
                f"{max(case['gap'] for case in same):.2%}",
                f"{proven} of {len(same)}",
            ]
        )
    return table("programme|actors (ties)|gain|k|median s|slowest s|largest gap|proven", rows)


def write_page(figures: dict[str, Any]) -> str:
    """Return the page."""
    compared = figures["compared"]
    cases = figures["cases"]
    proven = sum(case["status"] == "optimal" for case in cases)
    tied = [case for case in cases if case["degree"]]
    tied_proven = sum(case["status"] == "optimal" for case in tied)
    return f"""# New links: what they bring, and the best few

Written by `python -m benchmarks.links`; do not edit by hand. Every figure is in
[`network-links.json`](network-links.json).

`proxeny.engine.network.links` says where an actor would stand with other ties (`what_if`), and
which k new partners would bring it closest to all, or most within two steps (`best_links`).
`proxeny.engine.network.introducers` says who could make the introduction.

A shortest way from an actor uses one of its new ties at most, the first. What new ties add is
therefore monotone and submodular: choosing one by one reaches 1 − 1/e of the best (Nemhauser,
Wolsey and Fisher 1978; Crescenzi, D’Angelo, Severini and Velaj 2016). The engine does that lazily
(Minoux 1978), walking only through actors that come nearer, and then goes on to the proof: prices
on actors bound what any k partners bring (Cornuéjols, Fisher and Nemhauser 1977), candidates that
cannot be in a better set fall out, and branch and bound decides among those left. It stops after a
set amount of work, not of time: the same question has the same answer on every machine. Where it
stops without proof the answer says so and carries the bound.

## On whole framework programmes

Candidates: everybody the actor is not tied to.
{figures["about"]}

Proven: **{proven} of {len(cases)}** questions; of actors with a tie,
**{tied_proven} of {len(tied)}**.
*Gap*: how much more than the answer the bound leaves possible. An actor without ties is the hard
case for closeness: each candidate brings nearly everybody nearer, so that nearly nobody can be ruled
out; it gets the choice made one by one with the tightest bound met on the way.

{summarise(cases)}

## Beside trying every tie

{compared[0]["actors"]:,} actors, {compared[0]["ties"]:,} ties, {
        SMALL_LINKS
    } links of a middling actor by closeness:

{
        table(
            "how|closeness gained|seconds|ratio",
            [
                [
                    row["name"],
                    f"{row['gain']:.6f}",
                    f"{row['seconds']:.3f}",
                    f"{row['seconds'] / compared[0]['seconds']:,.0f}",
                ]
                for row in compared
            ],
        )
    }

## How its time grows

Horizon 2020 project by project, 5 links of the first actor of middling degree; the what-if is one
link, without betweenness.

{
        table(
            "actors|ties|closeness s|gap|reach s|gap|what-if s",
            [
                [
                    f"{row['actors']:,}",
                    f"{row['ties']:,}",
                    f"{row['closeness']:.2f}",
                    f"{row['closeness_gap']:.2%}",
                    f"{row['reach']:.2f}",
                    f"{row['reach_gap']:.2%}",
                    f"{row['what_if']:.2f}",
                ]
                for row in figures["growth"]
            ],
        )
    }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", type=int, default=3)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"{options.data}: not there; name the folder of the data with --data.")
    load = os.getloadavg()[0]
    h2020, fp7 = read_h2020(options.data), read_fp7(options.data)
    small = network_of(h2020, 300)
    for gain in GAINS:
        propose(small, int(small.keys[0]), 4, gain)
    what_if(small, int(small.keys[0]))
    figures: dict[str, Any] = {
        "about": f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} "
        f"before the start, Python {platform.python_version()}, numba {version('numba')}; "
        "processor time, one thread.",
        "compared": compare(h2020),
        "growth": grow(h2020),
        "cases": [],
    }
    for name, projects in (("Horizon 2020", h2020), ("FP7", fp7)):
        figures["cases"] += measure_programme(name, network_of(projects), options.actors)
    PAGE.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n")
    PAGE.write_text(write_page(figures))
    print(f"Written: {PAGE}")


if __name__ == "__main__":
    main()
