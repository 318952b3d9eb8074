"""Questions to the client after the handover, and its answers."""

from datetime import date

from proxeny.assessments.models import Engagement, Later
from proxeny.kernel.edit_conflicts.marks import fingerprint


def list_later(engagement: Engagement) -> list[Later]:
    """Return the two questions of an engagement, with their respondents. One query."""
    found = Later.objects.filter(engagement=engagement).select_related("answered_by")
    return list(found.order_by("months"))


def seen_of(one: Later) -> int:
    """Return a number that is another one once the answer was changed."""
    return fingerprint(one.value, str(one.worth or ""), one.currency, one.text)


def is_asked(one: Later, today: date) -> bool:
    """Whether the client can answer: asked by mail, or due."""
    return one.asked_at is not None or one.due_on <= today


def worth_of(one: Later) -> str:
    """Return the worth as a form shows it, without zeros that nobody wrote."""
    return "" if one.worth is None else f"{one.worth.normalize():f}"
