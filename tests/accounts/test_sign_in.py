"""Sign-in: what allauth's pages look like here, and what they never give away."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from proxeny.accounts.models import Account, Person
from proxeny.kernel.models import Mail
from tests.factories.accounts import PASSWORD, PersonFactory

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def sign_in_with(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def text_of(response):
    """A page without what differs from request to request."""
    return re.sub(r'(value|content)="[^"]*"', "", response.content.decode())


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def confirm(client):
    """Prove once more who is signed in; allauth asks for it before it changes factors."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_sign_in_and_out():
    person = PersonFactory()
    client = Client()
    assert sign_in_with(client, person.email).status_code == 302
    assert client.get("/people/me/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/people/me/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        LOGIN,
        RESET,
        "/accounts/password/reset/done/",
        "/accounts/signup/",
        "/accounts/confirm-email/",
        "/accounts/inactive/",
        "/accounts/password/reset/key/1-abc/",
        "/accounts/confirm-email/abc/",
        "/accounts/password/reset/key/done/",
    ],
)
def test_pages_for_strangers(path):
    page = Client().get(path)
    assert page.status_code == 200
    check_page(page)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/logout/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/reauthenticate/",
    ],
)
def test_pages_for_people(path, sign_in):
    client = sign_in(PersonFactory())
    confirm(client)
    page = client.get(path)
    assert page.status_code == 200
    check_page(page)


def check_page(page):
    """Every page stands in our frame, and holds nothing that the CSP refuses."""
    text = page.content.decode()
    assert 'class="px-brand"' in text
    assert text.count("<h1") == 1
    assert not re.search(r"\son[a-z]+=|\sstyle=", text)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in attributes or 'type="application/json"' in attributes
        assert "src=" not in attributes or not body.strip()
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_authenticator_app_is_turned_on_used_and_turned_off(sign_in):
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    person = PersonFactory()
    client = sign_in(person)
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r'<code class="px-address" dir="ltr">(\w+)</code>', page)[1]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/reauthenticate/",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        check_page(page)
    other = Client()
    answer = sign_in_with(other, person.email)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    check_page(other.get(answer["Location"]))
    assert other.get("/people/me/").status_code == 302
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert sign_in_with(Client(), person.email)["Location"] == "/"


def test_keys_pages(sign_in):
    from allauth.mfa.models import Authenticator

    person = PersonFactory()
    key = Authenticator.objects.create(
        user=person.account, type="webauthn", data={"name": "<i>phone</i>", "credential": {}}
    )
    client = sign_in(person)
    confirm(client)
    for path in (
        f"/accounts/2fa/webauthn/keys/{key.pk}/edit/",
        f"/accounts/2fa/webauthn/keys/{key.pk}/remove/",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "<i>phone" not in page.content.decode()
        check_page(page)
    foreign = sign_in(PersonFactory())
    confirm(foreign)
    assert foreign.get(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/").status_code == 404


def test_unknown_address_and_wrong_password_get_the_same_answer():
    person = PersonFactory()
    wrong = sign_in_with(Client(), person.email, "not the password")
    unknown = sign_in_with(Client(), "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    assert text_of(wrong) == text_of(unknown)


def test_reset_answers_alike_and_sends_one_mail_either_way():
    person = PersonFactory()
    known = Client().post(RESET, {"email": person.email})
    unknown = Client().post(RESET, {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Mail.objects.filter(recipient=person.email).count() == 1
    assert Mail.objects.filter(recipient="nobody@example.org").count() == 1


def test_reset_works_from_the_mail_in_the_persons_language(settings):
    person = PersonFactory(language="fr")
    client = Client()
    client.post(RESET, {"email": person.email})
    mail = Mail.objects.get(recipient=person.email)
    assert 'lang="fr"' in mail.html
    url = re.search(rf"{re.escape(settings.BASE_URL)}(/accounts/\S+)", mail.text)[1]
    step = client.get(url)
    page = client.get(step["Location"])
    check_page(page)
    new = "another long secret"
    answer = client.post(step["Location"], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert sign_in_with(Client(), person.email, new).status_code == 302
    assert Client().get(url, follow=True).status_code == 200
    assert "no longer works" in Client().get(url, follow=True).content.decode()


def test_forged_host_is_refused_and_never_in_a_link(settings):
    person = PersonFactory()
    assert (
        Client().post(RESET, {"email": person.email}, headers={"host": "evil.example"}).status_code
        == 400
    )
    assert not Mail.objects.exists()
    settings.ALLOWED_HOSTS = ["*"]
    Client().post(RESET, {"email": person.email}, headers={"host": "evil.example"})
    mail = Mail.objects.get()
    assert "evil.example" not in mail.text + mail.html


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_stays_on_the_site(target):
    person = PersonFactory()
    answer = Client().post(LOGIN, {"login": person.email, "password": PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    client = Client()
    sign_in_with(client, person.email)
    answer = client.post("/accounts/logout/", {"next": target})
    assert answer["Location"] == "/"


def test_next_on_the_site_is_followed():
    person = PersonFactory()
    data = {"login": person.email, "password": PASSWORD, "next": "/people/me/"}
    assert Client().post(LOGIN, data)["Location"] == "/people/me/"


def test_stranger_cannot_lock_the_owner_out():
    person = PersonFactory()
    for _attempt in range(12):
        last = sign_in_with(Client(), person.email, "wrong", REMOTE_ADDR="192.0.2.1")
    assert "Too many attempts" in last.content.decode()
    assert sign_in_with(Client(), person.email, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert sign_in_with(Client(), person.email, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_forged_forwarded_address_does_not_reset_the_limit():
    person = PersonFactory()
    for attempt in range(12):
        last = sign_in_with(
            Client(),
            person.email,
            "wrong",
            REMOTE_ADDR="192.0.2.1",
            headers={"x-forwarded-for": f"198.51.100.{attempt}"},
        )
    assert "Too many attempts" in last.content.decode()


def test_nobody_signs_up():
    page = Client().post(
        "/accounts/signup/", {"email": "new@example.org", "password1": "a long enough one"}
    )
    assert "You join by invitation" in page.content.decode()
    assert not Account.objects.exists()


def test_closed_account_is_signed_out(sign_in):
    person = PersonFactory()
    client = sign_in(person)
    Account.objects.update(is_active=False)
    assert client.get("/people/me/").status_code == 302


def test_changed_address_reaches_the_person(sign_in, settings):
    settings.ACCOUNT_CHANGE_EMAIL = True
    person = PersonFactory()
    client = sign_in(person)
    confirm(client)
    client.post("/accounts/email/", {"email": "moved@example.org", "action_add": ""})
    assert Person.objects.get().email == person.email
    mail = Mail.objects.get(recipient="moved@example.org")
    url = re.search(r"(/accounts/confirm-email/\S+)", mail.text)[1]
    check_page(client.get("/accounts/email/"))
    check_page(client.get(url))
    client.post(url)
    assert Person.objects.get().email == "moved@example.org"
    assert sign_in_with(Client(), "moved@example.org").status_code == 302
