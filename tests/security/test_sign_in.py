"""Weaknesses of sign-in that other systems had, each tried here.

Seen in the field: Indico CVE-2021-30185 (Host header in a reset link) and three open redirects;
pretix CVE-2023-27891; Zulip CVE-2026-102893 (`email_verified` ignored), CVE-2025-31478 (sign-up
where only a provider may), CVE-2025-47930 and CVE-2022-31168 (an invitation that carries more than
it should). The provider's own cases are in `tests/accounts/test_provider.py`.
"""

import logging
import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from proxeny.accounts.limits import COOKIE
from proxeny.accounts.models import Account, Invitation, Person, Seat
from proxeny.kernel.models import Mail
from tests.accounts.conftest import provider, provider_server  # noqa: F401
from tests.accounts.test_invitations import ADDRESS, SECRET, invite, token_of
from tests.accounts.test_limits import code_of
from tests.accounts.test_sign_in import LOGIN, RESET, confirm, sign_in_with
from tests.factories.accounts import PASSWORD, PersonFactory
from tests.provider import agree, leave, sign_in_by

EVIL = "evil.example"
TARGETS = (
    f"https://{EVIL}/",
    f"//{EVIL}",
    f"///{EVIL}",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"http:{EVIL}",
    f"https:///{EVIL}",
    f" //{EVIL}",
    f"/\t/{EVIL}",
    f"//{EVIL}@testserver",
    "javascript:alert(1)",
    f"https://testserver.{EVIL}/",
    f"https://testserver@{EVIL}/",
    f"data:text/html,{EVIL}",
)


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def stays(answer):
    """Whether an answer leads to this site, or nowhere."""
    where = answer.headers.get("Location", "")
    parts = urlsplit(where)
    return parts.netloc in ("", "testserver") and not where.startswith(("//", "/\\", "\\"))


# Forged Host


FORGED = [
    {"host": EVIL},
    {"x-forwarded-host": EVIL},
    {"host": f"testserver:80@{EVIL}"},
    {"host": f"testserver.{EVIL}"},
    {"forwarded": f"host={EVIL}"},
    {"x-host": EVIL},
]


@pytest.mark.parametrize("headers", FORGED, ids=lambda one: " ".join(map(str, one.items())))
@pytest.mark.parametrize("allowed", [["testserver"], ["*"]], ids=["strict", "lax"])
def test_forged_host_is_in_no_link(settings, world, headers, allowed, provider):  # noqa: F811
    """Even where the operator allowed every host: links are built from the configured address."""
    settings.ALLOWED_HOSTS = allowed
    person = world.a.manager
    client = Client(headers=headers)
    client.post(RESET, {"email": person.email})
    client.force_login(person.account)
    confirm(client)
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    invitation = {
        "name": "New",
        "email": ADDRESS,
        "organisation_id": world.a.cluster.pk,
        "role": "ambassador",
        "language": "en",
    }
    client.post("/people/invite/", invitation)
    leaving = Client(headers=headers).post("/accounts/oidc/sso/login/").content.decode()
    assert f"redirect_uri=http%3A%2F%2F{EVIL}" not in leaving
    for mail in Mail.objects.all():
        assert EVIL not in mail.text + mail.html
        links = re.findall(r"https?://[^\s\"<]+", mail.text)
        assert links
        assert all(link.startswith(django_settings.BASE_URL) for link in links)


# Open redirects


def _entry_points():
    """Every address under /accounts/ that needs no argument, and the language's choice."""
    found = ["/i18n/setlang/"]
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "accounts/":
            found += [f"/accounts/{path}" for path in _plain(pattern, "")]
    return found


def _plain(resolver, prefix):
    for pattern in resolver.url_patterns:
        path = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from _plain(pattern, path)
        elif "<" not in path:
            yield path.replace("^", "").replace("$", "")


