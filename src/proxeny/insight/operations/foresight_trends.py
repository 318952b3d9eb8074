"""The radar's trends, met in texts by their phrases."""

from collections.abc import Mapping, Sequence

import numpy as np

from proxeny.engine.foresight import Concept, Document, Topic, Topics, spot_topics


def meet_trends(
    documents: Sequence[Document], trends: Mapping[int, Sequence[str]], topics: Topics
) -> Topics:
    """Return the trends as topics, and which document is about which.

    People write a trend's words in the language they share: each phrase is looked for in texts of
    every language, by its stems in that language. Two trends with a phrase in common both have the
    texts that hold it.

    Parameters
    ----------
    documents : sequence of Document
    trends : mapping of int to sequence of str
        The phrases of each trend.
    topics : Topics
        Those that were found in these documents.

    Returns
    -------
    Topics
        Keyed by the trends' numbers, in their order; `value` and `texts` are how many documents.
    """
    languages = sorted({one.language for one in documents} | {"en"})
    concepts = tuple(
        Concept(number, {language: tuple(phrases) for language in languages})
        for number, phrases in trends.items()
        if phrases
    )
    known = Topics(
        tuple(Topic(str(one.key), "", "concept", 0, 0.0, one.key) for one in concepts),
        (),
        np.zeros(1, dtype=np.int64),
        np.zeros(0, dtype=np.int32),
        {},
        vocabulary=concepts,
        spellings=((),) * len(concepts),
    )
    ordered = sorted(documents, key=lambda one: one.identity)
    met = spot_topics(known, ordered)
    lengths = [len(about) for about in met]
    cols = np.array([known.place(key) for about in met for key in about], dtype=np.int32)
    many = np.bincount(cols, minlength=len(concepts)).tolist()
    return Topics(
        tuple(
            Topic(one.key, "", "concept", count, float(count), one.concept)
            for one, count in zip(known.topics, many, strict=True)
        ),
        tuple(one.identity for one in ordered),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        cols,
        topics.digests,
        vocabulary=concepts,
    )
