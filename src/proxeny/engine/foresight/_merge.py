"""Topics that are one: the same words in another order, a part of a phrase that says no more."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight._phrases import SAME_SHARE

__all__ = ["Candidate", "merge"]

type Ints = NDArray[np.int64]


@dataclass(slots=True)
class Candidate:
    """A phrase or a concept that may become a topic.

    Parameters
    ----------
    key : str
    words : tuple of str
        Stems.
    spellings : list of tuple of int
        The sequences of terms that mean it.
    texts : int64 array
        Rising.
    value : float
    concept : int
        The place in the vocabulary, or -1.
    """

    key: str
    words: tuple[str, ...]
    spellings: list[tuple[int, ...]]
    texts: Ints
    value: float
    concept: int = -1


def merge(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return at most so many candidates, the best first, each with those that are the same.

    Concepts come before phrases, then what has the higher value. The same is what has the same
    words in any order or the same letters (bio-based, biobased), and what shares a word and
    nearly all texts.
    """
    ordered = sorted(candidates, key=lambda one: (one.concept < 0, -one.value, one.key))
    joined = _join_same_words(ordered)
    joined.sort(key=lambda one: (one.concept < 0, -one.value, one.key))
    kept: list[Candidate] = []
    by_word: dict[str, list[Candidate]] = {}
    # Concepts come first whatever their value; phrases only as long as one can be among the best.
    higher = sorted(one.value for one in joined if one.concept >= 0)
    for one in joined:
        if one.concept < 0 and len(kept) - bisect_left(higher, one.value) >= most:
            break
        near = (other for word in one.words for other in by_word.get(word, ()))
        if any(_is_same(one.texts, other.texts) for other in near):
            if one.concept >= 0:
                del higher[bisect_left(higher, one.value)]
            continue
        kept.append(one)
        for word in one.words:
            by_word.setdefault(word, []).append(one)
    kept.sort(key=lambda one: (-one.value, one.key))
    return kept[:most]


def _join_same_words(ordered: Sequence[Candidate]) -> list[Candidate]:
    first: dict[str, Candidate] = {}
    kept: list[Candidate] = []
    for one in ordered:
        marks = _marks(one)
        same = next((first[mark] for mark in marks if mark in first), None)
        if same is None or not _may_join(one, same):
            kept.append(one)
            same = one
        else:
            same.spellings += one.spellings
            same.texts = np.union1d(same.texts, one.texts)
            same.value = max(same.value, one.value)
        for mark in marks:
            first.setdefault(mark, same)
    return kept


def _may_join(one: Candidate, first: Candidate) -> bool:
    """Two concepts stay two; a phrase is the concept of its stems only if it mostly means it."""
    if first.concept < 0:
        return True
    met = len(np.intersect1d(one.texts, first.texts, assume_unique=True))
    return one.concept < 0 and met >= SAME_SHARE * len(one.texts)


def _marks(one: Candidate) -> tuple[str, str]:
    return " ".join(sorted(one.words)), "".join(one.words).rstrip("e")


def _is_same(a: Ints, b: Ints) -> bool:
    small, large = (len(a), len(b)) if len(a) < len(b) else (len(b), len(a))
    if small < SAME_SHARE * large:
        return False
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both >= SAME_SHARE * (small + large - both)
