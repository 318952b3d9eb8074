"""Topics whose course is known, since it was drawn: how often a flag is right."""

from dataclasses import dataclass

import numpy as np
from benchmarks.foresight.history import Flags, Floats, flag_best

from proxeny.engine.foresight import emergence

__all__ = ["PERIODS", "Drawn", "try_flags"]

PERIODS = (3, 4, 6, 10)
_TOPICS, _TOTAL, _ROUNDS = 1000, 5000, 20
# A tenth of topics grow by a quarter a period, a tenth shrink likewise; the rest stay.
_RATE, _SOME = np.log(1.25), 0.1


@dataclass(frozen=True)
class Drawn:
    """Means over the rounds: flags, which share is right, which share of growing topics is found.

    naive: the right share among as many topics of most growth, in the last year and in the window.
    """

    flags: float
    precision: float
    recall: float
    naive_last: float
    naive_window: float


def try_flags(periods: int, *, spread: float, seed: int = 0) -> Drawn:
    """Draw counts and flag; with `spread` above 1 they vary by so much more than chance."""
    chance = np.random.default_rng(seed)
    rows = []
    for _ in range(_ROUNDS):
        counts, grows = _draw(chance, periods, spread)
        totals = np.full(periods, float(_TOTAL))
        flags = np.array([one.state == "emerging" for one in emergence(counts, totals).courses])
        many = int(flags.sum())
        last = flag_best((counts[:, -1] + 0.5) / (counts[:, -2] + 0.5), many)
        window = flag_best((counts[:, -1] + 0.5) / (counts[:, 0] + 0.5), many)
        rows.append([many, *((one & grows).sum() for one in (flags, last, window)), grows.sum()])
    many, ours, last, window, growing = np.array(rows, dtype=float).sum(axis=0)
    every = max(1.0, many)
    return Drawn(many / _ROUNDS, ours / every, ours / growing, last / every, window / every)


def _draw(chance: np.random.Generator, periods: int, spread: float) -> tuple[Floats, Flags]:
    rates = chance.choice([_RATE, -_RATE, 0.0], size=_TOPICS, p=[_SOME, _SOME, 1 - 2 * _SOME])
    middle = chance.gamma(0.7, 20.0, _TOPICS) + 1
    times = np.arange(periods) - (periods - 1) / 2
    expected = middle[:, None] * np.exp(rates[:, None] * times)
    if spread > 1:
        # Negative binomial with variance spread · mean.
        counts = chance.negative_binomial(expected / (spread - 1), 1 / spread)
    else:
        counts = chance.poisson(expected)
    return np.minimum(counts, _TOTAL).astype(float), rates > 0
