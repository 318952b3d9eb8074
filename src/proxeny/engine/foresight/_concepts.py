"""Concepts of a vocabulary, found in texts by the stems of their labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight._reader import BREAK, Reader, Reading
from proxeny.engine.foresight.model import Concept

__all__ = ["Label", "Labels", "find_concepts", "meet_labels", "read_labels"]

type Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a concept, as terms.

    Parameters
    ----------
    terms : tuple of int
    forms : tuple of int
        Its words, which those of a text must be like; empty if their stems are enough.
    place : int
        Of the concept.
    """

    terms: tuple[int, ...]
    forms: tuple[int, ...]
    place: int


#: By language and first term.
type Labels = dict[str, dict[int, list[Label]]]


def read_labels(concepts: Sequence[Concept], reader: Reader) -> Labels:
    """Return the labels of concepts, by language and first term."""
    found: Labels = {}
    for place, concept in enumerate(concepts):
        for language, labels in concept.labels.items():
            own = found.setdefault(language, {})
            for terms, forms in dict.fromkeys(reader.read_label(one, language) for one in labels):
                if terms:
                    own.setdefault(terms[0], []).append(Label(terms, forms, place))
    return found


def meet_labels(reading: Reading, labels: dict[int, list[Label]], reader: Reader) -> Iterator[int]:
    """Yield the concept of each label that occurs in a text, ignoring signs in between."""
    there = reading.terms != BREAK
    terms, forms = reading.terms[there].tolist(), reading.forms[there].tolist()
    for at, term in enumerate(terms):
        for label in labels.get(term, ()):
            end = at + len(label.terms)
            if tuple(terms[at:end]) == label.terms and all(
                map(reader.is_alike, label.forms, forms[at:end])
            ):
                yield label.place


def find_concepts(readings: Sequence[Reading], labels: Labels, reader: Reader) -> dict[int, Ints]:
    """Return the texts of each concept that is found, rising.

    Notes
    -----
    One look-up for each word of a text whose language has labels.
    """
    found: dict[int, list[int]] = {}
    for text, reading in enumerate(readings):
        if reading.language in labels:
            for place in set(meet_labels(reading, labels[reading.language], reader)):
                found.setdefault(place, []).append(text)
    return {place: np.array(some, dtype=np.int64) for place, some in found.items()}
