"""People over the API: who calls, seats, invitations, one's own profile.

The calendar's secret address, programs and their tokens, passwords and second factors are made on
pages only: none of them is a program's to make. So are the file of all that is held about oneself
and one's own erasure: a page asks again who one is, and they go beyond the one seat of a token.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader

router = scoped_router("people", tag="People")

Name = Annotated[str, Field(min_length=1, max_length=150)]
Language = Literal["en", "fr", "el", "ar"]
SeatRole = Literal["manager", "ambassador", "adviser", "juror", "representative"]


class Me(Out):
    """Who the token acts for."""

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


@router.get("/me", response=Me, summary="Who this token acts for")
def show_me(request: HttpRequest) -> Me:
    """The person and the seat behind the token, and what they reach."""
    reader = request.reader
    person = queries.get_profile(reader)
    return Me(
        person=person.pk, name=person.name, language=person.language, time_zone=person.time_zone,
        organisations=reader.organisations, managed=reader.managed, clusters=reader.clusters,
        partnerships=reader.partnerships, scopes=sorted(request.auth.scopes),
        created_at=person.created_at,
    )  # fmt: skip


class ProfileOut(Out):
    """What a person says of themselves."""

    name: str
    email: str
    language: Language
    time_zone: str


class ProfileIn(In):
    """What a person changes about themselves; the address is changed on the page, with proof."""

    name: Name = unsent()
    language: Language = unsent()
    time_zone: str = Field(None, max_length=60, examples=["Europe/Athens"])


@router.get("/profile", response=ProfileOut, summary="The own profile")
def show_profile(request: HttpRequest, response: HttpResponse) -> Person:
    """Name, address, language and time zone of the person that the token acts for."""
    person = queries.get_profile(request.reader)
    show_version(response, profile_version(person))
    return person


@router.patch("/profile", response=ProfileOut, summary="Change the own profile")
def change_profile(
    request: HttpRequest, response: HttpResponse, changes: ProfileIn, if_match: IfMatch = None
) -> Person:
    """Only what is sent changes."""
    person = queries.get_profile(request.reader)
    version = match_version(if_match, profile_version(person))
    values = {name: getattr(person, name) for name in ("name", "language", "time_zone")}
    person = operations.change_profile(
        actor=request.reader, version=version, **{**values, **changes.sent()}
    )
    show_version(response, profile_version(person))
    return person


class PersonOut(Out):
    """A person, as lists name them."""

    id: int
    name: str
    email: str


class SeatOut(Out):
    """A person's role in an organisation, from a day to a day."""

    id: int
    person: PersonOut
    organisation: Named
    role: SeatRole
    starts_on: date
    ends_on: date | None


class SeatFilters(In):
    """Which seats to list."""

    with_later: bool = Field(False, description="Also those that begin on a later day.")
    q: str = Field("", max_length=100, description="Words of a name, an address, an organisation.")
    role: SeatRole | None = None
    organisation: Id | None = None


class SeatsFile(SeatFilters):
    """Which seats, in which form."""

    format: FileFormat = "csv"


def _find_seats(reader: Reader, filters: SeatFilters) -> QuerySet[Seat]:
    return queries.list_seats(
        reader, today=timezone.now().date(), with_later=filters.with_later, search=filters.q,
        role=filters.role or "", organisation_id=filters.organisation,
    )  # fmt: skip


@router.get("/seats", response=list[SeatOut], summary="Seats")
@in_pages("-id")
def list_seats(request: HttpRequest, filters: Query[SeatFilters]) -> QuerySet[Seat]:
    """Seats held today in the caller's organisations and in the members they look after."""
    return _find_seats(request.reader, filters)


@router.get("/seats/export", summary="Download seats", openapi_extra=TABLE_FILE)
def export_seats(request: HttpRequest, wanted: Query[SeatsFile]) -> HttpResponse:
    """The list as a file, by name."""
    header, rows = queries.table_of_seats(_find_seats(request.reader, wanted))
    return answer_table("people", form=wanted.format, header=header, rows=rows)


@router.get("/seats/{seat_id}", response=SeatOut, summary="One seat")
def show_seat(request: HttpRequest, seat_id: Id) -> Seat:
    """A seat held today, or from a later day on."""
    return queries.get_listed_seat(request.reader, seat_id, today=timezone.now().date())


@router.post("/seats/{seat_id}/end", response=SeatOut, summary="End a seat")
def end_seat(request: HttpRequest, seat_id: Id) -> Seat:
    """At once; for two days it can be given back. The last manager's seat cannot end."""
    return operations.end_seat(actor=request.reader, seat_id=seat_id, today=timezone.now().date())


