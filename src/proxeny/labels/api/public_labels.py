"""Published labels for programs: what anyone can read about them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from proxeny.kernel.api import Out, in_pages
from proxeny.labels.api._router import router
from proxeny.labels.api._shapes import SchemeTextOut
from proxeny.labels.api.schemes import LabelVersionRow, tell_version
from proxeny.labels.models import SchemeVersion
from proxeny.labels.queries import public_labels as queries


class LabelRoundOut(Out):
    """A round as everyone can see it. `is_open` is true while it is open for applications."""

    id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    zone: str
    places: int | None
    decides_on: date | None
    state: str
    is_open: bool


class LabelAwardedOut(Out):
    """A project that has been awarded the label. `holds` is true if the award is valid now."""

    code: str
    title: str
    holder: str
    country: str
    valid_from: datetime
    valid_until: datetime
    holds: bool


class PublishedLabelOut(LabelVersionRow):
    """A label as everyone can see it. A withdrawn label has no `content`."""

    contact: str
    content: SchemeTextOut | None
    rounds: list[LabelRoundOut]
    awards: list[LabelAwardedOut]


@router.get("/published", response=list[LabelVersionRow], summary="List published labels")
@in_pages("-id")
def list_published_labels(request: HttpRequest) -> QuerySet[SchemeVersion]:
    """Returns the newest version of each label that has not been withdrawn."""
    return queries.find_published().defer("content").order_by()


@router.get("/published/{slug}", response=PublishedLabelOut, summary="Get a published label")
def show_published_label(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Returns the newest version with its rounds and awards.

    For a withdrawn label, returns only the reason and the awards.
    """
    return _tell(queries.get_published(slug[:80]))


@router.get(
    "/published/{slug}/versions/{number}",
    response=PublishedLabelOut,
    summary="Get a version of a published label",
)
def show_published_label_version(
    request: HttpRequest, slug: str, number: Annotated[int, Field(ge=1, le=32_767)]
) -> dict[str, Any]:
    """Returns the version as it was signed. Rounds that opened with it are judged by it."""
    return _tell(queries.get_published(slug[:80], number))


def _tell(one: SchemeVersion) -> dict[str, Any]:
    now = timezone.now()
    told = tell_version(one) | {
        "rounds": [
            {
                **{
                    name: getattr(row.round, name)
                    for name in LabelRoundOut.model_fields
                    if name != "is_open"
                },
                "is_open": row.is_open,
            }
            for row in queries.list_rounds(one.scheme_id, now)
        ],
        "awards": [
            {
                **{
                    name: getattr(row.award, name)
                    for name in LabelAwardedOut.model_fields
                    if name != "holds"
                },
                "holds": row.holds,
            }
            for row in queries.list_awards(one.scheme_id, now)
        ],
    }
    return told | ({"content": None, "contact": ""} if one.withdrawn_at else {})
