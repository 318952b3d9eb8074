"""Programs: let in by the page, shut out by their holder or a manager."""

import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Account, ApiToken, Role
from proxeny.accounts.operations.tokens import MOST, create_token, revoke_token
from proxeny.accounts.queries import hash_token
from proxeny.accounts.token_forms import AREA_LABELS
from proxeny.kernel.api.access import AREAS
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from tests.callers import Caller
from tests.conftest import reader_of
from tests.factories.accounts import PASSWORD, ApiTokenFactory, SeatFactory

NEW = "/people/me/programs/new/"
LIST = "/people/me/programs/"


def make(person, **values):
    reader = reader_of(person)
    values = {
        "seat_id": person.seats.get().pk,
        "name": "Member sync",
        "scopes": ["directory:read"],
        "now": timezone.now(),
    } | values
    with acting_as(WEB, reader):
        return create_token(actor=reader, **values)


def prove(client) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content


def test_secret_is_told_once_and_kept_as_a_hash(world):
    made = make(world.a.manager)
    assert made.secret.startswith("prx_")
    token = ApiToken.objects.get()
    assert token.digest == hash_token(made.secret)
    assert (token.hint, token.scopes) == (made.secret[-4:], ["directory:read"])
    assert made.secret not in repr(made)
    entry = AuditEntry.objects.get(verb="create_token")
    assert entry.organisation_id == world.a.cluster.pk
    assert made.secret not in str(entry.changes)
    mail = Mail.objects.get()
    assert mail.recipient == world.a.manager.email
    assert "Member sync" in mail.text
    assert made.secret not in mail.text + mail.html


def test_to_write_includes_to_read(world):
    assert make(world.a.manager, scopes=["events:write"]).token.scopes == [
        "events:read",
        "events:write",
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["directory:own"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
    ],
)
def test_what_does_not_hold_is_refused(world, values, field):
    with pytest.raises(InvalidInput) as refused:
        make(world.a.manager, **values)
    assert refused.value.field == field
    assert not ApiToken.objects.exists()


def test_a_program_acts_for_an_own_live_seat_only(world):
    with pytest.raises(NotAllowed):
        make(world.a.manager, seat_id=world.a.representatives[0].seats.get().pk)
    with pytest.raises(NotFound):
        make(world.a.manager, seat_id=world.c.manager.seats.get().pk)
    today = timezone.now().date()
    seat = world.a.ambassador.seats.get()
    seat.starts_on = seat.ends_on = today - timedelta(days=1)
    seat.save()
    with pytest.raises(NotFound):
        make(world.a.ambassador, seat_id=seat.pk)


def test_twenty_programs_are_enough(world):
    ApiTokenFactory.create_batch(MOST, person=world.a.manager)
    with pytest.raises(Conflict):
        make(world.a.manager)
    ApiToken.objects.filter(pk=ApiToken.objects.first().pk).update(revoked_at=timezone.now())
    assert make(world.a.manager).token.pk


def test_a_token_sees_its_own_seat_and_no_other_of_the_person(world, call):
    other = SeatFactory(person=world.a.manager, organisation=world.c.cluster, role=Role.MANAGER)
    seat = world.a.manager.seats.exclude(pk=other.pk).get()
    body = call(world.a.manager, seat=seat).get("/people/me").json()
    assert (body["managed"], body["organisations"]) == ([world.a.cluster.pk], [world.a.cluster.pk])
    body = call(world.a.manager, seat=other).get("/people/me").json()
    assert body["managed"] == [world.c.cluster.pk]


def test_a_closed_account_closes_its_programs(world, call):
    program = call(world.a.manager)
    assert program.get("/people/me").status_code == 200
    Account.objects.filter(pk=world.a.manager.account_id).update(is_active=False)
    assert program.get("/people/me").status_code == 401


