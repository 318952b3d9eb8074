"""Seeded damage to small files of our own, and how the product's readers bear it."""

import io
import random
import time
import zipfile
from collections.abc import Callable

import xlsxwriter

from proxeny.kernel.errors import ProxenyError
from tests.security import hostile_files as hostile

_SECOND = 1.0


def _book() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["Name", "Country"], ["Ada", "GR"], ["Orfeo", "FR"])):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def _zip(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


_ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:20260101T000000Z\r\n"
    b"DTSTART;TZID=Europe/Paris:20260105T090000\r\nDTEND;TZID=Europe/Paris:20260105T100000\r\n"
    b"RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=20\r\nEXDATE;TZID=Europe/Paris:20260112T090000\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)
_MAIL = (
    b"From: Ada <ada@example.org>\r\nTo: b@example.org\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n"
    b"Message-ID: <1@example.org>\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n--xx\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nYes\r\n--xx\r\nContent-Type: text/calendar; "
    b"method=REPLY\r\n\r\n"
    + _ICS.replace(b"VERSION", b"METHOD:REPLY\r\nVERSION")
    + b"\r\n--xx--\r\n"
)
_CARD = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nORG:Nefeli;Studio\r\nEMAIL;TYPE=PREF:a@b.example\r\n"
    b"ADR:;;Street 1;Athens;;10552;Greece\r\nGEO:37.98;23.72\r\nEND:VCARD\r\n"
)
_SDMX = (
    b'<?xml version="1.0"?><message:GenericData xmlns:message="http://www.sdmx.org/resources/sdmxml/'
    b'schemas/v2_1/message" xmlns:g="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic">'
    b"<message:Header><message:ID>a</message:ID></message:Header></message:GenericData>"
)
_CRATE = '{"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [{"@id": "./"}]}'
_PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj << /Type /ObjStm >>\nstream\nabc\n"
    b"endstream\ntrailer << >>\n%%EOF\n"
)
#: A file of each kind, and the kind of reader that reads it.
FILES: dict[str, tuple[str, bytes]] = {
    "pdf": ("check:.pdf", _PDF),
    "docx": ("check:.docx", hostile.document(100)),
    "csv": ("check:.csv", b"Name;Phone\nA;+33 1 23 45\nB;-12\n"),
    "list as csv": ("table", b'Name;Country\nAda;GR\n"Orfeo; Games";FR\n'),
    "xlsx": ("table", _book()),
    "vcard": ("table", _CARD),
    "zip": ("table", _zip(**{"members.csv": "Name,Country\nAda,GR\n"})),
    "calls": ("calls", b'[{"topicId": "A-1", "title": "T", "deadlineDate": ["2026-05-31"]}]'),
    "ics": ("busy", _ICS),
    "eml": ("letter", _MAIL),
    "figures": ("figures", b"Period,Jobs\n2024-Q1,5\n2024-Q2,6.5\n"),
    "sdmx": ("sdmx", _SDMX),
    "crate": ("crate", _zip(**{"ro-crate-metadata.json": _CRATE, "a.csv": "a,b\n1,2\n"})),
    "credential": ("credential", b'{"@context": [], "type": ["VerifiableCredential"], "id": "a"}'),
}


def _reader(kind: str) -> Callable[[bytes], object]:
    """Return what reads one file of a kind, as the product does."""
    if kind.startswith("check:"):
        from proxeny.kernel.files.checking import check_content

        return lambda data: check_content(data, kind.removeprefix("check:"))
    if kind == "table":
        from proxeny.directory.sources.sandboxed import PAGE, read_rows

        return lambda data: list(read_rows(data, PAGE.size, PAGE.unpacked, PAGE.rows, "", ""))
    if kind == "busy":
        from datetime import UTC, datetime

        from proxeny.kernel.freebusy import read_busy

        year = [datetime(at, 1, 1, tzinfo=UTC) for at in (2026, 2027)]
        return lambda data: read_busy(data, *year, "Europe/Athens", ["a@b"])
    if kind == "crate":
        return _read_crate
    return {
        "calls": _calls,
        "letter": _letter,
        "figures": _figures,
        "sdmx": _sdmx,
        "credential": _credential,
    }[kind]()


def _calls():
    from proxeny.calls.sources.reading import read_file

    return read_file


def _letter():
    from proxeny.kernel.inbox.messages import read_letter

    return read_letter


def _figures():
    from proxeny.assessments.statistics.csv import decode_apart, read_table_apart

    return lambda data: read_table_apart(decode_apart(data).encode(), "")


def _sdmx():
    from proxeny.assessments.statistics.sdmx import read_answer

    return read_answer


def _credential():
    from proxeny.engine.credentials import read_credential

    return read_credential


def _read_crate(data: bytes) -> object:
    from proxeny.engine.package.archive import open_archive

    with open_archive(io.BytesIO(data)) as archive:
        return archive.namelist()


_ODD = (
    b"\0",
    b"\xff\xfe",
    b"<",
    b'"',
    b";" * 50,
    b"[" * 200,
    b"9" * 60,
    b"\r\n",
    b"-1",
    b"%",
    b"&",
    b"99991231T235959Z",
    b"0001-01-01",
    b"\xef\xbb\xbf",
    b"=",
    b"A" * 300,
)


def damage(data: bytes, dice: random.Random) -> bytes:
    """Return a file with a few bytes, pieces or words of it changed."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) + 1)
        to = min(len(made), at + dice.choice((1, 2, 8, 64, 512)))
        match dice.randrange(6):
            case 0 if at < len(made):
                made[at] = dice.randrange(256)
            case 1:
                del made[at:to]
            case 2:
                made[at:at] = made[at:to] * dice.choice((1, 2, 50))
            case 3:
                made[at:at] = dice.choice(_ODD)
            case 4:
                made[at:to] = bytes(dice.randrange(256) for _ in range(to - at))
            case 5:
                other = dice.randrange(len(made) + 1)
                made[at:at] = made[other : other + dice.choice((4, 32, 256))]
    return bytes(made[:200_000])


def read_damaged(data: bytes, kind: str, name: str, first: int, count: int) -> list[list[object]]:
    """Read damaged files one after the other; return what was not as it should be."""
    from proxeny.assessments.statistics.sdmx import NoStatistics
    from proxeny.engine.credentials import Unreadable
    from proxeny.engine.package import Refused
    from proxeny.kernel.inbox.messages import Unreadable as UnreadableMail

    read, found = _reader(kind), []
    for seed in range(first, first + count):
        made = damage(data, random.Random(f"{name}:{seed}"))
        begun = time.process_time()
        try:
            read(made)
        except (ProxenyError, NoStatistics, Unreadable, Refused, UnreadableMail):
            pass
        except Exception as error:
            found.append([seed, repr(error)[:200]])
        took = time.process_time() - begun
        if took > _SECOND and seed > first:  # the first one loads code
            found.append([seed, f"{took:.1f} s"])
    return found
