"""Recommendations of studies over the API: writing, evidence in rows, follow-up and reviews."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages, show_version
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.partnerships.advice_queries import Wanted, find_advice, list_evidence, tell_evidence
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Evidence, Partnership, Party, Recommendation
from proxeny.partnerships.queries import parties_of
from proxeny.research.api._router import router
from proxeny.research.models import AdviceReview
from proxeny.research.operations import advice as deeds
from proxeny.research.queries import advice as reads
from proxeny.research.queries import fates
from proxeny.research.queries.studies import get_study
from proxeny.research.rules import FILE, Place, read_place

State = Literal[*Recommendation.State.values]
Row = Annotated[int, Field(ge=1, le=10**11, description="The row number, counted as in the file.")]
Note = Annotated[str, Field(min_length=1, max_length=1000)]
_STUDY = "/{partnership_id}/studies/{study_id}"
_ONE = "/{partnership_id}/recommendations/{recommendation_id}"


class StudyAdviceRow(Out):
    """A recommendation of a study: who should act, its state, and the number of pieces of evidence
    for it.
    """

    id: int
    study_id: int
    title: str
    details: str
    addressee: str
    side: str | None
    state: State
    reason: str
    decided_on: date | None
    adoption: str
    adopted_on: date | None
    pieces: int = Field(description="The number of pieces of evidence.")
    open_actions: int
    created_at: datetime
    version: int

    @staticmethod
    def resolve_study_id(one: Recommendation) -> int:
        """Return the id of the study it comes from."""
        return one.source_id or 0

    @staticmethod
    def resolve_side(one: Recommendation) -> str | None:
        """Return the letter of the party that should act; none if all should."""
        return one.party.side if one.party else None


class FateRow(StudyAdviceRow):
    """A recommendation with its study and its latest follow-up."""

    study: str | None
    looked_on: date | None
    looked_note: str | None


class StudyAdviceIn(In):
    """A recommendation of a study.

    `addressee` is `all`, `one` (with `side`), or empty if it isn't decided yet.
    """

    title: Annotated[str, Field(min_length=1, max_length=200)]
    details: Annotated[str, Field(max_length=4000)] = ""
    addressee: Literal["", "all", "one"] = ""
    side: Annotated[str, Field(pattern="^[A-Z]?$")] = ""


class RowsIn(In):
    """A range of rows of a released file, including the first and the last, and the columns.
    Without columns, whole rows are cited.

    If the file is not a table, only the file itself can be cited.
    """

    file_id: int
    first: Row | None = None
    last: Row | None = None
    columns: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=50)
    ] = []
    text: Annotated[str, Field(min_length=1, max_length=500, description="What the rows show.")]


class RowsEvidenceOut(Out):
    """A piece of evidence in a file."""

    id: int
    kind: str
    text: str
    file_id: int | None
    first: int | None
    last: int | None
    columns: list[str]
    url: str = Field(description="The page that shows it. Empty if you may not open it.")


class RowOut(Out):
    """A row, numbered as in its file."""

    number: int
    cells: list[str]
    is_cited: bool


class RowsOut(Out):
    """Rows of a file with the rows around them, facts about the file, and what cites them."""

    file_id: int
    path: str
    version: int
    sha256: str
    licence: str
    access: str
    header: list[str]
    rows: list[RowOut]
    cited_by: list[int] = Field(description="The ids of the recommendations.")


class RowsAsked(In):
    """The rows to return, including the first and the last."""

    first: Row
    last: Row | None = None
    columns: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=50)
    ] = []


class FateFilters(In):
    """Filters for recommendations and what came of them."""

    q: Annotated[str, Field(max_length=100)] = ""
    state: State | Literal[""] = ""
    study: int | None = None
    year: Annotated[int, Field(ge=1900, le=9998)] | None = None
    side: Annotated[str, Field(pattern="^([A-Z]|all)?$")] = ""
    due: bool = Field(False, description="Only recommendations without a follow-up for a year.")


class LookIn(In):
    """The outcome of a recommendation."""

    note: Note


class LookOut(Out):
    """A follow-up: what came of a recommendation."""

    id: int
    recommendation_id: int
    looked_on: date
    person_id: int | None
    note: str


def _party(partnership: Partnership, side: str) -> Party | None:
    if not side:
        return None
    found = next((one for one in parties_of(partnership) if one.side == side), None)
    if found is None:
        raise InvalidInput(_("Choose the side that should act."), field="side")
    return found


@router.get(
    f"{_STUDY}/recommendations",
    response=list[StudyAdviceRow],
    summary="List the recommendations of a study",
)
@in_pages()
def list_study_advice(
    request: Request, partnership_id: Id, study_id: Id
) -> QuerySet[Recommendation]:
    """Returns the recommendations with their state and their number of pieces of evidence.

    The evidence has its own route.
    """
    partnership = enter(request, partnership_id)
    get_study(partnership_id, study_id)
    return find_advice(partnership, Wanted(study=study_id))


@router.post(
    f"{_STUDY}/recommendations", response={201: StudyAdviceRow}, summary="Add a recommendation"
)
def write_study_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    study_id: Id,
    said: StudyAdviceIn,
) -> Status[Recommendation]:
    """Creates a draft. It is proposed and decided like all recommendations of a partnership."""
    partnership = enter(request, partnership_id)
    values = said.model_dump(exclude={"side"}) | {"party": _party(partnership, said.side)}
    made = deeds.write_advice(
        actor=request.reader,
        partnership_id=partnership_id,
        study_id=study_id,
        values=values,
        now=timezone.now(),
    )
    show_version(response, made.version)
    found = find_advice(partnership, Wanted(study=study_id))
    return Status(201, found.get(pk=made.pk))


@router.post(f"{_ONE}/rows", response={201: RowsEvidenceOut}, summary="Cite rows as evidence")
def rest_on_rows(
    request: Request, partnership_id: Id, recommendation_id: Id, said: RowsIn
) -> Status[RowsEvidenceOut]:
    """Cites rows of a released file, which can no longer change. The rows must exist."""
    place = None
    if said.first is not None:
        place = Place(said.first, said.last or said.first, tuple(said.columns))
    made = deeds.rest_on_rows(
        actor=request.reader,
        partnership_id=partnership_id,
        advice_id=recommendation_id,
        file_id=said.file_id,
        place=place,
        text=said.text,
        now=timezone.now(),
    )
    return Status(201, _tell(request, [made])[0])


@router.get(f"{_ONE}/rows", response=list[RowsEvidenceOut], summary="List the cited rows")
def list_rows_of_advice(
    request: Request, partnership_id: Id, recommendation_id: Id
) -> list[RowsEvidenceOut]:
    """Returns the evidence of a recommendation that is in files of data packages."""
    enter(request, partnership_id)
    advice = reads.get_advice(partnership_id, recommendation_id)
    return _tell(request, [one for one in list_evidence(advice) if one.target == FILE])


def _tell(request: Request, pieces: list[Evidence]) -> list[RowsEvidenceOut]:
    return [_piece(one.evidence, one.url) for one in tell_evidence(request.reader, pieces)]


def _piece(one: Evidence, url: str) -> RowsEvidenceOut:
    place = read_place(one.place)
    return RowsEvidenceOut(
        id=one.pk,
        kind=one.kind,
        text=one.text,
        file_id=one.target_id,
        url=url,
        first=place.first if place else None,
        last=place.last if place else None,
        columns=list(place.columns) if place else [],
    )


@router.get(
    f"{_STUDY}/files/{{file_id}}/rows",
    response=RowsOut,
    summary="Get rows with the rows around them",
)
def show_rows(
    request: Request, partnership_id: Id, study_id: Id, file_id: Id, asked: Query[RowsAsked]
) -> RowsOut:
    """Returns at most 200 rows of a released table, three more before and after them, and the
    recommendations that cite them.
    """
    enter(request, partnership_id)
    get_study(partnership_id, study_id)
    file = reads.get_file(partnership_id, file_id, study_id)
    if not file.table:
        raise InvalidInput(_("This file isn’t a table, so it can only be cited as a whole."))
    place = Place(asked.first, asked.last or asked.first, tuple(asked.columns))
    shown = reads.show_rows(file, place)
    package = file.version.package
    return RowsOut(
        file_id=file.pk,
        path=file.path,
        version=file.version.number,
        sha256=file.sha256,
        licence=package.licence,
        access=package.access,
        header=[name for name, _is_cited in shown.header],
        rows=[
            RowOut(
                number=one.number, cells=[cell.text for cell in one.cells], is_cited=one.is_cited
            )
            for one in shown.lines
        ],
        cited_by=sorted(
            {one.evidence.recommendation_id for one in reads.list_citations(file, place)}
        ),
    )


@router.get(
    "/{partnership_id}/recommendations",
    response=list[FateRow],
    summary="List recommendations and what came of them",
)
@in_pages()
def list_fates(
    request: Request, partnership_id: Id, wanted: Query[FateFilters]
) -> QuerySet[Recommendation]:
    """Returns the recommendations of all studies of a partnership and their state, newest first."""
    enter(request, partnership_id)
    asked: dict[str, Any] = wanted.model_dump(exclude={"due"})
    found = fates.find_fates(partnership_id, fates.Wanted(**asked))
    if wanted.due:
        due = fates.find_due(partnership_id, today=timezone.localdate())
        found = found.filter(pk__in=due.order_by().values("pk"))
    return found


@router.get(f"{_ONE}/looks", response=list[LookOut], summary="List follow-ups")
def list_looks(request: Request, partnership_id: Id, recommendation_id: Id) -> list[AdviceReview]:
    """Returns the follow-ups, latest first."""
    enter(request, partnership_id)
    return fates.list_looks(reads.get_advice(partnership_id, recommendation_id))


@router.post(f"{_ONE}/looks", response={201: LookOut}, summary="Add a follow-up")
def look_at_advice(
    request: Request, partnership_id: Id, recommendation_id: Id, said: LookIn
) -> Status[AdviceReview]:
    """Records what came of a recommendation that a study proposed. It does not change its state."""
    made = deeds.look_at(
        actor=request.reader,
        partnership_id=partnership_id,
        advice_id=recommendation_id,
        note=said.note,
        now=timezone.localtime(),
    )
    return Status(201, made)
