"""The plan of an assessment, and the workload of a room by program."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._engagement import StepOut
from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, enter
from proxeny.assessments.api.catalogue import enter as enter_room
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import plan
from proxeny.assessments.queries.plan import get_step, read_plan, tell_steps
from proxeny.assessments.queries.workload import read_workload
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent
from proxeny.kernel.api.times import Day
from proxeny.partnerships.queries import parties_of

Words300 = Annotated[str, Field(min_length=1, max_length=300)]


class PlanStepIn(In):
    """A step: what, by when, and who; a person brings their own side."""

    title: Words300
    due_on: Day
    party_id: Id | None = None
    person_id: Id | None = None


class StepChanges(In):
    """What of a step is to be otherwise; the rest stays."""

    title: Words300 = unsent()
    due_on: Day = unsent()
    party_id: Id | None = None
    person_id: Id | None = None


class LoadOut(Out):
    """What one adviser has in hand; `percent` of their working time, medians of days."""

    person_id: int
    name: str
    side: str
    open: int
    effort: float
    percent: int
    due: int
    late: int
    reported: int
    promised_days: float | None
    actual_days: float | None


class ServicePlacesTaken(Out):
    """How many engagements of a service run, how many it takes, and how many are not begun."""

    service_id: int
    name: str
    running: int
    capacity: int
    waiting: int


class WorkloadOut(Out):
    """The workload of both sides."""

    people: list[LoadOut]
    places: list[ServicePlacesTaken]


_STEPS = f"{ONE}/steps"
_STEP = f"{_STEPS}/{{step_id}}"


@router.get(_STEPS, response=list[StepOut], summary="The plan of an assessment")
def list_steps(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> list[dict[str, Any]]:
    """Its steps by day: a hundred at most."""
    one = enter(request, partnership_id, engagement_id)
    return tell_steps(read_plan(one, today=timezone.localdate()).steps)


def _step(request: HttpRequest, response: HttpResponse, one: Engagement, step_id: int) -> Any:
    found = tell_steps(read_plan(one, today=timezone.localdate()).steps)
    told = next(step for step in found if step["id"] == step_id)
    show_version(response, told["version"], told["side"], told["person"], told["is_late"])
    return told


@router.post(_STEPS, response={201: StepOut}, summary="Add a step")
def add_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    step: PlanStepIn,
) -> Status[Any]:  # fmt: skip
    """By an adviser who has declared to be free."""
    one = enter(request, partnership_id, engagement_id)
    made = plan.add_step(
        actor=request.reader, engagement_id=one.pk, now=timezone.localtime(),
        facts=plan.StepFacts(step.title, step.due_on, step.party_id, step.person_id),
    )  # fmt: skip
    room = f"/api/v1/assessments/{partnership_id}/engagements/{engagement_id}"
    response["Location"] = f"{room}/steps/{made.pk}"
    return Status(201, _step(request, response, one, made.pk))


@router.get(_STEP, response=StepOut, summary="One step")
def show_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    step_id: Id,
) -> Any:  # fmt: skip
    """What, by when, and who does it."""
    one = enter(request, partnership_id, engagement_id)
    return _step(request, response, one, get_step(one, step_id).pk)


@router.patch(_STEP, response=StepOut, summary="Change a step")
def change_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    step_id: Id, change: StepChanges, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """Who is named by a person brings their own side."""
    one = enter(request, partnership_id, engagement_id)
    step, sent = get_step(one, step_id), change.sent()
    values = {name: getattr(step, name) for name in StepChanges.model_fields} | sent
    if "party_id" in sent and "person_id" not in sent:
        values["person_id"] = None
    plan.change_step(
        actor=request.reader, engagement_id=one.pk, step_id=step_id, now=timezone.localtime(),
        version=match_version(if_match, step.version),
        facts=plan.StepFacts(
            values["title"], values["due_on"], values["party_id"], values["person_id"]
        ),
    )  # fmt: skip
    return _step(request, response, one, step_id)


@router.post(f"{_STEP}/done", response=StepOut, summary="A step is done")
def finish_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    step_id: Id,
) -> Any:  # fmt: skip
    """Today."""
    one = enter(request, partnership_id, engagement_id)
    plan.finish_step(actor=request.reader, engagement_id=one.pk, step_id=step_id,
                     now=timezone.localtime())  # fmt: skip
    return _step(request, response, one, step_id)


@router.post(f"{_STEP}/undone", response=StepOut, summary="A step is not done after all")
def reopen_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    step_id: Id,
) -> Any:  # fmt: skip
    """It is open again."""
    one = enter(request, partnership_id, engagement_id)
    plan.reopen_step(actor=request.reader, engagement_id=one.pk, step_id=step_id,
                     now=timezone.localtime())  # fmt: skip
    return _step(request, response, one, step_id)


@router.delete(_STEP, response={204: None}, summary="Take a step out of the plan")
def drop_step(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, step_id: Id
) -> Status[None]:
    """Add it again to bring it back."""
    one = enter(request, partnership_id, engagement_id)
    plan.drop_step(actor=request.reader, engagement_id=one.pk, step_id=step_id,
                   now=timezone.localtime())  # fmt: skip
    return Status(204, None)


@router.get("/{partnership_id}/workload", response=WorkloadOut, summary="Who has how much in hand")
def show_workload(request: HttpRequest, partnership_id: Id) -> Any:
    """The people of both sides, those with most to do first, and the places of the services."""
    room = enter_room(request, partnership_id)
    return read_workload(partnership_id, parties_of(room), today=timezone.localdate())
