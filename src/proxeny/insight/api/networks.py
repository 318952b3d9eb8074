"""A cluster's network for programs: position, organisations, what-if and suggested partners."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from proxeny.directory.models import Kind
from proxeny.insight.api._router import router
from proxeny.insight.models import Snapshot
from proxeny.insight.networks_content import ids_named
from proxeny.insight.operations.networks_build import FIGURES
from proxeny.insight.operations.networks_what_if import MOST, find_ways, keep_of, try_changes
from proxeny.insight.queries.networks import Named, find_network, get_own_cluster, name_all
from proxeny.insight.queries.networks_actors import list_actors
from proxeny.insight.queries.snapshots import standing_of
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request

_NETWORK = "/networks/{organisation_id}"
_MOST_ROWS = 200
FigureName = Literal[*FIGURES]


class NetworkPlaceOut(Out):
    """A figure of the cluster, or null if there is none.

    Shares are between 0 and 1. `best_rank` and `worst_rank` differ if the figures are estimates,
    and are null if fewer than three clusters are compared. `of` is the number of clusters compared,
    and `middle` is their median.
    """

    name: FigureName
    value: float | None
    best_rank: int | None
    worst_rank: int | None
    of: int
    middle: float | None


class NetworkYearOut(Out):
    """A year with its figures, the number of organisations that have ties, and the number of
    clusters compared.

    `uncompared` counts the clusters of the region with too few members that you can see.
    """

    year: int
    figures: list[NetworkPlaceOut]
    organisations: int
    ties: int
    compared: int
    uncompared: int
    exact: bool


class NetworkEffectOut(Out):
    """A change of closeness and of the share of bridges.

    Its values are null if they would take too long to calculate.
    """

    harmonic: float | None
    betweenness: float | None


class NetworkTieChangeOut(Out):
    """A new or lost tie. `id` and `name` are null if you can't see the other organisation."""

    id: int | None
    name: str | None
    weight: float
    effect: NetworkEffectOut


class NetworkMovementOut(Out):
    """What moved the cluster since last year: `after - before = new + lost + others`."""

    before: NetworkEffectOut
    after: NetworkEffectOut
    new: NetworkEffectOut
    lost: NetworkEffectOut
    others: NetworkEffectOut
    new_ties: list[NetworkTieChangeOut]
    lost_ties: list[NetworkTieChangeOut]


class NetworkOut(Out):
    """A cluster's network as its team sees it.

    `changed_at` is set if something has happened since it was calculated.
    """

    organisation_id: int
    computed_at: datetime
    looked_at: datetime
    changed_at: datetime | None
    method: str
    years: list[NetworkYearOut]
    movement: NetworkMovementOut | None


class NetworkActorOut(Out):
    """An organisation in the network with its figures. Communities are numbered from 1."""

    id: int
    name: str
    country: str
    kind: Literal[*Kind.values]
    figures: dict[str, float | None]
    core: bool
    community: int


class NetworkActorsOut(Out):
    """A page of organisations. `unseen` counts organisations in the network that you can't see."""

    count: int
    unseen: int
    items: list[NetworkActorOut]


class NetworkActorsWanted(In):
    """Filters and sort order of the list. A `-` before a figure sorts the highest value first."""

    q: Annotated[str, Field(max_length=200)] = ""
    country: Annotated[str, Field(max_length=2)] = ""
    kind: Literal["", *Kind.values] = ""
    sort: Literal[
        "name", "-name", "country", "-country", *FIGURES, *[f"-{one}" for one in FIGURES]
    ] = "-strength"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=_MOST_ROWS)] = 50


class NetworkChangesWanted(In):
    """Partners to add, and current partners to remove."""

    link: Annotated[list[Id], Field(max_length=MOST)] = []
    lose: Annotated[list[Id], Field(max_length=MOST)] = []


class NetworkPositionOut(Out):
    """The position of a cluster. `reach` is the number of organisations within two ties."""

    degree: int
    strength: float
    harmonic: float
    reach: int
    constraint: float | None
    betweenness: float | None


class NetworkChangeOut(Out):
    """The position before and after a change. `weight` is the strength of each new tie."""

    before: NetworkPositionOut
    after: NetworkPositionOut
    weight: float


class NetworkWayActorOut(Out):
    """An organisation on a path. `id` and `name` are null if you can't see it."""

    id: int | None
    name: str | None


class NetworkWayOut(Out):
    """A path to an organisation through those who could introduce the cluster, with the strength of
    each tie.
    """

    over: list[NetworkWayActorOut]
    weights: list[float]


class NetworkWaysOut(Out):
    """The organisations that could introduce the cluster: the best of the `found` paths.

    `distance` is null if there is no path.
    """

    distance: int | None
    found: int
    ways: list[NetworkWayOut]


class NetworkLinkOut(Out):
    """A new partner, its gain in closeness, and who could introduce the cluster."""

    id: int | None
    name: str | None
    gain: float
    introducers: NetworkWaysOut


class NetworkProposalOut(Out):
    """The best new partners of one kind: their joint `gain`, and `bound`, the highest gain
    possible.
    """

    kind: Literal["clusters", "organisations"]
    before: float
    gain: float
    bound: float
    proven: bool
    links: list[NetworkLinkOut]


def _enter(request: Request, organisation_id: int) -> Snapshot:
    """Return the calculated network of one of the caller's clusters. Two queries."""
    cluster, _all = get_own_cluster(request.reader, organisation_id)
    found = find_network(cluster.pk)
    if found is None or not found.content.get("present"):
        raise NotFound(_("The network hasn’t been calculated yet. Calculate its figures first."))
    return found


