"""The searches that the caller's person keeps."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field, model_validator

from proxeny.directory.api._router import router
from proxeny.directory.filter_forms import DirectoryFilter, ListingFilter, filters_of
from proxeny.directory.models import SavedSearch
from proxeny.directory.operations import searches
from proxeny.directory.queries.searches import get_search, list_searches, newest_hits
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent

SearchName = Annotated[str, Field(min_length=1, max_length=120)]
Scope = Literal[*SavedSearch.Scope.values]
#: By what a list can be narrowed; the order it is read in is no part of a search.
_FILTERS = {
    SavedSearch.Scope.ORGANISATIONS: DirectoryFilter.base_fields.keys() - {"sort"},
    SavedSearch.Scope.LISTINGS: ListingFilter.base_fields.keys() - {"sort"},
}


class SearchOut(Out):
    """A search that is kept.

    `query` is what follows the `?` of the list's address. `fresh` is how many things it has found
    anew, as of the last daily look, since one looked at it (`seen_at`); `notify` says whether a mail
    tells of them.
    """

    id: int
    name: str
    scope: Scope
    query: str
    notify: bool
    fresh: int
    created_at: datetime
    seen_at: datetime
    version: int


class SearchIn(In):
    """A search to keep."""

    name: SearchName
    scope: Scope = SavedSearch.Scope.ORGANISATIONS.value
    query: str = Field(
        "", max_length=2000,
        description="Filters of the list, as in its address: `q=sensor&country=GR`.",
    )  # fmt: skip
    notify: bool = True

    @model_validator(mode="after")
    def _refuse_unknown(self) -> "SearchIn":
        known = _FILTERS[SavedSearch.Scope(self.scope)]
        unknown = sorted(set(QueryDict(self.query)) - known)
        if unknown:
            raise ValueError(f"the list has no filter {unknown[0]!r}; it has {sorted(known)}")
        return self


class SearchChanges(In):
    """Another name, or whether mails tell of it; only what is sent changes."""

    name: SearchName = unsent()
    notify: bool = unsent()


@router.get("/searches", response=list[SearchOut], summary="Searches one keeps")
def list_kept_searches(request: HttpRequest) -> list[SavedSearch]:
    """By name; fifty at most."""
    return list_searches(request.reader)


@router.post("/searches", response={201: SearchOut}, summary="Keep a search")
def save_search(
    request: HttpRequest, response: HttpResponse, search: SearchIn
) -> Status[SavedSearch]:
    """What it finds now is not new; what it finds later is counted, and told by mail once a day."""
    made = searches.save_search(
        actor=request.reader, hits=_hits(search.scope, search.query), now=timezone.now(),
        **search.model_dump(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/directory/searches/{made.pk}"
    return Status(201, _shown(made, response))


@router.get("/searches/{search_id}", response=SearchOut, summary="A search one keeps")
def show_search(request: HttpRequest, response: HttpResponse, search_id: Id) -> SavedSearch:
    """What it asks for, and how much of what it finds is new."""
    return _shown(get_search(search_id), response)


@router.patch("/searches/{search_id}", response=SearchOut, summary="Change a search one keeps")
def change_search(
    request: HttpRequest,
    response: HttpResponse,
    search_id: Id,
    changes: SearchChanges,
    if_match: IfMatch = None,
) -> SavedSearch:
    """What it asks for stays: for that, keep another."""
    search = get_search(search_id)
    values: dict[str, Any] = {"name": search.name, "notify": search.notify} | changes.sent()
    changed = searches.change_search(
        actor=request.reader, search_id=search_id, version=match_version(if_match, search.version),
        **values,
    )  # fmt: skip
    return _shown(changed, response)


@router.post("/searches/{search_id}/look", response=SearchOut, summary="Note that one has looked")
def look_at_search(request: HttpRequest, response: HttpResponse, search_id: Id) -> SavedSearch:
    """Nothing that it finds now is new any more."""
    search = get_search(search_id)
    seen = searches.see_search(
        actor=request.reader, search_id=search_id, hits=_hits(search.scope, search.query),
        now=timezone.now(),
    )  # fmt: skip
    return _shown(seen, response)


@router.delete("/searches/{search_id}", response={204: None}, summary="Keep a search no longer")
def remove_search(request: HttpRequest, search_id: Id) -> Status[None]:
    """Nothing tells of it any more."""
    searches.remove_search(actor=request.reader, search_id=search_id)
    return Status(204, None)


def _hits(scope: str, query: str) -> list[int]:
    return newest_hits(scope, filters_of(scope, query))


def _shown(search: SavedSearch, response: HttpResponse) -> SavedSearch:
    show_version(response, search.version, search.fresh, search.seen_at)
    return search
