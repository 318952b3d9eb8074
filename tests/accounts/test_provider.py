"""Sign-in by an OpenID Connect provider, against a real one over HTTP."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from proxeny.accounts.models import Account, Invitation, Person, Seat
from tests.accounts.test_invitations import ADDRESS, invite, token_of
from tests.accounts.test_sign_in import check_page, confirm, sign_in_with
from tests.factories.accounts import PersonFactory
from tests.provider import agree, leave, sign_in_by, with_query

LOGIN = "/accounts/login/"
BACK = "/accounts/oidc/sso/login/callback/"


def is_in(client):
    return client.get("/people/me/").status_code == 200


def verified(provider, sub, email):
    provider.knows(sub, email=email, email_verified=True, name="Somebody")


def reason_of(page):
    return re.search(r'<p class="px-lead">(.*?)</p>', page.content.decode(), re.S)[1]


def test_button_is_there_only_when_a_provider_is_configured(provider, settings):
    page = Client().get(LOGIN)
    check_page(page)
    assert "Continue with Harbour" in page.content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    page = Client().get(LOGIN).content.decode()
    assert "Continue with" not in page
    assert "/oidc/" not in page
    assert Client().post("/accounts/oidc/sso/login/").status_code == 404


def test_verified_address_of_an_account_signs_in(provider):
    person = PersonFactory()
    verified(provider, "1", person.email.upper())
    client = Client()
    answer = sign_in_by(client, "1", next="/people/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/me/")
    assert is_in(client)
    assert SocialAccount.objects.get().user == person.account
    assert SocialAccount.objects.get().extra_data == {"email": person.email}


def test_second_sign_in_is_by_the_providers_number_even_with_a_new_address(provider):
    person = PersonFactory()
    verified(provider, "2", person.email)
    sign_in_by(Client(), "2")
    provider.knows("2", email="moved@example.org", email_verified=False)
    client = Client()
    assert sign_in_by(client, "2")["Location"] == "/"
    assert is_in(client)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("word", [False, "true", 1, None, "absent"])
def test_address_that_is_not_verified_opens_nothing(provider, word):
    person = PersonFactory()
    claims = {"email": person.email} | ({} if word == "absent" else {"email_verified": word})
    provider.knows("3", **claims)
    client = Client()
    page = sign_in_by(client, "3")
    assert page.status_code == 403
    check_page(page)
    assert "doesn’t confirm that your address is verified" in reason_of(page)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_no_address_at_all_opens_nothing(provider):
    provider.knows("4", name="Nobody")
    assert sign_in_by(Client(), "4").status_code == 403


def test_address_that_the_account_itself_has_not_verified_opens_nothing(provider):
    person = PersonFactory()
    person.account.emailaddress_set.update(verified=False)
    verified(provider, "5", person.email)
    client = Client()
    assert sign_in_by(client, "5").status_code == 403
    assert not is_in(client)
    assert sign_in_with(Client(), person.email).status_code == 302  # the password is untouched


def test_unknown_address_makes_no_account(provider):
    verified(provider, "6", "nobody@example.org")
    page = sign_in_by(Client(), "6")
    assert page.status_code == 403
    assert "No one signs in to Proxeny with nobody@example.org" in reason_of(page)
    assert not Account.objects.exists()
    assert Client().get("/accounts/3rdparty/signup/")["Location"] == LOGIN


def test_address_given_to_somebody_else_does_not_open_the_old_account(provider):
    person = PersonFactory()
    verified(provider, "7", person.email)
    sign_in_by(Client(), "7")
    verified(provider, "8", person.email)
    client = Client()
    page = sign_in_by(client, "8")
    assert page.status_code == 403
    assert "is connected to a different account at" in reason_of(page)
    assert not is_in(client)


def test_closed_account_is_not_opened(provider):
    person = PersonFactory()
    Account.objects.update(is_active=False)
    verified(provider, "9", person.email)
    client = Client()
    assert sign_in_by(client, "9")["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_second_factor_is_still_asked_for(provider, sign_in):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = PersonFactory()
    TOTP.activate(person.account, generate_totp_secret())
    verified(provider, "10", person.email)
    client = Client()
    assert sign_in_by(client, "10")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


def test_session_key_changes_at_sign_in(provider):
    person = PersonFactory()
    verified(provider, "11", person.email)
    client = Client()
    address = leave(client)
    before = client.session.session_key
    client.get(agree(address, "11"))
    assert client.session.session_key != before


# What comes back is checked


def test_callback_without_or_with_anothers_state_is_refused(provider):
    person = PersonFactory()
    verified(provider, "12", person.email)
    client = Client()
    path = agree(leave(client), "12")
    for wrong in (with_query(path, state="x" * 16), f"{BACK}?code=abc", BACK):
        page = client.get(wrong)
        assert page.status_code == 401
        check_page(page)
    thief = Client()
    leave(thief)
    assert thief.get(path).status_code == 401
    assert not is_in(thief)
    assert not is_in(client)


def test_replayed_callback_is_refused(provider):
    person = PersonFactory()
    verified(provider, "13", person.email)
    client = Client()
    path = agree(leave(client), "13")
    assert client.get(path).status_code == 302
    client.post("/accounts/logout/")
    assert client.get(path).status_code == 401
    assert not is_in(client)


def test_code_of_another_start_is_refused(provider):
    """Somebody else's code with one's own state: the nonce of the token does not fit."""
    person = PersonFactory()
    verified(provider, "14", person.email)
    other, client = Client(), Client()
    stolen = agree(leave(other), "14")
    mine = agree(leave(client), "14")
    code = re.search(r"code=([^&]+)", stolen)[1]
    assert client.get(with_query(mine, code=code)).status_code == 401
    assert not is_in(client)


def test_wrong_nonce_is_refused(provider):
    person = PersonFactory()
    verified(provider, "15", person.email)
    client = Client()
    assert client.get(agree(with_query(leave(client), nonce="other"), "15")).status_code == 401
    assert not is_in(client)


def test_person_who_turns_back_is_told_so(provider):
    import requests

    client = Client()
    answer = requests.post(leave(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    path = answer.headers["Location"].split("8000", 1)[1]
    page = client.get(path, follow=True)
    assert "You cancelled the sign-in" in page.content.decode()
    check_page(page)


FORGED = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def claims_of(answer):
    return jwt.decode(answer["id_token"], options={"verify_signature": False})


def signed(key, algorithm, **changes):
    def change(answer):
        head = jwt.get_unverified_header(answer["id_token"])
        claims = {k: v for k, v in (claims_of(answer) | changes).items() if v is not None}
        kid = {"kid": head["kid"]} if "kid" in head else {}
        return answer | {"id_token": jwt.encode(claims, key, algorithm=algorithm, headers=kid)}

    return change


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/oauth2/token", signed(FORGED, "RS256")),
        ("/oauth2/token", signed("", "none")),
        ("/oauth2/token", signed("a secret that both sides share" * 2, "HS256")),
        ("/oauth2/token", lambda answer: answer | {"id_token": "abc"}),
        ("/oauth2/token", lambda answer: {k: v for k, v in answer.items() if k != "id_token"}),
        ("/userinfo", lambda answer: answer | {"sub": "somebody else"}),
        ("/userinfo", lambda answer: []),
        ("/jwks", lambda answer: {"keys": []}),
    ],
    ids=[
        "other key",
        "no signature",
        "shared secret",
        "no token",
        "token missing",
        "other person",
        "no object",
        "no keys",
    ],
)
def test_answer_that_does_not_hold_is_refused(provider, path, change):
    person = PersonFactory()
    verified(provider, "16", person.email)
    provider.changes[path] = change
    client = Client()
    page = sign_in_by(client, "16")
    assert page.status_code == 401
    check_page(page)
    assert not is_in(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-site"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"nonce": None},
        {"azp": "another-site"},
        {"sub": None},
    ],
    ids=["audience", "issuer", "expired", "no nonce", "authorised party", "no subject"],
)
def test_claims_that_do_not_hold_are_refused(provider, changes):
    """The provider's own key signs them: a provider that is at fault, not a forger."""
    person = PersonFactory()
    verified(provider, "17", person.email)
    numbers = jwt.algorithms.RSAAlgorithm.to_jwk(FORGED.public_key(), as_dict=True)
    provider.changes["/jwks"] = lambda answer: {"keys": [numbers | {"use": "sig"}]}

    def change(answer):
        claims = {k: v for k, v in (claims_of(answer) | changes).items() if v is not None}
        return answer | {"id_token": jwt.encode(claims, FORGED, algorithm="RS256")}

    provider.changes["/oauth2/token"] = change
    client = Client()
    assert sign_in_by(client, "17").status_code == 401
    assert not is_in(client)
    changes.clear()  # the same token without the fault does hold
    assert sign_in_by(client, "17").status_code == 302


