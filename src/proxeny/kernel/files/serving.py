"""Giving a kept file to a browser: to be saved, never to be shown or run on the site."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from proxeny.kernel.models import StoredFile


def answer_file(file: StoredFile) -> HttpResponse:
    """Return a file as a download.

    Whatever its content is after all, the browser saves it under its own name and does not guess
    at its kind; opened in a tab nevertheless, it is in an empty sandbox that may load nothing.
    """
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
