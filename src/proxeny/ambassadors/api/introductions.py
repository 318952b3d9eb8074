"""Introductions of a desk over the API: created, changed, closed, reassigned."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.ambassadors import rules
from proxeny.ambassadors.api._desk import (
    ALL,
    DESK,
    ONE,
    CaseState,
    DeskIntroductionOut,
    DeskIntroductionRow,
    DeskWhyIn,
    Place,
    Role,
    Zone,
    enter,
    get_desk_case,
    refuse_others,
    show_case,
    tell_case,
)
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations import introductions as operations
from proxeny.ambassadors.operations.guards import side
from proxeny.ambassadors.operations.introductions import MOST_MINUTES, Facts, Origin
from proxeny.ambassadors.operations.stakeholders import note_stakeholder as keep_stakeholder
from proxeny.ambassadors.queries.board import states_of
from proxeny.ambassadors.queries.cases import Contact, contacts_of, find_cases, with_names
from proxeny.ambassadors.queries.pairing import tell_origin
from proxeny.directory.models import Kind
from proxeny.directory.queries.organisations import get_organisation
from proxeny.kernel.api import (
    Email,
    Id,
    IfMatch,
    In,
    Named,
    Out,
    in_pages,
    match_version,
    unsent,
)
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request

Language = Literal[*dict(settings.LANGUAGES)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]
Step = Annotated[str, Field(max_length=200)]
Duration = Annotated[int, Field(ge=10, le=MOST_MINUTES)]
Interpreter = Annotated[str, Field(max_length=150)]
Bring = Annotated[str, Field(max_length=1000)]


class DeskContactIn(In):
    """The contact of one side: someone who holds a seat there, or anyone with an email address.

    For a person with a seat, the name and address come from their own profile.
    """

    person_id: Id | None = None
    name: Annotated[str, Field(max_length=150)] = ""
    email: Email | Literal[""] = ""
    language: Language = "en"
    time_zone: Zone | Literal[""] = Field(
        "", description="If empty, the time zone of the organisation's country."
    )


class DeskFacts(In):
    """What a desk writes about an introduction."""

    reason: Reason = Field(description="Why they should meet. Both sides read it.")
    next_step: Step = ""
    next_on: Day | None = None
    duration_min: Duration = 45
    place: Place = ""
    needs_interpreter: bool = False
    interpreter: Interpreter = ""
    bring: Bring = ""
    in_charge_id: Id | None = None
    member_contact: DeskContactIn | None = None
    stakeholder_contact: DeskContactIn | None = None


class DeskIntroductionIn(DeskFacts):
    """Who should meet, and why. Without `in_charge_id`, you are in charge of it."""

    member_id: Id
    stakeholder_id: Id
    mandate_id: Id | None = None


class DeskIntroductionChanges(In):
    """Changes to an introduction; everything else stays as it is.

    A contact replaces the existing one.
    """

    reason: Reason = unsent()
    next_step: Step = unsent()
    next_on: Day | None = None
    duration_min: Duration = unsent()
    place: Place = unsent()
    needs_interpreter: bool = unsent()
    interpreter: Interpreter = unsent()
    bring: Bring = unsent()
    in_charge_id: Id | None = None
    member_contact: DeskContactIn = unsent()
    stakeholder_contact: DeskContactIn = unsent()


class DeskIntroductionFilters(In):
    """Filters for a list of introductions. Without a state, only open ones are listed."""

    q: str = Field(
        "", max_length=100, description="Words from the names, the reason or the next step."
    )
    state: CaseState | Literal["open", "all"] = "open"
    in_charge: int | None = Field(
        None, ge=0, le=2**63 - 1, description="The person in charge; 0 for no one."
    )
    member: Id | None = None
    due_by: Day | None = Field(
        None, description="Only introductions whose next step is due by this day."
    )


class DeskCloseIn(In):
    """Why it is closed. Only your own desk can read it."""

    why: Annotated[str, Field(min_length=1, max_length=1000)]


class HandOverIn(DeskWhyIn):
    """The introductions to reassign, the person who takes them over, and the reason, which appears
    in the history.
    """

    introduction_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    person_id: Id


class HandOverOut(Out):
    """The number of introductions that were reassigned."""

    changed: int


class StakeholderIn(In):
    """An organisation abroad that isn't in the directory."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    country: Annotated[
        str, Field(pattern="^[A-Z]{2}$", description="ISO 3166 code, for example FR.")
    ]
    kind: Literal[*(one for one in Kind.values if one != Kind.CLUSTER)] = Kind.COMPANY.value
    city: Annotated[str, Field(max_length=120)] = ""
    website: Annotated[str, Field(max_length=300, pattern="^(https?://.*)?$")] = ""


def _tell(rows: list[Introduction], *, request: Request, **_more: Any) -> list[dict[str, Any]]:
    return [tell_case(one, request.reader) for one in rows]


@router.get(ALL, response=list[DeskIntroductionRow], summary="List introductions of your desk")
@in_pages("-opened_at", "-id", tell=_tell)
def list_desk_introductions(
    request: Request, partnership_id: Id, filters: Query[DeskIntroductionFilters]
) -> QuerySet[Introduction]:
    """Returns the introductions of your cluster's desk in a partnership, newest first.

    The whole team can read them.
    """
    cluster_id = enter(request, partnership_id)
    return with_names(
        find_cases(
            partnership_id,
            cluster_id,
            states=states_of(filters.state),
            search=filters.q,
            in_charge=filters.in_charge,
            member_id=filters.member,
            due_by=filters.due_by,
        )
    )


