"""The steps of assessments that a person is in charge of, for calendars."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.assessments.models import Step
from proxeny.assessments.rules import PLANNED
from proxeny.kernel.tenancy import Reader
from proxeny.notices.deadlines import Deadline


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield the reader's own steps that are not done. One query."""
    if not reader.rooms:
        return
    found = Step.objects.filter(
        person=reader.person,
        done_on=None,
        due_on__range=(first, last),
        engagement__state__in=PLANNED,
    ).select_related("engagement")
    for step in found.order_by("due_on", "pk"):
        engagement = step.engagement
        yield Deadline(
            key=f"step:{step.pk}",
            on=step.due_on,
            topic="assessments",
            title=_("Due: %(title)s") % {"title": step.title},
            text=engagement.title,
            path=reverse("assessments:engagement", args=[engagement.partnership_id, engagement.pk]),
        )
