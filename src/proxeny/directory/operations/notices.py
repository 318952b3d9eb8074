"""Mails about offers and needs: to the cluster's advisers, and to the owners."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from proxeny.accounts.models import Person
from proxeny.accounts.queries.senders import written_by
from proxeny.directory import rules
from proxeny.directory.drafting.texts import PARTS
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.queries.advisers import advisers_of, people_of
from proxeny.kernel.lists import join_items
from proxeny.kernel.mail_senders import PROXENY
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell


def tell_submitted(actor: Reader, listing: Listing, *, now: datetime) -> bool:
    """Notify a cluster's advisers of a new submission; return whether it waits for them."""
    if listing.status != Listing.Status.REVIEW or listing.submitted_at != now:
        return False
    cluster_id = rules.keeper_of(listing.organisation)
    # Their identity stays hidden from the writer: they are only written to.
    with as_service("The writer may not see the cluster's advisers, who are only told."):
        readers = advisers_of(cluster_id, today=now.date())
    _send("submitted", listing, readers, actor=actor)
    return True


def tell_edited(
    actor: Reader, listing: Listing, changed: Mapping[str, Any], *, today: date
) -> None:
    """Notify the owner of a text of somebody else's changes."""
    people = owners_of(listing, today=today)
    if not changed or actor.person in {one.pk for one in people}:
        return
    for person in people:
        with translation.override(person.language):
            parts = join_items(PARTS[name] for name in changed if name in PARTS)
        _send("edited", listing, [person], actor=actor, parts=parts)


def tell_reviewed(actor: Reader, listing: Listing, *, today: date) -> None:
    """Notify the owner of a text that an adviser approved it, or sent it back."""
    kind = "passed" if listing.status == Listing.Status.PUBLISHED else "returned"
    _send(kind, listing, owners_of(listing, today=today), actor=actor)


def tell_ending(listing: Listing, *, today: date) -> None:
    """Notify the owner of a text that it ends soon."""
    # The text is the same thirty days and seven days before: the day tells the two mails apart.
    _send(f"ending-{today}", listing, owners_of(listing, today=today), day=listing.expires_on)


def tell_expired(listing: Listing, *, today: date) -> None:
    """Notify the owner of a text that it has ended."""
    _send("expired", listing, owners_of(listing, today=today), day=listing.expires_on)


def owners_of(listing: Listing, *, today: date) -> list[Person]:
    """Return the people behind an offer or need; for an anonymous one, of the unnamed member.

    If none of them can sign in: their cluster's advisers. As Proxeny itself, for mails only: the
    person who causes them need not know these people, nor the organisation behind an anonymous
    listing.
    """
    with as_service("The people behind a text are only written to, and named to nobody."):
        client = getattr(listing, "client", None) if listing.is_anonymous else None
        owner: Organisation = client.organisation if client else listing.organisation
        return people_of(owner.pk, today=today) or advisers_of(owner.steward_id, today=today)


def _send(
    kind: str, listing: Listing, people: list[Person], *, actor: Reader | None = None, **more: Any
) -> None:
    path = reverse("directory:listing", args=[listing.pk])
    # A writer and their cluster's advisers are of one cluster: each may answer the other.
    sender = written_by(actor, actor.seat[0]) if actor and actor.seat else PROXENY
    for person in people:
        if actor and person.pk == actor.person:
            continue
        tell(
            person,
            topic="offers",
            key=f"listing:{listing.pk}:{kind}:{listing.version}:{person.pk}",
            template="directory/mail/listing",
            context={
                "kind": kind.partition("-")[0],
                "name": person.name,
                "title": listing.title,
                "actor": actor.name if actor else "",
                "note": listing.note,
                "action_url": f"{settings.BASE_URL}{path}",
                **more,
            },
            sender=sender,
        )
