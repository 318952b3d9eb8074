"""PNG, chunk by chunk: a credential in a text of its own.

References
----------
PNG (Third Edition), sections 5.3 (chunks) and 11.3.3 (text); Open Badges 3.0, section 5.3 (baking).
"""

import struct
import zlib
from collections.abc import Iterator

from proxeny.engine.credentials.reading import MOST_JSON_BYTES, Unreadable

__all__ = ["SIGNATURE", "bake", "unbake"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_TEXTS = (b"iTXt", b"tEXt", b"zTXt")
_MOST_CHUNKS = 10_000


def bake(image: bytes, text: bytes) -> bytes:
    """Return a picture with a text in it, in place of one that it has."""
    # Not compressed, with neither language nor translated keyword, as the specification wants it.
    body = _KEYWORD + b"\0\0\0\0\0" + text
    parts = [SIGNATURE]
    for kind, data in _chunks(image):
        if kind in _TEXTS and data.startswith(_KEYWORD + b"\0"):
            continue
        parts.append(_chunk(kind, data))
        if kind == b"IHDR":
            parts.append(_chunk(b"iTXt", body))
    return b"".join(parts)


def unbake(image: bytes) -> bytes:
    """Return the text that is in a picture."""
    found = [
        data.removeprefix(_KEYWORD + b"\0")
        for kind, data in _chunks(image)
        if kind == b"iTXt" and data.startswith(_KEYWORD + b"\0")
    ]
    if not found:
        raise Unreadable("no_credential")
    if len(found) > 1:
        raise Unreadable("two_credentials")
    return _text_of(found[0])


def _text_of(data: bytes) -> bytes:
    fields = data[2:].split(b"\0", 2)
    if len(fields) < 3 or data[0] > 1 or data[1] != 0:
        raise Unreadable("damaged")
    return fields[2] if data[0] == 0 else _inflate(fields[2])


def _inflate(data: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        text = engine.decompress(data, MOST_JSON_BYTES + 1)
    except zlib.error:
        raise Unreadable("damaged") from None
    if len(text) > MOST_JSON_BYTES:
        raise Unreadable("too_large")
    if not engine.eof:
        raise Unreadable("damaged")
    return text


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return kind and content of each chunk, until the last; what follows it is no picture."""
    at = len(SIGNATURE)
    for number in range(_MOST_CHUNKS):
        if at + 12 > len(image):
            break
        (size,) = struct.unpack_from(">I", image, at)
        kind, end = image[at + 4 : at + 8], at + 8 + size
        if end + 4 > len(image) or (kind == b"IHDR") != (number == 0):
            break
        (crc,) = struct.unpack_from(">I", image, end)
        if crc != zlib.crc32(image[at + 4 : end]):
            break
        yield kind, image[at + 8 : end]
        at = end + 4
        if kind == b"IEND":
            return
    raise Unreadable("damaged")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
