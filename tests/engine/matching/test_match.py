"""Reciprocal matches against a plain computation over all pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching import (
    Profile,
    Settings,
    Statement,
    build_index,
    match_lists,
    match_member,
)

WORDS = ("steel", "laser", "olive", "cloud", "wind", "pump", "seed", "port")
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
STATEMENTS = st.lists(TEXT.map(lambda text: Statement({"en": text})), max_size=2).map(tuple)
PROFILE = st.builds(
    Profile,
    about=st.one_of(st.just({}), TEXT.map(lambda text: {"en": text})),
    offers=STATEMENTS,
    needs=STATEMENTS,
    country=st.sampled_from(["FR", "MA", "GR", ""]),
    countries_sought=st.sampled_from([frozenset(), frozenset({"FR"}), frozenset({"MA", "GR"})]),
)
PROFILES = st.lists(PROFILE, min_size=2, max_size=9)


def _meaning(texts):
    """A model of meaning small enough to work out: how often each letter stands there."""
    return np.array(
        [[1e-3 + text.count(letter) for letter in "abcdefgh"] for text in texts], dtype=np.float32
    ).reshape(len(texts), 8)


def _accepts(one, other):
    return not one.countries_sought or not other.country or other.country in one.countries_sought


def _by_hand(index, source, target, one_sided=0.1, unstated=0.5, likeness=0.1):
    """Reciprocal score of a pair from the index's own directed scores; none if ruled out."""
    one, other = index.profiles[source], index.profiles[target]
    if source == target or not (_accepts(one, other) and _accepts(other, one)):
        return None
    a = float(index.offers.score_rows(index.needs, source, source + 1)[0, target])
    b = float(index.offers.score_rows(index.needs, target, target + 1)[0, source])
    if one.needs and other.needs:
        both = 2 * a * b / (a + b) if a and b else 0.0
        return max(both, one_sided * max(a, b))
    mine, theirs = (1.0 if profile.needs else likeness for profile in (one, other))
    return unstated * (mine * a + theirs * b) / (mine + theirs)


