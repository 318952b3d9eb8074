"""The versions of the agreement: read, signed, and another text proposed."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In
from proxeny.kernel.errors import NotFound
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
    """Which text was read: its number, and the hash of its words."""

    number: TextNumber
    text_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class AmendmentIn(In):
    """Another text, and the number of the one it was written from."""

    text: AgreementText
    number: TextNumber


@router.get(
    "/{partnership_id}/agreements", response=list[AgreementOut], summary="Versions of the agreement"
)
def list_agreements(request: HttpRequest, partnership_id: Id) -> list[AgreementOut]:
    """The newest first, each with its signatures; none for members of the clusters."""
    partnership = queries.get_partnership(partnership_id)
    return [agreement_out(text) for text in queries.list_texts(partnership)]


@router.get("/{partnership_id}/agreements/{number}", response=AgreementOut, summary="One version")
def show_agreement(request: HttpRequest, partnership_id: Id, number: TextNumber) -> AgreementOut:
    """One text with its signatures."""
    for text in queries.list_texts(queries.get_partnership(partnership_id)):
        if text.agreement.number == number:
            return agreement_out(text)
    raise NotFound(_("There is no such text."))


@router.post("/{partnership_id}/sign", response=PartnershipOut, summary="Sign the agreement")
def sign_agreement(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, read: SignatureIn
) -> PartnershipOut:
    """For the caller's cluster; with the last signature the text binds."""
    operations.sign_agreement(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **read.model_dump(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post(
    "/{partnership_id}/amend", response={201: PartnershipOut}, summary="Propose another text"
)
def amend_agreement(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, amendment: AmendmentIn
) -> Status[PartnershipOut]:
    """All sides sign it again; until then the text that all have signed stays in force."""
    made = operations.amend_agreement(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime(),
        **amendment.model_dump(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/partnerships/{partnership_id}/agreements/{made.number}"
    return Status(201, show_room(room.enter_room(request.reader, partnership_id), response))
