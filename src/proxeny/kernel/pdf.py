"""Pages as PDF: laid out by WeasyPrint from a template, with our own fonts and nothing from outside."""

import logging
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
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

from proxeny.kernel.downloads import disposition
from proxeny.kernel.errors import Conflict

logger = logging.getLogger(__name__)
#: No such host: what is asked of it is one of our own static files.
_STATIC = "https://static.invalid/"
_BASE = "css/pdf.css"


def write_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    languages: Iterable[str] = (),
    styles: Sequence[str] = (),
) -> bytes:
    """Return a document as tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template : str
        The document's body, rendered once for each language, each on new pages.
    context : mapping
        Data for the body. Language-dependent values are lazy texts, or come from a callable,
        which is called once for each language and returns additional context.
    title : str
        Title of the file, as a PDF viewer shows it.
    languages : iterable of str
        Languages in order; the reader's if there are none.
    styles : sequence of str
        Static paths of the template's own stylesheets, on top of `css/pdf.css`.

    Raises
    ------
    Conflict
        The libraries that lay out text are missing on this machine.
    FileNotFoundError
        A stylesheet or a font is missing: without it, a page would be created but look broken.
    """
    weasyprint, fetcher = _load()
    parts = []
    for language in list(languages) or [get_language() or settings.LANGUAGE_CODE]:
        with override(language):
            told = {name: one() if callable(one) else one for name, one in context.items()}
            parts.append(
                {
                    "language": language,
                    "direction": "rtl" if get_language_bidi() else "ltr",
                    "body": _isolate(render_to_string(template, told)),
                }
            )
    context = {"title": title, "parts": parts, "first": parts[0], "styles": [_BASE, *styles]}
    whole = render_to_string("web/pdf.html", context)
    document = weasyprint.HTML(string=whole, base_url=_STATIC, url_fetcher=fetcher)
    content = bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))
    if fetcher.missing:
        raise FileNotFoundError(f"not among the static files: {', '.join(fetcher.missing)}")
    return content


def answer_pdf(name: str, content: bytes) -> HttpResponse:
    """Return a PDF as a download; `name` without its ending."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = disposition(f"{name}.pdf")
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
            _(
                "This server can’t create PDFs: its administrator has to install Pango. You can "
                "print the page itself."
            )
        ) from error

    class OwnFiles(URLFetcher):
        """Gives our own static files alone, whatever somebody wrote into a text."""

        missing: list[str]

        def __init__(self) -> None:
            super().__init__()
            self.missing = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = None
            if url.startswith(_STATIC):
                with suppress(SuspiciousFileOperation):  # a path that climbs out
                    path = finders.find(url.removeprefix(_STATIC))
            if not isinstance(path, str):
                # WeasyPrint only warns, and goes on without it. People's texts name no such files.
                if url.startswith(_STATIC) and url.endswith((".css", ".woff2")):
                    self.missing.append(url.removeprefix(_STATIC))
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
