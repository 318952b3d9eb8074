"""Revocation of awards: one bit for each, in a list that is a credential itself.

References
----------
W3C Bitstring Status List v1.0, sections 2.1 (entry), 2.2 (list credential), 3.3 and 3.4
(encoding: GZIP, base64url without padding, multibase `u`; at least 16 KB).
"""

import base64
import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxeny.engine.credentials.moments import write_moment

__all__ = [
    "LEAST_BITS",
    "MOST_BITS",
    "StatusList",
    "build_entry",
    "build_status_credential",
    "decode_list",
    "encode_list",
    "make_list",
]

#: Shorter lists would tell too much about who of few was asked for.
LEAST_BITS = 131_072
#: Longer lists are refused on reading: 1 MiB unpacked.
MOST_BITS = 8 * 1024 * 1024
_MOST_TEXT = 2_000_000
_TEXT = re.compile(r"u[A-Za-z0-9_-]+", flags=re.ASCII)
_GZIP = 31


@dataclass(frozen=True, slots=True)
class StatusList:
    """Bits, the first of each byte the most significant one.

    Parameters
    ----------
    packed : bytes
    """

    packed: bytes

    def __len__(self) -> int:
        return 8 * len(self.packed)

    def is_set(self, index: int) -> bool:
        """Return a bit.

        Raises
        ------
        IndexError
            If the list has none there.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"index: {index} is outside of a list of {len(self)}")
        return bool(self.packed[index >> 3] & 0x80 >> (index & 7))


def make_list(indices: Iterable[int], *, size: int = LEAST_BITS) -> StatusList:
    """Return a list with these bits set.

    Parameters
    ----------
    size : int
        Bits; a multiple of eight between `LEAST_BITS` and `MOST_BITS`.

    Raises
    ------
    ValueError
        On another size, or an index outside.
    """
    if not LEAST_BITS <= size <= MOST_BITS or size % 8:
        raise ValueError(f"size: {size} is not possible")
    packed = bytearray(size // 8)
    for index in indices:
        if not 0 <= index < size:
            raise ValueError(f"indices: {index} is outside of a list of {size}")
        packed[index >> 3] |= 0x80 >> (index & 7)
    return StatusList(bytes(packed))


def encode_list(bits: StatusList) -> str:
    """Return a list as `encodedList`; the same text each time on the same machine."""
    packed = gzip.compress(bits.packed, compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_list(text: object) -> StatusList:
    """Return the list that an `encodedList` holds.

    Raises
    ------
    ValueError
        If it is none: another base, no GZIP, cut off, with something behind it, shorter than
        `LEAST_BITS`, or longer than `MOST_BITS` when unpacked, of which no more is unpacked.
    """
    if not isinstance(text, str) or len(text) > _MOST_TEXT or not _TEXT.fullmatch(text):
        raise ValueError("encodedList: not base64url in multibase")
    engine = zlib.decompressobj(_GZIP)
    try:
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        bits = engine.decompress(packed, MOST_BITS // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"encodedList: {error}") from None
    if len(bits) > MOST_BITS // 8:
        raise ValueError(f"encodedList: more than {MOST_BITS} bits")
    if not engine.eof or engine.unused_data:
        raise ValueError("encodedList: cut off, or with something behind it")
    if 8 * len(bits) < LEAST_BITS:
        raise ValueError(f"encodedList: fewer than {LEAST_BITS} bits")
    return StatusList(bits)


def build_entry(url: str, index: int) -> dict[str, str]:
    """Return `credentialStatus` of an award: where its bit for revocation is.

    Raises
    ------
    ValueError
        If the index is negative.
    """
    if index < 0:
        raise ValueError(f"index: {index} is negative")
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def build_status_credential(
    url: str,
    *,
    issuer: str,
    bits: StatusList,
    valid_from: datetime,
    valid_until: datetime,
) -> dict[str, Any]:
    """Return a list as a credential, without proofs yet.

    Parameters
    ----------
    url : str
        Its address, and its id.
    issuer : str
        The DID of the label whose awards it is of; each cluster signs it, as it signs an award.
    valid_until : datetime
        After that it is too old to say anything, so that an outdated one is never shown.

    Raises
    ------
    ValueError
        If a moment has no zone, or it ends before it begins.
    """
    if valid_until <= valid_from:
        raise ValueError(f"valid_until: {valid_until} is not after valid_from, {valid_from}")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": write_moment("valid_from", valid_from),
        "validUntil": write_moment("valid_until", valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(bits),
        },
    }
