"""Pages as PDF: laid out by WeasyPrint from a template, with our own fonts and nothing from outside."""

import logging
import mimetypes
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ctypes.util import find_library
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict

logger = logging.getLogger(__name__)
#: No such host: what is asked of it is one of our own static files.
_STATIC = "https://static.invalid/"


def write_pdf(
    template: str, context: Mapping[str, Any], *, title: str, languages: Iterable[str] = ()
) -> bytes:
    """Return a document as tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template : str
        The document's body. It stands once for each language, each on new pages.
    context : mapping
        What the body is made of. What is told in a language is asked for in it: lazy texts, or a
        callable, which is called once for each language and returns what to add.
    title : str
        Of the file, as a reader's window shows it.
    languages : iterable of str
        In this order; the reader's if there are none.

    Raises
    ------
    Conflict
        The libraries that lay out text are missing on this machine.
    """
    weasyprint, fetcher = _load()
    parts = []
    for language in list(languages) or [get_language() or settings.LANGUAGE_CODE]:
        with override(language):
            told = {name: one() if callable(one) else one for name, one in context.items()}
            parts.append({
                "language": language,
                "direction": "rtl" if get_language_bidi() else "ltr",
                "body": _isolate(render_to_string(template, told)),
            })  # fmt: skip
    whole = render_to_string("web/pdf.html", {"title": title, "parts": parts, "first": parts[0]})
    document = weasyprint.HTML(string=whole, base_url=_STATIC, url_fetcher=fetcher)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


def answer_pdf(name: str, content: bytes) -> HttpResponse:
    """Return a PDF as a download; `name` without its ending."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def can_make_pdf() -> bool:
    """Say whether the system has the libraries that lay out text; loads none of them."""
    return all(find_library(name) for name in ("pango-1.0", "pangoft2-1.0"))


def _isolate(body: str) -> str:
    # WeasyPrint knows no `unicode-bidi: isolate`; Unicode's own signs for it do the same.
    return body.replace("<bdi>", "<bdi>\u2068").replace("</bdi>", "\u2069</bdi>")


def _load() -> tuple[Any, Any]:
    # Here, not above: it takes a second to load, and looks for libraries of the system.
    try:
        import weasyprint
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        logger.exception("Pango is missing: no PDF can be made")
        raise Conflict(
            _("This server cannot make a PDF: its administrator has to install Pango. The page"
              " itself can be printed.")
        ) from error  # fmt: skip

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Gives our own static files alone, whatever somebody wrote into a text."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = None
            if url.startswith(_STATIC):
                with suppress(SuspiciousFileOperation):  # a path that climbs out
                    path = finders.find(url.removeprefix(_STATIC))
            if not isinstance(path, str):
                raise ValueError(f"not one of our own files: {url[:200]}")
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            content = unpack_font(path) if path.endswith(".woff2") else Path(path).read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return weasyprint, OwnFiles()


@cache
def unpack_font(path: str) -> bytes:
    """Return a WOFF2 font as a plain one: unpacking takes longer than laying out a report."""
    from fontTools.ttLib import woff2

    plain = BytesIO()
    with Path(path).open("rb") as packed:
        woff2.decompress(packed, plain)
    return plain.getvalue()
