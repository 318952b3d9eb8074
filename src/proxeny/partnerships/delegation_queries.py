"""Delegations of a partnership: their matter and receiver, and who may decide alone by them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Delegation, Partnership, Party


def list_delegations(partnership: Partnership) -> list[Delegation]:
    """Return what was given in a partnership, with both parties, newest first. One query."""
    found = Delegation.objects.filter(partnership=partnership)
    found = found.select_related("giver__organisation", "receiver__organisation")
    return list(found.order_by("-given_at", "-pk"))


def delegations_to(party_id: int, matter: str, *, today: date) -> dict[int, Delegation]:
    """Return what holds today for a party on a matter, by the party that gave it. One query."""
    with as_service("Whether a signature counts for another party is decided for every signer."):
        return {
            one.giver_id: one for one in _live(today).filter(receiver_id=party_id, matter=matter)
        }


def may_decide_alone(reader: Reader, parties: Iterable[Party], matter: str, *, today: date) -> bool:
    """Whether a manager decides a matter at once: all other parties have delegated it to theirs.

    At most one query.

    Parameters
    ----------
    parties : iterable of Party
        All parties of the partnership.
    matter : str
        One of `Delegation.Matter`.
    """
    parties = list(parties)
    mine = rules.party_managed(reader, parties)
    if mine is None:
        return False
    others = {one.pk for one in parties if one.state == Party.State.JOINED} - {mine.pk}
    return not others or others <= delegations_to(mine.pk, matter, today=today).keys()


def delegation_names(ids: Iterable[int]) -> dict[int, str]:
    """Return what some delegations are about, as far as the reader sees them. One query."""
    found = Delegation.objects.filter(pk__in=set(ids)).select_related("receiver__organisation")
    return {one.pk: delegation_name(one, one.receiver) for one in found}


def delegation_name(one: Delegation, receiver: Party) -> str:
    """Return the matter of a delegation, with its receiver."""
    return _("%(matter)s (%(name)s)") % {
        "matter": one.get_matter_display(),
        "name": receiver.organisation.name,
    }


def _live(today: date) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), withdrawn_at=None)
