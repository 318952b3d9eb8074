"""The verbs: whom should one member meet, and whom should each member of two lists."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._kernels import (
    add_products,
    combine,
    fuse_ranks,
    fuse_scores,
    keep_top,
    mean_both,
)
from proxeny.engine.matching._rows import Rows
from proxeny.engine.matching.diversity import pick_diverse
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.model import Match, Matches
from proxeny.engine.matching.reasons import explain

__all__ = ["Settings", "match_lists", "match_member"]

# Scores held at once by one worker.
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How scores are put together.

    Parameters
    ----------
    one_sided : float
        A pair of which only one side gains is worth this share of the better direction, from 0
        to 1; 0 asks for gains on both sides.
    fusion : {"scores", "ranks"}
        How words and meaning are fused, where the index has both: min-max of the scores, or
        reciprocal ranks (Cormack, Clarke and Büttcher, SIGIR 2009).
    meaning : float
        Share of the meaning in the fusion, from 0 (words alone) to 1.
    rank_constant : float
        k of the reciprocal ranks.
    pool : int
        How many of each list are ranked.
    """

    one_sided: float = 0.1
    fusion: Literal["scores", "ranks"] = "scores"
    meaning: float = 0.5
    rank_constant: float = 60.0
    pool: int = 100

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name in ("one_sided", "meaning"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: must be from 0 to 1")
        if self.fusion not in ("scores", "ranks"):
            raise ValueError("fusion: must be 'scores' or 'ranks'")
        if self.rank_constant < 0:
            raise ValueError("rank_constant: must not be negative")
        if self.pool < 1:
            raise ValueError("pool: must be at least 1")


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
    Time: the number of pairs, plus the pairs' common words; memory: the postings and `workers`
    times a few million scores, whatever the number of pairs.
    """
    if top < 1:
        raise ValueError("top: must be at least 1")
    if workers < 1:
        raise ValueError("workers: must be at least 1")
    job = _Job(
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
    """Find whom a member should meet, with the reasons.

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
        index, [member], targets,
        top=top * 5 if diversity else top, excluded=excluded, settings=settings, workers=1,
    )  # fmt: skip
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
    rows = index.offers.weights.pick(members)
    lengths = np.sqrt(rows.with_values(rows.vals**2).sums())
    unit = rows.with_values(rows.vals / np.maximum(lengths, 1e-12)[rows.row_of_entries()])
    out = np.empty((len(members), len(members)), dtype=np.float32)
    _multiply(unit, unit.transpose(), 0, len(members), out)
    return out


def _multiply(rows: Rows, inverted: Rows, start: int, stop: int, out: NDArray[np.float32]) -> None:
    add_products(
        rows.ptr, rows.cols, rows.vals, start, stop,
        inverted.ptr, inverted.cols, inverted.vals, out,
    )  # fmt: skip


class _Job:
    """One call of `match_lists`, cut into blocks of sources."""

    def __init__(
        self, *, index: Index, sources: NDArray[np.int32], targets: NDArray[np.int32],
        excluded: Collection[tuple[int, int]], settings: Settings, top: int,
    ) -> None:  # fmt: skip
        self.index, self.settings, self.top = index, settings, top
        self.sources, self.targets = sources, targets
        self.needs = index.needs.pick(sources)
        self.offers = index.offers.weights.pick(sources)
        self.needs_by_term = index.needs.pick(targets).transpose()
        self.offers_by_term = index.offers.weights.pick(targets).transpose()
        self.group = index.group[targets]
        self.out_rows, self.out_targets = self._place_excluded(excluded)

    def starts(self) -> Iterator[int]:
        """Yield where each block begins."""
        yield from range(0, len(self.sources), self._block())

    def _block(self) -> int:
        return max(1, _CELLS // max(1, len(self.targets)))

    def run_block(
        self, start: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return the best targets of a block with their scores."""
        stop = min(start + self._block(), len(self.sources))
        shape = (stop - start, len(self.targets))
        forward = np.empty(shape, dtype=np.float32)
        backward = np.empty(shape, dtype=np.float32)
        _multiply(self.needs, self.offers_by_term, start, stop, forward)
        _multiply(self.offers, self.needs_by_term, start, stop, backward)
        scores = self._combine(forward, backward, start, stop)
        if self.index.asked is not None and self.settings.meaning > 0:
            scores = self._fuse(scores, start, stop)
        places, best = self._keep_top(scores, self.top)
        at = np.maximum(places, 0)
        there = places >= 0
        targets = np.where(there, self.targets[at], -1) if shape[1] else places
        they_offer = np.where(there, np.take_along_axis(forward, at, 1), 0) if shape[1] else best
        they_need = np.where(there, np.take_along_axis(backward, at, 1), 0) if shape[1] else best
        return targets.astype(np.int32), best, they_offer, they_need

    def _combine(
        self, forward: NDArray[np.float32], backward: NDArray[np.float32], start: int, stop: int
    ) -> NDArray[np.float32]:
        scores = np.empty_like(forward)
        allowed = self.index.compatible[self.index.group[self.sources[start:stop]]]
        combine(forward, backward, self.settings.one_sided, allowed, self.group, scores)
        first, last = np.searchsorted(self.out_rows, [start, stop])
        scores[self.out_rows[first:last] - start, self.out_targets[first:last]] = -1.0
        return scores

    def _fuse(self, words: NDArray[np.float32], start: int, stop: int) -> NDArray[np.float32]:
        meaning = self._meaning(start, stop)
        fused = np.empty_like(words)
        if self.settings.fusion == "scores":
            fuse_scores(words, meaning, self.settings.meaning, fused)
            return fused
        meaning[words < 0] = -1.0
        first, _ = self._keep_top(words, self.settings.pool)
        second, _ = self._keep_top(meaning, self.settings.pool)
        fuse_ranks(first, second, self.settings.meaning, self.settings.rank_constant, fused)
        return fused

    def _meaning(self, start: int, stop: int) -> NDArray[np.float32]:
        """Reciprocal cosines: the harmonic mean of both directions, 0 where one is negative."""
        asked, offered = self.index.asked, self.index.offered
        if asked is None or offered is None:
            raise ValueError("index: has no vectors")
        mine = self.sources[start:stop]
        means: NDArray[np.float32] = asked[mine] @ offered[self.targets].T
        mean_both(means, offered[mine] @ asked[self.targets].T)
        return means

    @staticmethod
    def _keep_top(
        scores: NDArray[np.float32], top: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        places = np.empty((len(scores), top), dtype=np.int32)
        best = np.empty((len(scores), top), dtype=np.float32)
        keep_top(scores, 0.0, places, best)
        return places, best

    def _place_excluded(
        self, excluded: Collection[tuple[int, int]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the pairs that are out, by source: those named and each with itself."""
        pairs = np.array(list(excluded), dtype=np.int64).reshape(-1, 2)
        pairs = np.concatenate((pairs, pairs[:, ::-1], np.column_stack((self.sources,) * 2)))
        n = len(self.index.profiles)
        pairs = pairs[((pairs >= 0) & (pairs < n)).all(axis=1)]
        row_of = np.full(n, -1)
        row_of[self.sources] = np.arange(len(self.sources))
        place_of = np.full(n, -1)
        place_of[self.targets] = np.arange(len(self.targets))
        rows, places = row_of[pairs[:, 0]], place_of[pairs[:, 1]]
        there = (rows >= 0) & (places >= 0)
        order = np.argsort(rows[there], kind="stable")
        return rows[there][order], places[there][order]
