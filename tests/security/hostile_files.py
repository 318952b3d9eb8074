"""Small files that once took seconds or the whole process, made to any size."""

import io
import random
import zipfile

_TYPES = (
    '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/>'
    "</Types>"
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" '
    'sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{}" Target="{}"/></Relationships>'
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="str"><v>Name</v></c></row>{}</sheetData></worksheet>'
)


def _packed(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def pdf(size: int) -> bytes:
    return b"%PDF-1.7\n" + b"stream\n" * (size // 7) + b"\n%%EOF\n"


def table(size: int) -> bytes:
    return b"-" + b"|" * size


def document(size: int) -> bytes:
    links = "<Relationship " * (size // 14)
    return _packed(
        **{
            "[Content_Types].xml": _TYPES.format("wordprocessingml.document"),
            "word/_rels/document.xml.rels": links,
        }
    )


def workbook(rows: str, *, sheet: str = "xl/worksheets/sheet1.xml") -> bytes:
    return _packed(
        **{
            "[Content_Types].xml": _TYPES.format("spreadsheetml.sheet"),
            "_rels/.rels": _LINKS.format("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": _BOOK,
            "xl/_rels/workbook.xml.rels": _LINKS.format("worksheet", f"/{sheet}"),
            sheet: _SHEET.format(rows),
        }
    )


_FAR = '<c r="XFD1048576" t="str"><v>x</v></c>'
#: Three ways round the guard of a sheet's corners.
BOOKS = {
    "a row without cells' names": workbook(
        '<row r="1048576">' + '<c t="str"><v>x</v></c>' * 16_384 + "</row>"
    ),
    "a sheet elsewhere": workbook(f'<row r="1048576">{_FAR}</row>', sheet="xl/other/one.xml"),
    "a cell that looks empty": workbook(
        '<row r="1048576"><c r="XFD1048576" t="str" foo="/>"><v>x</v></c></row>'
    ),
}


def crate(size: int) -> bytes:
    """Return a study's archive, small itself, whose description asks for hundreds of times its size."""
    # Not all alike: no archive takes what grows beyond measure when it is unpacked.
    chance = random.Random(size)
    parts = "".join(chance.choices(('{"":[]},', '{"":{}},'), k=size // 8))
    return _packed(**{"ro-crate-metadata.json": f'{{"@graph": [{parts}[]]}}'})


def nested(size: int) -> bytes:
    """Return an archive with a document that is an archive too, of a size when it is unpacked."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("book.xlsx", "w") as file,
    ):
        file.write(b"PK\x03\x04")
        for _at in range(size // 1_000_000):
            file.write(bytes(1_000_000))
    return target.getvalue()


def wide_part(size: int) -> bytes:
    """Return a workbook that takes four bytes for each sign as soon as it is read as text."""
    return _packed(**{"xl/sharedStrings.xml": "\U0001f600" + "a" * size})


def facts(size: int) -> bytes:
    return f'[{{"reference": "A", "title": "T", "topics": "{";" * size}"}}]'.encode()


def calendar(events: int) -> bytes:
    one = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:20260101T090000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
    return (
        "BEGIN:VCALENDAR\r\n"
        + "".join(one.format(at) for at in range(events))
        + "END:VCALENDAR\r\n"
    ).encode()
