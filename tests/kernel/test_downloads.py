"""Names of downloads and parts of addresses, in every script."""

from email.message import Message
from urllib.parse import unquote

import pytest

from proxeny.kernel.downloads import disposition, file_name
from proxeny.kernel.pdf import answer_pdf
from proxeny.kernel.romanising import address_part, romanise
from proxeny.kernel.spreadsheet import answer_table


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Ευρωπαϊκό Δίκτυο", "evropaiko diktyo"),
        ("Άγγελος Ουρανού, μπουκάλι, αυτό, αύριο", "angelos ouranou, boukali, afto, avrio"),
        ("شراكة", "shraka"),
        ("Œuvre, Łódź, Straße, Énergie", "OEuvre, Lodz, Strasse, Energie"),
        ("教育", ""),
        ("plain", "plain"),
    ],
)
def test_text_in_latin_letters(text, latin):
    assert romanise(text).casefold() == latin.casefold()
    assert romanise(text).isascii()


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("report", 2026, "Αθήνα – Παρίσι"), "report-2026-αθήνα-παρίσι.pdf"),
        (("report", "شراكة أثينا"), "report-شراكة-أثينا.pdf"),
        (("letter", ""), "letter.pdf"),
        (("...",), "file.pdf"),
        (("../../etc/passwd",), "etcpasswd.pdf"),
        (("word " * 30,), "-".join(["word"] * 16) + ".pdf"),
    ],
)
def test_file_keeps_the_letters_of_its_title(parts, name):
    assert file_name(*parts, ending="pdf") == name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report-αθήνα.pdf", "report-athina.pdf"),
        ("تقرير.pdf", "tqryr.pdf"),
        ("教育.csv", "file.csv"),
        ('a"b\\c/ü.txt', "a_b-c-u.txt"),
    ],
)
def test_a_name_comes_in_its_letters_and_in_latin_ones(name, plain):
    header = disposition(name)
    assert header.isascii()
    message = Message()
    message["Content-Disposition"] = header
    kept = unquote(header.partition("filename*=UTF-8''")[2])
    assert kept == name.replace("/", "-")
    assert f'; filename="{plain}"; ' in header


def test_plain_names_come_once():
    assert disposition("a b.csv", inline=True) == 'inline; filename="a b.csv"'
    assert "\n" not in disposition("a\nb.csv")


def test_tables_and_documents_are_named_so():
    table = answer_table("σκορ", form="csv", header=["a"], rows=[])
    assert "filename*=UTF-8''%CF%83%CE%BA%CE%BF%CF%81-" in table["Content-Disposition"]
    assert 'filename="skor-' in table["Content-Disposition"]
    assert "%CF%83.pdf" in answer_pdf("σ", b"%PDF")["Content-Disposition"]


@pytest.mark.parametrize(
    ("title", "part"),
    [
        (
            "Connecting heritage and immersive technologies across the sea",
            "connecting-heritage-and-immersive-technologies-across-the",
        ),
        ("Ψηφιακή πολιτιστική κληρονομιά", "psifiaki-politistiki-klironomia"),
        ("x" * 70, "x" * 60),
        ("教育", ""),
        ("A", "a"),
    ],
)
def test_an_address_ends_with_a_whole_word(title, part):
    assert address_part(title) == part
