"""Schemas shared by several partnership routes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from proxeny.kernel.api import In, Named, Out, show_version
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships import queries
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.room import Room

PartnershipState = Literal[*Partnership.State.values]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Purpose = Annotated[str, Field(max_length=4000)]
AgreementText = Annotated[str, Field(min_length=1, max_length=20_000)]
TextNumber = Annotated[int, Field(ge=1, le=32_767)]
Note = Annotated[str, Field(max_length=2000)]
Version = Annotated[
    int,
    Field(
        ge=0, le=2**31 - 1, description="The version the change is based on; 0 if there was none."
    ),
]
Side = Annotated[str, Field(pattern="^[A-Z]$", description="The letter of a party.")]


class PartyOut(Out):
    """A cluster in a partnership. Sides are lettered in the order of joining."""

    side: str
    organisation: Named


class PartnershipFacts(Out):
    """The facts of a partnership that every response includes."""

    id: int
    title: str
    state: PartnershipState
    lead_id: int
    starts_on: date | None
    ends_on: date | None
    created_at: datetime
    version: int
    parties: list[PartyOut]


class PartnershipRow(PartnershipFacts):
    """A partnership in a list."""

    @staticmethod
    def resolve_parties(found: Any) -> list[Party]:
        """Return the parties, which the query has loaded along, in the order of their sides."""
        return list(found.parties.all())


class SignatureOut(Out):
    """The signature of one party under a text: who signed and when, or null if no one has signed
    yet.

    `by_delegation` means that another party signed on its behalf under a delegation.
    """

    side: str
    organisation: Named
    person_name: str | None
    signed_at: datetime | None
    by_delegation: bool = False


class AgreementOut(Out):
    """A version of the agreement. It is binding once every party has signed exactly this text."""

    number: int
    text: str
    text_hash: str
    created_at: datetime
    is_complete: bool
    signatures: list[SignatureOut]


class OffersOut(Out):
    """What you can do with the partnership as it is now."""

    propose: bool
    sign: bool
    amend: bool
    decline: bool
    withdraw: bool
    end: bool
    share: bool


class PartnershipOut(PartnershipFacts):
    """A partnership. Members of its clusters can see that it exists, but none of its texts."""

    purpose: str
    reason: str
    agreement: AgreementOut | None = Field(description="The newest text.")
    in_force: int | None = Field(description="The number of the text that all parties have signed.")
    may: OffersOut


class WhyIn(In):
    """The reason, which the other side can read."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


def enter(request: Request, partnership_id: int) -> Partnership:
    """Return a signed partnership in which the caller holds a seat; `NotFound` otherwise."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    return queries.get_partnership(partnership_id)


def agreement_out(text: SignedText) -> AgreementOut:
    """Return a version with the signature of each party, or null if it has not signed."""
    agreement = text.agreement
    return AgreementOut(
        number=agreement.number,
        text=agreement.text,
        text_hash=agreement.text_hash,
        created_at=agreement.created_at,
        is_complete=text.is_complete,
        signatures=[
            SignatureOut(
                side=one.party.side,
                organisation=Named.model_validate(one.party.organisation),
                person_name=one.sign_off.person_name if one.sign_off else None,
                signed_at=one.sign_off.signed_at if one.sign_off else None,
                by_delegation=bool(one.sign_off and one.sign_off.delegation_id),
            )
            for one in text.signatures
        ],
    )


def show_room(room: Room, response: HttpResponse) -> PartnershipOut:
    """Return a partnership with its ETag."""
    row = PartnershipRow.model_validate(room.partnership).model_dump()
    told = PartnershipOut(
        **row,
        purpose=room.partnership.purpose,
        reason=room.partnership.reason,
        agreement=agreement_out(room.newest) if room.newest else None,
        in_force=room.in_force.agreement.number if room.in_force else None,
        may=OffersOut(**room.offers),
    )
    show_version(response, told.version, told.model_dump_json())
    return told
