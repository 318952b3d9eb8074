"""The days of labels: rounds that close on a draft, juries that decide, awards that end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Application, Assignment, Award, Checkup, Juror, Round
from proxeny.labels.queries.own_applications import applies_for
from proxeny.notices.deadlines import Deadline
from proxeny.notices.rules import zone_of


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield a juror's decisions, and what an applicant or holder has to do. At most four queries."""
    yield from _juries(reader, first, last)
    own = applies_for(reader)
    if not own:
        return
    begin = datetime.combine(first, time(), UTC) - timedelta(days=1)
    span = (begin, datetime.combine(last, time(), UTC) + timedelta(days=2))
    yield from _drafts(own, span)
    yield from _awards(own, span)
    checkups = Checkup.objects.filter(
        organisation_id__in=own,
        answered_at=None,
        award__revoked_at=None,
        due_on__range=(first, last),
    )
    for one in checkups.select_related("award").order_by("due_on", "pk"):
        yield Deadline(
            key=f"checkup:{one.pk}",
            on=one.due_on,
            topic="labels",
            title=_("Review due: %(title)s") % {"title": one.award.title},
            text="",
            path=reverse("labels:own-checkup", args=[one.award_id, one.pk]),
        )


def _juries(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    found = (
        Juror.objects.filter(
            person_id=reader.own_id,
            round__dropped_at=None,
            round__decides_on__range=(first, last),
            round__state__in=(Round.State.OPEN, Round.State.JUDGING),
            assignments__state=Assignment.State.OPEN,
        )
        .select_related("round")
        .distinct()
    )
    for juror in found.order_by("pk"):
        yield Deadline(
            key=f"jury:{juror.pk}",
            on=cast("date", juror.round.decides_on),
            topic="labels",
            title=_("Jury decision: %(title)s") % {"title": juror.round.title},
            text=_("Your scores are due before then."),
            path=reverse("labels:own-jury", args=[juror.pk]),
        )


def _drafts(own: set[int], span: tuple[datetime, datetime]) -> Iterator[Deadline]:
    found = Application.objects.filter(
        organisation_id__in=own,
        state=Application.State.DRAFT,
        round__state=Round.State.OPEN,
        round__dropped_at=None,
        round__closes_at__range=span,
    ).select_related("round")
    for one in found.order_by("pk"):
        local = one.round.closes_at.astimezone(zone_of(one.round.zone))
        yield Deadline(
            key=f"application:{one.pk}",
            on=local.date(),
            topic="labels",
            title=_("Submit application: %(title)s") % {"title": one.title},
            text=_("The round closes at %(time)s.") % {"time": f"{local:%H:%M}"},
            path=reverse("labels:application", args=[one.pk]),
        )


def _awards(own: set[int], span: tuple[datetime, datetime]) -> Iterator[Deadline]:
    found = Award.objects.filter(
        organisation_id__in=own,
        issued_at__isnull=False,
        revoked_at=None,
        dropped_at=None,
        valid_until__range=span,
    )
    for one in found.order_by("pk"):
        yield Deadline(
            key=f"award:{one.pk}",
            on=one.valid_until.date(),
            topic="labels",
            title=_("Label expires: %(title)s") % {"title": one.title},
            text="",
            path=reverse("labels:own-award", args=[one.pk]),
        )
