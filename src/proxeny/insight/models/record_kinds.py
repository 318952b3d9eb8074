"""Trends as kinds of a room's records: created, archived and presented like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.insight.models.trends import Trend, TrendEvidence
from proxeny.partnerships.kinds import Kind, add_kind


def _at_trend(one: Any) -> str:
    """Return the page of a trend; the radar, if the trend is unsaved or archived."""
    if one.pk is None or one.dropped_at:
        return reverse("insight:radar", args=[one.partnership_id])
    return reverse("insight:trend", args=[one.partnership_id, one.pk])


def _at_evidence(one: Any) -> str:
    url = reverse("insight:trend", args=[one.partnership_id, one.trend_id])
    return url if one.pk is None or one.dropped_at else f"{url}#trend-evidence-{one.pk}"


add_kind(
    Kind(
        "trend",
        Trend,
        ("title", "area", "horizon", "words", "details", "topic"),
        "radar",
        _("Trend"),
        _("New trend"),
        {
            "add": _("Added a trend to the radar"),
            "change": _("Changed a trend"),
            "drop": _("Removed a trend from the radar"),
            "restore": _("Restored a trend"),
        },
        hints={
            "title": _("As your members would say it: “Digital product passports”."),
            "words": _(
                "Separate phrases with commas. Needs and calls that contain one of them belong "
                "to the trend; its title counts too."
            ),
            "horizon": _("When most members will feel it."),
        },
        carried=("topic",),
        at=_at_trend,
    )
)
add_kind(
    Kind(
        "trend-evidence",
        TrendEvidence,
        ("trend", "title", "link", "said_on", "note"),
        "radar",
        _("Evidence of a trend"),
        _("Add evidence"),
        {
            "add": _("Added evidence of a trend"),
            "change": _("Changed evidence of a trend"),
            "drop": _("Archived evidence of a trend"),
            "restore": _("Restored evidence of a trend"),
        },
        below="trend",
        hints={"title": _("A figure or a sentence that can be checked.")},
        at=_at_evidence,
    )
)
