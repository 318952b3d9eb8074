"""A cluster's profile, its members by kind, and the criteria of the European platform."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, WithJsonSchema

from proxeny.directory import operations, queries, rules
from proxeny.directory.api._router import router
from proxeny.directory.api._values import AnyKind, Country
from proxeny.directory.ecosystems import ECOSYSTEMS
from proxeny.directory.operations.clusters import FACTS, LISTING_DAYS
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader

_NUMBER = r"^[0-9]{1,4}(\.[0-9]{1,2})?$"


def _refuse_odd(value: object) -> object:
    if isinstance(value, str) and not re.match(_NUMBER, value):
        raise ValueError("must be a number with at most two decimals")
    return value


Staff = Annotated[
    Decimal,
    Field(ge=0, max_digits=6, decimal_places=2),
    BeforeValidator(_refuse_odd),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _NUMBER}]},
        mode="validation",
    ),
]
Text = Annotated[str, Field(max_length=4000)]
Ecosystem = Literal[*ECOSYSTEMS]


class KindCountOut(Out):
    """How many members of a kind you can see."""

    kind: AnyKind
    count: int


class ClusterCriterionOut(Out):
    """A criterion of the European platform: whether it is met, the current value, and the required
    one.
    """

    name: Literal["staff", "members", "kinds", "website"]
    is_met: bool
    have: float | None
    need: float


class ClusterProfileOut(Out):
    """A cluster's profile, in addition to its entry.

    How it works with its members is only shown to its managers, and how it meets the criteria only
    to its own people. For others, these fields are null.
    """

    staff_fte: Decimal | None
    committed_members: int | None
    strategy: str
    services: str
    ecosystems: list[str]
    target_countries: list[str]
    reviews_listings: bool | None
    listing_days: int | None
    second_factor_from: date | None
    members: list[KindCountOut]
    criteria: list[ClusterCriterionOut] | None
    may_edit: bool
    version: int


class ClusterProfileIn(In):
    """Changes to a profile. Only the fields you send change, and lists are replaced as a whole."""

    staff_fte: Staff | None = None
    committed_members: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    strategy: Text = unsent()
    services: Text = unsent()
    ecosystems: Annotated[list[Ecosystem], Field(max_length=len(ECOSYSTEMS))] = unsent()
    target_countries: Annotated[list[Country], Field(max_length=60)] = unsent()
    reviews_listings: bool = unsent()
    listing_days: Annotated[int, Field(ge=LISTING_DAYS[0], le=LISTING_DAYS[1])] = unsent()
    second_factor_from: Day | None = Field(
        None,
        description=(
            "Everyone with a seat in the cluster needs a second factor from this day on; null"
            " for no one."
        ),
    )


@router.get(
    "/organisations/{organisation_id}/profile",
    response=ClusterProfileOut,
    summary="Get a cluster's profile",
)
def show_cluster_profile(
    request: Request, response: HttpResponse, organisation_id: Id
) -> dict[str, Any]:
    """Anyone who can see the cluster can read it. An empty profile has version 0."""
    return _shown(request.reader, organisation_id, response)


@router.patch(
    "/organisations/{organisation_id}/profile",
    response=ClusterProfileOut,
    summary="Update a cluster's profile",
)
def update_cluster_profile(
    request: Request,
    response: HttpResponse,
    organisation_id: Id,
    changes: ClusterProfileIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Only for managers of the cluster."""
    queries.get_organisation(organisation_id)
    version = match_version(if_match, queries.get_cluster_profile(organisation_id).version)
    operations.update_cluster_profile(
        actor=request.reader, cluster_id=organisation_id, version=version, changes=changes.sent()
    )
    return _shown(request.reader, organisation_id, response)


def _shown(reader: Reader, cluster_id: int, response: HttpResponse) -> dict[str, Any]:
    cluster = queries.get_organisation(cluster_id)
    if not cluster.is_cluster:
        raise NotFound(_("Only clusters have a profile."))
    profile = queries.get_cluster_profile(cluster_id)
    counts = queries.count_members(cluster_id, today=timezone.localdate())
    may_edit = rules.can_edit_profile(reader, cluster)
    is_own = rules.is_of_cluster(reader, cluster)
    stand = queries.stand_of(cluster, profile, counts) if is_own else None
    told = {name: getattr(profile, name) for name in FACTS}
    if not may_edit:
        told |= {"reviews_listings": None, "listing_days": None, "second_factor_from": None}
    found = {
        **told,
        "members": [{"kind": one.kind, "count": one.count} for one in counts],
        "criteria": None
        if stand is None
        else [
            {"name": one.name, "is_met": one.is_met, "have": one.have, "need": one.need}
            for one in stand
        ],
        "may_edit": may_edit,
    }
    show_version(response, profile.version, *found.values())
    return found | {"version": profile.version}
