"""Texts signed by the partners of a bid: the whole bid, and the letters of intent."""

from collections.abc import Iterable
from dataclasses import dataclass

from proxeny.bids.models import Bid, Partner
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Signatory, SignOff

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Signer:
    """An organisation whose signature a text needs, and its signature, if any."""

    organisation_id: int
    name: str
    is_cluster: bool
    sign_off: SignOff | None

    def is_for(self, reader: Reader) -> bool:
        """Return whether the reader signs for it: managers of a cluster, any seat of a company."""
        return self.organisation_id in (reader.managed if self.is_cluster else reader.organisations)


@dataclass(frozen=True, slots=True)
class BidText:
    """A text sent to the partners of a bid for signature.

    Attributes
    ----------
    refused_by : str
        The partner that refused to sign; empty if none did.
    """

    agreement: Agreement
    signers: tuple[Signer, ...]
    refused_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether it waits for signatures."""
        return self.agreement.completed_at is None and self.agreement.closed_at is None

    @property
    def holds(self) -> bool:
        """Whether all have signed it, and nothing changed since."""
        return self.agreement.completed_at is not None and self.agreement.closed_at is None

    @property
    def unsigned(self) -> list[Signer]:
        """The signers that have not signed."""
        return [one for one in self.signers if one.sign_off is None]

    def to_sign(self, reader: Reader) -> list[Signer]:
        """Return those that the reader can still sign for, of a pending text."""
        return [one for one in self.unsigned if one.is_for(reader)] if self.waits else []


def text_of(bid: Bid, partners: Iterable[Partner]) -> BidText | None:
    """Return the newest text that was put before the partners; None if none was.

    One query without a text, three with one, and one more if it was closed.
    """
    found = Agreement.objects.filter(
        partnership_id=bid.partnership_id, kind=Kind.BID, subject=str(bid.pk)
    )
    agreement = found.order_by("-number").prefetch_related("sign_offs").first()
    if agreement is None:
        return None
    known = {one.organisation_id: one.name for one in partners}
    signed = {one.organisation_id: one for one in agreement.sign_offs.all()}
    signers = tuple(
        Signer(
            one.organisation_id,
            known.get(one.organisation_id) or one.organisation.name,
            one.organisation.is_cluster,
            signed.get(one.organisation_id),
        )
        for one in _signatories(agreement)
    )
    return BidText(agreement, signers, _refused_by(agreement, signers))


def _signatories(agreement: Agreement) -> list[Signatory]:
    """Return the signers; read as the service, since the text names them all to its readers."""
    with as_service("A text names all its signers to its readers, even those hidden from them."):
        rows = Signatory.objects.filter(agreement=agreement).select_related("organisation")
        return list(rows.order_by("pk"))


def _refused_by(agreement: Agreement, signers: Iterable[Signer]) -> str:
    if agreement.closed_at is None or agreement.completed_at is not None:
        return ""
    deeds = AuditEntry.objects.filter(
        verb="close_text", target=agreement._meta.label_lower, target_id=agreement.pk
    )
    who = deeds.values_list("organisation_id", flat=True).first()
    return next((one.name for one in signers if one.organisation_id == who), "")


def signed_letters_of(partners: Iterable[Partner]) -> set[int]:
    """Return the partners, by number, with a valid signed letter of intent. One query."""
    known = {str(one.pk): one.partnership_id for one in partners}
    found = Agreement.objects.filter(
        partnership_id__in=set(known.values()),
        kind=Kind.LETTER,
        subject__in=known,
        completed_at__isnull=False,
        closed_at=None,
    )
    return {int(one) for one in found.values_list("subject", flat=True)}


def name_bids(subjects: set[str]) -> dict[str, str]:
    """Return the names of bids, by their numbers as text; read as the service."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    return {str(one.pk): str(one) for one in Bid.objects.filter(pk__in=numbers)}
