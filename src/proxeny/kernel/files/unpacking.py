"""Unpacking of an archive's parts in small pieces, so that a small file cannot fill the memory.

What the archive's own directory says of sizes is not believed.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

_PIECE = 1 << 20


class DamagedArchive(Exception):
    """An archive that is cut off, locked with a password, or packed in an unusual way."""


def list_parts(data: bytes) -> list[zipfile.ZipInfo]:
    """Return an archive's parts; `DamagedArchive` if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DamagedArchive from error


def unpack(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's content in pieces of at most a megabyte."""
    head = data[part.header_offset : part.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or part.flag_bits & 1:
        raise DamagedArchive
    name_length, extra_length = struct.unpack("<HH", head[26:30])
    start = part.header_offset + 30 + name_length + extra_length
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from inflate(packed, bits=-zlib.MAX_WBITS)
    else:
        raise DamagedArchive


def inflate(packed: bytes, *, bits: int = zlib.MAX_WBITS) -> Iterator[bytes]:
    """Yield content compressed with deflate, in pieces of at most a megabyte."""
    unpacker = zlib.decompressobj(bits)
    try:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise DamagedArchive from error
