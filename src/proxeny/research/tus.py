"""Uploads as the tus protocol has them (tus.io, 1.0.0), for browsers and programs alike.

Core, creation, termination and expiration. A whole file's SHA-256 may be announced in the metadata
(`sha256`); it is compared before anything is made of the file.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.research.operations import uploads

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PIECE = "application/offset+octet-stream"
#: One request brings so much at most; a slow line keeps no process busy for longer than that takes.
MOST_AT_ONCE = 64 << 20
_LONGEST_METADATA = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """What uploads of a request are for, and their addresses.

    Attributes
    ----------
    package_id : int or None
        None: a study from elsewhere.
    address : callable
        The address of an upload, from its key.
    made : callable
        The address of what was made of an upload.
    """

    partnership_id: int
    package_id: int | None
    address: Callable[[str], str]
    made: Callable[[Any], str]


def answer_all(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer OPTIONS (what is known here) and POST (an upload begins)."""
    if request.method == "OPTIONS":
        return _dress(HttpResponse(status=204))
    if refusal := _refuse_version(request):
        return refusal
    metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
    size = _number(request, "Upload-Length")
    upload = uploads.begin_upload(
        actor=request.reader, partnership_id=place.partnership_id, package_id=place.package_id,
        name=metadata.get("filename") or metadata.get("name", ""), size=size,
        sha256=metadata.get("sha256") or None, replace=metadata.get("replace") == "1",
        now=timezone.localtime(),
    )  # fmt: skip
    response = HttpResponse(status=201)
    response["Location"] = request.build_absolute_uri(place.address(upload.key))
    response["Upload-Expires"] = _expiry(uploads.Progress(upload, 0))
    return _dress(response)


def answer_one(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """Answer HEAD (how far it is), PATCH (bytes) and DELETE (it is given up)."""
    progress = uploads.get_upload(request.reader, place.partnership_id, place.package_id, key)
    if refusal := _refuse_version(request):
        return refusal
    if request.method == "DELETE":
        uploads.give_up_upload(progress)
        return _dress(HttpResponse(status=204))
    if request.method == "PATCH":
        return _take_bytes(request, place, progress)
    if progress.is_whole and not progress.is_taken:
        # Whoever took the last byte died before it was looked at; the sender has nothing to send.
        try:
            return _finish(request, place, progress, HttpResponse(status=200))
        except uploads.Elsewhere:
            return _dress(_say(423, _("It is being looked at. Ask again in a moment.")))
    return _show(HttpResponse(status=200), progress)


def _take_bytes(request: HttpRequest, place: Place, progress: uploads.Progress) -> HttpResponse:
    """Take a piece; with the last one the file is looked at, and taken in or refused."""
    if request.content_type != PIECE:
        return _dress(_say(415, _("Send the bytes as %(type)s.") % {"type": PIECE}))
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if length > MOST_AT_ONCE:
        return _dress(
            _say(413, _("Send at most %(most)d MiB at once.") % {"most": MOST_AT_ONCE >> 20})
        )
    if progress.is_taken or offset != progress.received:
        raise uploads.Elsewhere(progress.received)
    if offset + length > progress.upload.size:
        # Said before a byte of it is read: the upload goes on as it was.
        raise InvalidInput(_("These are more bytes than were announced."), field="file")
    progress = uploads.append_bytes(progress, offset, request)
    response = HttpResponse(status=204)
    if not progress.is_whole:
        return _show(response, progress)
    return _finish(request, place, progress, response)


def _finish(
    request: HttpRequest, place: Place, progress: uploads.Progress, response: HttpResponse
) -> HttpResponse:
    outcome = uploads.finish_upload(
        actor=request.reader, progress=progress, now=timezone.localtime()
    )
    if outcome.refused:
        response = _say(422, outcome.refused)
        # That the upload is gone stands, though the answer is a refusal.
        response.stands = True  # type: ignore[attr-defined]
        return _dress(response)
    response["Content-Location"] = place.made(outcome.made)
    return _show(response, progress)


def _show(response: HttpResponse, progress: uploads.Progress) -> HttpResponse:
    response["Upload-Offset"] = str(progress.received)
    response["Upload-Length"] = str(progress.upload.size)
    if not progress.is_taken:
        response["Upload-Expires"] = _expiry(progress)
    response["Cache-Control"] = "no-store"
    return _dress(response)


def _expiry(progress: uploads.Progress) -> str:
    return http_date(progress.expires_at.timestamp())


def _say(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _dress(response: HttpResponse) -> HttpResponse:
    response["Tus-Resumable"] = VERSION
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(settings.PACKAGES_ROOM_BYTES)
    return response


def _refuse_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    sentence = _("Only version %(version)s of the tus protocol is spoken here.")
    return _dress(_say(412, sentence % {"version": VERSION}))


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise InvalidInput(_("The header %(name)s is missing, or no number.") % {"name": name})
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Return what `Upload-Metadata` says: names, each with a text in Base64.

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
                _("What is said of the file cannot be read: each value is UTF-8 in Base64.")
            ) from None
    return found
