"""Calls watched by the caller."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.calls.api._router import router
from proxeny.calls.models import CallWatch
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import list_watched, next_deadline
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.requests import Request

Days = list[Literal[30, 14, 3]]


class CallWatchIn(In):
    """When you are reminded, in days before the deadline."""

    days_before: Days = Field([30, 14, 3], max_length=3)


class WatchedCallOut(Out):
    """A call you watch. `closes_at` is the next deadline that counts."""

    call_id: int
    reference: str
    title: str
    steward: Named
    closes_at: datetime | None
    put_away: bool
    days_before: list[int]


def _tell(page: list[CallWatch], **_asked: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "call_id": one.call_id,
            "reference": one.call.reference,
            "title": one.call.title,
            "steward": one.call.steward,
            "closes_at": next_deadline(one.call, now=now),
            "put_away": one.call.put_away_at is not None,
            "days_before": one.days_before,
        }
        for one in page
    ]


@router.get("/own/watched", response=list[WatchedCallOut], summary="List calls you watch")
@in_pages("id", tell=_tell)
def list_watched_calls(request: Request) -> QuerySet[CallWatch]:
    """Returns the calls that you watch and can see."""
    return list_watched(request.reader)


@router.put("/{call_id}/watch", response={204: None}, summary="Watch a call")
def watch_call(request: Request, call_id: Id, told: CallWatchIn) -> Status[None]:
    """You get an email reminder before it closes, and a message if its deadline moves."""
    watching.watch_call(
        actor=request.reader,
        call_id=call_id,
        now=timezone.now(),
        days_before=told.days_before,
    )
    return Status(204, None)


@router.delete("/{call_id}/watch", response={204: None}, summary="Stop watching a call")
def unwatch_call(request: Request, call_id: Id) -> Status[None]:
    """If you don't watch it, nothing changes."""
    watching.unwatch_call(actor=request.reader, call_id=call_id)
    return Status(204, None)
