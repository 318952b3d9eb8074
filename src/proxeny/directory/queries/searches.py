"""Saved searches of a person, and their hits."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from proxeny.directory.models import Listing, Organisation, SavedSearch
from proxeny.directory.queries.listings import ListingFilters
from proxeny.directory.queries.lists import Filters
from proxeny.directory.queries.narrowing import ask, hits_of, with_mended
from proxeny.directory.queries.searching import Asked
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader

#: So many of the newest hits of a search are remembered; older ones are not new.
WATCHED = 1_000


def list_searches(reader: Reader, *, with_known: bool = False) -> list[SavedSearch]:
    """Return the searches that the reader keeps, by name, if so wished with `known`. One query."""
    found = SavedSearch.objects.filter(person_id=reader.own_id).order_by("name", "pk")
    return list(found if with_known else found.defer("known"))


def get_search(pk: int, *, for_update: bool = False) -> SavedSearch:
    """Return a search of the reader's, locked if so wished; `NotFound` for any other."""
    rows = SavedSearch.objects.select_for_update() if for_update else SavedSearch.objects
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this search."))
    return found


def watchers() -> list[int]:
    """Return the people with saved searches. As the service."""
    people = SavedSearch.objects.order_by("person_id").values_list("person_id", flat=True)
    return list(people.distinct())


def newest_hits(scope: str, filters: Filters | ListingFilters) -> list[int]:
    """Return the ids of the newest hits that the reader sees, at most `WATCHED`. A few queries.

    As on the page, other words are sought where nothing is found by those that were typed.
    """
    asked = ask(scope, filters)
    if asked is None:
        return []
    _asked, found = with_mended(asked, _newest)
    return found


def _newest(asked: Asked) -> list[int]:
    hits = hits_of(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{hits.sql} ORDER BY id DESC LIMIT %s", [*hits.params, WATCHED])
        return [pk for (pk,) in cursor.fetchall()]


def names_of(scope: str, pks: Iterable[int], *, most: int) -> list[tuple[int, str]]:
    """Return ids and names of hits, as far as the reader sees them, the newest first. One query."""
    model = Organisation if scope == SavedSearch.Scope.ORGANISATIONS else Listing
    column = "name" if model is Organisation else "title"
    found = model.objects.filter(pk__in=list(pks)).order_by("-pk")
    return list(found.values_list("pk", column)[:most])
