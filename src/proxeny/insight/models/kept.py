"""What a room keeps of trends, as kinds of its records: written, put away and told like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.insight.models.trends import Trend, TrendEvidence
from proxeny.partnerships.kinds import Kind, add_kind


def _at_trend(one: Any) -> str:
    """Return the page of a trend; the radar, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("insight:radar", args=[one.partnership_id])
    return reverse("insight:trend", args=[one.partnership_id, one.pk])


def _at_evidence(one: Any) -> str:
    url = reverse("insight:trend", args=[one.partnership_id, one.trend_id])
    return url if one.pk is None or one.dropped_at else f"{url}#trend-evidence-{one.pk}"


add_kind(Kind(
    "trend", Trend, ("title", "area", "horizon", "words", "details", "topic"),
    "radar", _("Trend"), _("New trend"),
    {"add": _("Put a trend on the radar"), "change": _("Changed a trend"),
     "drop": _("Took a trend off the radar"), "restore": _("Brought a trend back")},
    hints={
        "title": _("As your members would say it: “Digital product passports”."),
        "words": _("Phrases with commas between. Needs and calls that hold one of them belong to "
                   "the trend; its title counts too."),
        "horizon": _("When most members will feel it."),
    },
    carried=("topic",), at=_at_trend,
))  # fmt: skip
add_kind(Kind(
    "trend-evidence", TrendEvidence, ("trend", "title", "link", "said_on", "note"),
    "radar", _("Evidence of a trend"), _("Add evidence"),
    {"add": _("Added evidence of a trend"), "change": _("Changed evidence of a trend"),
     "drop": _("Put evidence of a trend away"), "restore": _("Brought evidence of a trend back")},
    below="trend",
    hints={"title": _("A figure or a sentence that can be checked.")},
    at=_at_evidence,
))  # fmt: skip
