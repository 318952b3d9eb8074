"""Which entries may be the same organisation: names, domains, numbers, and what speaks against it."""

import random
import time
from collections import Counter

import pytest

from proxeny.directory import likeness
from proxeny.directory.likeness import ALIKE, Entry, bare_words, find_pairs, judge, near, site_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "ACME S.A.S."),
        ("Acme SA", "S.A. Acme"),
        ("Ψηφιακή Ακρόπολη Α.Ε.", "ΨΗΦΙΑΚΗ ΑΚΡΟΠΟΛΗ"),
        ("Ψηφιακή Ακρόπολη ΙΚΕ", "Ψηφιακή Ακρόπολη Ι.Κ.Ε."),
        ("Société d'Édition Numérique SARL", "Societe d Edition Numerique"),
        ("Muster Maschinenbau GmbH", "MUSTER MASCHINENBAU G.m.b.H."),
        ("شركة الأندلس للتقنية", "الاندلس للتقنيه"),
        ("University of the Aegean", "University Aegean"),
        ("3D Labs Ltd", "3D-Labs Limited"),
        ("Sky Net", "Skynet"),
        ("Digital Heritage Solutions", "Digital Heritage Solution"),
        ("Thessaloniki Robotics", "Thesaloniki Robotics"),
    ],
)
def test_names_of_one_organisation_are_near(one, other):
    assert near(one, other) >= ALIKE
    assert near(one, other) == near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lab 1", "Lab 2"),
        ("Member 10", "Member 100"),
        ("University of Patras", "University of Crete"),
        ("Greek cluster", "French cluster"),
        ("Alpha Systems", "Alpine Systems"),
        ("BioTech Paris", "BioTech Lyon"),
        ("Institut de physique", "Institut de chimie"),
        ("SAS", "SARL"),
        ("", "Acme"),
    ],
)
def test_names_of_two_organisations_are_not(one, other):
    assert near(one, other) == 0.0


def test_legal_forms_go_unless_nothing_is_left():
    assert bare_words("Acme Α.Ε.") == ("acme",)
    assert bare_words("S.A.R.L. Dupont") == ("dupont",)
    assert bare_words("SAS") == ("sas",)


@pytest.mark.parametrize(
    ("website", "site"),
    [
        ("https://www.acme.example/en/about", "acme.example"),
        ("http://shop.acme.example", "shop.acme.example"),
        ("https://lab.uni.ac.uk/", "lab.uni.ac.uk"),
        ("acme.example", "acme.example"),
        ("https://www.facebook.com/acme", ""),
        ("https://acme.wordpress.com", ""),
        ("https://192.0.2.1/", ""),
        ("", ""),
        ("https://localhost/", ""),
    ],
)
def test_site_is_the_whole_host(website, site):
    assert site_of(website) == site


def entry(pk, name, **values):
    return Entry(pk, name, **{"country": "GR", **values})


def pairs_of(*entries):
    return {(one.first, one.second): one for one in find_pairs(entries)}


def test_the_same_number_is_the_strongest_evidence():
    vat = ["vat:EL094014201"]
    found = pairs_of(
        entry(1, "Acme", identifiers=vat),
        entry(2, "Another name", identifiers=vat, country="FR"),
        entry(3, "Acme Hellas"),
    )
    assert found[1, 2].evidence == {"identifier": vat}
    assert found[1, 2].score == 0.95


def test_names_count_within_one_country():
    assert set(pairs_of(entry(1, "Acme Robotics"), entry(2, "ACME Robotics SA"))) == {(1, 2)}
    assert pairs_of(entry(1, "Acme Robotics"), entry(2, "Acme Robotics", country="FR")) == {}


def test_a_former_name_counts():
    found = pairs_of(
        entry(2, "New Face", former_names=["Acme Robotics"]), entry(1, "Acme robotics")
    )
    assert found[1, 2].evidence["name"] == ["Acme robotics", "Acme Robotics", 1.0]


def test_other_numbers_of_one_register_speak_against():
    alike = {"name": "Acme Robotics", "city": "Athens"}
    same = judge(entry(1, **alike), entry(2, **alike))
    other = judge(
        entry(1, **alike, identifiers=["pic:999984059"]),
        entry(2, **alike, identifiers=["pic:999997930"]),
    )
    assert same.score > 0.8
    assert other is None or other.score < same.score - 0.3


def test_the_same_name_in_two_cities_is_less_than_in_one():
    def score(city, other_city):
        return judge(
            entry(1, "Acme Robotics", city=city), entry(2, "Acme Robotics", city=other_city)
        )

    assert (
        score("Athens", "ATHENS").score
        > score("Athens", "").score
        > score("Athens", "Patras").score
    )


def test_a_site_is_evidence_unless_many_share_it():
    site = "https://acme.example"
    found = pairs_of(entry(1, "Acme", website=site), entry(2, "Beta Lab", website=f"{site}/beta"))
    assert found[1, 2].evidence == {"website": "acme.example"}
    crowd = [entry(n, f"Number {n}", website=site) for n in range(1, 40)]
    assert pairs_of(*crowd) == {}


def test_a_hundred_copies_make_ninety_nine_pairs():
    copies = [entry(n, f"Copy {n}", identifiers=["vat:EL094014201"]) for n in range(1, 101)]
    assert len(pairs_of(*copies)) == 99


_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "el")]
_KINDS = ["Solutions", "Systems", "Robotics", "Digital", "Energy", "Research", "Foods", "Design"]


def make_list(size, *, seed=1):
    """Entries with made names, of which each tenth comes again with an error or another form."""
    dice = random.Random(seed)
    entries, twins = [], set()
    while len(entries) < size:
        word = "".join(dice.choices(_SYLLABLES, k=3)).title()
        name = f"{word} {dice.choice(_SYLLABLES).title()}{dice.choice(_SYLLABLES)} {dice.choice(_KINDS)}"
        number = len(entries) + 1
        country = dice.choice(["GR", "FR", "BE", "MA"])
        entries.append(Entry(number, f"{name} SA", country))
        if number % 10 == 0:
            place = dice.randrange(1, len(word))
            wrong = name.replace(word, word[:place] + word[place + 1 :], 1)
            entries.append(Entry(number + 1, dice.choice([name, f"{wrong} Ltd"]), country))
            twins.add((number, number + 1))
    return entries, twins


def test_twins_are_found_and_little_else():
    entries, twins = make_list(4000)
    found = {(one.first, one.second) for one in find_pairs(entries)}
    assert len(found & twins) >= 0.97 * len(twins)
    assert len(found - twins) <= 0.05 * len(twins)


def test_the_work_grows_with_the_list_and_not_with_its_square(monkeypatch, record_property):
    judged = Counter()

    def count(one, other):
        judged[size] += 1
        return judge(one, other)

    monkeypatch.setattr(likeness, "judge", count)
    for size in (2_000, 16_000):
        start = time.process_time()
        find_pairs(make_list(size)[0])
        record_property(f"duplicates_{size}_s", round(time.process_time() - start, 2))
    # Eight times as many: about eight times the comparisons, and never sixty-four times.
    assert 0 < judged[16_000] < 12 * judged[2_000]
