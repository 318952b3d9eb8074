"""Studies over the API: list, details, start, conclusion, reopening.

Studies and the records that belong to them are written as records of the room:
`/partnerships/{partnership_id}/records`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.research.api._router import router
from proxeny.research.models import Licence, Result, Study
from proxeny.research.operations import studies as operations
from proxeny.research.queries.studies import find_studies, get_study, readiness_of
from proxeny.research.queries.study_sheet import read_sheet

_ALL = "/{partnership_id}/studies"
_ONE = f"{_ALL}/{{study_id}}"


class StudyReadinessOut(Out):
    """A condition for starting a study: a column, `contributor-…` or `risk`."""

    code: str
    label: str
    is_met: bool


class StudyRow(Out):
    """A study: its question, its progress, and what is still needed to start it.

    `steps` counts the open steps, and `late` those of them that are late.
    """

    id: int
    partnership_id: int
    title: str
    question: str
    state: Literal[*Study.State.values]
    starts_on: date | None
    ends_on: date | None
    begun_on: date | None
    concluded_on: date | None
    language: str
    licence: Literal[*Licence.values]
    keywords: str
    doi: str
    steps: int
    late: int
    outcomes: int
    readiness: list[StudyReadinessOut]
    dropped_at: datetime | None
    version: int


class StudyContributorOut(Out):
    """A contributor to the study."""

    id: int
    kind: str
    name: str
    role: str
    party_id: int | None
    affiliation: str
    identifier: str
    cited: bool


class StudyRiskOut(Out):
    """A risk of the joint register, and its current grade."""

    id: int
    risk_id: int
    title: str
    note: str
    likelihood: int
    impact: int
    level: str


class StudyStepOut(Out):
    """A step of the work."""

    id: int
    title: str
    due_on: date
    done_on: date | None
    party_id: int | None
    person_id: int | None
    is_late: bool


class StudyResultOut(Out):
    """A result of the study, who benefits from it, and its proof."""

    id: int
    kind: Literal[*Result.Kind.values]
    title: str
    details: str
    happened_on: date
    benefits: Literal[*Result.Benefits.values]
    reached: int | None
    proof: str
    proof_url: str


class StudyBenefitOut(Out):
    """Who benefits from the results: the number of each kind, and how many have proof."""

    code: str
    outputs: int
    outcomes: int
    engagements: int
    proven: int
    reached: int


class StudyPackageOut(Out):
    """A data package.

    `number` is its last released version, and `files` the number of files in it.
    """

    id: int
    title: str
    licence: str
    access: str
    number: int | None
    files: int


class WholeStudyOut(StudyRow):
    """A study with everything that belongs to it."""

    why: str
    expected: str
    methods: str
    ethics: str
    data_plan: str
    resources: str
    summary: str
    contributors: list[StudyContributorOut]
    risks: list[StudyRiskOut]
    work_steps: list[StudyStepOut]
    results: list[StudyResultOut]
    benefits: list[StudyBenefitOut]
    packages: list[StudyPackageOut]


class StudyFilters(In):
    """Filters for the list of studies: words in the title, question, keywords and findings, and a
    state.
    """

    q: str = Field("", max_length=100)
    state: Literal[*Study.State.values, ""] = ""
    away: bool = False


class StudyConcludeIn(In):
    """What was found. If it is left out, the existing summary is kept."""

    summary: Annotated[str, Field(max_length=8000)] | None = None


class StudyReopenIn(In):
    """The reason for reopening the study."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def _tell(rows: list[Study], *, partnership_id: int, **_more: Any) -> list[Any]:
    points = readiness_of(rows, parties_of(get_partnership(partnership_id)))
    return [_row(one, points[one.pk]) for one in rows]


def _row(study: Study, points: Any) -> dict[str, Any]:
    names = StudyRow.model_fields.keys() - {"readiness"}
    return {name: getattr(study, name) for name in names} | {"readiness": list(points)}