def test_provider_that_is_another_issuer_is_refused(provider, settings):
    provider.configure(settings, issuer=f"{provider.url}/")
    page = Client().post("/accounts/oidc/sso/login/")
    assert page.status_code == 401
    check_page(page)


def test_provider_that_does_not_answer_is_told_so(provider, settings):
    provider.configure(settings, issuer="http://127.0.0.1:9")
    page = Client().post("/accounts/oidc/sso/login/")
    assert page.status_code == 401
    assert "didn’t respond as expected" in page.content.decode()


def test_two_providers_number_their_people_apart(provider, settings):
    """The same number at another issuer is another person, even under the same id."""
    from tests.provider import running_provider

    person = PersonFactory()
    verified(provider, "18", person.email)
    sign_in_by(Client(), "18")
    with running_provider() as other:
        other.configure(settings)
        verified(other, "18", "stranger@example.org")
        client = Client()
        assert sign_in_by(client, "18").status_code == 403
        assert not is_in(client)


# Where the site itself asks


def test_site_asks_configured_hosts_only(provider, caplog):
    person = PersonFactory()
    verified(provider, "19", person.email)
    provider.changes["/.well-known/openid-configuration"] = lambda answer: (
        answer | {"userinfo_endpoint": "http://127.0.0.2:80/userinfo"}
    )
    client = Client()
    assert sign_in_by(client, "19").status_code == 401
    assert "UnknownHost: 127.0.0.2 is not configured" in caplog.text
    assert not is_in(client)


