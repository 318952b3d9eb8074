"""Introductions of a desk over the API: noted, changed, put aside, given to somebody else."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from proxeny.ambassadors.operations.entering import side
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

Language = Literal[*dict(settings.LANGUAGES)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]
Step = Annotated[str, Field(max_length=200)]
Duration = Annotated[int, Field(ge=10, le=MOST_MINUTES)]
Interpreter = Annotated[str, Field(max_length=150)]
Bring = Annotated[str, Field(max_length=1000)]


class DeskContactIn(In):
    """Who speaks for one of the two: somebody who holds a seat there, or anybody by address.

    Of a person with a seat, name and address are those of their own profile.
    """

    person_id: Id | None = None
    name: Annotated[str, Field(max_length=150)] = ""
    email: Email | Literal[""] = ""
    language: Language = "en"
    time_zone: Zone = "Europe/Paris"


class DeskFacts(In):
    """What a desk writes of an introduction."""

    reason: Reason = Field(description="Why they should meet: both read it.")
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
    """Who should meet, and why; without `in_charge_id` the caller looks after it."""

    member_id: Id
    stakeholder_id: Id
    mandate_id: Id | None = None


class DeskIntroductionChanges(In):
    """What is to be otherwise; the rest stays. A contact replaces the one that is there."""

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
    """Which introductions to list; those that are open if no state is said."""

    q: str = Field("", max_length=100, description="Words in names, the reason, the next step.")
    state: CaseState | Literal["open", "all"] = "open"
    in_charge: int | None = Field(None, ge=0, le=2**63 - 1, description="0: nobody.")
    member: Id | None = None
    due_by: Day | None = Field(None, description="Those whose next step is due by this day.")


class DeskCloseIn(In):
    """Why it is put aside; only the own desk reads it."""

    why: Annotated[str, Field(min_length=1, max_length=1000)]


class HandOverIn(DeskWhyIn):
    """Which introductions go to whom, and why: it stands in the history."""

    introduction_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    person_id: Id


class HandOverOut(Out):
    """How many have changed hands."""

    changed: int


class StakeholderIn(In):
    """An organisation abroad that the directory does not have."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166, like FR.")]
    kind: Literal[*(one for one in Kind.values if one != Kind.CLUSTER)] = Kind.COMPANY.value
    city: Annotated[str, Field(max_length=120)] = ""
    website: Annotated[str, Field(max_length=300, pattern="^(https?://.*)?$")] = ""


def _tell(rows: list[Introduction], *, request: HttpRequest, **_more: Any) -> list[dict[str, Any]]:
    return [tell_case(one, request.reader) for one in rows]


@router.get(ALL, response=list[DeskIntroductionRow], summary="Introductions of one's desk")
@in_pages("-opened_at", "-id", tell=_tell)
def list_desk_introductions(
    request: HttpRequest, partnership_id: Id, filters: Query[DeskIntroductionFilters]
) -> QuerySet[Introduction]:
    """Of the own cluster's desk in a partnership, for its whole team, the newest first."""
    cluster_id = enter(request, partnership_id)
    return with_names(
        find_cases(
            partnership_id, cluster_id, states=states_of(filters.state), search=filters.q,
            in_charge=filters.in_charge, member_id=filters.member, due_by=filters.due_by,
        )
    )  # fmt: skip


@router.post(ALL, response={201: DeskIntroductionOut}, summary="Note an introduction")
def note_introduction(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, noted: DeskIntroductionIn
) -> Status[Any]:
    """Nobody is asked by that. `source` is worked out: a mandate, a plan, matching, or by hand."""
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
        actor=request.reader, partnership_id=partnership_id, member_id=member.pk,
        stakeholder_id=other.pk, facts=Facts(**{**values, **contacts}), now=timezone.now(),
        origin=Origin(**origin),
    )  # fmt: skip
    response["Location"] = f"/api/v1/desk/{partnership_id}/introductions/{case.pk}"
    return Status(201, show_case(request, response, partnership_id, case.pk))


def _contact(sent: DeskContactIn | None, role: str, organisation_id: int) -> Contact | None:
    """Return who speaks for a side: one of its people, or somebody by address."""
    if sent is None:
        return None
    if sent.person_id is None:
        return Contact(sent.name, sent.email, sent.language, sent.time_zone)
    known = contacts_of(organisation_id, today=timezone.localdate())
    found = next((one for one in known if one.person_id == sent.person_id), None)
    if found is None:
        raise InvalidInput(
            _("Choose somebody who holds a seat there, or write down name and address."),
            field=f"{role}_contact",
        )
    return found


@router.get(ONE, response=DeskIntroductionOut, summary="One introduction")
def show_desk_introduction(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id
) -> Any:
    """How far it is, who speaks for either side, what they said, and the proposed times."""
    return show_case(request, response, partnership_id, introduction_id)


@router.patch(ONE, response=DeskIntroductionOut, summary="Change an introduction")
def change_introduction(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    change: DeskIntroductionChanges, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """Nobody is told."""
    case = get_desk_case(request, partnership_id, introduction_id)
    refuse_others(request, partnership_id)
    operations.change_introduction(
        actor=request.reader, introduction_id=introduction_id, now=timezone.now(),
        version=match_version(if_match, case.version),
        facts=_changed(request, case, change.sent()),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


def _changed(request: HttpRequest, case: Introduction, sent: dict[str, Any]) -> Facts:
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
    request: HttpRequest, case: Introduction, role: Role, sent: DeskContactIn
) -> Contact | None:
    """Return who is to speak for a side; None where an address stays that the caller cannot read."""
    one = side(case, role)
    is_hidden = not rules.may_read_address(request.reader, one)
    if is_hidden and not (sent.person_id or sent.email):
        return None
    return _contact(sent, role, one.organisation_id)


@router.post(f"{ONE}/close", response=DeskIntroductionOut, summary="Put an introduction aside")
def close_introduction(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    why: DeskCloseIn,
) -> Any:  # fmt: skip
    """Who was asked is told that it does not come about, not why; a booked meeting is called off."""
    get_desk_case(request, partnership_id, introduction_id)
    operations.close_introduction(
        actor=request.reader, introduction_id=introduction_id, why=why.why, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/reopen", response=DeskIntroductionOut, summary="Take an introduction up again")
def reopen_introduction(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id
) -> Any:
    """One that is closed. Who declined is asked anew when the desk asks."""
    get_desk_case(request, partnership_id, introduction_id)
    operations.reopen_introduction(
        actor=request.reader, introduction_id=introduction_id, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{DESK}/hand-over", response=HandOverOut, summary="Give introductions to another")
def reassign_introductions(
    request: HttpRequest, partnership_id: Id, given: HandOverIn
) -> dict[str, int]:
    """To somebody who works at the same desk; all of them, or none."""
    enter(request, partnership_id)
    changed = operations.reassign_introductions(
        actor=request.reader, now=timezone.now(), **given.model_dump()
    )
    return {"changed": changed}


@router.post(f"{DESK}/stakeholders", response={201: Named}, summary="Note somebody abroad")
def note_stakeholder(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, noted: StakeholderIn
) -> Status[Any]:
    """An entry of the directory for the own cluster's eyes alone, no member of it."""
    made = keep_stakeholder(
        actor=request.reader, partnership_id=partnership_id, today=timezone.localdate(),
        **noted.model_dump(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/directory/organisations/{made.pk}"
    return Status(201, made)
