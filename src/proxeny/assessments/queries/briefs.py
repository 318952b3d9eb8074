"""The brief of an engagement: its text and its signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from proxeny.assessments.models import Engagement
from proxeny.assessments.rules import is_client
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Party, SignOff
from proxeny.partnerships.queries import SignedText, list_agreed
from proxeny.partnerships.rules import party_managed


@dataclass(frozen=True, slots=True)
class Brief:
    """The newest text of a brief, as one reader sees it."""

    text: SignedText
    may_sign: bool

    #: The company that asked.
    client_id: int

    @property
    def client(self) -> SignOff | None:
        """The company's signature."""
        return self.text.beside.get(self.client_id)

    @property
    def is_open(self) -> bool:
        """Whether it waits for signatures."""
        return self.text.agreement.closed_at is None and self.text.agreement.completed_at is None

    @property
    def is_signed(self) -> bool:
        """Whether all have signed it."""
        return self.text.agreement.completed_at is not None

    @property
    def refused_why(self) -> str:
        """The reason for its refusal; empty if it was not refused."""
        return self.text.agreement.closed_why


def brief_of(reader: Reader, engagement: Engagement, parties: Sequence[Party]) -> Brief | None:
    """Return the newest text sent for signature; None if there is none. At most five queries."""
    seen = set(
        Agreement.objects.filter(
            partnership_id=engagement.partnership_id,
            kind=Agreement.Kind.BRIEF,
            subject=str(engagement.pk),
        ).values_list("pk", flat=True)
    )
    if not seen:
        return None
    with as_service("A reader of the brief reads its signatures, even if its parties are hidden."):
        found = list_agreed(engagement.partnership, Agreement.Kind.BRIEF, str(engagement.pk))
    newest = next(one for one in found if one.agreement.pk in seen)
    return Brief(newest, _may_sign(reader, engagement, newest, parties), engagement.client_id)


def _may_sign(
    reader: Reader, engagement: Engagement, text: SignedText, parties: Sequence[Party]
) -> bool:
    if text.agreement.closed_at or text.agreement.completed_at:
        return False
    signers = {one.sign_off.person_id for one in text.signatures if one.sign_off}
    signers |= {one.person_id for one in text.beside.values()}
    if reader.person in signers:
        return False
    if is_client(reader, engagement) and engagement.client_id not in text.beside:
        return True
    mine = party_managed(reader, parties)
    return mine is not None and not text.has_signed(mine)
