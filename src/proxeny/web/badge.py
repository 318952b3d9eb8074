"""The number at the home entry of the navigation: how many things wait for the reader.

It is kept for a minute in a cookie of the reader's browser, so that pages cost no query more. That
is right because the number is only a hint: the home page counts again each time. What the
reader does themselves drops it at once, whichever process answers; of what others do, a minute
later is early enough. The cookie names the person, so that nobody reads another's number after
signing in on the same browser; changing one's own cookie fools no one else.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "waiting"
KEPT_S = 60
_SAFE = ("GET", "HEAD", "OPTIONS")


def kept_count(request: HttpRequest, person: int | None) -> int | None:
    """Return the number that the browser keeps, or None."""
    owner, _colon, count = request.COOKIES.get(COOKIE, "").partition(":")
    is_own = person is not None and owner == str(person)
    return int(count) if is_own and count.isascii() and count.isdecimal() else None


def keep_count(response: HttpResponse, person: int | None, count: int) -> None:
    """Have the browser keep the number for a minute."""
    response.set_cookie(
        COOKIE,
        f"{person}:{count}",
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class CountMiddleware:
    """Drop the number after whatever somebody does: it may be another now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        response = self.get_response(request)
        if request.method not in _SAFE and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