def test_site_follows_no_redirect_of_a_provider(provider):
    from proxeny.accounts.oidc.outbound import ProviderSession, known_origins

    assert known_origins() == {("http", "127.0.0.1", int(provider.url.rsplit(":", 1)[1]))}
    with ProviderSession() as session:
        assert session.get(f"{provider.url}/oauth2/end_session/confirm").status_code == 405
        answer = session.post(
            f"{provider.url}/oauth2/end_session/confirm",
            data={"redirect_uri": "http://169.254.169.254/"},
        )
    assert answer.status_code == 302
    assert not answer.history


def test_further_hosts_are_named_in_the_configuration(provider, settings):
    from proxeny.accounts.oidc.outbound import known_origins

    provider.configure(settings, issuer="https://accounts.example", hosts=["tokens.example"])
    assert known_origins() == {("https", "accounts.example", 443), ("https", "tokens.example", 443)}


def test_page_that_leads_away_lets_no_form_out_and_hands_nothing_on(provider):
    page = Client().post("/accounts/oidc/sso/login/")
    check_page(page)
    assert "form-action 'self';" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "same-origin"


def test_link_changes_nothing_of_what_the_provider_is_asked(provider):
    address = leave(Client(), scope="openid admin", auth_params="prompt=none", redirect_uri="x")
    asked = parse_qs(urlsplit(address).query)
    assert set(asked.pop("scope")[0].split()) == {"openid", "profile", "email"}
    assert asked.pop("redirect_uri") == [f"http://127.0.0.1:8000{BACK}"]
    assert (asked.pop("response_type"), asked.pop("client_id")) == (["code"], ["proxeny"])
    assert asked.pop("code_challenge_method") == ["S256"]
    assert sorted(asked) == ["code_challenge", "nonce", "state"]


def test_link_alone_starts_nothing(provider):
    page = Client().get("/accounts/oidc/sso/login/")
    assert page.status_code == 200
    check_page(page)
    assert "http-equiv" not in page.content.decode()
    assert provider.asked == []


# Invitations


