"""Doubled entries: pairs to decide, merges, and the way back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.models import DuplicatePair, Merge
from proxeny.directory.uniting import SCALARS
from proxeny.kernel.api import Id, In, Named, Out, in_pages


class DuplicateOut(Out):
    """Two entries of a cluster that may be the same organisation.

    `evidence` names what both have: `identifier` and `website` texts, `name` the two names and how
    near they are from 0 to 1, `place` the city; `against` the registers that give each another
    number. `score` is from 0 to 1.
    """

    id: int
    cluster: Named
    first: Named
    second: Named
    evidence: dict[str, Any]
    score: float
    state: Literal[*DuplicatePair.State.values]
    created_at: datetime
    decided_at: datetime | None


class DuplicateFilters(In):
    """Which pairs to list."""

    state: Literal[*DuplicatePair.State.values] = DuplicatePair.State.OPEN.value


class DuplicateSearchIn(In):
    """Whose entries to look through."""

    cluster_id: Id


class DuplicateSearchOut(Out):
    """The search, as a job (`/work/jobs`)."""

    job_id: int
    state: str


class DuplicateDecisionIn(In):
    """True: they are two organisations; false: the question is open again."""

    are_different: bool


class MergeIn(In):
    """Which entry is kept, which one goes, and which facts are taken from the latter."""

    kept_id: Id
    gone_id: Id
    chosen: Annotated[list[Literal[*SCALARS]], Field(max_length=len(SCALARS))] = []


class MergeOut(Out):
    """One entry merged into another."""

    id: int
    cluster: Named
    kept: Named
    gone: Named
    chosen: list[str]
    created_at: datetime
    undone_at: datetime | None


@router.get("/duplicates", response=list[DuplicateOut], summary="Pairs of entries that look alike")
@in_pages("-id")
def list_duplicates(
    request: HttpRequest, filters: Query[DuplicateFilters]
) -> QuerySet[DuplicatePair]:
    """Of the clusters that the caller manages."""
    return queries.list_pairs(request.reader.managed, state=filters.state).order_by("-pk")


@router.post(
    "/duplicates/search", response={202: DuplicateSearchOut}, summary="Look for doubled entries"
)
def find_duplicates(request: HttpRequest, search: DuplicateSearchIn) -> Status[dict[str, Any]]:
    """A job looks through a cluster's entries; one that waits or runs already is told instead."""
    job = operations.request_search(
        actor=request.reader, cluster_id=search.cluster_id, now=timezone.now()
    )
    return Status(202, {"job_id": job.pk, "state": job.state})


@router.get("/duplicates/{pair_id}", response=DuplicateOut, summary="A pair of entries")
def show_duplicate(request: HttpRequest, pair_id: Id) -> DuplicatePair:
    """What speaks for its being one organisation."""
    return queries.get_pair(pair_id)


@router.post("/duplicates/{pair_id}/decision", response=DuplicateOut, summary="Decide on a pair")
def decide_duplicate(
    request: HttpRequest, pair_id: Id, decision: DuplicateDecisionIn
) -> DuplicatePair:
    """That two entries are one is said by merging them."""
    operations.decide_pair(
        actor=request.reader, pair_id=pair_id, are_different=decision.are_different,
        now=timezone.now(),
    )  # fmt: skip
    return queries.get_pair(pair_id)


@router.get("/merges", response=list[MergeOut], summary="Merged entries")
@in_pages("-id")
def list_merges(request: HttpRequest) -> QuerySet[Merge]:
    """Of the clusters that the caller manages, those taken back included."""
    return queries.list_merges(request.reader.managed).order_by("-pk")


@router.post("/merges", response={201: MergeOut}, summary="Merge two entries")
def merge_organisations(
    request: HttpRequest, response: HttpResponse, merge: MergeIn
) -> Status[Merge]:
    """Everything that points to the one that goes points to the kept one from now on."""
    made = operations.merge_organisations(
        actor=request.reader, now=timezone.now(), **merge.model_dump()
    )
    response["Location"] = f"/api/v1/directory/merges/{made.pk}"
    return Status(201, queries.get_merge(made.pk))


@router.get("/merges/{merge_id}", response=MergeOut, summary="A merge")
def show_merge(request: HttpRequest, merge_id: Id) -> Merge:
    """Which entry was kept, and which facts it took."""
    return queries.get_merge(merge_id)


@router.post("/merges/{merge_id}/undo", response=MergeOut, summary="Take a merge back")
def unmerge_organisations(request: HttpRequest, merge_id: Id) -> Merge:
    """Both entries are as they were; what was written since stays where it was written."""
    operations.unmerge_organisations(actor=request.reader, merge_id=merge_id, now=timezone.now())
    return queries.get_merge(merge_id)