@router.get(_ALL, response=list[StudyRow], summary="List studies")
@in_pages("-id", tell=_tell)
def list_studies(
    request: Request, partnership_id: Id, filters: Query[StudyFilters]
) -> QuerySet[Study]:
    """Returns the studies of a partnership with what is still needed to start each of them.

    Write them as records of the kind `study`.
    """
    enter(request, partnership_id)
    today = timezone.localdate()
    return find_studies(partnership_id, today=today, **filters.model_dump()).order_by()


@router.get(_ONE, response=WholeStudyOut, summary="Get a study")
def show_study(
    request: Request, response: HttpResponse, partnership_id: Id, study_id: Id
) -> dict[str, Any]:
    """Returns the study with its contributors, risks, steps, results, beneficiaries and data
    packages.
    """
    return _shown(request, response, partnership_id, study_id)


def _shown(
    request: Request, response: HttpResponse, partnership_id: int, study_id: int
) -> dict[str, Any]:
    parties = parties_of(enter(request, partnership_id))
    study = get_study(partnership_id, study_id)
    show_version(response, study.version)
    sheet = read_sheet(study, parties, now=timezone.now(), today=timezone.localdate())
    results = [one for _code, _label, rows in sheet.groups for one in rows]
    counted = {
        "steps": len(sheet.open_tasks),
        "late": sheet.late,
        "readiness": list(sheet.points),
        "outcomes": sum(one.kind == Result.Kind.OUTCOME for one in results),
    }
    lists = {
        "contributors": [one for side in sheet.sides for one in side.people],
        "risks": [_risk(one) for one in sheet.risks],
        "work_steps": [_step(one) for one in sheet.tasks],
        "results": results,
        "benefits": list(sheet.benefits),
        "packages": list(sheet.packages),
    }
    names = WholeStudyOut.model_fields.keys() - counted.keys() - lists.keys()
    return {name: getattr(study, name) for name in names} | counted | lists


def _risk(one: Any) -> dict[str, Any]:
    grade = one.grade
    return {
        "id": one.record.pk,
        "risk_id": one.risk.pk,
        "title": one.risk.title,
        "note": one.record.note,
        "likelihood": grade.likelihood,
        "impact": grade.impact,
        "level": grade.level,
    }


def _step(task: Any) -> dict[str, Any]:
    names = ("title", "due_on", "done_on", "party_id", "person_id")
    record = task.record
    found = {name: getattr(record, name) for name in names}
    return {"id": record.pk, "is_late": task.is_late, **found}


@router.post(f"{_ONE}/begin", response=WholeStudyOut, summary="Start a study")
def begin_study(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    study_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Starts the study. The request is refused while a condition in `readiness` is not met."""
    operations.begin_study(
        actor=request.reader,
        now=timezone.localtime(),
        **_seen(request, partnership_id, study_id, if_match),
    )
    return _shown(request, response, partnership_id, study_id)


@router.post(f"{_ONE}/conclude", response=WholeStudyOut, summary="Conclude a study")
def conclude_study(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    study_id: Id,
    concluded: StudyConcludeIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Concludes the study. A summary of what was found and at least one outcome are required."""
    operations.conclude_study(
        actor=request.reader,
        summary=concluded.summary,
        now=timezone.localtime(),
        **_seen(request, partnership_id, study_id, if_match),
    )
    return _shown(request, response, partnership_id, study_id)


@router.post(f"{_ONE}/reopen", response=WholeStudyOut, summary="Reopen a study")
def reopen_study(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    study_id: Id,
    why: StudyReopenIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Reopens the study with a reason that both sides can read. Publications are kept."""
    operations.reopen_study(
        actor=request.reader,
        reason=why.reason,
        now=timezone.localtime(),
        **_seen(request, partnership_id, study_id, if_match),
    )
    return _shown(request, response, partnership_id, study_id)


def _seen(
    request: Request, partnership_id: int, study_id: int, if_match: str | None
) -> dict[str, int]:
    """Return the arguments that select a study in the version that the caller has seen."""
    enter(request, partnership_id)
    version = get_study(partnership_id, study_id).version
    return {
        "partnership_id": partnership_id,
        "study_id": study_id,
        "version": match_version(if_match, version),
    }
