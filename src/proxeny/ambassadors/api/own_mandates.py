"""Mandates from a member to its cluster's ambassador: sent, changed, withdrawn."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.api._shapes import MandateOut, show_mandate
from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations import mandates as operations
from proxeny.ambassadors.operations.mandates import MandateFacts
from proxeny.ambassadors.queries.own_mandates import (
    Ambassador,
    ambassadors_for,
    find_own_mandates,
    get_own_mandate,
)
from proxeny.kernel.api import Id, IfMatch, In, Named, Out, match_version, unsent
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request

Seeks = Annotated[str, Field(min_length=1, max_length=2000)]
Material = Annotated[str, Field(max_length=2000)]
Address = Annotated[str, Field(max_length=500)]
_ALL = "/own/mandates"
_ONE = f"{_ALL}/{{mandate_id}}"


class OwnMandateOut(MandateOut):
    """A mandate from your organisation, with its partnership and cluster."""

    partnership: Named
    cluster: Named

    @staticmethod
    def resolve_partnership(mandate: Mandate) -> Mapping[str, Any]:
        """Return the partnership by its title."""
        return {"id": mandate.partnership_id, "name": mandate.partnership.title}


class AmbassadorOut(Out):
    """An ambassador you can ask: a cluster's ambassador in a partnership, and the organisation you
    ask for.
    """

    partnership: Named
    cluster: Named
    member: Named

    @staticmethod
    def resolve_partnership(one: Ambassador) -> Mapping[str, Any]:
        """Return the partnership by its title."""
        return {"id": one.partnership.pk, "name": one.partnership.title}


class MandateIn(In):
    """What you are looking for, what can be shared, who not to approach (one per line), and until
    when.
    """

    partnership_id: Id
    member_id: Id
    cluster_id: Id | None = Field(None, description="For members that belong to several parties.")
    seeks: Seeks
    until: Day
    material: Material = ""
    material_url: Address = ""
    no_go: Material = ""


class MandateChanges(In):
    """Changes to a mandate; everything else stays as it is."""

    seeks: Seeks = unsent()
    until: Day = unsent()
    material: Material = unsent()
    material_url: Address = unsent()
    no_go: Material = unsent()


@router.get(
    "/own/ambassadors", response=list[AmbassadorOut], summary="List ambassadors you can ask"
)
def list_ambassadors(request: Request) -> list[Ambassador]:
    """Returns the ambassadors for the organisations you speak for, except clusters."""
    return ambassadors_for(request.reader, today=timezone.localdate())


@router.get(_ALL, response=list[OwnMandateOut], summary="List your mandates")
def list_own_mandates(request: Request) -> list[Mandate]:
    """Returns the mandates that are waiting for you, then those in force, then the rest: 20 at
    most.
    """
    return find_own_mandates(request.reader, today=timezone.localdate())


@router.post(_ALL, response={201: OwnMandateOut}, summary="Send a mandate to the ambassador")
def ask_mandate(request: Request, response: HttpResponse, asked: MandateIn) -> Status[Any]:
    """For one of your organisations. The ambassador is notified by email."""
    values = asked.model_dump()
    whom = {name: values.pop(name) for name in ("partnership_id", "member_id", "cluster_id")}
    made = operations.ask_mandate(
        actor=request.reader, facts=MandateFacts(**values), now=timezone.localtime(), **whom
    )
    response["Location"] = f"/api/v1/desk/own/mandates/{made.pk}"
    return Status(201, _shown(request, response, made.pk))


def _shown(request: Request, response: HttpResponse, mandate_id: int) -> Mandate:
    return show_mandate(response, get_own_mandate(request.reader, mandate_id))


@router.get(_ONE, response=OwnMandateOut, summary="Get one of your mandates")
def show_own_mandate(request: Request, response: HttpResponse, mandate_id: Id) -> Mandate:
    """Returns what was asked, and the ambassador's answer."""
    return _shown(request, response, mandate_id)


@router.patch(_ONE, response=OwnMandateOut, summary="Update a mandate")
def change_mandate(
    request: Request,
    response: HttpResponse,
    mandate_id: Id,
    change: MandateChanges,
    if_match: IfMatch = None,
) -> Mandate:
    """This also answers a question from the ambassador: the mandate is then sent to them again."""
    mandate = get_own_mandate(request.reader, mandate_id)
    facts = {name: getattr(mandate, name) for name in MandateChanges.model_fields}
    operations.change_mandate(
        actor=request.reader,
        mandate_id=mandate_id,
        facts=MandateFacts(**facts | change.sent()),
        version=match_version(if_match, mandate.version),
        now=timezone.localtime(),
    )
    return _shown(request, response, mandate_id)


@router.post(f"{_ONE}/withdraw", response=OwnMandateOut, summary="Withdraw a mandate")
def withdraw_mandate(request: Request, response: HttpResponse, mandate_id: Id) -> Mandate:
    """Introductions under it continue until the desk closes them."""
    operations.withdraw_mandate(
        actor=request.reader, mandate_id=mandate_id, now=timezone.localtime()
    )
    return _shown(request, response, mandate_id)


@router.post(f"{_ONE}/again", response=OwnMandateOut, summary="Send a withdrawn mandate again")
def ask_mandate_again(request: Request, response: HttpResponse, mandate_id: Id) -> Mandate:
    """Sends the mandate again as it was. The ambassador answers it again."""
    operations.ask_again(actor=request.reader, mandate_id=mandate_id, now=timezone.localtime())
    return _shown(request, response, mandate_id)
