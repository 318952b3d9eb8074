"""Saved searches, and the mail about their new hits."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.directory.models import SavedSearch
from proxeny.directory.queries.searches import get_search, list_searches, names_of
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.notices.operations import is_told, tell

#: So many searches are enough for anybody.
MOST_SEARCHES = 50
#: So many new hits are named in a mail, for each search.
_NAMED = 10

Hits = Callable[[SavedSearch], Sequence[int]]


@transaction.atomic
def save_search(
    *,
    actor: Reader,
    scope: str,
    name: str,
    query: str,
    notify: bool,
    hits: Sequence[int],
    now: datetime,
) -> SavedSearch:
    """Save a search under a name. `hits` are its current ones: only others will be new.

    Side effects: an audit row.

    Raises
    ------
    NotAllowed
        Nobody is signed in.
    InvalidInput
        No name.
    Conflict
        There are too many, or one has this name.
    """
    if actor.person is None:
        raise NotAllowed(_("Sign in to save a search."))
    kept = list_searches(actor)
    if len(kept) >= MOST_SEARCHES:
        raise Conflict(_("You already have fifty saved searches. Remove one first."))
    name = _checked(name, [one for one in kept if one.scope == scope])
    search = SavedSearch(
        person_id=actor.person,
        scope=scope,
        name=name,
        query=query,
        notify=notify,
        known=list(hits),
        seen_at=now,
    )
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError:
        # Two clicks at the same moment: the constraint leaves one.
        raise _taken() from None
    audit.record(actor, "save_search", search)
    return search


@transaction.atomic
def change_search(
    *, actor: Reader, search_id: int, name: str, notify: bool, version: int | None = None
) -> SavedSearch:
    """Rename a search, or switch its mails on or off.

    Raises as `save_search`, and `Conflict` where it has another `version` by now (None: any).
    """
    search = get_search(search_id, for_update=True)
    if version is not None and search.version != version:
        raise Conflict(_("This search has changed since you opened it. Check the latest version."))
    others = [one for one in list_searches(actor) if one.scope == search.scope and one != search]
    search.name, search.notify = _checked(name, others), notify
    search.version += 1
    search.save(update_fields=["name", "notify", "version"])
    audit.record(actor, "change_search", search)
    return search


@transaction.atomic
def remove_search(*, actor: Reader, search_id: int) -> None:
    """Keep a search no longer."""
    search = get_search(search_id)
    audit.record(actor, "remove_search", search)
    search.delete()


@transaction.atomic
def see_search(*, actor: Reader, search_id: int, hits: Sequence[int], now: datetime) -> SavedSearch:
    """Record that the person has seen the hits of a search: none of them is new any more."""
    search = get_search(search_id)
    search.known, search.fresh, search.seen_at = list(hits), 0, now
    search.save(update_fields=["known", "fresh", "seen_at"])
    return search


def tell_searcher(
    person_id: int,
    *,
    now: datetime,
    reading: Callable[[int], AbstractContextManager[Reader]],
    find: Hits,
) -> int:
    """Run a person's saved searches, and mail the new hits; return the number of mails.

    Service role.

    Parameters
    ----------
    reading : callable
        Runs a block with a person's own rights: no one is notified of data they may not see.
    find : callable
        Returns the hits of a search with these rights.

    Notes
    -----
    Side effects: one mail a day at most, for searches with notifications; a hit is reported once,
    and counts as new until the person looks. A person who already got today's mail gets the rest
    tomorrow.
    """
    key = f"searches:{person_id}:{now:%Y-%m-%d}"
    if is_told(key):
        return 0
    with reading(person_id) as reader:
        kept = list_searches(reader, with_known=True)
        news = [one for search in kept if (one := _look(search, find))]
    told = [one for one in news if one["notify"]]
    person = Person.objects.filter(pk=person_id, erased_at=None).first()
    return int(_write(person, told, key=key)) if told and person is not None else 0


def _look(search: SavedSearch, find: Hits) -> dict[str, object] | None:
    hits = find(search)
    new = set(hits) - set(search.known)
    if not new:
        return None
    search.known = list(dict.fromkeys([*hits, *search.known]))[:2000]
    search.fresh += len(new)
    search.save(update_fields=["known", "fresh"])
    route = (
        "directory:detail" if search.scope == search.Scope.ORGANISATIONS else "directory:listing"
    )
    return {
        "notify": search.notify,
        "name": search.name,
        "count": len(new),
        "url": settings.BASE_URL + reverse("directory:search-open", args=[search.pk]),
        "hits": [
            {"name": name, "url": settings.BASE_URL + reverse(route, args=[pk])}
            for pk, name in names_of(search.scope, new, most=_NAMED)
        ],
    }


def _write(person: Person, news: Sequence[dict[str, object]], *, key: str) -> bool:
    return tell(
        person,
        topic="searches",
        key=key,
        summary=join_items([f"{one['name']} ({one['count']})" for one in news]),
        template="directory/mail/searches",
        context={
            "name": person.name,
            "news": news,
            "action_url": settings.BASE_URL + reverse("directory:searches"),
        },
    )


def _checked(name: str, others: Sequence[SavedSearch]) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise InvalidInput(_("Give the search a name."), field="name")
    if name in {one.name for one in others}:
        raise _taken()
    return name


def _taken() -> Conflict:
    return Conflict(_("You already have a saved search with this name. Choose another name."))
