"""The whole agenda on one page: who sees it, what it tells, and when the browser's copy counts."""

from datetime import timedelta

import pytest
from django.db.models import Case, F, Value, When
from django.test import Client
from django.urls import reverse

from proxeny.accounts.adapter import SEEN_AT
from proxeny.directory.models import Organisation
from proxeny.events.models import AgendaEntry, Event, Group, Slot, Table
from proxeny.kernel.conditional_requests import NOT_SHOWN
from proxeny.partnerships.models import Party
from tests.events.agenda.conftest import Fair
from tests.factories.notices import NoticeFactory
from tests.stages import staged


@staged
def address(published: Fair) -> str:
    return reverse("events:whole-agenda", args=[published.id])


def _again(client: Client, address: str, tag: str):
    return client.get(address, headers={"if-none-match": tag})


def test_both_sides_see_every_meeting(published, address, sign_in):
    for person in (published.world.a.manager, published.world.b.ambassador):
        text = sign_in(person).get(address).content.decode()
        for entry in published.entries():
            assert entry.first.organisation.name in text
            assert f"/meetings/{entry.pk}/" in text


def test_others_see_nothing_of_it(published, address, sign_in, client):
    assert client.get(address).status_code == 302
    assert sign_in(published.world.c.manager).get(address).status_code == 404
    assert sign_in(published.world.nobody_special).get(address).status_code in (403, 404)
    # Who takes part, and does not organise, is led to the own agenda.
    led = sign_in(published.world.a.representatives[0]).get(address)
    assert led["Location"] == reverse("events:my-agenda", args=[published.id])


def test_an_unchanged_page_is_not_sent_twice(published, address, sign_in):
    client = sign_in(published.manager)
    first = client.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first["Vary"]
    again = _again(client, address, first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "no-store" not in again["Cache-Control"]


def test_nobody_elses_copy_counts(published, address, sign_in):
    tag = sign_in(published.manager).get(address)["ETag"]
    assert _again(sign_in(published.world.b.manager), address, tag).status_code == 200
    assert _again(sign_in(published.manager), address, tag).status_code == 200  # another sign-in
    assert _again(sign_in(published.world.c.manager), address, tag).status_code == 404
    assert _again(Client(), address, tag).status_code == 302


def _rename(fair: Fair) -> None:
    one = fair.of.french[0].organisation
    Organisation.objects.filter(pk=one.pk).update(name="Renamed at once")


def _lock(fair: Fair) -> None:
    AgendaEntry.objects.filter(pk=fair.entries()[0].pk).update(is_locked=True)


def _call_off(fair: Fair) -> None:
    AgendaEntry.objects.filter(pk=fair.entries()[0].pk).update(is_live=False)


def _rename_table(fair: Fair) -> None:
    Table.objects.filter(event=fair.of.event, number=1).update(name="By the window")


def _retitle(fair: Fair) -> None:
    Event.objects.filter(pk=fair.id).update(title="Another title")


def _write_small(fair: Fair) -> None:
    one = fair.of.french[0].organisation
    Organisation.objects.filter(pk=one.pk).update(name=one.name.swapcase())


def _exchange_names(fair: Fair) -> None:
    """The same words as before, elsewhere."""
    one, other = (part.organisation for part in fair.of.french[:2])
    assert one.name != other.name
    Organisation.objects.filter(pk=one.pk).update(name=other.name)
    Organisation.objects.filter(pk=other.pk).update(name=one.name)


def _postpone(fair: Fair) -> None:
    Slot.objects.filter(pk=fair.entries()[0].slot_id).update(
        starts_at=F("starts_at") + timedelta(minutes=1)
    )


def _change_sides(fair: Fair) -> None:
    Group.objects.filter(event=fair.of.event).update(
        side=Case(When(side="A", then=Value("B")), default=Value("A"))
    )


@pytest.mark.parametrize(
    "change",
    [
        _rename,
        _write_small,
        _exchange_names,
        _lock,
        _call_off,
        _rename_table,
        _postpone,
        _change_sides,
        _retitle,
    ],
)
def test_a_change_shows_at_once(published, address, sign_in, change):
    clients = [sign_in(side.manager) for side in (published.world.a, published.world.b)]
    before = [client.get(address) for client in clients]
    change(published)
    for client, page in zip(clients, before, strict=True):
        after = _again(client, address, page["ETag"])
        assert after.status_code == 200
        assert after["ETag"] != page["ETag"]


def test_who_left_is_shown_nothing_whatever_the_browser_kept(published, address, sign_in):
    world = published.world
    sides = {name: sign_in(side.manager) for name, side in (("a", world.a), ("b", world.b))}
    tags = {name: client.get(address)["ETag"] for name, client in sides.items()}
    Party.objects.filter(organisation=world.b.cluster).update(state="left")
    assert _again(sides["b"], address, tags["b"]).status_code == 404
    # A seat that ends takes the page away on the other side, too.
    world.a.manager.seats.update(ends_on="2020-01-01", starts_on="2019-01-01")
    assert _again(sides["a"], address, tags["a"]).status_code in (403, 404)


def test_another_language_is_another_page(published, address, sign_in):
    client = sign_in(published.manager)
    tag = client.get(address)["ETag"]
    client.cookies["django_language"] = "ar"
    page = _again(client, address, tag)
    assert page.status_code == 200
    assert 'dir="rtl"' in page.content.decode()


def test_a_page_that_says_something_once_is_not_kept(published, address, sign_in):
    client = sign_in(published.manager)
    tag = client.get(address)["ETag"]
    entry = published.entries()[0]
    client.post(reverse("events:entry-lock", args=[published.id, entry.pk]), {"locked": "1"})
    said = _again(client, address, tag)
    assert "Locked" in said.content.decode()
    assert "ETag" not in said
    assert "no-store" in said["Cache-Control"]


def test_the_bell_above_the_page_is_part_of_it(published, address, sign_in):
    client = sign_in(published.manager)
    tag = client.get(address)["ETag"]
    NoticeFactory(person=published.manager)
    assert _again(client, address, tag).status_code == 200


def test_the_same_queries_for_more_meetings(
    published, address, sign_in, django_assert_max_num_queries
):
    client = sign_in(published.manager)
    tag = client.get(address)["ETag"]
    with django_assert_max_num_queries(16):
        client.get(address)
    with django_assert_max_num_queries(12):
        assert _again(client, address, tag).status_code == 304


def test_the_session_is_part_of_the_tag_but_for_when_it_was_seen():
    assert {SEEN_AT} == NOT_SHOWN
