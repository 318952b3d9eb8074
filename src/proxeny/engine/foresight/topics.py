"""Discovery of topics in texts, from scratch and with updates."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._checks import check_distinct, check_whole
from proxeny.engine.foresight._concepts import find_concepts, read_labels
from proxeny.engine.foresight._merge import Candidate, merge
from proxeny.engine.foresight._phrases import Corpus, find_phrases
from proxeny.engine.foresight._reader import BREAK, Reader, Reading, digest_of
from proxeny.engine.foresight.model import Concept, Document, Topic, Topics

__all__ = ["find_topics", "update_topics"]

type Ints = NDArray[np.int64]

# Spellings are counted in this many texts of a topic.
_MOST_SPELLINGS = 50


def find_topics(
    documents: Sequence[Document],
    *,
    vocabulary: Sequence[Concept] = (),
    most: int = 2000,
    least_documents: int = 5,
) -> Topics:
    """Find what texts are about.

    A topic is a phrase of one to three words, without those that say nothing, or a concept of a
    vocabulary. Phrases are ranked by C-value [1]_. Left out, by measure: sentences that different
    texts of one source repeat, words in over half of a source's texts or strewn over long texts as
    by chance, and whatever only copies of one text have. Phrases with the same words, or a word and nearly all texts in
    common, are one.

    Parameters
    ----------
    documents : sequence of Document
        In any order: it changes nothing.
    vocabulary : sequence of Concept
        A concept is found by any label in the text's own language.
    most : int
        How many topics at most, from 1 to 100,000.
    least_documents : int
        In how many different texts a topic is at least, from 2 to 1,000,000 (a concept: in one).

    Returns
    -------
    Topics

    Raises
    ------
    ValueError
        On two documents of one source, or two concepts, with the same key.

    Notes
    -----
    Time and memory are linear in the length of all texts, but for sorting.

    References
    ----------
    .. [1] K. Frantzi, S. Ananiadou and H. Mima, "Automatic recognition of multi-word terms: the
       C-value/NC-value method", Int. J. on Digital Libraries 3 (2000) 115-130.
    """
    check_whole("most", most, 100_000, least=1)
    check_whole("least_documents", least_documents, 1_000_000, least=2)
    check_distinct("vocabulary", (concept.key for concept in vocabulary))
    empty = Topics(
        (),
        (),
        np.zeros(1, dtype=np.int64),
        np.zeros(0, dtype=np.int32),
        {},
        most=most,
        least_documents=least_documents,
        vocabulary=tuple(vocabulary),
    )
    return update_topics(empty, documents)


def update_topics(topics: Topics, documents: Sequence[Document]) -> Topics:
    """Find the topics of documents, and read only texts that are new or have changed.

    Parameters
    ----------
    topics : Topics
        As found before; it stays as it is, and its settings are kept.
    documents : sequence of Document
        All that there are now.

    Returns
    -------
    Topics
        What `find_topics` returns for these documents.

    Raises
    ------
    ValueError
        On two documents of one source with the same key.
    """
    check_distinct("documents", (document.identity for document in documents))
    ordered = sorted(documents, key=lambda document: document.identity)
    digests = {one.identity: digest_of(one.text, one.language) for one in ordered}
    texts = {digests[one.identity]: one for one in reversed(ordered)}
    readings = _read_new(topics, texts)
    distinct = sorted({(one.source, digests[one.identity]) for one in ordered})
    corpus = _lay_out(distinct, readings, topics.reader)
    own = [readings[digest] for _, digest in distinct]
    candidates = _phrase_candidates(corpus, topics) + _concept_candidates(own, topics)
    chosen = merge(candidates, topics.most)
    place = {one: at for at, one in enumerate(distinct)}
    rows = np.array([place[one.source, digests[one.identity]] for one in ordered], dtype=np.int64)
    ptr, cols = _incidence(chosen, rows, len(distinct))
    shown = [(readings[digest], texts[digest].text) for _, digest in distinct]
    return Topics(
        tuple(_tell(one, shown, topics.vocabulary) for one in chosen),
        tuple(one.identity for one in ordered),
        ptr,
        cols,
        digests,
        most=topics.most,
        least_documents=topics.least_documents,
        vocabulary=topics.vocabulary,
        spellings=tuple(tuple(sorted(one.spellings)) for one in chosen),
        reader=topics.reader,
        readings=readings,
    )


def _read_new(topics: Topics, texts: dict[bytes, Document]) -> dict[bytes, Reading]:
    return {
        digest: topics.readings.get(digest) or topics.reader.read(one.text, one.language)
        for digest, one in texts.items()
    }


def _lay_out(
    distinct: Sequence[tuple[str, bytes]], readings: dict[bytes, Reading], reader: Reader
) -> Corpus:
    own = [readings[digest] for _, digest in distinct]
    end = np.array([BREAK], dtype=np.int32)
    lengths = np.array([len(one.terms) + 1 for one in own], dtype=np.int64)
    terms = np.concatenate([part for one in own for part in (one.terms, end)] or [end[:0]])
    sentences = np.concatenate(
        [
            part
            for one in own
            for part in (one.sentences, one.sentences[-1:] if len(one.sentences) else end)
        ]
        or [end[:0]]
    )
    sources = {source: at for at, source in enumerate(sorted({one for one, _ in distinct}))}
    names = reader.names()
    return Corpus(
        terms.astype(np.int64),
        np.repeat(np.arange(len(own)), lengths),
        sentences.astype(np.int64),
        np.array([sources[source] for source, _ in distinct], dtype=np.int64),
        np.array([name.isdigit() for name in names], dtype=np.bool_),
        np.array([len(name) == 1 for name in names], dtype=np.bool_),
    )


def _phrase_candidates(corpus: Corpus, topics: Topics) -> list[Candidate]:
    phrases = find_phrases(corpus, topics.least_documents)
    names = topics.reader.names()
    found = []
    for at in np.flatnonzero(phrases.values > 0).tolist():
        terms = tuple(int(term) for term in phrases.words[at] if term != BREAK)
        words = tuple(names[term] for term in terms)
        value = float(phrases.values[at])
        found.append(Candidate(" ".join(words), words, [terms], phrases.texts_of(at), value))
    return found


def _concept_candidates(readings: Sequence[Reading], topics: Topics) -> list[Candidate]:
    if not topics.vocabulary:
        return []
    labels = read_labels(topics.vocabulary, topics.reader)
    names = topics.reader.names()
    spellings: dict[int, list[tuple[int, ...]]] = {}
    for own in labels.values():
        for same in own.values():
            for label in same:
                spellings.setdefault(label.place, []).append(label.terms)
    found = []
    for place, texts in sorted(find_concepts(readings, labels, topics.reader).items()):
        # The first label's words: in the order of the vocabulary, which reading does not change.
        words = tuple(names[term] for term in _first_label(topics, place))
        value = float(np.log2(1 + len(words)) * len(texts))
        key = f"§{topics.vocabulary[place].key}"
        found.append(Candidate(key, words, spellings[place], texts, value, place))
    return found


def _first_label(topics: Topics, place: int) -> tuple[int, ...]:
    labels = topics.vocabulary[place].labels
    read = (
        topics.reader.read_label(label, language)[0]
        for language, some in sorted(labels.items(), key=lambda item: (item[0] != "en", item[0]))
        for label in some
    )
    return next(filter(None, read))


def _incidence(
    chosen: Sequence[Candidate], rows: Ints, n_texts: int
) -> tuple[Ints, NDArray[np.int32]]:
    """Return the topics of each document, from those of each text."""
    lengths = np.array([len(one.texts) for one in chosen], dtype=np.int64)
    texts = np.concatenate([one.texts for one in chosen] or [lengths[:0]])
    # Stable: the topics of a text stay in their order.
    order = np.argsort(texts, kind="stable")
    cols = np.repeat(np.arange(len(chosen)), lengths)[order]
    begins = np.concatenate(([0], np.cumsum(np.bincount(texts, minlength=n_texts))))
    counts = np.diff(begins)[rows]
    ptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    places = np.arange(ptr[-1]) + np.repeat(begins[rows] - ptr[:-1], counts)
    return ptr, cols[places].astype(np.int32)


def _tell(
    one: Candidate, shown: Sequence[tuple[Reading, str]], vocabulary: Sequence[Concept]
) -> Topic:
    if one.concept >= 0:
        concept = vocabulary[one.concept]
        labels = concept.labels.get("en") or next(filter(None, concept.labels.values()))
        return Topic(one.key, labels[0], "concept", len(one.texts), one.value, concept.key)
    label = _commonest_spelling(one, shown)
    return Topic(one.key, label, "phrase", len(one.texts), one.value)


def _commonest_spelling(one: Candidate, shown: Sequence[tuple[Reading, str]]) -> str:
    """Return the commonest spelling of the phrase in its texts; of ties the quietest."""
    counts: Counter[str] = Counter()
    for at in one.texts[:_MOST_SPELLINGS].tolist():
        reading, text = shown[at]
        for terms in one.spellings:
            for place in np.flatnonzero(reading.terms == terms[0]).tolist():
                if tuple(reading.terms[place : place + len(terms)].tolist()) == terms:
                    start = reading.starts[place]
                    counts[
                        " ".join(text[start : reading.ends[place + len(terms) - 1]].split())
                    ] += 1
    folded: Counter[str] = Counter()
    for spelling, count in counts.items():
        folded[spelling.casefold()] += count
    best = min(folded, key=lambda spelling: (-folded[spelling], spelling))
    same = [spelling for spelling in counts if spelling.casefold() == best]
    return min(same, key=lambda one: (-counts[one], sum(map(str.isupper, one)), one))
