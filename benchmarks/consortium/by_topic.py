"""A partner held out of projects whose call's topic is known: what texts say, alone and beside ties."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.consortium.chosen import YEAR, Chosen, score_by
from benchmarks.consortium.evidence import by_common, by_popularity
from benchmarks.consortium.history import History, Project
from benchmarks.consortium.ranking import ONCE, Case, Ranking, hold_out, rate, tell_table
from benchmarks.consortium.topics import Funded, Topics, read_funded
from numpy.typing import NDArray

__all__ = ["tell_topics"]

#: What a point of BM25 may be worth beside the rest.
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)

type Texts = dict[str, NDArray[np.float32]]
type Groups = list[list[Case]]


def tell_topics(folder: Path, projects: Sequence[Project], chosen: Chosen) -> str:
    """Return how it is on the calls of the two years after the one that is tested."""
    funded = read_funded(folder, projects)
    weight = _choose_weight(funded, projects, chosen)
    day = date(YEAR + 1, 1, 1)
    history = History(projects, day)
    tested = {one.key: one for one in funded if one.years[0] > YEAR and one.project is None}
    groups = hold_out({key: one.members for key, one in tested.items()}, history)
    topics = Topics(funded, history, day)
    texts = _read_texts(topics, tested, groups)
    rated = rate(history, groups, _rankings(history, texts, chosen, weight))
    print({name: rows.mean(axis=0).round(3).tolist() for name, rows in rated.items()}, flush=True)
    has_text = np.mean([topics.has_text[case.left] for cases in groups for case in cases])
    return TOLD.format(
        first=YEAR + 1,
        last=YEAR + 2,
        year=YEAR,
        projects=len(groups),
        cases=sum(map(len, groups)),
        count=len(history),
        past=topics.n_past,
        joined=len({one.project.key for one in funded if one.project}),
        funded=len(funded),
        texts=int(topics.has_text.sum()),
        has_text=100 * has_text,
        weight=weight,
        table=tell_table(rated),
    )


def _rankings(history: History, texts: Texts, chosen: Chosen, weight: float) -> dict[str, Ranking]:
    popular, ours = score_by(by_popularity, history), partial(chosen.ours, history)

    def by_text(case: Case) -> NDArray[np.float64]:
        return texts[case.project].astype(float)

    def both(case: Case) -> NDArray[np.float64]:
        return ours(case) + weight * by_text(case)

    return {
        "popularity": Ranking(popular),
        "popularity, each kind once": Ranking(popular, ONCE),
        "topics alone (BM25)": Ranking(by_text),
        "Adamic–Adar, summed": Ranking(score_by(by_common, history)),
        "ours without topics": Ranking(ours),
        "**ours**": Ranking(both),
        "**ours, with variety**": Ranking(both, chosen.variety),
        "ours, each kind once": Ranking(both, ONCE),
    }


def _read_texts(topics: Topics, tested: Mapping[str, Funded], groups: Groups) -> Texts:
    keys = [cases[0].project for cases in groups]
    return dict(zip(keys, topics.score([tested[key].text for key in keys]), strict=True))


def _choose_weight(funded: Sequence[Funded], projects: Sequence[Project], chosen: Chosen) -> float:
    """Return the weight of texts under which those held out of the year before were likeliest."""
    day = date(YEAR, 1, 1)
    history = History(projects, day)
    tested = {one.project.key: one for one in funded if one.project and one.project.start >= day}
    groups = hold_out({key: one.members for key, one in tested.items()}, history)
    texts = _read_texts(Topics(funded, history, day), tested, groups)
    likely = dict.fromkeys(WEIGHTS, 0.0)
    for case in (case for cases in groups for case in cases):
        ours = chosen.ours(history, case)
        for weight in WEIGHTS:
            scores = ours + weight * texts[case.project]
            scores[case.kept] = -np.inf
            top = scores.max()
            likely[weight] += scores[case.left] - top - np.log(np.exp(scores - top).sum())
    return max(likely, key=lambda one: likely[one])


TOLD = """**With the topics of calls.** Organisations have one number everywhere, projects have not: the
participations go by the number of the record, topics and texts by that of the grant. Of {funded} projects in
the extract that has both members and topics, {joined} were known again in the participations by their
members. So the test is on what came after: {projects} projects of calls of {first} and {last}, with the ties of
all that began by the end of {year}, {count:,} organisations, {cases:,} times a partner held out. A text of an
organisation is the topics of its earlier projects, {past} of them: {texts:,} organisations have one, and
{has_text:.0f} % of those held out. A point of BM25 weighs {weight:g}, chosen on projects of {year}.

{table}"""
