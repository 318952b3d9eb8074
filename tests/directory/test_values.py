"""How each kind of cell is read, and the sentence for one that cannot be."""

import pytest

from proxeny.directory.countries import country_choices, country_codes, country_name, read_country
from proxeny.directory.memberlist.values import READERS, clean, guess_language
from proxeny.folding import fold


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EL", "GR"),
        ("gr", "GR"),
        ("GRC", "GR"),
        ("Hellas", "GR"),
        ("Ελλάδα", "GR"),
        ("Grèce", "GR"),
        ("اليونان", "GR"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("GB", "GB"),
        ("England", "GB"),
        ("Royaume-Uni", "GB"),
        ("المغرب", "MA"),
        ("MAROC", "MA"),
        ("Türkiye", "TR"),
        ("USA", "US"),
        ("XK", "XK"),
        ("EU", None),
        ("XX", None),
        ("12", None),
        ("Hong Kong", "HK"),
        ("هونغ كونغ", "HK"),
        ("HKG", "HK"),
        ("Macau", "MO"),
        ("Democratic Republic of the Congo", "CD"),
        ("Congo (the Democratic Republic of the)", "CD"),
        ("République démocratique du Congo", "CD"),
        ("RDC", "CD"),
        ("COD", "CD"),
        ("Λαϊκή Δημοκρατία του Κονγκό", "CD"),
        ("جمهورية الكونغو الديمقراطية", "CD"),
        ("Republic of the Congo", "CG"),
        ("Republic of Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Republic of China", "TW"),
        ("People's Republic of China", "CN"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Kingdom of Belgium", "BE"),
        ("République fédérale d'Allemagne", "DE"),
        ("Hellenic Republic", "GR"),
        ("Δημοκρατία της Αλβανίας", "AL"),
        ("دولة قطر", "QA"),
        ("Bosnia and Herzegovina", "BA"),
        ("Bosnie et Herzégovine", "BA"),
        ("البوسنة و الهرسك", "BA"),
        ("The Netherlands", "NL"),
        ("Dominican Republic", "DO"),
        ("AND", "AD"),
        ("ET", "ET"),
        ("Palestine, State of", "PS"),
        ("Republic of Atlantis", None),
        ("the", None),
        ("State of " * 40, None),
    ],
)
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
        ("website", "no address", "isn’t a valid web address"),
        ("website", "http://a.example; www.b.example", "isn’t a valid web address"),
        ("website", "javascript:alert(1)", "isn’t a valid web address"),
        ("email", "a@b", "isn’t a valid email address"),
        ("email", "a@example.org, b@example.org", "isn’t a valid email address"),
        ("employees", "10-49", "isn’t a whole number"),
        ("employees", "12.5", "isn’t a whole number"),
        ("employees", "-3", "isn’t a whole number"),
        ("founded", "15", "isn’t a year"),
        ("founded", "9999", "isn’t a year"),
        ("country", "Atlantis", "isn’t a country"),
        ("kind", "cluster", "isn’t a kind of organisation"),
        ("kind", "Circle", "isn’t a kind of organisation"),
        ("languages", "French, Klingonese", "isn’t a language"),
        ("visibility", "some", "isn’t a visibility setting"),
        ("name", "x" * 201, "201 characters; the limit is 200"),
        ("summary", "x" * 4001, "4001 characters; the limit is 4000"),
        ("sectors", "y" * 81, "81 characters; the limit is 80"),
        ("sectors", ",".join(map(str, range(21))), "lists 21 fields"),
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
