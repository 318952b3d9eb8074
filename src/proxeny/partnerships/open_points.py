"""Open points between the partners, for discussion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, F, Max, Q
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.partnerships.models import Action, Favour, KeyResult, Recommendation, Risk
from proxeny.partnerships.rules import FOR_PARTIES

#: A key result is stale when its newest figure is so old; so far ahead actions are talked about.
STALE = timedelta(days=60)
AHEAD = timedelta(days=30)
#: So many of each kind.
MOST = 20

KINDS: dict[str, Promise] = {
    "action": gettext_lazy("Action"),
    "risk": gettext_lazy("Risk review"),
    "recommendation": gettext_lazy("To be decided"),
    "result": gettext_lazy("To be measured"),
    "favour": gettext_lazy("To be confirmed"),
}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Open point: its kind, title, due date and page."""

    kind: str
    title: str
    url: str
    due_on: date | None = None
    is_late: bool = False

    @property
    def label(self) -> Promise:
        """The name of its kind."""
        return KINDS[self.kind]

    @property
    def line(self) -> str:
        """The point as a line of an agenda."""
        line = _("%(kind)s: %(title)s") % {"kind": self.label, "title": self.title}
        if self.due_on is None:
            return line
        day = {"line": line, "day": date_format(self.due_on, "SHORT_DATE_FORMAT")}
        return (
            _("%(line)s (overdue since %(day)s)") if self.is_late else _("%(line)s (by %(day)s)")
        ) % day


def list_open_points(partnership_id: int, *, on: date, today: date) -> list[OpenPoint]:
    """Return what is open in a room and will be talked about on a day. Five queries.

    Actions that are late or due within 30 days of it, reviews of risks that are due, recommendations
    that wait for a decision, key results without a figure of the last 60 days, and notes of give
    and take that the other side has not confirmed. At most 20 of each kind, the oldest first.
    """
    return [
        *_actions(partnership_id, on, today),
        *_risks(partnership_id, on, today),
        *_recommendations(partnership_id),
        *_results(partnership_id, on),
        *_favours(partnership_id),
    ]


def _actions(pk: int, on: date, today: date) -> Iterator[OpenPoint]:
    found = Action.objects.filter(
        partnership_id=pk, dropped_at=None, done_on=None, due_on__lte=on + AHEAD
    )
    for one in found.order_by("due_on", "pk")[:MOST]:
        url = f"{reverse('partnerships:plan', args=[pk])}#action-{one.pk}"
        yield OpenPoint("action", one.title, url, one.due_on, one.due_on < today)


def _risks(pk: int, on: date, today: date) -> Iterator[OpenPoint]:
    found = Risk.objects.filter(
        partnership_id=pk, dropped_at=None, closed_on=None, review_on__lte=on
    )
    for one in found.order_by("review_on", "pk")[:MOST]:
        assert one.review_on is not None  # asked for above  # noqa: S101
        url = f"{reverse('partnerships:risks', args=[pk])}#risk-{one.pk}"
        yield OpenPoint("risk", one.title, url, one.review_on, one.review_on < today)


def _recommendations(pk: int) -> Iterator[OpenPoint]:
    found = Recommendation.objects.filter(
        FOR_PARTIES, partnership_id=pk, dropped_at=None, state=Recommendation.State.PROPOSED
    )
    for one in found.order_by("pk")[:MOST]:
        url = reverse("partnerships:recommendation", args=[pk, one.pk])
        yield OpenPoint("recommendation", one.title, url)


def _results(pk: int, on: date) -> Iterator[OpenPoint]:
    measured = Coalesce(Max("measurements__measured_on"), Cast(F("created_at"), DateField()))
    found = KeyResult.objects.filter(
        partnership_id=pk, dropped_at=None, objective__dropped_at=None, objective__closed_on=None
    ).annotate(measured_on=measured)
    for one in found.filter(measured_on__lt=on - STALE).order_by("measured_on", "pk")[:MOST]:
        yield OpenPoint(
            "result", one.title, f"{reverse('partnerships:goals', args=[pk])}#key-result-{one.pk}"
        )


def _favours(pk: int) -> Iterator[OpenPoint]:
    found = Favour.objects.filter(
        Q(confirmed_at=None, contested_at=None), partnership_id=pk, dropped_at=None
    )
    for one in found.order_by("happened_on", "pk")[:MOST]:
        url = f"{reverse('partnerships:exchange', args=[pk])}#favour-{one.pk}"
        yield OpenPoint("favour", one.what, url)
