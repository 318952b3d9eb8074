"""Operations on notifications and their settings."""

from proxeny.notices.operations.choosing import (
    choose_hours,
    choose_less,
    choose_way,
    choose_ways,
    read_token,
)
from proxeny.notices.operations.digests import Overview, write_digest
from proxeny.notices.operations.notify import is_told, tell
from proxeny.notices.operations.reading import read_about, read_all, read_notice, unread_notice

__all__ = [
    "Overview",
    "choose_hours",
    "choose_less",
    "choose_way",
    "choose_ways",
    "is_told",
    "read_about",
    "read_all",
    "read_notice",
    "read_token",
    "tell",
    "unread_notice",
    "write_digest",
]
