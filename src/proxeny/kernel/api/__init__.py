"""Foundations of the whole API: tokens with scopes, problems, pages, versions, limits.

Each capability's `api.py` has one router made by `scoped_router`; `config.api` puts them together.
"""

from proxeny.kernel.api.access import AREAS, Key, TokenAuth, scoped_router
from proxeny.kernel.api.errors import PreconditionFailed, PreconditionRequired
from proxeny.kernel.api.pages import Cursor, in_pages
from proxeny.kernel.api.schemas import Email, Id, In, Named, Out, exact, unsent
from proxeny.kernel.api.versions import IfMatch, IfMatchWhereSent, match_version, show_version

__all__ = [
    "AREAS",
    "Cursor",
    "Email",
    "Id",
    "IfMatch",
    "IfMatchWhereSent",
    "In",
    "Key",
    "Named",
    "Out",
    "PreconditionFailed",
    "PreconditionRequired",
    "TokenAuth",
    "exact",
    "in_pages",
    "match_version",
    "scoped_router",
    "show_version",
    "unsent",
]
