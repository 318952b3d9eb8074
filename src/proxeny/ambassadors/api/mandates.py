"""Members' mandates to the ambassador, as the desk reads and answers them."""

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from proxeny.ambassadors.api._desk import DESK, enter
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.api._shapes import MandateOut, MandateState, show_mandate
from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations import mandates as operations
from proxeny.ambassadors.queries.cases import find_mandates, get_mandate
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    in_pages,
    match_version,
)
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request

_ALL = f"{DESK}/mandates"
_ONE = f"{_ALL}/{{mandate_id}}"


class MandateFilters(In):
    """Filters for a list of mandates."""

    state: MandateState | None = None


class MandateAnswerIn(In):
    """Accept it, decline it, or ask a question. `answer` may only be empty if you accept."""

    state: Literal["accepted", "declined", "question"]
    answer: Annotated[str, Field(max_length=1000)] = ""


def _get(request: Request, partnership_id: int, mandate_id: int) -> Mandate:
    cluster_id = enter(request, partnership_id)
    mandate = get_mandate(mandate_id)
    if (mandate.partnership_id, mandate.cluster_id) != (partnership_id, cluster_id):
        raise NotFound(_("We couldn’t find this mandate."))
    return mandate


@router.get(_ALL, response=list[MandateOut], summary="List mandates of your desk")
@in_pages("-asked_at", "-id")
def list_desk_mandates(
    request: Request, partnership_id: Id, filters: Query[MandateFilters]
) -> QuerySet[Mandate]:
    """Returns what members ask of your cluster's ambassador in a partnership, newest first."""
    cluster_id = enter(request, partnership_id)
    asked = {"states": [filters.state]} if filters.state else {}
    return find_mandates(partnership_id, cluster_id, **asked)


@router.get(_ONE, response=MandateOut, summary="Get a mandate")
def show_desk_mandate(
    request: Request, response: HttpResponse, partnership_id: Id, mandate_id: Id
) -> Mandate:
    """Returns what a member is looking for, what can be shared, and who not to approach."""
    return show_mandate(response, _get(request, partnership_id, mandate_id))


@router.post(f"{_ONE}/answer", response=MandateOut, summary="Answer a mandate")
def answer_mandate(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    mandate_id: Id,
    answer: MandateAnswerIn,
    if_match: IfMatch = None,
) -> Any:
    """Applies to the version you read, so that no one accepts something the member has changed
    since.
    """
    mandate = _get(request, partnership_id, mandate_id)
    made = operations.answer_mandate(
        actor=request.reader,
        mandate_id=mandate_id,
        now=timezone.localtime(),
        seen=match_version(if_match, mandate.version),
        **answer.model_dump(),
    )
    return show_mandate(response, made)
