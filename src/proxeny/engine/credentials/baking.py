"""A credential in a picture, and out of it again.

References
----------
Open Badges 3.0, section 5.3: iTXt `openbadgecredential` in PNG, `openbadges:credential` in SVG.
"""

import json
from collections.abc import Mapping
from typing import Any

from proxeny.engine.credentials import _png, _svg
from proxeny.engine.credentials.reading import MOST_BYTES, Unreadable, read_json

__all__ = ["bake_png", "bake_svg", "read_credential"]


def bake_png(image: bytes, document: Mapping[str, Any]) -> bytes:
    """Return a PNG with a credential in it, in place of one that it has.

    Raises
    ------
    Unreadable
        If it is no PNG, damaged, or too large.
    """
    if len(image) > MOST_BYTES:
        raise Unreadable("too_large")
    if not image.startswith(_png.SIGNATURE):
        raise Unreadable("unknown_form")
    return _png.bake(image, _write(document))


def bake_svg(image: bytes, document: Mapping[str, Any]) -> bytes:
    """Return an SVG with a credential in it, in place of those that it has.

    Raises
    ------
    Unreadable
        If it is no SVG in UTF-8, damaged, too large, or has a document type.
    """
    if len(image) > MOST_BYTES:
        raise Unreadable("too_large")
    return _svg.bake(image, _write(document))


def read_credential(data: bytes) -> dict[str, Any]:
    """Return the credential in a file: JSON, or a PNG or SVG with one in it, by content.

    Nothing is said of whether it holds.

    Raises
    ------
    Unreadable
        With a code that says why.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    if data.startswith(_png.SIGNATURE):
        return read_json(_png.unbake(data))
    begins = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:3]
    if begins.startswith(b"<"):
        return read_json(_svg.unbake(data))
    if begins.startswith((b"{", b"[")):
        return read_json(data)
    if begins == b"eyJ":
        raise Unreadable("token")
    raise Unreadable("unknown_form")


def _write(document: Mapping[str, Any]) -> bytes:
    # Of ASCII only: XML has no place for some characters, and no tool on the way changes it.
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")
