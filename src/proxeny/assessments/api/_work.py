"""What the routes of the teams' work have in common: where they stand, and who enters."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.errors import NotFound

ONE = "/{partnership_id}/engagements/{engagement_id}"


def enter(request: HttpRequest, partnership_id: int, engagement_id: int) -> Engagement:
    """Return an engagement of the caller's teams; who has a conflict of interest finds none."""
    engagement = get_engagement(engagement_id, partnership_id)
    if not rules.is_team(request.reader, engagement):
        raise NotFound(_("There is no such assessment."))
    return engagement


def do_deed(
    request: HttpRequest, numbers: tuple[int, int], deed: Callable[..., Any], **given: Any
) -> Any:
    """Do something now to an engagement, by its partnership's number and its own; see `enter`."""
    enter(request, *numbers)
    return deed(actor=request.reader, engagement_id=numbers[1], now=timezone.localtime(), **given)
