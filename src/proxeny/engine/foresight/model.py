"""Input and results of foresight: texts with a time, concepts, topics."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight._reader import Reader, Reading

__all__ = ["Concept", "Document", "Identity", "Topic", "Topics"]

type Identity = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Document:
    """Text with its time.

    Parameters
    ----------
    key : int
        Distinct within its source.
    source : str
        The kind of text: `call`, `project`, `need` …; sentences that one source repeats are
        separated from its texts' topics.
    year : int
        Or the number of any other period.
    text : str
    weight : float
        Its weight, above 0.
    language : str
        By its code (`en`, `fr`, `el`, `ar` …); one without stemmer or stopwords is read as it is.
    owners : tuple of int
        The organisations behind it.
    """

    key: int
    source: str
    year: int
    text: str
    weight: float = 1.0
    language: str = "en"
    owners: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.weight) and self.weight > 0):
            raise ValueError(
                f"document {self.source!r} {self.key}: weight: {self.weight} is not above 0"
            )

    @property
    def identity(self) -> Identity:
        """Source and key."""
        return self.source, self.key


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a vocabulary.

    Parameters
    ----------
    key : hashable
        Of the vocabulary, such as `/23/47/307`; distinct within it.
    labels : mapping of str to sequence of str
        By language: the name first, synonyms after it.
    """

    key: Hashable
    labels: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        if not any(label.strip() for labels in self.labels.values() for label in labels):
            raise ValueError(f"concept {self.key!r}: labels: it has none; give it at least one")


@dataclass(frozen=True, slots=True)
class Topic:
    """Common topic of several texts.

    Parameters
    ----------
    key : str
        Stable as texts are added and removed: the stems of a phrase in their order, or `§` and the
        key of a concept.
    label : str
        The commonest spelling; for a concept its English name, else its first.
    kind : {"phrase", "concept"}
    texts : int
        The number of different texts that have it.
    value : float
        Its C-value: how often it occurs on its own, more for longer phrases.
    concept : hashable, optional
        The key in the vocabulary.
    """

    key: str
    label: str
    kind: Literal["phrase", "concept"]
    texts: int
    value: float
    concept: Hashable | None = None


@dataclass(frozen=True, eq=False)
class Topics:
    """Topics, and which document is about which.

    Parameters
    ----------
    topics : tuple of Topic
        By falling C-value, then key.
    documents : tuple of (source, key)
        In rising order: the rows of the incidence.
    ptr : int64 array of shape (documents + 1,)
        Where each document's entries begin in `cols`.
    cols : int32 array of shape (entries,)
        Places in `topics`, rising within a document.
    digests : mapping of (source, key) to bytes
        Of the text and language that were read.
    """

    topics: tuple[Topic, ...]
    documents: tuple[Identity, ...]
    ptr: NDArray[np.int64]
    cols: NDArray[np.int32]
    digests: Mapping[Identity, bytes]
    most: int = 2000
    least_documents: int = 5
    vocabulary: tuple[Concept, ...] = ()
    spellings: tuple[tuple[tuple[int, ...], ...], ...] = field(default=(), repr=False)
    reader: Reader = field(default_factory=Reader, repr=False)
    readings: Mapping[bytes, Reading] = field(default_factory=dict, repr=False)

    @cached_property
    def rows(self) -> dict[Identity, int]:
        """The row of each document."""
        return {identity: at for at, identity in enumerate(self.documents)}

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each topic, by its key."""
        return {topic.key: at for at, topic in enumerate(self.topics)}

    def place(self, key: str) -> int:
        """Return the position of a topic.

        Raises
        ------
        ValueError
            If there is none with this key.
        """
        try:
            return self.places[key]
        except KeyError:
            raise ValueError(f"topic: {key!r} is not among the topics found") from None

    def topics_of(self, source: str, key: int) -> tuple[str, ...]:
        """Return the keys of the topics of a document, the strongest first; none if not read."""
        row = self.rows.get((source, key))
        if row is None:
            return ()
        return tuple(self.topics[at].key for at in self.cols[self.ptr[row] : self.ptr[row + 1]])

    def documents_of(self, key: str) -> tuple[Identity, ...]:
        """Return the documents of a topic, in rising order. Costs a look at every entry."""
        at = self.place(key)
        entries = np.flatnonzero(self.cols == at)
        found = np.searchsorted(self.ptr, entries, side="right") - 1
        return tuple(self.documents[row] for row in found)
