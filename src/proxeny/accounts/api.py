"""The people API: the caller, seats, invitations, the caller's own profile.

The calendar's secret address, programs and their tokens, passwords and second factors can only be
changed on pages, never by a program. The same goes for downloading personal data and for erasure: a
page asks for the password again, and both go beyond the one seat of a token.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.accounts import operations, queries, trail_shapes
from proxeny.accounts.models import Invitation, Person, Seat
from proxeny.accounts.operations import privacy
from proxeny.accounts.operations.profile import profile_version
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.kernel.api import (
    Email,
    Id,
    IfMatch,
    In,
    Named,
    Out,
    in_pages,
    match_version,
    scoped_router,
    show_version,
    unsent,
)
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.api.times import Day
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader

router = scoped_router("people", tag="People")

Name = Annotated[str, Field(min_length=1, max_length=150)]
Language = Literal["en", "fr", "el", "ar"]
SeatRole = Literal["manager", "ambassador", "adviser", "juror", "representative"]


class Me(Out):
    """The person and the seat that the token acts for."""

    person: int
    name: str
    language: str
    time_zone: str
    organisations: list[int]
    managed: list[int]
    clusters: list[int]
    partnerships: list[int]
    scopes: list[str]
    created_at: datetime


@router.get("/me", response=Me, summary="Get the token's person and seat")
def show_me(request: Request) -> Me:
    """Returns the person and the seat behind the token, and everything they have access to."""
    reader = request.reader
    person = queries.get_profile(reader)
    return Me(
        person=person.pk,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        organisations=list(reader.organisations),
        managed=list(reader.managed),
        clusters=list(reader.clusters),
        partnerships=list(reader.partnerships),
        scopes=sorted(request.auth.scopes),
        created_at=person.created_at,
    )


class ProfileOut(Out):
    """A person's profile."""

    name: str
    email: str
    language: Language
    time_zone: str


class ProfileIn(In):
    """Changes to your profile.

    The email address can only be changed on the page, where it is verified.
    """

    name: Name = unsent()
    language: Language = unsent()
    time_zone: str = Field(cast("Any", None), max_length=60, examples=["Europe/Athens"])


@router.get("/profile", response=ProfileOut, summary="Get your profile")
def show_profile(request: Request, response: HttpResponse) -> Person:
    """Returns the name, email address, language and time zone of the person the token acts for."""
    person = queries.get_profile(request.reader)
    show_version(response, profile_version(person))
    return person


@router.patch("/profile", response=ProfileOut, summary="Update your profile")
def change_profile(
    request: Request, response: HttpResponse, changes: ProfileIn, if_match: IfMatch = None
) -> Person:
    """Only the fields you send change."""
    person = queries.get_profile(request.reader)
    version = match_version(if_match, profile_version(person))
    values = {name: getattr(person, name) for name in ("name", "language", "time_zone")}
    person = operations.change_profile(
        actor=request.reader, version=version, **{**values, **changes.sent()}
    )
    show_version(response, profile_version(person))
    return person


class PersonOut(Out):
    """A person, as shown in lists."""

    id: int
    name: str
    email: str


class SeatOut(Out):
    """A person's role in an organisation for a given period."""

    id: int
    person: PersonOut
    organisation: Named
    role: SeatRole
    starts_on: date
    ends_on: date | None


class SeatFilters(In):
    """Filters for a list of seats."""

    with_later: bool = Field(False, description="Include seats that begin on a later day.")
    q: str = Field(
        "", max_length=100, description="Words from a name, an email address or an organisation."
    )
    role: SeatRole | None = None
    organisation: Id | None = None


class SeatsFile(SeatFilters):
    """Filters for the exported seats, and the file format."""

    format: FileFormat = "csv"


def _find_seats(reader: Reader, filters: SeatFilters) -> QuerySet[Seat]:
    return queries.list_seats(
        reader,
        today=timezone.now().date(),
        with_later=filters.with_later,
        search=filters.q,
        role=filters.role or "",
        organisation_id=filters.organisation,
    )


@router.get("/seats", response=list[SeatOut], summary="List seats")
@in_pages("-id")
def list_seats(request: Request, filters: Query[SeatFilters]) -> QuerySet[Seat]:
    """Returns the seats held today in your organisations and in the members you look after."""
    return _find_seats(request.reader, filters)


@router.get("/seats/export", summary="Export seats", openapi_extra=TABLE_FILE)
def export_seats(request: Request, wanted: Query[SeatsFile]) -> HttpResponse:
    """Downloads the list as a file, sorted by name."""
    header, rows = queries.table_of_seats(_find_seats(request.reader, wanted))
    return answer_table("people", form=wanted.format, header=header, rows=rows)


@router.get("/seats/{seat_id}", response=SeatOut, summary="Get a seat")
def show_seat(request: Request, seat_id: Id) -> Seat:
    """Returns a seat that is held today or begins on a later day."""
    return queries.get_listed_seat(request.reader, seat_id, today=timezone.now().date())


