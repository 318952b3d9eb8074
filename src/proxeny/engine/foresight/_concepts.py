"""Concepts of a vocabulary, found in texts by the stems of their labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight._reader import BREAK, Reader
from proxeny.engine.foresight.model import Concept

__all__ = ["find_concepts", "read_labels"]

type Ints = NDArray[np.int64]
type Labels = dict[str, dict[tuple[int, ...], list[int]]]


def read_labels(concepts: Sequence[Concept], reader: Reader) -> Labels:
    """Return the concepts of each label, as terms, by language."""
    found: Labels = {}
    for place, concept in enumerate(concepts):
        for language, labels in concept.labels.items():
            own = found.setdefault(language, {})
            for label in labels:
                terms = reader.read_label(label, language)
                if terms and place not in own.setdefault(terms, []):
                    own[terms].append(place)
    return found


def find_concepts(
    terms: Ints, texts: Ints, languages: NDArray[np.str_], labels: Labels
) -> dict[int, Ints]:
    """Return the texts of each concept that is found, rising.

    Parameters
    ----------
    terms, texts : int64 arrays of shape (n,)
        As in `Corpus`.
    languages : array of shape (texts,)
    labels : as `read_labels` returns them

    Notes
    -----
    A label is met as a whole, within one text; one look at each place whose word begins a label.
    """
    there = terms != BREAK
    terms, texts = terms[there], texts[there]
    found: dict[int, set[int]] = {}
    for language, own in labels.items():
        starts: dict[int, list[tuple[int, ...]]] = {}
        for label in own:
            starts.setdefault(label[0], []).append(label)
        is_start = np.isin(terms, list(starts)) & (languages[texts] == language)
        for at in np.flatnonzero(is_start).tolist():
            text = int(texts[at])
            for label in starts[int(terms[at])]:
                end = at + len(label)
                if (
                    end <= len(terms)
                    and texts[end - 1] == text
                    and (len(label) == 1 or tuple(terms[at:end].tolist()) == label)
                ):
                    for place in own[label]:
                        found.setdefault(place, set()).add(text)
    return {place: np.array(sorted(some), dtype=np.int64) for place, some in found.items()}
