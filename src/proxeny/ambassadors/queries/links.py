"""Lookup of links, in the service role, as the holder of a link is a stranger to Proxeny."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from proxeny.accounts.queries import find_by_secret
from proxeny.ambassadors.models import Introduction, Link, Side, TimeOption
from proxeny.ambassadors.queries.cases import options_of, with_names
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import as_service


class Door(StrEnum):
    """Validity of a link."""

    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Opened:
    """Content of a link: the side that answers, its case, and the times to choose from.

    `desk_name` is the person in charge, `cluster` their cluster. The other side's address is not in
    it.
    """

    link: Link
    side: Side
    other: Side
    case: Introduction
    options: tuple[TimeOption, ...]
    desk_name: str
    cluster: str
    rated: str = ""

    @property
    def purpose(self) -> str:
        """The permitted use of the link."""
        return self.link.purpose


def open_link(token: str, *, now: datetime) -> Opened:
    """Return what a link opens.

    Raises
    ------
    NotFound
        No such link, or an expired or closed one: always in the same words, so that trying
        addresses reveals nothing.
    """
    found = find_link(token)
    if found is None or door_of(found, now) != Door.OPEN:
        raise NotFound(_("This link isn’t valid or has expired."))
    with as_service("The holder of an open link has no sign-in, and reads the case it is for."):
        return _behind(found)


def find_link(token: str) -> Link | None:
    """Return a link by its secret, open or not; None if there is none."""
    return find_by_secret(Link.objects.select_related("side"), token)


def door_of(link: Link, now: datetime) -> Door:
    """Return whether a link is open, expired or closed."""
    if link.closed_at is not None:
        return Door.CLOSED
    return Door.EXPIRED if link.expires_at <= now else Door.OPEN


def _behind(link: Link) -> Opened:
    case = with_names(Introduction.objects.filter(pk=link.side.introduction_id)).get()
    sides = list(case.sides.all())
    own = next(one for one in sides if one.pk == link.side_id)
    party = _party_of(case, own)
    return Opened(
        link=link,
        side=own,
        other=next(one for one in sides if one.pk != own.pk),
        case=case,
        options=tuple(options_of(case)),
        desk_name=case.in_charge.name if case.in_charge else "",
        cluster=case.cluster.name,
        rated=_rating_of(party, link.purpose),
    )


def _party_of(case: Introduction, own: Side) -> int | None:
    if case.meeting is None:
        return None
    parties = case.meeting.parties.filter(organisation_id=own.organisation_id)
    return parties.values_list("pk", flat=True).first()


def _rating_of(party_id: int | None, purpose: str) -> str:
    from proxeny.meetings.models import Rating

    words = Rating.objects.filter(party_id=party_id, phase=purpose)
    return words.values_list("value", flat=True).first() or ""
