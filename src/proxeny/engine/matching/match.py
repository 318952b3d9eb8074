"""Matching functions: for one member, and for each member of two lists."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._search import Search
from proxeny.engine.matching.diversity import pick_diverse
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.model import Match, Matches
from proxeny.engine.matching.reasons import explain
from proxeny.engine.matching.settings import Settings

__all__ = ["match_lists", "match_member"]


def match_lists(
    index: Index,
    sources: Sequence[int],
    targets: Sequence[int],
    *,
    top: int = 10,
    excluded: Collection[tuple[int, int]] = (),
    settings: Settings | None = None,
    workers: int = 2,
) -> Matches:
    """Find the best targets of every source, by how much both would gain.

    A pair's score is the harmonic mean of the two directed scores (need of one, offer of the
    other), or `one_sided` times the better one if that is more. Nobody is matched with themselves.

    Parameters
    ----------
    sources, targets : sequence of int
        Members, as places in `index.profiles`, without repetition; the lists may overlap.
    top : int
        Most targets per source, at least 1.
    excluded : collection of pairs of members
        Not proposed, in either direction: have met, said no.
    settings : Settings, optional
    workers : int
        Threads, at least 1.

    Returns
    -------
    Matches
        The same for any number of workers.

    Raises
    ------
    ValueError
        On an argument out of range, naming it.

    Notes
    -----
    Every pair is scored: nothing is lost, but with a taste (see `Settings`). Time: the number of
    pairs, plus the pairs' common words, and with meaning the pairs times the length of a vector;
    memory: the postings, and with meaning `workers` times 16 million cosines, whatever the number
    of pairs.
    """
    if top < 1:
        raise ValueError("top: must be at least 1")
    if workers < 1:
        raise ValueError("workers: must be at least 1")
    job = Search(
        index=index,
        sources=_members(index, sources, "sources"),
        targets=_members(index, targets, "targets"),
        excluded=excluded,
        settings=settings or Settings(),
        top=top,
    )
    found = _empty(job.sources, top)
    with ThreadPoolExecutor(workers) as pool:
        for start, part in zip(job.starts(), pool.map(job.run_block, job.starts()), strict=True):
            stop = start + len(part[0])
            found.targets[start:stop] = part[0]
            found.scores[start:stop] = part[1]
            found.they_offer[start:stop] = part[2]
            found.they_need[start:stop] = part[3]
    return found


def match_member(
    index: Index,
    member: int,
    targets: Sequence[int],
    *,
    top: int = 10,
    excluded: Collection[tuple[int, int]] = (),
    diversity: float = 0.0,
    settings: Settings | None = None,
) -> tuple[Match, ...]:
    """Find the members that one should meet, with the reasons.

    Parameters
    ----------
    member : int
    diversity : float
        From 0 (the best, however alike) towards 1 (as different as can be): maximal marginal
        relevance among the best 5 times `top`.

    The others are those of `match_lists`.

    Returns
    -------
    tuple of Match
        In the order to show them.

    Raises
    ------
    ValueError
        On an argument out of range, naming it.
    """
    if not 0 <= diversity <= 1:
        raise ValueError("diversity: must be from 0 to 1")
    found = match_lists(
        index,
        [member],
        targets,
        top=top * 5 if diversity else top,
        excluded=excluded,
        settings=settings,
        workers=1,
    )
    kept = np.flatnonzero(found.targets[0] >= 0)
    if diversity:
        alike = _likeness(index, found.targets[0, kept])
        chosen = pick_diverse(found.scores[0, kept], alike, top=top, diversity=diversity)
        kept = kept[list(chosen)]
    return tuple(
        Match(
            target=int(found.targets[0, place]),
            score=float(found.scores[0, place]),
            they_offer=float(found.they_offer[0, place]),
            they_need=float(found.they_need[0, place]),
            reasons=explain(index, member, int(found.targets[0, place])),
        )
        for place in kept
    )


def _members(index: Index, members: Sequence[int], name: str) -> NDArray[np.int32]:
    found = np.asarray(members, dtype=np.int32).reshape(-1)
    if len(found) and not 0 <= found.min() <= found.max() < len(index.profiles):
        raise ValueError(f"{name}: a member is not in the index")
    if len(np.unique(found)) != len(found):
        raise ValueError(f"{name}: a member stands there twice")
    return found


def _empty(sources: NDArray[np.int32], top: int) -> Matches:
    shape = (len(sources), top)
    return Matches(
        sources=sources,
        targets=np.full(shape, -1, dtype=np.int32),
        scores=np.zeros(shape, dtype=np.float32),
        they_offer=np.zeros(shape, dtype=np.float32),
        they_need=np.zeros(shape, dtype=np.float32),
    )


def _likeness(index: Index, members: NDArray[np.int32]) -> NDArray[np.float32]:
    """Cosines of what members offer, by words."""
    from proxeny.engine.matching._kernels import add_products

    rows = index.offers.weights.pick(members)
    lengths = np.sqrt(rows.with_values(rows.vals**2).sums())
    unit = rows.with_values(rows.vals / np.maximum(lengths, 1e-12)[rows.row_of_entries()])
    out = np.empty((len(members), len(members)), dtype=np.float32)
    inverted = unit.transpose()
    add_products(
        unit.ptr,
        unit.cols,
        unit.vals,
        0,
        len(members),
        inverted.ptr,
        inverted.cols,
        inverted.vals,
        out,
    )
    return out
