"""Expressions of interest, given and received. Each is seen by each side from its own step on."""

from collections.abc import Collection, Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from proxeny.directory.models import Interest, Listing, Organisation
from proxeny.directory.queries.listings import belongs_to
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service

State = Interest.State


def get_interest(pk: int, *, for_update: bool = False) -> Interest:
    """Return an expression of interest; `NotFound` if the reader does not see it (yet)."""
    found = Interest.objects.filter(pk=pk)
    if for_update:
        found = found.select_for_update()
    one = found.first()
    if one is None:
        raise NotFound(_("We couldn’t find this expression of interest."))
    return one


def has_interest(listing_id: int, organisation_id: int) -> bool:
    """Whether an organisation has expressed interest that it did not take back."""
    return _of(listing_id, [organisation_id]).exists()


def find_own_interest(listing_id: int, organisation_ids: Iterable[int]) -> Interest | None:
    """Return the newest interest of some organisations in an offer or need, unless taken back."""
    return _of(listing_id, organisation_ids).order_by("-pk").first()


def _of(listing_id: int, organisation_ids: Iterable[int]) -> QuerySet[Interest]:
    found = Interest.objects.filter(listing_id=listing_id, organisation_id__in=organisation_ids)
    return found.exclude(state=State.WITHDRAWN)


def is_of_receiver(interest: Interest) -> bool:
    """Whether an offer or need is the receiving cluster's own, so that its adviser is the owner.

    Read as the service: the adviser who passes interest on may no longer see it.
    """
    with as_service("An adviser who passes interest on may no longer see the offer or need."):
        return Listing.objects.filter(
            pk=interest.listing_id,
            organisation_id=interest.receiver_id or 0,
            is_anonymous=False,
            organisation__steward=None,
        ).exists()


def waiting_for(reader: Reader, advised: Collection[int]) -> Q:
    """Return the condition for interest that waits for the reader: as adviser, owner or asker."""
    own = Listing.objects.filter(belongs_to(reader.organisations))
    return (
        Q(state=State.ASKED, sender_id__in=advised)
        | Q(state=State.PASSED, receiver_id__in=advised)
        | Q(state=State.RETURNED, organisation_id__in=reader.organisations)
        | Q(state=State.OFFERED, listing_id__in=own.values("pk"))
    )


def list_interests(
    reader: Reader, advised: Collection[int], *, side: str = "", state: str = ""
) -> QuerySet[Interest]:
    """Return the interest visible to the reader: waiting ones first, then the newest.

    Parameters
    ----------
    side : str
        `given` by the reader's organisations and their members, `received` by these, `waiting` for
        the reader, or empty for all.
    """
    given = Q(organisation_id__in=reader.organisations) | Q(sender_id__in=reader.organisations)
    waits = waiting_for(reader, advised)
    found = Interest.objects.all()
    if side == "given":
        found = found.filter(given)
    elif side == "received":
        mine = Listing.objects.filter(belongs_to(reader.organisations)).values("pk")
        found = found.filter(Q(receiver_id__in=reader.organisations) | Q(listing_id__in=mine))
    elif side == "waiting":
        found = found.filter(waits)
    if state:
        found = found.filter(state=state)
    first = Case(When(waits, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.annotate(rank=first).order_by("rank", "-updated_at", "-pk")


def interests_in(listing_id: int) -> list[Interest]:
    """Return the interest expressed in an offer or need, as far as the reader may know."""
    found = Interest.objects.filter(listing_id=listing_id).exclude(state=State.WITHDRAWN)
    return list(found.order_by("-pk"))


def titles_of(interests: Iterable[Interest]) -> dict[int, str]:
    """Return the titles of the texts that interest is about, by the offer's id. One query.

    What the reader does not see any more goes by the title it had when it was asked for.
    """
    some = list(interests)
    found = {one.listing_id: str(one.answers.get("title", "")) for one in some}
    seen = Listing.objects.filter(pk__in=found)
    return found | dict(seen.values_list("pk", "title"))


def seen_listings(interests: Iterable[Interest]) -> set[int]:
    """Return which of the offers and needs the reader sees. One query."""
    wanted = {one.listing_id for one in interests}
    return set(Listing.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def organisations_by_id(pks: Iterable[int]) -> list[Organisation]:
    """Return the organisations among these that the reader sees, by name. One query."""
    return list(Organisation.objects.filter(pk__in=list(pks)).order_by("sort_name", "pk"))
