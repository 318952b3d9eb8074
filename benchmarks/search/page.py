"""Write the page on search, with its plot, from the figures."""

import math
import statistics
from pathlib import Path
from typing import Any

from benchmarks.search.asking import percentile, summarise

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
BAR_MS = 50.0

HEAD = """# Search: how it works and how fast it is

Written by `python -m benchmarks.search`; do not edit by hand. Why it is built so:
[decision 6](../decisions/0006-search-inside-the-policies.md).

| step | how |
|---|---|
| words | folded (case, accents, Greek and Arabic spellings); sought by their stems: English and French for Latin letters, Greek, Arabic by article and endings. The last word counts as a beginning |
| where | names and former names first, then fields and the titles of offers and needs, then texts |
| filters | marks of the entry in the same index as its words; numbers beside each count it with all others in force |
| who | among the marks those of whom the entry is shown to; rows pass the policy besides |
| many hits | up to 10,000 are counted one by one; beyond, a fair part of all entries stands for the whole ("about") |
| errors | a word by which the reader finds nothing is replaced by words one letter away (two in long words, one within the first six letters) that the reader's own entries hold |

"""


def write_page(results: list[dict[str, Any]]) -> None:
    """Write `search.md` and `search.svg`."""
    largest = results[-1]
    parts = [
        HEAD,
        _verdict(largest),
        _by(largest, "kind"),
        _by(largest, "reader"),
        _sizes(results),
        _building(results),
    ]
    (FOLDER / "search.md").write_text("\n".join(parts), encoding="utf-8")
    (FOLDER / "search.svg").write_text(_plot(results), encoding="utf-8")


def _verdict(one: dict[str, Any]) -> str:
    wall, busy = ([row[name] for row in one["rows"]] for name in ("ms", "cpu"))
    return (
        f"## At {one['size']:,} organisations\n\n"
        f"**Bar** (p95 under {BAR_MS:.0f} ms on 2 cores, with filters and the reader's policy in "
        f"force), {len(wall):,} searches, each a whole page of the list with all its numbers:\n\n"
        "| | median ms | p95 ms | bar |\n|---|--:|--:|---|\n"
        f"| processor's time | {statistics.median(busy):.1f} | {percentile(busy, 0.95):.1f} "
        f"| {_met(busy)} |\n"
        f"| by the clock | {statistics.median(wall):.1f} | {percentile(wall, 0.95):.1f} "
        f"| {_met(wall)} |\n\n"
        f"Load average {one['load'][0]:.1f} at the start and {one['load'][-1]:.1f} at the end, on "
        "2 cores: above 2 the machine was shared, and the clock holds waiting for others. The "
        "processor's time is that of the database's process and of the asking one.\n"
    )


def _met(times: list[float]) -> str:
    return "met" if percentile(times, 0.95) < BAR_MS else "**missed**"


def _by(one: dict[str, Any], key: str) -> str:
    lines = [
        f"| {key} | searches | median ms | p95 ms | median by the clock | p95 by the clock |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {many} | {' | '.join(f'{one:.1f}' for one in times)} |"
        for name, many, *times in summarise(one["rows"], key)
    ]
    return "\n".join([*lines, ""])


def _sizes(results: list[dict[str, Any]]) -> str:
    lines = [
        "## Growth, and peers",
        "",
        "![Milliseconds of a search against the number of organisations](search.svg)",
        "",
        "The peers answer with hits and fifty rows alone, without stems, numbers beside filters or",
        "mended errors; the list was asked one search of each kind. Processor's time in ms: p95, median",
        "in brackets.",
        "",
        "| organisations | Proxeny | plain `ILIKE` list | tantivy |",
        "|--:|--:|--:|--:|",
    ]
    for one in results:
        cells = [_cell(one.get(name) or []) for name in ("rows", "list", "library")]
        lines.append(f"| {one['size']:,} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "not run"
    times = [row["cpu"] for row in rows]
    return f"{percentile(times, 0.95):.1f} ({statistics.median(times):.1f})"


def _building(results: list[dict[str, Any]]) -> str:
    lines = [
        "## Building and changing",
        "",
        "Index: built over all rows at once. Words: stems and marks of 1,000 entries, worked out by",
        "the database when they are written. Lexicon: all words counted anew, once a day. Change: one",
        "entry saved with other words, median and p95.",
        "",
        "| organisations | index s | words of 1,000 s | lexicon s | change ms | tantivy s | table MB | index MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in results:
        seconds, sizes, changes = one["seconds"], one["sizes"], one["changes"]
        library = f"{one['library_s']:.0f}" if "library_s" in one else "not run"
        lines.append(
            f"| {one['size']:,} | {seconds['organisation_search']:.0f} "
            f"| {seconds['words of 1000 rows']:.1f} | {seconds['words']:.0f} "
            f"| {statistics.median(changes):.1f}; {percentile(changes, 0.95):.1f} | {library} "
            f"| {sizes['directory_organisation']:,.0f} | {sizes['organisation_search']:,.0f} |"
        )
    return "\n".join([*lines, ""])


def _plot(results: list[dict[str, Any]]) -> str:
    """Return p95 against size on two logarithmic axes, as SVG."""
    width, height, left, bottom = 640, 360, 70, 50
    lines = {
        label: [
            (one["size"], percentile([row["cpu"] for row in one[name]], 0.95))
            for one in results
            if one.get(name)
        ]
        for name, label in (("rows", "Proxeny"), ("list", "ILIKE"), ("library", "tantivy"))
    }
    points = [point for line in lines.values() for point in line]
    low_x, high_x = (math.log10(end([x for x, _ in points])) for end in (min, max))
    low_y, high_y = -1.0, math.ceil(math.log10(max(max(y for _, y in points), BAR_MS)))

    def place(x: float, y: float) -> tuple[float, float]:
        right = (math.log10(x) - low_x) / max(high_x - low_x, 1)
        up = (math.log10(max(y, 0.1)) - low_y) / (high_y - low_y)
        return left + (width - left - 80) * right, height - bottom - (height - bottom - 20) * up

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="Noto Sans, sans-serif" font-size="12">'
        ),
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{left} 20V{height - bottom}H{width - 20}" fill="none" stroke="#667"/>',
        f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">organisations</text>',
        (
            f'<text x="16" y="{height / 2}" text-anchor="middle" '
            f'transform="rotate(-90 16 {height / 2})">p95 of a search, ms of processor</text>'
        ),
    ]
    for power in range(int(low_y), int(high_y) + 1):
        x, y = place(10**low_x, 10**power)
        parts.append(f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>')
    for one in results:
        x, y = place(one["size"], 0.1)
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{one["size"]:,}</text>')
    x, y = place(10**low_x, BAR_MS)
    parts.append(f'<path d="M{left} {y:.1f}H{width - 20}" stroke="#667" stroke-dasharray="4 4"/>')
    parts.append(f'<text x="{width - 22}" y="{y - 5:.1f}" text-anchor="end" fill="#667">bar</text>')
    for (label, line), colour in zip(lines.items(), ("#206bc4", "#d63939", "#2fb344"), strict=True):
        placed = [place(*point) for point in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        if placed:
            x, y = placed[-1]
            parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])
