"""The way through a gate: each missing thing with its form, and where a saved form leads on."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from proxeny.kernel.requests import Request
from proxeny.partnerships import queries
from proxeny.partnerships.exchange_forms import RhythmForm
from proxeny.partnerships.kinds import Kind
from proxeny.partnerships.models import Agreement, Stage
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.overview import Overview
from proxeny.partnerships.readiness import FROM_GATE
from proxeny.partnerships.stage_forms import StageForm
from proxeny.partnerships.views.frame import Frame


def gate_context(frame: Frame, overview: Overview) -> dict[str, Any]:
    """Return the forms that the front page of a room has for its next stage.

    The frequency of catch-ups while it is missing; once nothing is missing, the stage's text to
    sign, or the form that asks for it. Two queries in the last case, otherwise none. Nobody is led
    to the exit.
    """
    if not overview.gate or overview.stage == Stage.EXIT or not frame.may_steer:
        return {}
    if overview.missing:
        is_missing = any(one.code == "rhythm" and one.missing for one in overview.gate)
        return {"rhythm_form": RhythmForm(in_person=False) if is_missing else None}
    asked = queries.list_asked(frame.partnership)
    text = next((one for one in asked if one.agreement.kind == Agreement.Kind.STAGE), None)
    if text is not None:
        return {"stage_text": None if text.has_signed(frame.mine) else text}
    return {"stage_form": StageForm(initial={"stage": overview.stage})}


def is_from_gate(request: Request) -> bool:
    """Whether a form was opened from the checklist of a gate."""
    return FROM_GATE in request.GET


def after_saving(request: Request, kind: Kind, made: RoomRecord) -> str:
    """Return the page after a record that a gate asked for; empty where none asked for it.

    An objective leads to the figure that shows when it is reached, all others to the checklist.
    """
    if not is_from_gate(request):
        return ""
    pk = made.partnership_id
    if kind.name == "objective":
        add = reverse("partnerships:record-add", args=[pk, "key-result"])
        return f"{add}?{urlencode({'objective': made.pk, FROM_GATE: 1})}"
    return reverse("partnerships:detail", args=[pk])
