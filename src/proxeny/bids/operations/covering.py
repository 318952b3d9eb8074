"""Coverage of a bid's needs by organisations, and their similarity to its call, by words.

BM25 (`engine.matching.bm25`) over each organisation's own texts. None of these texts is stored: the
reasons given are the words of the need or of the call that the organisation also uses.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching import Bm25, Vocabulary

__all__ = ["LEVELS", "Covering", "Theme", "cover", "phrases_of"]

#: From the highest level on: what part of the best score it takes, and what part of the weight of a
#: phrase's words. The first ranks organisations by how much they say of it; the second keeps a
#: single organisation with a chance word in common from being the best for a need.
LEVELS = ((3, 0.7, 0.6), (2, 0.4, 0.4), (1, 0.2, 0.25))
#: A fit of so much is that of the best.
BEST_FIT = 1000
#: So many words are told as a reason.
MOST_WORDS = 6
#: As in `calls.operations.fitting`: how often title and topics count beside the text, how much of
#: the text is read, from which length its words count, which words say nothing of one, and how many
#: in common are chance.
_HEAD, _READ, _SHORTEST, _COMMON, _ENOUGH, _CHANCE = 3, 6000, 4, 0.25, 20, 4
#: Separators of alternative phrasings; Arabic and Greek have a sign of their own.
_BETWEEN = re.compile("[;\u061b\u037e\n]")

type Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Theme:
    """The theme of a call: its title and topics, its text, and its language."""

    head: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Each word as it is typed, with the terms that it is in the languages of the directory."""

    words: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Covering:
    """The coverage by organisations, in the order given.

    Parameters
    ----------
    levels : ndarray of int8, shape (organisations, needs)
        From 0, no coverage, to 3, as good as the best.
    fits : ndarray of int, shape (organisations,)
        Similarity of each to the call, from 0 to 1000.
    """

    levels: NDArray[np.int8]
    fits: NDArray[np.int64]
    documents: Sequence[Collection[int]]
    needs: Sequence[Sequence[_Phrase]]
    call: Mapping[int, str]

    def words(self, at: int, need: int) -> tuple[str, ...]:
        """Return the words of a need that an organisation uses, as they were typed."""
        spoken = set(self.documents[at])
        found = [
            word
            for phrase in self.needs[need]
            for word, terms in phrase.words.items()
            if not spoken.isdisjoint(terms)
        ]
        return tuple(dict.fromkeys(found))[:MOST_WORDS]

    def common(self, at: int) -> tuple[str, ...]:
        """Return the telling words of the call that an organisation uses, the rarest first."""
        spoken = set(self.documents[at])
        found = (word for term, word in self.call.items() if term in spoken)
        return tuple(dict.fromkeys(found))[:MOST_WORDS]


def phrases_of(words: str) -> list[str]:
    """Return the alternative phrasings of a need, which are separated by semicolons.

    Examples
    --------
    >>> phrases_of("Sensors; capteurs ;")
    ['Sensors', 'capteurs']
    """
    return [" ".join(one.split()) for one in _BETWEEN.split(words) if one.strip()]


def cover(spoken: Sequence[Iterable[Text]], needs: Sequence[str], theme: Theme) -> Covering:
    """Return each organisation's coverage of each need, and its similarity to the call.

    Parameters
    ----------
    spoken : sequence of iterables of (text, language)
        What each organisation says of what it can do; read once.
    needs : sequence of str
        In words; other ways of saying it after a semicolon.
    theme : Theme

    Notes
    -----
    Words are compared in every language that is spoken, as the same stem of two languages is one
    term. A need scores as its best phrase: the BM25 weights of its words beside what they could
    reach at most, unused words included. Levels are relative to the best of the directory
    (`LEVELS`); a small directory has its own best. Linear in the words of all.
    """
    vocabulary = Vocabulary()
    languages = {theme.language}
    documents: list[list[int]] = []
    for texts in spoken:
        terms: list[int] = []
        for text, language in texts:
            languages.add(language)
            terms += vocabulary.read(text, language)
        documents.append(terms)
    order = sorted(languages)
    phrases = [
        [_read_phrase(one, vocabulary, order, theme.language) for one in phrases_of(words)]
        for words in needs
    ]
    head = [term for one in order for term in vocabulary.read(theme.head, one)]
    body = [
        (term, word)
        for term, word in vocabulary.read_pairs(theme.body[:_READ], theme.language)
        if len(word) >= _SHORTEST
    ]
    levels = np.zeros((len(documents), len(needs)), dtype=np.int8)
    if not documents:
        return Covering(levels, np.zeros(0, dtype=np.int64), documents, phrases, {})
    index = Bm25(documents, len(vocabulary))
    for at, some in enumerate(phrases):
        levels[:, at] = _levels(index, some)
    first = dict.fromkeys(term for term in head if _tells(index, term))
    asked = [*_HEAD * list(first), *(term for term, _word in body if _tells(index, term))]
    told = {term: word for word in theme.head.split() for term in _terms(word, vocabulary, order)}
    told = {**dict(reversed(body)), **told}
    wanted = sorted(set(asked), key=lambda term: (term not in first, -index.idf[term], term))
    return Covering(
        levels,
        _fits(index, asked, first),
        documents,
        phrases,
        {term: told[term].strip(".,:;()").lower() for term in wanted if term in told},
    )


