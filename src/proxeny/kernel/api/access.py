"""Authentication of API requests: a token acts for one seat of one person, within its scopes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer

from proxeny.kernel.api.errors import ScopeMissing
from proxeny.kernel.tenancy import Reader

#: The parts of the product that a token can be let into, each to read or to write.
AREAS = (
    "people",
    "notices",
    "directory",
    "partnerships",
    "desk",
    "assessments",
    "research",
    "calls",
    "bids",
    "alliances",
    "labels",
    "insight",
    "meetings",
    "events",
    "work",
    "webhooks",
)
SCOPES = tuple(f"{area}:{right}" for area in AREAS for right in ("read", "write"))

_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Key:
    """A token that was presented and holds: its id, its scopes, and who it reads as."""

    token_id: int
    scopes: frozenset[str]
    reader: Reader


class TokenAuth(HttpBearer):
    """Asks for a bearer token with the scope of the area: `area:read` by GET, else `area:write`.

    The middleware has looked the token up already, in the gate's role; this compares scopes.
    """

    def __init__(self, area: str) -> None:
        if area not in AREAS:
            raise ValueError(f"{area!r} is not one of {AREAS}.")
        self.area = area
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Key | None:
        """Return the key, or None (401) when there is no such token."""
        key: Key | None = getattr(request, "api_key", None)
        if key is None:
            return None
        scope = f"{self.area}:{'read' if request.method in _SAFE else 'write'}"
        if scope not in key.scopes:
            raise ScopeMissing(_("This token lacks the scope %(scope)s.") % {"scope": scope})
        return key


class ScopedRouter(Router):
    """A router whose routes all need a token with the area's scope, and say so in OpenAPI."""

    def __init__(self, area: str, *, tag: str) -> None:
        super().__init__(auth=TokenAuth(area), tags=[tag])
        self.area = area

    def add_api_operation(
        self, path: str, methods: list[str], view_func: Any, **options: Any
    ) -> None:
        """Add a route; ninja calls this for each decorated function."""
        right = "read" if _SAFE.issuperset(methods) else "write"
        extra = options.pop("openapi_extra", None) or {}
        options["openapi_extra"] = {"x-scope": f"{self.area}:{right}", **extra}
        super().add_api_operation(path, methods, view_func, **options)


def scoped_router(area: str, *, tag: str) -> ScopedRouter:
    """Return the router of one capability."""
    return ScopedRouter(area, tag=tag)
