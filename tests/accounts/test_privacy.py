"""All that is held about a person: seen, taken along, and erased everywhere."""

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import (
    Account,
    ApiToken,
    CalendarFeed,
    DataFile,
    Erasure,
    Invitation,
    Person,
    Role,
)
from proxeny.accounts.operations import privacy as operations
from proxeny.accounts.privacy import find_idle_people, find_person
from proxeny.directory.models import Details, MemberImport, Organisation
from proxeny.events.queries.agenda.outcome import get_event_outcome
from proxeny.kernel import jobs
from proxeny.kernel.chain import REDACTION, verify_chain
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.models import AuditEntry, Job, Mail, StoredFile
from proxeny.kernel.personal_data.reading import read_kinds
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.meetings.models import CatchUpGuest, MeetingParty, Rating
from proxeny.partnerships.models import SignOff
from tests.accounts.marked import ADDRESS, NAME, mark, traces
from tests.conftest import reader_of
from tests.factories.accounts import PASSWORD, PersonFactory, SeatFactory
from tests.factories.world import make_event
from tests.stages import staged


@staged
def taken(world):
    return make_event(world)


@staged
def marked(world, taken):
    made = mark(world, taken)
    link_trail()
    return made


def link_trail() -> None:
    """Let the trail's chain grow now, as it does when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def prove(client) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content


def ask(person, **values) -> Erasure:
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operations.ask_erasure(actor=reader, now=timezone.now(), **values)


def run_erasure(erasure: Erasure) -> Job:
    job = Job.objects.get(kind="accounts.erase-person", arguments={"erasure": erasure.pk})
    jobs.run(job.pk)
    link_trail()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def figures(world, event) -> tuple:
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        outcome = get_event_outcome(reader, event.pk)
    return (outcome.participants, outcome.checked_in, outcome.requests, outcome.chain)


def test_after_an_erasure_no_column_of_any_table_names_the_person(world, marked):
    before = traces()
    # The search itself finds what is there.
    assert {
        "accounts_person.name",
        "accounts_person.email",
        "accounts_account.email",
        "account_emailaddress.email",
        "accounts_invitation.email",
        "accounts_apitoken.name",
        "directory_guarded.contact",
        "directory_guarded.email",
        "directory_organisation.summary",
        "directory_organisation.search_text",
        "directory_organisation.search_vector",
        "directory_listing.summary",
        "directory_memberimport.report",
        "directory_memberimport.columns",
        "directory_memberimport.problems",
        "partnerships_partnership.purpose",
        "partnerships_signoff.person_name",
        "partnerships_sharinggrant.purpose",
        "events_event.summary",
        "events_participation.contact",
        "events_participation.pitch",
        "events_meetingrequest.note",
        "meetings_meeting.cancel_reason",
        "meetings_meetingparty.name",
        "meetings_rating.note",
        "kernel_auditentry.changes",
        "meetings_meeting.title",
        "meetings_catchup.agenda",
        "meetings_catchup.minutes",
        "meetings_decision.text",
        "kernel_auditentry.why",
        "kernel_job.arguments",
        "kernel_job.result",
        "kernel_job.progress",
        "kernel_job.error",
        "kernel_mail.recipient",
        "kernel_mail.subject",
        "kernel_mail.text",
        "kernel_mail.html",
        "kernel_mail.calendar",
        "kernel_mail.error",
        "kernel_apicall.body",
        "kernel_storedfile.content",
        "kernel_storedfile.content (workbook)",
        "socialaccount_socialaccount.extra_data",
        "accounts_datafile.content",
        "webhooks_webhook.description",
    } <= set(before)
    counted = figures(world, marked.event)

    run_erasure(ask(marked.person, at_once=True))

    assert traces() == {}
    assert figures(world, marked.event) == counted


def test_what_stays_is_a_number_that_still_counts(world, marked):
    run_erasure(ask(marked.person, at_once=True))
    person = Person.objects.get(pk=marked.person.pk)
    assert (person.name, person.email, person.account_id) == ("Erased person", "", None)
    assert person.erased_at is not None
    assert Account.objects.filter(email=ADDRESS).count() == 0
    assert not Authenticator.objects.exists()
    assert not CalendarFeed.objects.filter(person=person).exists()
    assert not ApiToken.objects.filter(person=person).exists()
    assert not DataFile.objects.filter(person=person).exists()
    assert MeetingParty.objects.get(person=person).name == "Erased person"
    assert Rating.objects.get(party__person=person).note == "I, Erased person, liked it."
    assert SignOff.objects.get(person=person).person_name == "Erased person"
    # That somebody came stays the partnership's, and no longer who.
    assert CatchUpGuest.objects.get(person=None).came is True
    seats = person.seats.all()
    assert len(seats) == 2
    assert all(seat.ends_on < timezone.now().date() for seat in seats)
    own = Organisation.objects.get(pk=marked.own.pk)
    assert own.summary == "Ask Erased person for a visit, at erased@example.invalid."
    # Somebody else's name, in an invitation that the person sent, is not theirs to erase.
    assert Invitation.objects.get(invited_by=person).name == "Some Body"
    assert Invitation.objects.filter(organisation=world.c.cluster).get().withdrawn_at is not None


def test_sign_in_sessions_and_secrets_are_dead(marked, client):
    assert marked.client.get("/people/me/").status_code == 200
    run_erasure(ask(marked.person, at_once=True))
    assert marked.client.get("/people/me/").status_code == 302
    assert not Session.objects.exists()
    answer = client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert answer.status_code == 200  # the form again
    token = {"headers": {"Authorization": f"Bearer {marked.token_secret}"}}
    assert client.get("/api/v1/people/me", **token).status_code == 401


def test_mails_to_the_person_are_emptied_and_those_waiting_are_not_sent(marked):
    run_erasure(ask(marked.person, at_once=True))
    sent = Mail.objects.get(key="sent")
    assert (sent.recipient, sent.subject, sent.text, sent.html, sent.calendar) == ("",) * 5
    assert not Mail.objects.filter(key="queued").exists()
    other = Mail.objects.get(key="other")
    assert other.recipient == "other@example.org"
    assert other.text == "Hello Erased person"
    calendar = other.calendar.replace("\r\n ", "")
    assert "mailto:erased@example.invalid" in calendar
    assert "Erased person of a Member" in calendar


def test_lists_that_name_the_person_are_thrown_away(marked):
    run_erasure(ask(marked.person, at_once=True))
    imported = MemberImport.objects.get()
    assert imported.state == MemberImport.State.APPLIED
    assert imported.report == {
        "changed": [
            {"name": "Member", "contact": "Erased person", "email": "erased@example.invalid"}
        ]
    }
    assert {bytes(file.content) for file in StoredFile.objects.all()} == {b""}


def test_the_trail_holds_and_says_what_was_blacked_out(world, marked):
    run_erasure(ask(marked.person, at_once=True))
    verdict = verify_chain()
    assert verdict.faults == []
    told = AuditEntry.objects.get(verb=REDACTION)
    assert set(told.changes) == {"entries", "rows"}
    blacked = AuditEntry.objects.filter(pk__in=told.changes["entries"])
    assert verdict.redacted == len(told.changes["entries"]) == 4
    assert {row.verb for row in blacked} == {"change_profile", "end_seat", "update_organisation"}
    changed = AuditEntry.objects.get(verb="end_seat")
    assert (changed.changes, changed.why) == ({"name": "Erased person"}, "Erased person has left")
    assert AuditEntry.objects.filter(changes={"city": ["", "X"]}).exists()


def test_the_other_sides_pages_still_answer(world, marked, sign_in):
    run_erasure(ask(marked.person, at_once=True))
    manager = sign_in(world.b.manager)
    event = marked.event.pk
    for name, args in (
        ("events:detail", [event]),
        ("events:participants", [event]),
        ("events:outcome", [event]),
        ("events:agenda", [event]),
        ("partnerships:detail", [world.partnership.pk]),
        ("directory:detail", [marked.own.pk]),
        ("people:list", []),
    ):
        answer = manager.get(reverse(name, args=args))
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "Quillmarker" not in text
    assert (
        "Erased person"
        in manager.get(reverse("events:participants", args=[event])).content.decode()
    )


def test_an_erasure_killed_in_the_middle_has_not_begun_and_one_run_twice_does_nothing(marked):
    erasure = ask(marked.person, at_once=True)
    before = traces()

    class Killed(BaseException):
        pass

    def die() -> None:
        with acting_as(SERVICE):
            operations.carry_out_erasure(erasure_id=erasure.pk, now=timezone.now())
            raise Killed

    with pytest.raises(Killed):
        die()
    assert traces() == before
    run_erasure(erasure)
    rows = AuditEntry.objects.count()
    with acting_as(SERVICE):
        again = operations.carry_out_erasure(erasure_id=erasure.pk, now=timezone.now())
    assert again == {"state": "nothing to do"}
    assert AuditEntry.objects.count() == rows


def test_a_namesake_and_other_organisations_words_stay(world, marked):
    """Nobody erases others' words by taking them for a name."""
    sly = world.c.representatives[0]
    Person.objects.filter(pk=sly.pk).update(name="Greek cluster")
    organisation = Organisation.objects.get(pk=world.a.members[1].pk)
    organisation.summary = "The Greek cluster keeps us."
    organisation.save()
    namesake = MeetingParty.objects.exclude(person=marked.person).first()
    Person.objects.filter(pk=namesake.person_id).update(name=NAME)
    MeetingParty.objects.filter(pk=namesake.pk).update(name=NAME)
    run_erasure(ask(sly, at_once=True))
    assert Organisation.objects.get(pk=world.a.cluster.pk).name == "Greek cluster"
    organisation.refresh_from_db()
    assert organisation.summary == "The Greek cluster keeps us."
    run_erasure(ask(marked.person, at_once=True))
    namesake.refresh_from_db()
    assert namesake.name == NAME


