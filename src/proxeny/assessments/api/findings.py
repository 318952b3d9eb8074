"""The teams' findings and their sources, for programs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, change_record, do_deed, enter
from proxeny.assessments.models import Finding
from proxeny.assessments.operations import findings as operations
from proxeny.assessments.operations.findings import FINDINGS, FindingFacts
from proxeny.assessments.queries import findings as queries
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, show_version, unsent
from proxeny.kernel.requests import Request

_ALL = f"{ONE}/findings"
_ONE = f"{_ALL}/{{finding_id}}"
Confidence = Literal[*Finding.Confidence.values]
Title = Annotated[str, Field(min_length=1, max_length=250)]
Text = Annotated[str, Field(max_length=6000)]
ChapterName = Annotated[str, Field(max_length=300)]


class FindingSourceOut(Out):
    """A source of a finding: a note, or a version of a figure."""

    id: int
    note_id: int | None
    figure_version_id: int | None
    title: str
    place: str

    @staticmethod
    def resolve_note_id(source: queries.Source) -> int | None:
        """Return the note's number."""
        return source.note.pk if source.note else None

    @staticmethod
    def resolve_figure_version_id(source: queries.Source) -> int | None:
        """Return the number of the figure's version."""
        return source.figure.pk if source.figure else None


class FindingOut(Out):
    """A claim, how confident the teams are in it, and its sources."""

    id: int
    chapter: str
    order: int
    title: str
    text: str
    confidence: Confidence
    sources: list[FindingSourceOut]
    created_at: datetime
    dropped_at: datetime | None
    version: int

    @staticmethod
    def resolve_sources(finding: Finding) -> list[queries.Source]:
        """Return the sources in the order in which they were added."""
        return list(queries.conclude(finding).sources)


class FindingIn(In):
    """A claim, in a chapter of the report."""

    title: Title
    text: Text = ""
    chapter: ChapterName = ""
    confidence: Confidence = "medium"


class FindingChanges(In):
    """Changes to a finding; everything else stays as it is."""

    title: Title = unsent()
    text: Text = unsent()
    chapter: ChapterName = unsent()
    confidence: Confidence = unsent()


class MoveIn(In):
    """Up (-1) or down (1) among the findings of its chapter."""

    by: Literal[-1, 1]


class FindingSourceIn(In):
    """A source to add: either a note of the engagement or a version of a figure."""

    note_id: Id | None = None
    figure_version_id: Id | None = None
    place: Annotated[str, Field(max_length=120)] = ""


@router.get(_ALL, response=list[FindingOut], summary="List findings of an assessment")
@in_pages("id")
def list_findings(request: Request, partnership_id: Id, engagement_id: Id) -> QuerySet[Finding]:
    """Returns the findings that aren't archived. `order` is their place in their chapter."""
    enter(request, partnership_id, engagement_id)
    return queries.with_sources(queries.live_findings(engagement_id))


@router.post(_ALL, response={201: FindingOut}, summary="Create a finding")
def write_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding: FindingIn,
) -> Status[Any]:
    """It comes last in its chapter. Without a source, it can't go into a report."""
    numbers = (partnership_id, engagement_id)
    made = do_deed(request, numbers, FINDINGS.write, facts=FindingFacts(**finding.model_dump()))
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, engagement_id, made.pk))


def _shown(response: HttpResponse, engagement_id: int, finding_id: int) -> Finding:
    finding = queries.get_finding(engagement_id, finding_id)
    show_version(response, finding.version)
    return finding


@router.get(_ONE, response=FindingOut, summary="Get a finding")
def show_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
) -> Finding:
    """Includes its sources. Archived findings can be read too."""
    enter(request, partnership_id, engagement_id)
    return _shown(response, engagement_id, finding_id)


@router.patch(_ONE, response=FindingOut, summary="Update a finding")
def change_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
    change: FindingChanges,
    if_match: IfMatch = None,
) -> Finding:
    """If you move it to another chapter, it comes last there."""
    numbers = (partnership_id, engagement_id)
    change_record(request, numbers, FINDINGS, finding_id, change, if_match)
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/move", response=FindingOut, summary="Move a finding")
def move_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
    move: MoveIn,
) -> Finding:
    """Moves it one place up or down in its chapter. At either end, it stays where it is."""
    do_deed(
        request,
        (partnership_id, engagement_id),
        operations.move_finding,
        finding_id=finding_id,
        by=move.by,
    )
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/drop", response=FindingOut, summary="Archive a finding")
def drop_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
) -> Finding:
    """A finding that a recommendation is based on can't be archived."""
    numbers = (partnership_id, engagement_id)
    do_deed(request, numbers, FINDINGS.drop, record_id=finding_id)
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/restore", response=FindingOut, summary="Restore a finding")
def restore_finding(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
) -> Finding:
    """Restores an archived finding with its sources."""
    numbers = (partnership_id, engagement_id)
    do_deed(request, numbers, FINDINGS.restore, record_id=finding_id)
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/sources", response={201: FindingOut}, summary="Add a source to a finding")
def add_finding_source(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    finding_id: Id,
    source: FindingSourceIn,
) -> Status[Any]:
    """If you add the same source again, its place is updated."""
    do_deed(
        request,
        (partnership_id, engagement_id),
        operations.add_source,
        finding_id=finding_id,
        note_id=source.note_id,
        figure_id=source.figure_version_id,
        place=source.place,
    )
    return Status(201, _shown(response, engagement_id, finding_id))


@router.delete(
    f"{_ONE}/sources/{{source_id}}", response={204: None}, summary="Remove a source from a finding"
)
def remove_finding_source(
    request: Request, partnership_id: Id, engagement_id: Id, finding_id: Id, source_id: Id
) -> Status[None]:
    """The note or figure itself is kept."""
    do_deed(
        request,
        (partnership_id, engagement_id),
        operations.remove_source,
        finding_id=finding_id,
        source_id=source_id,
    )
    return Status(204, None)
