"""BM25 against the formula, worked by hand and term by term."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching import Bm25

DOCUMENTS = st.lists(st.lists(st.integers(0, 7), max_size=12), min_size=1, max_size=10)
QUERY = st.lists(st.integers(0, 9), max_size=8)


def _by_hand(documents, query, k1=1.2, b=0.75, k3=8.0):
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        counts, score = Counter(document), 0.0
        for term, repeated in Counter(query).items():
            n = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
            tf = counts[term]
            if tf:
                part = tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(document) / mean))
                score += idf * part * (k3 + 1) * repeated / (k3 + repeated)
        scores.append(score)
    return scores


def test_known_values():
    # Three documents of mean length 2; term 0 stands in two of them: idf = ln(1 + 1.5 / 2.5).
    index = Bm25([[0, 1], [0, 0, 0], [2]], 3)
    idf = math.log(1.6)
    expected = [idf * 2.2 / 2.2, idf * 3 * 2.2 / (3 + 1.2 * 1.375), 0.0]
    assert index.score([0]).tolist() == pytest.approx(expected, rel=1e-6)


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, QUERY)
def test_scores_are_those_of_the_formula(documents, query):
    found = Bm25(documents, 8).score(query)
    assert found == pytest.approx(_by_hand(documents, query), rel=1e-4, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, st.lists(QUERY, min_size=1, max_size=4))
def test_weighed_queries_reach_from_0_to_1_and_keep_the_order(documents, queries):
    index = Bm25(documents, 8)
    shares = index.score_rows(index.weigh_queries(queries), 0, len(queries))
    assert (shares >= 0).all()
    assert (shares < 1 + 1e-5).all()
    for query, row in zip(queries, shares, strict=True):
        plain = index.score(query)
        most = max(plain.max(), 1e-9)
        assert np.allclose(row * most, plain * max(row.max(), 0), atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.integers(0, 7))
def test_one_more_of_the_word_asked_never_lowers_a_document_of_equal_length(documents, term):
    """The least that a measure of relevance owes (Fang, Tao and Zhai, SIGIR 2004, TFC1)."""
    first = [*documents[0], term, 8]
    more = [*documents[0], term, term]
    rest = documents[1:]
    index = Bm25([first, more, *rest], 9)
    low, high = index.score([term])[:2]
    assert high > low > 0


def test_no_documents_and_no_words():
    assert Bm25([], 0).score([]).shape == (0,)
    assert Bm25([[], []], 0).score([]).tolist() == [0, 0]
    assert Bm25([[], [0]], 1).score([5]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("wrong", "name"), [({"k1": 0}, "k1"), ({"b": 1.1}, "b"), ({"k3": -1}, "k3")]
)
def test_parameters_out_of_range(wrong, name):
    with pytest.raises(ValueError, match=f"^{name}:"):
        Bm25([[0]], 1, **wrong)


def test_a_term_that_is_none():
    with pytest.raises(ValueError, match=r"^documents:"):
        Bm25([[0, 1]], 1)
