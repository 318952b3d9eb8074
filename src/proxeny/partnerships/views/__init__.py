"""Pages of partnerships."""

from proxeny.partnerships.views.actions import (
    decline,
    end,
    propose,
    sign,
    withdraw,
)
from proxeny.partnerships.views.ledger import show_ledger
from proxeny.partnerships.views.reading import (
    list_partnerships,
    show,
    show_history,
    show_papers,
)
from proxeny.partnerships.views.sharing import (
    change_sharing,
    open_file,
    remove_file,
    share,
    share_again,
    share_file,
    share_member,
    share_start,
    unshare,
)
from proxeny.partnerships.views.writing import amend, create, edit

__all__ = [
    "amend",
    "change_sharing",
    "create",
    "decline",
    "edit",
    "end",
    "list_partnerships",
    "open_file",
    "propose",
    "remove_file",
    "share",
    "share_again",
    "share_file",
    "share_member",
    "share_start",
    "show",
    "show_history",
    "show_ledger",
    "show_papers",
    "sign",
    "unshare",
    "withdraw",
]
