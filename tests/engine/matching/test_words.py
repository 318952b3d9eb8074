"""Words of four scripts meet, however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.matching import Vocabulary, find_word


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "Sécurité des données", "securite DONNEES"),
        ("el", "Ενέργεια και ΕΠΙΧΕΙΡΉΣΕΙΣ", "ενεργεια επιχείρηση"),
        ("el", "τεχνολογία", "τεχνολογίες"),
        ("el", "τεχνολογιών", "Τεχνολογίας"),
        ("el", "τεχνολογικών", "τεχνολογία"),
        ("el", "γεωργία", "γεωργικές"),
        ("el", "υπηρεσία", "υπηρεσίες"),
        ("el", "πληροφορία", "πληροφοριών πληροφορίες"),
        ("el", "προϊόν", "προϊόντα προϊόντων"),
        ("el", "ναυτιλία", "ναυτιλιακών ναυτιλίες"),
        ("el", "σχέδιο", "σχέδια σχεδίου"),
        ("ar", "الشَّرِكات", "شركة"),
        ("ar", "أمان", "امان"),
        ("en", "the manufacturer's companies", "manufacturers company"),
        ("pl", "łódź", "LODZ"),
    ],
)
def test_same_words(language, one, other):
    vocabulary = Vocabulary()
    left = set(vocabulary.read(one, language))
    assert left
    assert set(vocabulary.read(other, language)) <= left


@pytest.mark.parametrize(
    ("one", "other"),
    [("αγορά", "αγωγός"), ("εταιρεία", "εταίρος"), ("ασφάλεια", "ασφάλτου"), ("αξία", "άξονας")],
)
def test_greek_words_that_only_begin_alike_stay_apart(one, other):
    vocabulary = Vocabulary()
    assert set(vocabulary.read(one, "el")).isdisjoint(vocabulary.read(other, "el"))


def test_words_that_say_nothing_are_left_out_in_their_own_language():
    vocabulary = Vocabulary()
    assert vocabulary.read("and of the", "en") == []
    assert vocabulary.read("les des l’ et", "fr") == []
    assert vocabulary.read("και των στην", "el") == []
    assert vocabulary.read("من إلى في", "ar") == []
    assert len(vocabulary.read("son", "en")) == 1


def test_words_of_common_origin_meet_across_languages():
    vocabulary = Vocabulary()
    assert vocabulary.read("hydrogène", "fr") == vocabulary.read("hydrogen", "en")
    assert vocabulary.read("CO2 5G", "fr") == vocabulary.read("co2 5g", "el")


def test_pairs_keep_the_word_as_it_stands():
    vocabulary = Vocabulary()
    assert [word for _, word in vocabulary.read_pairs("Les Énergies, marines", "fr")] == [
        "Énergies",
        "marines",
    ]


def test_a_code_is_no_word():
    vocabulary = Vocabulary()
    assert vocabulary.code("26") not in vocabulary.read("26 §26", "en")


@given(st.text(), st.sampled_from(["ar", "el", "en", "fr", ""]))
def test_any_text_is_read_twice_the_same(text, language):
    vocabulary = Vocabulary()
    terms = vocabulary.read(text, language)
    assert vocabulary.read(text, language) == terms
    assert all(0 <= term < len(vocabulary) for term in terms)


def test_a_word_without_end_is_cut():
    vocabulary = Vocabulary()
    assert len(vocabulary.read("a" * 1_000_000, "en")) == 1


@given(st.text(max_size=60))
def test_each_word_is_found_where_it_stands(text):
    for _term, word in Vocabulary().read_pairs(text, "en"):
        at = find_word(text, word)
        assert text[at : at + len(word)] == word


def test_a_word_inside_another_is_not_that_word():
    assert find_word("recast, casting, cast", "cast") == 17
    assert find_word("recast, casting", "cast") == -1
    assert find_word("الشَّرِكة، شركة", "شركة") == 11
