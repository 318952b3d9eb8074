"""Words as real texts use them: a few languages, each word as often as its language has it.

Where the shared data folder is, the words are those of project texts, calls and French company
profiles; elsewhere those of Proxeny's own catalogues. Real texts are small, so one word in
twelve is coined: a tail of rare words as long as a million texts have it, by Zipf's law.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from proxeny.folding import fold

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
LOCALE = ROOT / "src" / "proxeny" / "locale"
#: How many of a hundred organisations write in the language.
SHARES = {"en": 45, "fr": 30, "el": 15, "ar": 10}
COINED_SHARE = 1 / 12
_SYLLABLES = {
    "en": "ba co di fer gan hol in jo kra lum mer nov or pla qui ron sil tek ul ver wex yl zan",
    "el": "βα γε δι ζο θα κρι λου με νο ξα πα ρη σι τε φα χο ψι",
    "ar": "با تو جي حا دي را زو سا شي صا طا عو غا في قا كو لا ما ني وا",
}


@dataclass(frozen=True)
class Tongue:
    """The words of one language with how often each is drawn."""

    code: str
    words: NDArray[np.str_]
    shares: NDArray[np.float64]

    def draw(self, random: Generator, count: int) -> NDArray[np.str_]:
        """Return so many words, one after the other."""
        places = np.searchsorted(self.shares, random.random(count))
        return self.words[np.minimum(places, len(self.words) - 1)]


def read_tongues(coined: int) -> dict[str, Tongue]:
    """Return the four languages, each with so many coined words."""
    return {code: _tongue(code, coined) for code in SHARES}


def _tongue(code: str, coined: int) -> Tongue:
    counted = Counter(word for text in _texts(code) for word in text.split() if word.isalpha())
    known = [word for word, _ in counted.most_common(40_000)]
    random = np.random.default_rng(len(known))
    syllables = np.array(_SYLLABLES.get(code, _SYLLABLES["en"]).split())
    made = ["".join(row) for row in syllables[random.integers(0, len(syllables), (coined, 4))]]
    rare = 1 / np.arange(10, len(made) + 10)
    often = np.array([counted[word] for word in known], dtype=float)
    shares = np.concatenate(
        [often / often.sum() * (1 - COINED_SHARE), rare / rare.sum() * COINED_SHARE]
    )
    return Tongue(code, np.array([*known, *made]), np.cumsum(shares))


def _texts(code: str) -> Iterator[str]:
    yield from _catalogue(code)
    if code == "en" and DATA.exists():
        for name in ("cordis_texts/cordis_texts.jsonl", "eu_calls_2026/calls_clean.jsonl"):
            for line in (DATA / name).read_text(encoding="utf-8").splitlines():
                one = json.loads(line)
                yield fold(f"{one['title']} {one.get('text') or one.get('description') or ''}")
    if code == "fr" and DATA.exists():
        with (DATA / "ilab_fr/ilab_companies.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield fold(f"{row['Moto']} {row['Résumé']}")
    if code in ("fr", "el") and DATA.exists():
        path = DATA / "nace/nace_rev2_labels_en_fr_de_el.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield fold(row[code])


def _catalogue(code: str) -> Iterator[str]:
    # What the catalogues say: `msgstr` of a language, `msgid` for English.
    path = LOCALE / ("fr" if code == "en" else code) / "LC_MESSAGES" / "django.po"
    wanted = "msgid" if code == "en" else "msgstr"
    taking = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("msgid", "msgstr")):
            taking = line.startswith(wanted)
        if taking and '"' in line:
            yield fold(line[line.index('"') :])
