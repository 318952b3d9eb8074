"""Form fields for codes: ticked, typed as numbers, typed as words; a region follows its country."""

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from proxeny.directory.models import Organisation, Term
from proxeny.directory.term_fields import RegionField, TermsField
from proxeny.directory.vocabularies import EUROSCIVOC, NACE
from proxeny.folding import fold
from tests.forms import form_of


class Sectors(forms.Form):
    nace = TermsField(NACE)
    topics = TermsField(EUROSCIVOC)


def filled(query):
    return Sectors(QueryDict(query))


@pytest.fixture(autouse=True)
def _deeper(db):
    for code, label in (("62.10", "Computer programming"), ("62.20", "Computer consultancy")):
        Term.objects.create(
            scheme=NACE, code=code, language="en", label=label, search_text=fold(label)
        )


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("nace=62&nace=72&nace=", ["62", "72"]),
        ("nace=62.10,+C10;72", ["62.10", "10", "72"]),
        ("nace=furniture", ["31"]),
        ("nace=Telecommunications", ["61"]),
        ("nace=Law+and+accounting", ["69"]),
        ("nace=Telecommunications,+software+and+computing", ["K"]),
        ("nace=programming+and", ["62"]),
        ("nace=62&nace=program", ["62"]),
        ("nace=62&nace=62", ["62"]),
        ("nace=", []),
        ("", []),
    ],
)
def test_codes_and_words_become_codes(query, codes):
    form = filled(query)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["nace"] == codes


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nace=45", "NACE Rev. 2.1 has no division 45. The nearest is 47 (Retail)."),
        ("nace=unicorns", "Nothing here is called “unicorns”."),
        (
            "nace=computer",
            "“computer” could be 26 Computers, electronics and optics, 62 Programming",
        ),
        ("topics=/99", "EuroSciVoc has no field /99. The nearest is /31 (Humanities)."),
        ("&".join(f"nace={n}" for n in range(10, 34)), "You can keep up to 20."),
    ],
)
def test_what_is_not_clear_is_refused_with_what_it_could_be(query, said):
    form = filled(query)
    [error] = [text for texts in form.errors.values() for text in texts]
    assert error.startswith(said)


def test_what_is_refused_stays_in_the_field():
    html = str(filled("nace=62&nace=unicorns")["nace"])
    assert 'value="62" checked' in html
    assert 'value="unicorns"' in html


def test_the_field_asks_what_fits_and_keeps_what_is_ticked(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = Client().get(
            "/directory/terms/nace/", {"field": "nace", "nace": ["comp", "62.10", "72"]}
        )
    shown = answer.context["terms"]
    assert shown["chosen"] == [
        ("62.10", "Computer programming"),
        ("72", "Research and development"),
    ]
    assert [code for code, _label in shown["proposed"]] == [
        "K",
        "26",
        "62",
        "63",
        "95",
        "62.20",
    ]
    assert answer.content.count(b"checked") == 2
    nothing = Client().get("/directory/terms/nace/", {"field": "nace", "nace": "<b>zz"})
    assert b"Nothing starts with \xe2\x80\x9c&lt;b&gt;zz\xe2\x80\x9d." in nothing.content
    assert Client().get("/directory/terms/nace/", {"field": "a b"}).status_code == 404
    assert Client().get("/directory/terms/nuts/", {"field": "nuts"}).status_code == 404
    assert Client().get("/directory/terms/nace/?field=nace").status_code == 200


def test_regions_follow_the_country():
    answer = Client().get("/directory/regions/?country=GR").content.decode()
    assert '<option value="EL30">EL30 Attiki</option>' in answer
    assert "\u2003EL303 " in answer
    assert Client().get("/directory/regions/?country=US").content.decode().count("<option") == 1
    assert Client().get("/directory/regions/").status_code == 200
    with translation.override("el"):
        field = RegionField()
        field.offer("GR")
        assert ("EL30", "EL30 Αττική") in field.choices[1][1]


def test_a_region_of_another_country_is_refused():
    field = RegionField()
    field.offer("FR")
    assert field.clean("FRK2") == "FRK2"
    assert field.clean("") == ""
    for text, said in (
        ("EL30", "EL30 Attiki is in Greece, but the country above is France."),
        ("FRK9", "France has no NUTS region FRK9. The nearest is FRK"),
    ):
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(text)
        assert refused.value.messages[0].startswith(said)


def test_a_region_that_is_given_up_stays_until_another_is_chosen():
    field = RegionField()
    field.offer("PT", kept="PT17")
    assert field.choices[-1][1] == [("PT17", "PT17 Área Metropolitana de Lisboa")]
    assert field.clean("PT17") == "PT17"


def test_an_entry_keeps_its_codes_through_its_form(world, sign_in):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(
        country="GR", nuts="EL30", nace=["62.10", "72"], topics=["/25/73"]
    )
    client = sign_in(world.a.manager)
    address = f"/directory/{member.pk}/edit/"
    form = form_of(client.get(address))
    assert form["nace"] == ["62.10", "72", ""]
    assert form["nuts"] == ["EL30"]
    form["nace"] = ["72", "furniture"]
    form["nuts"] = ["EL52"]
    assert client.post(address, form).status_code == 302
    member.refresh_from_db()
    assert (member.nace, member.nuts, member.topics) == (["72", "31"], "EL52", ["/25/73"])
