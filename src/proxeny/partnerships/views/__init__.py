"""Pages of partnerships."""

from proxeny.partnerships.views.deeds import (
    decline,
    end,
    propose,
    share,
    sign,
    unshare,
    withdraw,
)
from proxeny.partnerships.views.reading import list_partnerships, show, show_history
from proxeny.partnerships.views.writing import amend, create, edit

__all__ = [
    "amend",
    "create",
    "decline",
    "edit",
    "end",
    "list_partnerships",
    "propose",
    "share",
    "show",
    "show_history",
    "sign",
    "unshare",
    "withdraw",
]
