"""Taking a name and an address out of texts of all kinds, and nothing else."""

import pytest

from proxeny.kernel.personal_data.redaction import Reach, Redactor, is_telling

ONE = Redactor({"Anna O'Hara", "Anna"}, {"anna@example.org"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ask Anna O'Hara.", "Ask Erased person."),
        ("ask ANNA O'HARA now", "ask Erased person now"),
        ("<b>Anna O&#x27;Hara</b>", "<b>Erased person</b>"),
        ("Anna came", "Erased person came"),
        ("Annabel and Joanna", "Annabel and Joanna"),
        ("mail Anna@Example.org!", "mail erased@example.invalid!"),
        ("It is anna@example.org.", "It is erased@example.invalid."),
        ("joanna@example.org", "joanna@example.org"),
        ("anna@example.org.gr", "anna@example.org.gr"),
        ("see https://site.example/Anna/x", "see https://site.example/Anna/x"),
        ("mailto:anna%40example.org", "mailto:erased@example.invalid"),
    ],
)
def test_words_go_and_their_neighbours_stay(text, wanted):
    assert ONE.take_out(text, Reach.PHRASE) == wanted


def test_how_far_a_name_is_taken_out():
    value = {"name": "Anna O'Hara", "note": "Anna O'Hara at anna@example.org", "n": [1, None]}
    assert ONE.take_out(value, Reach.ADDRESS) == {
        "name": "Anna O'Hara",
        "note": "Anna O'Hara at erased@example.invalid",
        "n": [1, None],
    }
    assert ONE.take_out(value, Reach.WHOLE) == {
        "name": "Erased person",
        "note": "Anna O'Hara at erased@example.invalid",
        "n": [1, None],
    }
    assert ONE.take_out(value, Reach.PHRASE)["note"] == "Erased person at erased@example.invalid"


def test_a_name_that_is_a_common_word_goes_only_from_ones_own_rows():
    sly = Redactor({"manager"}, ())
    assert not is_telling("manager")
    assert sly.take_out({"role": "manager"}, Reach.WHOLE) == {"role": "manager"}
    assert sly.take_out("the manager came", Reach.PHRASE) == "the manager came"
    assert sly.take_out({"name": "manager"}, Reach.LINKED) == {"name": "Erased person"}


@pytest.mark.parametrize("name", ["李明", "Ανδρέας", "ياسمين", "Anna", "anna maria"])
def test_names_of_all_scripts_tell(name):
    assert is_telling(name)
    assert Redactor({name}, ()).take_out(f"({name})", Reach.PHRASE) == "(Erased person)"


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\nEND:VEVENT\nEND:X",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=;;\nDTSTART:soon",
        "BEGIN:VCALENDAR and no more\r\r\n\0;=:",
    ],
)
def test_a_text_that_only_begins_like_a_calendar_is_no_error(text):
    found = ONE.take_out(f"{text}\nSUMMARY:Anna O'Hara", Reach.PHRASE)
    assert found.replace("\r\n", "\n") == f"{text}\nSUMMARY:Erased person".replace("\r\n", "\n")


def test_a_name_that_is_folded_in_a_calendar_goes_and_its_lines_stay_short():
    calendar = (
        "BEGIN:VCALENDAR\r\nSUMMARY:"
        + "x" * 60
        + " An\r\n na O'Hara "
        + "y" * 90
        + "\r\nEND:VCALENDAR\r\n"
    )
    found = ONE.take_out(calendar, Reach.PHRASE)
    assert "Erased person" in found.replace("\r\n ", "")
    assert found.endswith("\r\nEND:VCALENDAR\r\n")
    assert max(map(len, found.splitlines())) <= 75
