"""What the teams conclude, and from what, by program."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, do_deed, enter
from proxeny.assessments.models import Finding
from proxeny.assessments.operations import findings as operations
from proxeny.assessments.operations.findings import FindingFacts
from proxeny.assessments.queries import findings as queries
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent

_ALL = f"{ONE}/findings"
_ONE = f"{_ALL}/{{finding_id}}"
Confidence = Literal[*Finding.Confidence.values]
Title = Annotated[str, Field(min_length=1, max_length=250)]
Text = Annotated[str, Field(max_length=6000)]
ChapterName = Annotated[str, Field(max_length=300)]


class FindingSourceOut(Out):
    """What a finding rests on: a note, or a figure as it was brought in at one time."""

    id: int
    note_id: int | None
    figure_version_id: int | None
    title: str
    place: str

    @staticmethod
    def resolve_note_id(source: queries.Source) -> int | None:
        """Of a note."""
        return source.note.pk if source.note else None

    @staticmethod
    def resolve_figure_version_id(source: queries.Source) -> int | None:
        """Of a figure's version."""
        return source.figure.pk if source.figure else None


class FindingOut(Out):
    """A claim, how sure the teams are of it, and what it rests on."""

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
        """In the order in which they were named."""
        return list(queries.conclude(finding).sources)


class FindingIn(In):
    """A claim, in a chapter of the report."""

    title: Title
    text: Text = ""
    chapter: ChapterName = ""
    confidence: Confidence = "medium"


class FindingChanges(In):
    """What is to be otherwise; the rest stays."""

    title: Title = unsent()
    text: Text = unsent()
    chapter: ChapterName = unsent()
    confidence: Confidence = unsent()


class MoveIn(In):
    """Up or down among the findings of its chapter."""

    by: Literal[-1, 1]


class FindingSourceIn(In):
    """A note of the engagement, or the version of a figure; one of the two."""

    note_id: Id | None = None
    figure_version_id: Id | None = None
    place: Annotated[str, Field(max_length=120)] = ""


@router.get(_ALL, response=list[FindingOut], summary="Findings of an assessment")
@in_pages("id")
def list_findings(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> QuerySet[Finding]:
    """Those that were not put away; `order` is their place in their chapter."""
    enter(request, partnership_id, engagement_id)
    return queries.with_sources(queries.live_findings(engagement_id))


@router.post(_ALL, response={201: FindingOut}, summary="Write a finding")
def write_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding: FindingIn,
) -> Status[Any]:  # fmt: skip
    """It stands last in its chapter. Without a source it cannot enter a report."""
    enter(request, partnership_id, engagement_id)
    made = operations.write_finding(
        actor=request.reader, engagement_id=engagement_id,
        facts=FindingFacts(**finding.model_dump()), now=timezone.localtime(),
    )  # fmt: skip
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, engagement_id, made.pk))


def _shown(response: HttpResponse, engagement_id: int, finding_id: int) -> Finding:
    finding = queries.get_finding(engagement_id, finding_id)
    show_version(response, finding.version)
    return finding


@router.get(_ONE, response=FindingOut, summary="One finding")
def show_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id,
) -> Finding:  # fmt: skip
    """Put away or not, with its sources."""
    enter(request, partnership_id, engagement_id)
    return _shown(response, engagement_id, finding_id)


@router.patch(_ONE, response=FindingOut, summary="Change a finding")
def change_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id, change: FindingChanges, if_match: IfMatch = None,
) -> Finding:  # fmt: skip
    """In another chapter it stands last."""
    enter(request, partnership_id, engagement_id)
    finding = queries.get_finding(engagement_id, finding_id)
    facts = {name: getattr(finding, name) for name in FindingChanges.model_fields}
    operations.change_finding(
        actor=request.reader, engagement_id=engagement_id, finding_id=finding_id,
        version=match_version(if_match, finding.version),
        facts=FindingFacts(**facts | change.sent()), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/move", response=FindingOut, summary="Move a finding")
def move_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id, move: MoveIn,
) -> Finding:  # fmt: skip
    """One place up or down in its chapter; at an end it stays."""
    do_deed(
        request, (partnership_id, engagement_id), operations.move_finding, finding_id=finding_id,
        by=move.by,
    )  # fmt: skip
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/drop", response=FindingOut, summary="Put a finding away")
def drop_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id,
) -> Finding:  # fmt: skip
    """One that a recommendation rests on stays."""
    numbers = (partnership_id, engagement_id)
    do_deed(request, numbers, operations.drop_finding, finding_id=finding_id)
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/restore", response=FindingOut, summary="Bring a finding back")
def restore_finding(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id,
) -> Finding:  # fmt: skip
    """One that was put away, with its sources."""
    numbers = (partnership_id, engagement_id)
    do_deed(request, numbers, operations.restore_finding, finding_id=finding_id)
    return _shown(response, engagement_id, finding_id)


@router.post(f"{_ONE}/sources", response={201: FindingOut}, summary="Name a source")
def add_finding_source(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    finding_id: Id, source: FindingSourceIn,
) -> Status[Any]:  # fmt: skip
    """Named once more, the place in it is written anew."""
    do_deed(
        request, (partnership_id, engagement_id), operations.add_source, finding_id=finding_id,
        note_id=source.note_id, figure_id=source.figure_version_id, place=source.place,
    )  # fmt: skip
    return Status(201, _shown(response, engagement_id, finding_id))


@router.delete(f"{_ONE}/sources/{{source_id}}", response={204: None}, summary="Take a source away")
def remove_finding_source(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, finding_id: Id, source_id: Id
) -> Status[None]:
    """What it names stays."""
    do_deed(
        request, (partnership_id, engagement_id), operations.remove_source,
        finding_id=finding_id, source_id=source_id,
    )  # fmt: skip
    return Status(204, None)
