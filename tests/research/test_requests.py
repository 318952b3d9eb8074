"""Data on request: asked for by anybody, decided by the room, opened by a link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from proxeny.accounts.queries import hash_token
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.research.models import DataRequest, Use
from proxeny.research.operations import requests as operations
from proxeny.research.operations.publishing import withdraw_publication
from tests.conftest import reader_of
from tests.research.publishing import NOW, publish, whole_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

SAID = {
    "name": "Dora Example",
    "organisation": "Example Institute",
    "email": "dora@institute.example",
    "purpose": "To compare how interns are paid.",
    "agrees": "on",
}
DAY = NOW.date() + timedelta(days=10)


@pytest.fixture
def one(world):
    return publish(world, whole_study(world))


def package_of(one):
    return one.study.packages.get(access="request")


def ask_url(one):
    return reverse("research:public-request", args=[one.slug, package_of(one).pk])


def ask(one, client=None, **given):
    return (client or Client()).post(ask_url(one), {**SAID, **given})


def asked(one):
    ask(one)
    return DataRequest.objects.get()


def grant(world, found, person=None, **given):
    person = person or world.a.manager
    return operations.grant_data(
        actor=reader_of(person),
        partnership_id=world.partnership.pk,
        request_id=found.pk,
        **{"version": found.version, "until": DAY, "now": NOW, **given},
    )


def link_of(mail):
    return re.search(r"/studies/data/([\w-]+)/", mail.text)


def mail_to_dora():
    return Mail.objects.filter(recipient=SAID["email"]).latest("pk")


def test_a_stranger_reads_the_terms_and_asks(world, one):
    page = Client().get(ask_url(one)).content.decode()
    assert "Name nobody." in page
    answer = ask(one)
    assert answer.status_code == 302
    assert "The partners will now decide" in Client().get(answer["Location"]).content.decode()
    found = DataRequest.objects.get()
    assert (found.name, found.terms, found.state, found.publication) == (
        "Dora Example",
        "Name nobody.",
        "asked",
        one,
    )
    to = set(Mail.objects.filter(text__contains="To compare").values_list("recipient", flat=True))
    assert to == {world.a.manager.email, world.b.manager.email}
    assert "Name nobody." in mail_to_dora().text
    assert AuditEntry.objects.get(verb="ask_data").person_id is None


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"name": ""}, 422),
        ({"email": "dora"}, 422),
        ({"agrees": ""}, 422),
        ({"purpose": " "}, 422),
        # A program is told what everybody is told, and nothing is kept.
        ({"website": "https://spam.example"}, 302),
    ],
)
def test_what_is_not_said_is_asked_for_and_programs_leave_nothing(one, given, status):
    assert ask(one, **given).status_code == status
    assert not DataRequest.objects.exists()
    assert not Mail.objects.filter(recipient=SAID["email"]).exists()


def test_nobody_asks_too_often(one):
    # Whoever asks learns from no answer whether that address had asked before.
    answers = {(answer.status_code, answer["Location"]) for answer in (ask(one) for _ in range(5))}
    assert len(answers) == 1
    assert DataRequest.objects.count() == 2
    assert Mail.objects.filter(recipient=SAID["email"]).count() == 2
    assert [ask(one, email=f"d{n}@institute.example").status_code for n in range(2)] == [302, 429]


def test_only_data_on_request_can_be_asked_for(world, one):
    for package in one.study.packages.exclude(access="request"):
        assert (
            Client()
            .get(reverse("research:public-request", args=[one.slug, package.pk]))
            .status_code
            == 404
        )
    with pytest.raises(NotFound):
        operations.ask_data(
            publication=one,
            package_number=999,
            language="en",
            now=NOW,
            asking=operations.Asking("D", "E", "d@e.example", "x"),
        )


def test_who_is_let_in_takes_that_package_alone_and_it_is_noted(world, one, reading):
    found = asked(one)
    with reading(world.b.ambassador):
        grant(world, found, world.b.ambassador)
    token = link_of(mail_to_dora())[1]
    found.refresh_from_db()
    assert found.token_digest == hash_token(token)
    assert token not in str(AuditEntry.objects.values_list("changes", flat=True))
    page = Client().get(reverse("research:data-link", args=[token]))
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert "interviews.txt" in text
    assert "answers.csv" not in text
    answer = Client().get(reverse("research:data-file", args=[token, "interviews.txt"]))
    assert b"".join(answer.streaming_content) == b"Q: How? A: Well.\n"
    use = Use.objects.get(request=found)
    assert (use.where, use.package_id) == ("request", package_of(one).pk)
    for path in ("answers.csv", "names.csv", "../names.csv", "x"):
        wrong = Client().get(reverse("research:data-file", args=[token, path]))
        assert wrong.status_code == 404


def test_a_link_that_opens_nothing_says_nothing(world, one, reading):
    found = asked(one)
    with reading(world.a.manager):
        grant(world, found)
    token = link_of(mail_to_dora())[1]
    pages = {closed_page("unknown")}
    for values in (
        {"until": NOW.date() - timedelta(days=1)},
        {"until": DAY, "state": "refused"},
    ):
        DataRequest.objects.update(**values)
        pages.add(closed_page(token))
    assert len(pages) == 1
    assert "Interviews" not in pages.pop()


def closed_page(token):
    """Return the page of a link that opens nothing, but for its own address and the form's secret."""
    answer = Client().get(reverse("research:data-link", args=[token]))
    assert answer.status_code == 404
    secret = r'(name="csrf[^"]*" (value|content)=)"[^"]+"'
    return re.sub(secret, r"\1", answer.content.decode()).replace(token, "TOKEN")


