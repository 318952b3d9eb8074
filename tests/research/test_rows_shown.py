"""Rows of a file in their surroundings, and from evidence to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.evidence import find_spots
from proxeny.research.models import PackageFile
from proxeny.research.queries import advice as reads
from proxeny.research.rules import Place, read_place
from proxeny.research.store import get_store
from tests.conftest import reader_of
from tests.partnerships.rooms import others, team, words
from tests.research.advising import advice_of, at, file_of, rest, study_of
from tests.stages import staged


@staged
def study(world):
    return study_of(world)


@staged
def file(study):
    return file_of(study)


def page(client, study, file, query="", status=200):
    address = at("rows", study.partnership_id, study.pk, file.pk)
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_a_place_reads_as_it_was_written():
    for place in (Place(5, 5), Place(5, 7), Place(2, 9, ("wage", "a & b=c", "μισθός"))):
        assert read_place(str(place)) == place
    for text in (
        "",
        "row=",
        "row=a",
        "row=-3",
        "row=5-x",
        "col=wage",
        "row=999999999999",
        f"row=5-{'9' * 4301}",
    ):
        assert read_place(text) is None


def test_cited_cells_are_marked_among_those_around_them(study, file):
    shown = reads.show_rows(file, Place(5, 7, ("wage",)))
    assert [one.number for one in shown.lines] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [one.number for one in shown.lines if one.is_cited] == [5, 6, 7]
    assert shown.header == (("wage", True), ("studio", False), ("town", False))
    marked = [cell.text for line in shown.lines for cell in line.cells if cell.is_cited]
    assert marked == ["1400", "1500", "1600"]
    assert not shown.is_missing
    assert not shown.is_cut


def test_marked_columns_come_first_and_rows_are_named(world, study, sign_in, file):
    shown = reads.show_rows(file, Place(5, 5, ("town", "wage")))
    assert [name for name, _cited in shown.header] == ["wage", "town", "studio"]
    line = next(one for one in shown.lines if one.is_cited)
    assert line.name == "Studio 4"
    assert [cell.column for cell in line.cells] == ["wage", "town", "studio"]
    html = page(sign_in(world.a.manager), study, file, "row=5&col=wage")
    assert '<th scope="row" class="px-num"><span class="visually-hidden">Cited: </span>' in html
    assert "<bdi>Studio 4</bdi><br>" in html
    # Figures name nothing: such rows are told by their number alone.
    plain = file_of(study, "a,b\n1,2\n")
    assert [one.name for one in reads.show_rows(plain, Place(2, 2)).lines] == [""]


def test_a_row_is_named_by_its_key(study):
    keyed = file_of(study, "town,code\nLyon,FR-69\n")
    keyed.table = {**keyed.table, "primaryKey": "code"}
    keyed.save()
    assert [one.name for one in reads.show_rows(keyed, Place(2, 2)).lines] == ["FR-69"]


def test_at_the_ends_of_a_file_there_is_nothing_beyond(study, file):
    shown = reads.show_rows(file, Place(13, 13))
    assert [one.number for one in shown.lines] == [10, 11, 12, 13]
    assert all(cell.is_cited for cell in shown.lines[-1].cells)
    for place in (Place(14, 20), Place(12, 14), Place(1, 3), Place(2, 2, ("salary",)), Place(7, 5)):
        assert reads.show_rows(file, place).is_missing, place
    assert [one.number for one in reads.show_rows(file, Place(7, 5)).lines] == list(range(2, 14))


def test_of_a_long_table_so_many_rows_are_shown_and_the_rest_is_told(study):
    long = file_of(study, "n\n" + "".join(f"{number}\n" for number in range(2, 400)))
    for place, is_cut, is_missing in (
        (Place(2, 200), False, False),
        (Place(2, 201), True, False),
        (Place(2, 9_999), True, False),
        (Place(300, 399), False, False),
        (Place(300, 400), False, True),
        (Place(390, 380), False, True),
    ):
        shown = reads.show_rows(long, place)
        assert (shown.is_cut, shown.is_missing) == (is_cut, is_missing), place


def test_a_column_is_known_by_its_name_in_the_schema(study):
    shown = reads.show_rows(
        file_of(study, "studio , wage,\nA,1,x\n"), Place(2, 2, ("wage", "field3"))
    )
    assert [is_cited for _name, is_cited in shown.header] == [True, True, False]
    assert not shown.is_missing


def test_a_table_without_a_header_begins_with_row_1(world, study, sign_in):
    plain = file_of(study, "1,Lyon\n2,Paris\n3,Nice\n")
    assert plain.dialect["header"] is False
    shown = reads.show_rows(plain, Place(1, 2))
    assert [(one.number, one.is_cited) for one in shown.lines] == [(1, True), (2, True), (3, False)]
    assert not shown.is_missing
    client, first = (
        sign_in(world.a.manager),
        "Rows are numbered as in the file: the first is row 1.",
    )
    assert first not in page(client, study, plain, "row=1")
    assert first in page(client, study, plain, "row=4")
    advice = advice_of(study)
    address = at("advice-rows", study.partnership_id, advice.pk)
    chosen = client.get(address, {"file": plain.pk, "rows": "1"}).content.decode()
    assert "Use the row numbers of the file, starting at 1, such as 5 or 5-7." in chosen
    answer = client.post(address, {"file": plain.pk, "rows": "0", "text": "Such"})
    assert first in answer.content.decode()
    assert client.post(address, {"file": plain.pk, "rows": "1", "text": "Such"}).status_code == 302


def test_the_page_tells_what_the_file_is(world, study, file, sign_in):
    html = page(sign_in(world.b.ambassador), study, file, "row=5-7&col=wage")
    told = words(html)
    assert file.sha256 in html
    for one in (
        "Highlighted: rows 5–7, column wage of answers.csv",
        "CC BY 4.0",
        "Open: anyone can download it",
        "Nothing is based on this yet.",
        "version 1",
    ):
        assert one in told, one
    assert html.count("is-cited") >= 3 + 3
    wide = page(sign_in(world.b.ambassador), study, file, "row=5&around=more")
    assert "Show more rows around these" not in wide
    assert 'id="row-13"' in wide


def test_an_address_that_names_no_rows_shows_the_first(world, study, file, sign_in):
    client = sign_in(world.a.manager)
    for query in ("", "row=x", "row=9-2"):
        assert 'id="row-2"' in page(client, study, file, query)
    assert "Some of what is cited isn’t in this file." in page(client, study, file, "row=500")


def test_who_else_rests_on_these_rows(world, study, file, sign_in):
    same_bytes = file_of(study, package=file.version.package, number=2)
    rest(advice_of(study, "Pay interns"), file, "row=5-7&col=wage")
    rest(advice_of(study, "Say what you pay"), same_bytes, "row=7-9")
    rest(advice_of(study, "Move to Lyon"), file, "row=5-7&col=town")
    rest(advice_of(study, "Far below"), file, "row=12")
    rest(advice_of(study, "Archive", dropped_at=timezone.now()), file, "row=5")
    rest(advice_of(study, "Overall"), file, "")
    told = words(page(sign_in(world.a.manager), study, file, "row=6-7&col=wage"))
    for title in ("Pay interns", "Say what you pay", "Overall"):
        assert title in told, title
    for title in ("Move to Lyon", "Far below", "Archive"):
        assert title not in told, title
    told = words(page(sign_in(world.a.manager), study, file))
    assert "Far below" in told


def test_the_rows_ask_the_same_of_the_database_however_many_cite_them(world, study, file, sign_in):
    client, counts = sign_in(world.a.manager), []
    for number in (1, 2):
        for _ in range(number):
            rest(advice_of(study), file)
        page(client, study, file, "row=5")
        with CaptureQueriesContext(connection) as asked:
            page(client, study, file, "row=5")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


def test_evidence_leads_to_its_rows_for_the_room_and_for_nobody_else(world, study, file):
    piece = rest(advice_of(study), file)
    address = f"{at('rows', study.partnership_id, study.pk, file.pk)}?row=5-7&col=wage"
    for person in team(world).values():
        reader = reader_of(person)
        with acting_as(WEB, reader):
            [spot] = find_spots(reader, [piece]).values()
        assert spot.url == address
        assert spot.label == "answers.csv · rows 5–7, column wage · version 1"
        assert spot.is_table
    for person in others(world).values():
        reader = reader_of(person)
        with acting_as(WEB, reader):
            assert find_spots(reader, [piece]) == {}


def test_a_draft_has_no_rows_to_point_at(world, study, sign_in):
    page(sign_in(world.a.manager), study, file_of(study, is_released=False), "row=5", status=404)


def test_a_file_is_shown_among_its_own_study_alone(world, study, file, sign_in):
    page(sign_in(world.a.manager), study_of(world), file, "row=5", status=404)


def test_bytes_that_are_gone_are_told(world, study, file, sign_in):
    PackageFile.objects.filter(pk=file.pk).update(sha256="f" * 64)
    page(sign_in(world.a.manager), study, file, "row=5", status=404)
    with pytest.raises(NotFound):
        reads.show_rows(PackageFile.objects.get(), Place(5, 5))
    assert get_store().read(file.sha256, 0, 6)


def test_what_people_wrote_into_a_table_stays_text(world, study, sign_in):
    nasty = file_of(study, 'a,"<b>b</b>"\n"<script>alert(1)</script>",2\n=1+1,3\n')
    html = page(sign_in(world.a.manager), study, nasty, "row=2-3")
    assert "<script>alert" not in html
    assert "<b>b" not in html
    assert "&lt;script&gt;" in html
