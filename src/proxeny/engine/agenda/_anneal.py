"""A good schedule quickly, by simulated annealing with Kempe chains and insertions."""

import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from proxeny.engine.agenda import _kernel
from proxeny.engine.agenda._core import Core

__all__ = ["Annealer"]

type Array = npt.NDArray[Any]

BREAK, IDLE, UNFAIR, DISORDER = 1.0, 0.04, 2.0, 6.0
REQUIRED_WORTH = 40.0


class Annealer:
    """State of one annealing run on a core.

    Parameters
    ----------
    core : Core
    fairness : int, optional
        More breaks per participant than this are penalised.
    seed : int
    start : sequence of int, optional
        Slot per meeting, -1 where unplaced; it has to keep the core's rules.

    Notes
    -----
    Memory is participants times slots plus meetings times slots, in small integers.
    """

    def __init__(
        self,
        core: Core,
        *,
        fairness: int | None,
        seed: int,
        start: Sequence[int] | None = None,
        idle: float = IDLE,
    ) -> None:
        """Lay the core out in arrays."""
        self.core = core
        n_meetings, n_people, n_slots = core.n_meetings, core.n_participants, core.n_slots
        self.party_ptr, self.party_idx = _rows([list(parties) for parties in core.parties])
        users: list[list[int]] = [[] for _ in range(n_meetings)]
        for index, resource in enumerate(core.resources):
            for meeting in resource.meetings:
                users[meeting].append(index)
        self.res_ptr, self.res_idx = _rows(users)
        self.capacity = np.array(
            [resource.capacity for resource in core.resources], np.int64
        ).reshape(len(core.resources), n_slots)
        self.domain = np.zeros((n_meetings, n_slots), np.bool_)
        for meeting, domain in enumerate(core.domains):
            self.domain[meeting, list(domain)] = True
        self._lay_out_orders()
        self.caps = np.array(core.caps, np.int64)
        self.worth = np.array(
            [
                REQUIRED_WORTH * (1 + max(core.values, default=0)) if required else 8.0 * value
                for required, value in zip(core.required, core.values, strict=True)
            ],
            np.float64,
        )
        if all(core.required):
            self.worth[:] = 8.0
        most = n_slots if fairness is None else fairness
        self.weights = np.array([BREAK, idle, most, UNFAIR, DISORDER], np.float64)
        self.slot = np.full(n_meetings, -1, np.int64)
        if start is not None:
            self.slot[:] = start
        self.at = np.empty((n_people, n_slots), np.int64)
        self.bits = np.zeros((n_people, (n_slots + 63) // 64), np.uint64)
        self.used = np.zeros((len(core.resources), n_slots), np.int64)
        self.count = np.zeros(n_people, np.int64)
        self.pos = np.full(n_meetings, -1, np.int64)
        self.pool = np.zeros(n_meetings, np.int64)
        self.mark = np.zeros(n_meetings, np.int64)
        self.free = np.array(
            [m for m, domain in enumerate(core.domains) if len(domain) > 1], np.int64
        )
        self.rng = np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C15 % 2**64], np.uint64)
        self.best = self.slot.copy()
        self.best_cost = np.inf
        self.stamp = 0
        self.n_pool = 0
        self.restart(self.slot)

    def restart(self, slots: Sequence[int] | Array) -> None:
        """Go on from another schedule."""
        self.slot[:] = slots
        self.n_pool = _kernel.rebuild(
            self.slot, self.at, self.bits, self.used, self.count, self.party_ptr, self.party_idx,
            self.res_ptr, self.res_idx, self.pos, self.pool,
        )  # fmt: skip
        self.cost = self._whole_cost()

    def run(
        self,
        seconds: float,
        *,
        hot: float = 0.6,
        cold: float = 0.05,
        near: float = 0.5,
        stopped: Callable[[], bool] = lambda: False,
        on_best: Callable[[Sequence[int]], object] | None = None,
        good_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Cool from `hot` to `cold` within the given seconds."""
        if not len(self.free) and not self.n_pool:
            return
        begun = time.monotonic()
        moves, part = 20_000, 0.0
        told = self.best_cost
        while part < 1.0 and not stopped():
            chunk_at = time.monotonic()
            step = min(1.0, part + 0.02)
            ratio = cold / hot
            self._chunk(hot * ratio**part, hot * ratio**step, moves, near)
            now = time.monotonic()
            # Chunks of about 1/100 of the time, so that the temperature follows the clock.
            took = max(1e-6, now - chunk_at)
            moves = int(min(max(2_000, moves * min(0.05, seconds / 100) / took), 4_000_000))
            part = (now - begun) / seconds
            if on_best is not None and self.best_cost < told - 1e-9:
                told = self.best_cost
                on_best(self.best.tolist())
                if good_enough():
                    return

    def _chunk(self, hot: float, cold: float, moves: int, near: float) -> None:
        self.n_pool, self.stamp, self.cost, self.best_cost = _kernel.anneal(
            self.slot, self.at, self.bits, self.used, self.count, self.party_ptr, self.party_idx,
            self.res_ptr, self.res_idx, self.pos, self.pool, self.n_pool, self.domain,
            self.capacity, self.caps, self.worth, self.weights, self.order_ptr, self.order_other,
            self.order_sign, self.free, self.rng, self.mark, self.stamp, hot, cold, moves, near,
            self.best, self.cost, self.best_cost,
        )  # fmt: skip

    def _lay_out_orders(self) -> None:
        others: list[list[int]] = [[] for _ in range(self.core.n_meetings)]
        signs: list[list[int]] = [[] for _ in range(self.core.n_meetings)]
        for before, after in self.core.precedences:
            others[before].append(after)
            signs[before].append(-1)
            others[after].append(before)
            signs[after].append(1)
        self.order_ptr, self.order_other = _rows(others)
        _, self.order_sign = _rows(signs)

    def _whole_cost(self) -> float:
        return float(
            _kernel.whole_cost(
                self.slot, self.bits, self.weights, self.worth, self.order_ptr, self.order_other,
                self.order_sign,
            )
        )  # fmt: skip


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Rows of unequal length as one array and the places where each row begins."""
    pointers = np.array([0, *accumulate(map(len, rows))], np.int64)
    return pointers, np.array([one for row in rows for one in row], np.int64)
