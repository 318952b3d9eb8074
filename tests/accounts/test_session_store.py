"""The row of a session and of its account, read before every page: what opens nothing any more."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from proxeny.accounts.models import Account
from proxeny.accounts.session_store import SessionStore
from proxeny.kernel.tenancy import GATE, acting_as

pytestmark = pytest.mark.django_db
ME = "/people/me/"


def _is_let_in(client):
    answer = client.get(ME)
    assert answer.status_code == 200 or "/accounts/login/" in answer.url
    return answer.status_code == 200


@pytest.fixture
def client(world, sign_in):
    signed_in = sign_in(world.a.manager)
    assert _is_let_in(signed_in)
    return signed_in


def test_a_session_ends_with_its_time(client):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not _is_let_in(client)


def test_a_session_that_was_ended_is_over_with_the_next_click(client):
    Session.objects.all().delete()
    assert not _is_let_in(client)


def test_an_account_that_was_closed_opens_nothing(world, client):
    Account.objects.filter(pk=world.a.manager.account_id).update(is_active=False)
    assert not _is_let_in(client)


def test_another_password_ends_what_began_with_the_old_one(world, client):
    account = world.a.manager.account
    account.set_password("another long one, 2026")
    account.save()
    assert not _is_let_in(client)


@pytest.mark.parametrize("key", ["a" * 32, "short", "' OR true --" + "a" * 20, "é" * 32, ""])
def test_a_key_that_is_not_ours_opens_nothing_and_is_not_taken_over(key):
    with acting_as(GATE):
        store = SessionStore(key)
        assert store.load() == {}
        assert store.session_key is None
    client = Client()
    client.cookies["sessionid"] = key
    assert not _is_let_in(client)


def test_a_key_with_a_zero_byte_is_a_key_that_is_not_ours():
    """In quotes, a cookie may name any byte; PostgreSQL's texts hold all but this one."""
    answer = Client(headers={"cookie": 'sessionid="' + "a" * 20 + '\\000"'}).get(ME)
    assert "/accounts/login/" in answer.url


def test_a_change_of_the_text_that_is_signed_is_refused(client):
    session = Session.objects.get()
    Session.objects.update(session_data=session.session_data[:-1] + "x")
    assert not _is_let_in(client)
