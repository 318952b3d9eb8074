"""Steps of an event that all sides agree to: proposed by one, confirmed or declined by the others."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from proxeny.events import operations as ops
from proxeny.events.models import AgendaEntry, Event
from proxeny.events.operations.agenda import discard_agenda, start_agenda_run
from proxeny.events.operations.publish import publish_agenda, show_provisional
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting
from proxeny.notices.models import Notice
from proxeny.partnerships.models import Agreement, Party
from proxeny.partnerships.operations import delegations, signing
from tests.conftest import reader_of
from tests.factories.events import AgendaEntryFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.partnerships import DelegationFactory, PartyFactory
from tests.factories.world import make_event
from tests.partnerships.rooms import do, party, words
from tests.stages import staged

NOW = datetime(2083, 2, 10, 9, 0, tzinfo=UTC)


@staged
def made(world):
    return make_event(world)


@staged
def planned(world):
    """An event with one meeting in its agenda, ready to be published."""
    taken = make_event(world, state=Event.State.CLOSED)
    meeting = MeetingFactory(state=Meeting.State.DRAFT, partnership=world.partnership)
    AgendaEntryFactory(
        event=taken.event,
        meeting=meeting,
        slot=taken.event.slots.first(),
        table=taken.event.tables.first(),
        first=taken.greek[0],
        second=taken.french[0],
    )
    return taken


def state(made):
    return Event.objects.values_list("state", flat=True).get(pk=made.event.pk)


def close(person, made):
    return do(person, ops.close_requests, event_id=made.event.pk, now=NOW)


def publish(person, made):
    return do(person, publish_agenda, event_id=made.event.pk, now=NOW)


def text_of(made, step):
    return Agreement.objects.get(
        kind="event", subject=f"{made.event.pk}:{step}", completed_at=None, closed_at=None
    )


def waits(made):
    found = Agreement.objects.filter(kind="event", completed_at=None, closed_at=None)
    return found.filter(subject__startswith=f"{made.event.pk}:").exists()


def told(kind):
    """Return who was told something of a step."""
    mails = Mail.objects.filter(key__startswith="event-step:", key__contains=f":{kind}:")
    return set(mails.values_list("recipient", flat=True))


def test_one_side_proposes_and_nothing_happens_until_the_other_confirms(world, made):
    close(world.a.manager, made)
    assert state(made) == "open"
    assert told("proposed") == {world.b.manager.email}
    with pytest.raises(Conflict, match="already signed for your side"):
        close(world.a.manager, made)
    close(world.b.manager, made)
    assert state(made) == "closed"
    assert told("agreed") == {world.a.manager.email}


def test_declined_it_stays_as_it_is_and_the_proposer_reads_why(world, made):
    close(world.a.manager, made)
    text = text_of(made, "close")
    do(
        world.b.manager,
        signing.close_text,
        partnership_id=world.partnership.pk,
        agreement_id=text.pk,
        why="Our members still answer.",
    )
    assert state(made) == "open"
    assert told("declined") == {world.a.manager.email}
    mail = Mail.objects.get(key__contains=":declined:")
    assert "Our members still answer." in mail.text
    close(world.b.manager, made)
    assert state(made) == "open"


def test_whoever_proposed_withdraws_it(world, made):
    close(world.a.manager, made)
    do(
        world.a.manager,
        signing.close_text,
        partnership_id=world.partnership.pk,
        agreement_id=text_of(made, "close").pk,
        why="Too early.",
    )
    assert told("withdrawn") == {world.b.manager.email}
    assert not waits(made)


def test_of_three_sides_each_confirms(world, made):
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    close(world.a.manager, made)
    assert told("proposed") == {world.b.manager.email, world.c.manager.email}
    close(world.b.manager, made)
    assert state(made) == "open"
    close(world.c.manager, made)
    assert state(made) == "closed"


def test_with_a_delegation_it_is_done_at_once_and_the_other_side_is_told(world, made):
    a, b = party(world, world.a), party(world, world.b)
    DelegationFactory(giver=b, receiver=a)
    close(world.a.manager, made)
    assert state(made) == "closed"
    assert told("delegated") == {world.b.manager.email}
    signed = Agreement.objects.get(kind="event").sign_offs.get(party=b)
    assert signed.delegation.giver == b
    assert signed.person == world.a.manager


def test_a_delegation_taken_back_counts_no_longer_for_what_waits(world, made):
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    given = DelegationFactory(giver=party(world, world.b), receiver=party(world, world.a))
    close(world.a.manager, made)
    do(
        world.b.manager,
        delegations.withdraw_delegation,
        partnership_id=world.partnership.pk,
        delegation_id=given.pk,
    )
    close(world.c.manager, made)
    assert state(made) == "open"
    close(world.b.manager, made)
    assert state(made) == "closed"


def test_opening_covers_what_was_set_up(world):
    made = make_event(world, state=Event.State.DRAFT)
    do(world.a.manager, ops.open_event, event_id=made.event.pk, now=NOW)
    assert text_of(made, "open")
    made.event.refresh_from_db()
    facts = ops.EventFacts.of(made.event)
    changed = {name: getattr(facts, name) for name in facts.__slots__} | {"place": "Elsewhere"}
    do_update(world.a.manager, made, ops.EventFacts(**changed))
    assert not waits(made)
    closed = Agreement.objects.get(kind="event")
    assert closed.closed_why == "What was proposed has since changed."
    do(world.b.manager, ops.open_event, event_id=made.event.pk, now=NOW)
    assert state(made) == "draft"
    do(world.a.manager, ops.open_event, event_id=made.event.pk, now=NOW)
    assert state(made) == "open"


def do_update(person, made, facts):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        ops.update_event(
            actor=reader, event_id=made.event.pk, version=made.event.version, facts=facts
        )


def test_publishing_needs_both_and_mails_go_out_once(world, planned):
    publish(world.a.manager, planned)
    assert state(planned) == "closed"
    assert not Job.objects.filter(kind="events.announce").exists()
    publish(world.b.manager, planned)
    assert state(planned) == "published"
    assert Job.objects.filter(kind="events.announce").count() == 1


def test_another_agenda_voids_the_proposal_to_publish(world, planned):
    publish(world.a.manager, planned)
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        discard_agenda(actor=reader, event_id=planned.event.pk)
    assert not waits(planned)


def test_who_signs_under_an_agenda_that_has_changed_is_refused(world, planned):
    publish(world.a.manager, planned)
    text = text_of(planned, "publish")
    AgendaEntry.objects.filter(event=planned.event).update(table=planned.event.tables.last())
    with pytest.raises(Conflict, match="has since changed"):
        do(
            world.b.manager,
            signing.sign_text,
            partnership_id=world.partnership.pk,
            agreement_id=text.pk,
            text_hash=text.text_hash,
        )
    assert state(planned) == "closed"


def test_calling_off_takes_the_reason_of_who_proposed_it(world, made):
    given = {"event_id": made.event.pk, "now": NOW}
    do(world.a.manager, ops.cancel_event, reason="The hall burnt.", **given)
    assert state(made) == "open"
    assert not Mail.objects.filter(key__startswith="event-cancelled:").exists()
    do(world.b.manager, ops.cancel_event, reason="Yes.", **given)
    made.event.refresh_from_db()
    assert (made.event.state, made.event.cancel_reason) == ("cancelled", "The hall burnt.")


def test_requests_taken_again_are_told_to_managers_and_ambassadors_of_the_others(world, planned):
    given = {"event_id": planned.event.pk, "now": NOW}
    do(world.a.manager, ops.reopen_requests, **given)
    assert state(planned) == "open"
    assert told("reopened") == {world.b.manager.email, world.b.ambassador.email}
    mail = Mail.objects.get(key__contains=":reopened:", recipient=world.b.ambassador.email)
    own = f"{world.a.manager.name} of {world.a.cluster.name}"
    assert f"{own} has reopened requests for “{planned.event.title}”." in mail.text
    assert mail.reply_to == world.a.manager.email
    assert mail.sender.startswith(f"{world.a.manager.name}, {world.a.cluster.name} via ")


def test_a_provisional_agenda_is_told_to_managers_and_ambassadors_of_the_others(world, planned):
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    do(world.a.manager, show_provisional, event_id=planned.event.pk, now=NOW)
    assert told("provisional") == {
        one.email
        for side in (world.b, world.c)
        for one in (side.manager, side.ambassador)
        if one is not None
    }
    mail = Mail.objects.filter(key__contains=":provisional:").first()
    own = f"{world.a.manager.name} of {world.a.cluster.name}"
    assert f"{own} has shared the agenda of “{planned.event.title}”" in mail.text


def test_who_is_told_of_a_change_can_open_where_it_leads(world, planned, sign_in):
    do(world.a.manager, ops.reopen_requests, event_id=planned.event.pk, now=NOW)
    notices = Notice.objects.filter(key__contains=":reopened:").select_related("person")
    assert {sign_in(one.person).get(one.path).status_code for one in notices} == {200}


def test_a_run_does_not_close_requests_on_the_way(world, made):
    with pytest.raises(Conflict, match="Close requests first"):
        do(world.a.manager, start_agenda_run, event_id=made.event.pk)
    assert state(made) == "open"


def test_nobody_else_proposes_or_confirms(world, made):
    for person, error in (
        (world.a.ambassador, NotAllowed),
        (world.b.representatives[0], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(error):
            close(person, made)
    assert not waits(made)


def test_each_sees_on_the_page_what_is_theirs_to_do(world, made, sign_in):
    there = reverse("events:setup-opening", args=[made.event.pk])
    a, b = sign_in(world.a.manager), sign_in(world.b.manager)
    assert "Propose closing requests" in a.get(there).content.decode()
    a.post(reverse("events:change-state", args=[made.event.pk, "close"]))
    own, other = a.get(there).content.decode(), b.get(there).content.decode()
    assert "Propose closing requests" not in own
    assert "Withdraw the proposal" in own
    assert "Confirm for your side" not in own
    assert "Your response is needed: Close requests" in words(other)
    detail = reverse("events:detail", args=[made.event.pk])
    member = sign_in(world.b.representatives[0]).get(detail).content.decode()
    assert "Close requests" not in member
    assert sign_in(world.c.manager).get(detail).status_code == 404
    text = text_of(made, "close")
    answer = b.post(
        reverse("partnerships:text-sign", args=[world.partnership.pk, text.pk]),
        {"text_hash": text.text_hash, "next": there},
    )
    assert answer.url == there
    assert state(made) == "closed"


def test_the_way_back_leads_to_no_other_site(world, made, sign_in):
    close(world.a.manager, made)
    text = text_of(made, "close")
    sign = reverse("partnerships:text-sign", args=[world.partnership.pk, text.pk])
    for asked in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = sign_in(world.b.manager).post(sign, {"text_hash": "0" * 64, "next": asked})
        assert answer.url == reverse("partnerships:text", args=[world.partnership.pk, text.pk])


def test_my_day_tells_what_waits_for_ones_own_side(world, made, sign_in):
    close(world.a.manager, made)
    assert made.event.title in sign_in(world.b.manager).get("/").content.decode()
    text = text_of(made, "close")
    address = reverse("partnerships:text", args=[world.partnership.pk, text.pk])
    assert address in sign_in(world.b.manager).get("/").content.decode()
    assert address not in sign_in(world.a.manager).get("/").content.decode()


def test_parties_that_have_left_are_not_asked(world, made):
    PartyFactory(
        partnership=world.partnership,
        organisation=world.c.cluster,
        side="C",
        state=Party.State.LEFT,
        left_on=date(2026, 1, 1),
    )
    close(world.a.manager, made)
    close(world.b.manager, made)
    assert state(made) == "closed"


def test_the_room_names_the_event_of_a_step_to_both_sides(world, made, sign_in):
    close(world.a.manager, made)
    for person in (world.a.manager, world.b.manager):
        page = sign_in(person).get(reverse("partnerships:history", args=[world.partnership.pk]))
        assert f"Close requests: {made.event.title}" in words(page.content.decode())
