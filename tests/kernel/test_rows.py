"""A list as people ask for it: searched, sorted, in pages, and as a file."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone
from openpyxl import load_workbook

from proxeny.directory.models import Organisation
from proxeny.kernel import spreadsheet
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.view_helpers import PAGE_SIZE
from tests.factories.directory import OrganisationFactory


@dataclass
class Line:
    """A worked-out row."""

    name: str
    number: int | None = None
    day: date | None = None


LINES = [
    Line("Été", 2, date(2026, 3, 1)),
    Line("=1+1", None),
    Line("abbey", 10),
    Line("Zed", 2),
]
TOLD = Rows(
    "lines",
    (
        Column("name", "Name", lambda one: one.name, by=lambda one: one.name),
        Column("number", "Number", lambda one: one.number, by=lambda one: one.number, end=True),
        Column("day", "Day", lambda one: one.day),
    ),
    words=lambda one: [one.name],
)
KEPT = Rows(
    "organisations",
    (
        Column("name", "Name", lambda one: one.name, ("name",)),
        Column("city", "City", lambda one: one.city, ("city", "name")),
    ),
    sort="name",
    search=("name", "city"),
)


def ask(**query: object):
    """Somebody asks for a list."""
    return RequestFactory().get("/list/", query)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Été", "=1+1", "abbey", "Zed"]),
        ("name", ["=1+1", "abbey", "Été", "Zed"]),
        ("-name", ["Zed", "Été", "abbey", "=1+1"]),
        # Who has no number stands last, whichever way round; equal ones stay as they came.
        ("number", ["Été", "Zed", "abbey", "=1+1"]),
        ("-number", ["abbey", "Été", "Zed", "=1+1"]),
        # What is no column, or cannot be sorted by, counts as nothing.
        ("day", ["Été", "=1+1", "abbey", "Zed"]),
        ("person__account", ["Été", "=1+1", "abbey", "Zed"]),
        ("--name", ["Été", "=1+1", "abbey", "Zed"]),
    ],
)
def test_worked_out_rows_are_sorted_as_asked(sort, names):
    assert [one.name for one in TOLD.fit(LINES, ask(sort=sort))] == names


def test_words_are_found_without_accents_and_in_any_order():
    assert [one.name for one in TOLD.fit(LINES, ask(q="ETE"))] == ["Été"]
    assert TOLD.fit(LINES, ask(q="ete zed")) == []
    assert len(TOLD.fit(LINES, ask(q="  "))) == 4


def test_rows_of_the_database_are_searched_and_sorted_there(db):
    for name, city in (("Bay", "Oslo"), ("Ash", "Rome"), ("Cove", ""), ("Dune", "Oslo")):
        OrganisationFactory(name=name, city=city)
    found = Organisation.objects.all()

    def names(**query):
        return [one.name for one in KEPT.fit(found, ask(**query))]

    assert names() == ["Ash", "Bay", "Cove", "Dune"]
    assert names(sort="-name") == ["Dune", "Cove", "Bay", "Ash"]
    assert names(q="oslo", sort="-city") == ["Bay", "Dune"]
    assert names(q="oslo dun") == ["Dune"]
    assert names(q="100%") == []


def test_a_page_tells_how_many_there_are_and_leads_on(db, django_assert_num_queries):
    OrganisationFactory.create_batch(53)
    request = ask(sort="-city", page="6", q="")
    with django_assert_num_queries(2):
        shown = KEPT.show(request, Organisation.objects.all())
    assert (len(shown.rows), shown.count, shown.is_narrowed) == (53 - 5 * PAGE_SIZE, 53, False)
    assert (shown.prev_url, shown.next_url) == ("?sort=-city&page=5&q=", "")
    assert shown.csv_url == "?sort=-city&q=&export=csv"
    assert [(one.key, one.direction) for one in shown.heads] == [
        ("name", ""),
        ("city", "descending"),
    ]
    assert KEPT.show(ask(q="nobody"), Organisation.objects.all()).is_narrowed


def test_a_file_holds_all_rows_that_fit_in_the_order_shown():
    answer = TOLD.export(ask(export="csv", sort="-name", page="9"), LINES)
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert answer["Content-Disposition"] == f'attachment; filename="lines-{today}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Name", "Number", "Day"],
        ["Zed", "2", ""],
        ["Été", "2", "2026-03-01"],
        ["abbey", "10", ""],
        ["'=1+1", "", ""],
    ]
    assert TOLD.export(ask(sort="name"), LINES) is None


def test_days_and_moments_are_such_in_a_workbook():
    moment = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    rows = [[date(2026, 3, 1), "2026-03-02", "2026-13-45", moment, "1 March", date(1789, 7, 14)]]
    with timezone.override("Europe/Athens"):
        content = spreadsheet.write_xlsx(["a", "b", "c", "d", "e", "f"], rows)
    cells = list(load_workbook(io.BytesIO(content)).active[2])
    assert [one.is_date for one in cells] == [True, True, False, True, False, False]
    assert [str(one.value) for one in cells] == [
        "2026-03-01 00:00:00",
        "2026-03-02 00:00:00",
        "2026-13-45",
        "2026-03-02 00:30:00",
        "1 March",
        "1789-07-14",
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_large_file_is_the_same_though_it_is_sent_in_pieces(form, monkeypatch):
    rows = [[number, f"Row {number}", "2026-03-01"] for number in range(3000)]
    whole = spreadsheet.answer_table("rows", form=form, header=["a", "b", "c"], rows=rows)
    monkeypatch.setattr(spreadsheet, "IN_MEMORY", 1000)
    pieces = spreadsheet.answer_table("rows", form=form, header=["a", "b", "c"], rows=rows)
    assert (whole.streaming, pieces.streaming) == (False, True)
    content = b"".join(pieces.streaming_content)
    assert int(pieces["Content-Length"]) == len(content)
    if form == "csv":
        assert content == whole.content
    else:
        read = load_workbook(io.BytesIO(content)).active
        assert [str(one.value) for one in read[3001]] == ["2999", "Row 2999", "2026-03-01 00:00:00"]
