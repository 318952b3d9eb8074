"""From text to terms: folded, stemmed by language, without the words that say nothing."""

import re
from collections.abc import Callable, Iterator

import Stemmer

from proxeny.engine.matching._stopwords import STOPWORDS
from proxeny.folding import fold

__all__ = ["Vocabulary", "find_word", "says_something"]

# Letters and digits with the marks that scripts put on them; the marks alone are no letters.
_WORD = re.compile(r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d]+")
# A word longer than this is data or an attack, not a word.
_LONGEST = 64
_STEMMERS = {
    "ar": "arabic",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "tr": "turkish",
}
# Endings that the Greek stemmer leaves of one word's forms: τεχνολογι|εσ, τεχνολο|για, προιον,
# προιοντ|α, and of the adjectives made of a noun: βιομηχανικ|οσ, ναυτιλιακ|η.
_GREEK_ENDS = re.compile(r"(?<=\w{4})γ?(?:ι?[αι]κ|ι)?$|(?<=\w{2}ον)τ$")


class Vocabulary:
    """Numbering of terms, in the order of first occurrence.

    The same stem of two languages is one term, so that names and words of common origin meet.
    An instance is for one thread at a time.

    Notes
    -----
    Words are folded before they are stemmed: typing without accents must find the same. Each
    distinct word is folded and stemmed once; a text costs one look-up per word.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._seen: dict[str, _Seen] = {}

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self._numbers)

    def read(self, text: str, language: str) -> list[int]:
        """Return the terms of a text in its order. Linear in the length of the text."""
        seen = self._words_of(language)
        return [term for word in _WORD.findall(text.lower()) for term in seen[word]]

    def read_pairs(self, text: str, language: str) -> Iterator[tuple[int, str]]:
        """Yield each term of a text with its word as written."""
        seen = self._words_of(language)
        for word in _WORD.findall(text):
            for term in seen[word.lower()]:
                yield term, word

    def code(self, code: str) -> int:
        """Return the term of a code, which no word of a text can equal."""
        return self._numbers.setdefault(f"§{code}", len(self._numbers))

    def names(self) -> list[str]:
        """Return what each term is written as, by its number."""
        return list(self._numbers)

    def _words_of(self, language: str) -> "_Seen":
        if language not in self._seen:
            self._seen[language] = _Seen(language, self._numbers)
        return self._seen[language]


def find_word(text: str, word: str) -> int:
    """Return the first position of a whole word in a text, or -1.

    Parameters
    ----------
    word : str
        As `Vocabulary.read_pairs` gives it.

    Examples
    --------
    >>> find_word("Castings, cast in sand", "cast")
    10
    """
    at = text.find(word)
    while at >= 0:
        whole = _WORD.match(text, at)
        is_begun = at > 0 and _WORD.match(text, at - 1) is not None
        if not is_begun and whole is not None and whole.end() == at + len(word):
            return at
        at = text.find(word, at + 1)
    return -1


def says_something(word: str) -> bool:
    """Whether a word on its own can be a reason: no number, no single letter, no word such as "non".

    A text may hold words of another language than its own, so stop words of all languages count.

    Examples
    --------
    >>> [word for word in ("17", "non", "x", "sensors") if says_something(word)]
    ['sensors']
    """
    parts = fold(word).split()
    return any(len(one) > 1 and not one.isnumeric() and one not in _EMPTY for one in parts)


_EMPTY = frozenset().union(*STOPWORDS.values())


class _Seen(dict[str, tuple[int, ...]]):
    """Words of one language and their terms, filled as they are met."""

    def __init__(self, language: str, numbers: dict[str, int]) -> None:
        super().__init__()
        self._stopwords = STOPWORDS.get(language, frozenset())
        self._stem = _stemmer(language)
        self._numbers = numbers

    def __missing__(self, word: str) -> tuple[int, ...]:
        parts = [part for part in fold(word[:_LONGEST]).split() if part not in self._stopwords]
        numbers = self._numbers
        terms = tuple(numbers.setdefault(self._stem(part), len(numbers)) for part in parts)
        self[word] = terms
        return terms


def _stemmer(language: str) -> Callable[[str], str]:
    """Return what shortens a word of a language; without a stemmer, nothing does."""
    name = _STEMMERS.get(language)
    if name is None:
        return str
    snowball: Callable[[str], str] = Stemmer.Stemmer(name).stemWord
    if language == "el":
        return lambda word: _GREEK_ENDS.sub("", snowball(word))
    return snowball
