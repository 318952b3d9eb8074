"""Response helpers for pages: refusals as 404, 403 or a form error, sign-in where it is needed."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from proxeny.kernel.errors import NotAllowed, NotFound, ProxenyError
from proxeny.kernel.tenancy import STRANGER

#: Rows on a page of a list: as many as a phone shows without a long way down.
PAGE_SIZE = 10


def answering[R: HttpResponseBase](view: Callable[..., R]) -> Callable[..., R]:
    """Answer `NotFound` with 404 and `NotAllowed` with 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> R:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return guarded


def for_people[R: HttpResponseBase](
    view: Callable[..., R],
) -> Callable[..., R | HttpResponse]:
    """Let only signed-in people in, and answer refusals as `answering` does."""
    inner = answering(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> R | HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if getattr(request, "reader", STRANGER).is_stranger:
            # A sign-in without a person; sending it to sign in would go round in circles.
            raise PermissionDenied
        return inner(request, *args, **kwargs)

    return guarded


def lead_on(request: HttpRequest, address: str) -> HttpResponse:
    """Send a polling part of a page to the page that reports the result, once the wait is over.

    A reader who is already on that page gets it refreshed at the same scroll position; anyone else
    is redirected.
    """
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if here.path == urlsplit(address).path and here.netloc == request.get_host():
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(headers={"HX-Redirect": address})


def secretly[R: HttpResponseBase](view: Callable[..., R]) -> Callable[..., R]:
    """Keep the secret address of a page from leaking to caches, referrers and search engines."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> R:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        # Not `no-referrer`: a browser then hides from us where a form came from, too.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


def show_refusal(form: forms.Form, error: ProxenyError) -> None:
    """Write a refusal beside the field it belongs to, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def page_of(
    rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, *, size: int = PAGE_SIZE
) -> Page[Any]:
    """Return the page of rows that `?page=` names; a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def read_number(text: str | None) -> int:
    """Return a whole number that an address or a form names; 0 where there is none that a row has."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def page_links(request: HttpRequest, number: int, *, has_next: bool) -> dict[str, str]:
    """Return the addresses of the pages before and after one as `prev_url` and `next_url`.

    Empty where there is none.
    """
    return {
        "prev_url": address_with(request, page=number - 1) if number > 1 else "",
        "next_url": address_with(request, page=number + 1) if has_next else "",
    }


def sort_links(
    request: HttpRequest, names: Iterable[str], *, now: str
) -> dict[str, dict[str, str]]:
    """Return the address that sorts by each name, and the direction of the list as sorted `now`.

    Choosing the current sort again reverses the order: the name is then written as `-name`.
    """
    return {
        name: {
            "url": address_with(request, sort=f"-{name}" if now == name else name, page=None),
            "direction": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
        }
        for name in names
    }


def address_with(request: HttpRequest, **changes: object) -> str:
    """Return this page's address with some query parameters changed (None or empty: taken away)."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