def test_an_address_that_is_not_proved_erases_nothing_of_its_owner(world, marked):
    sly = world.c.representatives[0]
    EmailAddress.objects.create(user=sly.account, email=world.a.manager.email, verified=False)
    subject = find_person(sly.pk)
    assert world.a.manager.email not in subject.addresses
    run_erasure(ask(sly, at_once=True))
    assert Person.objects.get(pk=world.a.manager.pk).email == world.a.manager.email


def test_the_last_manager_is_refused_with_what_to_do(world, sign_in):
    with pytest.raises(Conflict, match=r"last manager of French cluster\. Hand over your role"):
        ask(world.b.manager)
    assert not Erasure.objects.exists()
    client = sign_in(world.b.manager)
    prove(client)
    page = client.get(reverse("privacy:erase")).content.decode()
    assert "You’re the last manager of French cluster." in page
    assert 'name="sure"' not in page
    answer = client.post(reverse("privacy:erase"), {"when": "now", "sure": "on"})
    assert answer.status_code == 422
    SeatFactory(person=PersonFactory(), organisation=world.b.cluster, role=Role.MANAGER)
    ask(world.b.manager)


def test_one_who_became_the_last_manager_waits_until_there_is_another(world):
    second = SeatFactory(person=PersonFactory(), organisation=world.b.cluster, role=Role.MANAGER)
    erasure = ask(world.b.manager)
    second.delete()
    later = timezone.now() + operations.CHANGE_OF_MIND + timedelta(minutes=1)
    for day in range(2):
        with acting_as(SERVICE):
            said = operations.carry_out_erasure(
                erasure_id=erasure.pk, now=later + timedelta(days=day, hours=day)
            )
        assert said == {"state": "held up"}
    assert Mail.objects.filter(key=f"erasure_held_up:{erasure.pk}").count() == 1
    SeatFactory(person=PersonFactory(), organisation=world.b.cluster, role=Role.MANAGER)
    with acting_as(SERVICE):
        said = operations.carry_out_erasure(erasure_id=erasure.pk, now=later + timedelta(days=4))
    assert said["state"] == "erased"


