"""Topics that are known, met in further texts."""

from collections.abc import Sequence

from proxeny.engine.foresight._concepts import Label, Labels, meet_labels, read_labels
from proxeny.engine.foresight.model import Document, Topics

__all__ = ["spot_topics"]

type _Terms = tuple[int, ...]
type _Places = dict[_Terms, list[int]]


def spot_topics(topics: Topics, documents: Sequence[Document]) -> tuple[tuple[str, ...], ...]:
    """Return the known topics that occur in further documents; no new topics are found.

    For a newly written need, or documents from after the period of the topics.

    Parameters
    ----------
    topics : Topics
        Remains unchanged.
    documents : sequence of Document
        They need not be among those that were read.

    Returns
    -------
    tuple of tuple of str
        Keys of topics by document, in the order given, the strongest topic first.

    Notes
    -----
    A phrase is met in any spelling with these stems, in a sentence of any kind: a template can be
    recognised from many texts, not from one. A concept is met by a label of the text's language.
    Linear in the length of the texts.
    """
    phrases: _Places = {}
    for place, topic in enumerate(topics.topics):
        for terms in topics.spellings[place] if topic.concept is None else ():
            phrases.setdefault(terms, []).append(place)
    concepts = _concepts_by_language(topics)
    met: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in documents:
        if (one.language, one.text) not in met:
            reading = topics.reader.read(one.text, one.language)
            places = _meet(reading.terms.tolist(), phrases)
            places.update(meet_labels(reading, concepts.get(one.language, {}), topics.reader))
            met[one.language, one.text] = tuple(topics.topics[at].key for at in sorted(places))
    return tuple(met[one.language, one.text] for one in documents)


def _concepts_by_language(topics: Topics) -> Labels:
    """Return the labels of concepts that are topics; they refer to places of topics."""
    place_of = {one.concept: at for at, one in enumerate(topics.topics) if one.concept is not None}
    chosen = [concept for concept in topics.vocabulary if concept.key in place_of]
    found = read_labels(chosen, topics.reader)
    named: dict[int, set[tuple[int, ...]]] = {}
    for own in found.values():
        for first, labels in own.items():
            own[first] = [
                Label(one.terms, one.forms, place_of[chosen[one.place].key]) for one in labels
            ]
            for one in own[first]:
                named.setdefault(one.place, set()).add(one.terms)
    for place, labels_of in named.items():
        # Phrases that were found to be the same as the concept are met too.
        for terms in set(topics.spellings[place]) - labels_of:
            for own in found.values():
                own.setdefault(terms[0], []).append(Label(terms, (), place))
    return found


def _meet(terms: list[int], known: _Places) -> set[int]:
    lengths = sorted({len(one) for one in known})
    found: set[int] = set()
    for start in range(len(terms)):
        for length in lengths:
            found.update(known.get(tuple(terms[start : start + length]), ()))
    return found
