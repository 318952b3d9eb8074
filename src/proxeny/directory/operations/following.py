"""Following of entries, offers and needs, and the one mail a day about changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.directory import queries
from proxeny.directory.models import Follow
from proxeny.directory.queries.following import Piece, news_for
from proxeny.kernel import audit
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.notices.operations import is_told, tell

#: Where a person has not been written to yet: no older news than this.
_OLDEST = timedelta(days=7)


@transaction.atomic
def follow_organisation(*, actor: Reader, organisation_id: int) -> Follow:
    """Follow an entry, to be notified of its new offers and needs. Repeating it changes nothing.

    Raises
    ------
    NotFound
        The actor does not see it.
    """
    organisation = queries.get_organisation(organisation_id)
    return _follow(actor, organisation_id=organisation.pk)


@transaction.atomic
def follow_listing(*, actor: Reader, listing_id: int) -> Follow:
    """Follow an offer or need: told when it changes, ends soon or is renewed. See above."""
    listing = queries.get_listing(listing_id)
    return _follow(actor, listing_id=listing.pk)


@transaction.atomic
def unfollow(
    *, actor: Reader, organisation_id: int | None = None, listing_id: int | None = None
) -> None:
    """Follow no longer; nothing happens where the actor does not. Its undo is to follow again."""
    what: dict[str, Any] = {"organisation_id": organisation_id, "listing_id": listing_id}
    for one in Follow.objects.filter(person_id=actor.own_id, **what):
        audit.record(actor, "unfollow", one)
        one.delete()


def _follow(actor: Reader, **what: Any) -> Follow:
    if actor.person is None:
        raise NotAllowed(_("Sign in to follow this."))
    found, made = Follow.objects.get_or_create(person_id=actor.person, **what)
    if made:
        audit.record(actor, "follow", found)
    return found


def tell_follower(
    person_id: int, *, now: datetime, reading: Callable[[int], AbstractContextManager[Reader]]
) -> int:
    """Mail a person the news of items they follow; return the number of mails. Service role.

    Parameters
    ----------
    reading : callable
        Runs a block with a person's own rights: no one is notified of data they may not see.

    Notes
    -----
    Side effects: one mail a day at most; items already examined are not reported again. A person
    who already got today's mail gets the rest tomorrow.
    """
    key = f"following:{person_id}:{now:%Y-%m-%d}"
    if is_told(key):
        return 0
    with reading(person_id):
        news = news_for(person_id, now=now, oldest=now - _OLDEST)
    person = Person.objects.filter(pk=person_id, erased_at=None).first()
    Follow.objects.filter(person_id=person_id).update(told_at=now)
    return int(_write(person, news, key=key)) if news and person is not None else 0


def _write(person: Person, news: list[Piece], *, key: str) -> bool:
    return tell(
        person,
        topic="following",
        key=key,
        summary=join_items([one.listing.title for one in news]),
        template="directory/mail/following",
        context={
            "name": person.name,
            "news": [
                {
                    "kind": one.kind,
                    "title": one.listing.title,
                    "day": one.listing.expires_on,
                    "organisation": one.listing.organisation.name,
                    "url": settings.BASE_URL + reverse("directory:listing", args=[one.listing.pk]),
                }
                for one in news
            ],
            "action_url": settings.BASE_URL + reverse("directory:following"),
        },
    )
