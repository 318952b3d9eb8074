"""The list of people and the profile."""

import csv
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from proxeny.accounts import operations, queries
from proxeny.accounts.models import CalendarFeed, Person, Role, Seat
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import GATE, WEB, acting_as
from tests.conftest import reader_of
from tests.factories.accounts import InvitationFactory, PersonFactory, SeatFactory
from tests.forms import form_of


def test_list_shows_colleagues_and_members_of_the_own_side_only(world, sign_in):
    page = sign_in(world.a.manager).get("/people/").content.decode()
    for person in (world.a.manager, world.a.ambassador, *world.a.representatives):
        assert person.email in page
    for person in (world.b.manager, world.c.manager):
        assert person.email not in page
    page = sign_in(world.a.representatives[0]).get("/people/").content.decode()
    assert world.a.representatives[1].email not in page
    assert "/people/invite/" not in page


def test_stranger_is_sent_to_sign_in(db):
    for path in ("/people/", "/people/invite/", "/people/me/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


def test_person_without_a_seat_gets_an_empty_list(world, sign_in):
    client = sign_in(world.nobody_special)
    assert "You don’t have a role yet" in client.get("/people/").content.decode()
    assert client.get("/people/invite/").status_code == 403


def test_list_takes_the_same_queries_with_one_row_and_many(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    Seat.objects.filter(organisation__steward=world.a.cluster).delete()
    world.a.ambassador.seats.all().delete()
    InvitationFactory(organisation=world.a.cluster)
    client.get("/people/")
    with django_assert_num_queries(12):
        client.get("/people/")
    for _number in range(5):
        SeatFactory(organisation=world.a.cluster, role=Role.ADVISER)
        InvitationFactory(organisation=world.a.cluster)
    with django_assert_num_queries(12):
        client.get("/people/")


def test_a_number_that_no_row_has_is_none(world, sign_in):
    client = sign_in(world.a.manager)
    assert client.get("/people/", {"ended": "9" * 5000}).status_code == 200
    assert client.get("/people/invite/", {"organisation": "9" * 5000}).status_code == 200


def test_search_sort_filter(world, sign_in):
    client = sign_in(world.a.manager)
    found = client.get("/people/", {"q": "representative 2"}).content.decode()
    assert world.a.representatives[1].email in found
    assert world.a.ambassador.email not in found
    only = client.get("/people/", {"role": "ambassador"}).content.decode()
    assert world.a.ambassador.email in only
    assert world.a.representatives[1].email not in only
    page = client.get("/people/", {"sort": "-name"}).content.decode()
    assert page.index(world.a.representatives[2].email) < page.index(world.a.ambassador.email)
    assert "Nothing matches" in client.get("/people/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_export_runs_no_formula(start, world):
    from proxeny.kernel.spreadsheet import escape_formula

    assert escape_formula(f"{start}1+1") == f"'{start}1+1"


def test_export_files(world, sign_in):
    Person.objects.filter(pk=world.a.ambassador.pk).update(name="=HYPERLINK(1)")
    client = sign_in(world.a.manager)
    text = client.get("/people/", {"export": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Name,Email,Organisation,Role,First day,Last day"
    assert "'=HYPERLINK(1)" in text
    xlsx = client.get("/people/", {"export": "xlsx"})
    assert xlsx.content[:2] == b"PK"


def test_an_exported_name_with_a_comma_or_quotes_stays_in_its_column(world, sign_in):
    people = [world.a.ambassador, *world.a.representatives[:2]]
    names = ["King, Martin Luther", 'Jean "Django" Reinhardt, PhD', "Ανδρέου; Μαρία"]
    for person, name in zip(people, names, strict=True):
        Person.objects.filter(pk=person.pk).update(name=name)
    client = sign_in(world.a.manager)
    text = client.get("/people/", {"export": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(client.get("/people/", {"export": "xlsx"}).content))
    sheet = {row[1]: row[0] for row in book.active.iter_rows(min_row=2, values_only=True)}
    for person, name in zip(people, names, strict=True):
        assert [one["Name"] for one in rows if one["Email"] == person.email] == [name]
        assert sheet[person.email] == name


def test_invite_page(world, sign_in):
    client = sign_in(world.a.manager)
    member = world.a.members[0]
    page = client.get("/people/invite/", {"organisation": member.pk}).content.decode()
    assert member.name in page
    foreign = client.get("/people/invite/", {"organisation": world.b.members[0].pk})
    assert world.b.members[0].name not in foreign.content.decode()
    data = {
        "name": "New",
        "email": "new@example.org",
        "role": "ambassador",
        "language": "en",
        "organisation_id": world.a.cluster.pk,
    }
    assert client.post("/people/invite/", data)["Location"] == "/people/"
    again = client.post("/people/invite/", data)
    assert again.status_code == 422
    assert "already been invited" in again.content.decode()
    forged = client.post("/people/invite/", {**data, "organisation_id": world.b.cluster.pk})
    assert forged.status_code == 422


def test_profile_saves_and_sets_the_language(world, sign_in):
    client = sign_in(world.a.manager)
    data = form_of(client.get("/people/me/"))
    data |= {"name": "Manager Renamed", "language": "fr", "time_zone": "Europe/Athens"}
    answer = client.post("/people/me/", data)
    assert answer["Location"] == "/people/me/"
    assert answer.cookies["django_language"].value == "fr"
    world.a.manager.refresh_from_db()
    assert (world.a.manager.name, world.a.manager.language) == ("Manager Renamed", "fr")
    assert 'lang="fr"' in client.get("/people/me/").content.decode()
    assert client.post("/people/me/", {**data, "time_zone": "Mars/Base"}).status_code == 422


def test_profile_refuses_what_does_not_exist(world):
    reader = reader_of(world.a.manager)
    for values, field in (
        ({"name": " "}, "name"),
        ({"language": "xx"}, "language"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ):
        given = {"name": "N", "language": "en", "time_zone": "UTC", **values}
        with pytest.raises(InvalidInput) as caught, acting_as(WEB, reader):
            operations.change_profile(actor=reader, **given)
        assert caught.value.field == field


def test_feed_is_shown_once_and_kept_as_a_hash(world, sign_in):
    client = sign_in(world.a.manager)
    page = client.post("/people/me/calendar/renew/").content.decode()
    token = re.search(r"/calendar/([\w-]+)\.ics", page)[1]
    assert token not in client.get("/people/me/").content.decode()
    assert CalendarFeed.objects.get().token_hash == queries.hash_token(token)
    with acting_as(GATE):
        assert queries.get_person_of_feed(token) == world.a.manager
        assert queries.get_person_of_feed("wrong") is None
    client.post("/people/me/calendar/renew/")
    with acting_as(GATE):
        assert queries.get_person_of_feed(token) is None
    client.post("/people/me/calendar/revoke/")
    assert not CalendarFeed.objects.exists()


def test_feed_belongs_to_its_person(world):
    mine, theirs = reader_of(world.a.manager), reader_of(world.b.manager)
    with acting_as(WEB, mine):
        operations.renew_feed(actor=mine, now=timezone.now())
    with acting_as(WEB, theirs):
        operations.revoke_feed(actor=theirs)
        assert queries.get_feed(theirs) is None
    assert CalendarFeed.objects.get().person == world.a.manager


def test_managers_of_names_each_once(world):
    extra = PersonFactory()
    SeatFactory(person=extra, organisation=world.a.cluster, role=Role.MANAGER)
    SeatFactory(person=extra, organisation=world.b.cluster, role=Role.MANAGER)
    found = queries.managers_of(
        [world.a.cluster.pk, world.b.cluster.pk], today=timezone.now().date()
    )
    assert found == sorted({world.a.manager, world.b.manager, extra}, key=lambda one: one.pk)


def test_invitation_names_no_role_by_itself(world, sign_in):
    client = sign_in(world.a.manager)
    form = form_of(client.get("/people/invite/"), "role")
    assert form["role"] == [""]
    sent = form | {"name": "Somebody", "email": "somebody@new.example"}
    assert client.post("/people/invite/", sent).status_code == 422
    assert client.post("/people/invite/", sent | {"role": Role.ADVISER})["Location"] == "/people/"
