"""Whom a participant wants to meet. The one who is marked never learns of it."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import ParticipantOut, ParticipantRef
from proxeny.events.api._values import Mark, Words
from proxeny.events.models import Participation
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.queries.requests import counterparts_of, own_counts, requests_of
from proxeny.events.rules import GOOD_LIST, MUST_LIMIT, takes_requests
from proxeny.kernel.api import Id, In, Out, in_pages


class CounterpartFilters(In):
    """Whom to list: with a published offer or need, marked or not, or marked so."""

    q: Words = ""
    sector: Words = ""
    listing: Literal["", "offer", "need"] = ""
    marked: Literal["", "yes", "no", Mark] = ""


class CounterpartOut(ParticipantOut):
    """Somebody who can be marked, with the caller's own mark and note.

    Whom `may_ask` does not let one ask, one may still refuse.
    """

    mark: Mark | None
    note: str | None
    may_ask: bool


class MarkIn(In):
    """How much one wants to meet somebody; a note that is left out stays."""

    kind: Mark
    note: Annotated[str, Field(max_length=300)] | None = None


class MarkOut(Out):
    """A mark that the participant gave."""

    target: ParticipantRef
    kind: Mark
    note: str
    updated_at: datetime


class MarkCountsOut(Out):
    """How the participant's own list stands; with `good_list` marks it can nearly be filled."""

    must: int
    wish: int
    no_thanks: int
    missing: int
    must_limit: int
    good_list: int
    is_open: bool
    deadline_at: datetime


@router.get(
    "/participations/{participation_id}/counterparts",
    response=list[CounterpartOut],
    summary="List whom one can meet",
)
@in_pages("sort_name", "pk")
def list_counterparts(
    request: HttpRequest, participation_id: Id, filters: Query[CounterpartFilters]
):
    """Whom a participant may mark, with its own marks; for the organisation and its cluster."""
    return counterparts_of(
        get_own_participation(request.reader, participation_id),
        search=filters.q,
        sector=filters.sector,
        listing=filters.listing,
        marked=filters.marked,
    )


@router.get(
    "/participations/{participation_id}/requests", response=list[MarkOut], summary="List own marks"
)
@in_pages("-pk")
def list_meeting_requests(request: HttpRequest, participation_id: Id):
    """Marks that a participant gave, for the organisation itself and its own cluster."""
    return requests_of(get_own_participation(request.reader, participation_id))


@router.get(
    "/participations/{participation_id}/requests/counts",
    response=MarkCountsOut,
    summary="Count own marks",
)
def count_meeting_requests(request: HttpRequest, participation_id: Id):
    """How many marks a participant gave, and how many more make a good list."""
    found = get_own_participation(request.reader, participation_id)
    counts = own_counts(found)
    is_registered = found.state == Participation.State.REGISTERED
    return MarkCountsOut(
        must=counts.must,
        wish=counts.wish,
        no_thanks=counts.no_thanks,
        missing=counts.missing,
        must_limit=MUST_LIMIT,
        good_list=GOOD_LIST,
        is_open=is_registered and takes_requests(found.event, timezone.now()),
        deadline_at=found.event.deadline_at,
    )


@router.put(
    "/participations/{participation_id}/requests/{target_id}",
    response=MarkOut,
    summary="Mark somebody",
)
def set_meeting_request(request: HttpRequest, participation_id: Id, target_id: Id, mark: MarkIn):
    """Say must, wish or no-thanks, in place of an earlier mark. The other side is never told."""
    return operations.set_request(
        actor=request.reader,
        participation_id=participation_id,
        target_id=target_id,
        kind=mark.kind,
        note=mark.note,
        now=timezone.now(),
    )


@router.delete(
    "/participations/{participation_id}/requests/{target_id}",
    response={204: None},
    summary="Take a mark back",
)
def clear_meeting_request(request: HttpRequest, participation_id: Id, target_id: Id):
    """Take a mark back; without one nothing happens."""
    operations.clear_request(
        actor=request.reader,
        participation_id=participation_id,
        target_id=target_id,
        now=timezone.now(),
    )
    return Status(204, None)
