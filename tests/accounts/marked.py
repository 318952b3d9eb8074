"""A person with rows in every table, and a search of the whole database for their traces."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from proxeny.accounts.models import Person, Role, Seat
from proxeny.directory.models import Details, MemberImport, Organisation
from proxeny.directory.operations.organisations import write_search_text
from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.calendar import Appointment, Attendee, write_invitation
from proxeny.kernel.models import ApiCall, AuditEntry, Job, Mail, StoredFile
from proxeny.kernel.policies import BACKUP
from proxeny.kernel.tenancy import SERVICE
from proxeny.meetings.models import Meeting, Rating
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.factories.accounts import (
    ApiTokenFactory,
    CalendarFeedFactory,
    DataFileFactory,
    InvitationFactory,
    PersonFactory,
    SeatFactory,
)
from tests.factories.directory import (
    ListingFactory,
    MemberImportFactory,
    MergeFactory,
    OrganisationFactory,
)
from tests.factories.events import (
    AgendaEntryFactory,
    MeetingRequestFactory,
    ParticipationFactory,
)
from tests.factories.meetings import (
    DecisionFactory,
    MeetingFactory,
    MeetingPartyFactory,
    RatingFactory,
    make_catch_up,
)
from tests.factories.partnerships import AgreementFactory, DelegationFactory, SignOffFactory
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.factories.world import EventWorld, World

#: Apostrophe and accent: both are written in other ways somewhere.
NAME = "Zénobie O'Quillmarker"
FORMER = "Zénobie Marquefirst"
ADDRESS = "zq.marker@example.org"
#: What must be found nowhere afterwards, in small letters; folded texts know no accents.
MARKS = ("quillmarker", "marquefirst", "zq.marker", "zq%2emarker")


@dataclass
class Marked:
    """The person, and where to look."""

    person: Person
    client: Client
    event: Event
    own: Organisation
    foreign: Organisation
    token_secret: str


def mark(world: World, taken: EventWorld) -> Marked:
    """Give one person rows in every table of ours and of other packages."""
    a = world.a
    person = PersonFactory(account__email=ADDRESS, name=NAME)
    seats = [
        SeatFactory(person=person, organisation=a.cluster, role=Role.MANAGER),
        SeatFactory(person=person, organisation=a.members[0], role=Role.REPRESENTATIVE),
    ]
    client = Client()
    client.force_login(person.account)
    _sign_in_rows(person)
    own = _directory(world, person)
    _partnership(world, person)
    _event(world, taken, person)
    _catch_up(world, person)
    _kernel(world, person, seats[0])
    foreign = OrganisationFactory(steward=world.c.cluster, contact=NAME, email=ADDRESS)
    return Marked(person, client, taken.event, own, foreign, "prx_marked")


def _sign_in_rows(person: Person) -> None:
    account = person.account
    address = EmailAddress.objects.get(user=account)
    EmailConfirmation.objects.create(email_address=address, key="k" * 20)
    EmailAddress.objects.create(user=account, email=f"second.{ADDRESS}", verified=True)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "s"})
    social = SocialAccount.objects.create(
        user=account, provider="north", uid="7", extra_data={"name": NAME, "email": ADDRESS}
    )
    SocialToken.objects.create(account=social, token="t")
    UserSession.objects.get_or_create(
        session_key="elsewhere", defaults={"user": account, "ip": "192.0.2.1", "user_agent": "x"}
    )


def _directory(world: World, person: Person) -> Organisation:
    own = world.a.members[0]
    own.summary = f"Ask {NAME} for a visit, at {ADDRESS}."
    own.save()
    write_search_text(own)
    Details.objects.filter(organisation=own).update(contact=NAME, email=ADDRESS.upper())
    ListingFactory(organisation=own, summary=f"{NAME.upper()} shows it to you.")
    gone = OrganisationFactory(
        name="Member, doubled",
        steward=world.a.cluster,
        merged_into=own,
        visibility="private",
        contact=NAME,
        email=ADDRESS,
    )
    MergeFactory(
        kept=own, gone=gone, before={"contact": ["", NAME], "email": ["", ADDRESS.upper()]}
    )
    row = {"name": "Member", "contact": NAME, "email": ADDRESS}
    for state, applied_at, content in (
        (MemberImport.State.APPLIED, timezone.now(), _csv()),
        (MemberImport.State.CHECKED, None, _workbook()),
    ):
        file = StoredFile.objects.create(
            name="members",
            media_type="text/csv",
            size=len(content),
            content=content,
            sha256="0" * 64,
            organisation_id=world.a.cluster.pk,
            person_id=person.pk,
        )
        MemberImportFactory(
            cluster=world.a.cluster,
            file_id=file.pk,
            state=state,
            applied_at=applied_at,
            columns={"header": ["Name", "Contact"], "sample": [["Member", NAME, ADDRESS]]},
            problems=[{"row": 2, "reason": f"{ADDRESS} twice", "value": NAME}],
            report={"changed": [row]},
        )
    return own


def _csv() -> bytes:
    return f"Name;Contact;E-mail\nMember;{NAME};{ADDRESS}\n".encode()


def _workbook() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>O&apos;Quillmarker</t><t>{ADDRESS}</t>")
    return kept.getvalue()


def _partnership(world: World, person: Person) -> None:
    Partnership.objects.filter(pk=world.partnership.pk).update(purpose=f"{NAME} brought us here.")
    party = world.partnership.parties.get(side="A")
    SignOffFactory(
        agreement=AgreementFactory(partnership=world.partnership),
        party=party,
        person=person,
        person_name=FORMER,
    )
    DelegationFactory(
        giver=party,
        receiver=world.partnership.parties.get(side="B"),
        given_by=person,
        given_by_name=FORMER,
        note=f"{NAME} agrees",
    )
    SharingGrant.objects.filter(organisation=world.a.cluster).update(
        granted_by=person, purpose=f"{NAME} wants it"
    )


def _event(world: World, taken: EventWorld, person: Person) -> None:
    mine, other = taken.greek[0], taken.french[0]
    Event.objects.filter(pk=taken.event.pk).update(summary=f"Hosted by {NAME}.")
    Participation.objects.filter(pk=mine.pk).update(
        person=person, contact=NAME, pitch=f"Meet {NAME}", checked_in_at=timezone.now()
    )
    # Written by hand, without the person behind it.
    Participation.objects.filter(pk=taken.greek[1].pk).update(contact=NAME, person=None)
    ParticipationFactory(
        event=taken.event, organisation=world.a.cluster, group=mine.group, contact=NAME
    )
    MeetingRequestFactory(
        event=taken.event,
        source=mine,
        target=other,
        kind=MeetingRequest.Kind.MUST,
        note=f"{NAME} knows them",
    )
    meeting = MeetingFactory(
        partnership=world.partnership,
        state=Meeting.State.HELD,
        title="A meeting",
        organisations=[mine.organisation_id, other.organisation_id],
        starts_at=timezone.now() - timedelta(days=2),
        ends_at=timezone.now() - timedelta(days=1),
        cancel_reason=f"{NAME} is ill",
    )
    party = MeetingPartyFactory(
        meeting=meeting, organisation=mine.organisation, person=person, name=NAME, attended=True
    )
    MeetingPartyFactory(meeting=meeting, organisation=other.organisation, person=other.person)
    RatingFactory(party=party, note=f"I, {NAME}, liked it.", value=Rating.Value.POSSIBLE)
    AgendaEntryFactory(
        event=taken.event,
        meeting=meeting,
        slot=taken.event.slots.first(),
        table=taken.event.tables.first(),
        first=mine,
        second=other,
    )


def _catch_up(world: World, person: Person) -> None:
    made = make_catch_up(
        world.partnership,
        person,
        world.b.manager,
        starts_at=timezone.now() - timedelta(days=3),
        title=f"With {NAME}",
        agenda=f"What {NAME} found",
        minutes_text=f"{NAME} told us",
        came=True,
    )
    DecisionFactory(catch_up=made, text=f"{NAME} goes to Lyon")


def _kernel(world: World, person: Person, seat: Seat) -> None:
    a, now = world.a, timezone.now()
    InvitationFactory(organisation=a.cluster, email=ADDRESS, name=FORMER, accepted_at=now)
    InvitationFactory(organisation=world.c.cluster, email=ADDRESS, name=NAME)
    InvitationFactory(
        organisation=a.cluster, email="somebody@example.org", name="Some Body", invited_by=person
    )
    CalendarFeedFactory(person=person)
    DataFileFactory(person=person, content=f'{{"name": "{NAME}"}}')
    token = ApiTokenFactory(person=person, seat=seat, secret="prx_marked", name=f"Of {NAME}")
    ApiCall.objects.create(token_id=token.pk, key="k", fingerprint="f", body=NAME)
    Job.objects.create(
        kind="directory.check-import",
        key="j",
        person_id=person.pk,
        organisation_id=a.cluster.pk,
        arguments={"for": ADDRESS},
        result={"by": NAME},
        progress={"row": f"{NAME}, {ADDRESS}"},
        error=f"{NAME}: no",
        state=Job.State.DONE,
        finished_at=now,
    )
    Job.objects.create(
        kind="directory.check-import",
        key="other",
        person_id=world.a.manager.pk,
        organisation_id=a.cluster.pk,
        result={"contact": NAME},
    )
    _mails(now)
    _trail(world, person, seat)
    hook = WebhookFactory(organisation=a.cluster, made_by=person, description=f"{NAME}'s own")
    WebhookDeliveryFactory(webhook=hook)


def _mails(now) -> None:
    calendar = write_invitation(
        Appointment(
            uid="m",
            sequence=0,
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            summary="A rather long title so that lines are folded",
            stamp=now,
            organiser_name="Desk",
            organiser_email="desk@example.org",
            attendees=(Attendee(f"{NAME} of a Member with a long name in Athens", ADDRESS),),
        ),
        method="REQUEST",
    )
    html = (
        "<p>Z&eacute;nobie Z\u00e9nobie O&#x27;Quillmarker <a href='mailto:zq.marker@example.org'>"
    )
    own = {"subject": f"For {NAME}", "text": f"Hello {NAME}", "html": html, "calendar": calendar}
    Mail.objects.create(key="sent", recipient=ADDRESS.title(), sent_at=now, **own)
    Mail.objects.create(key="queued", recipient=ADDRESS, **own)
    # A server once told of an address behind the recipient's.
    refused = f"SMTPRecipientsRefused: 550 <{ADDRESS}>: no such mailbox"
    Mail.objects.create(key="other", recipient="other@example.org", error=refused, **own)


def _trail(world: World, person: Person, seat: Seat) -> None:
    a = world.a
    rows = (
        (person.pk, "change_profile", "accounts.person", person.pk, {"name": [FORMER, NAME]}, ""),
        (a.manager.pk, "end_seat", "accounts.seat", seat.pk, {"name": NAME}, f"{NAME} has left"),
        (
            a.manager.pk,
            "update_organisation",
            "directory.organisation",
            a.members[0].pk,
            {"contact": ["", NAME], "email": ["", ADDRESS], "summary": ["", f"Ask {NAME}"]},
            "",
        ),
        (
            world.c.manager.pk,
            "update_organisation",
            "directory.organisation",
            0,
            {"email": [ADDRESS, ""]},
            f"{ADDRESS} bounced",
        ),
        (a.manager.pk, "update_organisation", "directory.organisation", 0, {"city": ["", "X"]}, ""),
    )
    for who, verb, target, number, changes, why in rows:
        AuditEntry.objects.create(
            person_id=who,
            organisation_id=a.cluster.pk,
            verb=verb,
            target=target,
            target_id=number,
            changes=changes,
            why=why,
        )


def traces() -> dict[str, int]:
    """Return each column of each table that holds one of the marks, and how many rows do."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [BACKUP])
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN"
            " ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'tsvector', 'inet')"
        )
        for table, column, kind in cursor.fetchall():
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            unfolded = f"regexp_replace({shown}, E'\\r?\\n[ \\t]', '', 'g')"
            test = " OR ".join(f"{unfolded} ILIKE %s" for _ in MARKS)
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE {test}',  # noqa: S608
                [f"%{mark.replace('%', '\\%')}%" for mark in MARKS],
            )
            if count := cursor.fetchone()[0]:
                found[f"{table}.{column}"] = count
        cursor.execute("SELECT set_config('role', %s, true)", [SERVICE])
    return found | _sealed_traces()


def _sealed_traces() -> dict[str, int]:
    """Look into what is compressed: workbooks and sessions."""
    found = {}
    for content in StoredFile.objects.values_list("content", flat=True):
        if bytes(content)[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(bytes(content))) as book:
                text = "".join(book.read(name).decode() for name in book.namelist()).lower()
            if any(mark in text for mark in MARKS):
                found["kernel_storedfile.content (workbook)"] = 1
    for session in Session.objects.all():
        if any(mark in str(session.get_decoded()).lower() for mark in MARKS):
            found["django_session (decoded)"] = 1
    return found


def today() -> date:
    """Return the day, as operations take it."""
    return timezone.now().date()
