"""What members ask of the ambassador, as the desk reads and answers it."""

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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

_ALL = f"{DESK}/mandates"
_ONE = f"{_ALL}/{{mandate_id}}"


class MandateFilters(In):
    """Which mandates to list."""

    state: MandateState | None = None


class MandateAnswerIn(In):
    """Accept it, decline it, or ask back; `answer` may be empty only with an acceptance."""

    state: Literal["accepted", "declined", "question"]
    answer: Annotated[str, Field(max_length=1000)] = ""


def _get(request: HttpRequest, partnership_id: int, mandate_id: int) -> Mandate:
    cluster_id = enter(request, partnership_id)
    mandate = get_mandate(mandate_id)
    if (mandate.partnership_id, mandate.cluster_id) != (partnership_id, cluster_id):
        raise NotFound(_("There is no such mandate."))
    return mandate


@router.get(_ALL, response=list[MandateOut], summary="Mandates of one's desk")
@in_pages("-asked_at", "-id")
def list_desk_mandates(
    request: HttpRequest, partnership_id: Id, filters: Query[MandateFilters]
) -> QuerySet[Mandate]:
    """What members ask of the own cluster's ambassador in a partnership, the newest first."""
    cluster_id = enter(request, partnership_id)
    asked = {"states": [filters.state]} if filters.state else {}
    return find_mandates(partnership_id, cluster_id, **asked)


@router.get(_ONE, response=MandateOut, summary="One mandate")
def show_desk_mandate(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, mandate_id: Id
) -> Mandate:
    """What a member seeks, what may be shown of it, and whom not to approach."""
    return show_mandate(response, _get(request, partnership_id, mandate_id))


@router.post(f"{_ONE}/answer", response=MandateOut, summary="Answer a mandate")
def answer_mandate(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, mandate_id: Id,
    answer: MandateAnswerIn, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """To the version that was read: nobody accepts what the member has changed since."""
    mandate = _get(request, partnership_id, mandate_id)
    made = operations.answer_mandate(
        actor=request.reader, mandate_id=mandate_id, now=timezone.localtime(),
        seen=match_version(if_match, mandate.version), **answer.model_dump(),
    )  # fmt: skip
    return show_mandate(response, made)
