"""The search behind the verbs: blocks of sources against all targets."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._pairs import dot_pairs, weigh_pairs
from proxeny.engine.matching._rows import Rows
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.settings import Settings

__all__ = ["Found", "Search"]

# Cosines held at once by one worker, in each direction.
_CELLS = 8_000_000
_MOST_ROWS = 512
# So many proposals are put in order by taste.
_TASTED, _TASTED_LEAST = 5, 50

# Targets (places in the profiles), scores, they_offer, they_need: each of shape (sources, top).
type Found = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


class Search:
    """One call of `match_lists`, cut into blocks of sources."""

    def __init__(
        self,
        *,
        index: Index,
        sources: NDArray[np.int32],
        targets: NDArray[np.int32],
        excluded: Collection[tuple[int, int]],
        settings: Settings,
        top: int,
    ) -> None:
        self.index, self.settings, self.top = index, settings, top
        self.sources, self.targets = sources, targets
        self.asks = index.needs.pick(sources)
        self.gives = index.offers.weights.pick(sources)
        self.asked = index.needs.pick(targets).transpose()
        self.given = index.offers.weights.pick(targets).transpose()
        self.group = index.group[targets]
        self.out = self._place_excluded(excluded)
        self.share = settings.meaning if index.asked is not None else 0.0
        self.vectors = self._pick_vectors()

    def starts(self) -> Iterator[int]:
        """Yield where each block begins."""
        yield from range(0, len(self.sources), self._block())

    def _block(self) -> int:
        if not self.share:
            return _MOST_ROWS
        return max(1, min(_MOST_ROWS, _CELLS // max(1, len(self.targets))))

    def run_block(self, start: int) -> Found:
        """Return the best targets of a block with their scores."""
        stop = min(start + self._block(), len(self.sources))
        top = self.top
        if self.settings.taste is not None:
            top = max(_TASTED * top, _TASTED_LEAST)
        if self.share and self.settings.fusion == "ranks":
            found = self._match_by_ranks(start, stop, top)
        else:
            found = self._match(start, stop, top, self.share)
        targets, best, they_offer, they_need = found
        named = np.where(targets >= 0, np.append(self.targets, np.int32(-1))[targets], -1)
        found = named.astype(np.int32), best, they_offer, they_need
        return found if self.settings.taste is None else self._taste(found, start)

    def _match(self, start: int, stop: int, top: int, share: float) -> Found:
        """By scores; targets as their places in the list."""
        from proxeny.engine.matching._kernels import match_rows

        rows = stop - start
        targets = np.empty((rows, top), dtype=np.int32)
        best, they_offer, they_need = (np.empty((rows, top), np.float32) for _ in range(3))
        nothing = np.empty((0, 0), dtype=np.float32)
        match_rows(
            _arrays(self.asks),
            _arrays(self.gives),
            _arrays(self.asked),
            _arrays(self.given),
            start,
            self._meaning(start, stop) if share else (nothing, nothing),
            np.float32(share),
            np.float32(self.settings.one_sided),
            self._mixes(start, stop),
            self.group,
            self.out,
            targets,
            best,
            they_offer,
            they_need,
        )
        return targets, best, they_offer, they_need

    def _match_by_ranks(self, start: int, stop: int, top: int) -> Found:
        from proxeny.engine.matching._kernels import fuse_ranks, mean_both

        settings = self.settings
        first, *_ = self._match(start, stop, settings.pool, 0.0)
        forward, backward = self._meaning(start, stop)
        mean_both(forward, backward)
        forward[~self._allowed(start, stop)[:, self.group]] = -1.0
        rows = np.repeat(np.arange(start, stop), np.diff(self.out[0][start : stop + 1])) - start
        forward[rows, self.out[1][self.out[0][start] : self.out[0][stop]]] = -1.0
        second, _ = _keep_top(forward, settings.pool)
        fuse_ranks(first, second, settings.meaning, settings.rank_constant, forward)
        targets, best = _keep_top(forward, top)
        row, column = np.nonzero(targets >= 0)
        mine = self.sources[start:stop][row].astype(np.int64)
        theirs = self.targets[targets[row, column]].astype(np.int64)
        they_offer, they_need = np.zeros_like(best), np.zeros_like(best)
        offers = self.index.offers.weights
        they_offer[row, column] = dot_pairs(self.index.needs, offers, mine, theirs)
        they_need[row, column] = dot_pairs(self.index.needs, offers, theirs, mine)
        return targets, best, they_offer, they_need

    def _taste(self, found: Found, start: int) -> Found:
        """Put the best in the order of the taste and keep as many as are asked for."""
        targets, best = found[0], found[1].copy()
        taste = self.settings.taste
        row, column = np.nonzero(targets >= 0)
        if taste is not None and len(row):
            pairs = weigh_pairs(
                self.index,
                self.sources[start + row].tolist(),
                targets[row, column].tolist(),
                relations=self.settings.relations,
            )
            best[row, column] *= taste.change(pairs).astype(np.float32)
        order = np.argsort(-best, axis=1, kind="stable")[:, : self.top]
        return (
            np.take_along_axis(targets, order, 1),
            np.take_along_axis(best, order, 1),
            np.take_along_axis(found[2], order, 1),
            np.take_along_axis(found[3], order, 1),
        )

    def _allowed(self, start: int, stop: int) -> NDArray[np.bool_]:
        return self.index.compatible[self.index.group[self.sources[start:stop]]]

    def _mixes(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the weight of each direction, by source and group of target (see `match_rows`)."""
        groups = self.index.group[self.sources[start:stop]]
        states = self.index.states_needs
        mine = np.where(states, 1.0, self.settings.likeness)[groups][:, None]
        theirs = np.where(states, 1.0, self.settings.likeness)[None, :]
        both = states[groups][:, None] & states[None, :]
        mixes = np.stack(np.broadcast_arrays(mine, theirs), axis=2)
        mixes = self.settings.unstated * mixes / np.maximum(mixes.sum(axis=2, keepdims=True), 1e-9)
        mixes[both] = 0.0
        mixes[~self.index.compatible[groups]] = -1.0
        return np.asarray(mixes, dtype=np.float32)

    def _pick_vectors(self) -> list[NDArray[np.float32]]:
        """Return the vectors of the targets' needs and offers."""
        if not self.share or self.index.asked is None or self.index.offered is None:
            return []
        return [self.index.asked[self.targets], self.index.offered[self.targets]]

    def _meaning(self, start: int, stop: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cosines of both directions, as `match_rows` takes them."""
        if self.index.asked is None or self.index.offered is None:
            raise ValueError("index: has no vectors")
        mine = self.sources[start:stop]
        asked, offered = self.vectors
        return self.index.asked[mine] @ offered.T, self.index.offered[mine] @ asked.T

    def _place_excluded(
        self, excluded: Collection[tuple[int, int]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Targets that are out, by source: those named and each source itself."""
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
        counts = np.bincount(rows[there], minlength=len(self.sources))
        ptr = np.concatenate(([0], np.cumsum(counts)))
        return ptr, places[there][order].astype(np.int32)


def _arrays(rows: Rows) -> tuple[Any, Any, Any]:
    return rows.ptr, rows.cols, rows.vals


def _keep_top(
    scores: NDArray[np.float32], top: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    from proxeny.engine.matching._kernels import keep_top

    places = np.empty((len(scores), top), dtype=np.int32)
    best = np.empty((len(scores), top), dtype=np.float32)
    keep_top(scores, 0.0, places, best)
    return places, best
