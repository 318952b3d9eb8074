"""Candidates for topics: phrases of one to three words, and their separation from boilerplate.

C-value: Frantzi, Ananiadou and Mima, "Automatic recognition of multi-word terms: the
C-value/NC-value method", International Journal on Digital Libraries 3 (2000) 115-130; with log2(1 +
words), so that single words count too. Residual inverse document frequency: Church and Gale,
"Inverse document frequency (IDF): a measure of deviations from Poisson", Third Workshop on Very
Large Corpora (1995) 121-130: a word central to a text recurs in it; an unspecific one is spread
over all texts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight._reader import BREAK

__all__ = ["SAME_SHARE", "Corpus", "Phrases", "find_phrases"]

type Ints = NDArray[np.int64]

#: A word in more than this share of a source's texts tells none of them apart; nor does one in more
#: than the lower share that is empty there.
COMMON_SHARE, EMPTY_SHARE = 0.5, 0.25
#: A sentence, or so many words in a row, in at least this share of a source's texts, and in three,
#: is a template's.
TEMPLATE_SHARE, TEMPLATE_LEAST, TEMPLATE_RUN = 0.005, 3, 6
#: Of fewer texts than this no source's habits are told.
HABIT_LEAST = 20
#: A word with less residual inverse document frequency, in every source of long texts, is empty.
EMPTY_RIDF, LONG_TEXT, JUDGED_LEAST = 0.75, 40, 10
#: Two phrases with a word in common are one if they are in this share of the same texts.
SAME_SHARE = 0.8


_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Different texts, one after the other; a text that two sources have is each one's.

    Parameters
    ----------
    terms : int64 array of shape (n,)
        With a `BREAK` between texts.
    texts, sentences : int64 arrays of shape (n,)
        The text of each place, and its sentence within the text.
    sources : int64 array of shape (texts,)
    is_digits, is_letter : bool arrays of shape (terms,)
        Terms of digits alone, and of one sign alone.
    """

    terms: Ints
    texts: Ints
    sentences: Ints
    sources: Ints
    is_digits: NDArray[np.bool_]
    is_letter: NDArray[np.bool_]

    @property
    def n_texts(self) -> int:
        """The number of texts."""
        return len(self.sources)

    @property
    def n_terms(self) -> int:
        """The number of terms."""
        return len(self.is_digits)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases with the texts that have them.

    Parameters
    ----------
    words : int64 array of shape (phrases, 3)
        Terms, `BREAK` after the last.
    counts : int64 array of shape (phrases,)
        In how many texts.
    values : float64 array of shape (phrases,)
        C-values.
    ptr, texts : int64 arrays
        The texts of each phrase, rising, as compressed rows.
    """

    words: Ints
    counts: Ints
    values: NDArray[np.float64]
    ptr: Ints
    texts: Ints

    def texts_of(self, at: int) -> Ints:
        """Return the texts of one phrase."""
        return self.texts[self.ptr[at] : self.ptr[at + 1]]


def _find_habits(corpus: Corpus) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which terms are in too many texts of a source, and which are empty.

    Sources of short texts, where no word comes twice, say nothing of what is empty.
    """
    common = np.zeros(corpus.n_terms, dtype=np.bool_)
    best = np.full(corpus.n_terms, -np.inf)
    there = corpus.terms != BREAK
    pairs, repeats = np.unique(
        corpus.texts[there] * corpus.n_terms + corpus.terms[there], return_counts=True
    )
    texts, terms = np.divmod(pairs, max(1, corpus.n_terms))
    for source, size in enumerate(np.bincount(corpus.sources).tolist()):
        if size < HABIT_LEAST:
            continue
        own = corpus.sources[texts] == source
        known = np.bincount(terms[own], minlength=corpus.n_terms)
        common |= known > COMMON_SHARE * size
        if repeats[own].sum() >= LONG_TEXT * size:
            times = np.bincount(terms[own], repeats[own], minlength=corpus.n_terms)
            judged = known >= JUDGED_LEAST
            ridf = np.full(corpus.n_terms, np.inf)
            ridf[judged] = np.log2(-np.expm1(-times[judged] / size) * size / known[judged])
            best[judged] = np.maximum(best[judged], ridf[judged])
            common |= (known > EMPTY_SHARE * size) & (ridf < EMPTY_RIDF)
    return common, np.isfinite(best) & (best < EMPTY_RIDF)


def _template_places(corpus: Corpus) -> NDArray[np.bool_]:
    """Return the places in a sentence, or a run of words, that a source repeats."""
    new = np.ones(len(corpus.terms), dtype=np.bool_)
    new[1:] = (np.diff(corpus.texts) != 0) | (np.diff(corpus.sentences) != 0)
    begins = np.flatnonzero(new)
    lengths = np.diff(np.r_[begins, len(corpus.terms)])
    is_template = np.repeat(_is_repeated(corpus, begins, lengths), lengths)
    there = np.flatnonzero(corpus.terms != BREAK)
    last = len(there) - TEMPLATE_RUN + 1
    if last > 0:
        begins, ends = there[:last], there[TEMPLATE_RUN - 1 :]
        whole = corpus.texts[begins] == corpus.texts[ends]
        begins, ends = begins[whole], ends[whole]
        compact = Corpus(
            corpus.terms[there],
            corpus.texts[there],
            corpus.sentences[there],
            corpus.sources,
            corpus.is_digits,
            corpus.is_letter,
        )
        runs = _is_repeated(
            compact, np.flatnonzero(whole), np.full(len(begins), TEMPLATE_RUN, dtype=np.int64)
        )
        within = np.zeros(len(corpus.terms) + 1, dtype=np.int64)
        np.add.at(within, begins[runs], 1)
        np.add.at(within, ends[runs] + 1, -1)
        is_template |= np.cumsum(within)[:-1] > 0
    return is_template


