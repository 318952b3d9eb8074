"""Downloads of package files: in pieces, from any offset, never shown inline.

The caller has checked that the reader may have it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags

from proxeny.kernel.files import have_saved
from proxeny.research.store import read_bytes

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a file: where it begins, how long it is, and whether it is less than the whole."""

    start: int
    length: int
    is_partial: bool


def answer_file(
    request: HttpRequest,
    sha256: str,
    *,
    name: str,
    media_type: str,
    size: int,
    is_public: bool = False,
) -> HttpResponseBase:
    """Return a file of the store as a download.

    A `Range` of one part is honoured, so that a broken download goes on (RFC 9110, sections 13 and
    14); `If-Range` and `If-None-Match` are compared with the checksum. The bytes are read while they
    are sent, a megabyte at a time, and no database is needed for it.

    Parameters
    ----------
    name : str
        Under which the browser saves it; of a path the last part.
    is_public : bool
        Whether anybody may have it: then caches on the way may keep it.

    Raises
    ------
    NotFound
        The bytes are gone from the store.
    """
    etag = f'"{sha256}"'
    response = _answer(request, sha256, etag, media_type, size)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    have_saved(response, name.rpartition("/")[2], is_public=is_public)
    return response


def _answer(
    request: HttpRequest, sha256: str, etag: str, media_type: str, size: int
) -> HttpResponseBase:
    if _is_known(request, etag):
        return HttpResponse(status=304)
    part = _part_of(request, size, etag)
    if part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    status = 206 if part.is_partial else 200
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=status, content_type=media_type)
    else:
        pieces = read_bytes(sha256, part.start, part.length)
        response = StreamingHttpResponse(pieces, status=status, content_type=media_type)
    response["Content-Length"] = str(part.length)
    if part.is_partial:
        response["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{size}"
    return response


def answer_crate(pieces: Iterator[bytes], name: str) -> HttpResponseBase:
    """Answer with the pieces of an archive, as they are made."""
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    have_saved(response, name)
    return response


def begins(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a download begins: the rest of one that broke is not noted again."""
    part = response.get("Content-Range", "bytes 0-")
    whole = request.method == "GET" and response.status_code in (200, 206)
    return whole and part.startswith("bytes 0-")


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return bool({etag, f"W/{etag}", "*"} & set(known))


def _part_of(request: HttpRequest, size: int, etag: str) -> _Part | None:
    """Return the requested part: all of it without a valid range; None beyond the end."""
    whole = _Part(0, size, is_partial=False)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked.groups() == ("", "") or request.method not in ("GET", "HEAD"):
        return whole
    if request.headers.get("If-Range", etag) != etag:
        # Another file than the one that was begun.
        return whole
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last or size - 1), size - 1)
        if last and int(last) < start:
            return whole
    if start >= size:
        return None
    return _Part(start, end - start + 1, is_partial=True)