@router.post("/seats/{seat_id}/end", response=SeatOut, summary="End a seat")
def end_seat(request: Request, seat_id: Id) -> Seat:
    """Takes effect immediately. You can restore the seat within two days.

    The last manager's seat can't be ended.
    """
    return operations.end_seat(actor=request.reader, seat_id=seat_id, today=timezone.now().date())


@router.post("/seats/{seat_id}/restore", response=SeatOut, summary="Restore an ended seat")
def restore_seat(request: Request, seat_id: Id) -> Seat:
    """Possible within two days of its end."""
    return operations.restore_seat(
        actor=request.reader, seat_id=seat_id, today=timezone.now().date()
    )


class LastDayIn(In):
    """The last day of a seat, or null if it has no end date."""

    last_day: Day | None


@router.post("/seats/{seat_id}/last-day", response=SeatOut, summary="Set a seat's last day")
def set_last_day(request: Request, seat_id: Id, end: LastDayIn) -> Seat:
    """Nothing changes until then. From the next day on, the person no longer has access."""
    return operations.set_last_day(
        actor=request.reader, seat_id=seat_id, last_day=end.last_day, today=timezone.now().date()
    )


class InvitationOut(Out):
    """An invitation to a seat. Its link is only sent by email."""

    id: int
    organisation: Named
    role: SeatRole
    name: str
    email: str
    language: Language
    created_at: datetime
    expires_at: datetime
    replaces_id: int | None


class SuccessorIn(In):
    """The person who takes over a seat."""

    name: Name
    email: Email
    language: Language = "en"


class InvitationIn(SuccessorIn):
    """The person to invite, and the seat to invite them to."""

    organisation_id: Id
    role: SeatRole


def _created(response: HttpResponse, invitation: Invitation) -> Status[Invitation]:
    response["Location"] = f"/api/v1/people/invitations/{invitation.pk}"
    return Status(201, invitation)


@router.post(
    "/seats/{seat_id}/hand-over", response={201: InvitationOut}, summary="Hand over a seat"
)
def hand_over_seat(
    request: Request, response: HttpResponse, seat_id: Id, successor: SuccessorIn
) -> Status[Invitation]:
    """Invites a successor by email. The seat ends the moment they accept."""
    made = operations.hand_over_seat(
        actor=request.reader, seat_id=seat_id, now=timezone.now(), **successor.model_dump()
    )
    return _created(response, made)


@router.get("/invitations", response=list[InvitationOut], summary="List open invitations")
@in_pages("-id")
def list_invitations(request: Request) -> QuerySet[Invitation]:
    """Returns the invitations that are waiting for an answer, including expired ones."""
    return queries.list_open_invitations(request.reader)


@router.get(
    "/invitations/{invitation_id}", response=InvitationOut, summary="Get an open invitation"
)
def show_invitation(request: Request, invitation_id: Id) -> Invitation:
    """Returns an invitation that is waiting for an answer."""
    return queries.get_open_invitation(request.reader, invitation_id)


@router.post("/invitations", response={201: InvitationOut}, summary="Invite someone to a seat")
def invite_person(
    request: Request, response: HttpResponse, invitation: InvitationIn
) -> Status[Invitation]:
    """Emails a link that is valid for 14 days."""
    made = operations.invite_person(
        actor=request.reader, now=timezone.now(), **invitation.model_dump()
    )
    return _created(response, made)


@router.post(
    "/invitations/{invitation_id}/resend", response=InvitationOut, summary="Resend an invitation"
)
def resend_invitation(request: Request, invitation_id: Id) -> Invitation:
    """Sends a new link. The old one stops working."""
    return operations.resend_invitation(
        actor=request.reader, invitation_id=invitation_id, now=timezone.now()
    )


@router.post(
    "/invitations/{invitation_id}/withdraw",
    response={204: None},
    summary="Withdraw an invitation",
)
def withdraw_invitation(request: Request, invitation_id: Id) -> Status[None]:
    """From now on, its link responds like an unknown one."""
    operations.withdraw_invitation(
        actor=request.reader, invitation_id=invitation_id, now=timezone.now()
    )
    return Status(204, None)


@router.post(
    "/contacts/{organisation_id}/erase", response={202: None}, summary="Erase an entry's contact"
)
def erase_contact(request: Request, organisation_id: Id) -> Status[None]:
    """For contacts who don't sign in: permanently removes their name and email address from the
    entry, events and emails.
    """
    privacy.ask_contact_erasure(
        actor=request.reader, organisation_id=organisation_id, now=timezone.now()
    )
    return Status(202, None)


@router.get(
    "/persons/{person_id}/history",
    response=list[TrailEntryOut],
    summary="List a person's history",
)
@in_pages("-id", tell=trail_shapes.telling("person"))
def list_person_history(
    request: Request, person_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns the history of their seats, invitations and profile as far as you may read it, newest
    first.
    """
    return trail_shapes.find_trail(request, "person", person_id, filters)
