"""Writes docs/reference/pages.md from the figures that the four commands kept."""

from collections.abc import Iterable
from typing import Any

from benchmarks.web.serving import ROOT

PAGE = ROOT / "docs" / "reference" / "pages.md"
Figures = dict[str, Any]


def write(kept: dict[str, Figures]) -> None:
    """Write the page anew; parts that were not measured yet are left out."""
    lines = [
        "# How fast the pages are",
        "",
        "Weights, paints, answers and requests a second, each written by the command that its part",
        "names; the figures themselves lie in [pages.json](pages.json). How it is done: rows are read as",
        "plain values with their addresses and dates, styles and scripts are few and kept for a year",
        "under names of their content, what a picture is drawn with comes when the picture does, and the",
        "queries that stand before every page are planned once for a connection.",
    ]
    for part, tell in (
        ("rates", _rates),
        ("weights", _weights),
        ("paints", _paints),
        ("answers", _answers),
    ):
        if part in kept:
            lines += ["", *tell(kept[part]), "", _machine(kept[part]["machine"])]
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _machine(one: Figures) -> str:
    return (
        f"Measured on {one['day']}: {one['processor']}, {one['cores']} cores that database, servers and"
        f" askers share, load {one['load']} at the end of the run; Python {one['python']}, Django"
        f" {one['django']}, granian {one['granian']}."
    )


def _kb(size: float) -> str:
    return f"{size / 1000:.1f}"


def _table(head: str, rows: Iterable[str]) -> list[str]:
    columns = head.count("|") - 1
    return [head, "|" + "---|" * columns, *rows]


def _rates(part: Figures) -> list[str]:
    rows = [
        f"| {row['name']} | {row['own']:.0f} | {row['theirs']:.1f} | **{row['ratio']:.1f}** |"
        f" {min(row['ratios']):.1f} – {max(row['ratios']):.1f} |"
        f" {_kb(row['weights']['own']['gzip'])} / {_kb(row['weights']['theirs']['gzip'])} |"
        f" {_kb(row['weights']['own']['brotli'])} / {_kb(row['weights']['theirs']['brotli'])} |"
        for row in part["rows"]
    ]
    return [
        "## Beside pretalx",
        "",
        "`python -m benchmarks.web.rates`. Both show the same event, 300 meetings of 200 people in 20",
        f"rooms over 3 days, on one PostgreSQL server with two web workers each: pretalx {part['pretalx']}",
        "as its documentation installs it (gunicorn, Redis), Proxeny by `proxeny run` (granian). They take",
        f"turns, {part['rounds']} of {part['seconds']} seconds each after one that warms up, under",
        f"{part['connections']} connections by wrk; every answer's status and length is counted, and its",
        "content checked once before.",
        "",
        "pretalx's pages are public. Ours are private: each answer looks up the session, the person and",
        "all their rights, and no cache on the server holds a page. *Unchanged* means that the browser",
        "has the page and asks whether it is still so: we answer 304 after looking up the same, and a",
        "mark over every row of the agenda; pretalx sends its page again, since it knows no tag for it.",
        "",
        *_table(
            "| page | ours, requests/s | pretalx | times | each turn | KB gzip, ours / theirs | KB brotli |",
            rows,
        ),
        "",
        "Our directory shows 50 of the 200 a page with filters, pretalx's list of speakers all of them.",
    ]


def _weights(part: Figures) -> list[str]:
    rows = [
        f"| `{row['route']}` | {_kb(row['html'])} | {_kb(sum(row['own'].values()))} |"
        f" {_kb(row['first'])} | {', '.join(row['own']) or '–'} |"
        for row in part["heaviest"]
    ]
    later = [
        f"| `{route}` | {', '.join(files)} | {_kb(sum(files.values()))} |"
        for route, files in sorted(part["later"].items())
    ]
    shared = part["shared"]
    return [
        "## What a first visit brings",
        "",
        f"`python -m benchmarks.web.weights`: {part['pages']} pages of the demo, one of each route that",
        "links lead five people to; KB compressed by gzip. `tests/e2e/test_weights.py` holds every page",
        (
            f"under 100 KB beyond the shared files. The shared ones, {_kb(sum(shared.values()))} KB in"
            f" {len(shared)} files, come once:"
        ),
        ", ".join(f"{name} {_kb(size)}" for name, size in shared.items()) + ".",
        "",
        *_table("| heaviest pages | page | its own files | together | which |", rows),
        "",
        "Fonts of other scripts come on the first page whose text uses them, and are kept: Greek 22 KB,",
        "further Latin 168, Arabic 166 (there in place of the Latin one).",
        "",
        "What pictures are drawn with comes when the picture is near the window, after the first paint,",
        "and is not counted above. A table says the same meanwhile.",
        "",
        *_table("| page | later | KB |", later),
    ]


def _paints(part: Figures) -> list[str]:
    rows = [
        f"| `{row['route']}` | {row['language']} | {row['ttfb']:.0f} | {row['fcp']:.0f} |"
        f" {row['lcp']:.0f} | {row['cls']:.3f} | {row['bytes'] / 1000:.0f} | {row['requests']} |"
        for row in part["rows"]
    ]
    return [
        "## On a slow phone",
        "",
        "`python -m benchmarks.web.paints`: headless Chromium, 390 × 844, processor four times slower,",
        "1.6 Mbit/s with 150 ms there and back (Lighthouse's slow 4G), nothing kept from before, straight",
        "from `proxeny run`: HTTP/1.1, pages not compressed. Milliseconds; the aim is a largest paint",
        f"before 1,500 and no shift. {part['slow']} of {len(rows)} pages are later, {part['moved']} move.",
        "",
        *_table(
            "| page | language | first byte | first paint | largest paint | shift | KB | requests |",
            rows,
        ),
    ]


def _answers(part: Figures) -> list[str]:
    rows = [
        f"| `{row['route']}` | {row['p50']:.0f} | {row['p95']:.0f} |" for row in part["slowest"]
    ]
    return [
        "## What the server takes",
        "",
        f"`python -m benchmarks.web.answers`: {part['pages']} pages of the demo, {part['times']} times each",
        (
            f"over HTTP, two askers at once. All of them: median {part['p50']:.0f} ms, p95"
            f" {part['p95']:.0f} ms; {part['slow']} pages have a p95 above the aim of 150 ms. The slowest:"
        ),
        "",
        *_table("| page | median, ms | p95, ms |", rows),
        "",
        "The first page of a room takes at most 30 queries, My day 27 (`tests/partnerships/test_pages.py`,",
        "`tests/web/test_day.py`): all that waits is read in one of them, and so are all dates of a room.",
    ]
