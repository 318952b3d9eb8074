"""Rules for inviting people and ending seats: what is offered; the database enforces the rest."""

from datetime import date

from proxeny.accounts.models import ApiToken, Invitation, Role, Seat
from proxeny.kernel.tenancy import Reader


def can_invite(
    reader: Reader, organisation_id: int, role: str, *, steward_id: int | None = None
) -> bool:
    """Managers fill any seat of their own; a cluster fills representatives' seats of its members."""
    if organisation_id in reader.managed:
        return True
    return role == Role.REPRESENTATIVE and steward_id is not None and steward_id in reader.managed


def can_fill(reader: Reader, seat: Seat | Invitation) -> bool:
    """Return whether the reader may fill a seat.

    Includes handing it over, setting its days, and withdrawing its invitation.
    """
    steward_id = seat.organisation.steward_id
    return can_invite(reader, seat.organisation_id, seat.role, steward_id=steward_id)


def can_end_seat(reader: Reader, seat: Seat) -> bool:
    """Return whether the reader may end a seat; everybody may leave their own."""
    return seat.person_id == reader.person or can_fill(reader, seat)


def can_act_through(reader: Reader, seat: Seat, *, today: date) -> bool:
    """Whether a program may be let in for a seat: the reader's own, and a live one."""
    is_live = seat.starts_on <= today and (seat.ends_on is None or seat.ends_on >= today)
    return is_live and seat.person_id == reader.person


def can_revoke_token(reader: Reader, token: ApiToken) -> bool:
    """Its holder may, and the managers of the organisation for which it acts."""
    return token.person_id == reader.person or token.seat.organisation_id in reader.managed


def can_erase_contact(
    reader: Reader, organisation_id: int, *, steward_id: int | None = None
) -> bool:
    """Managers of the organisation, and of the cluster that keeps its entry."""
    return organisation_id in reader.managed or steward_id in reader.managed
