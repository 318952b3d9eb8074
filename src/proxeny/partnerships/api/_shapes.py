"""What several of the partnerships' routes take, and answer with."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from proxeny.kernel.api import In, Named, Out, show_version
from proxeny.kernel.errors import NotFound
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
Version = Annotated[int, Field(ge=0, le=2**31 - 1, description="0: there was none.")]
Side = Annotated[str, Field(pattern="^[A-Z]$", description="The letter of a party.")]


class PartyOut(Out):
    """A cluster in a partnership; sides are lettered in the order of joining."""

    side: str
    organisation: Named


class PartnershipFacts(Out):
    """What every answer says of a partnership."""

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
        """The query has loaded them along, in the order of their sides."""
        return list(found.parties.all())


class SignatureOut(Out):
    """One party under one text: who signed and when, or nobody yet."""

    side: str
    organisation: Named
    person_name: str | None
    signed_at: datetime | None


class AgreementOut(Out):
    """One version of the agreement. It binds once every party has signed this very text."""

    number: int
    text: str
    text_hash: str
    created_at: datetime
    is_complete: bool
    signatures: list[SignatureOut]


class OffersOut(Out):
    """What the caller may do with the partnership as it stands."""

    propose: bool
    sign: bool
    amend: bool
    decline: bool
    withdraw: bool
    end: bool
    share: bool


class PartnershipOut(PartnershipFacts):
    """A partnership. Members of its clusters see that there is one, and no text of it."""

    purpose: str
    reason: str
    agreement: AgreementOut | None = Field(description="The newest text.")
    in_force: int | None = Field(description="The number of the text that all have signed.")
    may: OffersOut


class WhyIn(In):
    """Why; the other side reads it."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


def enter(request: HttpRequest, partnership_id: int) -> Partnership:
    """Return a signed partnership in which the caller holds a seat; `NotFound` otherwise."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such partnership."))
    return queries.get_partnership(partnership_id)


def agreement_out(text: SignedText) -> AgreementOut:
    """Return one version with the signature of each party, or the lack of it."""
    agreement = text.agreement
    return AgreementOut(
        number=agreement.number, text=agreement.text, text_hash=agreement.text_hash,
        created_at=agreement.created_at, is_complete=text.is_complete,
        signatures=[
            SignatureOut(
                side=one.party.side,
                organisation=Named.model_validate(one.party.organisation),
                person_name=one.sign_off.person_name if one.sign_off else None,
                signed_at=one.sign_off.signed_at if one.sign_off else None,
            )
            for one in text.signatures
        ],
    )  # fmt: skip


def show_room(room: Room, response: HttpResponse) -> PartnershipOut:
    """Return a partnership with its ETag."""
    row = PartnershipRow.model_validate(room.partnership).model_dump()
    told = PartnershipOut(
        **row, purpose=room.partnership.purpose, reason=room.partnership.reason,
        agreement=agreement_out(room.newest) if room.newest else None,
        in_force=room.in_force.agreement.number if room.in_force else None,
        may=OffersOut(**room.offers),
    )  # fmt: skip
    show_version(response, told.version, told.model_dump_json())
    return told
