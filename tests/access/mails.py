"""Making the product write each of its mails."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Invitation
from proxeny.directory.models import Interest, Listing
from proxeny.events.models import Event
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.meetings.operations import follow_up, rhythm
from proxeny.partnerships.models import Rhythm
from proxeny.partnerships.tasks import start_reminding
from tests.access import catch_ups, desk
from tests.access.crowd import Crowd
from tests.access.probes import Clients
from tests.events.inviting import write_invitations
from tests.factories.partnerships import let_each_decide

#: What the crowd's people do so that somebody is written to: who, where, on what, with which form.
_DEEDS = (
    ("a_manager", "people:resend", "invitation", {}),
    ("a_manager", "events:invite", "event", {"organisations": "hidden"}),
    ("a_manager", "events:remind", "event", {}),
    ("a_manager", "partnerships:amend", "partnership", {"text": "new text", "version": 1}),
    ("c_manager", "partnerships:decline", "proposal", {"reason": "text"}),
    ("a_manager", "directory:review-return", "in review", {"note": "text", "seen": "1"}),
    ("a_member", "directory:interest-decline", "interest", {"reply": "text"}),
    ("b_ambassador", "directory:interest-ask", "early interest", {"note": "text"}),
)
_ON_THE_AGENDA = (
    ("events:agenda-show", "event", {}),
    ("events:agenda-publish", "event", {}),
    ("events:entry-cancel", "entry", {"reason": "text"}),
    ("events:cancel", "event", {"reason": "text"}),
)


def write_every_mail(crowd: Crowd, text: str) -> list[Mail]:
    """Do all that writes a mail, with `text` in each form; return the mails."""
    clients, event = Clients(crowd), crowd.taken.event
    # Sent long ago enough to be sent again.
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    for who, name, on, form in _DEEDS:
        _do(crowd, clients[who], name, on, form, text)
    write_invitations()
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED)
    let_each_decide(crowd.world.partnership)
    for name, on, form in _ON_THE_AGENDA:
        _do(crowd, clients["a_manager"], name, on, form, text)
        _run_jobs()
    follow_up.queue_later_questions(
        meeting_ids=[crowd.meeting.pk, crowd.hidden_meeting.pk], now=timezone.now()
    )
    _catch_up(crowd, text)
    _at_desk(crowd, text)
    # A's manager is in charge of what ended long ago.
    start_reminding(timezone.now())
    _run_jobs()
    _do(crowd, clients["b_manager"], "partnerships:end", "partnership", {"reason": "text"}, text)
    return list(Mail.objects.all())


def _catch_up(crowd: Crowd, text: str) -> None:
    """Close one, call it off later, and miss the rhythm."""
    client = Clients(crowd)["a_manager"]
    for put, name, data in (
        (catch_ups.over, "close", {}),
        (catch_ups.coming, "call-off", {"reason": text}),
    ):
        address = reverse(f"meetings:catch-up-{name}", kwargs=put(crowd))
        assert client.post(address, data).status_code == 302, name
    today = timezone.localdate()
    Rhythm.objects.update(every_days=30, since_on=today - timedelta(days=30))
    assert sum(rhythm.mind_rhythm(pk, today=today) for pk in rhythm.minded_rhythms())


def _at_desk(crowd: Crowd, text: str) -> None:
    """Ask both, propose a time, call off, decline, put aside; answer what a member asks."""
    state = desk.State
    offer = {"times": [desk.moment()], "time_zone": "Europe/Paris"}
    for who, name, put, data in (
        ("a_manager", "case-ask", desk.at(state.NOTED), {}),
        ("a_manager", "case-offer", desk.at(state.FINDING), offer),
        ("a_manager", "case-call-off", desk.at(), {"off-why": text}),
        ("a_member", "own-decline", desk.own(), {"why": text}),
        ("a_manager", "case-close", desk.at(), {"close-why": text}),
        (
            "a_manager",
            "mandate-answer",
            desk.mandate,
            {"seen": 1, "state": "declined", "answer": text},
        ),
    ):
        before = Mail.objects.count()
        address = reverse(f"ambassadors:{name}", kwargs=put(crowd))
        answer = Clients(crowd)[who].post(address, data)
        assert answer.status_code == 302, (name, answer.status_code)
        assert Mail.objects.count() > before, name


def _do(crowd: Crowd, client, name: str, on: str, form: dict, text: str) -> None:
    objects = {
        "invitation": [Invitation.objects.get().pk],
        "event": [crowd.taken.event.pk],
        "entry": [crowd.taken.event.pk, crowd.meeting.agenda_entry.pk],
        "partnership": [crowd.world.partnership.pk],
        "proposal": [crowd.proposal.pk],
        "in review": [*Listing.objects.filter(status="review").values_list("pk", flat=True)],
        "interest": [crowd.listing.interests.get().pk],
        "early interest": [Interest.objects.get(passed_at=None).pk],
    }
    values = {"text": text, "new text": f"New: {text}", "hidden": crowd.hidden.pk}
    data = {field: values.get(value, value) for field, value in form.items()}
    answer = client.post(reverse(name, args=objects[on]), data)
    assert answer.status_code == 302, (name, answer.status_code)


def _run_jobs() -> None:
    queued = Job.objects.filter(state=Job.State.QUEUED, created_at__lte=timezone.now())
    for pk in queued.exclude(key="crowd").values_list("pk", flat=True):
        jobs.run(pk)
