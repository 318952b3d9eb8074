"""Events of trends and figures, as a history describes them."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS
from proxeny.insight.models import Trend, TrendEvidence
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "weigh_trend": _("Rated how much a trend matters to its members"),
}
#: Entries of their history that aren't fields with a name of their own.
LABELS: dict[str, object] = {"relevance": _("Relevance"), "why": _("Reason")}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    for name, related in {"trend": _of_trend, "trend-evidence": _alone}.items():
        trail = trail_of(KINDS[name], related)
        TRAILS.add(name, replace(trail, labels={**trail.labels, **LABELS}))


def _alone(_one: Any) -> dict[str, QuerySet[Any]]:
    return {}


def _of_trend(trend: Trend) -> dict[str, QuerySet[Any]]:
    """Return the records whose history belongs to a trend's: its evidence."""
    return {"insight.TrendEvidence": TrendEvidence.objects.filter(trend=trend).values("pk")}
