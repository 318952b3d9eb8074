"""A request as the views and the API get it, with what the middleware found out about it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from proxeny.kernel.tenancy import Reader

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from proxeny.kernel.api.access import Key


class Request(HttpRequest):
    """A request with its reader. For annotations alone: Django makes the object.

    Attributes
    ----------
    reader : Reader
        Who asks, and what they may see; a stranger where nobody is signed in.
    htmx : HtmxDetails
        Whether a part of a page is asked for, and by which one. Pages only.
    api_key : Key or None
        The token of a program. API only.
    auth : Key
        The same, once a route has asked for it and its scopes do. API only.
    has_failed : bool
        A view has failed, so that nothing it wrote may stay. Set then only, and on pages only.
    """

    reader: Reader
    htmx: "HtmxDetails"
    api_key: "Key | None"
    auth: "Key"
    has_failed: bool
