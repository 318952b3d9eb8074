"""A second factor that a cluster asks of its seats: who has none reaches nothing until it is set up."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.directory.models import ClusterProfile
from proxeny.directory.operations import update_cluster_profile
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.accounts import CalendarFeedFactory, SeatFactory
from tests.factories.directory import ClusterFactory

SECURITY = "/accounts/2fa/"
ASKS = "requires a second factor"


def today():
    return timezone.now().date()


def demand(cluster, *, days=0):
    day = today() + timedelta(days=days)
    ClusterProfile.objects.update_or_create(pk=cluster.pk, defaults={"second_factor_from": day})


def add_factor(person, kind="totp"):
    return Authenticator.objects.create(user=person.account, type=kind, data={})


def is_led(client, address="/"):
    answer = client.get(address)
    return answer.status_code == 302 and answer["Location"] == SECURITY


def test_who_has_none_is_led_to_set_one_up_and_reaches_nothing_else(world, sign_in):
    demand(world.a.cluster)
    client = sign_in(world.a.manager)
    for address in (
        "/",
        "/directory/",
        f"/directory/{world.a.cluster.pk}/",
        "/partnerships/",
        "/people/",
        "/people/me/",
        "/search/?q=a",
        "/privacy/mine/",
        "/calls/",
    ):
        assert is_led(client, address), address
    assert client.post("/people/invite/", {"name": "x"})["Location"] == SECURITY
    part = client.get("/search/?q=a", headers={"HX-Request": "true"})
    assert (part.content, part["HX-Redirect"]) == (b"", SECURITY)
    page = client.get(SECURITY)
    assert page.status_code == 200
    assert ASKS in page.content.decode()
    assert world.a.cluster.name in page.content.decode()
    assert "no-store" in client.get("/")["Cache-Control"]
    assert client.get("/privacy/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_a_factor_opens_the_way_and_its_removal_shuts_it(world, sign_in, kind):
    demand(world.a.cluster)
    client = sign_in(world.a.manager)
    factor = add_factor(world.a.manager, kind)
    assert client.get("/directory/").status_code == 200
    factor.delete()
    assert is_led(client)


def test_recovery_codes_alone_are_none(world, sign_in):
    demand(world.a.cluster)
    add_factor(world.a.manager, "recovery_codes")
    assert is_led(sign_in(world.a.manager))


def test_all_seats_of_the_cluster_are_asked_and_nobody_elses(world, sign_in):
    demand(world.a.cluster)
    for person in (world.a.manager, world.a.ambassador):
        assert is_led(sign_in(person))
    for person in (
        world.b.manager,
        world.c.manager,
        world.a.representatives[0],
        world.nobody_special,
    ):
        assert not is_led(sign_in(person), "/directory/")
    assert not is_led(Client(), "/directory/")


def test_the_whole_account_is_asked_by_any_of_its_seats(world, sign_in, call):
    elsewhere = ClusterFactory()
    juror = SeatFactory(person=world.b.manager, organisation=elsewhere, role=Role.JUROR)
    program = call(world.b.manager, seat=world.b.manager.seats.order_by("pk").first())
    demand(elsewhere)
    assert is_led(sign_in(world.b.manager))
    assert program.get("/people/me").status_code == 403
    juror.ends_on = today() - timedelta(days=1)
    juror.save()
    assert not is_led(sign_in(world.b.manager))
    assert program.get("/people/me").status_code == 200


def test_until_the_day_people_are_reminded_and_reach_everything(world, sign_in, call):
    demand(world.a.cluster, days=10)
    client = sign_in(world.a.manager)
    home = client.get("/").content.decode()
    assert ASKS in home
    assert call(world.a.manager).get("/people/me").status_code == 200
    add_factor(world.a.manager)
    assert ASKS not in client.get("/").content.decode()
    assert ASKS not in sign_in(world.b.manager).get("/").content.decode()


def test_programs_stop_with_a_sentence(world, call):
    program = call(world.a.manager)
    demand(world.a.cluster)
    for answer in (
        program.get("/directory/organisations"),
        program.post("/people/invitations", {}),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:proxeny:problem:second-factor-missing"
        assert world.a.cluster.name in answer.json()["detail"]
    add_factor(world.a.manager)
    assert program.get("/directory/organisations").status_code == 200


def test_the_calendar_is_shut_too(world):
    from proxeny.accounts.queries import hash_token
    from proxeny.meetings.queries.calendar import read_feed

    CalendarFeedFactory(person=world.a.manager, token_hash=hash_token("feed"))
    assert read_feed("feed", now=timezone.now())
    demand(world.a.cluster)
    with pytest.raises(NotFound):
        read_feed("feed", now=timezone.now())


def set_day(person, cluster, day, version=0):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return update_cluster_profile(
            actor=reader,
            cluster_id=cluster.pk,
            version=version,
            changes={"second_factor_from": day},
        )


def test_a_manager_sets_the_day_and_takes_it_back(world):
    day = today() + timedelta(days=14)
    assert set_day(world.a.manager, world.a.cluster, day).second_factor_from == day
    assert set_day(world.a.manager, world.a.cluster, None, version=1).second_factor_from is None
    told = AuditEntry.objects.filter(verb="update_cluster_profile").order_by("pk")
    assert [one.changes for one in told] == [
        {"second_factor_from": [None, str(day)]},
        {"second_factor_from": [str(day), None]},
    ]
    assert {one.organisation_id for one in told} == {world.a.cluster.pk}


@pytest.mark.parametrize("who", ["ambassador", "member", "other side", "third"])
def test_others_cannot_set_it(world, who):
    people = {
        "ambassador": world.a.ambassador,
        "member": world.a.representatives[0],
        "other side": world.b.manager,
        "third": world.c.manager,
    }
    with pytest.raises((NotAllowed, NotFound)):
        set_day(people[who], world.a.cluster, today())


def test_a_cluster_known_from_a_list_cannot_be_asked_for(world):
    listed = ClusterFactory(steward=world.a.cluster)
    with pytest.raises(NotAllowed, match="Only the cluster itself"):
        set_day(world.a.manager, listed, today())


def test_page_and_api_say_and_set_it(world, sign_in, call):
    day = today() + timedelta(days=14)
    address = f"/directory/organisations/{world.a.cluster.pk}/profile"
    program = call(world.a.manager)
    answer = program.patch(address, {"second_factor_from": str(day)}, version=0)
    assert answer.json()["second_factor_from"] == str(day)
    page = sign_in(world.a.manager).get(f"/directory/{world.a.cluster.pk}/profile/")
    assert f'value="{day}"' in page.content.decode()
    # Others see the profile, and nothing of how its people sign in.
    for person in (world.b.manager, world.a.ambassador):
        told = call(person).get(address).json()
        assert told["second_factor_from"] is None
    answer = program.patch(address, {"second_factor_from": None}, version=1)
    assert answer.json()["second_factor_from"] is None
