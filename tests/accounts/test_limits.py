"""How often somebody may be wrong: guessing is slow, and no stranger locks the owner out."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from proxeny.accounts.limits import COOKIE
from proxeny.kernel.models import Mail
from tests.accounts.test_sign_in import LOGIN, RESET, check_page, sign_in_with
from tests.factories.accounts import PASSWORD, PersonFactory

OWNER, STRANGER = "192.0.2.50", "198.51.100.1"
CODE = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def wrong(email, times, place=STRANGER, **headers):
    """Type a wrong password several times, each time with a fresh browser; return the last page."""
    for _attempt in range(times):
        page = sign_in_with(Client(), email, "wrong", REMOTE_ADDR=place, headers=headers)
    return page.content.decode()


def may_sign_in(client, email, place=OWNER):
    return sign_in_with(client, email, REMOTE_ADDR=place).status_code == 302


def addresses(count):
    return [f"203.0.113.{number}" for number in range(1, count + 1)]


# Passwords


def test_guessing_ends_after_five_wrong_passwords_and_the_owner_elsewhere_sees_nothing_of_it():
    person = PersonFactory()
    assert "Too many attempts" not in wrong(person.email, 5)
    assert "Too many attempts" in wrong(person.email, 1)
    assert not may_sign_in(Client(), person.email, STRANGER)  # not even with the right one
    assert may_sign_in(Client(), person.email)


def test_unknown_address_is_limited_like_a_known_one():
    person = PersonFactory()
    known = [wrong(person.email, 1) for _ in range(7)]
    unknown = [wrong("nobody@example.org", 1) for _ in range(7)]
    assert ["Too many" in page for page in known] == ["Too many" in page for page in unknown]


def test_guessing_at_many_accounts_from_one_address_ends():
    people = [PersonFactory() for _ in range(10)]
    for person in people[:8]:
        wrong(person.email, 4)
    assert "Too many attempts" in wrong(people[9].email, 1)
    assert may_sign_in(Client(), people[9].email)


def test_guessing_from_many_addresses_ends_and_the_owners_browser_still_signs_in():
    person = PersonFactory()
    known = Client()
    assert may_sign_in(known, person.email)
    known.post("/accounts/logout/", REMOTE_ADDR=OWNER)
    for place in addresses(45):
        page = wrong(person.email, 5, place)
        if "Too many attempts" in page:
            break
    assert "Too many attempts" in page
    assert "Too many attempts" in wrong(person.email, 1, "203.0.113.200")
    assert not may_sign_in(Client(), person.email)
    assert may_sign_in(known, person.email)  # the browser is known, wherever it is


def test_owner_on_a_new_browser_gets_in_by_mail_whatever_strangers_do():
    person = PersonFactory()
    for place in addresses(45):
        wrong(person.email, 5, place)
    owner, new = Client(), "another long secret"
    owner.post(RESET, {"email": person.email}, REMOTE_ADDR=OWNER)
    url = re.search(r"(/accounts/password/reset/key/\S+)", Mail.objects.get().text)[1]
    step = owner.get(url, REMOTE_ADDR=OWNER)["Location"]
    owner.post(step, {"password1": new, "password2": new}, REMOTE_ADDR=OWNER)
    assert sign_in_with(owner, person.email, new, REMOTE_ADDR=OWNER).status_code == 302


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_forged_forwarded_addresses_do_not_help(settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    person = PersonFactory()
    true = ["10.0.0.1", "10.0.0.2"][:proxies]
    for number in range(6):
        chain = ", ".join([f"203.0.113.{number}", *true])
        page = wrong(person.email, 1, "192.0.2.9", **{"x-forwarded-for": chain})
    assert "Too many attempts" in page


def test_known_browser_is_limited_too_and_its_cookie_helps_with_no_other_account():
    person, other = PersonFactory(), PersonFactory()
    client = Client()
    assert may_sign_in(client, person.email, STRANGER)
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["path"] == "/accounts/"
    assert person.email not in cookie.value
    client.post("/accounts/logout/", REMOTE_ADDR=STRANGER)
    for _attempt in range(11):
        page = sign_in_with(client, person.email, "wrong", REMOTE_ADDR=STRANGER)
    assert "Too many attempts" in page.content.decode()
    for _attempt in range(6):
        page = sign_in_with(client, other.email, "wrong", REMOTE_ADDR=STRANGER)
    assert "Too many attempts" in page.content.decode()


@pytest.mark.parametrize("value", ["", "x", "WyJhIixbImIiXV0:1abc:forged", "W10:1u:x" * 900])
def test_forged_cookie_is_worth_nothing(value):
    person = PersonFactory()
    for _attempt in range(6):
        client = Client()
        client.cookies[COOKIE] = value
        page = sign_in_with(client, person.email, "wrong", REMOTE_ADDR=STRANGER)
    assert "Too many attempts" in page.content.decode()


def test_counts_are_not_pushed_out_of_the_cache():
    person = PersonFactory()
    wrong(person.email, 6)
    for number in range(700):
        cache.set(f"!{number}", number)
        cache.set(f"~{number}", number)
    assert "Too many attempts" in wrong(person.email, 1)


# Codes: whoever types them knows the password already


def with_app(person):
    secret = generate_totp_secret()
    TOTP.activate(person.account, secret)
    return secret


def code_of(secret):
    """What the app shows; not in its last seconds, so that it holds until it is typed."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def half_in(person, place=OWNER, client=None):
    client = client or Client(REMOTE_ADDR=place)
    client.defaults["REMOTE_ADDR"] = place
    assert sign_in_with(client, person.email)["Location"] == CODE
    return client


