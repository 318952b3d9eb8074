"""Pending items of the token's person, over the API."""

from datetime import date
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query

from proxeny.kernel.api.access import scoped_router
from proxeny.kernel.api.pages import in_keyed_pages
from proxeny.kernel.api.schemas import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.waiting import Waiting, list_waiting

router = scoped_router("notices", tag="Notices")


class WaitingOut(Out):
    """Something to do: `url` is the page where it is done, relative to this site.

    `key` stays the same until it is done. `label` is a verb for a button. `tone` is `bad` where
    something is wrong, and `warn` where it holds others up.
    """

    key: str
    title: str
    text: str
    url: str
    label: str
    tone: Literal["bad", "warn", "info"]
    due: date | None
    partnership_id: int | None


class WaitingFilters(In):
    """Filters for what waits."""

    room: Id | None = None


@router.get("", response=list[WaitingOut], summary="List what's waiting for you")
@in_keyed_pages()
def list_what_waits(request: Request, filters: Query[WaitingFilters]) -> list[Waiting]:
    """Returns signatures, answers, decisions and due tasks: late ones first, then by urgency and
    due date. `room` is the id of a partnership.
    """
    if filters.room is not None and filters.room not in request.reader.partnerships:
        raise NotFound(_("We couldn’t find this partnership."))
    return list_waiting(request.reader, timezone.now(), room=filters.room)
