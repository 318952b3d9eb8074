"""Notices over the API: what one was told, read or not, and how one wants to be told."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages, scoped_router, unsent
from proxeny.notices import operations, queries
from proxeny.notices.models import Hours, Notice
from proxeny.notices.topics import TOPIC

router = scoped_router("notices", tag="Notices")

Way = Literal["now", "daily", "weekly", "page"]
Hour = Annotated[int, Field(ge=0, le=23)]
Weekday = Annotated[int, Field(ge=1, le=7, description="By ISO 8601: Monday is 1.")]


class NoticeOut(Out):
    """Something the caller was told. `path` is where it leads, from this address on."""

    id: int
    topic: str
    title: str
    text: str
    path: str
    way: Way
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None


class NoticeFilters(In):
    """Which notices to list."""

    topic: str = Field("", max_length=20)
    q: str = Field("", max_length=100)
    unread: bool = False


class NoticesReadIn(In):
    """Up to which notice everything was read."""

    until_id: Id


class NoticesReadOut(Out):
    """How many were not read before."""

    count: int


class NoticeTopicOut(Out):
    """A topic, and how the caller hears of it by mail."""

    topic: str
    label: str
    about: str
    way: Way


class NoticeTopicIn(In):
    """How to hear of a topic: at once, once a day, once a week, or only on the page."""

    topic: str = Field(max_length=20)
    way: Way


class NoticeTopicsIn(In):
    """How to hear of some topics; the others stay as they are."""

    topics: Annotated[list[NoticeTopicIn], Field(max_length=50)]


class NoticeHoursOut(Out):
    """When mails may reach the caller, by the clocks of their zone."""

    digest_hour: int
    digest_weekday: int
    quiet_from: int
    quiet_until: int
    is_quiet_at_weekends: bool
    shows_deadlines: bool


class NoticeHoursIn(In):
    """Only what is sent changes. `quiet_from` and `quiet_until` the same: no quiet hours."""

    digest_hour: Hour = unsent()
    digest_weekday: Weekday = unsent()
    quiet_from: Hour = unsent()
    quiet_until: Hour = unsent()
    is_quiet_at_weekends: bool = unsent()
    shows_deadlines: bool = unsent()


@router.get("", response=list[NoticeOut], summary="Notices")
@in_pages("-id")
def list_notices(request: HttpRequest, filters: Query[NoticeFilters]) -> QuerySet[Notice]:
    """What the caller was told, newest first."""
    return queries.list_notices(
        request.reader, topic=filters.topic, search=filters.q, only_unread=filters.unread
    )


@router.post("/read", response=NoticesReadOut, summary="Mark all as read")
def read_notices(request: HttpRequest, body: NoticesReadIn) -> NoticesReadOut:
    """Note that everything up to a notice was read."""
    now = timezone.now()
    return NoticesReadOut(
        count=operations.read_all(actor=request.reader, until_id=body.until_id, now=now)
    )


@router.post("/{notice_id}/read", response=NoticeOut, summary="Mark as read")
def read_notice(request: HttpRequest, notice_id: Id) -> Notice:
    """Note that a notice was read."""
    return operations.read_notice(
        actor=request.reader, notice_id=notice_id, now=timezone.now()
    )  # fmt: skip


@router.post("/{notice_id}/unread", response=NoticeOut, summary="Mark as not read")
def unread_notice(request: HttpRequest, notice_id: Id) -> Notice:
    """Have a notice count as unread again."""
    return operations.unread_notice(actor=request.reader, notice_id=notice_id)


@router.get("/topics", response=list[NoticeTopicOut], summary="How one hears of each topic")
def list_notice_topics(request: HttpRequest) -> list[NoticeTopicOut]:
    """Every topic, with how the caller hears of it by mail."""
    ways = queries.ways_of(request.reader.person)
    return [
        NoticeTopicOut(topic=name, label=str(one.label), about=str(one.about), way=ways[name])
        for name, one in TOPIC.items()
    ]


@router.put("/topics", response=list[NoticeTopicOut], summary="Choose how to hear of topics")
def choose_notice_topics(request: HttpRequest, body: NoticeTopicsIn) -> list[NoticeTopicOut]:
    """Keep how the caller wants to hear of some topics; the others stay as they are."""
    operations.choose_ways(actor=request.reader, ways={one.topic: one.way for one in body.topics})
    return list_notice_topics(request)


@router.get("/hours", response=NoticeHoursOut, summary="When mails may come")
def show_notice_hours(request: HttpRequest) -> Hours:
    """The hours that the caller chose, or the defaults."""
    return queries.get_hours(request.reader)


@router.patch("/hours", response=NoticeHoursOut, summary="Choose when mails may come")
def choose_notice_hours(request: HttpRequest, body: NoticeHoursIn) -> Hours:
    """Keep when mails may reach the caller, and whether their calendar shows last days."""
    kept = NoticeHoursOut.model_validate(queries.get_hours(request.reader)).model_dump()
    changes = body.model_dump(exclude_unset=True)
    return operations.choose_hours(actor=request.reader, **kept | changes)
