"""How well organisations cover needs, and how like they are to a call, by their words."""

from itertools import pairwise

import pytest

from proxeny.bids.operations.covering import LEVELS, Theme, cover, phrases_of

HARBOURS = Theme("Sensors for clean harbours", "Small firms try sensors in harbours.", "en")


def levels(texts, *needs, theme=HARBOURS):
    spoken = [[(text, "en")] if isinstance(text, str) else text for text in texts]
    return cover(spoken, needs, theme).levels.T.tolist()


def test_who_says_more_of_it_covers_it_better():
    texts = [
        "sensors sensors sensors",
        "sensors and law and boats and fish and wine and oil",
        "law",
    ]
    assert levels(texts, "sensors") == [[3, 2, 0]]


def test_levels_are_relative_to_the_best_that_there_is():
    long = "sensors and law and boats and fish and wine and oil"
    assert levels([long, "law"], "sensors") == [[3, 0]]


@pytest.mark.parametrize(
    ("text", "level"),
    [("water quality monitoring", 3), ("water quality", 2), ("water", 1), ("hotel", 0)],
)
def test_a_chance_word_is_no_answer_to_a_need_of_several(text, level):
    others = ["water quality monitoring", "law", "boats", "fish", "wine"]
    assert levels([text, *others], "water quality monitoring")[0][0] == level


def test_a_word_that_nobody_uses_weighs_as_much_as_one_can():
    # One of two words, and the other is nobody's: some of it is covered, not all.
    assert levels(["hydrogen", "law"], "hydrogen electrolysers") == [[1, 0]]


def test_languages_meet_by_their_words_and_by_other_ways_of_saying_it():
    texts = [[("Capteurs de niveau", "fr")], [("Αισθητήρες πίεσης", "el")], "Level sensor", "law"]
    assert levels(texts, "sensors") == [[0, 0, 3, 0]]
    assert levels(texts, "sensors; capteurs; αισθητήρες") == [[3, 3, 3, 0]]


def test_forms_of_a_word_are_one():
    assert levels(["The sensor of a harbour", "law"], "Harbours' sensors") == [[3, 0]]


def test_the_words_that_are_told_are_those_of_the_need_and_of_the_call():
    spoken = [[("We build a SENSOR for every harbour", "en")], [("law", "en")]]
    found = cover(spoken, ["Sensors, boats; capteurs"], HARBOURS)
    assert found.words(0, 0) == ("sensors",)
    assert set(found.common(0)) == {"sensors", "harbours"}
    assert found.words(1, 0) == found.common(1) == ()


def test_the_best_fit_is_a_thousand_and_chance_is_none():
    texts = [["Sensors for harbours", "en"], ["We try small things", "en"], ["law", "en"]]
    fits = cover([[tuple(one)] for one in texts], [], HARBOURS).fits.tolist()
    assert fits[0] == 1000
    assert fits[1:] == [0, 0]


def test_nobody_and_nothing_asked_are_no_error():
    assert cover([], ["sensors"], HARBOURS).levels.shape == (0, 1)
    empty = cover([[], [("", "en")]], ["", "of the"], Theme("", "", "en"))
    assert empty.levels.tolist() == [[0, 0], [0, 0]]
    assert empty.fits.tolist() == [0, 0]


def test_each_level_asks_for_more_than_the_one_below():
    assert [level for level, _best, _words in LEVELS] == [3, 2, 1]
    for above, below in pairwise(LEVELS):
        assert above[1] > below[1]
        assert above[2] > below[2]


@pytest.mark.parametrize("between", [";", "\u061b", "\u037e", "\n"])
def test_ways_of_saying_it_stand_between_semicolons(between):
    assert phrases_of(f" Sensors {between}{between} capteurs ") == ["Sensors", "capteurs"]
