"""Who was there before a topic rose."""

import pytest

from proxeny.engine.foresight import Document, Topics, find_topics, first_movers


def _found(*rows: tuple[int, float, tuple[int, ...]]) -> tuple[Topics, list[Document]]:
    documents = [
        Document(
            key, "project", year, f"Tidal turbines {chr(97 + key)}{key}", weight, owners=owners
        )
        for key, (year, weight, owners) in enumerate(rows)
    ]
    return find_topics(documents, least_documents=2), documents


def test_the_earliest_come_first_then_who_did_more() -> None:
    topics, documents = _found(
        (2015, 1, (4,)),
        (2016, 1, (5, 4)),
        (2016, 1, (5,)),
        (2015, 1, (9,)),
        (2018, 8, (1,)),
        (2019, 8, (2, 4)),
    )
    [topic] = topics.topics

    movers = first_movers(topics, documents, topic.key)

    assert [(one.owner, one.first, one.weight) for one in movers] == [
        (4, 2015, 2),
        (9, 2015, 1),
        (5, 2016, 2),
    ]
    assert movers[0].documents == (("project", 0), ("project", 1))
    assert first_movers(topics, documents, topic.key, 1) == movers[:1]


def test_the_period_in_which_it_rises_is_no_longer_early() -> None:
    # Four of sixteen are there within 2016.
    topics, documents = _found((2015, 1, (1,)), (2016, 3, (2,)), (2017, 12, (3,)))

    movers = first_movers(topics, documents, topics.topics[0].key)

    assert [one.owner for one in movers] == [1]


def test_of_a_topic_that_was_high_at_once_those_of_its_first_period_are_told() -> None:
    topics, documents = _found((2015, 4, (1,)), (2015, 4, (2,)), (2017, 4, (3,)))

    movers = first_movers(topics, documents, topics.topics[0].key)

    assert [one.owner for one in movers] == [1, 2]


def test_the_order_of_documents_changes_nothing() -> None:
    topics, documents = _found((2015, 1, (2, 1)), (2016, 1, (3,)), (2018, 9, (4,)))

    assert first_movers(topics, documents[::-1], topics.topics[0].key) == first_movers(
        topics, documents, topics.topics[0].key
    )


def test_nobody_owns_what_has_no_owner() -> None:
    topics, documents = _found((2015, 1, ()), (2016, 1, ()))

    assert first_movers(topics, documents, topics.topics[0].key) == ()


def test_bad_input_is_told() -> None:
    topics, documents = _found((2015, 1, ()), (2016, 1, ()))

    with pytest.raises(ValueError, match="topic: 'tea' is not among the topics found"):
        first_movers(topics, documents, "tea")
    with pytest.raises(ValueError, match="k: 0 is not a whole number from 1"):
        first_movers(topics, documents, topics.topics[0].key, 0)
