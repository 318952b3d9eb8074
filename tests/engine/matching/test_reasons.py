"""Reasons name what carried the score, and nothing else."""

import pytest

from proxeny.engine.matching import Profile, Statement, build_index, explain

FOUNDRY = Profile(
    about={"fr": "Fonderie"},
    offers=(
        Statement({"fr": "Formation"}),
        Statement({"fr": "Pièces moulées en aluminium"}, frozenset({"24.53"})),
    ),
    needs=(Statement({"fr": "Capteurs pour fours"}), Statement({"fr": "Financement"})),
    country="FR",
    place="FRK26",
    countries_sought=frozenset({"MA", "GR"}),
)
MAKER = Profile(
    offers=(Statement({"fr": "Capteur de température, capteurs de four"}),),
    needs=(Statement({"fr": "Moulage d'ALUMINIUM"}, frozenset({"24.53", "24.4"})),),
    country="MA",
    place="FRK24",
)
OTHERS = [Profile(about={"fr": text}) for text in ("Pain", "Vin", "Laine", "Bois", "Verre")]


def test_words_as_they_stand_and_the_statements_they_stand_in():
    index = build_index([FOUNDRY, MAKER, *OTHERS])
    they_offer, they_need, sector, country, place = explain(index, 0, 1)
    assert they_offer.kind == "they_offer"
    assert {(w.asked, w.offered) for w in they_offer.words} == {
        ("Capteurs", "Capteur"),
        ("fours", "four"),
    }
    assert (they_offer.need, they_offer.offer) == (0, 0)
    assert they_offer.share == pytest.approx(1.0)
    assert sum(word.share for word in they_offer.words) == pytest.approx(1.0)
    assert they_need.kind == "they_need"
    assert ("ALUMINIUM", "aluminium") in {(w.asked, w.offered) for w in they_need.words}
    assert (they_need.need, they_need.offer) == (0, 1)
    assert (sector.kind, sector.codes) == ("sector", ("24.53",))
    assert they_need.share + sector.share == pytest.approx(1.0)
    assert (country.kind, country.codes) == ("country", ("MA",))
    assert (place.kind, place.codes) == ("place", ("FRK2",))


def test_seen_from_the_other_side():
    index = build_index([FOUNDRY, MAKER, *OTHERS])
    mine = {reason.kind: reason.words for reason in explain(index, 0, 1)}
    theirs = {reason.kind: reason.words for reason in explain(index, 1, 0)}
    assert mine["they_offer"] == theirs["they_need"]
    assert mine["they_need"] == theirs["they_offer"]


def test_nothing_in_common_has_no_reason():
    index = build_index([FOUNDRY, *OTHERS])
    assert explain(index, 0, 1) == ()


@pytest.mark.parametrize("word", ["non", "17", "2026", "x"])
def test_a_word_without_meaning_or_a_bare_number_is_no_reason(word):
    # French words in a text that is marked as English, which drops none of them.
    told = [Profile(about={"en": f"{word} fonderie"}), Profile(about={"en": f"{word} verrerie"})]
    assert explain(build_index(told), 0, 1) == ()


def test_words_of_the_text_about_name_no_statement():
    index = build_index([Profile(about={"en": "olive"}), Profile(about={"en": "Olives"})])
    [they_offer, they_need] = explain(index, 0, 1)
    assert (they_offer.need, they_offer.offer) == (None, None)
    assert (they_need.words[0].asked, they_need.words[0].offered) == ("Olives", "olive")


def test_a_place_as_wide_as_a_country_is_no_reason():
    index = build_index([Profile(place="FR10"), Profile(place="FR20"), Profile(place="EL30")])
    assert explain(index, 0, 1) == ()
    assert explain(index, 0, 2) == ()