def test_no_page_of_sign_in_leads_away(sign_in, provider):  # noqa: F811
    paths, wrong = _entry_points(), []
    assert {"/accounts/login/", "/accounts/logout/", "/accounts/3rdparty/"} <= set(paths)
    person = PersonFactory()
    for path in [*paths, "/accounts/oidc/sso/login/"]:
        cache.clear()
        for client in (Client(), sign_in(person)):
            confirm(client)
            for target in TARGETS[:5]:
                form = {"next": target, "email": "x@example.org", "language": "fr"}
                for answer in (
                    client.get(path, form),
                    client.post(path, form),
                    client.post(f"{path}?next={target}"),
                ):
                    if not stays(answer):
                        wrong.append((path, target, answer.headers["Location"]))
    assert wrong == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_finished_sign_in_leads_away(provider, target):  # noqa: F811
    person = PersonFactory()
    data = {"login": person.email, "password": PASSWORD, "next": target}
    assert Client().post(LOGIN, data)["Location"] == "/"
    client = Client()
    client.post(f"{LOGIN}?next={target}", data)
    assert stays(client.post("/accounts/logout/", {"next": target}))
    assert stays(client.post(f"/accounts/logout/?next={target}"))
    provider.knows("r", email=person.email, email_verified=True)
    assert sign_in_by(Client(), "r", next=target)["Location"] == "/"
    connecting = Client()
    sign_in_by(connecting, "r")
    confirm(connecting)
    assert sign_in_by(connecting, "r", process="connect", next=target)["Location"] == (
        "/accounts/3rdparty/"
    )
    again = connecting.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target})
    assert again["Location"] == "/"
    secret = generate_totp_secret()
    TOTP.activate(person.account, secret)
    half = Client()
    half.post(LOGIN, data)
    assert (
        half.post("/accounts/2fa/authenticate/", {"code": code_of(secret), "next": target})[
            "Location"
        ]
        == "/"
    )
    cache.clear()


# Telling who has an account


ASKS = {
    "sign-in": lambda client, email: client.post(LOGIN, {"login": email, "password": "wrong"}),
    "reset": lambda client, email: client.post(RESET, {"email": email}),
    "sign-up": lambda client, email: client.post(
        "/accounts/signup/", {"email": email, "password1": "a long enough one"}
    ),
}


@pytest.mark.parametrize("ask", ASKS)
def test_known_and_unknown_addresses_cost_the_same(ask, monkeypatch):
    """The same answer, the same number of queries, the same number of slow hashes."""
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashes.append(1) or encode(*given)
    )
    person, found = PersonFactory(), []
    for email in (person.email, "nobody@example.org"):
        cache.clear()
        hashes.clear()
        client = Client(REMOTE_ADDR="192.0.2.3")
        with CaptureQueriesContext(connection) as seen:
            answer = ASKS[ask](client, email)
        text = re.sub(r'(value|content)="[^"]*"', "", answer.content.decode())
        found.append(
            (answer.status_code, answer.headers.get("Location"), text, len(seen), len(hashes))
        )
    assert found[0] == found[1]
    assert found[0][4] == (1 if ask == "sign-in" else 0)


def test_closed_account_answers_like_an_unknown_one_to_who_does_not_know_its_password():
    person = PersonFactory()
    Account.objects.update(is_active=False)
    pages = [
        sign_in_with(Client(), email, "wrong").content.decode()
        for email in (person.email, "nobody@example.org")
    ]
    assert len({re.sub(r'(value|content)="[^"]*"', "", page) for page in pages}) == 1


def test_letters_that_look_alike_are_not_the_same_address(provider, world):  # noqa: F811
    """PostgreSQL holds "ı" and "i" for the same capital letter; a mail server does not."""
    owner = PersonFactory(account__email="mike@example.org")
    provider.knows("i", email="mıke@example.org", email_verified=True)
    client = Client()
    assert sign_in_by(client, "i").status_code in (401, 403)
    assert not get_user(_request_of(client)).is_authenticated
    Client().post(RESET, {"email": "mıke@example.org"})
    assert not Mail.objects.filter(text__contains="password/reset/key").exists()
    assert owner.account.check_password(PASSWORD)


