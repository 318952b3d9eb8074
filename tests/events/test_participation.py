"""Inviting, registering, withdrawing and arriving."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from proxeny.accounts.models import Person
from proxeny.events import operations as ops
from proxeny.events.models import Event, Participation
from proxeny.events.queries import participants_of
from proxeny.events.queries.participants import invitable, own_participations, prefill_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Mail
from tests.events.inviting import write_invitations
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.events import AgendaEntryFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.world import make_event
from tests.stages import staged

NOW = datetime(2083, 1, 10, 9, 0, tzinfo=UTC)


@staged
def empty(world):
    """An open event without participants."""
    made = make_event(world)
    Participation.objects.all().delete()
    return made.event


def words(**values):
    return ops.Registration(**{"contact": "Who comes", "languages": ["en", "fr"], **values})


def invite(reader, event, members, **values):
    return ops.invite_members(
        actor=reader,
        event_id=event.pk,
        organisation_ids=[one.pk for one in members],
        now=NOW,
        **values,
    )


def test_manager_invites_own_members_once_each_in_their_language(world, empty, acting):
    second = PersonFactory(name="Second person", language="fr")
    SeatFactory(person=second, organisation=world.a.members[0])
    with acting(world.a.manager) as reader:
        made = invite(reader, empty, world.a.members)
        assert [(one.state, one.group.side) for one in made] == [("invited", "A")] * 3
        assert made[0].contact == world.a.representatives[0].name
        assert invite(reader, empty, world.a.members) == []
    write_invitations()
    mails = Mail.objects.filter(key__startswith="event-invitation:")
    assert sorted(mail.recipient for mail in mails) == sorted(
        [second.email, *(one.email for one in world.a.representatives)]
    )


def test_organisation_without_people_gets_its_mail_at_the_contact_address(world, empty, acting):
    quiet = OrganisationFactory(
        steward=world.a.cluster, email="hello@quiet.example", contact="The office"
    )
    with acting(world.a.manager) as reader:
        invite(reader, empty, [quiet])
    write_invitations()
    mail = Mail.objects.get(recipient="hello@quiet.example")
    assert "/events/by-link/" in mail.text
    assert "/events/participations/" not in mail.text


def test_who_is_invited_to_an_event_that_is_cancelled_hears_of_no_invitation(world, empty, acting):
    with acting(world.a.manager) as reader:
        invite(reader, empty, world.a.members)
    Event.objects.filter(pk=empty.pk).update(state=Event.State.CANCELLED)
    write_invitations()
    assert not Mail.objects.filter(key__startswith="event-invitation:").exists()


def test_inviting_many_asks_the_database_no_more_than_inviting_one(world, empty, acting):
    def count(members):
        with acting(world.a.manager) as reader, CaptureQueriesContext(connection) as found:
            assert len(invite(reader, empty, members)) == len(members)
        return len(found)

    one, many = (
        OrganisationFactory.create_batch(number, steward=world.a.cluster) for number in (1, 20)
    )
    assert count(one) == count(many)


def test_a_deadline_is_said_in_the_language_of_the_mail(world, empty, acting):
    Person.objects.filter(pk=world.a.representatives[0].pk).update(language="fr")
    with acting(world.a.manager) as reader:
        invite(reader, empty, world.a.members[:1])
    write_invitations()
    assert "1 mars 2083" in Mail.objects.get(key__startswith="event-invitation:").text


def test_an_invitation_names_both_days_and_who_invites(world, empty, acting):
    two = make_event(world, state=Event.State.OPEN).event
    Event.objects.filter(pk=two.pk).update(ends_on=two.starts_on + timedelta(days=1))
    Participation.objects.filter(event=two).delete()
    with acting(world.a.manager) as reader:
        invite(reader, empty, world.a.members[:1])
        invite(reader, two, world.a.members[:1])
    write_invitations()
    one_day, two_days = Mail.objects.filter(key__startswith="event-invitation:").order_by("pk")
    assert "in Athens on 10 March 2083." in one_day.text
    for part in (two_days.text, two_days.html):
        assert "from 10 March 2083 to 11 March 2083." in part
    for mail in (one_day, two_days):
        assert mail.sender == f"{world.a.manager.name}, {world.a.cluster.name} via Proxeny"
        assert mail.reply_to == world.a.manager.email


def test_members_of_the_other_cluster_are_not_ours_to_invite(world, empty, acting):
    with acting(world.a.manager) as reader:
        with pytest.raises(NotAllowed, match="is managed by another cluster"):
            invite(reader, empty, world.b.members[:1])
        with pytest.raises(NotFound):
            invite(reader, empty, world.c.members[:1])
        with pytest.raises(InvalidInput, match="at least one"):
            invite(reader, empty, [])
        french = empty.groups.get(side="B")
        with pytest.raises(InvalidInput, match="This group isn’t for your members"):
            invite(reader, empty, world.a.members, group_id=french.pk)
    for person in (world.a.representatives[0], world.a.ambassador):
        with acting(person) as reader, pytest.raises(NotAllowed):
            invite(reader, empty, world.a.members)
    with acting(world.c.manager) as reader, pytest.raises(NotFound):
        invite(reader, empty, world.c.members)


def test_the_database_refuses_to_bring_others_too(world, empty, acting):
    group = empty.groups.get(side="B")
    member = world.b.members[0]
    for person in (world.a.manager, world.b.representatives[0]):
        with pytest.raises(ProgrammingError, match="row-level security"), acting(person):
            Participation.objects.create(event=empty, organisation=member, group=group)


def test_those_not_invited_are_offered(world, empty, acting):
    with acting(world.b.manager) as reader:
        invite(reader, empty, world.b.members[:2])
        names = [one.name for one in invitable(reader, empty)]
        assert names == ["French cluster", "French member 3"]
        assert [one.name for one in invitable(reader, empty, search="MEMBER")] == [
            "French member 3"
        ]


def test_invitation_is_seen_by_the_staff_and_by_the_invited_only(world, empty, acting):
    with acting(world.a.manager) as reader:
        (made,) = invite(reader, empty, world.a.members[:1])
    seen_by = {
        person.name: _sees(acting, person, made.pk)
        for person in (
            world.a.manager,
            world.b.manager,
            world.a.representatives[0],
            world.a.representatives[1],
            world.b.representatives[0],
            world.c.manager,
            world.nobody_special,
        )
    }
    assert [name for name, sees in seen_by.items() if sees] == [
        "Greek manager",
        "French manager",
        "Greek representative 1",
    ]


def _sees(acting, person, pk):
    with acting(person):
        return Participation.objects.filter(pk=pk).exists()


def test_registered_participants_are_seen_by_both_sides_and_nobody_else(world, acting):
    made = make_event(world)
    for person in (world.a.manager, world.a.representatives[0], world.b.representatives[2]):
        with acting(person):
            assert participants_of(made.event).count() == 6
    for person in (world.c.manager, world.c.representatives[0], world.nobody_special):
        with acting(person):
            assert participants_of(made.event).count() == 0


def test_representative_registers_with_needs_as_a_first_draft(world, empty, acting):
    ListingFactory(organisation=world.a.members[0], direction="need", title="A game engine")
    with acting(world.a.manager) as reader:
        (invited,) = invite(reader, empty, world.a.members[:1])
    with acting(world.a.representatives[0]) as reader:
        (own,) = own_participations(reader, empty)
        assert prefill_of(own) == "A game engine"
        done = ops.register(
            actor=reader,
            participation_id=invited.pk,
            registration=words(unavailable=[2, 1, 2], cap=4, by_video=True),
            version=invited.version,
            now=NOW,
        )
    assert (done.state, done.unavailable, done.cap, done.person_id) == (
        "registered",
        [1, 2],
        4,
        world.a.representatives[0].pk,
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("contact", {"contact": " "}),
        ("contact", {"contact": "x" * 151}),
        ("pitch", {"pitch": "x" * 501}),
        ("languages", {"languages": []}),
        ("languages", {"languages": ["tlh"]}),
        ("unavailable", {"unavailable": [99]}),
        ("unavailable", {"unavailable": [1, 2, 3, 4, 5, 6]}),
        ("cap", {"cap": 0}),
        ("cap", {"cap": 61}),
    ],
)
def test_bad_registration_gets_a_sentence_at_its_field(world, acting, field, values):
    made = make_event(world)
    with acting(world.a.representatives[0]) as reader, pytest.raises(InvalidInput) as refused:
        ops.register(
            actor=reader,
            participation_id=made.greek[0].pk,
            registration=words(**values),
            now=NOW,
        )
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


def test_own_cluster_registers_on_behalf_and_keeps_the_person(world, acting):
    made = make_event(world)
    with acting(world.a.manager) as reader:
        done = ops.register(
            actor=reader, participation_id=made.greek[0].pk, registration=words(), now=NOW
        )
    assert done.person_id == world.a.representatives[0].pk


def test_nobody_registers_for_others(world, acting):
    made = make_event(world)
    for person, error in (
        (world.b.manager, NotAllowed),
        (world.b.representatives[0], NotAllowed),
        (world.a.representatives[1], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with acting(person) as reader, pytest.raises(error):
            ops.register(
                actor=reader, participation_id=made.greek[0].pk, registration=words(), now=NOW
            )


def test_registration_ends_when_requests_close_and_the_cluster_may_still_change_it(world, acting):
    made = make_event(world, state=Event.State.CLOSED)
    one = made.greek[0].pk
    with (
        acting(world.a.representatives[0]) as reader,
        pytest.raises(Conflict, match="your cluster"),
    ):
        ops.register(actor=reader, participation_id=one, registration=words(), now=NOW)
    with acting(world.a.manager) as reader:
        ops.register(actor=reader, participation_id=one, registration=words(), now=NOW)
    Event.objects.update(state=Event.State.PUBLISHED)
    with acting(world.a.manager) as reader, pytest.raises(Conflict, match="Agenda published"):
        ops.register(actor=reader, participation_id=one, registration=words(), now=NOW)


def test_old_version_of_a_registration_is_a_conflict(world, acting):
    made = make_event(world)
    with acting(world.a.representatives[0]) as reader:
        values = {"actor": reader, "participation_id": made.greek[0].pk, "now": NOW}
        ops.register(**values, registration=words(), version=1)
        with pytest.raises(Conflict, match="Someone else changed"):
            ops.register(**values, registration=words(), version=1)


def test_withdraw_with_a_reason_and_come_back(world, acting):
    made = make_event(world)
    with acting(world.b.representatives[0]) as reader:
        values = {"actor": reader, "participation_id": made.french[0].pk, "now": NOW}
        with pytest.raises(InvalidInput, match="Give a short reason"):
            ops.withdraw_participation(**values, reason="")
        gone = ops.withdraw_participation(**values, reason="A trade fair")
        assert (gone.state, gone.withdraw_reason) == ("withdrawn", "A trade fair")
        with pytest.raises(Conflict, match="already"):
            ops.withdraw_participation(**values, reason="Again")
    with acting(world.a.representatives[0]):
        assert participants_of(made.event).count() == 5
    with acting(world.b.representatives[0]) as reader:
        back = ops.register(
            actor=reader, participation_id=made.french[0].pk, registration=words(), now=NOW
        )
        assert (back.state, back.withdraw_reason) == ("registered", "")


def test_withdrawing_after_publication_calls_the_meetings_off(world, acting):
    made = make_event(world, state=Event.State.PUBLISHED)
    slot, table = made.event.slots.first(), made.event.tables.first()
    meeting = MeetingFactory(
        partnership=world.partnership,
        organisations=[made.greek[0].organisation_id, made.french[0].organisation_id],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    entry = AgendaEntryFactory(
        event=made.event,
        meeting=meeting,
        slot=slot,
        table=table,
        first=made.greek[0],
        second=made.french[0],
    )
    with acting(world.a.representatives[0]) as reader:
        ops.withdraw_participation(
            actor=reader, participation_id=made.greek[0].pk, reason="Ill", now=NOW
        )
    entry.refresh_from_db()
    meeting.refresh_from_db()
    assert (entry.is_live, meeting.state, meeting.cancel_reason) == (False, "cancelled", "Ill")


def test_check_in_by_either_side_keeps_the_first_time_and_can_be_undone(world, acting):
    made = make_event(world, state=Event.State.PUBLISHED)
    one = made.greek[0].pk
    with acting(world.b.manager) as reader:
        values = {"actor": reader, "event_id": made.event.pk, "participation_id": one}
        ops.check_in(**values, now=NOW)
        again = ops.check_in(**values, now=NOW + timedelta(hours=1))
        assert again.checked_in_at == NOW
        assert ops.check_in(**values, is_here=False, now=NOW).checked_in_at is None
    with acting(world.a.representatives[0]) as reader, pytest.raises(NotAllowed):
        ops.check_in(actor=reader, event_id=made.event.pk, participation_id=one, now=NOW)
    Participation.objects.filter(pk=one).update(state="invited")
    with acting(world.a.manager) as reader, pytest.raises(Conflict, match="Only registered"):
        ops.check_in(actor=reader, event_id=made.event.pk, participation_id=one, now=NOW)


def test_reminders_go_to_own_members_once_a_day(world, acting):
    made = make_event(world)
    with acting(world.a.representatives[0]) as reader:
        ops.set_request(
            actor=reader,
            participation_id=made.greek[0].pk,
            target_id=made.french[0].pk,
            kind="wish",
            now=NOW,
        )
    with acting(world.a.manager) as reader:
        values = {"actor": reader, "event_id": made.event.pk}
        assert ops.remind_participants(**values, now=NOW) == 2
        assert ops.remind_participants(**values, now=NOW) == 0
        assert ops.remind_participants(**values, now=NOW + timedelta(days=1)) == 2
    assert set(Mail.objects.values_list("recipient", flat=True)) == {
        one.email for one in world.a.representatives[1:]
    }
    with acting(world.a.representatives[0]) as reader, pytest.raises(NotAllowed):
        ops.remind_participants(actor=reader, event_id=made.event.pk, now=NOW)
