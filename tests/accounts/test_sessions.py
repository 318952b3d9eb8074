"""Where somebody is signed in: the list, signing out from a distance, and the password's change."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from proxeny.accounts.adapter import SEEN_AT
from proxeny.accounts.devices import name_device
from proxeny.kernel.models import AuditEntry
from tests.accounts.test_invitations import invite, token_of
from tests.accounts.test_sign_in import check_page, confirm, sign_in_with
from tests.factories.accounts import PASSWORD, PersonFactory

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Mobile Safari/537.36"
)

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
)
CHROMEBOOK = (
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/138.0.0.0 Safari/537.36"
)
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def browser(person, agent=FIREFOX, place="192.0.2.1"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=place)
    assert sign_in_with(client, person.email).status_code == 302
    return client


def is_in(client):
    return client.get("/people/me/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Chrome on Android"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Mac"),
        (LINUX, "Firefox on Linux"),
        (SAMSUNG, "Samsung Internet on Android"),
        (CHROMEBOOK, "Chrome on Chromebook"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>", "Unknown browser"),
    ],
)
def test_browser_in_plain_words(agent, words):
    assert name_device(agent) == words


def test_list_shows_each_browser_and_marks_this_one():
    person = PersonFactory()
    first = browser(person)
    browser(person, PHONE, "198.51.100.9")
    browser(person, PHONE, "192.0.2.1")
    page = first.get(PAGE)
    check_page(page)
    text = page.content.decode()
    assert text.index("Firefox on Windows") < text.index("Chrome on Android")
    assert text.count("this browser, now") == 1
    assert "198.51.100.9" in text
    assert text.count("where you are now") == 1
    assert "no-store" in page["Cache-Control"]
    other = browser(PersonFactory())
    assert "198.51.100.9" not in other.get(PAGE).content.decode()


def test_list_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person = PersonFactory()
    client = browser(person)
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE)
    count = len(seen)
    for _number in range(3):
        browser(person, PHONE)
    with django_assert_num_queries(count):
        client.get(PAGE)


def test_one_browser_is_signed_out_from_another():
    person = PersonFactory()
    here, there = browser(person), browser(person, PHONE)
    row = UserSession.objects.get(user_agent=PHONE)
    answer = here.post(f"{PAGE}{row.pk}/end/", follow=True)
    assert "That browser has been signed out." in answer.content.decode()
    assert "Chrome on Android" not in answer.content.decode()
    assert not is_in(there)
    assert is_in(here)
    entry = AuditEntry.objects.get(verb="end_session")
    assert entry.person_id == person.pk
    assert here.post(f"{PAGE}{row.pk}/end/").status_code == 404


def test_this_browser_signs_itself_out():
    person = PersonFactory()
    client = browser(person)
    assert client.post(f"{PAGE}{UserSession.objects.get().pk}/end/")["Location"] == "/"
    assert not is_in(client)


def test_all_others_are_signed_out_at_once():
    person, stranger = PersonFactory(), PersonFactory()
    here, elsewhere = browser(person), [browser(person, PHONE), browser(person)]
    outside = browser(stranger)
    answer = here.post(f"{PAGE}end-others/", follow=True)
    assert "2 other browsers have been signed out." in answer.content.decode()
    assert is_in(here)
    assert not any(is_in(one) for one in elsewhere)
    assert is_in(outside)


def test_somebody_elses_session_cannot_be_ended():
    owner, stranger = PersonFactory(), PersonFactory()
    victim = browser(owner)
    row = UserSession.objects.get(user=owner.account)
    attacker = browser(stranger)
    assert attacker.post(f"{PAGE}{row.pk}/end/").status_code == 404
    attacker.post(f"{PAGE}end-others/")
    assert is_in(victim)
    assert Client().post(f"{PAGE}{row.pk}/end/").status_code == 302
    assert is_in(victim)


def test_changed_password_signs_the_other_browsers_out():
    person = PersonFactory()
    here, there = browser(person), browser(person, PHONE)
    confirm(here)
    new = "another long secret"
    before = here.session.session_key
    here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert is_in(here)
    assert here.session.session_key != before
    assert not is_in(there)
    text = here.get(PAGE).content.decode()
    assert "Chrome on Android" not in text
    assert text.count("Firefox on Windows") == 2  # the name, and the button's


def test_password_set_anew_by_mail_signs_every_browser_out():
    import re

    from proxeny.kernel.models import Mail

    person = PersonFactory()
    thief = browser(person, PHONE)
    Client().post("/accounts/password/reset/", {"email": person.email})
    url = re.search(r"(/accounts/password/reset/key/\S+)", Mail.objects.get().text)[1]
    owner = Client()
    step = owner.get(url)["Location"]
    new = "another long secret"
    owner.post(step, {"password1": new, "password2": new})
    assert not is_in(thief)


def test_use_is_written_down_every_five_minutes_and_not_more():
    person = PersonFactory()
    client = browser(person)
    long_ago = timezone.now() - timedelta(days=2)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/")
    assert UserSession.objects.get().last_seen_at == long_ago
    session = client.session
    session[SEEN_AT] -= 301
    session.save()
    client.get("/", REMOTE_ADDR="203.0.113.5")
    row = UserSession.objects.get()
    assert timezone.now() - row.last_seen_at < timedelta(seconds=30)
    assert row.ip == "203.0.113.5"
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/")
    assert UserSession.objects.get().last_seen_at == long_ago


def test_expired_session_is_not_shown():
    from django.contrib.sessions.models import Session

    person = PersonFactory()
    here = browser(person)
    browser(person, PHONE)
    gone = UserSession.objects.get(user_agent=PHONE).session_key
    Session.objects.filter(pk=gone).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "Chrome on Android" not in here.get(PAGE).content.decode()


def test_session_older_than_the_list_is_written_down_when_it_looks(sign_in):
    client = sign_in(PersonFactory())
    assert not UserSession.objects.exists()
    page = client.get(PAGE, headers={"user-agent": FIREFOX}).content.decode()
    assert "Firefox on Windows" in page


def test_invited_person_is_on_the_list_at_once(world):
    token = token_of(invite(world.a.manager, world.a.cluster))
    client = Client(headers={"user-agent": FIREFOX})
    client.post(
        f"/invitations/{token}/",
        {"name": "N", "password": "a secret long enough", "language": "en"},
    )
    assert "Firefox on Windows" in client.get(PAGE).content.decode()
    assert UserSession.objects.count() == 1