def _is_repeated(corpus: Corpus, begins: Ints, lengths: Ints) -> NDArray[np.bool_]:
    """Return the stretches that occur in so many texts of one source that they are a template's."""
    if not len(begins):
        return np.zeros(0, dtype=np.bool_)
    marks = np.zeros(len(begins), dtype=np.uint64)
    # A polynomial of fixed random numbers tells stretches apart, but for one chance in 2^40.
    draw = np.random.default_rng(0).integers(1, 2**63, size=corpus.n_terms + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(int(lengths.max())):
            on = np.flatnonzero(lengths > step)
            marks[on] = marks[on] * _FACTOR + draw[corpus.terms[begins[on] + step]]
    texts = corpus.texts[begins]
    source = corpus.sources[texts]
    _, same = np.unique(marks + source.astype(np.uint64), return_inverse=True)
    pairs = np.unique(same * corpus.n_texts + texts)
    often = np.bincount(pairs // corpus.n_texts)[same]
    size = np.bincount(corpus.sources)[source]
    least = np.maximum(TEMPLATE_LEAST, TEMPLATE_SHARE * size)
    repeated: NDArray[np.bool_] = (size >= HABIT_LEAST) & (often >= least)
    return repeated


def find_phrases(corpus: Corpus, least: int) -> Phrases:
    """Return phrases that at least so many texts have, boilerplate left out.

    Costs a few sorts of the places.
    """
    common, empty = _find_habits(corpus)
    terms = np.where(_template_places(corpus), BREAK, corpus.terms)
    edge = terms != BREAK
    edge[edge] = ~common[terms[edge]]
    full = edge.copy()
    full[full] = ~empty[terms[full]]
    begin = edge.copy()
    begin[begin] = ~corpus.is_digits[terms[begin]]
    found = [_of_length(corpus, terms, (begin, edge, full), length, least) for length in (1, 2, 3)]
    return _value(_join(found))


type _Found = tuple[Ints, Ints, Ints]
type _Mask = NDArray[np.bool_]


def _of_length(
    corpus: Corpus, terms: Ints, masks: tuple[_Mask, _Mask, _Mask], length: int, least: int
) -> _Found:
    """Return the phrases of so many words; masks: may begin one, may end one, says something."""
    n = max(0, len(terms) - length + 1)
    begin, end, full = masks
    parts = np.stack([terms[shift : shift + n] for shift in range(length)])
    kept = begin[:n] & end[length - 1 :][:n] & (parts != BREAK).all(axis=0)
    kept &= np.any([full[shift : shift + n] for shift in range(length)], axis=0)
    if length == 1:
        kept[kept] = ~corpus.is_letter[parts[0, kept]]
    else:
        # "Water water" is no phrase.
        kept &= (parts[0] != parts[1]) & (parts[-1] != parts[-2])
    at = np.flatnonzero(kept)
    parts = parts[:, at]
    code = parts[0]
    for part in parts[1:]:
        # Renumbered at each step, so that no code outgrows its 64 bits.
        _, code = np.unique(code * corpus.n_terms + part, return_inverse=True)
    words = np.full((len(at), 3), BREAK, dtype=np.int64)
    words[:, :length] = parts.T
    return _count(words, corpus.texts[at], code, least)


def _count(words: Ints, texts: Ints, code: Ints, least: int) -> _Found:
    """Return the words of each phrase in enough texts, how many, and those texts in turn."""
    if not len(code):
        return words, code, texts
    width = int(texts.max()) + 1
    pairs, where = np.unique(code * width + texts, return_index=True)
    code = pairs // width
    begins = np.flatnonzero(np.r_[True, np.diff(code) != 0])
    counts = np.diff(np.r_[begins, len(code)])
    enough = counts >= least
    return words[where[begins[enough]]], counts[enough], texts[where[np.repeat(enough, counts)]]


def _join(found: list[_Found]) -> Phrases:
    words, counts, texts = (np.concatenate([one[at] for one in found]) for at in range(3))
    ptr = np.concatenate(([0], np.cumsum(counts)))
    return Phrases(words, counts, np.zeros(len(counts)), ptr, texts)


def _value(phrases: Phrases) -> Phrases:
    at = {tuple(row): place for place, row in enumerate(phrases.words.tolist())}
    inside = np.zeros((2, len(at)))
    for row, place in at.items():
        for part in _parts(row):
            within = at.get(part)
            if within is not None:
                inside[:, within] += 1, phrases.counts[place]
    nested = inside[1] / np.maximum(1, inside[0])
    lengths = (phrases.words != BREAK).sum(axis=1)
    values = np.log2(1 + lengths) * (phrases.counts - nested)
    return Phrases(phrases.words, phrases.counts, values, phrases.ptr, phrases.texts)


def _parts(words: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Return the shorter phrases within a phrase."""
    a, b, c = words
    if b == BREAK:
        return []
    if c == BREAK:
        return [(a, BREAK, BREAK), (b, BREAK, BREAK)]
    singles = [(one, BREAK, BREAK) for one in (a, b, c)]
    return [(a, b, BREAK), (b, c, BREAK), *singles]