@settings(max_examples=150, deadline=None)
@given(PROFILES, st.integers(1, 10))
def test_the_best_of_all_pairs_are_found(profiles, top):
    index = build_index(profiles)
    members = range(len(profiles))
    found = match_lists(index, members, members, top=top)
    for source in members:
        scores = [_by_hand(index, source, target) for target in members]
        wanted = sorted((score for score in scores if score), reverse=True)[:top]
        there = found.targets[source] >= 0
        assert found.scores[source][there].tolist() == pytest.approx(wanted, rel=1e-4, abs=1e-6)
        for target, score in zip(
            found.targets[source][there], found.scores[source][there], strict=True
        ):
            assert scores[target] == pytest.approx(score, rel=1e-4, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(PROFILES)
def test_a_pair_is_worth_the_same_from_both_sides(profiles):
    index = build_index(profiles)
    members = range(len(profiles))
    found = match_lists(index, members, members, top=len(profiles))
    scores = {}
    for source in members:
        for target, score in zip(found.targets[source], found.scores[source], strict=True):
            if target >= 0:
                scores[source, int(target)] = score
    for (source, target), score in scores.items():
        assert scores[target, source] == pytest.approx(score, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(PROFILES, st.sampled_from(["scores", "ranks"]), st.data())
def test_rules_hold_with_meaning_too(profiles, fusion, data):
    index = build_index(profiles, embed=_meaning)
    members = range(len(profiles))
    pair = st.tuples(st.sampled_from(members), st.sampled_from(members))
    excluded = data.draw(st.sets(pair, max_size=4))
    found = match_lists(
        index, members, members, excluded=excluded, settings=Settings(fusion=fusion)
    )
    for source in members:
        targets = [int(t) for t in found.targets[source] if t >= 0]
        assert len(set(targets)) == len(targets)
        assert (np.diff(found.scores[source]) <= 0).all()
        for target in targets:
            assert _by_hand(index, source, target) is not None
            assert {(source, target), (target, source)}.isdisjoint(excluded)


def test_the_number_of_workers_changes_nothing(monkeypatch):
    monkeypatch.setattr("proxeny.engine.matching._search._CELLS", 50)
    random = np.random.default_rng(4)
    profiles = [
        Profile(
            offers=(Statement({"en": " ".join(random.choice(WORDS, 3))}),),
            needs=(Statement({"en": " ".join(random.choice(WORDS, 2))}),),
        )
        for _ in range(60)
    ]
    index = build_index(profiles, embed=_meaning)
    one = match_lists(index, range(30), range(30, 60), workers=1)
    two = match_lists(index, range(30), range(30, 60), workers=2)
    whole = match_lists(index, [7], range(30, 60))
    assert (one.targets == two.targets).all()
    assert (one.scores == two.scores).all()
    assert (one.targets[7] == whole.targets[0]).all()


def test_ranks_are_fused_by_the_formula():
    """One target is first by words and second by meaning, the other the reverse: both are equal."""
    profiles = [
        Profile(needs=(Statement({"en": "wind wind seed"}),), about={"en": "aaa"}),
        Profile(about={"en": "wind"}, needs=(Statement({"en": "aaa"}),)),
        Profile(about={"en": "seed"}, needs=(Statement({"en": "aaa"}),)),
    ]

    def embed(texts):
        near = {"wind": [1, 1], "seed": [1, 0], "wind wind seed": [1, 0], "aaa": [1, 0]}
        return np.array([near[text.strip()] for text in texts], dtype=np.float32)

    index = build_index(profiles, embed=embed)
    words = match_lists(index, [0], [1, 2], settings=Settings(meaning=0))
    found = match_lists(index, [0], [1, 2], settings=Settings(fusion="ranks"))
    assert words.targets[0, :2].tolist() == [1, 2]
    assert found.targets[0, :2].tolist() == [1, 2]
    assert found.scores[0, :2].tolist() == pytest.approx([0.5 / 61 + 0.5 / 62] * 2)


def test_meaning_finds_who_shares_no_word():
    profiles = [
        Profile(about={"en": "cab"}),
        Profile(about={"en": "bca"}),
        Profile(about={"en": "hhh"}),
    ]
    assert match_member(build_index(profiles), 0, [1, 2]) == ()
    [first, *_] = match_member(build_index(profiles, embed=_meaning), 0, [1, 2])
    assert (first.target, [reason.kind for reason in first.reasons]) == (1, ["meaning"])


def test_who_needs_nothing_is_matched_with_its_like():
    profiles = [Profile(about={"en": text}) for text in ("olive oil", "olive trees", "steel")]
    assert [one.target for one in match_member(build_index(profiles), 0, [1, 2])] == [1]


def test_who_needs_nothing_meets_whoever_needs_its_offer_before_its_like():
    mill = Profile(about={"en": "olive oil press"})
    like = Profile(about={"en": "olive oil press"}, needs=(Statement({"en": "steel"}),))
    buyer = Profile(about={"en": "hotel"}, needs=(Statement({"en": "olive oil"}),))
    other = Profile(about={"en": "wind"}, needs=(Statement({"en": "pump"}),))
    found = match_lists(build_index([mill, like, buyer, other]), [0], [1, 2, 3])
    assert found.targets[0, :3].tolist() == [2, 1, -1]
    back = match_lists(build_index([mill, like, buyer, other]), [2], [0, 1, 3])
    assert back.targets[0].tolist()[0] == 0


def test_empty_lists():
    index = build_index([Profile(), Profile()])
    assert match_lists(index, [], [0, 1]).targets.shape == (0, 10)
    assert match_lists(index, [0, 1], []).targets.tolist() == [[-1] * 10] * 2
    assert match_lists(build_index([]), [], []).targets.shape == (0, 10)
    assert match_member(index, 0, [1], diversity=0.5) == ()


def test_bad_arguments_are_named():
    index = build_index([Profile(), Profile()])
    for name, call in {
        "top": lambda: match_lists(index, [0], [1], top=0),
        "workers": lambda: match_lists(index, [0], [1], workers=0),
        "sources": lambda: match_lists(index, [2], [1]),
        "targets": lambda: match_lists(index, [0], [1, 1]),
        "diversity": lambda: match_member(index, 0, [1], diversity=2),
        "meaning": lambda: Settings(meaning=1.5),
        "one_sided": lambda: Settings(one_sided=-1),
        "unstated": lambda: Settings(unstated=2),
        "likeness": lambda: Settings(likeness=-0.1),
        "fusion": lambda: Settings(fusion="best"),
        "rank_constant": lambda: Settings(rank_constant=-1),
        "pool": lambda: Settings(pool=0),
        "embed": lambda: build_index([Profile()], embed=lambda texts: np.zeros((2, 2))),
    }.items():
        with pytest.raises(ValueError, match=f"^{name}:"):
            call()
