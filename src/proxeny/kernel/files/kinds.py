"""The accepted kinds of file, by their extension."""

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """The way in which the content of a file type is checked."""

    PDF = 1
    PICTURE = 2
    TEXT = 3
    OFFICE = 4
    OPEN = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    label : str
        What people call it.
    shape : Shape
        How its content is looked at.
    media_type : str
        As it is served.
    mark : bytes
        A picture's first bytes; for a document, what its archive says of its main part.
    """

    label: str
    shape: Shape
    media_type: str
    mark: bytes = b""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_JPEG = Kind("JPEG", Shape.PICTURE, "image/jpeg", b"\xff\xd8\xff")
_CSV = Kind("CSV", Shape.TEXT, "text/csv")

#: By the end of the name.
KINDS: dict[str, Kind] = {
    ".pdf": Kind("PDF", Shape.PDF, "application/pdf"),
    ".png": Kind("PNG", Shape.PICTURE, "image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": Kind("WebP", Shape.PICTURE, "image/webp", b"RIFF"),
    ".txt": Kind("TXT", Shape.TEXT, "text/plain"),
    ".csv": _CSV,
    ".docx": Kind(
        "DOCX",
        Shape.OFFICE,
        _OFFICE + "wordprocessingml.document",
        b"wordprocessingml.document.main+xml",
    ),
    ".xlsx": Kind(
        "XLSX", Shape.OFFICE, _OFFICE + "spreadsheetml.sheet", b"spreadsheetml.sheet.main+xml"
    ),
    ".pptx": Kind(
        "PPTX",
        Shape.OFFICE,
        _OFFICE + "presentationml.presentation",
        b"presentationml.presentation.main+xml",
    ),
    ".odt": Kind("ODT", Shape.OPEN, _OPEN + "text"),
    ".ods": Kind("ODS", Shape.OPEN, _OPEN + "spreadsheet"),
    ".odp": Kind("ODP", Shape.OPEN, _OPEN + "presentation"),
}

#: As what kept files are served.
MEDIA_TYPES = tuple(dict.fromkeys(kind.media_type for kind in KINDS.values()))
#: For the `accept` of a file field.
ACCEPTED = ",".join(KINDS)

#: Names of files that do something when they are opened.
ACTIVE = frozenset(
    (
        ".html",
        ".htm",
        ".xhtml",
        ".svg",
        ".xml",
        ".js",
        ".mjs",
        ".css",
        ".php",
        ".py",
        ".sh",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".wsf",
        ".hta",
        ".exe",
        ".msi",
        ".com",
        ".scr",
        ".dll",
        ".jar",
        ".lnk",
        ".url",
        ".docm",
        ".xlsm",
        ".pptm",
        ".dotm",
        ".xltm",
        ".xlam",
        ".apk",
        ".dmg",
        ".iso",
    )
)
