"""Looking into documents: archives of Office and OpenDocument, and PDF."""

import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.kinds import Kind, Shape
from proxeny.kernel.files.unpacking import DamagedArchive, inflate, list_parts, unpack

MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 2000
_OLE = b"\xd0\xcf\x11\xe0"
_PROGRAMS = (b"MZ", b"\x7fELF")
#: What a part of a document may not contain: macros, and commands to other programs.
_RUNS = re.compile(rb"macroEnabled|ddeLink|DDEAUTO|script:event-listener|vbaProject")
_FOLDERS_THAT_RUN = ("basic/", "scripts/", "xl/macrosheets/", "word/activex/", "xl/activex/",
                     "ppt/activex/", "customui/")  # fmt: skip
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame|subDocument)\")"
    rb"(?=[^>]*TargetMode=\"External\")",
    re.IGNORECASE,
)
_PDF_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z])")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_archive(data: bytes, kind: Kind, label: str) -> None:
    """Refuse a document that is not what its name says, or holds more than text and pictures."""
    try:
        parts = list_parts(data)
        _refuse_parts(parts)
        main = b"".join(_look_into(data, parts, kind))
    except DamagedArchive:
        raise InvalidInput(
            _("This file is damaged or locked with a password, so nobody can check what is in it. "
              "Save it anew without a password.")
        ) from None  # fmt: skip
    is_kind = kind.mark in main if kind.shape is Shape.OFFICE else main == kind.media_type.encode()
    if not is_kind:
        raise InvalidInput(
            _("This file is not what its name says: it is no %(kind)s document. Save it anew in "
              "the program you wrote it with.") % {"kind": label}
        )  # fmt: skip


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
    """Look at all parts piece by piece; yield the one that says what the document is."""
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
            rest = piece[-300:]
            if part.filename == says:
                yield piece


def _refuse_piece(name: str, piece: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        return
    if _RUNS.search(piece) or _FETCHED.search(piece):
        raise refuse_active()
    if b"encryption-data" in piece and name == "META-INF/manifest.xml":
        raise DamagedArchive


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut off, locked, or runs scripts or programs when it is opened."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise InvalidInput(
            _("This file is not a whole PDF. Save it anew as PDF, and share that file.")
        )
    visible = _PDF_STREAM.sub(b"", data)
    if b"/Encrypt" in visible:
        raise InvalidInput(
            _("This PDF is locked, so nobody can check what is in it. Save it without a password.")
        )
    for text in (visible, *_object_streams(data)):
        if _PDF_RUNS.search(_PDF_HEX.sub(lambda hit: bytes([int(hit[1], 16)]), text)):
            raise refuse_active()


def _object_streams(data: bytes) -> Iterator[bytes]:
    total = 0
    for hit in _PDF_STREAM.finditer(data):
        if b"/ObjStm" not in data[max(0, hit.start() - 400) : hit.start()]:
            continue
        pieces = []
        try:
            for piece in inflate(hit[1]):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise _too_large()
                pieces.append(piece)
        except DamagedArchive:
            # Packed otherwise, or cut off: what could be read is looked at.
            pass
        yield b"".join(pieces)


def refuse_active() -> InvalidInput:
    """Return the refusal of what runs when it is opened."""
    return InvalidInput(
        _("This file holds something that can run when it is opened: a macro, a script, a program "
          "or an embedded object. Save it as PDF, and share that file.")
    )  # fmt: skip


def _too_large() -> InvalidInput:
    return InvalidInput(
        _("This file unpacks to more than %(size)s MB. Save a smaller one, or share it as PDF.")
        % {"size": MAX_UNPACKED // (1024 * 1024)}
    )
