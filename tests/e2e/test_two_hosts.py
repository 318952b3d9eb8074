"""Two hosts over one PostgreSQL server: parts of both are killed in the middle of work.

Each host is a `proxeny run` with a state folder of its own. While a list of 20,000 members is
written, an agenda is worked out and mails go out, the worker of one and the web server of the other
are killed; then one host goes down whole. Nothing may be lost, and nothing done twice.
"""

import re
from collections import Counter

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone

from proxeny.directory import operations
from proxeny.directory.memberlist.check import Options
from proxeny.directory.models import MemberImport, Organisation
from proxeny.events.models import AgendaEntry, AgendaRun
from proxeny.events.operations.agenda import start_agenda_run
from proxeny.kernel.chain import verify_chain
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.e2e.hosts import Host, running_hosts, wait
from tests.factories.events import MeetingRequestFactory
from tests.factories.world import World, make_event, make_world
from tests.kernel.workers import wait_for
from tests.smtp import receiving

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
ROWS = 20_000
MAILS = 300
PASSWORD = "a password of many words"


def _sign_in(host: Host, email: str) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{host.url}/accounts/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, page
    answer = session.post(
        f"{host.url}/accounts/login/",
        data={"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]},
        headers={"Referer": host.url},
        timeout=30,
    )
    assert answer.url == f"{host.url}/", answer.url
    return session


def _answers(session: requests.Session, host: Host) -> bool:
    try:
        answer = session.get(f"{host.url}/people/me/", timeout=10, allow_redirects=False)
    except requests.RequestException:
        return False
    assert answer.status_code == 200, answer.status_code
    return True


def _begin_import(world: World) -> MemberImport:
    lines = ["reference,name,country,city,summary"]
    lines += [f"R{n},Invented member {n},FR,Lyon,We make part number {n}." for n in range(ROWS)]
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        brought = operations.start_import(
            actor=reader,
            cluster_id=world.b.cluster.pk,
            file_name="members.csv",
            content="\n".join(lines).encode(),
        )
        brought = operations.set_mapping(
            actor=reader,
            import_id=brought.pk,
            mapping=brought.mapping,
            options=Options(),
            version=brought.version,
        )
    wait_for(_job_of(brought), lambda job: job.state == Job.State.DONE)
    with acting_as(WEB, reader):
        brought.refresh_from_db()
        operations.apply_import(actor=reader, import_id=brought.pk, version=brought.version)
    return brought


def _job_of(brought: MemberImport) -> int:
    with acting_as(SERVICE):
        brought.refresh_from_db()
    return brought.job_id


def _begin_agenda(world: World, event_id: int) -> AgendaRun:
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        return start_agenda_run(
            actor=reader, event_id=event_id, now=timezone.now(), time_limit_s=60
        )


def _queue_mails() -> None:
    with acting_as(SERVICE):
        for number in range(MAILS):
            queue_mail(
                key=f"two-hosts:{number}",
                recipient=f"somebody-{number}@example.org",
                template="accounts/mail/notice",
                context={"subject": f"Number {number}", "paragraphs": ["One"], "action_url": ""},
            )


@pytest.mark.django_db(transaction=True)
def test_parts_of_both_hosts_die_and_nothing_is_lost_or_done_twice(tmp_path):
    with acting_as(SERVICE):
        world = make_world()
        taken = make_event(world, state="closed")
        for asking in taken.greek:
            for asked in taken.french:
                MeetingRequestFactory(event=taken.event, source=asking, target=asked)
        account = world.a.manager.account
        # By the product's own hasher: the tests' quick one is unknown to the hosts.
        account.password = PBKDF2PasswordHasher().encode(PASSWORD, "a salt of some length")
        account.save()
        before = Organisation.objects.filter(steward=world.b.cluster).count()

    with receiving() as inbox, running_hosts(tmp_path, inbox, "first", "second") as (first, second):
        visitor = _sign_in(first, account.email)
        assert _answers(visitor, second), "who signs in on one host is known on the other"
        brought = _begin_import(world)
        job_id = _job_of(brought)
        wait_for(job_id, lambda job: job.progress.get("percent", 0) > 20)
        run = _begin_agenda(world, taken.event.pk)
        _queue_mails()
        wait(lambda: len(inbox.messages) > 20, lambda: len(inbox.messages))

        first.kill("proxeny worker")
        assert _answers(visitor, second)
        second.kill("granian")
        assert _answers(visitor, first)
        wait(lambda: _answers(visitor, second), second.log.read_text)
        first.go_down()
        assert _answers(visitor, second)

        job = wait_for(job_id, lambda job: job.is_over, timeout_s=180)
        assert (job.state, job.error) == (Job.State.DONE, "")
        agenda = wait_for(run.job_id, lambda job: job.is_over, timeout_s=180)
        assert (agenda.state, agenda.error) == (Job.State.DONE, "")
        wait(lambda: _unsent() == 0, _unsent, timeout_s=180)
        received = Counter(
            message["Message-ID"]
            for message in inbox.messages
            if message["Subject"].startswith("Number ")
        )

    with acting_as(SERVICE):
        assert Organisation.objects.filter(steward=world.b.cluster).count() == before + ROWS
        assert AuditEntry.objects.filter(verb="apply_import").count() == 1
        assert (AgendaRun.objects.count(), AgendaEntry.objects.count()) == (1, 9)
        assert Meeting.objects.count() == 9
        assert Mail.objects.filter(key__startswith="two-hosts:").count() == MAILS
    assert len(received) == MAILS, "a mail was lost"
    # A worker that dies between the mail server's answer and our note of it sends that one mail
    # again, under the same Message-ID; each of its two jobs may have been at that point.
    assert sum(received.values()) - MAILS <= 2 * 2
    assert verify_chain().holds


def _unsent() -> int:
    with acting_as(SERVICE):
        return Mail.objects.filter(sent_at=None).count()