def test_holder_and_manager_revoke_others_do_not(world):
    def revoke(person, token):
        reader = reader_of(person)
        with acting_as(WEB, reader):
            return revoke_token(actor=reader, token_id=token.pk, now=timezone.now())

    token = ApiTokenFactory(person=world.a.ambassador, secret="prx_a")
    for person in (world.b.manager, world.c.manager, world.a.representatives[0]):
        with pytest.raises(NotFound):
            revoke(person, token)
    assert Caller("prx_a").get("/people/me").status_code == 200
    assert revoke(world.a.manager, token).revoked_at is not None
    assert Caller("prx_a").get("/people/me").status_code == 401
    mail = Mail.objects.get()
    assert (mail.recipient, world.a.manager.name in mail.text) == (world.a.ambassador.email, True)
    own = ApiTokenFactory(person=world.a.ambassador)
    revoke(world.a.ambassador, own)
    revoke(world.a.ambassador, own)
    assert AuditEntry.objects.filter(verb="revoke_token").count() == 2
    assert Mail.objects.count() == 1


def test_page_asks_who_it_is_and_keeps_what_was_typed(world, sign_in):
    client = sign_in(world.a.manager)
    answer = client.post(NEW, {"name": "My sync", "directory": "write"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fpeople%2Fme%2Fprograms")
    assert not ApiToken.objects.exists()
    page = client.post(answer["Location"], {"password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0].startswith(NEW)
    assert 'value="My sync"' in page.content.decode()


def test_page_lets_a_program_in_and_shows_it(world, sign_in):
    client = sign_in(world.a.manager)
    prove(client)
    form = {"name": "My sync", "seat_id": world.a.manager.seats.get().pk, "days": "90"}
    assert client.post(NEW, form).status_code == 422
    page = client.post(NEW, form | {"directory": "write", "events": "read"})
    assert page.status_code == 200
    secret = re.search(r"prx_[\w-]{40,}", page.content.decode()).group()
    assert Caller(secret).get("/people/me").status_code == 403
    assert ApiToken.objects.get().scopes == ["directory:read", "directory:write", "events:read"]
    listed = client.get(LIST).content.decode()
    assert "My sync" in listed
    assert secret not in listed
    token = ApiToken.objects.get()
    assert "This can’t be undone" in client.get(f"{LIST}{token.pk}/revoke/").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None
    assert client.post(f"{LIST}{token.pk}/revoke/")["Location"] == LIST
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_lists_show_what_acts_for_the_own_organisation(world, sign_in):
    ApiTokenFactory(person=world.a.ambassador, name="Of the ambassador")
    ApiTokenFactory(person=world.a.representatives[0], name="Of a member")
    ApiTokenFactory(person=world.b.manager, name="Of the other side")

    def seen(person) -> set[str]:
        page = sign_in(person).get(LIST).content.decode()
        return set(re.findall(r"Of (?:the ambassador|a member|the other side)", page))

    assert seen(world.a.manager) == {"Of the ambassador"}
    assert seen(world.a.ambassador) == {"Of the ambassador"}
    assert seen(world.a.representatives[0]) == {"Of a member"}
    assert seen(world.b.manager) == {"Of the other side"}
    assert seen(world.c.manager) == set()


def test_list_takes_the_same_queries_with_one_row_and_many(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    ApiTokenFactory(person=world.a.manager)
    client.get(LIST)
    with django_assert_num_queries(11):
        client.get(LIST)
    ApiTokenFactory.create_batch(3, person=world.a.manager)
    ApiTokenFactory.create_batch(3, person=world.a.ambassador)
    with django_assert_num_queries(11):
        client.get(LIST)


def test_who_has_no_seat_lets_nothing_in(world, sign_in):
    client = sign_in(world.nobody_special)
    assert client.get(NEW).status_code == 403
    assert "Give a program access" not in client.get(LIST).content.decode()


def test_my_day_tells_of_a_program_that_ends_soon(world, sign_in):
    client = sign_in(world.a.manager)
    now = timezone.now()
    ApiTokenFactory(person=world.a.manager, name="Late", expires_at=now + timedelta(days=20))
    assert "Late" not in client.get("/").content.decode()
    ApiTokenFactory(person=world.a.manager, name="Soon", expires_at=now + timedelta(days=5))
    page = client.get("/").content.decode()
    assert "Soon" in page
    assert LIST in page


def test_every_part_has_a_name():
    assert tuple(AREA_LABELS) == AREAS


def test_no_log_holds_a_secret(world, call, caplog):
    program = call(world.a.manager)
    with caplog.at_level(logging.DEBUG):
        program.get("/people/me")
        program.get("/nothing")
        program.post("/people/me", {"x": 1})
    assert program.secret not in caplog.text