def _request_of(client):
    request = HttpRequest()
    request.session = client.session
    return request


# Session fixation


def _with_foreign_session():
    """A browser that somebody gave a session they know."""
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "led by someone else"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    return client, session.session_key


def _by_password(person, client, provider, world):  # noqa: F811
    sign_in_with(client, person.email)


def _by_second_factor(person, client, provider, world):  # noqa: F811
    secret = generate_totp_secret()
    TOTP.activate(person.account, secret)
    sign_in_with(client, person.email)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})


def _by_provider(person, client, provider, world):  # noqa: F811
    provider.knows("f", email=person.email, email_verified=True)
    sign_in_by(client, "f")


def _by_invitation(person, client, provider, world):  # noqa: F811
    token = token_of(invite(world.a.manager, world.a.cluster))
    client.post(f"/invitations/{token}/", {"name": "N", "password": SECRET, "language": "en"})


@pytest.mark.parametrize("way", [_by_password, _by_second_factor, _by_provider, _by_invitation])
def test_session_key_changes_at_sign_in(provider, world, way):  # noqa: F811
    client, planted = _with_foreign_session()
    way(PersonFactory(), client, provider, world)
    assert client.get("/people/me/").status_code == 200
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/people/me/").status_code == 302


def test_signing_out_kills_the_session_and_all_that_was_in_it():
    client = Client()
    sign_in_with(client, PersonFactory().email)
    key = client.session.session_key
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/people/me/").status_code == 302


def test_link_signs_nobody_in_or_out_of_another_site():
    """Without the token of the own page nothing is accepted (login and logout CSRF)."""
    person = PersonFactory()
    client = Client(enforce_csrf_checks=True)
    assert sign_in_with(client, person.email).status_code == 403
    assert client.post("/accounts/oidc/sso/login/").status_code in (403, 404)
    client.force_login(person.account)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 403
    assert client.get("/people/me/").status_code == 200


def test_session_cookie_is_for_the_server_alone():
    client = Client()
    sign_in_with(client, PersonFactory().email)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""


# Invitations carry what the inviter wrote, and nothing of what the invited sends


def test_accepting_takes_nothing_but_name_password_and_language(world):
    token = token_of(invite(world.a.manager, world.a.cluster, role="adviser"))
    forged = {
        "role": "manager",
        "organisation": world.b.cluster.pk,
        "organisation_id": world.b.cluster.pk,
        "email": world.b.manager.email,
        "account": world.b.manager.account_id,
        "account_id": world.b.manager.account_id,
        "person": world.b.manager.pk,
        "proved_address": world.b.manager.email,
        "is_active": "",
        "is_superuser": "1",
        "starts_on": "2000-01-01",
        "ends_on": "2999-01-01",
        "token": "other",
        "replaces": world.b.manager.seats.get().pk,
        "time_zone": "UTC",
        "id": world.b.manager.pk,
        "pk": "1",
    }
    client = Client()
    data = {"name": "New One", "password": SECRET, "language": "en"}
    assert client.post(f"/invitations/{token}/", forged | data).status_code == 302
    person = Person.objects.get(name="New One")
    seat = Seat.objects.get(person=person)
    assert (person.email, person.account.email) == (ADDRESS, ADDRESS)
    assert (seat.organisation, seat.role, seat.ends_on) == (world.a.cluster, "adviser", None)
    assert person.time_zone != "UTC"
    assert world.b.manager.seats.get().ends_on is None
    assert Seat.objects.filter(organisation=world.b.cluster).count() == 2


def test_invitation_opens_one_seat_of_one_organisation(world):
    first = token_of(invite(world.a.manager, world.a.cluster, role="adviser"))
    client = Client()
    data = {"name": "New One", "password": SECRET, "language": "en"}
    client.post(f"/invitations/{first}/", data)
    assert client.post(f"/invitations/{first}/", data).status_code == 404
    assert Client().post(f"/invitations/{first}/", data).status_code == 404
    assert Seat.objects.filter(person__name="New One").count() == 1