@router.post(ALL, response={201: DeskIntroductionOut}, summary="Create an introduction")
def note_introduction(
    request: Request, response: HttpResponse, partnership_id: Id, noted: DeskIntroductionIn
) -> Status[Any]:
    """No one is asked yet.

    `source` is worked out for you: a mandate, a plan, matching, or by hand.
    """
    partnership = refuse_others(request, partnership_id)
    member, other = get_organisation(noted.member_id), get_organisation(noted.stakeholder_id)
    origin, _reason = tell_origin(
        request.reader, partnership, member, other, mandate_id=noted.mandate_id or 0
    )
    contacts = {
        "member_contact": _contact(noted.member_contact, "member", member.pk),
        "stakeholder_contact": _contact(noted.stakeholder_contact, "stakeholder", other.pk),
    }
    values = {name: getattr(noted, name) for name in DeskFacts.model_fields}
    case = operations.note_introduction(
        actor=request.reader,
        partnership_id=partnership_id,
        member_id=member.pk,
        stakeholder_id=other.pk,
        facts=Facts(**{**values, **contacts}),
        now=timezone.now(),
        origin=Origin(**origin),
    )
    response["Location"] = f"/api/v1/desk/{partnership_id}/introductions/{case.pk}"
    return Status(201, show_case(request, response, partnership_id, case.pk))


def _contact(sent: DeskContactIn | None, role: str, organisation_id: int) -> Contact | None:
    """Return the contact of a side: one of its people, or someone by address."""
    if sent is None:
        return None
    if sent.person_id is None:
        return Contact(sent.name, sent.email, sent.language, sent.time_zone)
    known = contacts_of(organisation_id, today=timezone.localdate())
    found = next((one for one in known if one.person_id == sent.person_id), None)
    if found is None:
        raise InvalidInput(
            _("Choose someone who has a role there, or enter a name and an email address."),
            field=f"{role}_contact",
        )
    return found


@router.get(ONE, response=DeskIntroductionOut, summary="Get an introduction")
def show_desk_introduction(
    request: Request, response: HttpResponse, partnership_id: Id, introduction_id: Id
) -> Any:
    """Returns its progress, the contacts of both sides, their answers, and the proposed times."""
    return show_case(request, response, partnership_id, introduction_id)


@router.patch(ONE, response=DeskIntroductionOut, summary="Update an introduction")
def change_introduction(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    change: DeskIntroductionChanges,
    if_match: IfMatch = None,
) -> Any:
    """No one is notified."""
    case = get_desk_case(request, partnership_id, introduction_id)
    refuse_others(request, partnership_id)
    operations.change_introduction(
        actor=request.reader,
        introduction_id=introduction_id,
        now=timezone.now(),
        version=match_version(if_match, case.version),
        facts=_changed(request, case, change.sent()),
    )
    return show_case(request, response, partnership_id, introduction_id)


def _changed(request: Request, case: Introduction, sent: dict[str, Any]) -> Facts:
    kept = {
        name: getattr(case, name)
        for name in DeskFacts.model_fields
        if not name.endswith("_contact")
    }
    for role in ("member", "stakeholder"):
        if (contact := sent.get(f"{role}_contact")) is not None:
            sent[f"{role}_contact"] = _changed_contact(request, case, role, contact)
    return Facts(**{**kept, **sent})


def _changed_contact(
    request: Request, case: Introduction, role: Role, sent: DeskContactIn
) -> Contact | None:
    """Return who is to speak for a side; None where an address stays that the caller cannot read."""
    one = side(case, role)
    is_hidden = not rules.may_read_address(request.reader, one)
    if is_hidden and not (sent.person_id or sent.email):
        return None
    return _contact(sent, role, one.organisation_id)


@router.post(f"{ONE}/close", response=DeskIntroductionOut, summary="Close an introduction")
def close_introduction(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    why: DeskCloseIn,
) -> Any:
    """Those who were asked learn that it isn't going ahead, but not why.

    A booked meeting is cancelled.
    """
    get_desk_case(request, partnership_id, introduction_id)
    operations.close_introduction(
        actor=request.reader, introduction_id=introduction_id, why=why.why, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/reopen", response=DeskIntroductionOut, summary="Reopen an introduction")
def reopen_introduction(
    request: Request, response: HttpResponse, partnership_id: Id, introduction_id: Id
) -> Any:
    """Reopens a closed introduction.

    When the desk asks next, those who declined are asked again.
    """
    get_desk_case(request, partnership_id, introduction_id)
    operations.reopen_introduction(
        actor=request.reader, introduction_id=introduction_id, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{DESK}/hand-over", response=HandOverOut, summary="Reassign introductions")
def reassign_introductions(
    request: Request, partnership_id: Id, given: HandOverIn
) -> dict[str, int]:
    """Give introductions to someone who works at the same desk: all of them, or none."""
    enter(request, partnership_id)
    changed = operations.reassign_introductions(
        actor=request.reader, now=timezone.now(), **given.model_dump()
    )
    return {"changed": changed}


@router.post(f"{DESK}/stakeholders", response={201: Named}, summary="Add a stakeholder abroad")
def note_stakeholder(
    request: Request, response: HttpResponse, partnership_id: Id, noted: StakeholderIn
) -> Status[Any]:
    """Creates a directory entry that only your cluster can see. It doesn't become a member."""
    made = keep_stakeholder(
        actor=request.reader,
        partnership_id=partnership_id,
        today=timezone.localdate(),
        **noted.model_dump(),
    )
    response["Location"] = f"/api/v1/directory/organisations/{made.pk}"
    return Status(201, made)
