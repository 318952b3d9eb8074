"""Operations on people, seats, invitations and profiles."""

from proxeny.accounts.operations.arrivals import (
    accept_invitation,
    add_first_manager,
    create_holder,
    create_manager,
    password_link,
)
from proxeny.accounts.operations.invitations import (
    INVITATION_DAYS,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from proxeny.accounts.operations.profile import (
    change_profile,
    follow_changed_address,
    renew_feed,
    revoke_feed,
)
from proxeny.accounts.operations.seats import end_seat, hand_over_seat, restore_seat, set_last_day
from proxeny.accounts.operations.sessions import end_other_sessions, end_session, note_visit

__all__ = [
    "INVITATION_DAYS",
    "accept_invitation",
    "add_first_manager",
    "change_profile",
    "create_holder",
    "create_manager",
    "end_other_sessions",
    "end_seat",
    "end_session",
    "follow_changed_address",
    "hand_over_seat",
    "invite_person",
    "note_visit",
    "password_link",
    "renew_feed",
    "resend_invitation",
    "restore_seat",
    "revoke_feed",
    "set_last_day",
    "withdraw_invitation",
]
