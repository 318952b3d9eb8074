"""Duplicate entries: pairs to decide, merges, and how to undo them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.merging import SCALARS
from proxeny.directory.models import DuplicatePair, Merge
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.requests import Request


class DuplicateOut(Out):
    """Two entries of a cluster that may be the same organisation.

    `evidence` names what they have in common: `identifier` and `website` as texts, `name` as the
    two names and how similar they are from 0 to 1, `place` as the city; `against` lists the
    registers that give each a different number. `score` is from 0 to 1.
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
    """Filters for a list of pairs."""

    state: Literal[*DuplicatePair.State.values] = DuplicatePair.State.OPEN.value


class DuplicateSearchIn(In):
    """The cluster whose entries to search."""

    cluster_id: Id


class DuplicateSearchOut(Out):
    """The search, as a job (`/work/jobs`)."""

    job_id: int
    state: str


class DuplicateDecisionIn(In):
    """True if they are two organisations; false to make the question open again."""

    are_different: bool


class MergeIn(In):
    """Which entry to keep, which one to remove, and which facts to take from the latter."""

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


@router.get("/duplicates", response=list[DuplicateOut], summary="List possible duplicates")
@in_pages("-id")
def list_duplicates(request: Request, filters: Query[DuplicateFilters]) -> QuerySet[DuplicatePair]:
    """Returns the pairs of the clusters you manage."""
    return queries.list_pairs(request.reader.managed, state=filters.state).order_by("-pk")


@router.post("/duplicates/search", response={202: DuplicateSearchOut}, summary="Find duplicates")
def find_duplicates(request: Request, search: DuplicateSearchIn) -> Status[dict[str, Any]]:
    """Starts a job that searches a cluster's entries.

    If one is already waiting or running, returns that one.
    """
    job = operations.request_search(
        actor=request.reader, cluster_id=search.cluster_id, now=timezone.now()
    )
    return Status(202, {"job_id": job.pk, "state": job.state})


@router.get("/duplicates/{pair_id}", response=DuplicateOut, summary="Get a possible duplicate")
def show_duplicate(request: Request, pair_id: Id) -> DuplicatePair:
    """Returns why the two entries may be the same organisation."""
    return queries.get_pair(pair_id)


@router.post(
    "/duplicates/{pair_id}/decision",
    response=DuplicateOut,
    summary="Decide on a possible duplicate",
)
def decide_duplicate(request: Request, pair_id: Id, decision: DuplicateDecisionIn) -> DuplicatePair:
    """If both are the same organisation, merge them instead."""
    operations.decide_pair(
        actor=request.reader,
        pair_id=pair_id,
        are_different=decision.are_different,
        now=timezone.now(),
    )
    return queries.get_pair(pair_id)


@router.get("/merges", response=list[MergeOut], summary="List merged entries")
@in_pages("-id")
def list_merges(request: Request) -> QuerySet[Merge]:
    """Returns the merges of the clusters you manage, including those that were undone."""
    return queries.list_merges(request.reader.managed).order_by("-pk")


@router.post("/merges", response={201: MergeOut}, summary="Merge two entries")
def merge_organisations(request: Request, response: HttpResponse, merge: MergeIn) -> Status[Merge]:
    """From now on, everything that refers to the removed entry refers to the kept one."""
    made = operations.merge_organisations(
        actor=request.reader, now=timezone.now(), **merge.model_dump()
    )
    response["Location"] = f"/api/v1/directory/merges/{made.pk}"
    return Status(201, queries.get_merge(made.pk))


@router.get("/merges/{merge_id}", response=MergeOut, summary="Get a merge")
def show_merge(request: Request, merge_id: Id) -> Merge:
    """Returns which entry was kept, and which facts it took from the other."""
    return queries.get_merge(merge_id)


@router.post("/merges/{merge_id}/undo", response=MergeOut, summary="Undo a merge")
def unmerge_organisations(request: Request, merge_id: Id) -> Merge:
    """Both entries are as they were before. Anything written since stays where it was written."""
    operations.unmerge_organisations(actor=request.reader, merge_id=merge_id, now=timezone.now())
    return queries.get_merge(merge_id)
