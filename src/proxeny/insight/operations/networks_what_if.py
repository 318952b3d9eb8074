"""Scenarios: a cluster's position with other ties, and its possible introducers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proxeny.engine.network.introducers import introducers
from proxeny.engine.network.links import Change, what_if
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.networks_advice import WAYS, tell_ways
from proxeny.insight.operations.networks_chart import ties_of
from proxeny.insight.operations.networks_kept import KeptNetwork, unpack_network
from proxeny.insight.queries.networks import Named, name_all, read_arrays
from proxeny.kernel.errors import InvalidInput, NotFound

#: So many ties are added, and so many lost, in one try.
MOST = 20


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation tied to a cluster, and the strength of the tie."""

    id: int
    weight: float


def keep_of(snapshot: Snapshot | None) -> KeptNetwork:
    """Return the network stored beside the figures. One query.

    Raises
    ------
    NotFound
        Nothing is worked out yet.
    """
    data = read_arrays(snapshot) if snapshot else b""
    if not data:
        raise NotFound(_("The network hasn’t been calculated yet. Calculate its figures first."))
    return unpack_network(data)


def partners_of(kept: KeptNetwork, own: int) -> list[Partner]:
    """Return the partners of a cluster, the strongest first."""
    network = kept.network
    places, weights = ties_of(network, network.place(own))
    found = [
        Partner(int(network.keys[at]), float(weight))
        for at, weight in zip(places.tolist(), weights.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (-one.weight, one.id))


def try_changes(
    kept: KeptNetwork, own: int, *, link: Collection[int], lose: Collection[int]
) -> Change:
    """Return a cluster's position with some ties added and others removed. One query.

    Raises
    ------
    InvalidInput
        There are too many; an organisation is not in the network as far as the reader sees it, is
        to be added but is a partner already, is to be removed but is none, or is the cluster itself.
    """
    if max(len(link), len(lose)) > MOST:
        raise InvalidInput(
            _("Try at most %(count)d new partners, and losing at most %(count)d current ones.")
            % {"count": MOST}
        )
    named = name_all({*link, *lose})
    partners = {one.id for one in partners_of(kept, own)}
    for one in (*link, *lose):
        _refuse_unknown(kept, named, one)
        if one == own:
            raise InvalidInput(_("That’s your own cluster. Choose another organisation."))
    for one in link:
        if one in partners:
            raise InvalidInput(
                _("“%(name)s” is already a partner. Try without it, or choose someone new.")
                % {"name": named[one].name},
                field="link",
            )
    for one in lose:
        if one not in partners:
            raise InvalidInput(
                _("“%(name)s” isn’t one of your partners, so you can’t lose it.")
                % {"name": named[one].name},
                field="lose",
            )
    return what_if(kept.network, own, link=link, lose=lose)


def find_ways(kept: KeptNetwork, own: int, target: int) -> dict[str, Any]:
    """Return the possible introducers to a target, in the format of snapshots. One query.

    Raises
    ------
    InvalidInput
        The target is not in the network as far as the reader sees it, or is the cluster itself.
    """
    _refuse_unknown(kept, name_all([target]), target)
    if target == own:
        raise InvalidInput(_("That’s your own cluster. Choose another organisation."))
    return tell_ways(introducers(kept.network, own, target, WAYS))


def _refuse_unknown(kept: KeptNetwork, named: Mapping[int, Named], one: int) -> None:
    # Who is hidden from the reader and who is not there are refused alike.
    if one not in named or one not in kept.network.places:
        raise InvalidInput(
            _(
                "One of the organisations you chose isn’t part of the network. Remove it and "
                "search again."
            )
        )
