"""Hidden signs and line breaks leave names, whichever way they come in; what languages need stays."""

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.directory.models import Organisation
from proxeny.kernel.plain_text import clean_form, one_line, plain
from proxeny.research.models import Study
from tests.conftest import reader_of

TURNED, ISOLATED, ZERO = "\u202egnp.exe\u202c", "\u2066x\u2069", "a\u200bb\ufeffc\u2060d"
#: Words that need their joiner: Persian, Malayalam, Sinhala; and a family of emoji.
NEEDED = ["می\u200cخواهم", "ന്\u200d", "ශ්\u200dරී", "👩\u200d👧", "\u200fشركة\u200e"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (TURNED, "gnp.exe"),
        (ISOLATED, "x"),
        (ZERO, "abcd"),
        ("a\x00\x07b\x9fc", "abc"),
        ("a\u2028b\x85c", "a\nb\nc"),
        ("pay\u200dpal", "paypal"),
        ("\u200c\u200dx\u200c", "x"),
        ("a \u200d b", "a  b"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("Ωμέγα «é» 1 000 €", "Ωμέγα «é» 1 000 €"),
    ],
)
def test_what_is_hidden_goes_and_the_rest_stays(text, kept):
    assert plain(text) == kept


@pytest.mark.parametrize("word", NEEDED)
def test_what_languages_need_stays(word):
    assert plain(word) == one_line(word) == word


def test_one_line():
    assert one_line(" North\r\nCluster \u2028 of\t\u202esteel ") == "North Cluster of steel"


def test_a_form_is_cleaned_but_for_passwords():
    request = RequestFactory().post("/", {"name": TURNED, "many": ["a", ZERO], "password": TURNED})
    clean_form(request)
    assert isinstance(request.POST, QueryDict)
    assert dict(request.POST.lists()) == {
        "name": ["gnp.exe"],
        "many": ["a", "abcd"],
        "password": [TURNED],
    }


BAD = "Acme\r\nBcc: all\u202eevil\u2066 Ltd"
GOOD = "Acme Bcc: allevil Ltd"


def test_names_by_pages(world, sign_in):
    client = sign_in(world.a.manager)
    page = client.get("/people/me/")
    given = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    given |= dict(_hidden(page))
    client.post("/people/me/", {**given, "name": BAD})
    assert Person.objects.get(pk=world.a.manager.pk).name == GOOD


def _hidden(page):
    return [(one.name, one.value()) for one in page.context["form"].hidden_fields()]


def test_names_by_program(world, call):
    program = call(world.a.manager)
    answer = program.patch("/people/profile", {"name": BAD}, version="*")
    assert answer.json()["name"] == GOOD
    member = world.a.members[0]
    answer = program.patch(f"/directory/organisations/{member.pk}", {"name": BAD}, version="*")
    assert answer.status_code == 200, answer.json()
    assert Organisation.objects.get(pk=member.pk).name == GOOD


def test_names_by_operation(world):
    from proxeny.directory.operations import update_organisation
    from proxeny.kernel.tenancy import WEB, acting_as

    member, reader = world.a.members[0], reader_of(world.a.manager)
    with acting_as(WEB, reader):
        update_organisation(
            actor=reader,
            organisation_id=member.pk,
            version=member.version,
            changes={"name": BAD, "city": "Two\nlines"},
        )
    member.refresh_from_db()
    assert (member.name, member.city) == (GOOD, "Two lines")


class _Sheet(forms.Form):
    line = forms.CharField()
    found = forms.CharField(widget=forms.SearchInput)
    text = forms.CharField(widget=forms.Textarea)
    hidden = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(widget=forms.PasswordInput)


def test_a_field_of_one_line_takes_one_line_and_the_others_what_is_sent():
    sent = "First\r\nBcc: all\n"
    sheet = _Sheet(dict.fromkeys(_Sheet.base_fields, sent))
    assert sheet.is_valid()
    one = "First Bcc: all"
    assert sheet.cleaned_data == {
        "line": one,
        "found": one,
        **dict.fromkeys(("text", "hidden", "password"), sent.strip()),
    }
    assert _Sheet({"line": " two  blanks "}).data["line"] == " two  blanks "


def test_a_title_with_line_breaks_by_a_page(world, sign_in):
    client = sign_in(world.a.manager)
    room = world.partnership.pk
    client.post(
        reverse("partnerships:record-add", args=[room, "study"]),
        {"title": BAD, "question": "What?", "licence": "cc0-1.0", "language": "en"},
    )
    assert Study.objects.get(partnership=world.partnership).title == GOOD