def test_three_days_to_change_ones_mind(world, sign_in):
    person = world.a.representatives[0]
    client = sign_in(person)
    prove(client)
    answer = client.post(reverse("privacy:erase"), {"when": "later", "sure": "on"})
    assert answer.status_code == 302
    erasure = Erasure.objects.get()
    assert erasure.due_at - erasure.asked_at == timedelta(days=3)
    mail = Mail.objects.get(key=f"erasure_asked:{erasure.pk}")
    assert mail.recipient == person.email
    operations.start_due_erasures(now=timezone.now())
    assert not Job.objects.filter(kind="accounts.erase-person").exists()
    assert "You can still change your mind" in client.get(reverse("privacy:mine")).content.decode()
    assert client.post(reverse("privacy:keep")).status_code == 302
    erasure.refresh_from_db()
    assert erasure.withdrawn_at is not None
    operations.start_due_erasures(now=timezone.now() + timedelta(days=4))
    assert not Job.objects.filter(kind="accounts.erase-person").exists()


def test_the_page_tells_what_was_done_in_words_and_no_numbers_of_records(world, sign_in):
    person = world.a.representatives[0]
    ask(person)
    client = sign_in(person)
    prove(client)
    page = client.get(reverse("privacy:mine")).content.decode()
    assert "<dt>What was done</dt><dd><bdi>Requested erasure of their own data</bdi>" in page
    assert "<dt>First day</dt>" in page
    assert not re.search(r"<dt>[^<]* id</dt>|<dt>Person</dt>|accounts\.erasure", page)


