"""Private pages that a browser may keep, but must revalidate before showing them.

Such a page is built for each reader, and no shared cache may keep it. The browser's own copy is
shown only after it has asked here: the reader, their rights and the content are checked each time,
and only if nothing has changed, the answer is 304 without a body.
"""

from functools import cache
from hashlib import blake2b
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

import proxeny
from proxeny.kernel.tenancy import STRANGER, Reader

#: Session data that no page shows: the time of its last recorded use.
NOT_SHOWN = frozenset({"seen_at"})


def tag_of(request: HttpRequest, *parts: object) -> str:
    """Return a weak ETag of a page, equal only where the reader would see the same page again.

    It covers the address, the language, the program version, the reader with all rights, the
    session with its data, the browser's CSRF secret, and `parts`: the content of the page itself.
    Weak, because the bytes differ each time: the CSRF token is masked differently on every
    response.

    Returns an empty text where a page must not be kept: it shows a one-time message, or is a part
    of a page that a script asked for.
    """
    if len(get_messages(request)) or getattr(request, "htmx", False):
        return ""
    if "CSRF_COOKIE" not in request.META:
        # Its secret is made now: the page that is drawn next would make it.
        get_token(request)
    session = {name: value for name, value in request.session.items() if name not in NOT_SHOWN}
    reader: Reader = getattr(request, "reader", STRANGER)
    # A reader's text names every field: rights, name, seat, language, zone, unread notices.
    told = (
        request.get_full_path(),
        get_language(),
        _program(),
        repr(reader),
        sorted(session.items()),
        request.session.session_key,
        request.META.get("CSRF_COOKIE"),
        parts,
    )
    return f'W/"{blake2b(repr(told).encode(), digest_size=16).hexdigest()}"'


@cache
def _program() -> tuple[str, str]:
    """Return what changes when pages of the same content look otherwise: version and files."""
    return proxeny.__version__, str(getattr(staticfiles_storage, "manifest_hash", ""))


def has_kept(request: HttpRequest, tag: str) -> bool:
    """Return whether the browser has kept the page of this tag, and asks about it."""
    asked = request.headers.get("If-None-Match", "")
    return bool(tag) and tag in (one.strip() for one in asked.split(","))


def let_keep(response: HttpResponse, tag: str) -> HttpResponse:
    """Let the reader's own browser keep the page, to be asked about each time it is shown.

    Without a tag the page stays as every private page is: kept nowhere.
    """
    if tag:
        response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        setattr(response, _MARK, True)
    return response


def answer_unchanged(tag: str) -> HttpResponse:
    """Return a 304 response without a body: the reader's copy of the page is current."""
    return let_keep(HttpResponseNotModified(), tag)


_MARK = "kept_by_its_reader"


def is_kept(response: Any) -> bool:
    """Return whether a page was given to its reader's browser to keep."""
    return bool(getattr(response, _MARK, False))
