"""The history of a record over the API: as its page tells it, within the token's scopes."""

import pytest
from django.utils import timezone

from proxeny.accounts.operations import end_seat
from proxeny.directory.operations import ListingText, add_listing, update_organisation
from proxeny.events.operations import NewTable, set_tables
from proxeny.webhooks.operations import pause_webhook
from tests.conftest import reader_of
from tests.factories.directory import MemberImportFactory
from tests.factories.webhooks import WebhookFactory
from tests.factories.world import make_event
from tests.stages import staged


@staged
def member(world):
    """A member whose entry was changed, with a new offer, and without its representative."""
    found, actor = world.a.members[0], reader_of(world.a.manager)
    update_organisation(
        actor=actor, organisation_id=found.pk, version=found.version, changes={"city": "Patras"}
    )
    add_listing(
        actor=actor,
        organisation_id=found.pk,
        now=timezone.now(),
        text=ListingText(direction="offer", title="Sensors"),
    )
    end_seat(
        actor=actor, seat_id=world.a.representatives[0].seats.get().pk, today=timezone.now().date()
    )
    return found


def told(program, path, **query) -> list[dict]:
    answer = program.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_what_changed_is_told_newest_first_page_by_page(world, member, call):
    program, path = call(world.a.manager), f"/directory/organisations/{member.pk}/history"
    seat, offer, change = told(program, path)
    assert [one["verb"] for one in (seat, offer, change)] == [
        "end_seat",
        "add_listing",
        "update_organisation",
    ]
    assert (change["sentence"], change["by"]) == ("Changed the entry", "Greek manager")
    assert change["changes"] == [{"label": "City", "before": "–", "after": "Patras"}]
    assert told(program, path, verb="add_listing") == [offer]
    page = program.get(path, {"page_size": 1}).json()
    assert page["results"] == [seat]
    rest = program.get(page["next"].removeprefix("http://testserver")).json()
    assert rest["results"] == [offer]


def test_seats_are_told_to_programs_that_may_read_people(world, member, call):
    path = f"/directory/organisations/{member.pk}/history"
    program = call(world.a.manager, "directory:read")
    assert [one["verb"] for one in told(program, path)] == ["add_listing", "update_organisation"]
    assert told(program, path, verb="end_seat") == []
    assert call(world.a.manager, "people:read").get(path).status_code == 403


def test_each_reads_what_their_seat_may_read(world, member, call):
    path = f"/directory/organisations/{member.pk}/history"
    assert told(call(world.b.manager), path) == [], "the other side sees the entry, not its history"
    assert call(world.c.manager).get(path).status_code == 404
    person = f"/people/persons/{world.a.representatives[1].pk}/history"
    assert call(world.b.manager).get(person).status_code == 404


def test_events_imports_webhooks_and_people_have_one_too(world, call):
    actor, program = reader_of(world.a.manager), call(world.a.manager)
    event = make_event(world).event
    set_tables(
        actor=actor, event_id=event.pk, version=event.version, tables=[NewTable(name="Window")]
    )
    assert told(program, f"/events/{event.pk}/history")[0]["verb"] == "set_tables"
    webhook = WebhookFactory(organisation=world.a.cluster)
    pause_webhook(actor=actor, webhook_id=webhook.pk)
    assert told(program, f"/webhooks/{webhook.pk}/history")[0]["verb"] == "pause_webhook"
    program.patch("/people/profile", {"language": "fr"}, version="*")
    mine = f"/people/persons/{world.a.manager.pk}/history"
    answer = told(program, mine)
    assert (answer[0]["verb"], answer[0]["changes"][0]["after"]) == ("change_profile", "fr")
    brought = MemberImportFactory(cluster=world.a.cluster)
    assert told(program, f"/directory/imports/{brought.pk}/history") == []
    for path in ("events", "webhooks", "directory/imports", "people/persons"):
        assert program.get(f"/{path}/{2**62}/history").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_history_takes_the_same_queries(world, call, count, django_assert_num_queries):
    member, program = world.a.members[0], call(world.a.manager)
    for number in range(count):
        program.patch(f"/directory/organisations/{member.pk}", {"city": f"{number}"}, version="*")
    with django_assert_num_queries(QUERIES):
        assert len(told(program, f"/directory/organisations/{member.pk}/history")) == count


QUERIES = 16
