"""Giving a kept file to a browser: to be saved, never to be shown or run on the site."""

from typing import Protocol

from django.http import HttpResponse, HttpResponseBase

from proxeny.kernel.downloads import disposition


class KeptFile(Protocol):
    """A file that was checked and kept, in whichever table."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def content(self) -> bytes | memoryview: ...


def answer_file(file: KeptFile) -> HttpResponse:
    """Return a file as a download."""
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    have_saved(response, file.name)
    return response


def have_saved(response: HttpResponseBase, name: str, *, is_public: bool = False) -> None:
    """Have a browser save a response, and neither show nor run it.

    Whatever its content is after all, it is saved under its own name, and nobody guesses at its
    kind; opened in a tab nevertheless, it is in an empty sandbox that may load nothing.

    Parameters
    ----------
    is_public : bool
        Whether anybody may have it: then caches on the way may keep it, and other sites use it.
    """
    response["Content-Disposition"] = disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
