# mypy: disallow-untyped-calls=False
"""A good schedule quickly, by simulated annealing with Kempe chains and insertions."""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from proxeny.engine.agenda import _kernel, _state
from proxeny.engine.agenda._core import Core
from proxeny.engine.agenda._search import Search

__all__ = ["Annealer", "anneal_in_thread"]

type Array = npt.NDArray[Any]

BREAK, IDLE, UNFAIR, DISORDER = 1.0, 0.04, 2.0, 6.0
OPTIONAL_WORTH, REQUIRED_WORTH = 8.0, 40.0
LONGEST_CHAIN = 400
GRACE_S = 0.3
LARGE = 1000


class Phase(NamedTuple):
    """A part of an annealing: its share of the time, the weight of idle slots, and the moves."""

    share: float
    idle: float
    hot: float
    cold: float
    near: float
    overflow: int = 0
    prices: tuple[float, float] = (1.0, 1.0)


# Above `LARGE` meetings reaching few breaks takes long, and idle length guides it until the last
# part. Where nearly every slot is full, a chain of odd length fits nowhere: a slot may hold a few
# meetings too many, at a price that rises. Before that a strict part gives a schedule to keep.
LARGE_PHASES = (
    Phase(0.07, 0.2, 0.35, 0.12, 0.6),
    Phase(0.46, 0.2, 0.35, 0.2, 0.8, 4, (0.7, 1.0)),
    Phase(0.47, 0.05, 0.2, 0.12, 0.8, 4, (1.0, 2.0)),
)

