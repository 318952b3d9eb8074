"""Facts about partners on the consortium page, in addition to their own rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from proxeny.accounts.models import Role
from proxeny.accounts.queries import live_seats
from proxeny.bids.models import Bid, Partner
from proxeny.directory.models import Kind
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Agreement, SignOff


@dataclass(frozen=True, slots=True)
class Letter:
    """A partner's newest letter of intent, and its signature under it."""

    agreement: Agreement
    sign_off: SignOff | None


def letters_of(bid: Bid, partners: Iterable[Partner]) -> Mapping[int, Letter]:
    """Return the newest letters of intent of some partners of a bid, by their numbers. Two queries."""
    found = Agreement.objects.filter(
        partnership_id=bid.partnership_id,
        kind=Agreement.Kind.LETTER,
        subject__in={str(one.pk) for one in partners},
    ).prefetch_related("sign_offs")
    return {
        int(one.subject): Letter(one, next(iter(one.sign_offs.all()), None))
        for one in found.order_by("number")
    }


def find_seated(organisation_ids: Sequence[int], *, today: date) -> set[int]:
    """Return those of these organisations that have a person to answer for them. One query.

    For a cluster, a manager; for others, anybody with a seat other than a juror's.
    """
    answering = Q(role=Role.MANAGER) | ~Q(organisation__kind=Kind.CLUSTER) & ~Q(role=Role.JUROR)
    with as_service("The room learns only whether anyone answers for a partner, not who."):
        seats = live_seats(today=today).filter(answering, organisation_id__in=organisation_ids)
        return set(seats.values_list("organisation_id", flat=True))
