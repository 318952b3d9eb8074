"""Stopping an upload that is too large while it streams in, before it fills the disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from proxeny.kernel.plain_text import clean_form

View = Callable[..., HttpResponse]


class SizeGuard(FileUploadHandler):
    """Ends an upload at the first byte beyond `most` and notes on the request that it did.

    The rest of the body is read and thrown away, so that the browser shows our sentence and not a
    broken connection.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self._sender: Any = request
        self._most = most
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and pass the chunk on to the handlers that keep it."""
        self._taken += len(raw_data)
        if self._taken > self._most:
            sent = int(self._sender.META.get("CONTENT_LENGTH") or 0)
            self._sender.upload_too_large = max(sent, self._most + 1)
            raise StopUpload
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""
        return


def watching_size(most: int) -> Callable[[View], View]:
    """Have a view limit the size of its request body while that streams in.

    The token against forged forms is in the body, and checked once the size is known.
    """

    def watched(view: View) -> View:
        @wraps(view)
        def cleaned(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            clean_form(request)
            return view(request, *args, **kwargs)

        checked = csrf_protect(cleaned)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.upload_handlers.insert(0, SizeGuard(request, most=most))
            return checked(request, *args, **kwargs)

        return guarded

    return watched
