"""The plan of an assessment, and the workload of a room by program."""

from typing import Annotated, Any

from django.http import HttpResponse
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
from proxeny.kernel.requests import Request
from proxeny.partnerships.queries import parties_of

Words300 = Annotated[str, Field(min_length=1, max_length=300)]


class PlanStepIn(In):
    """A step: the task, its due date, and who does it.

    If you name a person, their side is set for you.
    """

    title: Words300
    due_on: Day
    party_id: Id | None = None
    person_id: Id | None = None


class StepChanges(In):
    """Changes to a step; everything else stays as it is."""

    title: Words300 = unsent()
    due_on: Day = unsent()
    party_id: Id | None = None
    person_id: Id | None = None


class LoadOut(Out):
    """An adviser's workload: `percent` of their working time, and medians in days."""

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
    """How many engagements of a service are running, how many it takes, and how many haven't
    started.
    """

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


@router.get(_STEPS, response=list[StepOut], summary="List the steps of an assessment's plan")
def list_steps(request: Request, partnership_id: Id, engagement_id: Id) -> list[dict[str, Any]]:
    """Returns the steps by due date, a hundred at most."""
    one = enter(request, partnership_id, engagement_id)
    return tell_steps(read_plan(one, today=timezone.localdate()).steps)


def _step(request: Request, response: HttpResponse, one: Engagement, step_id: int) -> Any:
    found = tell_steps(read_plan(one, today=timezone.localdate()).steps)
    told = next(step for step in found if step["id"] == step_id)
    show_version(response, told["version"], told["side"], told["person"], told["is_late"])
    return told


@router.post(_STEPS, response={201: StepOut}, summary="Add a step to a plan")
def add_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    step: PlanStepIn,
) -> Status[Any]:
    """Only for advisers who have declared that they have no conflict of interest."""
    one = enter(request, partnership_id, engagement_id)
    made = plan.add_step(
        actor=request.reader,
        engagement_id=one.pk,
        now=timezone.localtime(),
        facts=plan.StepFacts(step.title, step.due_on, step.party_id, step.person_id),
    )
    room = f"/api/v1/assessments/{partnership_id}/engagements/{engagement_id}"
    response["Location"] = f"{room}/steps/{made.pk}"
    return Status(201, _step(request, response, one, made.pk))


@router.get(_STEP, response=StepOut, summary="Get a step")
def show_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    step_id: Id,
) -> Any:
    """Returns the task, its due date, and who does it."""
    one = enter(request, partnership_id, engagement_id)
    return _step(request, response, one, get_step(one, step_id).pk)


@router.patch(_STEP, response=StepOut, summary="Update a step")
def change_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    step_id: Id,
    change: StepChanges,
    if_match: IfMatch = None,
) -> Any:
    """If you name a person, their side is set for you."""
    one = enter(request, partnership_id, engagement_id)
    step, sent = get_step(one, step_id), change.sent()
    values = {name: getattr(step, name) for name in StepChanges.model_fields} | sent
    if "party_id" in sent and "person_id" not in sent:
        values["person_id"] = None
    plan.change_step(
        actor=request.reader,
        engagement_id=one.pk,
        step_id=step_id,
        now=timezone.localtime(),
        version=match_version(if_match, step.version),
        facts=plan.StepFacts(
            values["title"], values["due_on"], values["party_id"], values["person_id"]
        ),
    )
    return _step(request, response, one, step_id)


@router.post(f"{_STEP}/done", response=StepOut, summary="Mark a step as done")
def finish_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    step_id: Id,
) -> Any:
    """Sets today as the day it was done."""
    one = enter(request, partnership_id, engagement_id)
    plan.finish_step(
        actor=request.reader, engagement_id=one.pk, step_id=step_id, now=timezone.localtime()
    )
    return _step(request, response, one, step_id)


@router.post(f"{_STEP}/undone", response=StepOut, summary="Mark a step as not done")
def reopen_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    step_id: Id,
) -> Any:
    """The step is open again."""
    one = enter(request, partnership_id, engagement_id)
    plan.reopen_step(
        actor=request.reader, engagement_id=one.pk, step_id=step_id, now=timezone.localtime()
    )
    return _step(request, response, one, step_id)


@router.delete(_STEP, response={204: None}, summary="Remove a step from the plan")
def drop_step(request: Request, partnership_id: Id, engagement_id: Id, step_id: Id) -> Status[None]:
    """To restore it, add it again."""
    one = enter(request, partnership_id, engagement_id)
    plan.drop_step(
        actor=request.reader, engagement_id=one.pk, step_id=step_id, now=timezone.localtime()
    )
    return Status(204, None)


@router.get(
    "/{partnership_id}/workload", response=WorkloadOut, summary="Get the workload of both sides"
)
def show_workload(request: Request, partnership_id: Id) -> Any:
    """Returns the people of both sides, those with most to do first, and the places of the
    services.
    """
    room = enter_room(request, partnership_id)
    return read_workload(partnership_id, parties_of(room), today=timezone.localdate())