@router.post("/seats/{seat_id}/restore", response=SeatOut, summary="Give an ended seat back")
def restore_seat(request: HttpRequest, seat_id: Id) -> Seat:
    """Within two days of its end."""
    return operations.restore_seat(
        actor=request.reader, seat_id=seat_id, today=timezone.now().date()
    )


class LastDayIn(In):
    """The last day of a seat; null: it does not end by itself."""

    last_day: Day | None


@router.post("/seats/{seat_id}/last-day", response=SeatOut, summary="Set a seat's last day")
def set_last_day(request: HttpRequest, seat_id: Id, end: LastDayIn) -> Seat:
    """Until then nothing changes; from the next day on the person sees nothing there any more."""
    return operations.set_last_day(
        actor=request.reader, seat_id=seat_id, last_day=end.last_day, today=timezone.now().date()
    )


class InvitationOut(Out):
    """An invitation to a seat; its link goes out by mail alone."""

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
    """Who takes a seat over."""

    name: Name
    email: Email
    language: Language = "en"


class InvitationIn(SuccessorIn):
    """Who is invited, and to which seat."""

    organisation_id: Id
    role: SeatRole


def _created(response: HttpResponse, invitation: Invitation) -> Status[Invitation]:
    response["Location"] = f"/api/v1/people/invitations/{invitation.pk}"
    return Status(201, invitation)


@router.post(
    "/seats/{seat_id}/hand-over", response={201: InvitationOut}, summary="Hand a seat over"
)
def hand_over_seat(
    request: HttpRequest, response: HttpResponse, seat_id: Id, successor: SuccessorIn
) -> Status[Invitation]:
    """Invites a successor by mail; the seat ends in the moment they accept."""
    made = operations.hand_over_seat(
        actor=request.reader, seat_id=seat_id, now=timezone.now(), **successor.model_dump()
    )
    return _created(response, made)


@router.get("/invitations", response=list[InvitationOut], summary="Open invitations")
@in_pages("-id")
def list_invitations(request: HttpRequest) -> QuerySet[Invitation]:
    """Invitations that wait for an answer, expired ones included."""
    return queries.list_open_invitations(request.reader)


@router.get("/invitations/{invitation_id}", response=InvitationOut, summary="One open invitation")
def show_invitation(request: HttpRequest, invitation_id: Id) -> Invitation:
    """An invitation that waits for an answer."""
    return queries.get_open_invitation(request.reader, invitation_id)


@router.post("/invitations", response={201: InvitationOut}, summary="Invite somebody to a seat")
def invite_person(
    request: HttpRequest, response: HttpResponse, invitation: InvitationIn
) -> Status[Invitation]:
    """A link that holds 14 days goes out by mail."""
    made = operations.invite_person(
        actor=request.reader, now=timezone.now(), **invitation.model_dump()
    )
    return _created(response, made)


@router.post(
    "/invitations/{invitation_id}/resend", response=InvitationOut, summary="Send the link again"
)
def resend_invitation(request: HttpRequest, invitation_id: Id) -> Invitation:
    """A new link goes out, and the old one stops working."""
    return operations.resend_invitation(
        actor=request.reader, invitation_id=invitation_id, now=timezone.now()
    )


@router.post(
    "/invitations/{invitation_id}/withdraw",
    response={204: None},
    summary="Take an invitation back",
)
def withdraw_invitation(request: HttpRequest, invitation_id: Id) -> Status[None]:
    """Its link answers like an unknown one from now on."""
    operations.withdraw_invitation(
        actor=request.reader, invitation_id=invitation_id, now=timezone.now()
    )
    return Status(204, None)


@router.post(
    "/contacts/{organisation_id}/erase", response={202: None}, summary="Erase an entry's contact"
)
def erase_contact(request: HttpRequest, organisation_id: Id) -> Status[None]:
    """For who does not sign in: name and address go for good, from entry, events and mails."""
    privacy.ask_contact_erasure(
        actor=request.reader, organisation_id=organisation_id, now=timezone.now()
    )
    return Status(202, None)


@router.get(
    "/persons/{person_id}/history",
    response=list[TrailEntryOut],
    summary="What happened to a person",
)
@in_pages("-id", tell=trail_shapes.telling("person"))
def list_person_history(
    request: HttpRequest, person_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Seats, invitations and the profile: what the caller may read of it, newest first."""
    return trail_shapes.find_trail(request, "person", person_id, filters)
