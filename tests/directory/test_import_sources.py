"""Files beside plain lists: packed ones, cards, large workbooks; and what each is taken for."""

import gzip
import io
import zipfile

import pytest
import xlsxwriter
from icalendar.parser import Contentline

from proxeny.directory.sources import workbook
from proxeny.directory.sources.content import Content, Limits
from proxeny.directory.sources.reading import open_table, read_table
from proxeny.directory.sources.recognising import count, propose_mapping, recognise
from proxeny.kernel.errors import InvalidInput

ORGANISATIONS = (
    '"projectID";"projectAcronym";"organisationID";"vatNumber";"name";"shortName";"SME";'
    '"activityType";"street";"postCode";"city";"country";"nutsCode";"geolocation";'
    '"organizationURL";"contactForm";"contentUpdateDate";"rcn";"order";"role";"ecContribution"\n'
    '"651036";"iBoard";"999969703";"EL094014201";"LAB OF SEEDS";"LOS";"true";"REC";"1 Main";"11521";'
    '"ATHINA";"EL";"EL303";"37.98,23.72";"www.seeds.example";"";"2023-03-10";"1";"1";"coordinator";"50000,5"\n'
    '"651037";"other";"999969703";"EL094014201";"LAB OF SEEDS";"LOS";"true";"REC";"1 Main";"11521";'
    '"ATHINA";"EL";"EL303";"37.98,23.72";"www.seeds.example";"";"2023-03-10";"1";"2";"participant";""\n'
)
CARDS = """BEGIN:VCARD
VERSION:4.0
FN:Ελένη Παπαδοπούλου
N:Παπαδοπούλου;Ελένη;;;
ORG:Seeds\\, Plants\\; Co;Research
EMAIL;TYPE=home:home@seeds.example
EMAIL;PREF=1:work@seeds.example
URL:https://seeds.example
ADR;TYPE=work:;;1 Main\\, 2;Αθήνα;Αττική;11521;Greece
GEO:geo:37.98,23.72;u=35
CATEGORIES:health,3D
NOTE:Met in May\\, likes tea
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Imprimerie Dupont
ORG:Imprimerie Dupont
X-ABSHOWAS:COMPANY
EMAIL;TYPE=INTERNET:info@dupont.example
END:VCARD
BEGIN:VCARD
VERSION:2.1
N:Martin;Zo=C3=AB
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Soci=C3=A9t=C3=A9 Martin
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nobody's Employee
N:Employee;Nobody's;;;
END:VCARD
"""


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return target.getvalue()


def test_cordis_is_recognised_and_counted_by_what_it_holds():
    table = read_table(ORGANISATIONS.encode())
    assert (table.delimiter, recognise(table).source) == (";", "cordis")
    counts = count(table, "cordis")
    assert (counts.rows, counts.organisations) == (2, 1)
    mapping = propose_mapping(table, "cordis")
    assert (mapping["pic"], mapping["vat"], mapping["coordinates"], mapping["nuts"]) == (
        "organisationID",
        "vatNumber",
        "geolocation",
        "nutsCode",
    )
    assert "key" not in mapping


def test_archive_opens_at_its_organisations_and_tells_its_other_files():
    data = zipped(
        project__csv="id,acronym,title,startDate\n1,A,B,2020-01-01\n",
        organization__csv=ORGANISATIONS,
        readme__pdf="%PDF",
    )
    table = read_table(data)
    assert (table.sheet, table.sheets) == ("organization.csv", ["project.csv", "organization.csv"])
    assert recognise(table).source == "cordis"
    other = read_table(data, sheet="project.csv")
    assert recognise(other).source == "projects"
    assert recognise(other).part == "projects"


def test_gzip_is_unpacked_while_it_is_read():
    data = gzip.compress(ORGANISATIONS.encode())
    assert [row.number for row in read_table(data).rows()] == [2, 3]
    with pytest.raises(InvalidInput, match="incomplete, damaged or password-protected"):
        list(read_table(data[:-30]).rows())


@pytest.mark.parametrize(
    ("header", "source", "part"),
    [
        ("Name,Country,E-mail", "members", ""),
        ("Cluster name,Country,Region,Website,Number of members,ECEI label", "clusters", ""),
        ("Nom du cluster,Pays,Label", "clusters", ""),
        ("id,acronym,status,title,startDate,endDate", "projects", "projects"),
        ("projectID,topic,title", "projects", "topics"),
        ("projectID,euroSciVocCode,euroSciVocPath", "projects", "fields"),
        ("rcn,role,pic,type,contribution", "projects", "participations"),
    ],
)
def test_kind_of_file_is_known_by_its_columns(header, source, part):
    found = recognise(read_table(f"{header}\n{','.join('x' * header.count(','))},x\n".encode()))
    assert (found.source, found.part) == (source, part)


