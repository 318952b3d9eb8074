"""Judge foresight on real history and write the figures to `docs/reference/foresight.md`.

    python -m benchmarks.foresight [--only simulated|history|topics|speed] [--data ../shared/data]

With `--only`, the other parts keep their text.
"""

import argparse
import os

# Before NumPy is loaded: one thread, whatever the machine has.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import csv
import json
import multiprocessing
import platform
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from benchmarks.consortium.page import replace_part
from benchmarks.foresight.history import (
    Flags,
    Floats,
    Known,
    flag_best,
    judge,
    look_back,
    measure_dating,
    rank_naive,
    read_projects,
)
from benchmarks.foresight.simulated import PERIODS, try_flags
from benchmarks.foresight.speed import SIZES, time_all

from proxeny.engine.foresight import Concept, Document, find_topics, judge_courses

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "foresight.md"
YEARS, TESTED = (2015, 2016, 2017), (2016, 2017)
OURS = "**outlook**"
#: The outlook from which a topic is flagged: the growth that is asked for.
FLAGGED = 1.5


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description="Judge foresight on real history.")
    parser.add_argument("--only", choices=("simulated", "history", "topics", "speed"))
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No data at {options.data}: nothing is measured.")
        return
    parts: dict[str, Callable[[Path], str]] = {
        "simulated": tell_simulated,
        "history": tell_history,
        "topics": tell_topics,
        "speed": tell_speed,
    }
    for name, tell in parts.items():
        if options.only in (None, name):
            page = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(replace_part(page, name, tell(options.data)), encoding="utf-8")


