"""Meeting requests of a participant. The participant they are about never learns of them."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import ParticipantOut, ParticipantRef
from proxeny.events.api._values import Mark, Words
from proxeny.events.models import MeetingRequest, Participation
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.queries.requests import counterparts_of, own_counts, requests_of
from proxeny.events.rules import GOOD_LIST, MUST_LIMIT, takes_requests
from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.requests import Request


class CounterpartFilters(In):
    """Filters for the participants to list: by published offer or need, and by your mark."""

    q: Words = ""
    sector: Words = ""
    listing: Literal["", "offer", "need"] = ""
    marked: Literal["", "yes", "no", Mark] = ""


class CounterpartOut(ParticipantOut):
    """A participant you can mark, with your own mark and note.

    If `may_ask` is false, you can't request a meeting with them, but you can still decline one.
    """

    mark: Mark | None
    note: str | None
    may_ask: bool


class MarkIn(In):
    """How much you want to meet a participant. A note that is left out stays as it is."""

    kind: Mark
    note: Annotated[str, Field(max_length=300)] | None = None


class MarkOut(Out):
    """A mark given by the participant."""

    target: ParticipantRef
    kind: Mark
    note: str
    updated_at: datetime


class MarkCountsOut(Out):
    """The state of the participant's own list.

    With `good_list` marks, its agenda can be almost full.
    """

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
    summary="List participants you can meet",
)
@in_pages("sort_name", "pk")
def list_counterparts(
    request: Request, participation_id: Id, filters: Query[CounterpartFilters]
) -> QuerySet[Participation]:
    """Returns the participants that can be marked, with your own marks.

    Available to the organisation and its cluster.
    """
    return counterparts_of(
        get_own_participation(request.reader, participation_id),
        search=filters.q,
        sector=filters.sector,
        listing=filters.listing,
        marked=filters.marked,
    )


@router.get(
    "/participations/{participation_id}/requests",
    response=list[MarkOut],
    summary="List meeting requests",
)
@in_pages("-pk")
def list_meeting_requests(request: Request, participation_id: Id) -> QuerySet[MeetingRequest]:
    """Returns the marks that a participant has given.

    Available to the organisation itself and its own cluster.
    """
    return requests_of(get_own_participation(request.reader, participation_id))


@router.get(
    "/participations/{participation_id}/requests/counts",
    response=MarkCountsOut,
    summary="Count meeting requests",
)
def count_meeting_requests(request: Request, participation_id: Id) -> MarkCountsOut:
    """Returns how many marks a participant has given, and how many more make a good list."""
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
    summary="Request a meeting",
)
def set_meeting_request(
    request: Request, participation_id: Id, target_id: Id, mark: MarkIn
) -> MeetingRequest:
    """Sets `must`, `wish` or `no-thanks` and replaces an earlier mark.

    The other side is never notified.
    """
    found = operations.set_request(
        actor=request.reader,
        participation_id=participation_id,
        target_id=target_id,
        kind=mark.kind,
        note=mark.note,
        now=timezone.now(),
    )
    return requests_of(found.source).get(target_id=target_id)


@router.delete(
    "/participations/{participation_id}/requests/{target_id}",
    response={204: None},
    summary="Remove a meeting request",
)
def clear_meeting_request(request: Request, participation_id: Id, target_id: Id) -> Status[None]:
    """Removes a mark. Nothing happens if there is none."""
    operations.clear_request(
        actor=request.reader,
        participation_id=participation_id,
        target_id=target_id,
        now=timezone.now(),
    )
    return Status(204, None)
