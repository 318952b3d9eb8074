"""Consortia: how long the best ten take, what is proven, and whether a left-out partner comes back.

    python -m benchmarks.consortium [--seeds 2] [--data ../shared/data]

Beside the engine the same model over all candidates without pruning (CP-SAT), and a greedy choice.
Seconds are processor time of this process, one thread. With the folder of real data, projects of
2018 with one participant left out. The figures go to `docs/reference/consortium.md`.
"""

import argparse
import csv
import gzip
import math
import os
import platform
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from proxeny.engine.consortium import (
    Call,
    Need,
    Organisation,
    Proposals,
    Relation,
    Settings,
    Weights,
    Wish,
    find_rules,
    propose_consortia,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "consortium.md"
SIZES = (1_000, 10_000, 50_000)
PLAIN_UP_TO, PLAIN_S, LIMIT_S, IN_S = 1_000, 60, 60, 5
PROJECTS = 40
COUNTRIES = [
    "DE", "FR", "ES", "IT", "GR", "NL", "BE", "GB", "SE", "AT", "PT", "PL", "FI", "DK",
    "IE", "CZ", "HU", "RO", "SI", "BG", "HR", "CY", "SK", "EE", "LT", "LV", "LU", "MT",
    "NO", "CH", "IL", "TR", "RS", "UA", "IS", "MD", "US", "CA", "KR", "JP",
]  # fmt: skip
KINDS = ("company", "university", "institute", "public", "other")


def make_directory(count: int, seed: int) -> tuple[list[Organisation], list[Relation]]:
    """Return a directory with two sides in it, and who knows whom.

    Fit has the shape of a text's match with a call: most are near the mean, few far above.
    """
    dice = random.Random(f"{count} {seed}")
    topics = [f"t{number}" for number in range(12)]
    organisations = []
    for number in range(count):
        country = COUNTRIES[min(len(COUNTRIES) - 1, int(dice.expovariate(1 / 9)))]
        member = dice.random() < 0.25
        covers = {
            topic: dice.choices((1, 2, 3), (50, 35, 15))[0]
            for topic in dice.sample(topics, dice.randrange(1, 5))
        }
        cost = dice.randrange(100, 800) * 100_000
        organisations.append(
            Organisation(
                key=f"o{number}",
                country=country,
                kind=dice.choices(KINDS, (45, 25, 15, 8, 7))[0],
                group=f"g{dice.randrange(count // 20 + 1)}" if dice.random() < 0.05 else "",
                side={"GR": "athens", "FR": "paris"}.get(country, "") if member else "",
                sme=dice.random() < 0.3,
                nonprofit=dice.random() < 0.5,
                covers=covers,
                fit=max(0, min(1000, round(dice.gauss(300, 120)))),
                cost=cost,
                request=cost,
                free_bids=None if dice.random() < 0.5 else dice.randrange(4),
                can_coordinate=dice.random() < 0.2,
            )
        )
    relations = []
    ends = [dice.randrange(count) for _ in range(20)]
    for number in range(count * 4):
        one = number % count
        other = dice.choice(ends) if dice.random() < 0.7 else dice.randrange(count)
        ends += [one, other]
        if one != other:
            level = dice.choices((1, 2, 3), (60, 30, 10))[0]
            relations.append(Relation(f"o{one}", f"o{other}", level))
    return organisations, relations


def make_wish(least: int = 8, most: int = 15, count: int = 10) -> Wish:
    """Return the wish of a research and innovation action with twelve topics."""
    rules = find_rules("horizon-europe-ria")
    return Wish(
        call=Call(
            on=date(2026, 9, 15), programme="horizon-europe", rules=rules.rules, part="pillar-2"
        ),
        needs=[Need(key=f"t{number}", weight=100, least=1) for number in range(12)],
        least_members=least,
        most_members=most,
        sides={"athens": 2, "paris": 2},
        request_most=600_000_000,
        needs_coordinator=True,
        count=count,
    )


def _clocked(
    organisations: Sequence[Organisation],
    relations: Sequence[Relation],
    wish: Wish,
    settings: Settings,
) -> tuple[Proposals, float]:
    """Return proposals, and the seconds of processor time that they took."""
    started = time.process_time()
    found = propose_consortia(organisations, wish, relations=relations, settings=settings)
    return found, time.process_time() - started


def choose_greedily(  # noqa: C901 - one choice after the other reads best in one piece
    organisations: Sequence[Organisation], relations: Sequence[Relation], wish: Wish
) -> int | None:
    """Return what a greedy choice is worth; None if it does not meet the conditions.

    Sides first, then whoever adds most for the money that is left, until nobody adds anything.
    """
    knows: dict[str, dict[str, int]] = defaultdict(dict)
    for one in relations:
        for a, b in ((one.one, one.other), (one.other, one.one)):
            knows[a][b] = max(one.level, knows[a].get(b, 0))
    free = [one for one in organisations if one.free_bids != 0 and one.country not in ("US",)]
    chosen: list[Organisation] = []
    levels, ties, spent = dict.fromkeys((need.key for need in wish.needs), 0), {}, 0

    def gain(one: Organisation) -> int:
        more = wish.weights.fit * one.fit - wish.weights.member
        for need in wish.needs:
            more += need.weight * max(0, one.covers.get(need.key, 0) - levels[need.key])
        own = max((knows[one.key].get(key, 0) for key in ties), default=0)
        theirs = sum(max(0, knows[one.key].get(key, 0) - tie) for key, tie in ties.items())
        return more + wish.weights.relation * (own + theirs)

    def take(pool: list[Organisation]) -> bool:
        nonlocal spent
        pool = [
            one for one in pool if one not in chosen and spent + one.request <= wish.request_most
        ]
        best = max(pool, key=gain, default=None)
        if best is None or (gain(best) <= 0 and len(chosen) >= wish.least_members):
            return False
        spent += best.request
        for key, level in best.covers.items():
            levels[key] = max(level, levels[key])
        for key in ties:
            ties[key] = max(ties[key], knows[best.key].get(key, 0))
        ties[best.key] = max((knows[best.key].get(one.key, 0) for one in chosen), default=0)
        chosen.append(best)
        return True

    for side, least in wish.sides.items():
        for _ in range(least):
            take([one for one in free if one.side == side])
    take([one for one in free if one.can_coordinate])
    while len(chosen) < wish.most_members and take(free):
        pass
    keep = [one.key for one in chosen]
    wanted = replace(wish, most_members=len(chosen), keep=keep, count=1)
    known = [one for one in relations if {one.one, one.other} <= set(ties)]
    found = propose_consortia(chosen, wanted, relations=known)
    return found.proposals[0].worth.total if found.proposals else None


def measure_sizes(seeds: int) -> list[str]:
    """Return the rows of the table by size."""
    lines = []
    for size in SIZES:
        seconds, compared, ratios, proven, plain = [], [], [], 0, []
        for seed in range(1, seeds + 1):
            organisations, relations = make_directory(size, seed)
            wish = make_wish()
            settings = Settings(time_limit_s=LIMIT_S)
            found, took = _clocked(organisations, relations, wish, settings)
            seconds.append(took)
            compared.append(found.compared)
            proven += sum(one.gap == 0 for one in found.proposals)
            best = found.proposals[0].worth.total
            greedy = choose_greedily(organisations, relations, wish)
            ratios.append(greedy / best if greedy else 0.0)
            if size <= PLAIN_UP_TO:
                plain.append(measure_plain(organisations, relations, wish, found))
            print(
                size,
                seed,
                found.status,
                round(took, 2),
                found.compared,
                ratios[-1],
                plain,
                flush=True,
            )
        beside = f"{statistics.median(plain):.1f}" if plain else "not tried"
        lines.append(
            f"| {size:,} | {statistics.median(seconds):.1f} | {max(seconds):.1f} "
            f"| {statistics.median(compared):.0f} | {proven} of {10 * seeds} | {beside} "
            f"| {100 * statistics.median(ratios):.1f} % |"
        )
    return lines


def measure_in_time(seeds: int) -> str:
    """Return what there is of the largest directory after a few seconds by the clock."""
    seconds, first, last, proven = [], [], [], 0
    for seed in range(1, seeds + 1):
        organisations, relations = make_directory(SIZES[-1], seed)
        started = time.monotonic()
        found = propose_consortia(
            organisations, make_wish(), relations=relations, settings=Settings(time_limit_s=IN_S)
        )
        seconds.append(time.monotonic() - started)
        gaps = [100 * one.gap / one.bound for one in found.proposals]
        assert len(gaps) == make_wish().count
        first.append(gaps[0])
        last.append(gaps[-1])
        proven += sum(gap == 0 for gap in gaps)
        print("in time", seed, found.status, round(seconds[-1], 2), gaps, flush=True)
    return (
        f"{SIZES[-1]:,} organisations, {IN_S} seconds allowed: {max(seconds):.1f} s by the clock at "
        f"most, ten proposals each time, {proven} of {10 * seeds} proven; the best within "
        f"{max(first):.1f} % of what nothing is above, the tenth within {max(last):.1f} %."
    )


def measure_plain(
    organisations: Sequence[Organisation],
    relations: Sequence[Relation],
    wish: Wish,
    found: Proposals,
) -> float:
    """Return the seconds that the model over all takes, and see that it finds the same."""
    settings = Settings(time_limit_s=PLAIN_S, is_pruned=False)
    other, took = _clocked(organisations, relations, wish, settings)
    if other.status == found.status == "optimal":
        totals = [one.worth.total for one in found.proposals]
        assert [one.worth.total for one in other.proposals] == totals
    return took


def measure_left_out(folder: Path) -> str | None:
    """Return what becomes of a participant who is left out; None without the data."""
    path = folder / "cordis_h2020_participations" / "participations_2014_2018.csv.gz"
    if not path.exists():
        return None
    projects: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            projects[row["rcn"]].append(row)
    past = [rows for rows in projects.values() if rows[0]["start_year"] < "2018"]
    tests = [rows for rows in projects.values() if rows[0]["start_year"] == "2018"]
    number = Counter(row["pic"] for rows in past for row in rows)
    about = {row["pic"]: row for rows in past for row in rows}
    pairs: Counter[tuple[str, str]] = Counter()
    for rows in past:
        pics = sorted({row["pic"] for row in rows if number[row["pic"]] > 1})
        pairs.update((a, b) for at, a in enumerate(pics) for b in pics[at + 1 :])
    relations = [Relation(a, b, min(3, 1 + int(math.log2(many)))) for (a, b), many in pairs.items()]
    directory = [
        Organisation(
            key=pic, country=about[pic]["country"], kind=about[pic]["type"],
            fit=round(100 * math.log(many)), request=0, cost=0,
        )
        for pic, many in number.items()
        if many > 1
    ]  # fmt: skip
    return _ranks(directory, relations, pairs, tests)


def _ranks(
    directory: Sequence[Organisation],
    relations: Sequence[Relation],
    pairs: Mapping[tuple[str, str], int],
    tests: Sequence[list[dict[str, str]]],
) -> str:
    there = {one.key: one for one in directory}
    ties: dict[str, dict[str, int]] = defaultdict(dict)
    for pair, many in pairs.items():
        for a, b in (pair, pair[::-1]):
            ties[a][b] = many
    popular = sorted(directory, key=lambda one: (-one.fit, one.key))
    dice = random.Random(7)
    fits = [rows for rows in tests if sum(row["pic"] in there for row in rows) >= 4]
    hits: Counter[str] = Counter()
    for rows in dice.sample(fits, PROJECTS):
        pics = sorted({row["pic"] for row in rows if row["pic"] in there})
        left = there[dice.choice(pics)]
        keep = [pic for pic in pics if pic != left.key][:15]
        rules = find_rules("horizon-2020-csa")
        wish = Wish(
            call=Call(on=date(2017, 12, 1), programme="horizon-2020", rules=rules.rules),
            least_members=len(keep) + 1, most_members=len(keep) + 1, keep=keep, count=20,
            weights=Weights(member=0),
        )  # fmt: skip
        # What matching would bring in: past projects with those that are kept, each pair by its log.
        fits_call = [
            replace(
                one,
                fit=min(100_000, one.fit // 10)
                + round(100 * sum(math.log1p(ties[one.key].get(key, 0)) for key in keep)),
            )
            for one in directory
        ]
        found = propose_consortia(fits_call, wish, relations=relations)
        ours = [there[(set(one.members) - set(keep)).pop()] for one in found.proposals]
        theirs = [one for one in popular if one.key not in keep][:20]
        for name, ranked in (("engine", ours), ("popular", theirs)):
            hits[name] += left in ranked
            hits[f"{name} kind"] += any(
                (one.country, one.kind) == (left.country, left.kind) for one in ranked
            )
    return (
        f"{PROJECTS} projects that began in 2018, {len(directory):,} organisations with two or more "
        f"projects before, {len(relations):,} pairs that worked together. The participant left out is "
        f"among the first 20 in {100 * hits['engine'] / PROJECTS:.0f} % (by popularity alone "
        f"{100 * hits['popular'] / PROJECTS:.0f} %); one of its country and type in "
        f"{100 * hits['engine kind'] / PROJECTS:.0f} % ({100 * hits['popular kind'] / PROJECTS:.0f} %)."
    )


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    load = os.getloadavg()[0]
    left_out = measure_left_out(options.data)
    print(left_out or f"{options.data}: no real data here", flush=True)
    text = PAGE.read_text(encoding="utf-8")
    figures = FIGURES.format(
        machine=(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} before "
            f"the start, Python {platform.python_version()}, OR-Tools {version('ortools')}."
        ),
        seeds=options.seeds,
        rows="\n".join(measure_sizes(options.seeds)),
        in_time=measure_in_time(options.seeds),
        left_out=left_out or "Not measured: the data were not there.",
    )
    before, mark, rest = text.partition(BEGIN)
    PAGE.write_text(before + mark + figures + END + rest.partition(END)[2], encoding="utf-8")


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FIGURES = """
Directories by a generator, {seeds} of each size: forty countries, two sides, one to four of twelve topics
each, fit in the shape of a text's match (normal, few far above), four relations a head with hubs, 5 %
in groups. A research and innovation action, 8 to 15 members, all topics covered, two of each side, EUR 6
million at most, somebody to coordinate; the best ten. Seconds of processor time in one thread, arrays
and reasons included. *Plain*: the same model with CP-SAT over all, at most 60 s, with the same answer
where it ends in time. *Greedy*: its worth to the best.

{machine}

| organisations | s, median | s, most | compared | proven | plain, s | greedy |
|--:|--:|--:|--:|--:|--:|--:|
{rows}

**In time.** {in_time}

**A partner left out.** {left_out}

"""

if __name__ == "__main__":
    main()
