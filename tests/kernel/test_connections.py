"""A connection that the database has cut is found out before the next page, and not asked each time."""

import time

import psycopg
import pytest
from django.core.signals import request_started
from django.db import connection, connections
from django.test import Client

from proxeny.kernel.connections import BELIEVED_S, LISTENER, listen, note_answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def looked_after():
    """Let the connection be looked after as the product's is, and begin with one never asked."""
    # A test's client takes Django's own receiver off and puts it on again, then after ours.
    request_started.disconnect(dispatch_uid=LISTENER)
    listen()
    connection.close()
    connection.ensure_connection()
    connection.health_check_enabled = True
    vars(connections["default"]).pop("answered_at", None)
    yield
    connection.close()


def _begin_request():
    request_started.send(sender=None)


def _backend():
    """Ask as the middleware does at the start of a page; return who answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = cursor.fetchone()[0]
    note_answer()
    return found


def _cut(backend):
    """End the database's side of a connection, as a server that restarts does."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


def test_a_cut_connection_is_replaced_before_the_next_page():
    _begin_request()
    before = _backend()
    _cut(before)
    time.sleep(BELIEVED_S)
    # A request that asks the database for nothing proves nothing.
    _begin_request()
    _begin_request()
    assert _backend() != before


def test_who_has_just_answered_is_not_asked():
    _begin_request()
    assert not connection.health_check_done
    before = _backend()
    _begin_request()
    assert connection.health_check_done
    time.sleep(BELIEVED_S)
    _begin_request()
    assert not connection.health_check_done
    assert _backend() == before


def test_a_page_notes_that_the_database_answered():
    began = time.monotonic()
    Client().get("/accounts/login/")
    assert connection.answered_at > began
