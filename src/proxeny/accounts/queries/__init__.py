"""Queries for people, seats and invitations, and for a reader's rights."""

from proxeny.accounts.queries.hashing import (
    find_by_secret,
    hash_token,
)
from proxeny.accounts.queries.invitations import (
    OrganisationChoice,
    find_invitation,
    get_invitation,
    get_open_invitation,
    get_steward_id,
    is_being_handed_over,
    list_choices,
    list_open_invitations,
)
from proxeny.accounts.queries.people import (
    find_account_of_address,
    find_account_to_sign_in,
    get_feed,
    get_person_of_feed,
    get_profile,
    has_sign_in,
    is_connected,
    names_of,
    owns_address,
)
from proxeny.accounts.queries.readers import (
    find_account,
    find_key,
    get_reader_of_person,
    load_reader,
    load_team,
)
from proxeny.accounts.queries.seats import (
    SEAT_SORTS,
    find_ended_seat,
    get_listed_seat,
    get_seat,
    list_seats,
    live_seats,
    managers_of,
    open_seats,
    table_of_seats,
)
from proxeny.accounts.queries.senders import (
    written_by,
)

__all__ = [
    "SEAT_SORTS",
    "OrganisationChoice",
    "find_account",
    "find_account_of_address",
    "find_account_to_sign_in",
    "find_by_secret",
    "find_ended_seat",
    "find_invitation",
    "find_key",
    "get_feed",
    "get_invitation",
    "get_listed_seat",
    "get_open_invitation",
    "get_person_of_feed",
    "get_profile",
    "get_reader_of_person",
    "get_seat",
    "get_steward_id",
    "has_sign_in",
    "hash_token",
    "is_being_handed_over",
    "is_connected",
    "list_choices",
    "list_open_invitations",
    "list_seats",
    "live_seats",
    "load_reader",
    "load_team",
    "managers_of",
    "names_of",
    "open_seats",
    "owns_address",
    "table_of_seats",
    "written_by",
]
