"""Looking into documents: archives of Office and OpenDocument, and PDF."""

import re
import zipfile
from collections.abc import Iterator
from itertools import batched

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.kinds import Kind, Shape
from proxeny.kernel.files.unpacking import DamagedArchive, inflate, list_parts, unpack

MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 2000
_OLE = b"\xd0\xcf\x11\xe0"
_PROGRAMS = (b"MZ", b"\x7fELF")
#: Forbidden in a part of a document: macros, and commands to other programs.
_RUNS = re.compile(rb"macroEnabled|ddeLink|DDEAUTO|script:event-listener|vbaProject")
_FOLDERS_THAT_RUN = (
    "basic/",
    "scripts/",
    "xl/macrosheets/",
    "word/activex/",
    "xl/activex/",
    "ppt/activex/",
    "customui/",
)
#: A tag up to the next one: a sign above may stand in an attribute, one below may not.
_RELATIONSHIP = re.compile(rb"<Relationship\b[^<]*", re.IGNORECASE)
_OPENED = re.compile(rb"/(?:attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
#: Tail kept of a piece for reading with the next: an open tag, at its longest.
_LONGEST_TAG = 64 * 1024
_PDF_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z])")
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_archive(data: bytes, kind: Kind, label: str) -> None:
    """Refuse a document that does not match its name, or holds more than text and pictures."""
    try:
        parts = list_parts(data)
        _refuse_parts(parts)
        main = b"".join(_look_into(data, parts, kind))
    except DamagedArchive:
        raise InvalidInput(
            _(
                "This file is damaged or password-protected, so no one can check what’s in it. "
                "Save it again without a password."
            )
        ) from None
    is_kind = kind.mark in main if kind.shape is Shape.OFFICE else main == kind.media_type.encode()
    if not is_kind:
        raise InvalidInput(
            _(
                "This file isn’t what its name says: it isn’t in %(kind)s format. Save it again "
                "in the program you created it with."
            )
            % {"kind": label}
        )


def _refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS:
        raise _too_large()
    if len(set(names)) < len(names) or any(
        name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names
    ):
        raise DamagedArchive
    if any(name.lower().startswith(_FOLDERS_THAT_RUN) for name in names):
        raise refuse_active()


def _look_into(data: bytes, parts: list[zipfile.ZipInfo], kind: Kind) -> Iterator[bytes]:
    """Check all parts piece by piece; yield the one that declares the document's type."""
    says = "[Content_Types].xml" if kind.shape is Shape.OFFICE else "mimetype"
    total = 0
    for part in parts:
        rest = b""
        for piece in unpack(data, part):
            total += len(piece)
            if total > MAX_UNPACKED:
                raise _too_large()
            if not rest and piece.startswith((_OLE, *_PROGRAMS)):
                raise refuse_active()
            _refuse_piece(part.filename, rest + piece)
            rest = piece[max(piece.rfind(b"<"), len(piece) - _LONGEST_TAG) :]
            rest = rest if len(rest) > 300 else piece[-300:]
            if part.filename == says:
                yield piece


def _refuse_piece(name: str, piece: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        return
    if _RUNS.search(piece) or any(_is_fetched(tag) for tag in _RELATIONSHIP.findall(piece)):
        raise refuse_active()
    if b"encryption-data" in piece and name == "META-INF/manifest.xml":
        raise DamagedArchive


def _is_fetched(tag: bytes) -> bool:
    return _EXTERNAL.search(tag) is not None and _OPENED.search(tag) is not None


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut off, locked, or runs scripts or programs when it is opened."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise InvalidInput(
            _("This file isn’t a complete PDF. Save it again as a PDF and share the new file.")
        )
    streams = list(_find_streams(data))
    edges = [0, *(edge for pair in streams for edge in pair), len(data)]
    visible = b"".join(data[start:end] for start, end in batched(edges, 2))
    if b"/Encrypt" in visible:
        raise InvalidInput(
            _("This PDF is locked, so no one can check what’s in it. Save it without a password.")
        )
    for text in (visible, *_object_streams(data, streams)):
        if _PDF_RUNS.search(_PDF_HEX.sub(lambda hit: bytes([int(hit[1], 16)]), text)):
            raise refuse_active()


def _find_streams(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the contents of streams begin and end; one that never ends is none."""
    at = 0
    while (begins := data.find(b"stream", at)) >= 0:
        at = begins + len(b"stream")
        if data[at : at + 2] == b"\r\n":
            at += 2
        elif data[at : at + 1] == b"\n":
            at += 1
        else:
            continue
        ends = data.find(b"endstream", at)
        if ends < 0:
            return
        yield at, ends
        at = ends + len(b"endstream")


def _object_streams(data: bytes, streams: list[tuple[int, int]]) -> Iterator[bytes]:
    total = 0
    for start, end in streams:
        if b"/ObjStm" not in data[max(0, start - 400) : start]:
            continue
        pieces = []
        try:
            for piece in inflate(data[start:end]):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise _too_large()
                pieces.append(piece)
        except DamagedArchive:
            # Packed otherwise, or cut off: what could be read is looked at.
            pass
        yield b"".join(pieces)


def refuse_active() -> InvalidInput:
    """Return the refusal of active content."""
    return InvalidInput(
        _(
            "This file contains something that can run when it’s opened: a macro, a script, a "
            "program or an embedded object. Save it as a PDF and share the new file."
        )
    )


def _too_large() -> InvalidInput:
    return InvalidInput(
        _("This file unpacks to more than %(size)s MB. Save a smaller one, or share it as a PDF.")
        % {"size": MAX_UNPACKED // (1024 * 1024)}
    )
