"""Telling people, and how they want to be told."""

from proxeny.notices.operations.choosing import (
    choose_hours,
    choose_less,
    choose_way,
    choose_ways,
    read_token,
)
from proxeny.notices.operations.digests import Overview, Waiting, write_digest
from proxeny.notices.operations.reading import read_all, read_notice, unread_notice
from proxeny.notices.operations.telling import is_told, tell

__all__ = [
    "Overview",
    "Waiting",
    "choose_hours",
    "choose_less",
    "choose_way",
    "choose_ways",
    "is_told",
    "read_all",
    "read_notice",
    "read_token",
    "tell",
    "unread_notice",
    "write_digest",
]
