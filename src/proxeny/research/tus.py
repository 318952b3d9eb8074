"""Uploads as the tus protocol has them (tus.io, 1.0.0), for browsers and programs alike.

Core, creation, termination and expiration. A whole file's SHA-256 may be announced in the metadata
(`sha256`); it is compared before anything is made of the file.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from proxeny.kernel.api.limits import LARGEST_PIECE, PIECE
from proxeny.kernel.api.problems import problem, problem_of
from proxeny.kernel.errors import InvalidInput, ProxenyError
from proxeny.kernel.requests import Request
from proxeny.research.operations import uploads
from proxeny.research.operations.unreferenced_bytes import PATIENCE

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
_LONGEST_METADATA = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """The target of an upload request, and its addresses.

    Attributes
    ----------
    package_id : int or None
        None: a study from elsewhere.
    address : callable
        The address of an upload, from its key.
    made : callable
        The address of the row created from an upload.
    may_take : bool
        Whether asking for the progress of a complete upload may also process it.
    """

    partnership_id: int
    package_id: int | None
    address: Callable[[str], str]
    made: Callable[[Any], str]
    may_take: bool = True


class _Unfit(ProxenyError):
    """A request that is none of the protocol, with the protocol's status for it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def speaking[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Have a view say what it refuses as a problem document, and the protocol's headers each time."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(*args, **kwargs)
        except ProxenyError as error:
            response = _refuse(error)
        response["Tus-Resumable"] = VERSION
        response["Tus-Version"] = VERSION
        response["Tus-Extension"] = EXTENSIONS
        response["Tus-Max-Size"] = str(settings.PACKAGES_ROOM_BYTES)
        return response

    return guarded


def _refuse(error: ProxenyError) -> HttpResponse:
    if isinstance(error, uploads.Busy):
        return _say(423, str(error))
    if isinstance(error, _Unfit):
        return _say(error.status, str(error))
    response = problem_of(error)
    if isinstance(error, uploads.Exists):
        response["X-Exists"] = "1"
    return response


def _say(status: int, sentence: str) -> HttpResponse:
    return problem(status, "upload", "Upload refused", sentence)


def answer_all(request: Request, place: Place) -> HttpResponse:
    """Answer OPTIONS (what is known here) and POST (an upload begins)."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    _check_version(request)
    metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
    size = _number(request, "Upload-Length")
    upload = uploads.begin_upload(
        actor=request.reader,
        partnership_id=place.partnership_id,
        package_id=place.package_id,
        name=metadata.get("filename") or metadata.get("name", ""),
        size=size,
        sha256=metadata.get("sha256") or None,
        replace=metadata.get("replace") == "1",
        now=timezone.localtime(),
    )
    response = HttpResponse(status=201)
    response["Location"] = request.build_absolute_uri(place.address(upload.key))
    _show_expiry(response)
    return response


def answer_one(request: Request, place: Place, key: str) -> HttpResponse:
    """Answer HEAD (progress), PATCH (bytes) and DELETE (cancellation)."""
    progress = uploads.get_upload(request.reader, place.partnership_id, place.package_id, key)
    _check_version(request)
    if request.method == "DELETE":
        uploads.give_up_upload(progress)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return _take_bytes(request, place, progress)
    if progress.is_whole and not progress.is_taken and place.may_take:
        # The process that took the last byte died before checking it; the sender has nothing left to send.
        return _finish(request, place, progress, HttpResponse(status=200))
    return _show(HttpResponse(status=200), progress)


def _take_bytes(request: Request, place: Place, progress: uploads.Progress) -> HttpResponse:
    """Append a piece; with the last one, check the file and accept or refuse it."""
    if request.content_type != PIECE:
        raise _Unfit(415, _("Send the bytes as %(type)s.") % {"type": PIECE})
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if length > LARGEST_PIECE:
        raise _Unfit(413, _("Send at most %(most)d MiB at a time.") % {"most": LARGEST_PIECE >> 20})
    if progress.is_taken or offset != progress.received:
        raise uploads.Elsewhere(progress.received)
    if offset + length > progress.upload.size:
        # Said before a byte of it is read: the upload goes on as it was.
        raise InvalidInput(_("There are more bytes than announced."), field="file")
    progress = uploads.append_bytes(progress, offset, request)
    response = HttpResponse(status=204)
    if progress.is_whole:
        return _finish(request, place, progress, response)
    _show_expiry(response)
    return _show(response, progress)


def _finish(
    request: Request, place: Place, progress: uploads.Progress, response: HttpResponse
) -> HttpResponse:
    outcome = uploads.finish_upload(
        actor=request.reader, progress=progress, now=timezone.localtime()
    )
    if outcome.refused:
        response = _say(422, outcome.refused)
        # That the upload is gone stands, though the answer is a refusal.
        response.stands = True  # type: ignore[attr-defined]
        return response
    response["Content-Location"] = place.made(outcome.made)
    return _show(response, progress)


def _show(response: HttpResponse, progress: uploads.Progress) -> HttpResponse:
    response["Upload-Offset"] = str(progress.received)
    response["Upload-Length"] = str(progress.upload.size)
    response["Cache-Control"] = "no-store"
    return response


def _show_expiry(response: HttpResponse) -> None:
    """Set the header with the expiry of an upload that has just received bytes."""
    response["Upload-Expires"] = http_date((timezone.now() + PATIENCE).timestamp())


def _check_version(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        sentence = _("Only version %(version)s of the tus protocol is supported here.")
        raise _Unfit(412, sentence % {"version": VERSION})


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise InvalidInput(_("The header %(name)s is missing or isn’t a number.") % {"name": name})
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Return the content of `Upload-Metadata`: names, each with a text in Base64.

    Raises
    ------
    InvalidInput
        It cannot be read.
    """
    found = {}
    for part in text[:_LONGEST_METADATA].split(","):
        name, _space, value = part.strip().partition(" ")
        if not name:
            continue
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise InvalidInput(
                _("The file’s metadata can’t be read: each value must be UTF-8 in Base64.")
            ) from None
    return found
