"""From bytes to a table: encodings, delimiters, headers, and files that are something else."""

import io
import zipfile

import pytest
import xlsxwriter

from proxeny.directory.memberlist.columns import match_columns
from proxeny.directory.sources.content import PAGE, Content, Limits, refuse_size
from proxeny.directory.sources.reading import letter, open_table, read_table
from proxeny.kernel.errors import InvalidInput

FRENCH = "Nom;Pays\nSociété générale d'édition;Grèce\nL'été à Nîmes;France\n"
GREEK = "Όνομα;Χώρα\nΨηφιακή Ακρόπολη;Ελλάδα\nΆρτεμις Εκδόσεις;Γαλλία\n"
ARABIC = "الاسم;البلد\nشركة الأندلس;المغرب\nمؤسسة النور;فرنسا\n"


def workbook(*sheets, **options):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (FRENCH, "utf-8", "utf-8-sig"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (FRENCH, "utf-16-be", "utf-16-be"),
        (FRENCH, "cp1252", "cp1252"),
        (GREEK, "utf-8", "utf-8-sig"),
        (GREEK, "cp1253", "cp1253"),
        (GREEK, "iso-8859-7", "iso-8859-7"),
        (ARABIC, "cp1256", "cp1256"),
        (ARABIC, "utf-8", "utf-8-sig"),
    ],
)
def test_encoding_is_found(text, encoding, found):
    table = read_table(text.encode(encoding))
    assert table.encoding == found
    assert table.delimiter == ";"
    assert [";".join(row.cells) for row in table.rows()] == text.splitlines()[1:]
    assert set(match_columns(table.header)) == {"name", "country"}


def test_chosen_encoding_goes_before_the_guess():
    assert (
        next(read_table(GREEK.encode("cp1253"), encoding="cp1252").rows()).cells[0].startswith("Ø")
    )


def test_damaged_utf8_names_row_and_byte():
    data = GREEK.encode().replace("Γαλλία".encode(), b"\xce\xcf\xff")
    with pytest.raises(InvalidInput, match=r"Row 3 can’t be read as UTF-8: the byte 0xCE"):
        read_table(data)


def test_bytes_that_no_encoding_reads_name_row_and_byte():
    data = b"Name,Country\nCaf\xe9,FR\nA\x81\x8d\xd2\xae\xff\xaa,FR\n"
    with pytest.raises(InvalidInput, match=r"Row 3 .* 0x81"):
        read_table(data, encoding="cp1252")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter):
    rows = [["Name", "Country", "Summary"], ["A, B; C", "FR", "one, two; three"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    table = read_table(text.encode())
    assert table.delimiter == delimiter
    assert next(table.rows()).cells == rows[1]


def test_excels_separator_line_counts_as_a_row():
    table = read_table(b"sep=;\r\nName;Country\r\nA;FR\r\n")
    assert (table.header, table.header_row, next(table.rows()).number) == (
        ["Name", "Country"],
        2,
        3,
    )


def test_row_numbers_are_those_of_a_spreadsheet():
    table = read_table(b'My members\n\nName,Country,Summary\n"A",FR,"two\nlines"\n\nB,GR,\n')
    assert table.header_row == 3
    assert [(row.number, row.cells[0]) for row in table.rows()] == [(4, "A"), (6, "B")]


def test_headers_are_unique_and_named():
    table = read_table(b"Name,,Name,Country\nA,x,B,FR\n")
    assert table.header == ["Name", "Column B", "Name (2)", "Country"]
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_workbook_is_read_by_its_content_and_numbers_stay_whole():
    data = workbook(("Empty", []), ("Members", [["Name", "Employees"], ["A", 12], ["B", 1.5]]))
    table = read_table(data)
    assert (table.sheet, table.sheets, table.encoding) == ("Members", ["Empty", "Members"], "")
    assert [row.cells for row in table.rows()] == [["A", "12"], ["B", "1.5"]]


def test_another_sheet_can_be_chosen():
    data = workbook(("One", [["Name"], ["A"]]), ("Two", [["Name"], ["B"]]))
    assert next(read_table(data, sheet="Two").rows()).cells == ["B"]


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(260):
                part.write(b"\0" * (1 << 20))
    return target.getvalue()


def lying_bomb():
    data = bytearray(bomb())
    # The directory at the end claims that the part unpacks to nine bytes.
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (9).to_bytes(4, "little")
    return bytes(data)


def far_corner():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Country"])
        sheet.write(1_048_575, 16_383, "far")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \n,,\n", "There’s nothing in this file"),
        (b"Name,Country\n", "a header in row 1 but no members below it"),
        (b"%PDF-1.7 Name,Country", "This file’s type is PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "This file’s type is XLS"),
        (b"\x89PNG\r\n\x1a\n", "This file’s type is PNG"),
        (b"<!DOCTYPE html><html>", "This file’s type is HTML"),
        (b"PK\x03\x04 no archive", "damaged and can’t be opened"),
        (b"Name,Country\n\0\1\2,FR\n", "This isn’t a text file: row"),
        (b'Name,Country\nA,FR\n"B,GR\n' + b"C,FR\n" * 40_000, "From row 3 .* never closes"),
        (
            ",".join(f"c{n}" for n in range(201)).encode() + b"\n1\n",
            "201 columns; we can read up to 200",
        ),
        (workbook(("Nothing", [])), "There’s nothing in this file"),
        (workbook(("One", [["Name"], ["A"]]))[:-60], "damaged and can’t be opened"),
        (bomb(), "unpacks to more than 200 MB"),
        (lying_bomb(), "unpacks to more than 200 MB"),
        (far_corner(), "extends to cell XFD1048576"),
    ],
)
def test_bad_file_gets_a_sentence(data, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read_table(data)


def test_rows_are_counted_while_they_are_read():
    content = Content.of_bytes(b"Name\n" + b"A\n" * 4, Limits(rows=3))
    with pytest.raises(InvalidInput, match="more than 3 rows"):
        list(open_table(content).rows())


def test_size_is_refused_before_reading():
    with pytest.raises(
        InvalidInput, match=r"This file is 50 MB; you can import up to 20 MB .* Compress it"
    ):
        refuse_size(50 * 1024 * 1024)
    refuse_size(PAGE.size)


def test_columns_are_matched_by_name_in_four_languages():
    for header, name, country, email in [
        (["Company name", "COUNTRY", "E-Mail"], 0, 1, 2),
        (["Pays", "Raison sociale", "Courriel"], 1, 0, 2),
        (["Επωνυμία", "Χώρα", "Ηλεκτρονικό ταχυδρομείο"], 0, 1, 2),
        (["البريد الإلكتروني", "اسم الشركة", "الدولة"], 1, 2, 0),
    ]:
        found = match_columns(header)
        assert found == {"name": header[name], "country": header[country], "email": header[email]}


def test_better_word_wins_and_memory_goes_before_words():
    header = ["Dossier", "Référence", "Nom", "Sigle", "SIREN"]
    assert match_columns(header) == {"key": "Référence", "name": "Nom", "national": "SIREN"}
    remembered = {"key": "dossier", "name": "Sigle", "city": "Gone"}
    assert match_columns(header, remembered=remembered) == {
        "key": "Dossier",
        "name": "Sigle",
        "national": "SIREN",
    }
