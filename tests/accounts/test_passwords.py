"""Passwords that are refused: easy to guess, of one's own words, stolen."""

import hashlib
import io
import random
import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.test import Client

from proxeny.accounts.passwords import is_breached
from proxeny.accounts.queries import hash_token
from proxeny.config.environment import BadEnvironment, read_environment
from proxeny.config.settings import PASSWORD_HASHERS
from proxeny.demo.texts import read_content
from proxeny.kernel.models import Mail
from tests.factories.accounts import PASSWORD, InvitationFactory, PersonFactory, SeatFactory
from tests.factories.directory import ClusterFactory

STOLEN = "violet anchor tundra 77"
GUESSABLE, LISTED, UNREADABLE = "easy to guess", "stolen passwords", "can’t be read"


@pytest.fixture
def somebody(db):
    person = PersonFactory(
        name="Ottoline Brackenbury", account__email="ottoline@harrowgate.example"
    )
    SeatFactory(person=person, organisation=ClusterFactory(name="Zephyrion Photonics"))
    return person


@pytest.fixture
def stolen(tmp_path, settings):
    """A file in which one password of ours stands among a thousand others."""
    return make_list(tmp_path, settings, [STOLEN, *(f"other {number}" for number in range(1000))])


def make_list(tmp_path, settings, passwords, *, counted=True, end="\r\n"):
    sums = sorted(
        hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in passwords
    )
    file = tmp_path / "stolen.txt"
    file.write_bytes(
        "".join(
            f"{one}:{n}{end}" if counted else f"{one}{end}" for n, one in enumerate(sums)
        ).encode()
    )
    settings.BREACHED_PASSWORDS = str(file)
    return file


@pytest.mark.parametrize(
    "password",
    [
        "Ottoline Brackenbury",
        "brackenbury.1",
        "Zephyrion-photonics1",
        "harrowgate-ottoline",
        "proxeny-proxeny",
        "qwertyuiop[]",
        "ZEPHYRION+Photonics!",
        "abcabcabcabcabc",
    ],
)
def test_what_is_easy_to_guess_is_refused(somebody, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, somebody.account)
    assert GUESSABLE in " ".join(refused.value.messages)


@pytest.mark.parametrize("password", [PASSWORD, "otter lantern vivid 9", "Jp7#wq-29xLmz"])
def test_good_passwords_are_taken(somebody, stolen, password):
    validate_password(password, somebody.account)


def test_the_words_of_one_person_are_no_bar_to_another(somebody):
    other = PersonFactory(name="Somebody Else", account__email="other@example.org")
    validate_password("Zephyrion-photonics1", other.account)


def test_a_long_password_is_looked_at_in_time(somebody):
    with pytest.raises(ValidationError):
        validate_password("a1" * 2000, somebody.account)


def test_a_stolen_password_is_refused_with_what_to_do(somebody, stolen):
    with pytest.raises(ValidationError, match=f"{LISTED}.*Choose another one"):
        validate_password(STOLEN, somebody.account)


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("many", [1, 2, 3, 250])
def test_each_line_of_the_file_is_found_and_nothing_else(tmp_path, settings, many, counted):
    chance = random.Random(many)
    known = [f"known {chance.random()}" for _ in range(many)]
    file = make_list(tmp_path, settings, known, counted=counted, end="\n")
    assert all(is_breached(one, file) for one in known)
    assert not any(is_breached(f"not {one}", file) for one in known)
    # Of a file whose last line has no end, and one that somebody wrote in small letters.
    file.write_bytes(file.read_bytes().rstrip(b"\n").lower())
    assert all(is_breached(one, file) for one in known)


def test_a_list_that_cannot_be_read_lets_no_password_through(somebody, stolen):
    Path(stolen).unlink()
    with pytest.raises(ValidationError, match=UNREADABLE):
        validate_password(PASSWORD, somebody.account)


def test_the_file_is_looked_at_when_the_site_starts(tmp_path):
    for content in (None, b"password\n", b""):
        file = tmp_path / "list.txt"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(BadEnvironment, match="PROXENY_BREACHED_PASSWORDS"):
            read_environment({"PROXENY_BREACHED_PASSWORDS": str(file)})
    file.write_bytes(b"0" * 40 + b":3\r\n")
    assert read_environment({"PROXENY_BREACHED_PASSWORDS": str(file)})


@pytest.mark.parametrize("password", [STOLEN, "brackenbury.1"])
def test_every_form_refuses_it(somebody, stolen, sign_in, password):
    client = sign_in(somebody)
    again = {"password1": password, "password2": password}
    page = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **again})
    assert (
        'class="invalid-feedback' in page.content.decode() or "has-error" in page.content.decode()
    )
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": somebody.email})
    link = re.search(r"/accounts/password/reset/key/\S+", Mail.objects.latest("pk").text)[0]
    form = visitor.get(link)["Location"]
    page = visitor.post(form, again)
    assert page.status_code == 200
    somebody.account.refresh_from_db()
    assert somebody.account.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "says"),
    [(STOLEN, LISTED), ("Ottoline Brackenbury", GUESSABLE), ("zephyrion photonics", GUESSABLE)],
)
def test_an_invitation_refuses_it(db, stolen, password, says):
    cluster = ClusterFactory(name="Zephyrion Photonics")
    InvitationFactory(organisation=cluster, token_hash=hash_token("a-secret"))
    given = {"name": "Ottoline Brackenbury", "password": password, "language": "en"}
    page = Client().post("/invitations/a-secret/", given)
    assert page.status_code == 422
    assert says in page.content.decode()


def test_the_demo_signs_in_with_its_password(db):
    shown = read_content("people")["password"]
    person = PersonFactory(account__password=shown)
    answer = Client().post("/accounts/login/", {"login": person.email, "password": shown})
    assert answer.status_code == 302


def test_the_command_refuses_it(somebody, stolen, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt="": STOLEN)
    said = io.StringIO()
    command = changepassword.Command(stderr=said, stdout=io.StringIO())
    with pytest.raises(CommandError):
        command.handle(username=somebody.email, database="default")
    assert LISTED in said.getvalue()


def test_a_password_that_was_kept_the_old_way_is_kept_the_new_way_after_the_next_sign_in(
    world, settings
):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    account = world.a.manager.account
    account.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    account.save(update_fields=["password"])
    client = Client()
    answer = client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.password.startswith("argon2$argon2id$")
    assert account.check_password(PASSWORD)
