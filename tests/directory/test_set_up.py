"""Set-up in the browser: the first cluster of an installation and its manager, by a code."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from proxeny.accounts.models import Account, Seat
from proxeny.directory import operations
from proxeny.directory.command import found_from_command_line, setup_lines
from proxeny.directory.models import Organisation

PASSWORD = "tall oaks from acorns"
GIVEN = {
    "cluster": "Our cluster",
    "country": "GR",
    "language": "fr",
    "time_zone": "",
    "person": "Ada North",
    "email": "Ada@example.org",
    "password": PASSWORD,
}


@pytest.fixture
def address(db):
    return f"/set-up/{operations.setup_code()}/"


def test_an_empty_installation_says_that_it_is_not_set_up(db):
    page = Client().get("/").content.decode()
    assert "This installation is not set up yet" in page
    assert "/set-up/" in page
    assert operations.setup_code() not in page
    first, second = setup_lines()
    assert "not set up yet" in first
    assert f"/set-up/{operations.setup_code()}/" in second


def test_the_code_makes_the_cluster_and_signs_its_manager_in(address):
    client = Client()
    assert client.get(address).status_code == 200
    answer = client.post(address, GIVEN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    cluster = Organisation.objects.get()
    assert (cluster.name, cluster.country, cluster.kind) == ("Our cluster", "GR", "cluster")
    seat = Seat.objects.select_related("person__account").get()
    person = seat.person
    assert (person.name, seat.role, person.email) == ("Ada North", "manager", "ada@example.org")
    assert (person.language, person.time_zone) == ("fr", "Europe/Athens")
    assert person.account.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person.account).verified
    page = client.get("/").content.decode()
    assert "Bonjour" in page


def test_once_there_is_a_cluster_nothing_of_it_is_left(address):
    Client().post(address, GIVEN)
    for path in (address, "/set-up/"):
        assert Client().get(path).status_code == 404
        assert Client().post(path, {**GIVEN, "email": "eve@example.org"}).status_code == 404
    assert setup_lines() == []
    assert "not set up yet" not in Client().get("/").content.decode()
    assert Account.objects.count() == Organisation.objects.count() == 1


def test_a_wrong_code_makes_nothing_and_tells_nothing(db):
    for code in ("abcd-efgh-ijkl-mnop", "x", "κωδικός"):
        assert Client().get(f"/set-up/{code}/").status_code == 404
        assert Client().post(f"/set-up/{code}/", GIVEN).status_code == 404
        answer = Client().post("/set-up/", {"code": code})
        assert answer.status_code == 422
    assert not Organisation.objects.exists()


def test_the_typed_code_leads_on_however_it_is_written(address):
    code = operations.setup_code()
    for typed in (code, code.upper(), code.replace("-", ""), f" {code} "):
        answer = Client().post("/set-up/", {"code": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, address)


def test_too_many_codes_are_told_to_wait(db):
    client = Client()
    found = [client.post("/set-up/", {"code": "wrong"}).status_code for _ in range(40)]
    assert found[0] == 422
    assert found[-1] == 429
    assert client.post("/set-up/", {"code": operations.setup_code()}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "Our cluster 1"}, "too similar"),
        ({"cluster": " "}, "required"),
        ({"country": "XX"}, "valid choice"),
        ({"email": "nobody"}, "valid email"),
        ({"time_zone": "Mars/Olympus"}, "valid choice"),
    ],
)
def test_bad_input_makes_nothing_and_keeps_what_was_typed(address, changes, words):
    answer = Client().post(address, {**GIVEN, **changes}, headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Ada North" in page
    assert Organisation.objects.count() == Account.objects.count() == 0


def test_somebody_who_signs_in_already_is_not_taken_over(address):
    Account.objects.create_user("ada@example.org", "a password of long ago")
    answer = Client().post(address, GIVEN)
    assert answer.status_code == 422
    assert Account.objects.get().check_password("a password of long ago")
    assert not Organisation.objects.exists()


def test_the_command_leads_to_a_password_of_ones_own(db):
    said = found_from_command_line(
        cluster_name="North", country="GR", email="you@example.org", person="You"
    )
    link = said.rpartition(" ")[2]
    client = Client()
    page = client.get(link[link.index("/accounts/") :], follow=True)
    assert page.status_code == 200
    given = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(page.redirect_chain[-1][0], given)
    assert Account.objects.get().check_password(PASSWORD)


def test_looking_costs_the_same_however_much_there_is(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert Client().get("/set-up/").status_code == 404
