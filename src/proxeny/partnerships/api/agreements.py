"""The versions of the agreement: reading, signing, and proposing another text."""

from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships import operations, queries, room
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import (
    AgreementOut,
    AgreementText,
    PartnershipOut,
    TextNumber,
    agreement_out,
    show_room,
)


class SignatureIn(In):
    """The text that you read, identified by its number and the hash of its words."""

    number: TextNumber
    text_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class AmendmentIn(In):
    """A new text, and the number of the text it is based on."""

    text: AgreementText
    number: TextNumber


@router.get(
    "/{partnership_id}/agreements",
    response=list[AgreementOut],
    summary="List the versions of the agreement",
)
def list_agreements(request: Request, partnership_id: Id) -> list[AgreementOut]:
    """Returns the versions with their signatures, newest first.

    The list is empty for members of the clusters.
    """
    partnership = queries.get_partnership(partnership_id)
    return [agreement_out(text) for text in queries.list_texts(partnership)]


@router.get(
    "/{partnership_id}/agreements/{number}",
    response=AgreementOut,
    summary="Get a version of the agreement",
)
def show_agreement(request: Request, partnership_id: Id, number: TextNumber) -> AgreementOut:
    """Returns the text with its signatures."""
    for text in queries.list_texts(queries.get_partnership(partnership_id)):
        if text.agreement.number == number:
            return agreement_out(text)
    raise NotFound(_("We couldn’t find this text."))


@router.post("/{partnership_id}/sign", response=PartnershipOut, summary="Sign the agreement")
def sign_agreement(
    request: Request, response: HttpResponse, partnership_id: Id, read: SignatureIn
) -> PartnershipOut:
    """Signs the agreement for your cluster. The text becomes binding with the last signature."""
    operations.sign_agreement(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **read.model_dump(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post(
    "/{partnership_id}/amend", response={201: PartnershipOut}, summary="Propose a new text"
)
def amend_agreement(
    request: Request, response: HttpResponse, partnership_id: Id, amendment: AmendmentIn
) -> Status[PartnershipOut]:
    """Proposes a new text that all sides have to sign.

    Until they have, the text signed by all sides stays in force.
    """
    made = operations.amend_agreement(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **amendment.model_dump(),
    )
    response["Location"] = f"/api/v1/partnerships/{partnership_id}/agreements/{made.number}"
    return Status(201, show_room(room.enter_room(request.reader, partnership_id), response))
