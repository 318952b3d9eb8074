"""What a member asks of its cluster's ambassador: asked, changed, withdrawn."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
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

Seeks = Annotated[str, Field(min_length=1, max_length=2000)]
Material = Annotated[str, Field(max_length=2000)]
Address = Annotated[str, Field(max_length=500)]
_ALL = "/own/mandates"
_ONE = f"{_ALL}/{{mandate_id}}"


class OwnMandateOut(MandateOut):
    """What one's own organisation asked, and of whom."""

    partnership: Named
    cluster: Named

    @staticmethod
    def resolve_partnership(mandate: Mandate) -> Mapping[str, Any]:
        """By its title."""
        return {"id": mandate.partnership_id, "name": mandate.partnership.title}


class AmbassadorOut(Out):
    """Whom one can ask: a cluster's ambassador in a partnership, and for which organisation."""

    partnership: Named
    cluster: Named
    member: Named

    @staticmethod
    def resolve_partnership(one: Ambassador) -> Mapping[str, Any]:
        """By its title."""
        return {"id": one.partnership.pk, "name": one.partnership.title}


class MandateIn(In):
    """What is sought, what may be shown, whom not to approach (one a line), and until when."""

    partnership_id: Id
    member_id: Id
    cluster_id: Id | None = Field(None, description="Where the member belongs to several parties.")
    seeks: Seeks
    until: Day
    material: Material = ""
    material_url: Address = ""
    no_go: Material = ""


class MandateChanges(In):
    """What is to be otherwise; the rest stays."""

    seeks: Seeks = unsent()
    until: Day = unsent()
    material: Material = unsent()
    material_url: Address = unsent()
    no_go: Material = unsent()


@router.get("/own/ambassadors", response=list[AmbassadorOut], summary="Whom one can ask")
def list_ambassadors(request: HttpRequest) -> list[Ambassador]:
    """For the organisations for which the caller speaks, clusters aside."""
    return ambassadors_for(request.reader, today=timezone.localdate())


@router.get(_ALL, response=list[OwnMandateOut], summary="One's own mandates")
def list_own_mandates(request: HttpRequest) -> list[Mandate]:
    """What waits for the caller, what holds, then the rest: 20 at most."""
    return find_own_mandates(request.reader, today=timezone.localdate())


@router.post(_ALL, response={201: OwnMandateOut}, summary="Ask the ambassador to act")
def ask_mandate(request: HttpRequest, response: HttpResponse, asked: MandateIn) -> Status[Any]:
    """For an organisation of the caller's; the ambassador is told by mail."""
    values = asked.model_dump()
    whom = {name: values.pop(name) for name in ("partnership_id", "member_id", "cluster_id")}
    made = operations.ask_mandate(
        actor=request.reader, facts=MandateFacts(**values), now=timezone.localtime(), **whom
    )
    response["Location"] = f"/api/v1/desk/own/mandates/{made.pk}"
    return Status(201, _shown(request, response, made.pk))


def _shown(request: HttpRequest, response: HttpResponse, mandate_id: int) -> Mandate:
    return show_mandate(response, get_own_mandate(request.reader, mandate_id))


@router.get(_ONE, response=OwnMandateOut, summary="One of one's own mandates")
def show_own_mandate(request: HttpRequest, response: HttpResponse, mandate_id: Id) -> Mandate:
    """What was asked, and the ambassador's answer."""
    return _shown(request, response, mandate_id)


@router.patch(_ONE, response=OwnMandateOut, summary="Change what is asked")
def change_mandate(
    request: HttpRequest, response: HttpResponse, mandate_id: Id, change: MandateChanges,
    if_match: IfMatch = None,
) -> Mandate:  # fmt: skip
    """Or answer what the ambassador asked back: it is asked anew by that."""
    mandate = get_own_mandate(request.reader, mandate_id)
    facts = {name: getattr(mandate, name) for name in MandateChanges.model_fields}
    operations.change_mandate(
        actor=request.reader, mandate_id=mandate_id, facts=MandateFacts(**facts | change.sent()),
        version=match_version(if_match, mandate.version), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(request, response, mandate_id)


@router.post(f"{_ONE}/withdraw", response=OwnMandateOut, summary="Take a mandate back")
def withdraw_mandate(request: HttpRequest, response: HttpResponse, mandate_id: Id) -> Mandate:
    """Introductions under it go on until the desk closes them."""
    operations.withdraw_mandate(
        actor=request.reader, mandate_id=mandate_id, now=timezone.localtime()
    )
    return _shown(request, response, mandate_id)


@router.post(f"{_ONE}/again", response=OwnMandateOut, summary="Ask again")
def ask_mandate_again(request: HttpRequest, response: HttpResponse, mandate_id: Id) -> Mandate:
    """What was withdrawn, as it was: the ambassador answers it anew."""
    operations.ask_again(actor=request.reader, mandate_id=mandate_id, now=timezone.localtime())
    return _shown(request, response, mandate_id)
