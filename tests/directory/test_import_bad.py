"""Bad files: each gets a clear answer, and nothing is half-imported."""

import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.directory import operations
from proxeny.directory.memberlist.cells import clean, is_formula
from proxeny.directory.models import Details, MemberImport, Organisation
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.kernel.readings import no_place_left


@pytest.fixture
def bring(world, tmp_path):
    """`bring(bytes)` imports a list as the manager of side A, at once; returns the import."""

    def run(data, **options):
        path = tmp_path / "list.csv"
        path.write_bytes(data)
        reader = reader_of(world.a.manager)
        with acting_as(WEB, reader):
            return operations.import_file(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                path=path,
                now=timezone.now(),
                wanted=operations.Wanted(options={"country": "GR", **options}),
            )

    return run


def rows_of_sheet(rows):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with xlsxwriter.Workbook(made := io.BytesIO(), {"in_memory": True}) as book:
            book.add_worksheet().write_row(0, 0, ["Name", "Country"])
        with zipfile.ZipFile(made) as source:
            for name in source.namelist():
                data = source.read(name)
                if name.endswith("sheet1.xml"):
                    data = data.replace(b"</sheetData>", rows + b"</sheetData>")
                archive.writestr(name, data)
    return target.getvalue()


def bomb_of_text():
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("list.csv", "w") as part,
    ):
        part.write(b"Name,Country\n")
        for _ in range(210):
            part.write(b"A,GR\n" * 209_715)
    return target.getvalue()


BAD = {
    "json": (b'[{"name": "A"}]', "type is JSON"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "type is PNG"),
    "database": (b"SQLite format 3\0", "type is SQLite"),
    "nul": (b"Name,City\nA,x\nB,y\0z\n", "row 3 contains bytes that never occur in text"),
    "one line": (b"Name,Country," + b"x" * 9_000_000, "Row 1 has more than 8 million characters"),
    "megabytes in a field": (b"Name,City\nA,x\nB," + b"y" * 2_500_000 + b"\n", "A cell in row 3"),
    "megabyte in a field": (
        b"Name,City\nA,x\nB," + b"y" * 1_000_000 + b"\n",
        "1000000 characters; the limit is 120",
    ),
    "quote": (
        b'Name,City\nA,x\n"B,y\nC,z\n',
        "From row 3 .line 3 of the file., .* never closes",
    ),
    "quote far": (b'Name,City\nA,"x\n' + b"B,y\n" * 900_000, "From row 2 .* never closes"),
    "mixed": (
        "Name,City\nÉcole,Évry\nÉté,Nîmes\n".encode() + "Forêt,Alès\nMaïs,Sète\n".encode("cp1252"),
        "2 rows of this file use a different encoding .* rows 4, 5",
    ),
    "columns": (
        ",".join(f"c{n}" for n in range(3000)).encode() + b"\nA\n",
        "3000 columns; we can read up to 200",
    ),
    "formula": (b"Name,City\n=cmd|' /C calc'!A0,x\n", "contains a formula without a value"),
    "sum": (b"Name,Employees\nA,=SUM(B1:B9)\n", "contains a formula without a value"),
    "empty rows": (
        rows_of_sheet(b"<row/>" * 16_000_000),
        "more than 1048576 rows, most of them empty",
    ),
    "entities": (rows_of_sheet(b'<!DOCTYPE x [<!ENTITY a "b">]>'), "damaged and can’t be opened"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_gets_an_answer_and_imports_nothing(world, bring, name):
    data, sentence = BAD[name]
    before = Organisation.objects.count()
    with pytest.raises(InvalidInput, match=sentence):
        bring(data)
    assert Organisation.objects.count() == before
    assert not MemberImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_bomb_of_text_is_refused_before_it_is_kept(world):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader), pytest.raises(InvalidInput, match="unpacks to more than 200 MB"):
        operations.start_import(
            actor=reader,
            cluster_id=world.a.cluster.pk,
            file_name="list.zip",
            content=bomb_of_text(),
        )
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_line_end_with_or_without_a_mark(bring, end, mark):
    text = end.join(["Reference,Name,Country", "M1,Ωmega,GR", 'M2,"B, C",FR', ""])
    brought = bring(mark + text.encode())
    assert (brought.rows, brought.added) == (2, 2)
    assert Organisation.objects.get(key="M1").name == "Ωmega"


def test_signs_that_nobody_sees_do_not_make_two_of_one(world, bring):
    bring("Name,Country,E-mail\nشركة الأندلس,GR,a@b.example\n".encode())
    brought = bring(
        "Name,Country,E-mail\n\u202bشركة\u200f الأندلس\u202c,GR,\u200ba@b.example\u200e\n".encode()
    )
    assert (brought.added, brought.changed, brought.unchanged) == (0, 0, 1)
    made = Organisation.objects.get(name="شركة الأندلس")
    assert Details.objects.get(pk=made.pk).email == "a@b.example"


def test_reversed_text_cannot_show_another_name():
    assert clean("safe\u202egpj.exe") == "safegpj.exe"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("\u200bA\u00adB\ufeff \u00a0") == "AB"
    assert clean("bad\x00\x1b[31m\x85next") == "bad[31m\nnext"


def test_what_an_export_escaped_comes_back_and_a_telephone_number_is_no_formula():
    assert clean("'=cmd") == "=cmd"
    assert not is_formula("'=cmd|' /C calc'!A0")
    assert not any(map(is_formula, ["+30 210 123", "-5", "@seeds", "a=b"]))
    assert all(map(is_formula, ["=1+1", " =SUM(A1)", "@SUM(1|2!A)", '="x"']) for _ in "x")


def test_two_files_of_different_encodings_in_utf16(bring):
    brought = bring("Name\tCountry\nΑθήνα\tGR\n".encode("utf-16"))
    assert brought.added == 1


def test_many_equal_rows_are_counted_and_a_few_shown(world, bring, tmp_path):
    data = b"Reference,Name,Country\n" + b"M1,Same,GR\n" * 5_000
    assert (bring(data).added, bring(data).left_out) == (1, 4_999)
    reader = reader_of(world.a.manager)
    differing = b"Reference,Name,Country\n" + b"".join(b"M1,Same %d,GR\n" % n for n in range(5_000))
    path, problems = tmp_path / "differing.csv", io.StringIO()
    path.write_bytes(differing)
    before = list(Organisation.objects.order_by("pk").values_list("pk", "version"))
    with (
        pytest.raises(InvalidInput, match="4999 rows or cells need correcting"),
        acting_as(WEB, reader),
    ):
        operations.import_file(
            actor=reader,
            cluster_id=world.a.cluster.pk,
            path=path,
            now=timezone.now(),
            wanted=operations.Wanted(problems=problems),
        )
    assert problems.getvalue().count("\n") == 5_000
    assert list(Organisation.objects.order_by("pk").values_list("pk", "version")) == before


def test_while_other_files_are_read_the_page_and_the_api_say_so(world, sign_in, call):
    file = SimpleUploadedFile("members.csv", b"Name\nAegean Ltd\n")
    sent = {"file": file, "cluster": world.a.cluster.pk}
    sentence = "Several other files are being read right now."
    with no_place_left():
        page = sign_in(world.a.manager).post("/directory/import/", sent)
        assert page.status_code == 422
        assert sentence in page.text
        file.seek(0)
        body = {"cluster_id": world.a.cluster.pk, "file": file}
        answer = call(world.a.manager).upload("/directory/imports", body)
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:proxeny:problem:too-many-readings"
        assert sentence in answer.json()["detail"]
    file.seek(0)
    assert sign_in(world.a.manager).post("/directory/import/", sent).status_code == 302
