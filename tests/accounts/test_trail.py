"""The history of a record, as the two sides and others read it."""

import ast
from functools import partial
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import proxeny
from proxeny.accounts.operations import end_seat, invite_person
from proxeny.directory.operations import ListingText, add_listing, update_organisation
from proxeny.events.operations import (
    NewTable,
    set_request,
    set_tables,
    withdraw_participation,
)
from proxeny.kernel import audit
from tests.conftest import reader_of
from tests.factories.rooms import ActionFactory
from tests.factories.world import make_event
from tests.stages import staged

ROOT = Path(proxeny.__file__).parent


def written_verbs() -> set[str]:
    """Each verb that some operation records, as far as it is written out."""
    found = set()
    for path in ROOT.rglob("*.py"):
        if "demo" in path.parts or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            writes = name in {"record", "_record", "_enter", "_set_status"}
            words = [one.value for one in call.keywords if one.arg == "verb"]
            words += call.args[:4] if writes else []
            found |= {
                node.value
                for word in words
                for node in ast.walk(word)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "_" in node.value
                and node.value.islower()
                and node.value.isidentifier()
            }
    return found


def test_every_deed_has_a_sentence(db):
    verbs = written_verbs()
    assert {"update_organisation", "set_tables", "end_partnership", "end_seat"} <= verbs
    assert verbs - set(audit.sentences()) == set()


@staged
def changed(world):
    member = world.a.members[0]
    update_organisation(
        actor=reader_of(world.a.manager),
        organisation_id=member.pk,
        version=member.version,
        changes={"city": "Patras", "summary": "=1+1"},
    )
    return member


