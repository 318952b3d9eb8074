"""What the caller's person watches."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.calls.api._router import router
from proxeny.calls.models import CallWatch
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import list_watched, next_deadline
from proxeny.kernel.api import Id, In, Named, Out, in_pages

Days = list[Literal[30, 14, 3]]


class CallWatchIn(In):
    """When one is reminded, in days before the deadline."""

    days_before: Days = Field([30, 14, 3], max_length=3)


class WatchedCallOut(Out):
    """A call that is watched; `closes_at` is the deadline that counts next."""

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
            "call_id": one.call_id, "reference": one.call.reference, "title": one.call.title,
            "steward": one.call.steward, "closes_at": next_deadline(one.call, now=now),
            "put_away": one.call.put_away_at is not None, "days_before": one.days_before,
        }
        for one in page
    ]  # fmt: skip


@router.get("/own/watched", response=list[WatchedCallOut], summary="What one watches")
@in_pages("id", tell=_tell)
def list_watched_calls(request: HttpRequest) -> QuerySet[CallWatch]:
    """Calls that the caller's person watches and sees."""
    return list_watched(request.reader)  # type: ignore[attr-defined]


@router.put("/{call_id}/watch", response={204: None}, summary="Watch a call")
def watch_call(request: HttpRequest, call_id: Id, told: CallWatchIn) -> Status[None]:
    """Reminded by mail before it closes, and told when its deadline moves."""
    watching.watch_call(
        actor=request.reader, call_id=call_id, now=timezone.now(),  # type: ignore[attr-defined]
        days_before=told.days_before,
    )  # fmt: skip
    return Status(204, None)


@router.delete("/{call_id}/watch", response={204: None}, summary="Watch it no longer")
def unwatch_call(request: HttpRequest, call_id: Id) -> Status[None]:
    """Nothing happens where one does not."""
    watching.unwatch_call(actor=request.reader, call_id=call_id)  # type: ignore[attr-defined]
    return Status(204, None)
