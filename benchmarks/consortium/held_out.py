"""Past projects with one partner held out: whom a ranking puts first instead."""

import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.consortium.by_topic import tell_topics
from benchmarks.consortium.chosen import YEAR, Chosen, Groups, members_of_year
from benchmarks.consortium.engine_first import tell_engine
from benchmarks.consortium.history import History, Project, read_projects
from benchmarks.consortium.page import tell_machine
from benchmarks.consortium.ranking import hold_out, rate, tell_table

__all__ = ["tell_held_out"]

#: Those that are also tried in the larger directory.
SHORT = ("popularity", "popularity, each kind once", "**ours**", "**ours, with variety**")


def tell_held_out(folder: Path) -> str | None:
    """Measure, and return what the page says of it; None without the data."""
    machine, started = tell_machine(), time.process_time()
    projects = read_projects(folder)
    if projects is None:
        return None
    chosen = Chosen(projects)
    history = History(projects, date(YEAR, 1, 1))
    groups = hold_out(members_of_year(projects, YEAR), history)
    rated = rate(history, groups, chosen.rankings(history))
    print({name: rows.mean(axis=0).round(3).tolist() for name, rows in rated.items()}, flush=True)
    engine = tell_engine(history, [cases[0] for cases in groups], partial(chosen.ours, history))
    newcomers = _tell_newcomers(projects, chosen)
    topics = tell_topics(folder, projects, chosen)
    return TOLD.format(
        machine=machine,
        year=YEAR,
        before=YEAR - 1,
        projects=len(groups),
        cases=sum(map(len, groups)),
        count=len(history),
        pairs=history.n_pairs,
        known=100 * _share_known(history, groups),
        chosen=chosen.tell(),
        table=tell_table(rated),
        engine=engine,
        newcomers=newcomers,
        topics=topics,
        seconds=time.process_time() - started,
    )


def _share_known(history: History, groups: Groups) -> float:
    """Return how many of those held out had worked with one of those kept."""
    cases = [case for cases in groups for case in cases]
    known = (any(case.left in history.shared(one)[0] for one in case.kept) for case in cases)
    return sum(known) / len(cases)


def _tell_newcomers(projects: Sequence[Project], chosen: Chosen) -> str:
    """Return how it is when whoever had one project before is in the directory, too."""
    of_year = members_of_year(projects, YEAR)
    history = History(projects, date(YEAR, 1, 1), least=1)
    groups = hold_out(of_year, history, most=1)
    rankings = chosen.rankings(history)
    rated = rate(history, groups, {name: rankings[name] for name in SHORT})
    members = [one for cases in groups for one in of_year[cases[0].project]]
    missing = np.mean([one not in history.at for one in members])
    return NEWCOMERS.format(
        count=len(history), projects=len(groups), missing=100 * missing, table=tell_table(rated)
    )


NEWCOMERS = """**With everybody who had a project before**, {count:,} organisations, one partner of each of {projects:,}
projects held out. {missing:.0f} % of the members of these projects had none before and can be found by nobody.

{table}"""
TOLD = """{projects:,} projects that began in {year} and have four members or more among the {count:,} organisations that
had two projects before. Each of these members is held out in turn, {cases:,} times in all, and looked for
with the others kept; each project counts the same. *Partner*: it is among the first 20. *Alike*: one of
its country and type of organisation is (company, university, institute, public body, other). In brackets
the middle 95 % when projects are drawn again 2,000 times. Only what began before {year} is known: {pairs:,} pairs
worked together. {known:.0f} % of those held out had worked with one of those kept.

{machine} {seconds:.0f} s of processor time, one thread.

{table}

*Each kind once*: nobody of a country and type that stands in the list already. *Strongest tie*: the
relations as they count in a consortium's worth. *Joint shares*: see what to feed. *Ours*: all evidence
together, with weights learned on projects that began in {before} from what was before them. Which evidence
to gather was settled with figures of {year} in sight, so the later calls at the end are the better witness.

{chosen}

{engine}

{newcomers}

{topics}"""