def test_a_changed_entry_tells_who_changed_what(world, changed, sign_in):
    page = sign_in(world.a.manager).get(f"/history/organisation/{changed.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Changed the entry" in text
    assert "Greek manager" in text
    assert "Patras" in text
    part = sign_in(world.a.manager).get(
        f"/history/organisation/{changed.pk}/?part=1", headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    assert "Patras" in part.content.decode()


def test_others_read_nothing_of_it(world, changed, sign_in):
    address = f"/history/organisation/{changed.pk}/"
    for person in (world.b.manager, world.a.representatives[1]):
        page = sign_in(person).get(address)
        assert page.status_code == 200, person.name
        assert "Patras" not in page.content.decode(), person.name
        assert "Nothing recorded here yet" in page.content.decode()
    assert sign_in(world.c.manager).get(address).status_code == 404
    assert sign_in(world.a.manager).get("/history/nothing/1/").status_code == 404


def test_the_export_holds_no_formula(world, changed, sign_in):
    client = sign_in(world.a.manager)
    text = client.get(f"/history/organisation/{changed.pk}/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "When,What,About,By,Reason,Changed"
    assert "Changed the entry" in text
    assert "\n=" not in text
    assert ",=" not in text


def test_seats_and_invitations_belong_to_their_organisation(world, sign_in):
    now = timezone.now()
    invite_person(
        actor=reader_of(world.a.manager),
        organisation_id=world.a.cluster.pk,
        role="ambassador",
        name="New ambassador",
        email="new@example.org",
        now=now,
    )
    end_seat(
        actor=reader_of(world.a.manager),
        seat_id=world.a.ambassador.seats.get().pk,
        today=now.date(),
    )
    client = sign_in(world.a.manager)
    address = f"/history/organisation/{world.a.cluster.pk}/"
    text = client.get(address).content.decode()
    assert "Invited someone to a role" in text
    assert "Ended a role" in text
    only = client.get(f"{address}?what=end_seat").content.decode()
    assert only.count("<strong>Ended a role</strong>") == 1
    assert "<strong>Invited" not in only


def test_both_sides_read_an_events_history(world, sign_in):
    event = make_event(world).event
    set_tables(actor=reader_of(world.b.manager), event_id=event.pk, tables=[NewTable(name="One")])
    for person in (world.a.manager, world.b.manager):
        page = sign_in(person).get(f"/history/event/{event.pk}/").content.decode()
        assert "Set the tables" in page, person.name
        assert "French manager" in page, person.name
    assert sign_in(world.c.manager).get(f"/history/event/{event.pk}/").status_code == 404


def test_one_query_count_for_few_and_for_many(world, sign_in):
    client, member = sign_in(world.a.manager), world.a.members[0]
    address = f"/history/organisation/{member.pk}/"

    def change(number: int) -> None:
        member.refresh_from_db()
        update_organisation(
            actor=reader_of(world.a.manager),
            organisation_id=member.pk,
            version=member.version,
            changes={"city": f"City {number}"},
        )

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    change(1)
    count()
    few = count()
    for number in range(2, 6):
        change(number)
    assert count() == few


def test_what_stands_in_many_rows_is_asked_for_once(world, sign_in):
    client, sides = sign_in(world.a.manager), world.partnership.parties.order_by("pk")
    action = ActionFactory(partnership=world.partnership)
    people = [world.a.manager.pk, world.a.ambassador.pk]
    parties = [one.pk for one in sides]
    address = f"/history/action/{action.pk}/"

    def change() -> None:
        record = partial(audit.record, reader_of(world.a.manager), "change_action", action)
        for pairs in ({"person": people, "party": parties}, {"charges": [people, people[:1]]}):
            record(partnership_id=world.partnership.pk, changes=pairs)

    change()
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(4):
        change()
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert len(many) == len(few)
    assert page.count(world.a.ambassador.name) == 10
    assert page.count(sides[1].organisation.name) >= 5


def test_a_time_is_told_in_the_readers_zone(world, changed, sign_in):
    world.a.manager.time_zone = "Pacific/Auckland"
    world.a.manager.save()
    page = sign_in(world.a.manager).get(f"/history/organisation/{changed.pk}/").content.decode()
    assert "+13:00" in page


def test_long_texts_are_compared_word_by_word(world, sign_in):
    member = world.a.members[0]
    long = "We restore buildings and make them open to whoever loves them or studies them, "
    for text in (f"{long}in Athens.", f"{long}in Patras."):
        member.refresh_from_db()
        update_organisation(
            actor=reader_of(world.a.manager),
            organisation_id=member.pk,
            version=member.version,
            changes={"summary": text, "country": "GR", "languages": ["fr", "el"]},
        )
    page = sign_in(world.a.manager).get(f"/history/organisation/{member.pk}/").content.decode()
    assert "<mark>Athens.</mark>" in page
    assert "<mark>Patras.</mark>" in page
    assert "French, Greek" in page


def test_what_something_was_done_to_is_named(world, sign_in):
    event = make_event(world)
    first, second = event.greek[0], event.french[0]
    set_request(
        actor=reader_of(world.a.representatives[0]),
        participation_id=first.pk,
        target_id=second.pk,
        kind="wish",
        now=timezone.now(),
    )
    client = sign_in(world.a.representatives[0])
    page = client.get(f"/history/event/{event.event.pk}/").content.decode()
    assert f"Chose who to meet</strong> <bdi>{second.organisation.name}</bdi>" in page
    add_listing(
        actor=reader_of(world.a.manager),
        organisation_id=first.organisation_id,
        text=ListingText(direction="offer", title="Guides by ear"),
        now=timezone.now(),
    )
    address = f"/history/organisation/{first.organisation_id}/"
    page = sign_in(world.a.manager).get(address).content.decode()
    assert "Wrote an offer or need</strong> <bdi>Guides by ear</bdi>" in page


def test_people_who_are_not_shown_are_not_said_to_have_left(world, sign_in):
    event = make_event(world)
    withdraw_participation(
        actor=reader_of(world.b.representatives[0]),
        participation_id=event.french[0].pk,
        reason="Ill",
        now=timezone.now(),
    )
    page = sign_in(world.a.manager).get(f"/history/event/{event.event.pk}/").content.decode()
    assert "Someone whose name isn’t visible to you" in page
    assert world.b.representatives[0].name not in page
