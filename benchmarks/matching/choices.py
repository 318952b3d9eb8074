"""Predict who says yes to each other, from the first half of a speed-dating evening."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.matching.measures import Ranking
from numpy.typing import NDArray

from proxeny.engine.matching import (
    Bm25,
    Choice,
    Profile,
    Verdict,
    Vocabulary,
    build_index,
    learn_taste,
    learn_weights,
)
from proxeny.engine.matching._pairs import weigh_pairs

__all__ = ["run_choices"]

LEARN_WAVES = frozenset(str(wave) for wave in range(1, 15))
INTERESTS = (
    "sports",
    "tvsports",
    "exercise",
    "dining",
    "museums",
    "art",
    "hiking",
    "gaming",
    "clubbing",
    "reading",
    "tv",
    "theater",
    "movies",
    "concerts",
    "music",
    "shopping",
    "yoga",
)
SOUGHT = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1")
OWN = ("attr3_1", "sinc3_1", "intel3_1", "fun3_1", "amb3_1")
COLUMNS = ("popularity", "words", "vectors", "sought", "same field")
# Yes and no that everybody is given beforehand.
PRIOR = 2.0


@dataclass
class Evening:
    """People of one wave; decisions by (chooser, chosen), known ones apart from those to predict."""

    people: dict[str, dict[str, str]] = field(default_factory=dict)
    known: dict[tuple[str, str], bool] = field(default_factory=dict)
    hidden: dict[tuple[str, str], bool] = field(default_factory=dict)


def run_choices(folder: Path) -> dict[str, Any]:
    """Learn on the first 14 evenings, test on the last 7."""
    evenings = _read(folder / "meetings.csv")
    learned = [_Judge(one) for wave, one in evenings.items() if wave in LEARN_WAVES]
    weights = learn_weights([choice for judge in learned for choice in judge.choices()])
    rankings: defaultdict[str, Ranking] = defaultdict(Ranking)
    tasted = _Tasted(evenings)
    for wave, evening in evenings.items():
        if wave not in LEARN_WAVES:
            _test(_Judge(evening), weights, tasted, rankings)
    return {
        "weights": dict(zip(COLUMNS, map(float, weights), strict=True)),
        "methods": {name: ranking.means() for name, ranking in rankings.items()},
    }


def _read(file: Path) -> dict[str, Evening]:
    evenings: defaultdict[str, Evening] = defaultdict(Evening)
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["pid"]]
    # The order that the women had decides for both, so that no decision is known from one side.
    first_half = {
        (row["iid"], row["pid"]): int(row["order"]) <= int(row["round"]) / 2
        for row in rows
        if row["gender"] == "0"
    }
    for row in rows:
        evening, pair = evenings[row["wave"]], (row["iid"], row["pid"])
        evening.people[row["iid"]] = row
        known = first_half.get(pair, first_half.get(pair[::-1], True))
        (evening.known if known else evening.hidden)[pair] = row["dec"] == "1"
    return dict(evenings)


def _test(
    judge: "_Judge", weights: NDArray[np.float64], tasted: "_Tasted", rankings: dict[str, Ranking]
) -> None:
    hidden = judge.evening.hidden
    for asker, others in judge.met.items():
        wanted = {
            place
            for place, other in enumerate(others)
            if hidden[asker, other] and hidden.get((other, asker))
        }
        if not wanted or len(others) < 3:
            continue
        evidence = judge.evidence(asker)
        mine = judge.chances(asker, weights)
        theirs = np.array(
            [judge.chances(other, weights)[judge.met[other].index(asker)] for other in others]
        )
        scores = {
            "popularity": evidence[:, COLUMNS.index("popularity")],
            "BM25": evidence[:, COLUMNS.index("words")],
            "embeddings": evidence[:, COLUMNS.index("vectors")],
            "hybrid, one way": mine,
            "hybrid, reciprocal": 2 * mine * theirs / (mine + theirs),
            **tasted.score(asker, others, judge.evening),
        }
        for name, row in scores.items():
            order = np.argsort(-row, kind="stable")
            rankings[name].add([int(one) for one in order], wanted)


class _Tasted:
    """Profiles matched by their words alone, and put in a new order by what was answered before."""

    def __init__(self, evenings: dict[str, Evening]) -> None:
        people = {
            name: one for evening in evenings.values() for name, one in evening.people.items()
        }
        self.place = {name: place for place, name in enumerate(people)}
        self.index = build_index(
            [
                Profile(about={"en": _words_of(one)}, sectors=frozenset({one["field"]} - {""}))
                for one in people.values()
            ]
        )
        learned = [evenings[wave] for wave in evenings if wave in LEARN_WAVES]
        self.common = learn_taste(
            self.index,
            [one for evening in learned for one in self._verdicts(evening.known | evening.hidden)],
        )

    def score(
        self, asker: str, others: list[str], evening: Evening
    ) -> dict[str, NDArray[np.floating]]:
        """Return the scores of those still to be met, by profile and by two tastes."""
        pairs = weigh_pairs(
            self.index, [self.place[asker]] * len(others), [self.place[one] for one in others]
        )
        plain = pairs[:, 0] + pairs[:, 1] + 1e-6
        mine = {pair: yes for pair, yes in evening.known.items() if pair[0] == asker}
        own = learn_taste(self.index, self._verdicts(mine), prior=self.common)
        return {
            "profiles": plain,
            "profiles, taste of all": plain * self.common.change(pairs),
            "profiles, own taste": plain * own.change(pairs),
        }

    def _verdicts(self, answers: dict[tuple[str, str], bool]) -> list[Verdict]:
        return [
            Verdict(self.place[one], self.place[other], float(yes))
            for (one, other), yes in answers.items()
            if other in self.place
        ]


class _Judge:
    """What can be said before the second half of an evening."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.names = list(evening.people)
        self.place = {name: i for i, name in enumerate(self.names)}
        self.met: defaultdict[str, list[str]] = defaultdict(list)
        for chooser, chosen in evening.hidden:
            if (chosen, chooser) in evening.hidden:
                self.met[chooser].append(chosen)
        self.vectors = self._standard(INTERESTS)
        self.words, self.documents = self._words()
        self.sought, self.own = self._standard(SOUGHT), self._standard(OWN)

    def evidence(self, chooser: str) -> NDArray[np.float64]:
        """Return a row per person still to be met, a column per kind of evidence."""
        i = self.place[chooser]
        places = [self.place[other] for other in self.met[chooser]]
        length = np.linalg.norm(self.vectors, axis=1) + 1e-9
        people = self.evening.people
        return np.column_stack(
            [
                [np.log(rate / (1 - rate)) for rate in map(self._liked, self.met[chooser])],
                self.words.score(self.documents[i])[places],
                self.vectors[places] @ self.vectors[i] / (length[places] * length[i]),
                self.own[places] @ self.sought[i],
                [people[o]["field"] == people[chooser]["field"] for o in self.met[chooser]],
            ]
        ).astype(np.float64)

    def choices(self) -> list[Choice]:
        """Return who was chosen of those met in the second half."""
        found = []
        for chooser, others in self.met.items():
            chosen = np.array([self.evening.hidden[chooser, other] for other in others])
            if chosen.any() and not chosen.all():
                found.append(Choice(self.evidence(chooser), chosen))
        return found

    def chances(self, chooser: str, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance of a yes to each: how often the chooser says it, shared by weight."""
        shares = np.exp(self.evidence(chooser) @ weights)
        said = [yes for (one, _), yes in self.evening.known.items() if one == chooser]
        rate = (sum(said) + PRIOR) / (len(said) + 2 * PRIOR)
        return np.minimum(rate * shares / shares.mean(), 1.0)

    def _liked(self, person: str) -> float:
        got = [yes for (_, other), yes in self.evening.known.items() if other == person]
        return (sum(got) + PRIOR) / (len(got) + 2 * PRIOR)

    def _standard(self, columns: tuple[str, ...]) -> NDArray[np.float64]:
        rows = [
            [float(person[column] or "nan") for column in columns]
            for person in self.evening.people.values()
        ]
        found = np.array(rows)
        mean = np.nan_to_num(np.nanmean(np.where(np.isnan(found).all(axis=0), 0.0, found), axis=0))
        found = np.where(np.isnan(found), mean, found) - mean
        return found / np.maximum(found.std(axis=0), 1e-9)

    def _words(self) -> tuple[Bm25, list[list[int]]]:
        vocabulary = Vocabulary()
        documents = [
            vocabulary.read(_words_of(person), "en") for person in self.evening.people.values()
        ]
        return Bm25(documents, len(vocabulary)), documents


def _words_of(person: dict[str, str]) -> str:
    """Interests rated 7 or more and the field, as the words of a profile."""
    return " ".join([*(x for x in INTERESTS if float(person[x] or 0) >= 7), person["field"]])