def test_when_the_three_days_are_over_a_job_does_it_once(world):
    person = world.a.representatives[0]
    ask(person)
    due = timezone.now() + timedelta(days=3, minutes=1)
    assert operations.start_due_erasures(now=due) == 1
    assert operations.start_due_erasures(now=due + timedelta(hours=1)) == 1
    assert Job.objects.filter(kind="accounts.erase-person").count() == 1


def test_at_once_signs_out_and_says_good_bye(world, sign_in):
    person = world.a.representatives[0]
    client = sign_in(person)
    prove(client)
    answer = client.post(reverse("privacy:erase"), {"when": "now", "sure": "on"})
    assert answer.status_code == 200
    assert "Your data is being erased" in answer.content.decode()
    assert client.get("/people/me/").status_code == 302
    run_erasure(Erasure.objects.get())
    person.refresh_from_db()
    assert person.name == "Erased person"


def test_a_manager_erases_a_contact_without_a_sign_in(world, taken, sign_in):
    member = world.a.members[0]
    other = world.c.members[0]
    Details.objects.filter(organisation__in=[member, other]).update(
        contact="Kontakta Persson", email="kontakta@example.org"
    )
    Mail.objects.create(
        key="x",
        recipient="kontakta@example.org",
        subject="Kontakta Persson",
        text="t",
        sent_at=timezone.now(),
    )
    party = taken.greek[0]
    party.contact, party.person = "Kontakta Persson", None
    party.save()
    client = sign_in(world.a.manager)
    page = client.get(reverse("privacy:erase-contact", args=[member.pk]))
    assert "Kontakta Persson" in page.content.decode()
    answer = client.post(reverse("privacy:erase-contact", args=[member.pk]), {"sure": "on"})
    assert answer.status_code == 302
    link_trail()
    run_erasure(Erasure.objects.get())
    details = Details.objects.get(organisation=member)
    assert (details.contact, details.email) == ("", "")
    party.refresh_from_db()
    assert party.contact == "Erased person"
    assert Mail.objects.get(key="x").recipient == ""
    # Another cluster's entry is that cluster's.
    assert Details.objects.get(organisation=other).contact == "Kontakta Persson"
    assert verify_chain().faults == []


def test_a_contact_who_signs_in_is_not_a_managers_to_erase(world):
    member = world.a.members[0]
    Details.objects.filter(organisation=member).update(
        contact="x", email=world.b.manager.email.upper()
    )
    reader = reader_of(world.a.manager)
    with pytest.raises(Conflict, match="This person has a Proxeny account"), acting_as(WEB, reader):
        operations.ask_contact_erasure(actor=reader, organisation_id=member.pk, now=timezone.now())


