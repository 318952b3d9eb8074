"""The pages of labels in their room: the list, one label, the example, and the texts."""

import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.labels.models import Condition, Criterion, Indicator, Level, Quota, Wording
from proxeny.labels.scheme_texts import hash_of
from tests.factories import labels as made
from tests.labels.naming import at, draft, publish, put, read
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def test_an_empty_list_says_what_a_label_is(world, sign_in):
    page = words(read(sign_in(world.a.manager), "list", world.partnership.pk))
    assert "No labels yet" in page
    assert "a jury from both sides decides" in page
    assert "New label" in page


def test_the_list_says_how_each_label_stands(world, sign_in):
    draft(world, title="Delta", slug="delta")
    put(draft(world, title="Epsilon", slug="epsilon"), world.a.manager)
    publish(world, draft(world))
    html = read(sign_in(world.b.ambassador), "list", world.partnership.pk)
    page = words(html)
    for said in ("Delta draft", "Epsilon waiting for signatures", "Atlas published, version 1"):
        assert said in page, said
    assert 'href="/labels/atlas/"' in html
    assert 'href="/labels/epsilon/"' not in html


def test_the_list_asks_as_much_for_three_as_for_one(world, sign_in):
    client, counts = sign_in(world.a.manager), []
    draft(world)
    for slug in ("one", "two"):
        with CaptureQueriesContext(connection) as asked:
            read(client, "list", world.partnership.pk)
        counts.append(len(asked))
        draft(world, slug=slug)
        draft(world, slug=f"{slug}-more")
    assert counts[0] == counts[1]


def test_a_label_shows_all_that_it_asks_for(world, sign_in):
    scheme = draft(world, fee_application=150)
    criterion = Criterion.objects.get(title="Market")
    made.IndicatorFactory(
        criterion=criterion,
        number=2,
        title="Team",
        guide="5: others learn.",
        evidence="A letter",
        needs_file=True,
        least=None,
    )
    html = read(sign_in(world.b.manager), "scheme", world.partnership.pk, scheme.pk)
    page = words(html)
    for said in (
        "Projects that work on both shores.",
        "Novelty",
        "weight 2, 66.7% of the total",
        "at least 50%",
        "Customers",
        "2 points",
        "0–5",
        "Evidence: A letter",
        "a document is required",
        "5: others learn.",
        "Silver 60%",
        "Gold 80%",
        "France at least 33% of the places",
        "We sell in at least one",
        "€150",
        "Both clusters vouch for it.",
        "24 months",
    ):
        assert said in page, said
    room = world.partnership.pk
    assert (
        f'href="{reverse("partnerships:record", args=[room, "label-criterion", criterion.pk])}"'
        in html
    )
    assert f"criterion={criterion.pk}&amp;number=3" in html
    assert f'id="label-criterion-{criterion.pk}"' in html


def test_a_new_indicator_comes_with_its_criterion_and_number(world, sign_in):
    scheme = draft(world)
    criterion = Criterion.objects.get(title="Market")
    url = reverse("partnerships:record-add", args=[world.partnership.pk, "label-indicator"])
    page = (
        sign_in(world.a.manager)
        .get(url, {"scheme": scheme.pk, "criterion": criterion.pk, "number": 2})
        .content.decode()
    )
    assert f'<option value="{criterion.pk}" selected>Market</option>' in page
    assert 'name="number" value="2"' in page


def test_only_the_room_reads_a_label(world, sign_in):
    scheme = draft(world)
    room = world.partnership.pk
    for person in team(world).values():
        for name in ("scheme", "texts", "publication"):
            assert sign_in(person).get(at(name, room, scheme.pk)).status_code == 200
    for person in others(world).values():
        for name in ("scheme", "texts", "publication"):
            assert sign_in(person).get(at(name, room, scheme.pk)).status_code == 404
    assert sign_in(world.c.manager).get(at("list", room)).status_code == 404


def test_an_example_makes_a_label_in_one_click_and_goes_again(world, sign_in):
    scheme = made.SchemeFactory(partnership=world.partnership, per=2, languages="en")
    client, room = sign_in(world.a.ambassador), world.partnership.pk
    assert "Start with an example" in read(client, "scheme", room, scheme.pk)
    answer = client.post(at("scheme-begin", room, scheme.pk), follow=True)
    page = answer.content.decode()
    assert "An example to start with" in page
    assert "Before it can be published" not in page
    counts = [
        model.objects.filter(scheme=scheme).count()
        for model in (Criterion, Indicator, Level, Condition, Quota)
    ]
    assert counts == [4, 9, 3, 2, 2]
    assert sorted(Quota.objects.values_list("countries", "least")) == [
        ("FR", "1/3"),
        ("GR", "1/3"),
    ]
    Indicator.objects.filter(title__startswith="It works").update(version=2)
    keys = ",".join(
        f"{letter}{one.pk}"
        for letter, model in (
            ("c", Criterion),
            ("i", Indicator),
            ("l", Level),
            ("k", Condition),
            ("q", Quota),
        )
        for one in model.objects.filter(scheme=scheme)
    )
    [sent] = set(re.findall(r"take-back/\?keys=([\w%]+)", page))
    assert sorted(unquote(sent).split(",")) == sorted(keys.split(","))
    client.post(f"{at('scheme-take-back', room, scheme.pk)}?keys={keys}")
    # What was changed stays, and its criterion.
    assert Indicator.objects.filter(scheme=scheme, dropped_at=None).count() == 1
    assert Criterion.objects.filter(scheme=scheme, dropped_at=None).count() == 1
    assert not Level.objects.filter(scheme=scheme, dropped_at=None).exists()


