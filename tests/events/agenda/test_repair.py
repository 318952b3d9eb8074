"""Repairs: few meetings move, those concerned are told, the others hear nothing."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.events.models import AgendaEntry
from proxeny.events.operations.agenda import lock_entry, start_agenda_run
from proxeny.events.operations.repair import (
    Disturbance,
    apply_repair,
    cancel_meeting,
    cancel_participation_meetings,
    plan_repair,
    report_no_show,
    withdraw_from_meeting,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.events.agenda.conftest import solve


def call(person, operation, **arguments):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, **arguments)


def plan(fair, **disturbance):
    return call(fair.manager, plan_repair, event_id=fair.id, disturbance=Disturbance(**disturbance))


def carry_out(fair, proposal, reason=""):
    return call(
        fair.manager,
        apply_repair,
        event_id=fair.id,
        token=proposal.token,
        reason=reason,
        now=timezone.now(),
    )


def told_since(before: int) -> set[str]:
    """Return who was told of their own meetings, among the mails after so many."""
    later = Mail.objects.order_by("pk").values_list("key", "recipient")[before:]
    return {recipient for key, recipient in later if not key.startswith("event-step:")}


def test_a_no_show_calls_only_their_meetings_off(published):
    before = Mail.objects.count()
    gone = published.of.greek[2]
    places = {e.pk: (e.slot_id, e.table_id) for e in published.entries()}
    call(
        published.manager,
        report_no_show,
        event_id=published.id,
        participation_id=gone.pk,
        now=timezone.now(),
        reason="Not at the desk",
    )
    left = published.entries()
    assert len(left) == 6
    assert all((e.slot_id, e.table_id) == places[e.pk] for e in left)
    partners = {published.of.french[0].person.email, published.of.french[1].person.email}
    assert told_since(before) == partners | {gone.person.email}
    assert Meeting.objects.filter(state=Meeting.State.CANCELLED, sequence=1).count() == 2
    gone.refresh_from_db()
    assert gone.unavailable == [1, 2, 3, 4, 5, 6]
    assert published.event.revision == 2


def test_the_other_side_is_told_of_a_repair_and_of_why(published):
    gone = published.of.greek[2]
    call(
        published.manager,
        report_no_show,
        event_id=published.id,
        participation_id=gone.pk,
        now=timezone.now(),
        reason="Not at the desk",
    )
    world = published.world
    mails = Mail.objects.filter(key__startswith="event-step:", key__contains=":repaired:")
    assert {one.recipient for one in mails} == {world.b.manager.email, world.b.ambassador.email}
    for mail in mails:
        assert f"{world.a.manager.name} of {world.a.cluster.name} has repaired the" in mail.text
        assert "Not at the desk" in mail.text


def test_a_lost_table_moves_what_stood_there_and_nothing_else(published):
    table = published.entries()[0].table
    concerned = {e.pk for e in published.entries() if e.table_id == table.pk}
    proposal = plan(published, table_id=table.pk)
    assert {move.entry.pk for move in proposal.moves} >= concerned
    assert not proposal.cancelled
    before, others = Mail.objects.count(), {e.pk: e.slot_id for e in published.entries()}
    carry_out(published, proposal, "A leak in the roof")
    assert not any(entry.table_id == table.pk for entry in published.entries())
    assert len(published.entries()) + len(proposal.dropped) == 8
    moved = {move.entry.pk for move in proposal.moves}
    assert all(e.slot_id == others[e.pk] for e in published.entries() if e.pk not in moved)
    assert told_since(before) == {one.person.email for one in proposal.told}
    table.refresh_from_db()
    assert table.unavailable == [1, 2, 3, 4, 5, 6]


def test_who_is_late_meets_later(published):
    late = published.of.french[0]
    proposal = plan(published, participation_id=late.pk, back_at=3)
    carry_out(published, proposal)
    late.refresh_from_db()
    assert late.unavailable == [1, 2]
    mine = [e for e in published.entries() if late.pk in (e.first_id, e.second_id)]
    assert all(entry.slot.number >= 3 for entry in mine)
    assert len(mine) + len(proposal.dropped) == 3


def test_nothing_before_the_given_time_changes(published):
    gone = published.of.greek[0]
    early = [
        entry.pk
        for entry in published.entries()
        if gone.pk in (entry.first_id, entry.second_id) and entry.slot.number < 4
    ]
    carry_out(published, plan(published, participation_id=gone.pk, from_slot=4))
    assert set(early) <= {entry.pk for entry in published.entries()}


def test_a_proposal_alone_changes_and_tells_nothing(published):
    before = (Mail.objects.count(), list(AgendaEntry.objects.values_list()))
    proposal = plan(published, participation_id=published.of.greek[0].pk)
    assert proposal.unchanged == 5
    assert (Mail.objects.count(), list(AgendaEntry.objects.values_list())) == before


def test_a_proposal_fits_only_the_agenda_it_was_made_for(published):
    proposal = plan(published, participation_id=published.of.greek[0].pk)
    call(
        published.world.b.manager,
        report_no_show,
        event_id=published.id,
        participation_id=published.of.greek[1].pk,
        now=timezone.now(),
    )
    with pytest.raises(Conflict, match="has changed since"):
        carry_out(published, proposal)


def test_a_forged_proposal_is_refused(published):
    proposal = plan(published, participation_id=published.of.greek[0].pk)
    with pytest.raises(Conflict):
        call(
            published.manager,
            apply_repair,
            event_id=published.id,
            token=proposal.token + "x",
            reason="",
            now=timezone.now(),
        )


def test_a_disturbance_has_to_name_somebody_of_the_event(published):
    with pytest.raises(InvalidInput):
        plan(published)
    with pytest.raises(InvalidInput):
        plan(published, table_id=0)
    with pytest.raises(InvalidInput):
        plan(published, participation_id=0)


def test_only_managers_repair(published):
    world = published.world
    some = Disturbance(participation_id=published.of.greek[0].pk)
    for person, error in (
        (world.a.ambassador, NotAllowed),
        (world.a.representatives[0], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(error):
            call(person, plan_repair, event_id=published.id, disturbance=some)


def test_who_leaves_calls_all_meetings_off_and_tells_those_concerned(published):
    before, me = Mail.objects.count(), published.world.b.representatives[1]
    count = call(
        me,
        cancel_participation_meetings,
        participation_id=published.of.french[1].pk,
        reason="We had to stay at home",
        now=datetime(2083, 3, 1, tzinfo=UTC),
    )
    assert count == 3
    greeks = {one.person.email for one in published.of.greek}
    assert told_since(before) == greeks | {me.email}
    # Who loses several meetings hears of them in one mail, with one calendar file.
    mail = Mail.objects.get(pk__gt=0, recipient=me.email, key__startswith="agenda-change")
    assert mail.calendar_method == "PUBLISH"
    assert mail.calendar.count("STATUS:CANCELLED") == 3


def test_nobody_calls_the_meetings_of_others_off(published):
    world = published.world
    for person in (world.a.representatives[1], world.a.ambassador, world.c.manager):
        with pytest.raises((NotAllowed, NotFound)):
            call(
                person,
                cancel_participation_meetings,
                reason="no",
                now=timezone.now(),
                participation_id=published.of.french[1].pk,
            )
    entry = published.entry_of(published.of.greek[0], published.of.french[0])
    for person in (world.a.representatives[1], world.nobody_special, world.c.manager):
        with pytest.raises(NotFound):
            call(
                person,
                withdraw_from_meeting,
                event_id=published.id,
                entry_id=entry.pk,
                reason="no",
                now=timezone.now(),
            )
    with pytest.raises(NotAllowed):
        call(
            world.a.ambassador,
            withdraw_from_meeting,
            event_id=published.id,
            entry_id=entry.pk,
            reason="no",
            now=timezone.now(),
        )
    assert len(published.entries()) == 8


def test_a_meeting_that_has_begun_is_not_withdrawn_from(published):
    entry = published.entry_of(published.of.greek[0], published.of.french[0])
    with pytest.raises(Conflict, match="This meeting has started"):
        call(
            published.world.a.representatives[0],
            withdraw_from_meeting,
            event_id=published.id,
            entry_id=entry.pk,
            reason="late",
            now=datetime(2084, 1, 1, tzinfo=UTC),
        )


def test_a_pair_called_off_is_not_planned_again(solved):
    entry = solved.entries()[0]
    pair = {entry.first_id, entry.second_id}
    call(
        solved.manager,
        cancel_meeting,
        event_id=solved.id,
        entry_id=entry.pk,
        reason="We met last week",
        now=timezone.now(),
    )
    solve(solved)
    assert len(solved.entries()) == 7
    assert all({e.first_id, e.second_id} != pair for e in solved.entries())


def test_changes_wait_while_a_run_is_under_way(solved):
    call(solved.manager, start_agenda_run, event_id=solved.id, now=timezone.now())
    with pytest.raises(Conflict, match="being calculated"):
        call(
            solved.manager,
            lock_entry,
            event_id=solved.id,
            is_locked=True,
            entry_id=solved.entries()[0].pk,
        )


def test_the_page_proposes_and_carries_out(published, sign_in):
    client = sign_in(published.manager)
    address = reverse("events:repair", args=[published.id])
    asked = {"participant": published.of.greek[2].pk, "from_slot": 1}
    page = client.get(address, asked)
    assert "6 stay as they are." in page.content.decode()
    assert "Who gets an email" in page.content.decode()
    response = client.post(
        reverse("events:repair-apply", args=[published.id]),
        {"token": page.context["plan"].token, "asked": page.context["asked"], "reason": "Ill"},
        follow=True,
    )
    assert "2 meetings changed. Only those affected are notified." in response.content.decode()
    response = client.post(
        reverse("events:repair-apply", args=[published.id]),
        {"token": page.context["plan"].token, "asked": page.context["asked"]},
        follow=True,
    )
    assert "has changed since this proposal" in response.content.decode()
    assert AuditEntry.objects.filter(verb="repair_agenda").count() == 1


def test_the_page_asks_for_one_of_the_two(published, sign_in):
    client = sign_in(published.manager)
    page = client.get(reverse("events:repair", args=[published.id]), {"from_slot": 1})
    assert "Choose who isn’t coming or which table is unavailable." in page.content.decode()