def test_manager_cannot_invite_into_anothers_organisation_by_any_field(world, sign_in):
    data = {
        "name": "N",
        "email": ADDRESS,
        "role": "manager",
        "language": "en",
        "organisation_id": world.b.cluster.pk,
    }
    client = sign_in(world.a.manager)
    assert (
        client.post(f"/people/invite/?organisation={world.b.cluster.pk}", data).status_code == 422
    )
    member = {**data, "organisation_id": world.a.members[0].pk}
    path = f"/people/invite/?organisation={world.a.members[0].pk}"
    assert client.post(path, member).status_code == 422  # a member's manager is the member's own
    assert not Invitation.objects.exists()


def test_nobody_signs_up_by_any_door(provider):  # noqa: F811
    data = {"email": "new@example.org", "password1": "a long enough one", "name": "N"}
    for path in (
        "/accounts/signup/",
        "/accounts/3rdparty/signup/",
        "/accounts/2fa/webauthn/signup/",
        "/accounts/signup/passkey/",
    ):
        Client().post(path, data)
    provider.knows("n", email="new@example.org", email_verified=True)
    sign_in_by(Client(), "n")
    assert not Account.objects.exists()


def test_address_typed_but_not_proved_is_worth_nothing(sign_in, world, provider):  # noqa: F811
    """Somebody writes another's address into their account and waits."""
    attacker, victim = PersonFactory(), "victim@example.org"
    client = sign_in(attacker)
    confirm(client)
    client.post("/accounts/email/", {"email": victim, "action_add": ""})
    assert not EmailAddress.objects.filter(email=victim, verified=True).exists()
    assert sign_in_with(Client(), victim).status_code == 200
    token = token_of(invite(world.a.manager, world.a.cluster, email=victim))
    assert client.post(f"/invitations/{token}/").status_code == 200
    assert not Seat.objects.filter(person=attacker).exists()
    provider.knows("v", email=victim, email_verified=True)
    newcomer = Client()
    sign_in_by(newcomer, "v", next=f"/invitations/{token}/")
    assert (
        Seat.objects.get(
            organisation=world.a.cluster, role="ambassador", person__email=victim
        ).person.account
        != attacker.account
    )


def test_reset_does_not_go_round_the_second_factor():
    person = PersonFactory()
    TOTP.activate(person.account, generate_totp_secret())
    client, new = Client(), "another long secret"
    client.post(RESET, {"email": person.email})
    url = re.search(r"(/accounts/password/reset/key/\S+)", Mail.objects.get().text)[1]
    client.post(client.get(url)["Location"], {"password1": new, "password2": new})
    assert client.get("/people/me/").status_code == 302
    assert sign_in_with(client, person.email, new)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/people/me/").status_code == 302


CHANGES = {
    "/accounts/email/": "post",
    "/accounts/2fa/totp/activate/": "get post",
    "/accounts/2fa/totp/deactivate/": "get post",
    "/accounts/2fa/webauthn/add/": "get post",
    "/accounts/2fa/recovery-codes/": "get",
    "/accounts/2fa/recovery-codes/generate/": "get post",
    "/accounts/2fa/recovery-codes/download/": "get",
}


@pytest.mark.parametrize("path", CHANGES)
def test_changes_of_how_one_signs_in_need_a_fresh_proof(sign_in, path):
    """Whoever finds an open browser cannot make it their own."""
    person = PersonFactory()
    # With a second factor an address is not changed at all; see the next test.
    if path != "/accounts/email/":
        RecoveryCodes.activate(person.account)
    if "/2fa/" in path and not path.endswith("/totp/activate/"):
        TOTP.activate(person.account, generate_totp_secret())
    client = sign_in(person)
    form = {"email": "x@example.org", "action_add": "", "code": "1"}
    for method in CHANGES[path].split():
        answer = getattr(client, method)(path, form)
        assert answer.status_code == 302, method
        assert answer["Location"].startswith("/accounts/reauthenticate/"), method
    assert not Mail.objects.filter(recipient="x@example.org").exists()


