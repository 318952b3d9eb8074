"""Eligibility for a call: its conditions, checked for organisations of the directory.

Nothing is stored. A fact missing from the directory, such as an organisation's size, is tried both
ways; the verdict is unknown only where that makes a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

from django.utils.translation import gettext as _

from proxeny.calls.explanations import Told
from proxeny.calls.models import Call
from proxeny.calls.operations.checking import (
    Entrant,
    State,
    is_nonprofit,
    is_sme,
    look_at_entrants,
)
from proxeny.calls.queries.calls import get_call
from proxeny.calls.who import tell_role
from proxeny.directory.models import Kind, Organisation
from proxeny.directory.queries.matching import partners_by_id
from proxeny.engine.consortium import Role
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader

__all__ = ["MOST", "Bid", "Chosen", "Taking", "look_at_bid"]

#: More organisations are no bid.
MOST = 60
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Chosen:
    """An organisation and its part in a bid; sums in the call's currency, None if not known yet."""

    organisation_id: int
    role: str = "beneficiary"
    cost: Decimal | None = None
    request: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """One that takes part, as the page shows it."""

    organisation: Organisation
    role: str
    role_label: str
    leads: bool
    cost: Decimal | None
    request: Decimal | None


@dataclass(frozen=True, slots=True)
class Bid:
    """The verdict of a call's conditions on a consortium.

    `state` is met, broken, unknown, or empty where the call has no conditions. `hidden` is the
    number of chosen organisations that the reader does not see; they are left out.
    """

    call: Call
    people: tuple[Taking, ...]
    state: State
    told: tuple[Told, ...]
    notes: tuple[str, ...]
    hidden: int


def look_at_bid(
    *, actor: Reader, call_id: int, chosen: Sequence[Chosen], leads: int | None, today: date
) -> Bid:
    """Check each condition of a call for organisations that the actor sees. Two queries.

    Parameters
    ----------
    chosen : sequence of Chosen
        If a number occurs twice, the first counts.
    leads : int, optional
        The coordinating organisation.
    today : date
        Assumed closing date, where the call has none.

    Raises
    ------
    NotFound
        The actor does not see the call.
    InvalidInput
        An unknown role or impossible sum, too many organisations, or a coordinator who is not a
        beneficiary.
    """
    call = get_call(call_id)
    once = {one.organisation_id: one for one in reversed(chosen)}
    picked = [once.pop(one.organisation_id) for one in chosen if one.organisation_id in once]
    _refuse(picked, leads)
    seen = partners_by_id(one.organisation_id for one in picked)
    people = tuple(
        Taking(
            seen[one.organisation_id],
            one.role,
            tell_role(one.role),
            one.organisation_id == leads,
            one.cost,
            one.request,
        )
        for one in picked
        if one.organisation_id in seen
    )
    looked = look_at_entrants([_entrant(one) for one in people], call, today=today)
    return Bid(call, people, looked.state, looked.told, looked.notes, len(picked) - len(people))


def _entrant(one: Taking) -> Entrant:
    """Return one as the directory knows it."""
    organisation = one.organisation
    return Entrant(
        key=str(organisation.pk),
        name=organisation.name,
        country=organisation.country,
        kind=organisation.kind,
        role=one.role,
        leads=one.leads,
        side=_side_of(organisation),
        sme=is_sme(organisation.kind, organisation.size),
        nonprofit=is_nonprofit(organisation.kind),
        cost=one.cost,
        request=one.request,
    )


def _side_of(organisation: Organisation) -> str:
    if organisation.kind == Kind.CLUSTER:
        return organisation.name
    return organisation.steward.name if organisation.steward else ""


def _refuse(picked: Sequence[Chosen], leads: int | None) -> None:
    if len(picked) > MOST:
        raise InvalidInput(
            _("Choose at most %(most)d organisations.") % {"most": MOST}, field="participants"
        )
    for one in picked:
        if one.role not in get_args(Role.__value__):
            raise InvalidInput(_("Choose a role."), field="role")
        for name in ("cost", "request"):
            value = getattr(one, name)
            if value is not None and not (value.is_finite() and 0 <= value <= _LARGEST):
                raise InvalidInput(
                    _("Enter an amount of 0 or more, or leave it empty."), field=name
                )
        if one.organisation_id == leads and one.role != "beneficiary":
            raise InvalidInput(
                _(
                    "Only a beneficiary can coordinate. Change the role or choose another "
                    "coordinator."
                ),
                field="leads",
            )
