"""Each mail that is written arrives: an event of 60 people, told by the processes of `proxeny run`.

The worker and the web server are killed while mails go out. Every mail written reaches the address
it was written to, under one Message-ID.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from proxeny.events.models import Event
from proxeny.events.operations import cancel_event
from proxeny.events.operations.publish import publish_agenda, show_provisional
from proxeny.events.operations.repair import cancel_meeting
from proxeny.kernel.jobs.failures import count_jobs_and_mails
from proxeny.kernel.mail import _name_of
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import ask_what_came_of_it
from tests.conftest import reader_of
from tests.e2e.hosts import running_hosts, wait
from tests.factories.events import AgendaEntryFactory
from tests.factories.meetings import make_meeting
from tests.factories.partnerships import let_each_decide
from tests.factories.world import EventWorld, World, make_event, make_world
from tests.kernel.workers import wait_for
from tests.smtp import Inbox, receiving

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
#: So many on each side; each meets one of the other.
PEOPLE = 30
HELD = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)


def _plan(world: World, taken: EventWorld) -> None:
    """Give each pair a place of the agenda."""
    places = [
        (slot, table) for slot in taken.event.slots.all() for table in taken.event.tables.all()
    ]
    for (slot, table), first, second in zip(places, taken.greek, taken.french, strict=True):
        meeting = make_meeting(
            world.partnership,
            (first.organisation, first.person),
            (second.organisation, second.person),
            state=Meeting.State.DRAFT,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        AgendaEntryFactory(
            event=taken.event, meeting=meeting, slot=slot, table=table, first=first, second=second
        )


def _hold_long_ago(world: World) -> list[int]:
    """Let each pair have met more than six months ago."""
    pairs = zip(
        world.a.members,
        world.a.representatives,
        world.b.members,
        world.b.representatives,
        strict=True,
    )
    return [
        make_meeting(
            world.partnership,
            (ours, one),
            (theirs, other),
            starts_at=HELD,
            ends_at=HELD + timedelta(minutes=20),
            state=Meeting.State.HELD,
        ).pk
        for ours, one, theirs, other in pairs
    ]


def _recipients(prefix: str) -> set[str]:
    with acting_as(SERVICE):
        return set(Mail.objects.filter(key__startswith=prefix).values_list("recipient", flat=True))


def _settled() -> bool:
    jobs, mails = count_jobs_and_mails()
    return not (jobs.states["queued"] + jobs.states["running"] + mails.states["waiting"])


@pytest.mark.django_db(transaction=True)
def test_each_mail_that_is_written_arrives_once_though_worker_and_web_are_killed(tmp_path):
    with acting_as(SERVICE):
        world = make_world(members=PEOPLE)
        let_each_decide(world.partnership)
        taken = make_event(world, slots=6, tables=5, state=Event.State.CLOSED)
        _plan(world, taken)
        entry = taken.event.entries.order_by("pk").values_list("pk", flat=True)[0]
        held = _hold_long_ago(world)
        everybody = {one.person.email for one in (*taken.greek, *taken.french)}
    event_id, reader = taken.event.pk, reader_of(world.a.manager)

    with (
        receiving() as inbox,
        running_hosts(tmp_path, inbox, "only", with_pages=False) as (host,),
    ):
        _act(reader, lambda now: show_provisional(actor=reader, event_id=event_id, now=now))
        wait(lambda: len(inbox.raw) > 10, lambda: len(inbox.raw))
        host.kill("proxeny worker")
        _act(reader, lambda now: publish_agenda(actor=reader, event_id=event_id, now=now))
        host.kill("granian")
        wait(lambda: len(_recipients("agenda-published:")) == 2 * PEOPLE, host.log.read_text)
        _act(
            reader,
            lambda now: cancel_meeting(
                actor=reader, event_id=event_id, entry_id=entry, reason="Ill", now=now
            ),
        )
        _act(
            reader,
            lambda now: cancel_event(actor=reader, event_id=event_id, reason="Storm", now=now),
        )
        asked = _act(
            reader,
            lambda now: ask_what_came_of_it(
                actor=reader, partnership_id=world.partnership.pk, meeting_ids=held, now=now
            ),
        )
        wait(lambda: len(_recipients("later:")) > 0, host.log.read_text)
        host.kill("proxeny worker")
        job = wait_for(asked.pk, lambda job: job.is_over, timeout_s=300)
        assert (job.state, job.result) == (Job.State.DONE, {"mails": 2 * PEOPLE})
        wait(_settled, count_jobs_and_mails)

    for kind in ("agenda-provisional:", "agenda-published:", "later:"):
        assert _recipients(kind) == everybody, kind
    assert len(_recipients("agenda-change:")) == 2
    assert _recipients("event-cancelled:") >= everybody
    _check_all_arrived(inbox)


def _act(reader, deed):
    with acting_as(WEB, reader):
        return deed(timezone.now())


def _check_all_arrived(inbox: Inbox) -> None:
    came: dict[str, list[str]] = defaultdict(list)
    for (recipients, _), message in zip(inbox.raw, inbox.messages, strict=True):
        assert [message["To"]] == recipients
        came[message["Message-ID"]] += recipients
    with acting_as(SERVICE):
        written = {_name_of(mail): mail.recipient for mail in Mail.objects.all()}
    _, mails = count_jobs_and_mails()
    assert mails.states == {"sent": len(written), "waiting": 0, "failed": 0}
    assert {name: set(to) for name, to in came.items()} == {
        name: {recipient} for name, recipient in written.items()
    }
    # A worker that dies between the mail server's answer and our note of it sends that one mail
    # again, under the same Message-ID; each of its two jobs may have been at that point, both times.
    assert len(inbox.raw) - len(written) <= 2 * 2
