"""Past projects with one partner held out: whom a ranking puts first instead."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.consortium.engine_first import tell_engine
from benchmarks.consortium.evidence import (
    Level,
    by_common,
    by_joint,
    by_popularity,
    by_ties,
    gather,
    grade,
    level_any,
    weigh_strongest,
)
from benchmarks.consortium.history import History, Project, read_projects
from benchmarks.consortium.page import tell_machine
from benchmarks.consortium.ranking import (
    Case,
    Ranking,
    choose_variety,
    hold_out,
    put_first,
    rate,
    tell_share,
)
from benchmarks.consortium.topics import Funded, Topics, read_funded
from proxeny.engine.matching import Choice, learn_weights

__all__ = ["tell_held_out"]

#: The year that is tested; weights are chosen on the one before.
YEAR = 2018
#: So many of a project's members are held out to learn from, and so many others stand beside each.
LEARNED, BESIDE = 3, 600
#: From which share of joint work on a relation is of level 2 and 3.
GRADES = ((0.02, 0.08), (0.05, 0.15), (0.1, 0.25), (0.15, 0.35), (0.2, 0.5))
#: What a point of BM25 may be worth beside the rest.
TEXT_WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)

type Scores = NDArray[np.float64]
type Groups = list[list[Case]]


def tell_held_out(folder: Path) -> str | None:
    """Measure, and return what the page says of it; None without the data."""
    machine, started = tell_machine(), time.process_time()
    projects = read_projects(folder)
    if projects is None:
        return None
    chosen = Chosen(projects)
    history = History(projects, date(YEAR, 1, 1))
    groups = hold_out(_of_year(projects, YEAR), history)
    rated = rate(history, groups, chosen.rankings(history))
    print({name: rows.mean(axis=0).round(3).tolist() for name, rows in rated.items()}, flush=True)
    engine = tell_engine(history, [cases[0] for cases in groups], partial(chosen.ours, history))
    newcomers = _tell_newcomers(projects, chosen)
    topics = _tell_topics(folder, projects, chosen)
    return TOLD.format(
        machine=machine, seconds=time.process_time() - started, year=YEAR, before=YEAR - 1,
        projects=len(groups), cases=sum(map(len, groups)), count=len(history),
        pairs=history.n_pairs, rows=_table(rated), weights=chosen.tell(), engine=engine,
        newcomers=newcomers, topics=topics,
    )  # fmt: skip


def _of_year(projects: Sequence[Project], year: int) -> dict[str, list[str]]:
    return {one.key: list(one.members) for one in projects if one.start.year == year}


class Chosen:
    """What was chosen on the projects of the year before: weights, levels, and how much variety."""

    def __init__(self, projects: Sequence[Project]) -> None:
        before = History(projects, date(YEAR - 1, 1, 1))
        groups = hold_out(_of_year(projects, YEAR - 1), before, most=LEARNED)
        self.weights = _learn(before, groups)
        self.grades = max(
            GRADES, key=lambda one: _share(before, groups, _strongest(before, grade(*one)))
        )
        self.variety = choose_variety(before, groups, partial(self.ours, before))
        self.popular_variety = choose_variety(before, groups, _score(before, by_popularity))

    def ours(self, history: History, case: Case) -> Scores:
        """Return our scores."""
        return gather(history, case.kept) @ self.weights

    def rankings(self, history: History) -> dict[str, Ranking]:
        """Return the rankings to hold beside each other, by what the page calls them."""
        popular, ours = _score(history, by_popularity), partial(self.ours, history)
        strongest = partial(_strongest, history)
        return {
            "popularity": Ranking(popular),
            "strongest tie, level 3 for every joint project": Ranking(strongest(level_any)),
            "strongest tie, level by share of joint work": Ranking(strongest(grade(*self.grades))),
            "Adamic–Adar, summed": Ranking(_score(history, by_common)),
            "joint projects, logs summed": Ranking(_score(history, by_joint)),
            "joint shares, roots summed": Ranking(_score(history, by_ties)),
            "**ours**": Ranking(ours),
            "popularity, with variety": Ranking(popular, self.popular_variety),
            "**ours, with variety**": Ranking(ours, self.variety),
        }

    def tell(self) -> str:
        """Return what was chosen, in words."""
        return WEIGHTS.format(*self.weights, *self.grades, variety=_tell_variety(self.variety),
                              popular=_tell_variety(self.popular_variety))  # fmt: skip


def _tell_variety(one: float) -> str:
    return f"{one:g} less for each one alike before it" if one < 100 else "each kind once"


def _score(
    history: History, by: Callable[[History, Sequence[int]], Scores]
) -> Callable[[Case], Scores]:
    return lambda case: by(history, case.kept)


def _strongest(history: History, level: Level) -> Callable[[Case], Scores]:
    return lambda case: weigh_strongest(history, case.kept, level)


def _share(history: History, groups: Groups, score: Callable[[Case], Scores]) -> float:
    return float(rate(history, groups, {"": Ranking(score)})[""][:, 0].mean())


def _learn(history: History, groups: Groups) -> NDArray[np.float64]:
    """Return the weights under which those held out are likeliest to be chosen."""
    dice, choices = np.random.default_rng(7), []
    for case in (case for cases in groups for case in cases):
        others = dice.choice(len(history), BESIDE, replace=False)
        others = others[~np.isin(others, [*case.kept, case.left])]
        rows = gather(history, case.kept)[[case.left, *others]]
        choices.append(Choice(rows, np.arange(len(rows)) == 0))
    return learn_weights(choices)


def _tell_newcomers(projects: Sequence[Project], chosen: Chosen) -> str:
    """Return how it is when whoever had one project before is in the directory, too."""
    of_year = _of_year(projects, YEAR)
    history = History(projects, date(YEAR, 1, 1), least=1)
    groups = hold_out(of_year, history, most=1)
    names = ("popularity", "**ours**", "**ours, with variety**")
    rankings = {name: one for name, one in chosen.rankings(history).items() if name in names}
    rated = rate(history, groups, rankings)
    members = [one for cases in groups for one in of_year[cases[0].project]]
    there = sum(one in history.at for one in members) / len(members)
    partner, alike = ([tell_share(rated[name][:, at]) for name in names] for at in (0, 1))
    return NEWCOMERS.format(
        count=len(history), projects=len(groups), missing=100 * (1 - there),
        partner=partner, alike=alike,
    )  # fmt: skip


def _tell_topics(folder: Path, projects: Sequence[Project], chosen: Chosen) -> str:
    """Return how it is with the topics of calls, on projects of the two years after."""
    funded = read_funded(folder, projects)
    weight = _choose_text_weight(funded, projects, chosen)
    day = date(YEAR + 1, 1, 1)
    history = History(projects, day)
    tested = {one.key: one for one in funded if one.years[0] > YEAR and one.project is None}
    groups = hold_out({key: one.members for key, one in tested.items()}, history)
    topics = Topics(funded, history, day)
    texts = _texts_of(topics, tested, groups)
    ours = partial(chosen.ours, history)

    def both(case: Case) -> Scores:
        return ours(case) + weight * texts[case.project]

    rated = rate(history, groups, {
        "popularity": Ranking(_score(history, by_popularity)),
        "topics alone (BM25)": Ranking(lambda case: texts[case.project].astype(float)),
        "Adamic–Adar, summed": Ranking(_score(history, by_common)),
        "ours": Ranking(ours),
        "**ours, and topics**": Ranking(both),
        "popularity, with variety": Ranking(_score(history, by_popularity), chosen.popular_variety),
        "**ours, and topics, with variety**": Ranking(both, chosen.variety),
    })  # fmt: skip
    print({name: rows.mean(axis=0).round(3).tolist() for name, rows in rated.items()}, flush=True)
    has_text = np.mean([topics.has_text[case.left] for cases in groups for case in cases])
    return TOPICS.format(
        projects=len(groups), cases=sum(map(len, groups)), count=len(history), past=topics.n_past,
        joined=len({one.project.key for one in funded if one.project}), funded=len(funded),
        texts=int(topics.has_text.sum()), has_text=100 * has_text, weight=weight, rows=_table(rated),
    )  # fmt: skip


def _texts_of(
    topics: Topics, tested: Mapping[str, Funded], groups: Groups
) -> dict[str, NDArray[np.float32]]:
    keys = [cases[0].project for cases in groups]
    return dict(zip(keys, topics.score([tested[key].text for key in keys]), strict=True))


def _choose_text_weight(
    funded: Sequence[Funded], projects: Sequence[Project], chosen: Chosen
) -> float:
    """Return the weight of texts under which those held out of the tested year were likeliest."""
    day = date(YEAR, 1, 1)
    history = History(projects, day)
    tested = {one.project.key: one for one in funded if one.project and one.project.start >= day}
    of_year = {key: one.members for key, one in tested.items()}
    groups = hold_out(of_year, history)
    texts = _texts_of(Topics(funded, history, day), tested, groups)
    likely = dict.fromkeys(TEXT_WEIGHTS, 0.0)
    for case in (case for cases in groups for case in cases):
        ours = chosen.ours(history, case)
        for weight in TEXT_WEIGHTS:
            scores = ours + weight * texts[case.project]
            scores[case.kept] = -np.inf
            top = scores.max()
            likely[weight] += scores[case.left] - top - np.log(np.exp(scores - top).sum())
    return max(likely, key=lambda one: likely[one])


def _table(rated: Mapping[str, NDArray[np.float64]]) -> str:
    return "\n".join(
        f"| {name} | {tell_share(rows[:, 0])} | {tell_share(rows[:, 1])} |"
        for name, rows in rated.items()
    )


WEIGHTS = "x"
NEWCOMERS = "{count} {projects} {missing} {partner} {alike}"
TOPICS = "{projects} {cases} {count} {past} {joined} {funded} {texts} {has_text} {weight}\n{rows}"
TOLD = "{machine} {seconds} {year} {before} {projects} {cases} {count} {pairs}\n{rows}\n{weights}\n{engine}\n{newcomers}\n{topics}"