def _terms(word: str, vocabulary: Vocabulary, languages: Iterable[str]) -> list[int]:
    """Return the forms of a word in each language, the same stem once."""
    found = (term for one in languages for term in vocabulary.read(word, one))
    return list(dict.fromkeys(found))


def _read_phrase(
    text: str, vocabulary: Vocabulary, languages: Sequence[str], language: str
) -> _Phrase:
    """Return a phrase; words that say nothing in the language of the call are left out."""
    words = {
        word: tuple(_terms(word, vocabulary, languages))
        for word in text.split()
        if vocabulary.read(word, language)
    }
    return _Phrase({word.strip(".,:()").lower(): terms for word, terms in words.items() if terms})


def _levels(index: Bm25, phrases: Sequence[_Phrase]) -> NDArray[np.int8]:
    """Return the level of each organisation for one need."""
    count = len(index.weights.ptr) - 1
    scores, said = np.zeros(count), np.zeros(count)
    for phrase in phrases:
        score, share = _score(index, phrase, count)
        scores, said = np.maximum(scores, score), np.maximum(said, share)
    levels = np.zeros(count, dtype=np.int8)
    best = float(scores.max(initial=0))
    if best > 0:
        for level, of_best, of_words in reversed(LEVELS):
            levels[(scores >= of_best * best) & (said >= of_words)] = level
    return levels


def _score(
    index: Bm25, phrase: _Phrase, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a phrase's score relative to its maximum, and the share of its words, by weight."""
    scores, said, weight = np.zeros(count), np.zeros(count), 0.0
    for terms in phrase.words.values():
        known = [term for term in terms if term < len(index.idf) and index.in_documents[term]]
        # An unused word has the highest weight.
        idf = float(max(index.idf[known])) if known else log1p((count + 0.5) / 0.5)
        weight += idf
        if known:
            found = index.score(known).astype(np.float64)
            scores += found
            said += idf * (found > 0)
    return (scores / (weight * (index.k1 + 1)), said / weight) if weight else (scores, said)


def _tells(index: Bm25, term: int) -> bool:
    """Whether somebody uses a term, and not so many that it says nothing of one."""
    if term >= len(index.in_documents):
        return False
    count, all_ = int(index.in_documents[term]), len(index.weights.ptr) - 1
    return count > 0 and (all_ < _ENOUGH or count <= _COMMON * all_)


def _fits(index: Bm25, asked: Sequence[int], first: Collection[int]) -> NDArray[np.int64]:
    """Return how like each is to the call, the best 1000; chance is none."""
    scores = index.score(asked).astype(np.float64)
    rows, columns = index.weights.row_of_entries(), index.weights.cols
    shared, heads = (
        np.bincount(
            rows[np.isin(columns, np.array(sorted(some), dtype=columns.dtype))],
            minlength=len(scores),
        )
        for some in (set(asked), set(first))
    )
    scores[(shared < _CHANCE) & (heads == 0)] = 0
    best = float(scores.max(initial=0))
    return (
        np.rint(BEST_FIT * scores / best).astype(np.int64) if best > 0 else scores.astype(np.int64)
    )
