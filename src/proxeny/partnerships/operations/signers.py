"""Required signatures of a text, existing ones, and the sides that a person signs for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from proxeny.directory.models import Organisation
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.delegation_queries import delegations_to
from proxeny.partnerships.models import Agreement, Delegation, Party, SignOff


@dataclass(frozen=True, slots=True)
class Beside:
    """An organisation that signs a text beside the parties; it has no party's number."""

    organisation: Organisation
    pk: None = None

    @property
    def organisation_id(self) -> int:
        """The organisation's number."""
        return int(self.organisation.pk)


#: Side that somebody signs for.
Side = Party | Beside


def signers(parties: Iterable[Party], agreement: Agreement) -> list[Party]:
    """Return the parties whose signatures a text needs."""
    return [one for one in parties if rules.signs(one, agreement)]


def sides_of(parties: Iterable[Party], agreement: Agreement) -> list[Side]:
    """Return all whose signatures a text needs. One query."""
    needed: list[Side] = [*signers(parties, agreement)]
    with as_service("An organisation that signs beside the parties may be hidden from the reader."):
        beside = agreement.signatories.select_related("organisation").order_by("pk")
        needed.extend(Beside(one.organisation) for one in beside)
    return needed


def own_side(actor: Reader, parties: Iterable[Party], agreement: Agreement) -> Side | None:
    """Return the side of a text for which somebody may sign, or None. One query."""
    needed = sides_of(parties, agreement)
    return next((one for one in needed if may_sign(actor, one)), None)


def may_sign(actor: Reader, side: Side) -> bool:
    """Whether the actor signs for a side: managers for a cluster, any member of a company."""
    is_company = isinstance(side, Beside) and not side.organisation.is_cluster
    return side.organisation_id in (actor.organisations if is_company else actor.managed)


def key_of(side: Side) -> tuple[int | None, int | None]:
    """Return the key of a signature: a party's number, or an organisation's."""
    return (side.pk, side.organisation_id if isinstance(side, Beside) else None)


def signed_by(agreement: Agreement) -> dict[tuple[int | None, int | None], int | None]:
    """Return the signers of a text, by the key of their signature. One query."""
    with as_service("Every signature counts, also of people whom the reader does not see."):
        found = SignOff.objects.filter(agreement=agreement)
        rows = found.values_list("party_id", "organisation_id", "person_id")
        return {(party, organisation): person for party, organisation, person in rows}


def delegated(
    agreement: Agreement, matter: str, mine: Side, needed: Iterable[Side], today: date
) -> dict[int, Delegation]:
    """Return for which parties a signature counts too, because they have delegated the matter."""
    if mine.pk is None or not matter:
        return {}
    waits = {one.pk for one in needed} - {party for party, _side in signed_by(agreement)}
    given = delegations_to(mine.pk, matter, today=today)
    return {giver: one for giver, one in given.items() if giver in waits}
