"""From a text to its terms, with the places where no phrase goes on."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching.words import Vocabulary
from proxeny.folding import fold

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
_LONGEST_ENDING = 3
_BENT_AT_BEGINNING = re.compile(r"[\u0590-\u06ff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as terms.

    Parameters
    ----------
    terms : int32 array of shape (n,)
        Numbers of terms, and `BREAK`.
    starts, ends : int32 arrays of shape (n,)
        The position of each in the text; meaningless for a break.
    sentences : int32 array of shape (n,)
        The sentence of each, from 0.
    forms : int32 array of shape (n,)
        Numbers of whole words, as written except for case and accents.
    language : str
    """

    terms: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    sentences: NDArray[np.int32]
    forms: NDArray[np.int32]
    language: str


def digest_of(text: str, language: str) -> bytes:
    """Return a digest that identifies a text."""
    return blake2b(f"{language}\0{text}".encode(), digest_size=16).digest()


class Reader:
    """Reads texts; keeps each word that it has stemmed. For one thread at a time."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._seen: dict[tuple[str, str], tuple[tuple[int, ...], int]] = {}
        self._forms: dict[str, int] = {}
        self._words: list[str] = []
        self._alike: dict[tuple[int, int], bool] = {}

    def names(self) -> list[str]:
        """Return the stem of each term, by its number."""
        return self._vocabulary.names()

    def read(self, text: str, language: str) -> Reading:
        """Return a text as terms. Linear in its length."""
        rows: list[tuple[int, int, int, int, int]] = []
        sentence = bridged = 0
        for found in _TOKEN.finditer(text):
            start, end = found.span()
            if found.lastgroup != "word":
                rows.append((BREAK, start, end, sentence, BREAK))
                sentence += found.lastgroup == "end"
                bridged = 0
                continue
            terms, form = self._terms_of(found.group(), language)
            bridged = 0 if terms else bridged + 1
            if bridged > _MOST_BRIDGED:
                rows.append((BREAK, start, end, sentence, BREAK))
            rows += [(term, start, end, sentence, form) for term in terms]
        table = np.array(rows, dtype=np.int32).reshape(-1, 5)
        a, b, c, d, e = (np.ascontiguousarray(table[:, at]) for at in range(5))
        return Reading(a, b, c, d, e, language)

    def read_label(self, label: str, language: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the terms and the forms of a label, ignoring signs between them."""
        reading = self.read(label, language)
        there = reading.terms != BREAK
        return tuple(reading.terms[there].tolist()), tuple(reading.forms[there].tolist())

    def is_alike(self, one: int, other: int) -> bool:
        """Return whether two forms of one stem differ by their ending only.

        A stem is shared by words of different meaning (productivity, production; humanities,
        human), a grammatical ending is short. Where words are bent at their beginning, as in
        Arabic, the stem alone decides.
        """
        if one == other:
            return True
        pair = (one, other) if one < other else (other, one)
        found = self._alike.get(pair)
        if found is None:
            first, second = self._words[one], self._words[other]
            pairs = zip(first, second, strict=False)
            same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], pairs))
            is_short = max(len(first), len(second)) - same <= _LONGEST_ENDING
            found = self._alike[pair] = is_short or _BENT_AT_BEGINNING.match(first) is not None
        return found

    def _terms_of(self, word: str, language: str) -> tuple[tuple[int, ...], int]:
        key = (language, word)
        found = self._seen.get(key)
        if found is None:
            terms = tuple(self._vocabulary.read(word, language))
            found = self._seen[key] = terms, self._form_of(fold(word))
        return found

    def _form_of(self, folded: str) -> int:
        form = self._forms.get(folded)
        if form is None:
            form = self._forms[folded] = len(self._words)
            self._words.append(folded)
        return form
