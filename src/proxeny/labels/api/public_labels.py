"""Published labels by program: what everybody reads of them."""

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
    """A round as everybody reads it; `is_open`: one can apply now."""

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
    """Who has the label; `holds`: at this moment."""

    code: str
    title: str
    holder: str
    country: str
    valid_from: datetime
    valid_until: datetime
    holds: bool


class PublishedLabelOut(LabelVersionRow):
    """A label as everybody reads it; withdrawn, there is no `content`."""

    contact: str
    content: SchemeTextOut | None
    rounds: list[LabelRoundOut]
    awards: list[LabelAwardedOut]


@router.get("/published", response=list[LabelVersionRow], summary="Published labels")
@in_pages("-id")
def list_published_labels(request: HttpRequest) -> QuerySet[SchemeVersion]:
    """The newest version of each that stands."""
    return queries.find_published().defer("content").order_by()


@router.get("/published/{slug}", response=PublishedLabelOut, summary="A published label")
def show_published_label(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Its newest version with its rounds and awards; withdrawn, only why, and who has it."""
    return _tell(queries.get_published(slug[:80]))


@router.get(
    "/published/{slug}/versions/{number}", response=PublishedLabelOut,
    summary="A version of a published label",
)  # fmt: skip
def show_published_label_version(
    request: HttpRequest, slug: str, number: Annotated[int, Field(ge=1, le=32_767)]
) -> dict[str, Any]:
    """As it was signed: rounds that opened with it are judged by it."""
    return _tell(queries.get_published(slug[:80], number))


def _tell(one: SchemeVersion) -> dict[str, Any]:
    now = timezone.now()
    told = tell_version(one) | {
        "rounds": [
            {
                **{name: getattr(row.round, name) for name in LabelRoundOut.model_fields
                   if name != "is_open"},
                "is_open": row.is_open,
            }
            for row in queries.list_rounds(one.scheme_id, now)
        ],
        "awards": [
            {
                **{name: getattr(row.award, name) for name in LabelAwardedOut.model_fields
                   if name != "holds"},
                "holds": row.holds,
            }
            for row in queries.list_awards(one.scheme_id, now)
        ],
    }  # fmt: skip
    return told | ({"content": None, "contact": ""} if one.withdrawn_at else {})
