"""A file is what its content says, and what lies, runs or grows is refused with its place."""

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter

from proxeny.engine.package import Limits, Refused, identify, look_into


def png() -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sum_

    picture = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", picture) + part(b"IDAT", pixels) + part(b"IEND", b"")
    )


def xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_string(0, 0, "a")
    return target.getvalue()


def archive(*entries, method=zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of names with contents."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in entries:
            # At a fixed moment: the bytes stand in the names of tests.
            made.writestr(zipfile.ZipInfo(name) if isinstance(name, str) else name, content, method)
    return target.getvalue()


def link(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


FILES = {
    "a.csv": (b"a,b\n1,2\n", "CSV"),
    "a.tsv": (b"a\tb\n1\t2\n", "TSV"),
    "a.txt": ("Ελιά".encode(), "text"),
    "wide.csv": ("a,b\n1,2\n".encode("utf-16"), "CSV"),
    "old.csv": ("Ελιά,1\n".encode("cp1253"), "CSV"),
    "a.json": (b' {"a": ["}", "\\"", 1]}\n', "JSON"),
    "b.json": (b'{"type": "FeatureCollection", "features": []}', "GeoJSON"),
    "a.geojson": (b'{"type": "Point", "coordinates": [1, 2]}', "GeoJSON"),
    "a.pdf": (b"%PDF-1.7\n1 0 obj\n%%EOF\n", "PDF"),
    "a.png": (png(), "PNG"),
    "a.jpg": (b"\xff\xd8\xff\xe0" + b"x" * 50 + b"\xff\xd9", "JPEG"),
    "a.webp": (b"RIFF\x0c\x00\x00\x00WEBPVP8 \x00\x00\x00\x00", "WebP"),
    "a.parquet": (b"PAR1" + b"x" * 20 + b"\x04\x00\x00\x00PAR1", "Parquet"),
    "a.xlsx": (xlsx(), "XLSX"),
    "a.zip": (archive(("x/a.csv", "1"), ("b.xlsx", xlsx())), "ZIP"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_its_content_says(name):
    content, label = FILES[name]
    stream = io.BytesIO(content)
    assert identify(stream, name).label == label
    assert not stream.closed


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty"),
        ("a.exe", b"a", "kind"),
        ("a", b"a", "kind"),
        ("a.csv", b"MZ\x90\x00\x03", "executable"),
        ("a.csv", b"\x7fELF\x02", "executable"),
        ("a.txt", b"#!/bin/sh\n", "executable"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "executable"),
        ("a.txt", b"<html>", "markup"),
        ("a.csv", b"a,b\n<script>x</script>\n", "markup"),
        ("a.csv", b"a\x00b", "mismatch"),
        ("a.csv", png(), "mismatch"),
        ("a.png", b"a,b\n", "mismatch"),
        ("a.pdf", xlsx(), "mismatch"),
        ("a.xlsx", archive(("a.csv", "1")), "mismatch"),
        ("a.zip", xlsx(), "mismatch"),
        ("a.csv", b'{"a": 1}', "mismatch"),
        ("a.json", b'{"a": [1}', "mismatch"),
        ("a.json", b"[" * 300 + b"]" * 300, "mismatch"),
        ("a.geojson", b'{"a": 1}', "mismatch"),
        ("a.zip", b"\x1f\x8b\x08", "mismatch"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n", "damaged"),
        ("a.png", png()[:-12], "damaged"),
        ("a.zip", archive(("a.csv", "1"))[:-30], "damaged"),
        ("../a.csv", b"1", "climbs_out"),
        ("x/a.csv", b"1", "name"),
        ("nul.csv", b"1", "device_name"),
        ("a\u202evsc.csv", b"1", "name"),
    ],
)
def test_what_lies_or_runs_is_refused(name, content, code):
    with pytest.raises(Refused) as refused:
        identify(io.BytesIO(content), name)
    assert refused.value.problems[0].code == code


def refusal(content: bytes, **limits):
    with pytest.raises(Refused) as refused:
        look_into(io.BytesIO(content), Limits(**limits))
    return [(one.code, one.where) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../x", "climbs_out"),
        ("a/../../x", "climbs_out"),
        ("a\\..\\x", "climbs_out"),
        ("/etc/x", "absolute"),
        ("C:/x", "absolute"),
        ("\\\\host\\x", "absolute"),
        ("a/CON.txt", "device_name"),
        ("lpt1", "device_name"),
        ("com¹.csv", "device_name"),
        ("a//x", "name"),
        ("a/./x", "name"),
        ("a./x", "name"),
        ("a /x", "name"),
        ("ab:c", "name"),
        ("a\nb", "name"),
        ("x" * 300, "path_too_long"),
    ],
)
def test_names_that_are_not_safe_are_refused(name, code):
    assert refusal(archive((name, "1"))) == [(code, name)]


def test_names_that_are_the_same_somewhere_are_refused():
    assert refusal(archive(("a/É.csv", "1"), ("A/e\u0301.csv", "2"))) == [
        ("twice", "A/e\u0301.csv")
    ]
    assert refusal(archive(("a", "1"), ("a/b", "2"))) == [("file_and_folder", "a")]


def test_links_and_devices_are_refused():
    assert refusal(archive((link("a", 0o120777), "/etc/passwd"))) == [("symlink", "a")]
    assert refusal(archive((link("a", 0o020666), ""))) == [("special", "a")]


def test_programs_and_archives_inside_are_refused():
    assert refusal(archive(("a/x.csv", b"\x7fELF\x01"))) == [("executable", "a/x.csv")]
    assert refusal(archive(("in.zip", archive(("a", "1"))))) == [("nested_archive", "in.zip")]
    assert refusal(archive(("x.csv", b"\x1f\x8b\x08abc"))) == [("nested_archive", "x.csv")]
    inner = archive(("[Content_Types].xml", "x"), ("in.zip", archive(("a", "1"))))
    assert refusal(archive(("d.xlsx", inner))) == [("nested_archive", "d.xlsx!/in.zip")]


def test_bombs_are_refused():
    assert refusal(archive(("a.txt", b"0" * 20_000_000))) == [("bomb", "a.txt")]
    inner = archive(("[Content_Types].xml", b"0" * 20_000_000))
    assert refusal(archive(("d.xlsx", inner), method=zipfile.ZIP_STORED)) == [
        ("bomb", "d.xlsx!/[Content_Types].xml")
    ]


def test_too_much_is_refused():
    many = archive(*((f"{n}.txt", "12345") for n in range(20)))
    assert refusal(many, entries=10) == [("entries", "")]
    assert refusal(many, unpacked=99) == [("unpacked", "19.txt")]
    assert len(look_into(io.BytesIO(many), Limits(entries=20, unpacked=100))) == 20


def test_a_directory_that_would_fill_the_memory_is_not_read():
    made = bytearray(archive(("a", "1")))
    at = made.rfind(b"PK\x05\x06")
    made[at + 12 : at + 16] = struct.pack("<I", 0xFFFFFFF0)
    assert refusal(bytes(made)) == [("entries", "")]


def test_what_the_directory_says_of_sizes_is_not_believed():
    made = bytearray(archive(("a.txt", b"0" * 20_000_000)))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refusal(bytes(made))[0][0] in ("damaged", "bomb")


def test_an_entry_that_was_changed_is_refused():
    made = archive(("a.txt", "good"), method=zipfile.ZIP_STORED).replace(b"good", b"evil")
    assert refusal(made) == [("damaged", "a.txt")]


def test_a_locked_entry_is_refused():
    made = bytearray(archive(("a.txt", "good"), method=zipfile.ZIP_STORED))
    made[made.find(b"PK\x03\x04") + 6] |= 1
    made[made.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(made)) == [("locked", "a.txt")]
