"""Time and memory of matching two whole lists, and of a peer that can do half of it."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from proxeny.engine.matching import Profile, Statement, build_index, match_lists
from proxeny.engine.matching.warm import warm_up

__all__ = ["run_speed"]

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
# Of lists longer than this, so many members are asked for, and the time is taken in proportion.
WHOLE, ASKED = 10_000, 2_000
# A member's words: an offer of 60 and a need of 20, after Zipf's law over 40,000 words.
OFFER, NEED, WORDS = 60, 20, 40_000


def run_speed(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Each kind and size in a process of its own, one after the other, so that memory is its own."""
    found = []
    for size in sizes:
        for kind in ("engine", "engine with meaning", "bm25s"):
            command = [sys.executable, "-m", "benchmarks.matching.speed", kind, str(size)]
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
            found.append(json.loads(done.stdout.splitlines()[-1]))
            print(json.dumps(found[-1]), flush=True)
    return found


def make_texts(size: int, seed: int) -> list[tuple[str, str]]:
    """Offers and needs of `size` members."""
    random = np.random.default_rng(seed)
    chance = 1.0 / np.arange(10, WORDS + 10)
    drawn = random.choice(WORDS, (size, OFFER + NEED), p=chance / chance.sum())
    words = np.array([f"{_spell(number)}" for number in range(WORDS)])
    return [(" ".join(words[row[:OFFER]]), " ".join(words[row[OFFER:]])) for row in drawn]


def _spell(number: int) -> str:
    letters = "bcdfghklmn"
    return "".join(letters[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:05d}")


def _run_engine(size: int, *, meaning: bool) -> dict[str, float]:
    # Machine code is made once per installation; it is not part of the time.
    warm_up()
    texts = make_texts(size, 1) + make_texts(size, 2)
    profiles = [
        Profile(offers=(Statement({"en": offer}),), needs=(Statement({"en": need}),))
        for offer, need in texts
    ]
    vectors = np.random.default_rng(3).standard_normal((2 * size, 384)).astype(np.float32)
    clock = _Clock()
    index = build_index(profiles, embed=(lambda texts: vectors) if meaning else None)
    clock.lap("index")
    one, other = range(size), range(size, 2 * size)
    asked = size if size <= WHOLE else ASKED
    for sources, targets in ((one[:asked], other), (other[:asked], one)):
        found = match_lists(index, sources, targets)
        assert found.targets.shape == (asked, 10)
    clock.lap("match", size / asked)
    return clock.found


class _Clock:
    """Wall and processor time of the parts; other work on the machine stretches the first alone."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}
        self._last = time.perf_counter(), time.process_time()

    def lap(self, part: str, times: float = 1.0) -> None:
        """Note the time since the last lap, `times` as long."""
        now = time.perf_counter(), time.process_time()
        self.found[f"{part}_s"] = (now[0] - self._last[0]) * times
        self.found[f"{part}_cpu_s"] = (now[1] - self._last[1]) * times
        self._last = now


def _run_peer(size: int) -> dict[str, float]:
    """bm25s: each need of one list among the offers of the other, both ways; not reciprocal."""
    import bm25s
    import Stemmer

    lists = [make_texts(size, seed) for seed in (1, 2)]
    options: dict[str, Any] = {"stemmer": Stemmer.Stemmer("english"), "show_progress": False}
    clock = _Clock()
    indexes = []
    for texts in lists:
        index = bm25s.BM25()
        tokens = bm25s.tokenize([offer for offer, _ in texts], **options)
        index.index(tokens, show_progress=False)
        indexes.append(index)
    asked = size if size <= WHOLE else ASKED
    needs = [
        bm25s.tokenize([need for _, need in texts[:asked]], return_ids=False, **options)
        for texts in lists
    ]
    clock.lap("index")
    for words, index in zip(needs, reversed(indexes), strict=True):
        index.retrieve(words, k=10, n_threads=2, show_progress=False)
    clock.lap("match", size / asked)
    return clock.found


def _main() -> None:
    kind, size = sys.argv[1], int(sys.argv[2])
    runs = {
        "engine": lambda: _run_engine(size, meaning=False),
        "engine with meaning": lambda: _run_engine(size, meaning=True),
        "bm25s": lambda: _run_peer(size),
    }
    found = runs[kind]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"kind": kind, "size": size, **found, "peak_mb": peak}))


if __name__ == "__main__":
    _main()
