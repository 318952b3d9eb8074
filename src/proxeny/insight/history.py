"""How what happens with trends and figures reads in a history."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import keep_trail
from proxeny.insight.models import Trend, TrendEvidence
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "weigh_trend": _("Said how much a trend matters to its members"),
}
#: What is told of them that is no field with a name of its own.
LABELS: dict[str, object] = {"relevance": _("Relevance"), "why": _("Why")}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    for name, related in {"trend": _of_trend, "trend-evidence": _alone}.items():
        trail = trail_of(KINDS[name], related)
        keep_trail(name, replace(trail, labels={**trail.labels, **LABELS}))


def _alone(_one: Any) -> dict[str, QuerySet[Any]]:
    return {}


def _of_trend(trend: Trend) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a trend: its evidence."""
    return {"insight.TrendEvidence": TrendEvidence.objects.filter(trend=trend).values("pk")}