def test_a_rank_that_is_no_rank_comes_last():
    ranked = f"EMAIL;PREF={'9' * 5000}:home@seeds.example\r\nEMAIL;PREF=2:work@seeds.example"
    card = f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nORG:Seeds\r\n{ranked}\r\nEND:VCARD\r\n"
    table = read_table(card.encode())
    [row] = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows()]
    assert row["EMAIL"] == "work@seeds.example"


def test_cards_are_rows_of_organisations():
    table = read_table(CARDS.encode())
    rows = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows()]
    assert recognise(table).source == "vcard"
    assert [row["ORG"] for row in rows] == [
        "Seeds, Plants; Co",
        "Imprimerie Dupont",
        "Société Martin",
        "",
    ]
    assert [row["FN"] for row in rows] == [
        "Ελένη Παπαδοπούλου",
        "",
        "Zo=C3=AB Martin",
        "Nobody's Employee",
    ]
    first = rows[0]
    assert (first["EMAIL"], first["URL"], first["GEO"]) == (
        "work@seeds.example",
        "https://seeds.example",
        "37.98,23.72",
    )
    assert (first["ADR city"], first["ADR region"], first["ADR country"]) == (
        "Αθήνα",
        "Αττική",
        "Greece",
    )
    # What a card notes of a person stays out unless somebody chooses its column.
    assert "NOTE" not in propose_mapping(table, "vcard").values()


def test_cards_are_read_as_another_parser_reads_them():
    card = CARDS.split("END:VCARD")[0]
    judged = {}
    for line in card.splitlines()[1:]:
        name, parameters, value = Contentline(line).parts()
        if name != "EMAIL" or "PREF" in parameters:
            judged[name] = value
    table = read_table(CARDS.encode())
    cells = dict(zip(table.header, next(iter(table.rows())).cells, strict=True))
    assert cells["FN"] == judged["FN"]
    assert cells["EMAIL"] == judged["EMAIL"]
    assert cells["URL"] == judged["URL"]
    assert cells["NOTE"] == judged["NOTE"]
    assert cells["CATEGORIES"].replace("; ", ",") == judged["CATEGORIES"]
    assert judged["ADR"].split(";")[3:7:3] == [cells["ADR city"], cells["ADR country"]]


def test_card_that_is_never_closed_is_refused():
    with pytest.raises(InvalidInput, match="END:VCARD is missing"):
        list(read_table(CARDS.encode() + b"BEGIN:VCARD\nFN:Open\n").rows())


def large(rows):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        hidden = book.add_worksheet("Hidden")
        hidden.write_row(0, 0, ["Name", "secret"])
        hidden.hide()
        sheet = book.add_worksheet("Members")
        sheet.activate()
        for number, row in enumerate([["Name", "Employees", "Founded in"], *rows]):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_large_workbook_is_read_row_by_row_to_the_same_cells(monkeypatch):
    data = large([["A", 12, 1999], ["B", 1.5, ""], [], ["Γ", "", True]])
    at_once = read_table(data)
    monkeypatch.setattr(workbook, "_AT_ONCE_UNPACKED", 0)
    by_row = read_table(data)
    assert (by_row.sheet, by_row.sheets, by_row.header) == ("Members", ["Members"], at_once.header)
    assert [(row.number, row.cells) for row in by_row.rows()] == [
        (row.number, row.cells) for row in at_once.rows()
    ]
    assert by_row.form == "xlsx"


def test_what_is_unpacked_is_counted_while_it_is_read():
    data = zipped(list__csv="Name,Country\n" + "A,GR\n" * 100_000)
    assert len(data) < 3000
    content = Content.of_bytes(data, Limits(unpacked=200_000))
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        list(open_table(content).rows())


def test_sentence_of_an_archive_without_a_list():
    with pytest.raises(InvalidInput, match="type is ZIP"):
        read_table(zipped(a__png="x"))
    with pytest.raises(InvalidInput, match="damaged and can’t be opened"):
        read_table(zipped(a__csv="Name\nA\n" * 99)[:-70])
