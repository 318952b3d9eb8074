"""One run in a process of its own, so that its memory is its own: prints its figures as JSON."""

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks.network.peers import (
    difference,
    igraph_calls,
    igraph_of,
    networkx_calls,
    networkx_of,
)
from benchmarks.network.world import load_network, make_network

from proxeny.engine.network import Network, Tie, build_network, measure
from proxeny.engine.network._groups import (
    coreness,
    find_communities,
    find_core,
    graph_of,
    page_rank,
)
from proxeny.engine.network._layers import find_twins, peel
from proxeny.engine.network._paths import run_paths
from proxeny.engine.network._rows import components, make_rows
from proxeny.engine.network._triangles import measure_holes


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("ours", "networkx", "igraph", "sampled", "together"))
    parser.add_argument("name", help="fp7, h2020, or a number of actors to generate")
    parser.add_argument("--share", type=float, default=1.0)
    options = parser.parse_args()
    measure(build_network([Tie(0, 1), Tie(1, 2)]))  # compiles, or loads what was compiled
    clock = Clock()
    if options.name.isdigit():
        network, projects, rows = clock("read", lambda: make_network(int(options.name), 1)), 0, 0
    else:
        network, projects, rows = clock("read", lambda: load_network(options.name, options.share))
    found = {"size": network.size, "ties": len(network.heads), "projects": projects, "rows": rows}
    kinds = {
        "ours": ours,
        "networkx": peer,
        "igraph": peer,
        "sampled": sampled,
        "together": together,
    }
    found |= kinds[options.kind](network, clock, options.kind)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "seconds": clock.seconds, "peak_mb": round(peak)}))


class Clock:
    """Seconds by the clock and of processor time, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}

    def __call__[T](self, name: str, call: Callable[[], T]) -> T:
        started, busy = time.perf_counter(), time.process_time()
        answer = call()
        self.seconds[name] = (time.perf_counter() - started, time.process_time() - busy)
        return answer


def together(network: Network, clock: Clock, _kind: str) -> dict[str, Any]:
    """All measures in one call, as they are used."""
    found = clock("all", lambda: measure(network, exact=True))
    assert found.exact
    return {"whole": {name: getattr(found.whole, name) for name in found.whole.__slots__}}


def ours(network: Network, clock: Clock, _kind: str) -> dict[str, Any]:
    """Each measure apart."""
    rows = clock("rows", lambda: make_rows(network))
    part = clock("components", lambda: components(network))
    twins = clock("twins", lambda: find_twins(rows))
    layers = clock("layers", lambda: peel(rows, twins, part, sides=True))
    clock("shortest paths", lambda: run_paths(layers, twins, rows))
    clock("structural holes", lambda: measure_holes(rows))
    graph = clock("graph", lambda: graph_of(network))
    clock("communities", lambda: find_communities(graph, 0))
    clock("PageRank", lambda: page_rank(graph))
    cores = clock("coreness", lambda: coreness(graph))
    clock("core", lambda: find_core(rows, cores))
    sides = sum(len(layer.side) for layer in layers)
    return {"classes": len(twins.first), "sides": sides, "work": sum(one.work for one in layers)}


def sampled(network: Network, clock: Clock, _kind: str) -> dict[str, Any]:
    """All measures with shortest paths by samples; against the exact ones where those are quick."""
    found = clock("sampled", lambda: measure(network, exact=False))
    bound = found.bound
    assert bound
    told: dict[str, Any] = {name: getattr(bound, name) for name in bound.__slots__}
    if network.size < 100_000:
        true = clock("all", lambda: measure(network, exact=True))
        told["off_betweenness"] = float(
            np.abs(found.betweenness_share - true.betweenness_share).max()
        )
        told["off_harmonic"] = float(np.abs(found.harmonic - true.harmonic).max())
    return {"bound": told}


def peer(network: Network, clock: Clock, kind: str) -> dict[str, Any]:
    """The same by another library, in the same process right after ours."""
    found = clock("all", lambda: measure(network, exact=True))
    if kind == "igraph":
        calls = igraph_calls(igraph_of(network))
    else:
        calls = networkx_calls(networkx_of(network))
    off = {
        name: difference(found, figure, clock(name, call)) for name, (call, figure) in calls.items()
    }
    assert max(off.values()) < 1e-6, off
    clock("paths", lambda: _paths(network))
    clock("holes", lambda: measure_holes(make_rows(network)))
    return {"off": off}


def _paths(network: Network) -> object:
    rows = make_rows(network)
    twins = find_twins(rows)
    return run_paths(peel(rows, twins, components(network), sides=True), twins, rows)


if __name__ == "__main__":
    main()
