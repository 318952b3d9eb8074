"""API for delegations, which let one party decide a matter for another."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import PartyOut, enter
from proxeny.partnerships.delegation_queries import list_delegations
from proxeny.partnerships.models import Delegation
from proxeny.partnerships.operations import delegations

MatterName = Literal[*Delegation.Matter.values]


class DelegationIn(In):
    """The cluster to delegate to, the matter, and the last day.

    If `ends_on` is null, the delegation applies until it is withdrawn.
    """

    organisation_id: Id
    matter: MatterName
    ends_on: date | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class DelegationOut(Out):
    """A matter that one party lets another decide alone.

    `is_live` means that the delegation applies today.
    """

    id: int
    matter: MatterName
    giver: PartyOut
    receiver: PartyOut
    note: str
    ends_on: date | None
    given_by_name: str
    given_at: datetime
    withdrawn_at: datetime | None
    is_live: bool


def _out(one: Delegation) -> DelegationOut:
    return DelegationOut(
        id=one.pk,
        matter=one.matter,
        note=one.note,
        ends_on=one.ends_on,
        giver=PartyOut.model_validate(one.giver),
        receiver=PartyOut.model_validate(one.receiver),
        given_by_name=one.given_by_name,
        given_at=one.given_at,
        withdrawn_at=one.withdrawn_at,
        is_live=one.is_live(today=timezone.localdate()),
    )


def _shown(request: Request, partnership_id: int, delegation_id: int) -> DelegationOut:
    found = list_delegations(enter(request, partnership_id))
    return _out(next(one for one in found if one.pk == delegation_id))


@router.get(
    "/{partnership_id}/delegations", response=list[DelegationOut], summary="List delegations"
)
def list_delegated(request: Request, partnership_id: Id) -> list[DelegationOut]:
    """Returns the delegations, newest first, including those that no longer apply."""
    return [_out(one) for one in list_delegations(enter(request, partnership_id))]


@router.post(
    "/{partnership_id}/delegations",
    response={201: DelegationOut},
    summary="Delegate a matter to another party",
)
def give_delegation(
    request: Request, partnership_id: Id, delegation: DelegationIn
) -> Status[DelegationOut]:
    """Lets the other party decide the matter on behalf of your side. All sides are notified."""
    values = delegation.model_dump()
    organisation_id = values.pop("organisation_id")
    partnership = enter(request, partnership_id)
    named = (one.pk for one in partnership.parties.all() if one.organisation_id == organisation_id)
    made = delegations.give_delegation(
        actor=request.reader,
        partnership_id=partnership_id,
        receiver_id=next(named, 0),
        now=timezone.localtime(),
        **values,
    )
    return Status(201, _shown(request, partnership_id, made.pk))


@router.post(
    "/{partnership_id}/delegations/{delegation_id}/withdraw",
    response=DelegationOut,
    summary="Withdraw a delegation",
)
def withdraw_delegation(request: Request, partnership_id: Id, delegation_id: Id) -> DelegationOut:
    """Ends the delegation at once.

    Texts that were signed under it and are still waiting for other signatures now need your own
    signature.
    """
    enter(request, partnership_id)
    taken = delegations.withdraw_delegation(
        actor=request.reader,
        partnership_id=partnership_id,
        delegation_id=delegation_id,
        now=timezone.localtime(),
    )
    return _shown(request, partnership_id, taken.pk)
