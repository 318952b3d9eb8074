"""From a text to its terms, with the places where no phrase goes on."""

import re
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching.words import Vocabulary

__all__ = ["BREAK", "Reader", "Reading", "digest_of"]

#: Stands where a phrase ends.
BREAK = -1
# Words, with the marks that scripts put on letters; signs that end a phrase; of a point or comma
# only one that no letter or digit follows: "Industry 4.0" is one.
_TOKEN = re.compile(
    r"(?P<word>[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d]+)"
    r"|(?P<end>[.!?؟;·؛\n]+(?!\w))|(?P<break>[,:،](?!\w)|[()\[\]{}\"«»“”„/|•–—])"
)
# "Quality of the water" is a phrase; over three words that say nothing none goes on.
_MOST_BRIDGED = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as terms.

    Parameters
    ----------
    terms : int32 array of shape (n,)
        Numbers of terms, and `BREAK`.
    starts, ends : int32 arrays of shape (n,)
        Where each stands in the text; of a break nothing is meant.
    sentences : int32 array of shape (n,)
        The sentence of each, from 0.
    language : str
    """

    terms: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    sentences: NDArray[np.int32]
    language: str


def digest_of(text: str, language: str) -> bytes:
    """Return what tells a text from all others."""
    return blake2b(f"{language}\0{text}".encode(), digest_size=16).digest()


class Reader:
    """Reads texts; keeps each word that it has stemmed. For one thread at a time."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._seen: dict[tuple[str, str], tuple[int, ...]] = {}

    def names(self) -> list[str]:
        """Return the stem of each term, by its number."""
        return self._vocabulary.names()

    def read(self, text: str, language: str) -> Reading:
        """Return a text as terms. Linear in its length."""
        rows: list[tuple[int, int, int, int]] = []
        sentence = bridged = 0
        for found in _TOKEN.finditer(text):
            start, end = found.span()
            if found.lastgroup != "word":
                rows.append((BREAK, start, end, sentence))
                sentence += found.lastgroup == "end"
                bridged = 0
                continue
            terms = self._terms_of(found.group(), language)
            bridged = 0 if terms else bridged + 1
            if bridged > _MOST_BRIDGED:
                rows.append((BREAK, start, end, sentence))
            rows += [(term, start, end, sentence) for term in terms]
        table = np.array(rows, dtype=np.int32).reshape(-1, 4)
        columns = [np.ascontiguousarray(table[:, at]) for at in range(4)]
        return Reading(columns[0], columns[1], columns[2], columns[3], language)

    def read_label(self, label: str, language: str) -> tuple[int, ...]:
        """Return the terms of a label, whatever signs stand between them."""
        terms = self.read(label, language).terms
        return tuple(int(term) for term in terms if term != BREAK)

    def _terms_of(self, word: str, language: str) -> tuple[int, ...]:
        key = (language, word)
        terms = self._seen.get(key)
        if terms is None:
            terms = self._seen[key] = tuple(self._vocabulary.read(word, language))
        return terms
