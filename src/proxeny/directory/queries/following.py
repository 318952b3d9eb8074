"""Followed items of a person, and their news."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Q

from proxeny.directory.models import Follow, Listing, Organisation
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader, as_service

#: Texts for an offer or need, by the action; the later entry of the two is used.
_TOLD = {
    "add_listing": "new",
    "submit_listing": "new",
    "pass_listing": "new",
    "restore_listing": "new",
    "resume_listing": "new",
    "update_listing": "changed",
    "renew_listing": "renewed",
}
#: Followers hear only of what an organisation publishes.
_NEW = frozenset(verb for verb, kind in _TOLD.items() if kind == "new")
#: Followers hear of a text's end this many days before its last day.
ENDING = timedelta(days=7)
#: More is not told in one mail.
MOST = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of news: `new`, `changed`, `renewed` or `ending`."""

    kind: str
    listing: Listing


def followers() -> list[int]:
    """Return the people who follow anything. Service role."""
    found = Follow.objects.order_by("person_id").values_list("person_id", flat=True)
    return list(found.distinct())


def is_following(
    reader: Reader, *, organisation_id: int | None = None, listing_id: int | None = None
) -> bool:
    """Whether the reader follows an entry, or an offer or need."""
    what: dict[str, Any] = {"organisation_id": organisation_id, "listing_id": listing_id}
    return Follow.objects.filter(person_id=reader.own_id, **what).exists()


@dataclass(frozen=True, slots=True)
class Following:
    """A person's followed items that they see; `hidden` is the number no longer shown."""

    organisations: list[Organisation]
    listings: list[Listing]
    hidden: int


def list_followed(reader: Reader) -> Following:
    """Return the reader's followed items, by name. Three queries."""
    own = list(Follow.objects.filter(person_id=reader.own_id))
    organisations, listings = _ids(own)
    entries = list(Organisation.objects.filter(pk__in=organisations).order_by("sort_name", "pk"))
    texts = list(
        Listing.objects.filter(pk__in=listings)
        .select_related("organisation", "client__organisation")
        .order_by("title", "pk")
    )
    return Following(entries, texts, len(own) - len(entries) - len(texts))


def news_for(person_id: int, *, now: datetime, oldest: datetime) -> list[Piece]:
    """Return a person's news since the last mail, in the role of that person.

    What may be seen is asked with the person's eyes; what happened to it is read as the service,
    since the trail of an organisation is for its managers: only deed and hour are taken from it.
    What happened after `now` is left for the next mail.
    """
    own = list(Follow.objects.filter(person_id=person_id))
    organisations, listings = _ids(own)
    since = {
        **{("o", one.organisation_id): one.told_at or one.created_at for one in own},
        **{("l", one.listing_id): one.told_at or one.created_at for one in own},
    }
    seen = list(
        Listing.objects.filter(Q(pk__in=listings) | Q(organisation_id__in=organisations))
        .filter(status=Listing.Status.PUBLISHED)
        .select_related("organisation")
        .order_by("-pk")[:500]
    )
    deeds = _deeds([one.pk for one in seen], person_id, after=oldest, until=now)
    found = []
    for one in seen:
        kind = _kind(one, deeds.get(one.pk, []), since, oldest=oldest, now=now)
        if kind:
            found.append(Piece(kind, one))
    return found[:MOST]


def _kind(
    listing: Listing,
    deeds: list[tuple[datetime, str]],
    since: dict[tuple[str, int | None], datetime],
    *,
    oldest: datetime,
    now: datetime,
) -> str:
    of_text = since.get(("l", listing.pk))
    of_entry = since.get(("o", listing.organisation_id))
    for at, verb in reversed(deeds):
        if of_text and at > max(of_text, oldest):
            return _TOLD[verb]
        if of_entry and at > max(of_entry, oldest) and verb in _NEW:
            return "new"
    if of_text and listing.expires_on:
        day = listing.expires_on - ENDING
        if max(of_text, oldest).date() < day <= now.date():
            return "ending"
    return ""


def _deeds(
    listing_ids: Iterable[int], person_id: int, *, after: datetime, until: datetime
) -> dict[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    with as_service("Only managers may read the trail; followers learn what happened and when."):
        rows = AuditEntry.objects.filter(
            target=Listing._meta.label_lower,
            target_id__in=list(listing_ids),
            verb__in=_TOLD,
            at__gt=after,
            at__lte=until,
        ).exclude(person_id=person_id)
        for pk, at, verb in rows.order_by("at", "pk").values_list("target_id", "at", "verb"):
            found.setdefault(cast("int", pk), []).append((at, verb))
    return found


def _ids(own: Iterable[Follow]) -> tuple[list[int], list[int]]:
    some = list(own)
    return (
        [one.organisation_id for one in some if one.organisation_id],
        [one.listing_id for one in some if one.listing_id],
    )
