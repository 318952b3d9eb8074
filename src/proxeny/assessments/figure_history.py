"""The history of one figure: changes, queries and new versions."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.assessments.models import Figure
from proxeny.assessments.queries.figures import get_figure


def _moment(text: Any) -> str:
    moment = parse_datetime(str(text)) if text else None
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else str(text)


def keep_figures() -> None:
    """Give figures a history; called when Django is ready."""
    TRAILS.add(
        "figure",
        Trail(
            find=get_figure,
            address=lambda one: reverse("assessments:figure", args=[one.partnership_id, one.pk]),
            labels={
                "address": _("Address"),
                "number": _("Version"),
                "added": _("New values"),
                "gone": _("Removed values"),
                "changed": _("Changed values"),
                "checked_at": _("Checked for newer values"),
            },
            words={
                "checked_at": _moment,
                "shape": lambda value: str(dict(Figure.Shape.choices).get(value, value)),
            },
        ),
    )
