"""Taking part in an event by the link of a mail, without an account."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Invitation
from proxeny.directory.models import Details
from proxeny.events import operations as ops
from proxeny.events.models import AgendaEntry, Event, GuestLink, MeetingRequest, Participation
from proxeny.events.operations.follow_up import ask_guests, ask_guests_later
from proxeny.events.operations.publish import announce_agenda
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, Reader, acting_as
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from tests.events.inviting import write_invitations
from tests.factories.directory import OrganisationFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.partnerships import let_each_decide
from tests.factories.world import make_event
from tests.forms import form_of
from tests.stages import staged


@staged
def made(world):
    """An event to come, to which a member is invited that nobody signs in for."""
    found = make_event(world)
    day = timezone.now().date() + timedelta(days=30)
    Event.objects.update(
        starts_on=day, ends_on=day, deadline_at=timezone.now() + timedelta(days=20)
    )
    found.event.refresh_from_db()
    found.quiet = OrganisationFactory(
        steward=world.a.cluster, email="hello@quiet.example", contact="Eleni", language="en"
    )
    return found


@pytest.fixture
def link(world, made, acting):
    """The path of the link in the invitation."""
    with acting(world.a.manager) as reader:
        ops.invite_members(
            actor=reader,
            event_id=made.event.pk,
            organisation_ids=[made.quiet.pk],
            now=timezone.now(),
        )
    write_invitations()
    return path_in(Mail.objects.get(recipient="hello@quiet.example"))


def path_in(mail):
    return re.search(r"/events/by-link/\w+/", mail.text)[0]


def url(name, *args):
    return reverse(f"events:{name}", args=args)


def own(made):
    return Participation.objects.get(event=made.event, organisation=made.quiet)


def opened(path):
    client = Client()
    assert client.get(path).status_code == 302
    return client


def meet(made, participation, other, *, ago):
    starts = timezone.now() - ago
    meeting = MeetingFactory(
        partnership=made.event.partnership,
        state=Meeting.State.CONFIRMED,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=20),
        organisations=[participation.organisation_id, other.organisation_id],
    )
    for one in (participation, other):
        MeetingParty.objects.update_or_create(
            meeting=meeting,
            organisation=one.organisation,
            defaults={"name": one.contact, "person": one.person},
        )
    return AgendaEntry.objects.create(
        event=made.event,
        meeting=meeting,
        slot=made.event.slots.first(),
        table=made.event.tables.first(),
        first=participation,
        second=other,
    )


def test_invitation_names_who_asks_and_carries_a_link_of_its_own(world, made, link):
    mail = Mail.objects.get(recipient="hello@quiet.example")
    for told in (made.event.title, made.event.place, world.a.cluster.name, world.a.manager.name):
        assert told in mail.text, told
    assert mail.reply_to == world.a.manager.email
    token = link.split("/")[-2]
    assert not GuestLink.objects.filter(token_hash=token).exists()


def test_from_registration_to_rating_by_link(world, made, link):
    client = opened(link)
    found = own(made)
    page = client.get(url("register", found.pk))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    asked = {**form_of(page, "contact"), "contact": "Eleni P.", "languages": ["en"]}
    answer = client.post(url("register", found.pk), asked)
    assert answer.status_code == 302, answer.content.decode()
    found.refresh_from_db()
    assert (found.state, found.contact, found.person) == ("registered", "Eleni P.", None)
    target = made.french[0]
    answer = client.post(url("mark", found.pk, target.pk), {"kind": "must"})
    assert answer.status_code == 302
    assert MeetingRequest.objects.get(source=found).kind == "must"
    for page in (
        url("detail", made.event.pk),
        url("participants", made.event.pk),
        url("requests", found.pk),
    ):
        assert client.get(page).status_code == 200, page
    entry = meet(made, found, target, ago=timedelta(hours=-1))
    Event.objects.update(state=Event.State.PUBLISHED)
    agenda = client.get(url("my-agenda", made.event.pk)).content.decode()
    assert target.organisation.name in agenda
    feed = re.search(r"/events/by-link/\w+/meetings.ics", agenda)[0]
    assert "BEGIN:VEVENT" in Client().get(feed).content.decode()
    assert client.get(url("my-agenda-ics", made.event.pk)).status_code == 200
    starts = timezone.now() - timedelta(hours=2)
    Meeting.objects.filter(pk=entry.meeting_id).update(
        starts_at=starts, ends_at=starts + timedelta(minutes=20)
    )
    assert target.organisation.name in client.get(reverse("meetings:ratings")).content.decode()
    answer = client.post(
        reverse("meetings:rate", args=[entry.meeting_id]), {"phase": "day", "value": "possible"}
    )
    assert answer.status_code == 302
    assert Rating.objects.get().value == "possible"


def test_guest_cancels_a_meeting_and_withdraws(made, link):
    client, found = opened(link), own(made)
    Participation.objects.filter(pk=found.pk).update(state="registered", contact="Eleni")
    entry = meet(made, found, made.french[0], ago=timedelta(hours=-1))
    Event.objects.update(state=Event.State.PUBLISHED)
    now = timezone.now()
    made.event.slots.update(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    path = url("meeting-withdraw", made.event.pk, entry.pk)
    assert client.post(path, {"reason": "Ill"}).status_code == 302
    assert Meeting.objects.get().state == "cancelled"
    assert client.post(url("withdraw", found.pk), {"reason": "Ill"}).status_code == 302
    assert own(made).state == "withdrawn"


def test_every_other_page_answers_as_to_a_stranger(made, link):
    client, stranger = opened(link), Client()
    other = made.greek[0]
    for path in (
        url("list"),
        url("register", other.pk),
        url("requests", other.pk),
        url("participants-export", made.event.pk),
        url("answers", made.event.pk),
        url("setup", made.event.pk),
        url("timetable", made.event.pk),
        reverse("people:me"),
        reverse("search"),
        reverse("directory:edit", args=[made.quiet.pk]),
        reverse("history:show", args=["event", made.event.pk]),
    ):
        mine, theirs = client.get(path), stranger.get(path)
        assert mine.status_code == theirs.status_code != 200, path


def test_database_shows_a_guest_one_participation(world, made, link):
    found = own(made)
    secret = MeetingRequest.objects.create(
        event=made.event, source=made.greek[0], target=made.french[0], kind="must"
    )
    second = make_event(world, title="Another event").event
    guest = Reader(
        organisations=(found.organisation_id, made.greek[0].organisation_id),
        managed=(world.a.cluster.pk,),
        participations=(found.pk,),
    )
    with acting_as(WEB, guest):
        assert list(Event.objects.values_list("pk", flat=True)) == [made.event.pk]
        assert not MeetingRequest.objects.filter(pk=secret.pk).exists()
        assert set(Participation.objects.values_list("event_id", flat=True)) == {made.event.pk}
        assert Participation.objects.filter(pk=made.greek[0].pk).update(contact="x") == 0
        assert not Meeting.objects.exists()
    assert second.pk != made.event.pk


def test_forged_old_and_expired_links_answer_alike(made, link):
    pages = [Client().get(url("guest", "f" * 64))]
    answer = Client().post(url("guest-again"), {"email": "hello@quiet.example"})
    unknown = Client().post(url("guest-again"), {"email": "nobody@quiet.example"})
    assert answer.status_code == unknown.status_code == 200
    mail = Mail.objects.get(key__startswith="event-link:")
    pages.append(Client().get(link))
    new = path_in(mail)
    assert new != link
    opened(new)
    GuestLink.objects.update(expires_at=timezone.now())
    pages.append(Client().get(new))
    assert {page.status_code for page in pages} == {404}
    said = {re.search(r"<h1>.*?</main>", page.content.decode(), re.DOTALL)[0] for page in pages}
    assert len(said) == 1


def test_mails_go_to_the_address_once_each_with_the_same_link(world, made, link):
    found, now = own(made), timezone.now()
    Participation.objects.filter(pk=found.pk).update(state="registered", contact="Eleni")
    found.refresh_from_db()
    entry = meet(made, found, made.french[0], ago=timedelta(hours=2))
    Event.objects.update(state=Event.State.PUBLISHED)
    made.event.refresh_from_db()
    announce_agenda(event=made.event, kind="published", number=1, now=now)
    over = datetime.combine(made.event.ends_on + timedelta(days=1), now.timetz())
    assert (ask_guests(now=over), ask_guests(now=over)) == (1, 0)
    later = over + timedelta(days=190)
    # The other side has a person, who is asked as everybody is.
    assert ask_guests_later([entry.meeting_id], "x", later) == 1
    assert ask_guests_later([entry.meeting_id], "x", later) == 0
    mails = Mail.objects.filter(recipient="hello@quiet.example")
    assert mails.count() == 4
    assert {path_in(mail) for mail in mails} == {link}
    assert all(mail.reply_to for mail in mails)
    assert GuestLink.objects.get().expires_at >= later + timedelta(days=89)


def test_guest_asks_for_an_account_and_keeps_everything(made, link):
    client, found = opened(link), own(made)
    assert client.post(url("guest-account", found.pk)).status_code == 302
    invited = Invitation.objects.get()
    assert (invited.email, invited.organisation, invited.role) == (
        "hello@quiet.example",
        made.quiet,
        "representative",
    )


def test_cancelled_event_tells_the_address(world, made, link, acting):
    let_each_decide(world.partnership)
    with acting(world.a.manager) as reader:
        ops.cancel_event(actor=reader, event_id=made.event.pk, reason="Storm", now=timezone.now())
    mail = Mail.objects.get(recipient="hello@quiet.example", key__startswith="event-cancelled:")
    assert "Storm" in mail.text


def test_organiser_who_opens_a_link_stays_who_they_are(world, made, link, sign_in):
    client, page = sign_in(world.a.manager), url("answers", made.event.pk)
    client.get(link)
    assert client.get(url("detail", made.event.pk)).context["reader"].person == world.a.manager.pk
    assert client.get(reverse("meetings:ratings")).context["reader"].person == world.a.manager.pk
    assert client.get(page).status_code == 200


def test_link_opens_its_matter_for_who_is_signed_in_elsewhere(world, made, link, sign_in):
    client = sign_in(world.c.manager)
    client.get(link)
    page = client.get(url("register", own(made).pk))
    assert page.status_code == 200
    assert page.context["reader"].participations == (own(made).pk,)
    # They are signed in as before, and what their browser keeps for them stays.
    assert "Clear-Site-Data" not in page
    assert client.get(reverse("people:me")).status_code == 200


def test_former_contact_makes_no_account(made, link):
    client = opened(link)
    Details.objects.filter(organisation=made.quiet).update(email="new@quiet.example")
    assert client.post(url("guest-account", own(made).pk)).status_code == 404
    assert not Invitation.objects.exists()
