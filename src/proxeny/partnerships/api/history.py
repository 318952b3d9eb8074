"""API for the history of a partnership, in sentences."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships import history, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Side


class HappeningOut(Out):
    """An event in the history. `by` and `what` are empty if you can't see them."""

    id: int
    verb: str
    at: datetime
    sentence: str
    what: str = Field(description="The name of the record concerned: an event, a member or a file.")
    by: str
    side: str = Field(description="The letter of the side that did it, or `both`. May be empty.")
    why: str

    @staticmethod
    def resolve_sentence(item: history.HistoryItem) -> str:
        """Return the sentence in the caller's language."""
        return str(item.sentence)

    @staticmethod
    def resolve_side(item: history.HistoryItem) -> str:
        """Return the letter as parties are lettered; pages write it in lower case."""
        return item.side if item.side == "both" else item.side.upper()


class HistoryFilters(In):
    """Filters for the history, by side and kind of event."""

    side: Side | None = None
    verb: Annotated[str, Field(max_length=80)] = ""


def _tell(entries: list[AuditEntry], *, partnership_id: int, **_: Any) -> list[history.HistoryItem]:
    return history.tell_entries(queries.get_partnership(partnership_id), entries)


@router.get(
    "/{partnership_id}/history",
    response=list[HappeningOut],
    summary="List the history of a partnership",
)
@in_pages("-id", tell=_tell)
def list_happenings(
    request: HttpRequest, partnership_id: Id, filters: Query[HistoryFilters]
) -> QuerySet[AuditEntry]:
    """Returns the events of a partnership, newest first.

    Available to people of its clusters; the list is empty for members.
    """
    partnership = queries.get_partnership(partnership_id)
    return history.find_entries(
        partnership,
        organisation_id=queries.organisation_on(partnership, filters.side),
        verb=filters.verb,
    )
