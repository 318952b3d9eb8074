"""Who hosts an event: set by managers of either side, and shown to its circle."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.events import operations as ops
from proxeny.events.models import Event
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.partnerships.models import Party
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.factories.world import make_event
from tests.forms import form_of
from tests.stages import staged

REFUSED = "The host must be one of the sides in this partnership."


@staged
def made(world):
    return make_event(world)


@staged
def sides(world):
    return list(world.partnership.parties.order_by("side"))


def add_party(world, state=Party.State.JOINED):
    return PartyFactory(
        partnership=world.partnership, organisation=world.c.cluster, side="C", state=state
    )


def set_host(acting, person, event, host_id):
    event.refresh_from_db()
    facts = replace(ops.EventFacts.of(event), host_id=host_id)
    with acting(person) as reader:
        ops.update_event(actor=reader, event_id=event.pk, version=event.version, facts=facts)
    event.refresh_from_db()
    return event.host_id


# Who may set it, and to what.


def test_managers_of_both_sides_say_who_hosts(world, acting, made, sides):
    for person in (world.a.manager, world.b.manager):
        for party in sides:
            assert set_host(acting, person, made.event, party.pk) == party.pk
        assert set_host(acting, person, made.event, None) is None


def test_nobody_else_says_who_hosts(world, acting, made, sides):
    for person, refusal in (
        (world.a.ambassador, NotAllowed),
        (world.b.representatives[0], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(refusal):
            set_host(acting, person, made.event, sides[0].pk)
    made.event.refresh_from_db()
    assert made.event.host_id is None


def _party_elsewhere(cluster):
    elsewhere = PartnershipFactory(lead=cluster)
    return PartyFactory(partnership=elsewhere, organisation=cluster, side="A").pk


NO_HOSTS = {
    "a party of a partnership of others": lambda world: _party_elsewhere(world.c.cluster),
    "A's own party in another partnership": lambda world: _party_elsewhere(world.a.cluster),
    "one that has left": lambda world: add_party(world, Party.State.LEFT).pk,
    "one that is only invited": lambda world: add_party(world, Party.State.INVITED).pk,
    "no party": lambda world: 2**62,
}


@pytest.mark.parametrize("case", NO_HOSTS)
def test_who_takes_no_part_is_refused(world, acting, sign_in, call, made, case):
    host = NO_HOSTS[case](world)
    for person in (world.a.manager, world.b.manager):
        with pytest.raises(InvalidInput) as refused:
            set_host(acting, person, made.event, host)
        assert (refused.value.field, str(refused.value)) == ("host_id", REFUSED)
        page, browser = reverse("events:setup", args=[made.event.pk]), sign_in(person)
        answer = browser.post(page, form_of(browser.get(page)) | {"host_id": host})
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"host_id": [REFUSED]}
        path = f"/events/{made.event.pk}"
        answer = call(person).patch(path, {"host_id": host}, version=1)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"detail": REFUSED, "pointer": "#/host_id"}]
    assert Event.objects.get(pk=made.event.pk).host_id is None


def test_a_new_event_is_refused_the_same_way(world, acting, made):
    facts = replace(ops.EventFacts.of(made.event), host_id=2**62)
    with acting(world.a.manager) as reader, pytest.raises(InvalidInput) as refused:
        ops.create_event(actor=reader, partnership_id=world.partnership.pk, facts=facts)
    assert refused.value.field == "host_id"
    assert Event.objects.count() == 1


def test_who_has_left_since_stays_the_host_until_somebody_changes_it(
    world, acting, sign_in, made, sides
):
    third = add_party(world)
    set_host(acting, world.a.manager, made.event, third.pk)
    Party.objects.filter(pk=third.pk).update(state=Party.State.LEFT)
    page, browser = reverse("events:setup", args=[made.event.pk]), sign_in(world.b.manager)
    shown = form_of(browser.get(page))
    assert shown["host_id"] == [str(third.pk)]
    assert browser.post(page, shown | {"title": "Another"}).status_code == 302
    made.event.refresh_from_db()
    assert (made.event.title, made.event.host_id) == ("Another", third.pk)
    set_host(acting, world.b.manager, made.event, sides[1].pk)
    with pytest.raises(InvalidInput):
        set_host(acting, world.b.manager, made.event, third.pk)


def test_a_party_that_is_no_more_leaves_an_event_without_host(world, acting, made):
    third = add_party(world)
    set_host(acting, world.a.manager, made.event, third.pk)
    third.delete()
    assert Event.objects.get(pk=made.event.pk).host_id is None


# The pages.


def choices_of(answer):
    return list(answer.context["form"].fields["host_id"].choices)


def test_the_form_offers_the_sides_that_take_part(world, sign_in, made, sides):
    add_party(world, Party.State.LEFT)
    page = reverse("events:setup", args=[made.event.pk])
    for person in (world.a.manager, world.b.manager):
        assert choices_of(sign_in(person).get(page)) == [
            ("", "both together, or online"),
            (sides[0].pk, "Greek cluster"),
            (sides[1].pk, "French cluster"),
        ]
    Party.objects.filter(side="C").update(state=Party.State.JOINED)
    offered = choices_of(sign_in(world.c.manager).get(page))
    assert [name for _pk, name in offered] == [
        "all together, or online",
        "Greek cluster",
        "French cluster",
        "Other cluster",
    ]


def test_a_new_event_is_given_its_host_at_once(world, sign_in, sides):
    browser, page = sign_in(world.b.manager), reverse("events:create")
    day = timezone.now().date() + timedelta(days=60)
    typed = {
        "partnership": world.partnership.pk,
        "title": "Autumn meetings",
        "place": "Athens",
        "time_zone": "Europe/Athens",
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "deadline_at": (day - timedelta(days=9)).isoformat(),
        "deadline_time": "18:00",
    }
    assert len(choices_of(browser.get(page))) == 3
    assert browser.post(page, {**typed, "host_id": sides[0].pk}).status_code == 302
    assert Event.objects.get().host == sides[0]
    # With two partnerships the sides stand under their titles; those of one are none of the other.
    other = PartnershipFactory(title="Paris – Casablanca", lead=world.b.cluster)
    for side, cluster in (("A", world.b.cluster), ("B", world.c.cluster)):
        PartyFactory(partnership=other, organisation=cluster, side=side)
    guests = [(one.pk, one.organisation.name) for one in other.parties.order_by("side")]
    assert choices_of(browser.get(page))[1:] == [
        ("Athens – Paris", [(sides[0].pk, "Greek cluster"), (sides[1].pk, "French cluster")]),
        ("Paris – Casablanca", guests),
    ]
    wrong = browser.post(page, {**typed, "host_id": guests[1][0]})
    assert wrong.context["form"].errors == {"host_id": [REFUSED]}
    assert Event.objects.count() == 1


def test_the_events_page_says_who_hosts(world, sign_in, made, sides):
    page = reverse("events:detail", args=[made.event.pk])
    readers = [
        sign_in(one)
        for one in (
            world.a.manager,
            world.a.representatives[0],
            world.b.ambassador,
            world.b.representatives[0],
        )
    ]
    for browser in readers:
        assert "hosts" not in browser.get(page).text
    Event.objects.update(host=sides[0])
    for browser in readers:
        assert "Greek cluster hosts" in browser.get(page).text
    assert sign_in(world.c.manager).get(page).status_code == 404


def test_two_who_say_different_hosts_at_once_decide(world, sign_in, made, sides):
    page = reverse("events:setup", args=[made.event.pk])
    clients = [sign_in(world.a.manager), sign_in(world.b.manager)]
    first, second = [form_of(client.get(page)) for client in clients]
    assert clients[0].post(page, first | {"host_id": sides[0].pk}).status_code == 302
    clash = clients[1].post(page, second | {"host_id": sides[1].pk, "summary": "Films"})
    assert clash.status_code == 409
    difference = clash.context["form"].versions.differences[0]
    assert (difference.name, difference.saved, difference.typed, difference.author.name) == (
        "host_id",
        "Greek cluster",
        "French cluster",
        "Greek manager",
    )
    assert Event.objects.get().host == sides[0]
    chosen = form_of(clash) | {"version-take": "typed"}
    assert clients[1].post(page, chosen).status_code == 302
    assert (Event.objects.get().host, Event.objects.get().summary) == (sides[1], "Films")


def test_taking_the_host_away_is_a_version_too(world, sign_in, made, sides):
    Event.objects.update(host=sides[0])
    page = reverse("events:setup", args=[made.event.pk])
    clients = [sign_in(world.a.manager), sign_in(world.b.manager)]
    first, second = [form_of(client.get(page)) for client in clients]
    assert clients[0].post(page, first | {"host_id": ""}).status_code == 302
    clash = clients[1].post(page, second | {"host_id": sides[1].pk})
    assert clash.status_code == 409
    assert clash.context["form"].versions.differences[0].saved == "both together, or online"
    # Who changed something else takes what the other saved.
    assert clients[0].post(page, first | {"title": "Spring"}).status_code == 302
    assert (Event.objects.get().host, Event.objects.get().title) == (None, "Spring")


def test_the_history_names_the_hosts(world, acting, sign_in, made, sides):
    set_host(acting, world.a.manager, made.event, sides[0].pk)
    set_host(acting, world.b.manager, made.event, sides[1].pk)
    set_host(acting, world.b.manager, made.event, None)
    page = reverse("history:show", args=["event", made.event.pk])
    for person in (world.a.manager, world.b.manager):
        found = [
            (change.label, change.before, change.after)
            for row in sign_in(person).get(page).context["items"]
            for change in row.changes
        ]
        assert found == [
            ("Host", "French cluster", "–"),
            ("Host", "Greek cluster", "French cluster"),
            ("Host", "–", "Greek cluster"),
        ]


# The API.


def test_a_program_reads_and_sets_the_host(world, call, sides):
    a, b = call(world.a.manager), call(world.b.manager)
    facts = {
        "title": "Next spring",
        "place": "Lyon",
        "time_zone": "Europe/Paris",
        "starts_on": "2084-05-03",
        "ends_on": "2084-05-04",
        "deadline_at": "2084-04-20T12:00:00Z",
        "partnership": world.partnership.pk,
    }
    assert a.post("/events", facts).json()["host_id"] is None
    event = a.post("/events", facts | {"host_id": sides[1].pk}).json()
    path = f"/events/{event['id']}"
    assert event["host_id"] == b.get(path).json()["host_id"] == sides[1].pk
    kept = b.patch(path, {"title": "Spring"}, version=1).json()
    assert (kept["title"], kept["host_id"]) == ("Spring", sides[1].pk)
    assert b.patch(path, {"host_id": sides[0].pk}, version=2).json()["host_id"] == sides[0].pk
    assert a.patch(path, {"host_id": None}, version=3).json()["host_id"] is None
    for value in (0, -1, 2**63, "A"):
        assert a.patch(path, {"host_id": value}, version=4).status_code == 422
    assert a.patch(path, {"host": sides[0].pk}, version=4).status_code == 422
    assert call(world.a.ambassador).patch(path, {"host_id": None}, version=4).status_code == 403
    assert call(world.c.manager).patch(path, {"host_id": None}, version=4).status_code == 404
