"""Tables of figures as people have them, and what of them does not fit."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.assessments.statistics.chart import make_chart, tell_number
from proxeny.assessments.statistics.csv import Problem, decode, read_table
from proxeny.assessments.statistics.diff import changes_of, differences
from proxeny.assessments.statistics.periods import read_period
from proxeny.assessments.statistics.series import digest, is_period, make_series
from proxeny.assessments.statistics.table import write_values
from proxeny.kernel.errors import InvalidInput


def lines(text: str, **more) -> dict[str, dict[str, float]]:
    brought = read_table(text, **more)
    assert brought.problems == []
    return {one["name"]: dict(one["points"]) for one in brought.series}


def test_periods_by_lines():
    assert lines("Year,France,Greece\n2023,12.5,7\n2024,13.25,\n") == {
        "France": {"2023": 12.5, "2024": 13.25},
        "Greece": {"2023": 7.0},
    }


def test_one_value_a_row():
    text = "geo;TIME_PERIOD;OBS_VALUE;OBS_FLAG\nFR;2023;12,5;\nEL;2023;7,0;p\nFR;2024;13,25;\n"
    assert lines(text) == {"FR": {"2023": 12.5, "2024": 13.25}, "EL": {"2023": 7.0}}
    assert read_table(text).is_long
    # Two columns tell lines apart, one is the same in all rows.
    text = "unit,geo,sex,year,value\nPC,FR,F,2023,1\nPC,FR,M,2023,2\nPC,EL,F,2023,3\n"
    assert lines(text) == {
        "FR · F": {"2023": 1.0},
        "FR · M": {"2023": 2.0},
        "EL · F": {"2023": 3.0},
    }
    assert lines("Έτος;Τιμή\n2024;1,5\n") == {"Τιμή": {"2024": 1.5}}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1,5", 1.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u202f567,5", 1234567.5),
        ("-3", -3.0),
        ("\u22123,5", -3.5),
        ("12,5%", 12.5),
        ("7,5 p", 7.5),
        ("1'234,5", 1234.5),
        ("١٢٫٥", 12.5),
        ("١٬٢٣٤٫٥", 1234.5),
        ("1.234.567", 1234567.0),
        ("3,2e2", 320.0),
        ("+4", 4.0),
    ],
)
def test_numbers_with_a_decimal_comma(written, read):
    assert lines(f"Year;A\n2023;0,25\n2024;{written}\n")["A"]["2024"] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.5", 1.5),
        ("1,234.5", 1234.5),
        ("1 234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("-0.5", -0.5),
        ("3e2", 300.0),
        ("1,234", 1234.0),
    ],
)
def test_numbers_with_a_decimal_point(written, read):
    assert lines(f"Year\tA\n2023\t0.25\n2024\t{written}\n")["A"]["2024"] == read


def test_a_number_that_may_be_either_is_read_as_the_table_is_written():
    assert lines("Year;A\n2024;1,234\n") == {"A": {"2024": 1.234}}
    assert lines('Year,A\n2024,"1,234"\n') == {"A": {"2024": 1234.0}}
    assert lines('Year,A\n2024,"1,234"\n', decimal=",") == {"A": {"2024": 1.234}}
    assert lines("Year;A\n2024;1.234\n") == {"A": {"2024": 1234.0}}
    assert read_table("Year;A\n2024;1.234\n").comma


@pytest.mark.parametrize("nothing", ["", ":", "-", "–", "..", "n/a", "NaN", " "])
def test_nothing_is_no_value(nothing):
    assert lines(f"Year;A\n2023;1\n2024;{nothing}\n") == {"A": {"2023": 1.0}}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024", "2024"),
        ("2024-Q1", "2024-Q1"),
        ("Q1 2024", "2024-Q1"),
        ("2024T3", "2024-Q3"),
        ("2024-S2", "2024-S2"),
        ("2024H1", "2024-S1"),
        ("2024-03", "2024-03"),
        ("2024M3", "2024-03"),
        ("3/2024", "2024-03"),
        ("31/03/2024", "2024-03-31"),
        ("31.3.2024", "2024-03-31"),
        ("2024-03-31", "2024-03-31"),
        ("2024-03-31T00:00:00", "2024-03-31"),
        ("2024-W5", "2024-W05"),
        ("٢٠٢٤", "2024"),
        ("03/31/2024", ""),
        ("2024-13", ""),
        ("24", ""),
        ("March", ""),
        ("20245", ""),
        ("2024-Q5", ""),
        ("", ""),
    ],
)
def test_periods(written, read):
    assert read_period(written) == read


@given(st.text(max_size=20))
def test_a_period_that_is_read_is_one(text):
    period = read_period(text)
    assert period == "" or (is_period(period) and read_period(period) == period)


def test_each_cell_that_does_not_fit_is_named():
    text = (
        "Year;France;Greece;\n2023;1,5;a lot;\n20x4;2;3;\n2024;1.5;4;\n2023;2,5;5;\n2025;1;2;;4\n"
    )
    brought = read_table(text)
    assert brought.problems == [
        Problem(2, "Greece", "“a lot” isn’t a number. Leave the cell empty if there’s no value."),
        Problem(
            3,
            "Year",
            "“20x4” isn’t a period. Enter a year, a quarter (2024-Q1), a month "
            "(2024-03) or a day (2024-03-31).",
        ),
        Problem(4, "France", "“1.5” uses a decimal point; the others use a comma."),
        Problem(5, "France", "“France” already has a value for 2023 in row 2."),
        Problem(6, "", "This row has 5 cells, but the first row names 4 columns."),
    ]
    assert brought.count == 5


def test_columns_have_names_of_their_own():
    assert read_table("Year,A,A,\n2024,1,2,3\n").problems == [
        Problem(1, "A", "Two columns have this name. Give each a different one."),
        Problem(1, "4", "This column has no name. Add one above it."),
        Problem(2, "A", "“A” already has a value for 2024 in row 2."),
    ]


def test_the_first_problems_are_told_and_all_are_counted():
    brought = read_table("Year,A\n" + "".join(f"{2000 + one},no\n" for one in range(80)))
    assert (len(brought.problems), brought.count) == (50, 80)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No table was found."),
        ("Year,A\n", "No table was found."),
        ("Year,A\n2024,\n", "This table has no values."),
        (
            "Year," + ",".join(f"L{one}" for one in range(51)) + "\n2024" + ",1" * 51 + "\n",
            "This table has 51 series; a figure can hold up to 50",
        ),
        (
            "Date,"
            + ",".join(f"L{one}" for one in range(50))
            + "\n"
            + "".join(f"{1800 + one}{',1' * 50}\n" for one in range(101)),
            "This table has 5050 values; a figure can hold up to 5000",
        ),
        ('Year,A\n2024,"1\n2025,2\n', "From row 2 (line 2 of the file), the cells run into one"),
    ],
)
def test_what_is_no_table_is_refused(text, sentence):
    with pytest.raises(InvalidInput) as caught:
        read_table(text)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1253"])
def test_files_in_any_encoding(encoding):
    text = "Year;Ελλάδα\r\n2022;1,5\r\n2023;12,5\r\n2024;123,5\r\n"
    assert lines(decode(text.encode(encoding))) == {
        "Ελλάδα": {"2022": 1.5, "2023": 12.5, "2024": 123.5}
    }
    assert lines("sep=;\nYear;A\n2024;1,5\n") == {"A": {"2024": 1.5}}


def test_files_that_are_no_text_are_refused():
    with pytest.raises(InvalidInput, match="This file is empty"):
        decode(b"\xef\xbb\xbf \r\n")
    with pytest.raises(InvalidInput, match="This file is larger than 1 MB"):
        decode(b"2024,1\n" * 200_000)
    with pytest.raises(InvalidInput, match="This isn’t a text file"):
        decode(b"PK\x03\x04\0\0\0\0\0\0 abc \0\0\0\0\0 zz \0\0\0 q")


BEFORE = make_series({"A": {"2023": 1.0, "2024": 2.0}, "B": {"2024": 5.0}})
AFTER = make_series({"A": {"2024": 2.5, "2025": 3.0}, "C": {"2024": 7.0}})


def test_two_versions_are_told_apart():
    found = [
        (one.kind, one.name, one.period, one.was, one.now) for one in differences(BEFORE, AFTER)
    ]
    assert found == [
        ("gone", "A", "2023", 1.0, None),
        ("changed", "A", "2024", 2.0, 2.5),
        ("added", "A", "2025", None, 3.0),
        ("added", "C", "2024", None, 7.0),
        ("gone", "B", "2024", 5.0, None),
    ]
    assert changes_of(BEFORE, AFTER) == {
        "added": 2,
        "gone": 2,
        "changed": [["A", "2024", 2.0, 2.5]],
        "changed_count": 1,
    }
    assert list(differences(AFTER, AFTER)) == []


def test_the_same_values_are_the_same_in_any_order():
    assert digest(BEFORE) == digest(list(reversed(BEFORE)))
    assert digest(BEFORE) != digest(AFTER)


def test_a_file_says_where_its_values_come_from_and_keeps_numbers():
    series = make_series({"=A": {"2023": -1.5, "2024": 2.0}})
    told = [("Source", "+evil"), ("Licence", "CC BY 4.0")]
    content = write_values("csv", series, first="Period", told=told)
    assert (
        content
        == (
            "\ufeffPeriod,'=A\r\n2023,-1.5\r\n2024,2\r\n\r\nSource,'+evil\r\nLicence,CC BY 4.0\r\n"
        ).encode()
    )
    book = zipfile.ZipFile(io.BytesIO(write_values("xlsx", series, first="Period", told=told)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>-1.5</v>" in sheet
    assert "CC BY 4.0" in sheet or b"CC BY 4.0" in book.read("xl/sharedStrings.xml")


def test_numbers_are_written_in_the_reader_s_language():
    from django.utils import translation

    assert (
        tell_number(1234567.5),
        tell_number(0.1 + 0.2),
        tell_number(-3.0),
        tell_number(None),
    ) == (
        "1,234,567.5",
        "0.3",
        "-3",
        "",
    )
    with translation.override("fr"):
        assert tell_number(1234.5).replace("\u202f", " ").replace("\u00a0", " ") == "1 234,5"


def test_a_chart_and_its_table_say_the_same():
    chart = make_chart(AFTER, key=7, title="Turnover", unit="EUR", shape="bar", source="Eurostat")
    assert chart.names == ["A", "C"]
    assert chart.rows == [("2024", ["2.5", "7"]), ("2025", ["3", ""])]
    assert '"values": [[2.5, 3.0], [7.0, null]]' in chart.data
    assert make_chart(AFTER, key=7, title="Turnover", shape="table").data == ""
    assert make_chart([], key=7, title="Turnover").rows == []
