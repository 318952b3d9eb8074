"""Notifications over the API: list, read or unread, and their settings."""

from datetime import datetime
from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages, scoped_router, unsent
from proxeny.kernel.requests import Request
from proxeny.notices import operations, queries
from proxeny.notices.models import Hours, Notice
from proxeny.notices.topics import TOPIC

router = scoped_router("notices", tag="Notices")

Way = Literal["now", "daily", "weekly", "page"]
Hour = Annotated[int, Field(ge=0, le=23)]
Weekday = Annotated[
    int, Field(ge=1, le=7, description="The day of the week by ISO 8601: 1 is Monday.")
]


class NoticeOut(Out):
    """A notification. `path` is the page it links to, relative to this site.

    Notifications about the same object have the same `group`.
    """

    id: int
    topic: str
    title: str
    text: str
    path: str
    group: str = Field(validation_alias="object_path")
    way: Way
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None


class NoticeFilters(In):
    """Filters for the list of notifications."""

    topic: str = Field("", max_length=20)
    q: str = Field("", max_length=100)
    unread: bool = False


class NoticesReadIn(In):
    """The newest notification to mark as read."""

    until_id: Id


class NoticesReadOut(Out):
    """The number of notifications that were unread before."""

    count: int


class NoticeTopicOut(Out):
    """A topic, and how you are notified about it."""

    topic: str
    label: str
    about: str
    way: Way


class NoticeTopicIn(In):
    """How to be notified about a topic: at once, once a day, once a week, or only on the page."""

    topic: str = Field(max_length=20)
    way: Way


class NoticeTopicsIn(In):
    """How to be notified about some topics. Other topics stay as they are."""

    topics: Annotated[list[NoticeTopicIn], Field(max_length=50)]


class NoticeHoursOut(Out):
    """When you can receive emails, in your time zone."""

    digest_hour: int
    digest_weekday: int
    quiet_from: int
    quiet_until: int
    is_quiet_at_weekends: bool
    shows_deadlines: bool


class NoticeHoursIn(In):
    """When you can receive emails.

    Fields that are left out stay as they are. If `quiet_from` equals `quiet_until`, there are no
    quiet hours.
    """

    digest_hour: Hour = unsent()
    digest_weekday: Weekday = unsent()
    quiet_from: Hour = unsent()
    quiet_until: Hour = unsent()
    is_quiet_at_weekends: bool = unsent()
    shows_deadlines: bool = unsent()


@router.get("", response=list[NoticeOut], summary="List notifications")
@in_pages("-id")
def list_notices(request: Request, filters: Query[NoticeFilters]) -> QuerySet[Notice]:
    """Returns your notifications, newest first."""
    return queries.list_notices(
        request.reader, topic=filters.topic, search=filters.q, only_unread=filters.unread
    )


@router.post("/read", response=NoticesReadOut, summary="Mark all notifications as read")
def read_notices(request: Request, body: NoticesReadIn) -> NoticesReadOut:
    """Marks a notification and all earlier ones as read."""
    now = timezone.now()
    return NoticesReadOut(
        count=operations.read_all(actor=request.reader, until_id=body.until_id, now=now)
    )


@router.post("/{notice_id}/read", response=NoticeOut, summary="Mark a notification as read")
def read_notice(request: Request, notice_id: Id) -> Notice:
    """Marks the notification as read."""
    return operations.read_notice(actor=request.reader, notice_id=notice_id, now=timezone.now())


@router.post("/{notice_id}/unread", response=NoticeOut, summary="Mark a notification as unread")
def unread_notice(request: Request, notice_id: Id) -> Notice:
    """Marks the notification as unread."""
    return operations.unread_notice(actor=request.reader, notice_id=notice_id)


@router.get("/topics", response=list[NoticeTopicOut], summary="List notification settings")
def list_notice_topics(request: Request) -> list[NoticeTopicOut]:
    """Returns every topic and how you are notified about it."""
    ways = queries.ways_of(request.reader.own_id)
    return [
        NoticeTopicOut(
            topic=name, label=str(one.label), about=str(one.about), way=cast("Way", ways[name])
        )
        for name, one in TOPIC.items()
    ]


@router.put("/topics", response=list[NoticeTopicOut], summary="Update notification settings")
def choose_notice_topics(request: Request, body: NoticeTopicsIn) -> list[NoticeTopicOut]:
    """Saves how you want to be notified about some topics. Other topics stay as they are."""
    operations.choose_ways(actor=request.reader, ways={one.topic: one.way for one in body.topics})
    return list_notice_topics(request)


@router.get("/hours", response=NoticeHoursOut, summary="Get email hours")
def show_notice_hours(request: Request) -> Hours:
    """Returns the hours you have chosen, or the defaults."""
    return queries.get_hours(request.reader)


@router.patch("/hours", response=NoticeHoursOut, summary="Update email hours")
def choose_notice_hours(request: Request, body: NoticeHoursIn) -> Hours:
    """Saves when you can receive emails, and whether your calendar shows deadlines."""
    kept = NoticeHoursOut.model_validate(queries.get_hours(request.reader)).model_dump()
    changes = body.model_dump(exclude_unset=True)
    return operations.choose_hours(actor=request.reader, **kept | changes)
