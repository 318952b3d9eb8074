"""Detection of a file's type by its content, with an error message for each refused file."""

import hashlib
import re
from dataclasses import dataclass

import re2
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.documents import check_archive, check_pdf, refuse_active
from proxeny.kernel.files.kinds import ACTIVE, KINDS, Kind, Shape
from proxeny.kernel.files.naming import clean_name, suffix_of
from proxeny.kernel.files.scanning import scan_file
from proxeny.kernel.sandbox import read_apart

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 100_000_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"\A\s*(?:<|#!|%!|@echo\b)|<script\b|<\?php", re.IGNORECASE)
# A cell that a spreadsheet program computes; plain numbers and telephone numbers are none. With a
# plus, minus or at sign it is one where it calls another program (`+cmd|' /C calc'!A0`).
_FORMULA = re2.compile(r"(?m)(?:^|[,;\t])[\"' ]*(?:=|[+@-][^,;\t\n]*\|[^,;\t\n]*!)")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept and given to others."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def check_file(name: str, content: bytes) -> CheckedFile:
    """Return a file with a safe name and its media type, detected by its content.

    Its content is looked at in a process of its own (`kernel.sandbox`).

    Raises
    ------
    InvalidInput
        Empty, too large, of a kind that is not taken, not what its name says, with something in
        it that runs when it is opened, or refused by the virus scanner.
    """
    name = clean_name(name)
    refuse_size(len(content))
    if not content:
        raise InvalidInput(_("This file is empty."))
    suffix = suffix_of(name)
    kind = KINDS.get(suffix)
    if kind is None:
        raise refuse_active() if suffix in ACTIVE else _refuse_kind()
    read_apart(check_content, content, suffix)
    scan_file(name, [content])
    return CheckedFile(name, kind.media_type, content, hashlib.sha256(content).hexdigest())


def refuse_size(size: int) -> None:
    """Raise `InvalidInput` for a file that is too large to be taken."""
    if size > MAX_BYTES:
        raise InvalidInput(
            _("This file is %(size)s MB. The maximum for sharing is %(most)s MB.")
            % {"size": -(-size // (1024 * 1024)), "most": MAX_BYTES // (1024 * 1024)}
        )


def check_content(content: bytes, suffix: str) -> None:
    """Raise `InvalidInput` for content that does not match its file extension, or is active."""
    kind = KINDS[suffix]
    if kind.shape is Shape.PDF:
        check_pdf(content)
    elif kind.shape is Shape.PICTURE:
        _check_picture(content, kind)
    elif kind.shape is Shape.TEXT:
        _check_text(content, kind)
    elif not content.startswith(b"PK\x03\x04"):
        raise _refuse_mismatch(kind)
    else:
        check_archive(content, kind, kind.label)


def _check_picture(content: bytes, kind: Kind) -> None:
    if not content.startswith(kind.mark):
        raise _refuse_mismatch(kind)
    if kind.label == "WebP" and content[8:12] != b"WEBP":
        raise _refuse_mismatch(kind)
    if kind.label == "PNG":
        width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
        if content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
            raise _refuse_mismatch(kind)
        if width * height > MAX_PIXELS:
            raise InvalidInput(_("This image is too large to open. Save a smaller one."))


def _check_text(content: bytes, kind: Kind) -> None:
    try:
        text = content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
    except UnicodeDecodeError:
        # Some older encoding; letters are not looked at, signs below 128 are the same.
        text = content.decode("latin-1")
    if _CONTROLS.search(text):
        raise _refuse_mismatch(kind)
    if _MARKUP.search(text):
        raise refuse_active()
    if kind.label == "CSV" and _FORMULA.search(text):
        raise InvalidInput(
            _(
                "A cell in this list contains a formula, which spreadsheet programs compute when "
                "they open it. Save the values only, or share the list as a PDF."
            )
        )


def _refuse_mismatch(kind: Kind) -> InvalidInput:
    return InvalidInput(
        _(
            "This file isn’t what its name says: its content isn’t %(kind)s. Save it again and "
            "share the new file."
        )
        % {"kind": kind.label}
    )


def _refuse_kind() -> InvalidInput:
    return InvalidInput(
        _(
            "Files of this type can’t be shared. Use a PDF, an image (PNG, JPEG, WebP), a text "
            "or CSV file, or a document, workbook or slides (DOCX, XLSX, PPTX, ODT, ODS, ODP)."
        )
    )
