"""How each kind of cell is read, and the sentence for one that cannot be."""

import pytest

from proxeny.directory.countries import country_choices, country_codes, country_name, read_country
from proxeny.directory.memberlist.values import READERS, clean, guess_language
from proxeny.folding import fold


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EL", "GR"), ("gr", "GR"), ("GRC", "GR"), ("Hellas", "GR"), ("Ελλάδα", "GR"),
        ("Grèce", "GR"), ("اليونان", "GR"), ("UK", "GB"), ("U.K.", "GB"), ("GB", "GB"),
        ("England", "GB"), ("Royaume-Uni", "GB"), ("المغرب", "MA"), ("MAROC", "MA"),
        ("Türkiye", "TR"), ("USA", "US"), ("XK", "XK"), ("EU", None), ("XX", None), ("12", None),
    ],
)  # fmt: skip
def test_countries(text, code):
    assert read_country(text) == code


def test_country_names_and_choices():
    assert country_name("GR", language="fr") == "Grèce"
    assert country_name("GR", language="ar") == "اليونان"
    assert country_name("??", language="fr") == "??"
    assert len(country_codes()) == len(country_choices()) == 250


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("website", "www.example.org", "https://www.example.org"),
        ("website", "HTTP://Example.org/a", "http://Example.org/a"),
        ("email", "mailto:a@example.org", "a@example.org"),
        ("employees", "1 200", 1200),
        ("employees", "1.200", 1200),
        ("employees", "٣٤", 34),
        ("founded", "2015", 2015),
        ("founded", "2015-04-01", 2015),
        ("founded", "01/04/2015", 2015),
        ("kind", "PRC", "company"),
        ("kind", "HES", "university"),
        ("kind", "Start-up", "startup"),
        ("kind", "εταιρεία", "company"),
        ("kind", "جامعة", "university"),
        ("languages", "French; ελληνικά, ar", ["fr", "el", "ar"]),
        ("language", "fr-FR", "fr"),
        ("sectors", "Health; Imaging, 3D", ["Health", "Imaging, 3D"]),
        ("sectors", "Health, Imaging, Health", ["Health", "Imaging"]),
        ("visibility", "Everyone", "public"),
        ("name", "  A \n B ", "A B"),
    ],
)
def test_cells(field, text, value):
    assert READERS[field](text) == value


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("website", "no address", "not one web address"),
        ("website", "http://a.example; www.b.example", "not one web address"),
        ("website", "javascript:alert(1)", "not one web address"),
        ("email", "a@b", "not one e-mail address"),
        ("email", "a@example.org, b@example.org", "not one e-mail address"),
        ("employees", "10-49", "not a whole number"),
        ("employees", "12.5", "not a whole number"),
        ("employees", "-3", "not a whole number"),
        ("founded", "15", "not a year"),
        ("founded", "9999", "not a year"),
        ("country", "Atlantis", "not a country"),
        ("kind", "cluster", "not a kind of organisation"),
        ("kind", "Circle", "not a kind of organisation"),
        ("languages", "French, Klingonese", "not a language"),
        ("visibility", "some", "does not say who may see"),
        ("name", "x" * 201, "201 characters; 200 fit"),
        ("summary", "x" * 4001, "4001 characters; 4000 fit"),
        ("sectors", "y" * 81, "81 characters; 80 fit"),
        ("sectors", ",".join(map(str, range(21))), "names 21 fields"),
    ],
)
def test_refused_cells(field, text, sentence):
    with pytest.raises(ValueError, match=sentence):
        READERS[field](text)


def test_cells_are_cleaned():
    assert clean("\x00 a\x07b\u00a0 ") == "ab"
    assert clean("'=1+1") == "=1+1"
    assert clean("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert clean("e\u0301") == "é"


def test_language_is_guessed_by_script():
    assert guess_language("Ψηφιακές εκδόσεις web", "fr") == "el"
    assert guess_language("منصات التعلم", "fr") == "ar"
    assert guess_language("Édition", "fr") == "fr"


def test_folding():
    assert fold("ΆΣ") == fold("ας") == "ασ"
    assert fold("ΐ Ϊ") == "ι ι"
    assert fold("أإآٱا") == "ااااا"
    assert fold("مُحَمَّد") == "محمد"
    assert fold("") == fold("!?") == ""
