"""Permissions on a partnership. They decide what is offered; the database what is possible."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import (
    Agreement,
    Partnership,
    Party,
    Placement,
    Recommendation,
    SharingGrant,
)
from proxeny.partnerships.models.records import RoomRecord

State = Partnership.State


def party_managed(reader: Reader, parties: Iterable[Party]) -> Party | None:
    """Return the party for which the reader may sign, or None."""
    return next(
        (
            one
            for one in parties
            if one.organisation_id in reader.managed and one.state == Party.State.JOINED
        ),
        None,
    )


def party_at_desk(reader: Reader, parties: Iterable[Party]) -> Party | None:
    """Return the party that takes part and of which the reader is a manager or ambassador, or None."""
    return next(
        (
            one
            for one in parties
            if one.organisation_id in reader.desks and one.state == Party.State.JOINED
        ),
        None,
    )


def party_joined(reader: Reader, parties: Iterable[Party]) -> Party | None:
    """Return the party in which the reader holds a seat, or of which they are a member."""
    parties = list(parties)
    for mine in (reader.managed, reader.organisations, reader.clusters):
        for one in parties:
            if one.organisation_id in mine:
                return one
    return None


def signs(party: Party, agreement: Agreement) -> bool:
    """Whether a text needs a party's signature: all that take part sign, and one that joins.

    Letters of intent and bids are signed by the participants of the bid, party or not.
    """
    if agreement.kind in (Agreement.Kind.LETTER, Agreement.Kind.BID):
        return False
    joins = agreement.kind == Agreement.Kind.JOINING and agreement.subject == str(party.pk)
    return party.state == Party.State.JOINED or (party.state == Party.State.INVITED and joins)


def can_keep(
    reader: Reader, partnership: Partnership, parties: Iterable[Party], *, binding: bool = False
) -> bool:
    """Whether the reader may write records of the room: the team of a party, while it is active.

    With `binding`, its managers alone.
    """
    own = reader.managed if binding else reader.organisations
    return partnership.state == State.ACTIVE and any(
        one.organisation_id in own and one.state == Party.State.JOINED for one in parties
    )


def can_work_at_desk(reader: Reader, partnership: Partnership, parties: Iterable[Party]) -> bool:
    """Whether the reader decides as a manager or ambassador of a party, while it is active."""
    return partnership.state == State.ACTIVE and party_at_desk(reader, parties) is not None


def can_change(reader: Reader, record: RoomRecord) -> bool:
    """Whether a record is the reader's to change: a record of one side alone is its own."""
    noted_by = getattr(record, "noted_by_id", None)
    return noted_by is None or noted_by in reader.organisations


def is_for_company(advice: Recommendation) -> bool:
    """Whether a company is to act on a recommendation, and no party of the partnership."""
    return advice.addressee == Recommendation.Addressee.COMPANY


#: Recommendations that a party of the partnership is to act on.
FOR_PARTIES = ~Q(addressee=Recommendation.Addressee.COMPANY)


def is_of_assessment(advice: Recommendation) -> bool:
    """Whether a recommendation belongs to an assessment, which the room's history leaves out.

    All its people read that history, also those with a conflict of interest in the assessment.
    """
    return advice.source == Recommendation.Source.ASSESSMENT


def is_own_advice(reader: Reader, advice: Recommendation) -> bool:
    """Whether the reader represents the company that is to act on a recommendation."""
    return is_for_company(advice) and advice.organisation_id in reader.organisations


def acting_parties(advice: Recommendation, parties: Iterable[Party]) -> list[Party]:
    """Return the parties that are to act on a recommendation; none where a company is."""
    if is_for_company(advice):
        return []
    return [
        one
        for one in parties
        if one.state == Party.State.JOINED and advice.party_id in (None, one.pk)
    ]


def can_decide(reader: Reader, advice: Recommendation, parties: Iterable[Party]) -> bool:
    """Whether the reader decides on a recommendation: a manager of a side that is to act."""
    return can_decide_for(reader, acting_parties(advice, parties))


def can_decide_for(reader: Reader, parties: Iterable[Party]) -> bool:
    """Whether the reader is a manager of one of these parties."""
    return any(one.organisation_id in reader.managed for one in parties)


def sides_of(organisations: Iterable[int], parties: Iterable[Party]) -> set[int]:
    """Return the numbers of the parties of some organisations, of those that take part."""
    own = set(organisations)
    return {
        one.pk for one in parties if one.organisation_id in own and one.state == Party.State.JOINED
    }


def can_write_placement(reader: Reader, record: Placement, parties: Iterable[Party]) -> bool:
    """Whether the reader writes in a stay: the teams of the two sides."""
    return bool(sides_of(reader.organisations, parties) & {record.sender_id, record.host_id})


def can_agree_placement(reader: Reader, record: Placement, parties: Iterable[Party]) -> bool:
    """Whether the reader can agree to a stay: a manager of the side that did not write it."""
    return record.asked_id in sides_of(reader.managed, parties)


def can_close_placement(reader: Reader, record: Placement, parties: Iterable[Party]) -> bool:
    """Whether the reader writes the closing report: the team of the side that sends."""
    return record.sender_id in sides_of(reader.organisations, parties)


def can_reopen_placement(reader: Reader, record: Placement, parties: Iterable[Party]) -> bool:
    """Whether the reader opens a closed stay again: a manager of one of the two sides."""
    return bool(sides_of(reader.managed, parties) & {record.sender_id, record.host_id})


def can_propose(reader: Reader, organisation_id: int) -> bool:
    """Whether the reader may propose a partnership in an organisation's name."""
    return organisation_id in reader.managed


def can_lead(reader: Reader, partnership: Partnership) -> bool:
    """Whether the reader manages the cluster that proposes: edit, send and withdraw."""
    return partnership.lead_id in reader.managed


def can_sign(reader: Reader, partnership: Partnership, parties: Iterable[Party]) -> bool:
    """Whether the reader may sign, or propose another text, in the state as it is."""
    is_open = partnership.state in {State.PROPOSED, State.ACTIVE}
    return is_open and party_managed(reader, parties) is not None


def can_decline(reader: Reader, partnership: Partnership, parties: Iterable[Party]) -> bool:
    """Whether the reader may decline: a manager of another party than the proposing one."""
    others = [one for one in parties if one.organisation_id != partnership.lead_id]
    return partnership.state == State.PROPOSED and party_managed(reader, others) is not None


def can_end(reader: Reader, partnership: Partnership, parties: Iterable[Party]) -> bool:
    """Whether the reader may end the partnership: a manager of any party, while it is active."""
    return partnership.state == State.ACTIVE and party_managed(reader, parties) is not None


def needs_all_to_end(parties: Iterable[Party]) -> bool:
    """Whether it ends for all only once all have signed: an alliance of three or more."""
    return sum(one.state == Party.State.JOINED for one in parties) > 2


def can_read_ledger(reader: Reader, partnership: Partnership) -> bool:
    """Whether the reader sees what each side shares: people with a seat in one of the clusters."""
    return partnership.pk in reader.rooms


def is_shared(grant: SharingGrant, partnership: Partnership, *, today: date) -> bool:
    """Whether a grant holds: a partnership that has ended shares nothing any more."""
    return partnership.state == State.ACTIVE and grant.is_live(today=today)


def can_share(reader: Reader, partnership: Partnership, parties: Iterable[Party]) -> bool:
    """Whether the reader may share their own members with the partnership."""
    return can_end(reader, partnership, parties)
