"""What a person follows, and what is new in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from proxeny.directory.models import Follow, Listing, Organisation
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader, as_service

#: What is told of an offer or need, by the deed; the later entry of the two is told.
_TOLD = {
    "add_listing": "new", "submit_listing": "new", "pass_listing": "new", "restore_listing": "new",
    "resume_listing": "new", "update_listing": "changed", "renew_listing": "renewed",
}  # fmt: skip
#: Of an organisation that is followed only what it publishes is told.
_NEW = frozenset(verb for verb, kind in _TOLD.items() if kind == "new")
#: So many days before its last day a followed text is told to end.
ENDING = timedelta(days=7)
#: More is not told in one mail.
MOST = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of news: `new`, `changed`, `renewed` or `ending`."""

    kind: str
    listing: Listing


def followers() -> list[int]:
    """Return who follows anything. Service role."""
    found = Follow.objects.order_by("person_id").values_list("person_id", flat=True)
    return list(found.distinct())


def is_following(
    reader: Reader, *, organisation_id: int | None = None, listing_id: int | None = None
) -> bool:
    """Whether the reader follows an entry, or an offer or need."""
    return Follow.objects.filter(
        person_id=reader.person, organisation_id=organisation_id, listing_id=listing_id
    ).exists()


@dataclass(frozen=True, slots=True)
class Following:
    """What a person follows and sees; `hidden` is how many things are not shown any more."""

    organisations: list[Organisation]
    listings: list[Listing]
    hidden: int


def list_followed(reader: Reader) -> Following:
    """Return what the reader follows, by name. Three queries."""
    own = list(Follow.objects.filter(person_id=reader.person))
    organisations, listings = _ids(own)
    entries = list(Organisation.objects.filter(pk__in=organisations).order_by("sort_name", "pk"))
    texts = list(
        Listing.objects.filter(pk__in=listings)
        .select_related("organisation", "client__organisation")
        .order_by("title", "pk")
    )
    return Following(entries, texts, len(own) - len(entries) - len(texts))


def news_for(person_id: int, *, now: datetime, oldest: datetime) -> list[Piece]:
    """Return what is new for a person since the last mail, in the role of that person.

    What may be seen is asked with the person's eyes; what happened to it is read as the service,
    since the trail of an organisation is for its managers: only deed and hour are taken from it. What
    happened after `now` is left for the next mail.
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
    with as_service():
        rows = AuditEntry.objects.filter(
            target=Listing._meta.label_lower, target_id__in=list(listing_ids), verb__in=_TOLD,
            at__gt=after, at__lte=until,
        ).exclude(person_id=person_id)  # fmt: skip
        for pk, at, verb in rows.order_by("at", "pk").values_list("target_id", "at", "verb"):
            found.setdefault(pk, []).append((at, verb))
    return found


def _ids(own: Iterable[Follow]) -> tuple[list[int], list[int]]:
    some = list(own)
    return (
        [one.organisation_id for one in some if one.organisation_id],
        [one.listing_id for one in some if one.listing_id],
    )
