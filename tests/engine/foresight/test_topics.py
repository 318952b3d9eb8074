"""Topics of texts: what is found, what is left out, and reading only what changed."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.foresight.corpus import PROJECTS, template_calls

from proxeny.engine.foresight import (
    Concept,
    Document,
    Topics,
    find_topics,
    spot_topics,
    update_topics,
)


def _labels(topics: Topics) -> list[str]:
    return [topic.label for topic in topics.topics]


def test_phrases_are_named_by_their_commonest_spelling() -> None:
    topics = find_topics(PROJECTS, least_documents=2)

    assert _labels(topics) == [
        "artificial intelligence",
        "internet of things",
        "olive oil",
        "farms",
        "ports",
        "sensors",
        "storage",
    ]
    assert topics.topics[0].key == "artifici intellig"
    assert topics.topics[0].texts == 4


def test_documents_of_a_topic_and_topics_of_a_document() -> None:
    topics = find_topics(PROJECTS, least_documents=2)

    assert topics.documents_of("internet thing") == (("project", 2), ("project", 5), ("project", 7))
    assert topics.topics_of("project", 3) == ("artifici intellig", "oliv oil")
    assert topics.topics_of("project", 99) == ()
    with pytest.raises(ValueError, match="topic: 'tea' is not among the topics found"):
        topics.documents_of("tea")


def test_no_phrase_goes_over_the_end_of_a_sentence() -> None:
    texts = ["We dry figs. Ovens help", "They sell figs. Ovens are dear", "Few figs; ovens stop"]

    topics = find_topics(_projects(texts), least_documents=2)

    assert {"figs", "Ovens"} == set(_labels(topics))


def test_a_version_is_one_word_with_its_number() -> None:
    texts = ["Industry 4.0 in Crete", "What industry 4.0 asks", "Towards Industry 4.0."]

    assert _labels(find_topics(_projects(texts), least_documents=3)) == ["Industry 4.0"]


def test_words_in_another_order_and_in_one_word_are_one_topic() -> None:
    texts = [
        "Waste management",
        "waste management in towns",
        "Management of waste on islands",
        "The management of waste",
        "waste management",
        "Bio-based glue",
        "biobased paint",
        "bio-based soap",
        "biobased ink",
    ]

    topics = find_topics(_projects(texts), least_documents=2)

    assert _labels(topics) == ["waste management", "bio-based"]
    assert [topic.texts for topic in topics.topics] == [5, 4]
    assert spot_topics(topics, _projects(["The management of wastes", "A biobased cup"])) == (
        (topics.topics[0].key,),
        (topics.topics[1].key,),
    )


def test_copies_of_one_text_make_no_topic() -> None:
    copies = _projects(["Individual fellowships"] * 30 + ["Tea", "tea with milk"])

    assert _labels(find_topics(copies, least_documents=2)) == ["tea"]


def test_what_every_text_of_a_source_repeats_is_no_topic() -> None:
    topics = find_topics(template_calls(), least_documents=3)

    assert sorted(_labels(topics)) == sorted(
        [
            "fish farms",
            "harbour cranes",
            "hydrogen pumps",
            "marble quarries",
            "olive presses",
            "ski lifts",
            "solar roofs",
            "tidal turbines",
            "tram lines",
            "weather balloons",
        ]
    )


def test_concepts_are_found_by_synonyms_in_the_language_of_the_text() -> None:
    vocabulary = [
        Concept(
            "/1",
            {
                "en": ("artificial intelligence", "AI"),
                "fr": ("intelligence artificielle",),
                "el": ("τεχνητή νοημοσύνη",),
                "ar": ("الذكاء الاصطناعي",),
            },
        ),
        Concept("/2", {"en": ("agriculture, forestry, and fisheries",)}),
    ]
    documents = [
        Document(1, "need", 2024, "We look for AI"),
        Document(2, "need", 2024, "De l'intelligence artificielle pour les ports", language="fr"),
        Document(3, "need", 2024, "Εφαρμογές τεχνητής νοημοσύνης", language="el"),
        Document(4, "need", 2024, "نبحث عن الذكاء الاصطناعي", language="ar"),
        Document(5, "need", 2024, "Agriculture, forestry and fisheries"),
        # Nobody's artificial intelligence: an Italian pronoun.
        Document(6, "need", 2024, "AI ragazzi", language="it"),
    ]

    topics = find_topics(documents, vocabulary=vocabulary)

    assert [(one.key, one.label, one.concept) for one in topics.topics] == [
        ("§/1", "artificial intelligence", "/1"),
        ("§/2", "agriculture, forestry, and fisheries", "/2"),
    ]
    assert [topics.topics_of("need", key) for key in range(1, 7)] == [
        ("§/1",),
        ("§/1",),
        ("§/1",),
        ("§/1",),
        ("§/2",),
        (),
    ]
    assert spot_topics(topics, documents) == tuple(
        topics.topics_of("need", key) for key in range(1, 7)
    )


def test_a_phrase_that_is_a_concept_is_told_once() -> None:
    topics = find_topics(
        PROJECTS, vocabulary=[Concept(9, {"en": ("Internet of Things",)})], least_documents=2
    )

    assert [one.key for one in topics.topics if "nternet" in one.label] == ["§9"]


def test_a_word_of_the_same_stem_is_not_the_concept() -> None:
    texts = ["Global seas", "A global port", "Globalization and ports", "global; globalization"]

    topics = find_topics(
        _projects(texts), vocabulary=[Concept(9, {"en": ("globalization",)})], least_documents=2
    )

    assert topics.documents_of("§9") == (("project", 2), ("project", 3))
    assert {"globalization", "global"} <= set(_labels(topics))
    assert spot_topics(topics, _projects(["Globalization"])) == (("global", "§9"),)


def test_the_best_are_kept() -> None:
    every = find_topics(PROJECTS, least_documents=2)
    few = find_topics(PROJECTS, least_documents=2, most=3)

    assert few.topics == every.topics[:3]


def test_known_topics_are_spotted_in_a_new_text() -> None:
    topics = find_topics(PROJECTS, least_documents=2)

    [found] = spot_topics(topics, [Document(1, "need", 2024, "Who knows the Internet of things?")])

    assert found == ("internet thing",)


def test_only_new_texts_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = find_topics(PROJECTS, least_documents=2)
    read: list[str] = []
    reader = type(topics.reader).read

    def note(self: object, text: str, language: str) -> object:
        read.append(text)
        return reader(self, text, language)  # type: ignore[arg-type]

    monkeypatch.setattr(type(topics.reader), "read", note)
    changed = replace(PROJECTS[0], text="Artificial intelligence for airports")
    update_topics(topics, [changed, *PROJECTS[1:], Document(1, "need", 2024, "Sensors, please")])

    assert sorted(read) == ["Artificial intelligence for airports", "Sensors, please"]


words = st.sampled_from(["solar", "roofs", "of", "the", "olive", "oil", "press", "AI", "2030", "."])
documents = st.lists(
    st.builds(
        lambda key, source, year, text, language: Document(
            key, source, year, " ".join(text), language=language
        ),
        st.integers(0, 9),
        st.sampled_from(["call", "need"]),
        st.integers(2020, 2023),
        st.lists(words, max_size=8),
        st.sampled_from(["en", "fr"]),
    ),
    max_size=12,
    unique_by=lambda one: one.identity,
)
VOCABULARY = (
    Concept(1, {"en": ("olive press", "AI"), "fr": ("solar",)}),
    Concept(2, {"en": ("oil",)}),
)


def _same(one: Topics, other: Topics) -> bool:
    return (
        one.topics == other.topics
        and one.documents == other.documents
        and np.array_equal(one.ptr, other.ptr)
        and np.array_equal(one.cols, other.cols)
        and one.digests == other.digests
    )


@given(documents, documents, documents)
@settings(max_examples=150, deadline=None)
def test_what_is_updated_is_as_if_found_anew(
    first: list[Document], second: list[Document], third: list[Document]
) -> None:
    topics = find_topics(first, vocabulary=VOCABULARY, least_documents=2)
    for now in (second, third):
        topics = update_topics(topics, now)

    assert _same(topics, find_topics(third, vocabulary=VOCABULARY, least_documents=2))


@given(documents, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_documents_changes_nothing(
    some: list[Document], chance: random.Random
) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)

    assert _same(
        find_topics(some, vocabulary=VOCABULARY, least_documents=2),
        find_topics(shuffled, vocabulary=VOCABULARY, least_documents=2),
    )


def test_updates_of_a_larger_corpus_are_as_if_found_anew() -> None:
    old, new = template_calls(30), [*template_calls(45)[10:], *PROJECTS]

    assert _same(
        update_topics(find_topics(old, least_documents=2), new),
        find_topics(new, least_documents=2),
    )


def test_no_document_has_no_topic() -> None:
    topics = find_topics([], vocabulary=VOCABULARY)

    assert (topics.topics, topics.documents, topics.ptr.tolist()) == ((), (), [0])
    assert find_topics([Document(1, "need", 2024, "")]).topics == ()


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match=r"documents: two have the key \('need', 1\)"):
        find_topics([Document(1, "need", 2024, "a"), Document(1, "need", 2025, "b")])
    with pytest.raises(ValueError, match="vocabulary: two have the key 1"):
        find_topics([], vocabulary=[Concept(1, {"en": ("a",)}), Concept(1, {"en": ("b",)})])
    with pytest.raises(ValueError, match="least_documents: 1 is not a whole number from 2"):
        find_topics([], least_documents=1)
    with pytest.raises(ValueError, match="most: 0 is not a whole number from 1"):
        find_topics([], most=0)
    with pytest.raises(ValueError, match=r"document 'need' 1: weight: 0 is not above 0"):
        Document(1, "need", 2024, "a", weight=0)
    with pytest.raises(ValueError, match="concept 1: labels: it has none"):
        Concept(1, {"en": (" ",)})


def _projects(texts: list[str]) -> list[Document]:
    return [Document(key, "project", 2020, text) for key, text in enumerate(texts)]
