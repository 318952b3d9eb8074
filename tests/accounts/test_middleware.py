"""The request's transaction: its role, its end, its language, its caching."""

import pytest
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

from proxeny.accounts.models import Person
from proxeny.directory.models import Organisation
from proxeny.kernel.tenancy import GATE, WEB


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def answer_role(request):
    return HttpResponse(_role())


def write_and_fail(request):
    Person.objects.filter(pk=request.reader.person).update(name="Changed")
    raise Http404


def write_and_break(request):
    Person.objects.filter(pk=request.reader.person).update(name="Changed")
    raise ValueError("broken")


def count_organisations(request):
    return HttpResponse(str(Organisation.objects.count()))


@pytest.fixture
def probe(settings):
    """Routes of this test beside the product's own."""
    from importlib import import_module

    routes = import_module(settings.ROOT_URLCONF)
    before = list(routes.urlpatterns)
    routes.urlpatterns += [
        path("accounts/probe-role/", answer_role),
        path("probe-role/", answer_role),
        path("probe-fail/", write_and_fail),
        path("probe-break/", write_and_break),
        path("probe-count/", count_organisations),
        path("accounts/probe-listing/", lambda request: HttpResponse(str(_listings()))),
    ]
    from django.urls import clear_url_caches

    clear_url_caches()
    yield
    routes.urlpatterns[:] = before
    clear_url_caches()


def _listings() -> int:
    from proxeny.directory.models import Listing

    return Listing.objects.count()


def test_pages_run_as_web_and_sign_in_as_gate(world, sign_in, probe):
    client = sign_in(world.a.manager)
    before = _role()
    assert client.get("/probe-role/").content.decode() == WEB
    assert client.get("/accounts/probe-role/").content.decode() == GATE
    assert _role() == before


def test_gate_pages_see_nothing_else(world, sign_in, probe):
    client = sign_in(world.a.manager)
    client.raise_request_exception = False
    assert client.get("/accounts/probe-listing/").status_code == 500


def test_failing_view_leaves_nothing(world, sign_in, probe):
    client = sign_in(world.a.manager)
    client.raise_request_exception = False
    assert client.get("/probe-fail/").status_code == 404
    assert client.get("/probe-break/").status_code == 500
    world.a.manager.refresh_from_db()
    assert world.a.manager.name == "Greek manager"
    assert _role() == "proxeny_service"


def test_reader_ends_with_the_request(world, sign_in, probe):
    assert sign_in(world.a.manager).get("/probe-count/").content != b"0"
    assert sign_in(world.nobody_special).get("/probe-count/").content == b"0"


def test_private_pages_are_not_stored(world, sign_in):
    assert "no-store" in sign_in(world.a.manager).get("/people/")["Cache-Control"]
    assert "no-store" in Client().get("/accounts/login/")["Cache-Control"]


@pytest.mark.parametrize(
    ("cookie", "person", "browser", "spoken"),
    [
        ("", "el", "fr", "el"),
        ("fr", "el", "ar", "fr"),
        ("xx", "el", "fr", "el"),
        ("", "en", "fr", "en"),
    ],
)
def test_language_cookie_then_person_then_browser(world, sign_in, cookie, person, browser, spoken):
    Person.objects.filter(pk=world.a.manager.pk).update(language=person)
    client = sign_in(world.a.manager)
    if cookie:
        client.cookies["django_language"] = cookie
    page = client.get("/people/", headers={"accept-language": browser})
    assert f'<html lang="{spoken}"' in page.content.decode()
    assert page["Content-Language"] == spoken


def test_stranger_reads_the_browsers_language(db):
    page = Client().get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr"' in page


def test_unknown_time_zone_does_not_break_pages(world, sign_in):
    Person.objects.filter(pk=world.a.manager.pk).update(time_zone="Mars/Base")
    assert sign_in(world.a.manager).get("/people/").status_code == 200
