"""The searches that the caller's person keeps."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field, model_validator

from proxeny.directory.api._router import router
from proxeny.directory.filter_forms import DirectoryFilter, ListingFilter, filters_of
from proxeny.directory.models import SavedSearch
from proxeny.directory.operations import searches
from proxeny.directory.queries.searches import get_search, list_searches, newest_hits
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent
from proxeny.kernel.requests import Request

SearchName = Annotated[str, Field(min_length=1, max_length=120)]
Scope = Literal[*SavedSearch.Scope.values]
#: By what a list can be narrowed; the order it is read in is no part of a search.
_FILTERS = {
    SavedSearch.Scope.ORGANISATIONS: DirectoryFilter.base_fields.keys() - {"sort"},
    SavedSearch.Scope.LISTINGS: ListingFilter.base_fields.keys() - {"sort"},
}


class SearchOut(Out):
    """A saved search.

    `query` is the part after the `?` in the list's address. `fresh` is the number of results that
    are new since you last looked (`seen_at`), as of the last daily check; `notify` says whether you
    get an email about them.
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
    """A search to save."""

    name: SearchName
    scope: Scope = SavedSearch.Scope.ORGANISATIONS.value
    query: str = Field(
        "",
        max_length=2000,
        description="Filters of the list, as in its address: `q=sensor&country=GR`.",
    )
    notify: bool = True

    @model_validator(mode="after")
    def _refuse_unknown(self) -> "SearchIn":
        known = _FILTERS[SavedSearch.Scope(self.scope)]
        unknown = sorted(set(QueryDict(self.query)) - known)
        if unknown:
            raise ValueError(f"the list has no filter {unknown[0]!r}; it has {sorted(known)}")
        return self


class SearchChanges(In):
    """A new name, or whether you get emails about new results. Only the fields you send change."""

    name: SearchName = unsent()
    notify: bool = unsent()


@router.get("/searches", response=list[SearchOut], summary="List saved searches")
def list_kept_searches(request: Request) -> list[SavedSearch]:
    """Sorted by name, fifty at most."""
    return list_searches(request.reader)


@router.post("/searches", response={201: SearchOut}, summary="Save a search")
def save_search(request: Request, response: HttpResponse, search: SearchIn) -> Status[SavedSearch]:
    """What it finds now isn't new.

    What it finds later is counted, and emailed to you once a day.
    """
    made = searches.save_search(
        actor=request.reader,
        hits=_hits(search.scope, search.query),
        now=timezone.now(),
        **search.model_dump(),
    )
    response["Location"] = f"/api/v1/directory/searches/{made.pk}"
    return Status(201, _shown(made, response))


@router.get("/searches/{search_id}", response=SearchOut, summary="Get a saved search")
def show_search(request: Request, response: HttpResponse, search_id: Id) -> SavedSearch:
    """Returns its filters, and how many of its results are new."""
    return _shown(get_search(search_id), response)


@router.patch("/searches/{search_id}", response=SearchOut, summary="Update a saved search")
def change_search(
    request: Request,
    response: HttpResponse,
    search_id: Id,
    changes: SearchChanges,
    if_match: IfMatch = None,
) -> SavedSearch:
    """You can't change its filters. To do that, save another search."""
    search = get_search(search_id)
    values: dict[str, Any] = {"name": search.name, "notify": search.notify} | changes.sent()
    changed = searches.change_search(
        actor=request.reader,
        search_id=search_id,
        version=match_version(if_match, search.version),
        **values,
    )
    return _shown(changed, response)


@router.post(
    "/searches/{search_id}/look", response=SearchOut, summary="Mark the results of a search as seen"
)
def look_at_search(request: Request, response: HttpResponse, search_id: Id) -> SavedSearch:
    """Nothing it finds now is new any longer."""
    search = get_search(search_id)
    seen = searches.see_search(
        actor=request.reader,
        search_id=search_id,
        hits=_hits(search.scope, search.query),
        now=timezone.now(),
    )
    return _shown(seen, response)


@router.delete("/searches/{search_id}", response={204: None}, summary="Delete a saved search")
def remove_search(request: Request, search_id: Id) -> Status[None]:
    """You no longer hear about its results."""
    searches.remove_search(actor=request.reader, search_id=search_id)
    return Status(204, None)


def _hits(scope: str, query: str) -> list[int]:
    return newest_hits(scope, filters_of(scope, query))


def _shown(search: SavedSearch, response: HttpResponse) -> SavedSearch:
    show_version(response, search.version, search.fresh, search.seen_at)
    return search