def test_invited_person_comes_in_by_the_provider(provider, world):
    token = token_of(invite(world.a.manager, world.a.cluster, language="fr"))
    client = Client()
    page = client.get(f"/invitations/{token}/").content.decode()
    assert f"/accounts/oidc/sso/login/?process=login&amp;next=%2Finvitations%2F{token}%2F" in page
    verified(provider, "20", ADDRESS)
    answer = sign_in_by(client, "20", next=f"/invitations/{token}/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    person = Person.objects.get(email=ADDRESS)
    assert (person.name, person.language) == ("Invited One", "fr")
    assert not person.account.has_usable_password()
    seat = Seat.objects.get(person=person)
    assert (seat.organisation, seat.role) == (world.a.cluster, "ambassador")
    assert Invitation.objects.get().accepted_at
    again = Client()
    assert sign_in_by(again, "20")["Location"] == "/"
    assert is_in(again)


def test_invitation_to_another_address_is_not_taken(provider, world):
    token = token_of(invite(world.a.manager, world.a.cluster))
    verified(provider, "21", "other@example.org")
    page = sign_in_by(Client(), "21", next=f"/invitations/{token}/")
    assert page.status_code == 403
    assert "for a different address" in reason_of(page)
    assert not Invitation.objects.get().accepted_at
    assert not Account.objects.filter(email__in=[ADDRESS, "other@example.org"]).exists()


def test_unverified_address_does_not_take_the_invitation_to_it(provider, world):
    token = token_of(invite(world.a.manager, world.a.cluster))
    provider.knows("22", email=ADDRESS, email_verified=False)
    assert sign_in_by(Client(), "22", next=f"/invitations/{token}/").status_code == 403
    assert not Invitation.objects.get().accepted_at


@pytest.mark.parametrize("state", ["withdrawn", "expired", "used", "unknown"])
def test_closed_invitation_lets_nobody_in(provider, world, state):
    token = token_of(invite(world.a.manager, world.a.cluster))
    now = timezone.now()
    closed = {
        "withdrawn": {"withdrawn_at": now},
        "used": {"accepted_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "unknown": {"token_hash": "0" * 64},
    }
    Invitation.objects.update(**closed[state])
    verified(provider, "23", ADDRESS)
    page = sign_in_by(Client(), "23", next=f"/invitations/{token}/")
    assert page.status_code == 403
    assert "no longer open" in reason_of(page)
    assert not Account.objects.filter(email=ADDRESS).exists()


def test_person_with_an_account_is_led_back_to_the_invitation(provider, world):
    person = world.nobody_special
    token = token_of(invite(world.a.manager, world.a.cluster, email=person.email))
    verified(provider, "24", person.email)
    client = Client()
    path = f"/invitations/{token}/"
    assert sign_in_by(client, "24", next=path)["Location"] == path
    assert not Seat.objects.filter(person=person).exists()
    client.post(path)
    assert Seat.objects.get(person=person).organisation == world.a.cluster


# Connecting and disconnecting


def test_connecting_needs_the_password_again(provider, sign_in):
    person = PersonFactory()
    provider.knows("25", email="private@example.org", email_verified=False)
    client = sign_in(person)
    check_page(client.get("/accounts/3rdparty/"))
    answer = sign_in_by(client, "25", process="connect")
    assert answer["Location"] == "/accounts/reauthenticate/"
    assert not SocialAccount.objects.exists()
    confirm(client)
    assert SocialAccount.objects.get().user == person.account
    page = client.get("/accounts/3rdparty/")
    check_page(page)
    assert "private@example.org" in page.content.decode()
    assert is_in(client)
    other = Client()
    sign_in_by(other, "25")
    assert is_in(other)


def test_strangers_connect_nothing(provider):
    provider.knows("26", email="x@example.org", email_verified=True)
    answer = sign_in_by(Client(), "26", process="connect")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/3rdparty/")
    assert not SocialAccount.objects.exists()


def test_sign_in_of_somebody_else_is_not_taken_over(provider, sign_in):
    owner, other = PersonFactory(), PersonFactory()
    verified(provider, "27", owner.email)
    client = sign_in(other)
    confirm(client)
    sign_in_by(client, "27", process="connect")
    assert not SocialAccount.objects.exists()
    sign_in_by(Client(), "27")
    sign_in_by(client, "27", process="connect")
    assert SocialAccount.objects.get().user == owner.account


def test_disconnecting_needs_the_password_again_and_another_way_in(provider, sign_in, world):
    person = PersonFactory()
    verified(provider, "28", person.email)
    sign_in_by(Client(), "28")
    client = sign_in(person)
    row = SocialAccount.objects.get()
    client.post("/accounts/3rdparty/", {"account": row.pk})
    assert SocialAccount.objects.exists()
    confirm(client)
    client.post("/accounts/3rdparty/", {"account": row.pk})
    assert not SocialAccount.objects.exists()
    token = token_of(invite(world.a.manager, world.a.cluster))
    verified(provider, "29", ADDRESS)
    newcomer = Client()
    sign_in_by(newcomer, "29", next=f"/invitations/{token}/")
    row = SocialAccount.objects.get()
    page = newcomer.post("/accounts/3rdparty/", {"account": row.pk})
    assert "only way to sign in" in page.content.decode()
    assert SocialAccount.objects.exists()
    stranger = sign_in(PersonFactory())
    confirm(stranger)
    stranger.post("/accounts/3rdparty/", {"account": row.pk})
    assert SocialAccount.objects.exists()
