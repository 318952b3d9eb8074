"""The glossary: its words are those of the pages, and words that it bans appear in no text."""

import re
from itertools import chain

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps

from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
TERMS, BANNED = PAGE.split("## Words we do not use")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TERMS.splitlines()
    if line.startswith("| ") and not line.startswith("| term")
]
BANS = [
    phrase
    for line in BANNED.splitlines()
    if line.startswith("| ") and not line.startswith("| not ")
    for phrase in line.strip("|").split("|")[0].strip().split(", ")
]
LANGUAGES = ("fr", "el", "ar")


def _catalogue(language: str) -> list[Message]:
    path = ROOT / "src/proxeny/locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return [one for one in read_po(file) if one.id]


CATALOGUES = {language: _catalogue(language) for language in LANGUAGES}


def _forms(told: str | tuple[str, ...]) -> list[str]:
    return [told] if isinstance(told, str) else list(told)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_is_translated_as_the_glossary_says(row):
    term, _about, *words, _table, _part = row
    for language, word in zip(LANGUAGES, words, strict=True):
        told = [
            one for one in CATALOGUES[language] if _forms(one.id)[0] == term and not one.context
        ]
        assert told, f"no text says “{term}”"
        assert _forms(told[0].string)[0] == word, language


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_table_and_its_part_are_there(row):
    *_words, tables, part = row
    names = {one.__name__ for one in apps.get_app_config(part.strip("`")).get_models()}
    assert set(re.findall(r"`(\w+)`", tables)) <= names


@pytest.mark.parametrize("phrase", BANS)
def test_a_banned_phrase_is_in_no_text(phrase):
    texts = chain.from_iterable(_forms(one.id) for one in CATALOGUES["fr"])
    # The name of a value that is filled in is no word of the text.
    plain = (re.sub(r"%\(\w+\)", "", one) for one in texts)
    found = [one for one in plain if re.search(rf"\b{phrase}\b", one, re.IGNORECASE)]
    assert found == []


def test_french_has_one_word_for_an_email():
    told = chain.from_iterable(_forms(one.string) for one in CATALOGUES["fr"])
    # Neither names of values that are filled in, nor codes in quotation marks.
    plain = (re.sub(r"%\(\w+\)|«\s\w+\s»", "", one) for one in told)
    assert [one for one in plain if re.search(r"\be-?mails?\b", one, re.IGNORECASE)] == []


def test_french_has_a_narrow_space_before_its_signs():
    told = chain.from_iterable(_forms(one.string) for one in CATALOGUES["fr"])
    assert [one for one in told if re.search(r"\w [;!?»]|« \w|\w :(\s|$)", one)] == []
