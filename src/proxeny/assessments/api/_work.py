"""Shared parts of the routes of the teams' work: their path and their guard."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.work import WorkKind
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.api import In, match_version
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request

ONE = "/{partnership_id}/engagements/{engagement_id}"


def enter(request: Request, partnership_id: int, engagement_id: int) -> Engagement:
    """Return an engagement of the caller's teams; hidden from those with a conflict of interest."""
    engagement = get_engagement(engagement_id, partnership_id)
    if not rules.is_team(request.reader, engagement):
        raise NotFound(_("We couldn’t find this assessment."))
    return engagement


def do_deed(
    request: Request, numbers: tuple[int, int], deed: Callable[..., Any], **given: Any
) -> Any:
    """Do something now to an engagement, by its partnership's number and its own; see `enter`."""
    enter(request, *numbers)
    return deed(actor=request.reader, engagement_id=numbers[1], now=timezone.localtime(), **given)


def change_record(
    request: Request,
    numbers: tuple[int, int],
    kind: WorkKind[Any, Any],
    record_id: int,
    change: In,
    if_match: str | None,
) -> Any:
    """Change the sent fields of a record of the teams' work, and return the record."""
    record = kind.get(enter(request, *numbers), record_id)
    facts = {name: getattr(record, name) for name in type(change).model_fields}
    return kind.change(
        actor=request.reader,
        engagement_id=numbers[1],
        record_id=record_id,
        version=match_version(if_match, record.version),
        facts=kind.facts(**facts | change.sent()),
        now=timezone.localtime(),
    )
