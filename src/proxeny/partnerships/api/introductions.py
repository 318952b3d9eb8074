"""Introductions between two member lists: plans, what they propose, keeping and dropping."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory.models import Kind
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.partnerships import introduction_queries as reads
from proxeny.partnerships import introductions as told
from proxeny.partnerships import queries, rules
from proxeny.partnerships.api._router import router
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction
from proxeny.partnerships.operations.introductions import (
    MOST_EACH,
    PlanSettings,
    decide_introduction,
    plan_introductions,
)

MemberKind = Literal[*Kind.values]
PlanState = Literal[*IntroductionPlan.State.values]
RowState = Literal[*ProposedIntroduction.State.values]


class IntroductionPlanOut(Out):
    """A plan, its settings and its result.

    `value` is the value of the set and `bound` is the highest value possible within the caps.
    `outcome` describes the result in your language.
    """

    id: int
    left: Named
    right: Named
    settings: dict[str, Any]
    state: PlanState
    reason: str
    outcome: str
    considered: dict[str, int]
    left_out: dict[str, dict[str, int]]
    value: float | None
    bound: float | None
    seconds: float | None
    job_id: int | None
    created_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_outcome(plan: IntroductionPlan) -> str:
        """Return the result as a sentence."""
        return told.tell_outcome(plan)[1]


class IntroductionPlanIn(In):
    """Caps and filters. Empty filters select everything."""

    with_id: Id | None = Field(None, description="The other party, if there are more than two.")
    per_left: int = Field(3, ge=1, le=MOST_EACH)
    per_right: int = Field(3, ge=1, le=MOST_EACH)
    most: int | None = Field(None, ge=1, le=100_000)
    everybody: bool = False
    kinds: list[MemberKind] = Field([], max_length=20)
    countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = Field([], max_length=260)
    fields: list[Annotated[str, Field(min_length=1, max_length=80)]] = Field([], max_length=100)
    leave_out: list[Id] = Field([], max_length=10_000)


class IntroductionOut(Out):
    """A proposed introduction with its reasons.

    `they_bring` or `we_bring` is empty if that side has nothing to offer.
    """

    id: int
    left: Named
    right: Named
    score: float
    they_bring: str
    we_bring: str
    facts: list[str]
    state: RowState


class IntroductionFilters(In):
    """Filters for the list of proposals."""

    q: str = Field("", max_length=100)
    state: RowState | None = None


class IntroductionsFile(IntroductionFilters):
    """Filters and file format for the list of proposals."""

    format: FileFormat = "csv"


class IntroductionDecision(In):
    """The decision on a proposal. `proposed` reverts an earlier decision."""

    state: RowState


PLANS = "/{partnership_id}/introductions"
PLAN = f"{PLANS}/{{plan_id}}"


def _refuse_others(request: Request, partnership_id: int) -> None:
    partnership = queries.get_partnership(partnership_id)
    if not rules.can_read_ledger(request.reader, partnership):
        raise NotAllowed(_("Only the cluster teams can see introductions."))


@router.get(PLANS, response=list[IntroductionPlanOut], summary="List introduction plans")
@in_pages("-created_at", "-id")
def list_plans(request: Request, partnership_id: Id) -> QuerySet[IntroductionPlan]:
    """Returns the plans of a partnership, newest first."""
    _refuse_others(request, partnership_id)
    return reads.list_plans(partnership_id)


@router.post(PLANS, response={202: IntroductionPlanOut}, summary="Calculate introductions")
def plan_new_introductions(
    request: Request, response: HttpResponse, partnership_id: Id, wanted: IntroductionPlanIn
) -> Status[IntroductionPlan]:
    """Starts a calculation for the members that both sides share. `job_id` is the job to watch."""
    values = wanted.model_dump()
    plan = plan_introductions(
        actor=request.reader,
        partnership_id=partnership_id,
        with_id=values.pop("with_id"),
        settings=PlanSettings(**values),
    )
    response["Location"] = f"/api/v1/partnerships/{partnership_id}/introductions/{plan.pk}"
    return Status(202, reads.get_plan(partnership_id, plan.pk))


@router.get(PLAN, response=IntroductionPlanOut, summary="Get an introduction plan")
def show_plan(request: Request, partnership_id: Id, plan_id: Id) -> IntroductionPlan:
    """Returns the settings of the plan and its result."""
    _refuse_others(request, partnership_id)
    return reads.get_plan(partnership_id, plan_id)


def _tell(rows: list[ProposedIntroduction], **_asked: Any) -> list[dict[str, Any]]:
    return [_told(one) for one in told.tell_rows(rows)]


def _told(one: told.Proposal) -> dict[str, Any]:
    row, why = one.row, one.told
    return {
        "id": row.pk,
        "left": {"id": row.left_id, "name": row.left.name},
        "right": {"id": row.right_id, "name": row.right.name},
        "score": row.score,
        "they_bring": why.they_bring.sentence if why.they_bring else "",
        "we_bring": why.we_bring.sentence if why.we_bring else "",
        "facts": list(why.facts),
        "state": row.state,
    }


@router.get(f"{PLAN}/rows", response=list[IntroductionOut], summary="List proposed introductions")
@in_pages("-score", "id", tell=_tell)
def list_introductions(
    request: Request, partnership_id: Id, plan_id: Id, filters: Query[IntroductionFilters]
) -> QuerySet[ProposedIntroduction]:
    """Returns the introductions whose members are both shared today, best first."""
    _refuse_others(request, partnership_id)
    plan = reads.get_plan(partnership_id, plan_id)
    return reads.rows_of(plan, search=filters.q, state=filters.state or "")


@router.get(f"{PLAN}/export", summary="Export introductions", openapi_extra=TABLE_FILE)
def export_introductions(
    request: Request, partnership_id: Id, plan_id: Id, wanted: Query[IntroductionsFile]
) -> HttpResponse:
    """Downloads the introductions with their reasons as a file."""
    _refuse_others(request, partnership_id)
    plan = reads.get_plan(partnership_id, plan_id)
    rows = list(reads.rows_of(plan, search=wanted.q, state=wanted.state or "")[: reads.MAX_EXPORT])
    header, lines = told.table_of(told.tell_rows(rows))
    return answer_table(f"introductions-{plan_id}", form=wanted.format, header=header, rows=lines)


@router.patch(
    f"{PLAN}/rows/{{row_id}}", response=IntroductionOut, summary="Keep or drop an introduction"
)
def decide_on_introduction(
    request: Request,
    partnership_id: Id,
    plan_id: Id,
    row_id: Id,
    decision: IntroductionDecision,
) -> dict[str, Any]:
    """Saves the decision, which both sides can see.

    Introductions that have been decided are not proposed again.
    """
    row = decide_introduction(
        actor=request.reader,
        partnership_id=partnership_id,
        plan_id=plan_id,
        row_id=row_id,
        state=decision.state,
        now=timezone.now(),
    )
    return _told(next(told.tell_rows([row])))
