"""First bytes by which a kind of file is known."""

import re

__all__ = ["is_archive", "is_markup", "runs"]

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
    b"dex\n",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"xar!",
)
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<|%!|@echo\b)|<script\b|<\?php", re.IGNORECASE)


def runs(head: bytes) -> bool:
    """Return whether a file is a program, a script, or a container of legacy macros."""
    # Two letters begin a program; as the begin of a text they are followed by no zero.
    if head.startswith(b"MZ") and b"\x00" not in head:
        return False
    return head.startswith(_PROGRAMS)


def is_archive(head: bytes) -> bool:
    """Return whether a file is an archive or compressed."""
    return head.startswith(_ARCHIVES) or head[257:262] == b"ustar"


def is_markup(head: bytes) -> bool:
    """Return whether a browser or an interpreter would run a text."""
    return bool(_MARKUP.search(head))