def test_texts_of_an_example_that_are_alike_in_both_languages_are_not_missing(world, sign_in):
    scheme = made.SchemeFactory(partnership=world.partnership, languages="en fr")
    client, room = sign_in(world.a.ambassador), world.partnership.pk
    client.post(at("scheme-begin", room, scheme.pk))
    alike = {
        f"l{Level.objects.get(title='Bronze').pk}.title": "Bronze",
        f"q{Quota.objects.get(countries='FR').pk}.title": "France",
    }
    assert alike.items() <= dict(Wording.objects.values_list("key", "text")).items()
    html = read(client, "texts", room, scheme.pk, language="fr", open=1)
    assert 'name="about"' in html
    for key in alike:
        assert f'name="{key}"' not in html, key


def test_no_example_is_put_over_what_is_written(world, sign_in):
    scheme = draft(world)
    client = sign_in(world.a.manager)
    page = client.post(at("scheme-begin", world.partnership.pk, scheme.pk), follow=True)
    assert "There’s already something here." in page.content.decode()
    assert Criterion.objects.count() == 2


def test_what_is_missing_leads_to_its_place(world, sign_in):
    scheme = made.SchemeFactory(partnership=world.partnership, about="", languages="en fr")
    empty = made.CriterionFactory(scheme=scheme, title="Empty")
    html = read(sign_in(world.a.manager), "scheme", world.partnership.pk, scheme.pk)
    room = world.partnership.pk
    assert (
        f'href="{reverse("partnerships:record", args=[room, "scheme", scheme.pk])}#id_about"'
        in html
    )
    assert f'href="{at("scheme", room, scheme.pk)}#label-criterion-{empty.pk}"' in html
    assert f'href="{at("texts", room, scheme.pk)}?language=fr&amp;open=1"' in html
    assert "“Empty” has no indicator" in html


def test_texts_are_translated_many_at_once(world, sign_in):
    scheme = draft(world, languages="en fr ar")
    room, client = world.partnership.pk, sign_in(world.a.ambassador)
    criterion = Criterion.objects.get(title="Market")
    made.WordingFactory(scheme=scheme, key="about", text="Ancien.", of_hash="0" * 64)
    html = read(client, "texts", room, scheme.pk, language="fr")
    page = words(html)
    assert "9 of 11 texts missing · 1 changed since it was translated" in page
    assert "original changed" in page
    form = {
        f"c{criterion.pk}.title": "Marché",
        f"of-c{criterion.pk}.title": hash_of("Market"),
        f"was-c{criterion.pk}.title": "",
        "about": "Ancien.",
        "of-about": hash_of(scheme.about),
        "was-about": hash_of("Ancien."),
        "fits-about": "on",
    }
    url = f"{at('texts', room, scheme.pk)}?language=fr&open=1"
    answer = client.post(url, form)
    assert (answer.status_code, answer.url) == (302, url)
    assert set(Wording.objects.values_list("key", "text", "of_hash")) == {
        (f"c{criterion.pk}.title", "Marché", hash_of("Market")),
        ("about", "Ancien.", hash_of(scheme.about)),
    }
    page = read(client, "texts", room, scheme.pk, language="fr", open=1)
    assert "8 of 11 texts missing" in page
    assert "Marché" not in page
    assert 'dir="rtl"' in read(client, "texts", room, scheme.pk, language="ar")


def test_nobody_writes_over_what_another_translated(world, sign_in):
    scheme = draft(world, languages="en fr")
    made.WordingFactory(scheme=scheme, key="about", text="Neuf.", of_hash=hash_of(scheme.about))
    url = f"{at('texts', world.partnership.pk, scheme.pk)}?language=fr"
    answer = sign_in(world.a.manager).post(
        url, {"about": "Autre.", "of-about": hash_of(scheme.about), "was-about": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Someone else has translated this since you opened it: “Neuf.”" in page
    assert "Autre." in page
    assert Wording.objects.get().text == "Neuf."


def test_a_label_in_one_language_has_nothing_to_translate(world, sign_in):
    scheme = draft(world)
    page = read(sign_in(world.a.manager), "texts", world.partnership.pk, scheme.pk)
    assert "Only one language" in page


def test_a_label_asks_as_much_for_three_criteria_as_for_one(world, sign_in):
    scheme = draft(world)
    client, counts = sign_in(world.a.manager), []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            read(client, "scheme", world.partnership.pk, scheme.pk)
        counts.append(len(asked))
        for number in (3, 4):
            criterion = made.CriterionFactory(scheme=scheme, number=number)
            made.IndicatorFactory(criterion=criterion)
            made.LevelFactory(scheme=scheme, least=60 + number)
    assert counts[0] == counts[1]
