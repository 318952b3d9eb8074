"""What happened in a partnership, in sentences."""

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
    """One thing that happened. `by` and `what` are empty where the caller does not see them."""

    id: int
    verb: str
    at: datetime
    sentence: str
    what: str = Field(description="The name of what it was done to: an event, a member, a file.")
    by: str
    side: str = Field(description="The letter of the side that did it, or `both`; may be empty.")
    why: str

    @staticmethod
    def resolve_sentence(item: history.HistoryItem) -> str:
        """In the caller's language."""
        return str(item.sentence)

    @staticmethod
    def resolve_side(item: history.HistoryItem) -> str:
        """As parties are lettered; pages write it small."""
        return item.side if item.side == "both" else item.side.upper()


class HistoryFilters(In):
    """Whose deeds, and which."""

    side: Side | None = None
    verb: Annotated[str, Field(max_length=80)] = ""


def _tell(entries: list[AuditEntry], *, partnership_id: int, **_: Any) -> list[history.HistoryItem]:
    return history.tell_entries(queries.get_partnership(partnership_id), entries)


@router.get("/{partnership_id}/history", response=list[HappeningOut], summary="What happened")
@in_pages("-id", tell=_tell)
def list_happenings(
    request: HttpRequest, partnership_id: Id, filters: Query[HistoryFilters]
) -> QuerySet[AuditEntry]:
    """The news of a partnership, newest first, for people of its clusters; empty for members."""
    partnership = queries.get_partnership(partnership_id)
    return history.find_entries(
        partnership,
        organisation_id=queries.organisation_on(partnership, filters.side),
        verb=filters.verb,
    )