def is_in(client):
    return client.get("/people/me/").status_code == 200


def test_code_of_the_app_opens_once():
    person = PersonFactory()
    secret = with_app(person)
    client = half_in(person)
    page = client.post(CODE, {"code": "000000"})
    check_page(page)
    assert "This code isn’t valid." in page.content.decode()
    # The same code: half a minute later there is another one, which opens.
    code = code_of(secret)
    assert client.post(CODE, {"code": code})["Location"] == "/"
    assert is_in(client)
    again = half_in(person)
    again.post(CODE, {"code": code})
    assert not is_in(again)


def test_old_code_is_refused():
    person = PersonFactory()
    secret = with_app(person)
    counter = next(yield_hotp_counters_from_time()) - 3
    client = half_in(person)
    client.post(CODE, {"code": format_hotp_value(hotp_value(secret, counter))})
    assert not is_in(client)


def test_guessing_codes_ends_and_the_owner_elsewhere_goes_on():
    person = PersonFactory()
    secret = with_app(person)
    thief = half_in(person, STRANGER)
    for _attempt in range(6):
        page = thief.post(CODE, {"code": "000000"})
    assert "Too many attempts" in page.content.decode()
    thief.post(CODE, {"code": code_of(secret)})
    assert not is_in(thief)
    owner = half_in(person)
    assert owner.post(CODE, {"code": code_of(secret)})["Location"] == "/"


def test_guessing_codes_from_many_addresses_ends_and_the_known_browser_goes_on():
    person = PersonFactory()
    known = Client()
    may_sign_in(known, person.email)
    known.post("/accounts/logout/")
    secret = with_app(person)
    for place in addresses(10):
        thief = half_in(person, place)
        for _attempt in range(4):
            thief.post(CODE, {"code": "000000"})
    late = half_in(person, "203.0.113.99")
    page = late.post(CODE, {"code": code_of(secret)})
    assert "Too many attempts" in page.content.decode()
    half_in(person, client=known)
    assert known.post(CODE, {"code": code_of(secret)})["Location"] == "/"


def test_recovery_code_opens_once_and_is_limited_like_a_code():
    person = PersonFactory()
    with_app(person)
    first, second, *_ = RecoveryCodes.activate(person.account).generate_codes()
    client = half_in(person)
    assert client.post(CODE, {"code": first})["Location"] == "/"
    again = half_in(person)
    again.post(CODE, {"code": first})
    assert not is_in(again)
    thief = half_in(person, STRANGER)
    for _attempt in range(6):
        thief.post(CODE, {"code": "00000000"})
    thief.post(CODE, {"code": second})
    assert not is_in(thief)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert len(codes.wrap().get_unused_codes()) == 9


def test_code_without_the_password_leads_nowhere():
    person = PersonFactory()
    secret = with_app(person)
    answer = Client().post(CODE, {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)


def test_strangers_passkeys_lock_nobody_out():
    import base64
    import json

    from allauth.account.utils import user_pk_to_url_str

    person = PersonFactory()
    handle = base64.urlsafe_b64encode(user_pk_to_url_str(person.account).encode()).decode()
    credential = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AAAA",
            "signature": "AAAA",
            "userHandle": handle.rstrip("="),
        },
    }
    for _attempt in range(15):
        answer = Client().post(
            "/accounts/2fa/webauthn/login/",
            {"credential": json.dumps(credential)},
            REMOTE_ADDR=STRANGER,
        )
    assert answer.status_code == 429
    assert may_sign_in(Client(), person.email)


# Mails


def reset(email, place):
    return Client().post(RESET, {"email": email}, REMOTE_ADDR=place)


def test_so_many_mails_go_to_one_address_and_nobody_is_told():
    person = PersonFactory()
    answers = []
    for place in addresses(8):
        for email in (person.email, "nobody@example.org"):
            answer = reset(email, place)
            answers.append((answer.status_code, answer["Location"]))
    assert set(answers) == {(302, "/accounts/password/reset/done/")}
    assert Mail.objects.filter(recipient=person.email).count() == 3
    assert Mail.objects.filter(recipient="nobody@example.org").count() == 3


def test_links_sent_before_the_cap_still_work():
    person = PersonFactory()
    for place in addresses(8):
        reset(person.email, place)
    for mail in Mail.objects.all():
        url = re.search(r"(/accounts/password/reset/key/\S+)", mail.text)[1]
        assert Client().get(url).status_code == 302


def test_one_address_asks_for_so_many_resets():
    for number in range(20):
        assert reset(f"nobody{number}@example.org", STRANGER).status_code == 302
    page = reset("nobody@example.org", STRANGER)
    assert page.status_code == 429
    assert 'class="px-brand"' in page.content.decode()


# Passwords that are refused


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890", "somebody@example"])
def test_weak_password_is_refused(sign_in, password):
    person = PersonFactory(account__email="somebody@example.org")
    client = sign_in(person)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = client.post("/accounts/password/change/", data)
    assert page.status_code == 200
    assert "has-error" in page.content.decode()
    assert may_sign_in(Client(), person.email)


def test_password_is_changed_only_with_the_old_one(sign_in):
    person = PersonFactory()
    client, new = sign_in(person), "another long secret"
    client.post(
        "/accounts/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new}
    )
    assert may_sign_in(Client(), person.email)