def test_an_address_is_not_changed_past_a_second_factor(sign_in):
    """Not even with a fresh proof; the page says what to do."""
    person = PersonFactory()
    TOTP.activate(person.account, generate_totp_secret())
    client = sign_in(person)
    confirm(client)
    answer = client.post("/accounts/email/", {"email": "x@example.org", "action_add": ""})
    assert answer.status_code == 200
    assert (
        "Your second factor is linked to this address. Turn it off, change the address, "
        "then turn it on again."
    ) in answer.content.decode()
    assert not EmailAddress.objects.filter(email="x@example.org").exists()
    assert not Mail.objects.filter(recipient="x@example.org").exists()


# Secrets in logs and in what browsers hand on


class _Lines(logging.Handler):
    """What the product's own handler would write: after its filters and formatters."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        configured = next(h for h in logging.getLogger().handlers if h.filters)
        self.filters = list(configured.filters)
        self.setFormatter(configured.formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    root = logging.getLogger()
    handler = _Lines()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)


def test_no_secret_of_sign_in_comes_into_a_log(world, provider, lines):  # noqa: F811
    invited = token_of(invite(world.a.manager, world.a.cluster))
    person = PersonFactory()
    client = Client()
    client.post(RESET, {"email": person.email})
    url = re.search(r"(/accounts/password/reset/key/\S+)", Mail.objects.latest("pk").text)[1]
    client.get(url)
    for path in (f"/invitations/{invited}/", url):
        Client().get(path)
        Client(enforce_csrf_checks=True).post(path)  # refused, with a warning
        Client().get(path + "nowhere/")  # not there, with a warning
        Client().get("/nowhere/", headers={"referer": f"http://testserver{path}"})
        Client().get(path, headers={"host": "bad host"})
    secret = generate_totp_secret()
    TOTP.activate(person.account, secret)
    code = code_of(secret)
    sign_in_with(client, person.email)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    provider.knows("l", email=ADDRESS, email_verified=False)
    stranger = Client()
    address = leave(stranger)
    back = agree(address, "l")
    stranger.get(back)
    stranger.get(back)  # used up: refused, with a warning
    state = re.search(r"state=(\w+)", back)[1]
    given = re.search(r"code=([\w-]+)", back)[1]
    secrets = {
        "invitation": invited,
        "reset": url.rsplit("/", 2)[1],
        "session": client.session.session_key,
        "password": PASSWORD,
        "client secret": "not so secret",
        "state": state,
        "code": given,
        "app": secret,
        "browser": client.cookies[COOKIE].value,
        "address": person.email,
        "csrf": client.cookies["csrftoken"].value,
    }
    written = "\n".join(lines)
    assert len(lines) > 10
    assert {name for name, value in secrets.items() if value in written} == set()


def test_pages_with_a_secret_in_their_address_hand_it_to_nobody(world, provider):  # noqa: F811
    token = token_of(invite(world.a.manager, world.a.cluster))
    person = PersonFactory()
    client = Client()
    client.post(RESET, {"email": person.email})
    url = re.search(r"(/accounts/password/reset/key/\S+)", Mail.objects.latest("pk").text)[1]
    step = client.get(url)
    assert url.rsplit("/", 2)[1] not in step["Location"]  # the key has gone into the session
    provider.knows("p", email="x@example.org")
    stranger = Client()
    pages = {
        "invitation": client.get(f"/invitations/{token}/"),
        "reset": client.get(step["Location"]),
        "callback": stranger.get(agree(leave(stranger), "p")),
    }
    for name, page in pages.items():
        assert page["Referrer-Policy"] == "same-origin", name
        assert "no-store" in page["Cache-Control"], name
        linked = re.findall(r'(?:src|href|action)="(https?:)?//', page.content.decode())
        assert linked == [], name