@pytest.mark.parametrize("who", ["b_manager", "a_representative", "a_ambassador"])
def test_others_cannot_erase_a_contact(world, who):
    person = {
        "b_manager": world.b.manager,
        "a_representative": world.a.representatives[0],
        "a_ambassador": world.a.ambassador,
    }[who]
    reader = reader_of(person)
    with pytest.raises(NotAllowed), acting_as(WEB, reader):
        operations.ask_contact_erasure(
            actor=reader, organisation_id=world.a.members[0].pk, now=timezone.now()
        )


def test_the_page_asks_who_one_is_before_it_shows_anything(marked):
    answer = marked.client.get(reverse("privacy:mine"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/reauthenticate/?next=")
    for name in ("privacy:file", "privacy:erase"):
        assert marked.client.post(reverse(name), {"when": "now", "sure": "on"}).status_code == 302
    assert not Erasure.objects.exists()
    assert not AuditEntry.objects.filter(verb="download_data").exists()


def test_the_page_shows_each_kind_with_purpose_and_term(marked):
    prove(marked.client)
    page = marked.client.get(reverse("privacy:mine")).content.decode()
    for text in (
        "Roles in organisations",
        "Greek cluster",
        "Email received",
        "90 days after it was sent",
        "Until the person leaves.",
        "To let authorised people in, identify them and keep others out.",
        "Signed agreements",
        "Feedback about meetings",
        "Files uploaded",
    ):
        assert text in page, text


def test_the_file_holds_every_row_about_the_person_and_no_secret(marked):
    DataFile.objects.all().delete()
    prove(marked.client)
    answer = marked.client.post(reverse("privacy:file"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    text = answer.content.decode()
    document = json.loads(text)
    assert (document["format"], document["version"]) == ("proxeny-person-data", 1)
    kinds = {kind["kind"]: kind for kind in document["kinds"]}
    counts = {name: kind["count"] for name, kind in kinds.items()}
    assert counts == {
        "accounts.account": 1,
        "accounts.person": 1,
        "accounts.seat": 2,
        "accounts.invitation": 3,
        "accounts.calendarfeed": 1,
        "accounts.apitoken": 1,
        "account.emailaddress": 2,
        "account.emailconfirmation": 1,
        "mfa.authenticator": 1,
        "socialaccount.socialaccount": 1,
        "socialaccount.socialtoken": 1,
        "usersessions.usersession": counts["usersessions.usersession"],
        "directory.details": 3,
        "partnerships.signoff": 1,
        "partnerships.delegation": 1,
        "partnerships.sharinggrant": 1,
        "meetings.meetingparty": 1,
        "meetings.rating": 1,
        "meetings.catchupguest": 1,
        "events.participation": 2,
        "events.meetingrequest": 1,
        "kernel.auditentry": counts["kernel.auditentry"],
        "kernel.job": 1,
        "kernel.mail": 2,
        "kernel.storedfile": 2,
        "kernel.apicall": 1,
        "webhooks.webhook": 1,
    }
    assert all(len(kind["rows"]) == kind["count"] for kind in kinds.values())
    for secret in ("pbkdf2", "token_hash", "digest", "Some Body", "somebody@example.org"):
        assert secret not in text
    assert kinds["kernel.mail"]["kept"] == "90 days after it was sent; 90 days after it was created"
    assert AuditEntry.objects.filter(verb="download_data", person_id=marked.person.pk).count() == 1


def test_others_data_is_not_in_the_file(world, marked):
    """Every row of the file names the person, or was made by them; nobody else's comes along."""
    other = reader_of(world.a.representatives[2])
    with acting_as(SERVICE):
        kinds = read_kinds(find_person(other.person))
    said = json.dumps([kind.rows for kind in kinds], default=str)
    assert "Quillmarker" not in said
    assert {kind.label for kind in kinds} == {
        "accounts.account",
        "accounts.person",
        "accounts.seat",
        "account.emailaddress",
        "events.participation",
    }


def test_what_others_did_to_ones_seat_is_told_without_them(world, marked):
    with acting_as(SERVICE):
        kinds = {kind.label: kind for kind in read_kinds(find_person(marked.person.pk))}
    ended = [row for row in kinds["kernel.auditentry"].rows if row["verb"] == "end_seat"]
    assert len(ended) == 1
    assert "person_id" not in ended[0]
    assert "why" not in ended[0]


def test_a_large_file_is_made_by_a_job(marked, monkeypatch):
    DataFile.objects.all().delete()
    monkeypatch.setattr("proxeny.accounts.operations.privacy.data.LARGE", 10)
    prove(marked.client)
    assert marked.client.post(reverse("privacy:file")).status_code == 302
    page = marked.client.get(reverse("privacy:mine")).content.decode()
    assert "Preparing your data" in page
    jobs.run(Job.objects.get(kind="accounts.collect-data").pk)
    answer = marked.client.post(reverse("privacy:file"))
    assert answer.headers["Content-Type"].startswith("application/json")
    assert json.loads(answer.content)["person"] == marked.person.pk


def test_links_that_let_in_are_not_in_the_file(world):
    person = world.a.representatives[0]
    Mail.objects.create(
        key="x",
        recipient=person.email,
        subject="s",
        text="Open https://site.example/invitations/SECRETTOKEN now",
    )
    reader = reader_of(person)
    with acting_as(WEB, reader):
        text = operations.download_data(actor=reader, now=timezone.now())
    assert "SECRETTOKEN" not in text
    assert "https://site.example/invitations/" in text


def test_people_who_take_part_no_longer_are_told_and_then_erased(world, sign_in):
    now = timezone.now()
    long_ago = now - timedelta(days=3 * 365 - 20)
    idle = PersonFactory(name="Idle Example")
    back = PersonFactory(name="Idle Returner")
    recent = PersonFactory(name="Recent Example")
    for person in (idle, back, recent, *Person.objects.filter(name__contains="without a seat")):
        Person.objects.filter(pk=person.pk).update(created_at=long_ago)
    SeatFactory(
        person=idle,
        organisation=world.c.cluster,
        starts_on=long_ago.date(),
        ends_on=long_ago.date(),
    )
    SeatFactory(
        person=recent,
        organisation=world.c.cluster,
        starts_on=long_ago.date(),
        ends_on=now.date() - timedelta(days=300),
    )
    told = {person.name for person in find_idle_people(now=now)}
    assert told == {"Idle Example", "Idle Returner", "Person without a seat"}
    assert operations.announce_idle(now=now) == 3
    assert operations.announce_idle(now=now) == 0
    assert Mail.objects.filter(subject="Do you still use Proxeny?").count() == 3
    Account.objects.filter(pk=back.account_id).update(last_login=now + timedelta(days=5))
    done = {}
    for erasure in Erasure.objects.all():
        with acting_as(SERVICE):
            early = operations.carry_out_erasure(erasure_id=erasure.pk, now=now)
            assert early == {"state": "nothing to do"}
            name = erasure.person.name
            done[name] = operations.carry_out_erasure(
                erasure_id=erasure.pk, now=now + timedelta(days=31)
            )["state"]
    assert done == {
        "Idle Example": "erased",
        "Idle Returner": "takes part again",
        "Person without a seat": "erased",
    }


def test_the_record_is_for_managers_and_the_notice_for_everybody(world, sign_in, client, settings):
    settings.OPERATOR = {"name": "Cluster Office", "email": "privacy@office.example"}
    page = client.get(reverse("privacy:notice"))
    assert page.status_code == 200
    assert "Cluster Office runs this site" in page.content.decode()
    assert sign_in(world.a.representatives[0]).get(reverse("privacy:record")).status_code == 403
    record = sign_in(world.b.manager).get(reverse("privacy:record")).content.decode()
    for text in ("accounts_person", "Audit trail", "privacy@office.example", "kernel_mail"):
        assert text in record
    assert reverse("privacy:notice") in client.get("/accounts/login/").content.decode()