def tell_simulated(_data: Path) -> str:
    """Return the table of flags on courses that were drawn."""
    lines = [
        "| periods | spread | flags | right | recall | right, by last growth | right, by window |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for spread in (1.0, 2.0):
        for periods in PERIODS:
            one = try_flags(periods, spread=spread)
            lines.append(
                f"| {periods} | {spread:.0f} | {one.flags:.0f} | {one.precision:.3f} | "
                f"{one.recall:.3f} | {one.naive_last:.3f} | {one.naive_window:.3f} |"
            )
    return "\n".join(lines)


def tell_history(data: Path) -> str:
    """Return the tables of what was flagged and what grew."""
    documents = read_projects(data)
    right = measure_dating(data)
    told = [
        f"{len(documents):,} projects with a year. Of 3,000 whose year is sure, their neighbours name {right:.1%}."
    ]
    for per_text in (False, True):
        title = "Each title once a year" if per_text else "Each project counts"
        told.append(f"#### {title}")
        known = [look_back(documents, year, per_text=per_text) for year in YEARS]
        told += [
            _tell_states(known),
            *(_tell_truth(known, name) for name in ("window", "last year")),
        ]
    return "\n\n".join(told)


def _tell_states(known: list[Known]) -> str:
    rows = []
    for one in known:
        found = judge_courses(one.counted)
        states = Counter(course.state for course in found.courses)
        emerging = np.array([course.state == "emerging" for course in found.courses])
        grew = int((emerging & one.truth["window"]).sum())
        rows.append(
            f"| {one.year} | {len(found.courses)} | {found.spread:.2f} | {states['emerging']} | "
            f"{grew} | {states['declining']} | {found.typical_growth:+.3f} | "
            f"{found.growth_deviation:.3f} |"
        )
    return "\n".join(
        [
            "| t | topics | spread | emerging | of these grew | declining | growth (log) | deviation |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|",
            *rows,
        ]
    )


def _tell_truth(known: list[Known], name: str) -> str:
    rows = [row for one in known for row in _tell_year(one, name)]
    rows += _tell_together([one for one in known if one.year in TESTED], name)
    against = "all years to t together" if name == "window" else "the year t alone"
    return "\n".join(
        [
            f"Against {against}:",
            "",
            "| t | ranked by | flags | precision (95 %) | recall | F1 | average precision | ours less |",
            "|--:|---|--:|---|--:|--:|--:|---|",
            *rows,
        ]
    )


def _rank(known: Known) -> dict[str, Floats]:
    courses = judge_courses(known.counted).courses
    return {
        OURS: np.array([course.outlook for course in courses]),
        "rising (shrunken growth alone)": np.array([course.rising for course in courses]),
        **rank_naive(known),
    }


def _tell_together(known: list[Known], name: str) -> list[str]:
    """Return rows of several years: every year has its own flags, topics are drawn from all."""
    truth = np.concatenate([one.truth[name] for one in known])
    flags: dict[str, list[Flags]] = {}
    for one in known:
        ranked = _rank(one)
        many = int((ranked[OURS] >= FLAGGED).sum())
        for ranking, scores in ranked.items():
            flags.setdefault(ranking, []).append(flag_best(scores, many))
    years = "+".join(str(one.year) for one in known)
    ours = np.concatenate(flags[OURS])
    rows = []
    for ranking, parts in flags.items():
        best = np.concatenate(parts)
        found = judge(best.astype(float), best, truth)
        beside = "" if ranking == OURS else _tell_difference(ours, best, truth)
        rows.append(
            f"| {years} | {ranking} | {found.flags} | {found.precision:.3f} ({found.low:.3f}–"
            f"{found.high:.3f}) | {found.recall:.3f} | {found.f1:.3f} | | {beside} |"
        )
    base, share = truth.mean(), ours.mean()
    rows.append(f"| {years} | chance | {ours.sum()} | {base:.3f} | {share:.3f} | | | |")
    return rows


def _tell_year(known: Known, name: str) -> list[str]:
    truth = known.truth[name]
    ranked = _rank(known)
    flags = ranked[OURS] >= FLAGGED
    many = int(flags.sum())
    if not many:
        return [f"| {known.year} | {OURS} | 0 | nothing flagged | | | | |"]
    rows = []
    for ranking, scores in ranked.items():
        best = flag_best(scores, many)
        found = judge(scores, best, truth)
        beside = "" if ranking == OURS else _tell_difference(flags, best, truth)
        rows.append(
            f"| {known.year} | {ranking} | {found.flags} | {found.precision:.3f} "
            f"({found.low:.3f}–{found.high:.3f}) | {found.recall:.3f} | {found.f1:.3f} | "
            f"{found.average_precision:.3f} | {beside} |"
        )
    base = truth.mean()
    rows.append(
        f"| {known.year} | chance | {many} | {base:.3f} | {many / len(truth):.3f} | | {base:.3f} | |"
    )
    return rows


def _tell_difference(ours: Flags, theirs: Flags, truth: Flags, *, draws: int = 2000) -> str:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        drawn = rng.integers(0, len(truth), len(truth))
        one, other, grew = ours[drawn], theirs[drawn], truth[drawn]
        if one.any() and other.any():
            found.append(grew[one].mean() - grew[other].mean())
    low, high = np.quantile(found, [0.025, 0.975])
    return f"{truth[ours].mean() - truth[theirs].mean():+.3f} ({low:+.3f} to {high:+.3f})"


def tell_topics(data: Path) -> str:
    """Return what is found in the texts of projects and calls."""
    calls = _lines(data / "eu_calls_2026" / "calls_clean.jsonl")
    projects = _lines(data / "cordis_texts" / "cordis_texts.jsonl")
    documents = [
        Document(at, "call", 2026, f"{one['title']}. {one['description']}")
        for at, one in enumerate(calls)
    ] + [
        Document(at, "project", 2018, f"{one['title']}. {one['text'] or ''}")
        for at, one in enumerate(projects)
    ]
    with (data / "euroscivoc" / "euroscivoc_terms.csv").open(encoding="utf-8") as rows:
        vocabulary = [
            Concept(row["euroSciVocCode"], {"en": (row["euroSciVocTitle"],)})
            for row in csv.DictReader(rows)
        ]
    topics = find_topics(documents, vocabulary=vocabulary).topics
    concepts = [one for one in topics if one.kind == "concept"]
    phrases = [one for one in topics if one.kind == "phrase" and " " in one.key]
    words = [one for one in topics if one.kind == "phrase" and " " not in one.key]
    groups = {"concepts": concepts, "phrases of several words": phrases, "single words": words}
    lines = [f"{len(documents):,} texts, {len(topics):,} topics.", ""]
    for name, group in groups.items():
        every = max(1, len(group) // 25)
        shown = ", ".join(f"{one.label} ({one.texts})" for one in group[::every][:25])
        lines.append(f"- {len(group)} {name}; every {every}th: {shown}")
    return "\n".join(lines)


def tell_speed(data: Path) -> str:
    """Return the table of seconds; each size in a process of its own, so that memory is its own."""
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average "
        f"{os.getloadavg()[0]:.1f} before the start, Python {platform.python_version()}, NumPy "
        f"{np.__version__}; processor time, one thread."
    )
    lines = [
        machine,
        "",
        "| texts | words | topics | find, s | a text, ms | update 1 %, s | judge, s | memory, MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for many in SIZES:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            words, found, updated, topics, judged, memory = pool.apply(time_all, (data, many))
        lines.append(
            f"| {many:,} | {words:.0f} | {topics:,} | {found:.1f} | {1000 * found / many:.3f} | "
            f"{updated:.1f} | {judged:.1f} | {memory:,.0f} |"
        )
    return "\n".join(lines)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


if __name__ == "__main__":
    main()
