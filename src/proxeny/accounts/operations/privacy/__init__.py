"""Requests about a person's own data: a copy of all of it, and erasure."""

from proxeny.accounts.operations.privacy.asking import (
    CHANGE_OF_MIND,
    announce_idle,
    ask_contact_erasure,
    ask_erasure,
    start_due_erasures,
    withdraw_erasure,
)
from proxeny.accounts.operations.privacy.data import (
    LARGE,
    collect_data,
    download_data,
    prepare_data,
    read_own_kinds,
)
from proxeny.accounts.operations.privacy.erasing import carry_out_erasure

__all__ = [
    "CHANGE_OF_MIND",
    "LARGE",
    "announce_idle",
    "ask_contact_erasure",
    "ask_erasure",
    "carry_out_erasure",
    "collect_data",
    "download_data",
    "prepare_data",
    "read_own_kinds",
    "start_due_erasures",
    "withdraw_erasure",
]
