"""Operations that change an event: one use case per file."""

from proxeny.events.operations.days import NewTable, set_days, set_tables
from proxeny.events.operations.groups import NewGroup, set_groups, set_rules
from proxeny.events.operations.invite import invite_members, remind_participants
from proxeny.events.operations.participation import (
    Registration,
    check_in,
    register,
    update_registration,
    withdraw_participation,
)
from proxeny.events.operations.requests import clear_request, set_request
from proxeny.events.operations.setup import EventFacts, create_event, update_event
from proxeny.events.operations.states import (
    cancel_event,
    close_requests,
    finish_event,
    open_event,
    reopen_requests,
)

__all__ = [
    "EventFacts",
    "NewGroup",
    "NewTable",
    "Registration",
    "cancel_event",
    "check_in",
    "clear_request",
    "close_requests",
    "create_event",
    "finish_event",
    "invite_members",
    "open_event",
    "register",
    "remind_participants",
    "reopen_requests",
    "set_days",
    "set_groups",
    "set_request",
    "set_rules",
    "set_tables",
    "update_event",
    "update_registration",
    "withdraw_participation",
]
