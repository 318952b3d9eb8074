"""How what happens with labels reads in a history."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import keep_trail
from proxeny.labels.models import (
    Condition,
    Criterion,
    Decision,
    Indicator,
    Juror,
    Level,
    Quota,
    Round,
    SchemeVersion,
)
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "open_round": _("Published a round: one can apply"),
}
#: What is told of them that is no field with a name of its own.
LABELS: dict[str, object] = {}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    for name, related in {
        "scheme": _of_scheme, "label-criterion": _alone, "label-indicator": _alone,
        "label-condition": _alone, "label-level": _alone, "label-quota": _alone,
        "label-round": _of_round,
    }.items():  # fmt: skip
        trail = trail_of(KINDS[name], related)
        keep_trail(name, replace(trail, labels={**trail.labels, **LABELS}))


def _alone(_one: Any) -> dict[str, QuerySet[Any]]:
    return {}


def _of_scheme(scheme: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a label: its parts, versions and rounds."""
    own = {
        f"labels.{model.__name__}": model.objects.filter(scheme=scheme).values("pk")
        for model in (Criterion, Indicator, Condition, Level, Quota, Round, SchemeVersion)
    }
    signed = Agreement.objects.filter(
        partnership_id=scheme.partnership_id, kind=Agreement.Kind.SCHEME, subject=str(scheme.pk)
    )
    return {**own, "partnerships.Agreement": signed.values("pk")}


def _of_round(held: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a round: its jury and its decisions."""
    return {
        f"labels.{model.__name__}": model.objects.filter(round=held).values("pk")
        for model in (Juror, Decision)
    }
