"""Measure the verification of awards and write the figures to `docs/reference/credentials.md`.

    python -m benchmarks.credentials [--awards 100000] [--peer 5000]

Wall time of one thread, each award from its text to the verdict; the awards are made before. The
peer, openvc, verifies a part of the same awards in the same run.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from benchmarks.credentials.peer import peer_for
from benchmarks.credentials.world import LIST_BITS, NOW, Published, make_award, publish

from proxeny.engine.credentials import Memory, read_credential, verify

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "credentials.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
SHARES = (0.0, 0.02, 0.5)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description="Measure the verification of awards.")
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--peer", type=int, default=5_000)
    options = parser.parse_args()
    told = _tell(options.awards, min(options.peer, options.awards))
    print(told)
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{told.strip()}\n\n{END}{after}", encoding="utf-8")


def _tell(count: int, few: int) -> str:
    machine = _machine()
    began = time.perf_counter()
    awards = [json.dumps(make_award(number)).encode() for number in range(count)]
    made = time.perf_counter() - began
    published = publish(0.02)
    accepts = peer_for(published)
    anew, kept = _ours(published, memory=None), _ours(published, memory=Memory())
    rows = {
        "ours, everything anew for each": _time(awards, [anew])[0],
        "ours, issuer and list remembered": _time(awards, [kept])[0],
    }
    # In turns, so that whatever else runs on the machine falls upon all of them.
    together = _time(awards[:few], [anew, kept, lambda data: accepts(json.loads(data))])
    rows["openvc, one proof after the other"] = together[2]
    assert len({yes for _taken, yes in list(rows.values())[:2]}) == 1
    assert len({yes for _taken, yes in together}) == 1
    return "\n".join(
        [
            machine,
            "",
            _about(count, len(awards[0]), made / count, rows["ours, everything anew for each"][1]),
            "",
            "| verification of one award | awards | median, ms | p99, ms | most, ms | a second |",
            "|---|--:|--:|--:|--:|--:|",
            *(_row(name, taken) for name, (taken, _yes) in rows.items()),
            "",
            _ratio([taken for taken, _yes in together], few),
            "",
            f"| revoked of {LIST_BITS:,} | status list, bytes |",
            "|--:|--:|",
            *(f"| {share * 100:.0f} % | {publish(share).list_size:,} |" for share in SHARES),
        ]
    )


def _about(count: int, size: int, made_s: float, valid: int) -> str:
    return (
        f"{count:,} awards of one label of two clusters, {size:,} bytes each, 2 % of the list revoked: "
        f"{valid:,} of the awards are valid, {count - valid:,} revoked. Made and signed twice in "
        f"{made_s * 1000:.2f} ms each."
    )


def _ours(published: Published, *, memory: Memory | None) -> Callable[[bytes], bool]:
    def accepts(data: bytes) -> bool:
        document = read_credential(data)
        verdict = verify(document, now=NOW, resolve=published.resolve, memory=memory)
        assert verdict.state in ("valid", "revoked")
        return verdict.state == "valid"

    return accepts


def _time(
    awards: list[bytes], ways: Sequence[Callable[[bytes], bool]]
) -> list[tuple[np.ndarray, int]]:
    """Return for each way the milliseconds of each award, and how many were accepted."""
    taken, yes = np.empty((len(ways), len(awards))), [0] * len(ways)
    for number, data in enumerate(awards):
        for way, accepts in enumerate(ways):
            began = time.perf_counter()
            said = accepts(data)
            taken[way, number] = time.perf_counter() - began
            yes[way] += said
    return list(zip(taken * 1000, yes, strict=True))


def _row(name: str, taken: np.ndarray) -> str:
    return (
        f"| {name} | {len(taken):,} | {np.median(taken):.2f} | {np.percentile(taken, 99):.2f} | "
        f"{taken.max():.1f} | {1000 / taken.mean():,.0f} |"
    )


def _ratio(together: Sequence[np.ndarray], few: int) -> str:
    anew, remembered, peer = (np.median(taken) for taken in together)
    return (
        f"On the same {few:,} awards, in turns, openvc takes {peer / anew:.1f} times as long as ours "
        f"anew, and {peer / remembered:.1f} times as long as ours remembered (medians). It does less: "
        f"who signed the list, and that both have to sign, it does not look at."
    )


def _machine() -> str:
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average "
        f"{os.getloadavg()[0]:.1f} before the start, Python {platform.python_version()}, cryptography "
        f"{version('cryptography')}, rfc8785 {version('rfc8785')}, openvc {version('openvc-core')}."
    )


if __name__ == "__main__":
    main()