def test_the_last_day_counts(world, one, reading):
    found = asked(one)
    with reading(world.a.manager):
        grant(world, found, until=NOW.date())
    token = link_of(mail_to_dora())[1]
    assert Client().get(reverse("research:data-link", args=[token])).status_code == 200


def test_a_withdrawn_study_closes_its_links(world, one, reading):
    found = asked(one)
    with reading(world.a.manager):
        grant(world, found)
        withdraw_publication(
            actor=reader_of(world.a.manager),
            partnership_id=world.partnership.pk,
            study_id=one.study_id,
            reason="Wrong.",
            now=NOW,
        )
    token = link_of(mail_to_dora())[1]
    assert Client().get(reverse("research:data-link", args=[token])).status_code == 404
    file = reverse("research:data-file", args=[token, "interviews.txt"])
    assert Client().get(file).status_code == 404


def test_who_is_refused_reads_why(world, one, reading):
    found = asked(one)
    given = {"partnership_id": world.partnership.pk, "request_id": found.pk, "now": NOW}
    with reading(world.b.manager):
        actor = reader_of(world.b.manager)
        with pytest.raises(InvalidInput):
            operations.refuse_data(actor=actor, version=1, reason="", **given)
        operations.refuse_data(actor=actor, version=1, reason="Not for this.", **given)
    assert "Not for this." in mail_to_dora().text
    with reading(world.a.manager), pytest.raises(Conflict):
        grant(world, found)


def test_a_link_is_taken_back(world, one, reading):
    found = asked(one)
    with reading(world.a.manager):
        grant(world, found)
    token = link_of(mail_to_dora())[1]
    with reading(world.a.manager):
        operations.revoke_data(
            actor=reader_of(world.a.manager),
            partnership_id=world.partnership.pk,
            request_id=found.pk,
            version=2,
            reason="It was passed on.",
            now=NOW,
        )
    assert "It was passed on." in mail_to_dora().text
    assert Client().get(reverse("research:data-link", args=[token])).status_code == 404
    found.refresh_from_db()
    assert found.token_digest == ""


@pytest.mark.parametrize("days", [-1, 400])
def test_nobody_is_let_in_for_ever_or_until_yesterday(world, one, reading, days):
    found = asked(one)
    with reading(world.a.manager), pytest.raises(InvalidInput):
        grant(world, found, until=NOW.date() + timedelta(days=days))


def test_others_neither_see_nor_decide(world, one, reading):
    found = asked(one)
    for person in (world.nobody_special, world.c.manager, world.a.representatives[0]):
        with reading(person):
            assert not DataRequest.objects.exists()
            with pytest.raises((NotFound, NotAllowed)):
                grant(world, found, person)
    with reading(None):
        assert not DataRequest.objects.exists()


def test_the_room_decides_in_its_pages(world, one, sign_in):
    found = asked(one)
    client, pk = sign_in(world.a.manager), world.partnership.pk
    text = client.get(reverse("research:requests", args=[pk])).content.decode()
    assert "Dora Example" in text
    assert "Interviews" in text
    page = reverse("research:request", args=[pk, found.pk])
    assert "To compare how interns are paid." in client.get(page).content.decode()
    wrong = client.post(
        reverse("research:request-grant", args=[pk, found.pk]), {"seen": 1, "until": "2001-01-01"}
    )
    assert wrong.status_code == 422
    client.post(
        reverse("research:request-grant", args=[pk, found.pk]),
        {"seen": 1, "until": DAY.isoformat()},
    )
    assert "Access granted" in client.get(reverse("research:requests", args=[pk])).content.decode()
    stale = client.post(
        reverse("research:request-refuse", args=[pk, found.pk]), {"seen": 1, "reason": "No."}
    )
    assert stale.status_code == 422
    assert "Someone else has decided this since you opened it" in stale.content.decode()
    # What was refused is not sent again as if its sender had seen what came since.
    assert 'name="seen" value="1"' in stale.content.decode()
    again = client.post(
        reverse("research:request-revoke", args=[pk, found.pk]), {"seen": 1, "reason": "No."}
    )
    assert again.status_code == 422
    client.post(
        reverse("research:request-revoke", args=[pk, found.pk]),
        {"seen": 2, "reason": "It was passed on."},
    )
    assert "It was passed on." in client.get(page).content.decode()
    rows = client.get(reverse("research:requests", args=[pk]) + "?export=csv").content.decode()
    assert "dora@institute.example" in rows
    none = client.get(reverse("research:requests", args=[pk]) + "?q=nobody").content.decode()
    assert "Nothing matches" in none
    assert sign_in(world.c.manager).get(page).status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(
    world, one, sign_in, django_assert_max_num_queries
):
    asked(one)
    client, url = (
        sign_in(world.a.manager),
        reverse("research:requests", args=[world.partnership.pk]),
    )
    client.get(url)
    with django_assert_max_num_queries(24):
        client.get(url)
    for number in range(3):
        DataRequest.objects.create(
            partnership=world.partnership,
            package=package_of(one),
            publication=one,
            terms="x",
            name=f"Person {number}",
            organisation="x",
            email="x@x.example",
            purpose="x",
        )
    with django_assert_max_num_queries(24):
        client.get(url)
