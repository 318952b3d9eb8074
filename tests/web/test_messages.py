"""The catalogues are whole, and pages and mails come in the reader's language and direction."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils import timezone

from proxeny.accounts import operations
from proxeny.accounts.models import Role
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.world import make_event

SOURCES = Path(settings.LOCALE_PATHS[0]).parent
TRANSLATED = ["fr", "el", "ar"]
#: As CLDR has them; gettext's own tools and Django's catalogues use the same order.
FORMS = {"fr": 3, "el": 2, "ar": 6}
#: Per language: direction, words of the front page, of an event's page, and of an invitation.
SPOKEN = {
    "en": ("ltr", "Two clusters, one workspace", "Overview", "Open the invitation"),
    "fr": ("ltr", "Deux pôles, un même espace de travail", "Vue d’ensemble", "Ouvrir l’invitation"),
    "el": ("ltr", "Δύο cluster, ένας χώρος εργασίας", "Επισκόπηση", "Άνοιγμα της πρόσκλησης"),
    "ar": ("rtl", "تجمّعان، ومساحة عمل واحدة", "نظرة عامة", "فتح الدعوة"),
}


def catalogue(language: str, folder: Path = SOURCES) -> Catalog:
    with (folder / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def names(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}", text))


def has_fitting_names(message: Message) -> bool:
    """Return whether a translation fills in what its source does.

    A plural form may say "one" or "two" in words, so that its number is not filled in.
    """
    wanted = set().union(*map(names, texts(message.id)))
    found = [names(text) for text in texts(message.string)]
    if message.pluralizable:
        return all(one <= wanted for one in found) and found[-1] == wanted
    return found == [wanted]


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_is_whole(language):
    known = catalogue(language)
    messages = [message for message in known if message.id]
    assert known.num_plurals == FORMS[language]
    assert not known.fuzzy
    assert [one.id for one in messages if one.fuzzy] == []
    assert [one.id for one in messages if not all(texts(one.string))] == []
    assert [one.id for one in messages if not has_fitting_names(one)] == []
    plural = [one for one in messages if one.pluralizable]
    assert [one.id for one in plural if len(texts(one.string)) != FORMS[language]] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_short_messages_say_where_they_stand(language):
    """A word or two can mean many things: `.ci/messages` tells the translator what they label."""
    messages = [one for one in catalogue(language) if one.id and not one.auto_comments]
    assert [texts(one.id)[0] for one in messages if len(texts(one.id)[0].split()) <= 2] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext is not on this machine")
def test_every_text_of_the_sources_is_in_the_catalogues(tmp_path):
    copy = tmp_path / "proxeny"
    shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("static", "engine", "*.mo"))
    # Without settings: with them, the product's own folder would be written to.
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--no-location",
            "--no-obsolete",
            "--locale",
            "fr",
        ],
        cwd=copy,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    wanted = {(one.id, one.context) for one in catalogue("fr", copy) if one.id}
    for language in TRANSLATED:
        kept = {(one.id, one.context) for one in catalogue(language) if one.id}
        assert sorted(map(str, wanted - kept)) == [], language


def speaking(client: Client, language: str) -> Client:
    client.cookies["django_language"] = language
    return client


def opening_tag(language: str) -> str:
    return f'<html lang="{language}" dir="{SPOKEN[language][0]}"'


@pytest.mark.parametrize("language", SPOKEN)
def test_pages_come_in_each_language(world, sign_in, language):
    event = make_event(world).event
    front = speaking(Client(), language).get("/").text
    assert opening_tag(language) in front
    assert SPOKEN[language][1] in front
    page = speaking(sign_in(world.a.manager), language).get(f"/events/{event.pk}/").text
    assert opening_tag(language) in page
    assert SPOKEN[language][2] in page


@pytest.mark.parametrize("language", SPOKEN)
def test_mails_come_in_each_language(world, language):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        operations.invite_person(
            actor=reader,
            organisation_id=world.a.cluster.pk,
            now=timezone.now(),
            name="Invited",
            role=Role.AMBASSADOR,
            email="invited@member.example",
            language=language,
        )
    mail = Mail.objects.get(recipient="invited@member.example")
    assert opening_tag(language) in mail.html
    assert SPOKEN[language][3] in mail.html


def test_written_text_runs_its_own_way_in_every_form(world, sign_in):
    page = speaking(sign_in(world.a.manager), "ar").get("/directory/new/").text
    for name in ("name", "summary"):
        assert re.search(rf'<(input|textarea)[^>]*name="{name}"[^>]*dir="auto"', page), name
    assert not re.search(r'<select[^>]*dir="auto"', page)


def _filled_in_at_import(tree: ast.AST) -> Iterator[int]:
    """Yield the lines on which a lazy text is filled in outside any function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            called = getattr(getattr(node.left, "func", None), "id", "")
            if called in {"_", "gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy"}:
                yield node.lineno
        yield from _filled_in_at_import(node)


def test_no_text_is_filled_in_before_its_reader_is_known():
    assert list(_filled_in_at_import(ast.parse('A = [_("%d days") % n for n in (1, 2)]'))) == [1]
    wrong = [
        f"{path.relative_to(SOURCES)}:{line}"
        for path in sorted(SOURCES.rglob("*.py"))
        for line in _filled_in_at_import(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []
