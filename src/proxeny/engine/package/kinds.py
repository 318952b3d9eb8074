"""Detection of a file's kind by its content: head, end and structure, at any length."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from proxeny.engine.package._marks import is_archive, is_markup, runs
from proxeny.engine.package._names import check_path
from proxeny.engine.package.archive import Limits, look_into, open_archive
from proxeny.engine.package.problems import Problem, Refused

__all__ = ["KINDS", "Kind", "identify", "kind_of"]

_HEAD = 1 << 20
_TAIL = 64 * 1024
_PIECE = 1 << 20
_DEEPEST = 200
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BRACKETS = re.compile(rb"\\.|[\"\[\]{}]", re.DOTALL)
_GEOJSON = re.compile(
    rb'"type"\s*:\s*"(?:FeatureCollection|Feature|GeometryCollection|(?:Multi)?(?:Point|LineString|Polygon))"'
)
_ACTIVE_PARTS = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|macrosheets/|activeX/|embeddings/)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    label : str
        What people call it.
    media_type : str
        As it is served.
    table : bool
        Whether it is read row by row.
    """

    label: str
    media_type: str
    table: bool = False


CSV = Kind("CSV", "text/csv", table=True)
GEOJSON = Kind("GeoJSON", "application/geo+json")
JSON = Kind("JSON", "application/json")
JPEG = Kind("JPEG", "image/jpeg")
PARQUET = Kind("Parquet", "application/vnd.apache.parquet")
PDF = Kind("PDF", "application/pdf")
PNG = Kind("PNG", "image/png")
TEXT = Kind("text", "text/plain")
TSV = Kind("TSV", "text/tab-separated-values", table=True)
WEBP = Kind("WebP", "image/webp")
XLSX = Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ZIP = Kind("ZIP", "application/zip")

#: By the end of the name.
KINDS: dict[str, Kind] = {
    ".csv": CSV,
    ".geojson": GEOJSON,
    ".jpeg": JPEG,
    ".jpg": JPEG,
    ".json": JSON,
    ".md": TEXT,
    ".parquet": PARQUET,
    ".pdf": PDF,
    ".png": PNG,
    ".tab": TSV,
    ".tsv": TSV,
    ".txt": TEXT,
    ".webp": WEBP,
    ".xlsx": XLSX,
    ".zip": ZIP,
}


def identify(stream: BinaryIO, name: str, limits: Limits = Limits()) -> Kind:  # noqa: B008
    """Return what kind a file is.

    Parameters
    ----------
    stream : binary file
        Seekable; it stays open.
    name : str
        The file's name, without folders.

    Raises
    ------
    Refused
        `empty`, `executable`, `markup`, `kind` (of no kind that is taken), `mismatch` (not what its
        name says), `damaged`, what is wrong with its name, and for archives what `look_into` says.
    """
    _check_name(name)
    head = _read(stream, 0, _HEAD)
    if not head:
        raise Refused(Problem("empty", name))
    if runs(head):
        raise Refused(Problem("executable", name))
    kind = kind_of(name)
    found = _by_content(stream, head, limits)
    if found is TEXT and kind in (CSV, TSV, TEXT):
        found = kind
    if kind is JSON and found is GEOJSON:
        return GEOJSON
    if kind is not found:
        label = found.label if found else ""
        raise Refused(Problem("mismatch", name, params={"expected": kind.label, "found": label}))
    return kind


def kind_of(name: str) -> Kind:
    """Return what kind a file should be by its name, which has no folders.

    Raises
    ------
    Refused
        `kind` (of no kind that is taken), or what is wrong with its name.
    """
    _check_name(name)
    suffix = PurePosixPath(name).suffix
    kind = KINDS.get(suffix.lower())
    if kind is None:
        raise Refused(Problem("kind", name, params={"found": suffix[:20]}))
    return kind


def _check_name(name: str) -> None:
    if code := check_path(name) or ("name" if "/" in name else None):
        raise Refused(Problem(code, name))


def _by_content(stream: BinaryIO, head: bytes, limits: Limits) -> Kind | None:
    for mark, kind, is_whole in _MARKS:
        if head.startswith(mark):
            if not is_whole(stream, head):
                raise Refused(Problem("damaged", params={"kind": kind.label}))
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(stream, limits)
    if is_archive(head):
        return None
    return _text(stream, head)


def _archive(stream: BinaryIO, limits: Limits) -> Kind | None:
    entries = {entry.path: entry for entry in look_into(stream, limits)}
    types = entries.get("[Content_Types].xml")
    if types is None:
        return None if "mimetype" in entries else ZIP
    active = [path for path in entries if _ACTIVE_PARTS.search(path)]
    if active:
        raise Refused(Problem("executable", active[0]))
    with open_archive(stream, limits) as archive, archive.open("[Content_Types].xml") as file:
        return XLSX if b"spreadsheetml.sheet.main+xml" in file.read(_HEAD) else None


def _text(stream: BinaryIO, head: bytes) -> Kind | None:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    tail = _read(stream, max(0, stream.seek(0, 2) - _TAIL), _TAIL)
    if not wide and (_CONTROLS.search(head) or _CONTROLS.search(tail)):
        return None
    told = head.decode("utf-16", "replace").encode() if wide else head
    if is_markup(told):
        raise Refused(Problem("markup"))
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    ends = tail.rstrip()[-1:]
    if (begins, ends) in ((b"{", b"}"), (b"[", b"]")) and _is_balanced(stream):
        return GEOJSON if _GEOJSON.search(head) or _GEOJSON.search(tail) else JSON
    return TEXT


def _is_balanced(stream: BinaryIO) -> bool:
    """Return whether a JSON text's brackets and quotation marks are balanced and not too deep."""
    stream.seek(0)
    opened: list[int] = []
    in_text, rest = False, b""
    while piece := stream.read(_PIECE):
        piece = rest + piece
        # A backslash at the end belongs to what comes next.
        cut = len(piece) - (len(piece) - len(piece.rstrip(b"\\"))) % 2
        piece, rest = piece[:cut], piece[cut:]
        for match in _BRACKETS.finditer(piece):
            sign = match[0]
            if sign == b'"':
                in_text = not in_text
            elif in_text or len(sign) > 1:
                continue
            elif sign in b"[{":
                opened.append(sign[0])
            elif not opened or opened.pop() + 2 != sign[0]:
                return False
            if len(opened) > _DEEPEST:
                return False
    return not opened and not in_text


def _read(stream: BinaryIO, at: int, length: int) -> bytes:
    stream.seek(at)
    return stream.read(length)


def _is_whole_pdf(stream: BinaryIO, head: bytes) -> bool:
    return b"%%EOF" in _read(stream, max(0, stream.seek(0, 2) - 2048), 2048)


def _is_whole_png(stream: BinaryIO, head: bytes) -> bool:
    return head[12:16] == b"IHDR" and b"IEND" in _read(stream, stream.seek(0, 2) - 12, 12)


def _is_whole_jpeg(stream: BinaryIO, head: bytes) -> bool:
    return b"\xff\xd9" in _read(stream, max(0, stream.seek(0, 2) - 1024), 1024)


def _is_whole_webp(stream: BinaryIO, head: bytes) -> bool:
    length = int.from_bytes(head[4:8], "little") + 8
    return head[8:12] == b"WEBP" and stream.seek(0, 2) >= length


def _is_whole_parquet(stream: BinaryIO, head: bytes) -> bool:
    size = stream.seek(0, 2)
    if size < 12:
        return False
    tail = _read(stream, size - 8, 8)
    return tail[4:] == b"PAR1" and int.from_bytes(tail[:4], "little") <= size - 12


_MARKS: tuple[tuple[bytes, Kind, Callable[[BinaryIO, bytes], bool]], ...] = (
    (b"%PDF-", PDF, _is_whole_pdf),
    (b"\x89PNG\r\n\x1a\n", PNG, _is_whole_png),
    (b"\xff\xd8\xff", JPEG, _is_whole_jpeg),
    (b"RIFF", WEBP, _is_whole_webp),
    (b"PAR1", PARQUET, _is_whole_parquet),
)