LARGE_STRICT = (Phase(1.0, 0.2, 0.6, 0.1, 0.6),)


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
        self.state = _lay_out(core, fairness, seed, idle)
        self.restart([-1] * core.n_meetings if start is None else start)

    @property
    def best(self) -> list[int]:
        """Best schedule seen: slot per meeting, -1 where unplaced."""
        return [int(slot) for slot in self.state.best]

    @property
    def best_cost(self) -> float:
        """Its cost."""
        return float(self.state.costs[1])

    @property
    def moves(self) -> int:
        """Chains tried so far."""
        return int(self.state.numbers[1])

    def restart(self, slots: Sequence[int]) -> None:
        """Go on from another schedule, which has to keep the core's rules."""
        self.state.slot[:] = slots
        _state.rebuild(self.state)

    def run(
        self,
        seconds: float,
        *,
        hot: float = 0.6,
        cold: float = 0.05,
        near: float = 0.5,
        stretch: float = 1.0,
        overflow: int = 0,
        prices: tuple[float, float] = (1.0, 1.0),
        stopped: Callable[[], bool] = lambda: False,
        on_best: Callable[[Sequence[int]], object] | None = None,
        good_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Cool from `hot` to `cold` within the given seconds.

        Seconds are of this thread's processor time, so that a loaded machine gets the same search,
        but at most `stretch` times as long on the wall. With `overflow`, a slot may for a time hold
        so many meetings more than its resources allow, each at a price between `prices`; such a
        schedule never becomes the best.
        """
        self.state.weights[6] = overflow
        begun, begun_cpu = time.monotonic(), time.thread_time()
        moves, part = 20_000, 0.0
        told = self.best_cost
        while part < 1.0 and not stopped():
            chunk_at = time.monotonic()
            step = min(1.0, part + 0.02)
            ratio = cold / hot
            self._price_overflow(prices[0] * (prices[1] / prices[0]) ** part)
            _kernel.anneal(self.state, hot * ratio**part, hot * ratio**step, moves, near)
            now = time.monotonic()
            # Chunks of about 1/100 of the time, so that the temperature follows the clock.
            took = max(1e-6, now - chunk_at)
            moves = int(min(max(2_000, moves * min(0.05, seconds / 100) / took), 4_000_000))
            part = max((now - begun) / stretch, time.thread_time() - begun_cpu) / max(seconds, 1e-3)
            if on_best is not None and self.best_cost < told - 1e-9:
                told = self.best_cost
                on_best(self.best)
                if good_enough():
                    return

    def weigh_idle(self, weight: float) -> None:
        """Change the weight of an idle slot, and restart the search for the best."""
        a = self.state
        a.weights[1] = weight
        a.costs[0] = _state.whole_cost(
            a.slot, a.bits, a.order_ptr, a.order_other, a.order_sign, a.worth, a.weights
        )
        a.costs[0] += a.weights[5] * a.numbers[2]
        a.costs[1] = np.inf

    def _price_overflow(self, price: float) -> None:
        """Change the price of each meeting over capacity."""
        state = self.state
        state.costs[0] += (price - state.weights[5]) * state.numbers[2]
        state.weights[5] = price


def anneal_in_thread(search: Search, *, seed: int, seconds: float, threads: int = 1) -> None:
    """Anneal beside the caller's thread, which polls the search, from its best schedule.

    Parameters
    ----------
    threads : int
        Independent runs, with a seed each.
    """

    def run(own_seed: int, phases: Sequence[Phase]) -> None:
        annealer = Annealer(
            search.core, fairness=search.fairness, seed=own_seed, start=search.slots
        )
        for phase in phases:
            annealer.weigh_idle(phase.idle)
            annealer.run(
                phase.share * seconds,
                hot=phase.hot,
                cold=phase.cold,
                near=phase.near,
                overflow=phase.overflow,
                prices=phase.prices,
                stopped=lambda: search.stopped() or search.proven,
                on_best=search.offer,
            )

    large = search.core.n_meetings > LARGE
    plain = (Phase(1.0, IDLE, 0.6, 0.05, 0.6),)
    # Overfull slots help where the tables bind, and cost breaks where they do not: half do each.
    kinds = (LARGE_PHASES, LARGE_STRICT) if large else (plain, plain)
    workers = [
        threading.Thread(target=run, args=(seed + 1000 * number, kinds[number % 2]), daemon=True)
        for number in range(threads)
    ]
    for worker in workers:
        worker.start()
    # A first run compiles for seconds and cannot be stopped then; it ends by itself, unheard.
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.02)
        if not search.poll() and search.overdue_s > GRACE_S:
            return


def _lay_out(core: Core, fairness: int | None, seed: int, idle: float) -> _state.State:
    n_meetings, n_people, n_slots = core.n_meetings, core.n_participants, core.n_slots
    n_resources = len(core.resources)
    party_ptr, party_idx = _rows(core.parties)
    res_ptr, res_idx = _rows(_users(core))
    order_ptr, order_other, order_sign = _orders(core)
    domain = np.zeros((n_meetings, n_slots), np.bool_)
    for meeting, slots in enumerate(core.domains):
        domain[meeting, list(slots)] = True
    widest = max((len(parties) for parties in core.parties), default=2)
    longest = min(n_meetings, LONGEST_CHAIN) + 1
    most = n_slots if fairness is None else fairness
    return _state.State(
        slot=np.full(n_meetings, -1, np.int32),
        at=np.full((n_people, n_slots), -1, np.int32),
        bits=np.zeros((n_people, (n_slots + 63) // 64), np.uint64),
        used=np.zeros((n_resources, n_slots), np.int64),
        count=np.zeros(n_people, np.int64),
        pos=np.full(n_meetings, -1, np.int64),
        pool=np.zeros(n_meetings, np.int64),
        numbers=np.zeros(3, np.int64),
        costs=np.array([0.0, np.inf]),
        best=np.full(n_meetings, -1, np.int32),
        rng=np.array([(abs(seed) * 2 + 1) * 0x9E3779B97F4A7C15 % 2**64], np.uint64),
        party_ptr=party_ptr,
        party_idx=party_idx,
        res_ptr=res_ptr,
        res_idx=res_idx,
        order_ptr=order_ptr,
        order_other=order_other,
        order_sign=order_sign,
        domain=domain,
        capacity=np.array([one.capacity for one in core.resources], np.int64).reshape(
            n_resources, n_slots
        ),
        caps=np.array(core.caps, np.int64),
        worth=_worth(core),
        weights=np.array([BREAK, idle, most, UNFAIR, DISORDER, 0.0, 0.0], np.float64),
        free=np.array([m for m, slots in enumerate(core.domains) if len(slots) > 1], np.int64),
        mark=np.zeros(n_meetings, np.int64),
        chain=np.zeros(longest, np.int64),
        ends=np.zeros(longest * widest + 1, np.int64),
        change=np.zeros(n_resources, np.int64),
        out=np.zeros(widest + 1, np.int64),
        olds=np.zeros(widest + 1, np.int64),
    )


def _worth(core: Core) -> Array:
    """Return the cost of leaving a meeting out: any value outweighs the breaks it may cause."""
    values = np.array(core.values, np.float64)
    if all(core.required):
        return np.full(core.n_meetings, OPTIONAL_WORTH)
    required = REQUIRED_WORTH * (1.0 + max(core.values))
    return np.where(np.array(core.required), required, OPTIONAL_WORTH * values)


def _users(core: Core) -> list[list[int]]:
    users: list[list[int]] = [[] for _ in range(core.n_meetings)]
    for index, resource in enumerate(core.resources):
        for meeting in resource.meetings:
            users[meeting].append(index)
    return users


def _orders(core: Core) -> tuple[Array, Array, Array]:
    others: list[list[int]] = [[] for _ in range(core.n_meetings)]
    signs: list[list[int]] = [[] for _ in range(core.n_meetings)]
    for before, after in core.precedences:
        others[before].append(after)
        signs[before].append(-1)
        others[after].append(before)
        signs[after].append(1)
    pointers, other = _rows(others)
    return pointers, other, _rows(signs)[1]


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Rows of unequal length as one array and the places where each row begins."""
    pointers = np.array([0, *accumulate(map(len, rows))], np.int64)
    return pointers, np.array([one for row in rows for one in row], np.int64)
