"""Who may invite whom, and end which seat. What is offered; the database decides what is possible."""

from proxeny.accounts.models import Role, Seat
from proxeny.kernel.tenancy import Reader


def can_invite(
    reader: Reader, organisation_id: int, role: str, *, steward_id: int | None = None
) -> bool:
    """Managers fill any seat of their own; a cluster fills representatives' seats of its members."""
    if organisation_id in reader.managed:
        return True
    return role == Role.REPRESENTATIVE and steward_id is not None and steward_id in reader.managed


def can_end_seat(reader: Reader, seat: Seat, *, steward_id: int | None = None) -> bool:
    """Who may invite to a seat may end it; everybody may leave their own."""
    if seat.person_id == reader.person:
        return True
    return can_invite(reader, seat.organisation_id, seat.role, steward_id=steward_id)