@router.get(_NETWORK, response=NetworkOut, summary="Get the position of a cluster in its network")
def show_network(request: Request, organisation_id: Id) -> dict[str, Any]:
    """Returns the position year by year, newest first, with ranks among comparable clusters and
    what moved it.

    Members count as part of their cluster. Returns 404 until the first figures have been
    calculated.
    """
    found = _enter(request, organisation_id)
    standing = standing_of(found, now=timezone.now())
    moved = found.content["present"]["movement"]
    named = name_all(ids_named(found.content["present"]))
    return {
        "organisation_id": organisation_id,
        "computed_at": standing.computed_at,
        "looked_at": standing.looked_at,
        "changed_at": standing.changed_at,
        "method": standing.method,
        "movement": _movement(moved, named) if moved else None,
        "years": [
            _year(year, one) for year, one in sorted(found.content["years"].items(), reverse=True)
        ],
    }


def _year(year: str, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "year": int(year),
        "organisations": one["tied"],
        "ties": one["ties"],
        "compared": one["compared"],
        "uncompared": one["uncompared"],
        "exact": one["exact"],
        "figures": [
            {
                "name": name,
                "value": figure["value"],
                "of": figure["of"],
                "middle": figure["middle"],
                "best_rank": (figure["rank"] or [None, None])[0],
                "worst_rank": (figure["rank"] or [None, None])[1],
            }
            for name, figure in one["figures"].items()
        ],
    }


def _movement(moved: dict[str, Any], named: dict[int, Named]) -> dict[str, Any]:
    return {
        **{name: moved[name] for name in ("before", "after", "new", "lost", "others")},
        **{
            name: [
                {**_who(one["id"], named), "weight": one["weight"], "effect": one["effect"]}
                for one in moved[name]
            ]
            for name in ("new_ties", "lost_ties")
        },
    }


def _who(pk: int, named: dict[int, Named]) -> dict[str, Any]:
    one = named.get(pk)
    return {"id": one.id if one else None, "name": one.name if one else None}


@router.get(
    f"{_NETWORK}/actors", response=NetworkActorsOut, summary="List the organisations in a network"
)
def list_network_actors(
    request: Request, organisation_id: Id, wanted: Query[NetworkActorsWanted]
) -> dict[str, Any]:
    """Returns the 5,000 organisations with the strongest ties and all their figures."""
    everybody = list_actors(_enter(request, organisation_id).content["present"])
    found = everybody.narrow(
        words=wanted.q, country=wanted.country.upper(), kind=wanted.kind, sort=wanted.sort
    )
    start = (wanted.page - 1) * wanted.page_size
    return {
        "count": len(found),
        "unseen": everybody.unseen,
        "items": [
            {
                "id": one.id,
                "name": one.named.name,
                "country": one.named.country,
                "kind": one.named.kind,
                "figures": dict(one.figures),
                "core": one.is_core,
                "community": one.community + 1,
            }
            for one in found[start : start + wanted.page_size]
        ],
    }


@router.get(f"{_NETWORK}/what-if", response=NetworkChangeOut, summary="Try out new and lost ties")
def try_network_changes(
    request: Request, organisation_id: Id, wanted: Query[NetworkChangesWanted]
) -> dict[str, Any]:
    """Returns the position of the cluster with new partners and without some current ones. Nothing
    is saved.

    A new tie is assumed to have the median strength of the cluster's ties.
    """
    kept = keep_of(_enter(request, organisation_id))
    found = try_changes(kept, organisation_id, link=wanted.link, lose=wanted.lose)
    return {"before": found.before, "after": found.after, "weight": found.weight}


@router.get(
    f"{_NETWORK}/proposals",
    response=list[NetworkProposalOut],
    summary="List suggested partners of a cluster",
)
def propose_network_links(request: Request, organisation_id: Id) -> list[dict[str, Any]]:
    """Returns the five clusters and the five other organisations that would bring the cluster
    closest to all others, with a proof.

    If `proven` is true, no other five gain more. Otherwise, none gain more than `bound`.
    """
    present = _enter(request, organisation_id).content["present"]
    named = name_all(ids_named(present))
    return [
        {
            "kind": kind,
            **{name: one[name] for name in ("before", "gain", "bound", "proven")},
            "links": [
                {
                    **_who(link["id"], named),
                    "gain": link["gain"],
                    "introducers": _ways(link["ways"], named),
                }
                for link in one["links"]
            ],
        }
        for kind, one in present["proposals"].items()
    ]


@router.get(
    f"{_NETWORK}/introducers/{{target_id}}",
    response=NetworkWaysOut,
    summary="List organisations that could introduce a cluster",
)
def list_introducers(request: Request, organisation_id: Id, target_id: Id) -> dict[str, Any]:
    """Returns paths through one organisation that both know, the strongest weaker tie first.

    If there is none, returns paths through two organisations that know each other.
    """
    kept = keep_of(_enter(request, organisation_id))
    ways = find_ways(kept, organisation_id, target_id)
    return _ways(ways, name_all({pk for path in ways["paths"] for pk in path["ids"]}))


def _ways(ways: dict[str, Any], named: dict[int, Named]) -> dict[str, Any]:
    return {
        "distance": ways["distance"],
        "found": ways["found"],
        "ways": [
            {"over": [_who(pk, named) for pk in path["ids"][1:-1]], "weights": path["weights"]}
            for path in ways["paths"]
        ],
    }
