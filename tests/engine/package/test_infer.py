"""How a table is written and what its columns are, found in its bytes."""

import io
import time

import pytest

from proxeny.engine.package import Dialect, Refused, detect_dialect, infer_schema


def dialect_of(text: str, encoding: str = "utf-8") -> Dialect:
    return detect_dialect(io.BytesIO(text.encode(encoding)))


def infer(text: str, **more):
    stream = io.BytesIO(text.encode())
    return infer_schema(stream, detect_dialect(stream), **more)


def column(name: str, *values: str, delimiter: str = ";"):
    """Return what a column of some values is taken for."""
    text = "\n".join(f"{value}{delimiter}x" for value in (name, *values))
    inferred = infer(f"{text}\n")
    return inferred.schema.fields[0], {one.code for one in inferred.doubts}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_what_cuts_all_rows_alike(delimiter):
    rows = [("name", "worth", "day"), ("Ελιά", "1 200", "2026-01-02"), ("b", "3", "2026-01-03")]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    assert dialect_of(text) == Dialect(delimiter=delimiter)


def test_decimal_commas_are_no_delimiters():
    assert dialect_of("land;wert\nGR;1,5\nFR;2,75\nUK;3\n").delimiter == ";"


def test_delimiters_and_line_ends_in_quotes_do_not_count():
    assert dialect_of('a,b\n"x;y;z","1\n2"\n"p;q;r",3\n').delimiter == ","


def test_single_quotes_are_seen_where_they_are_all_there_is():
    assert dialect_of("a,b\n'x,1','y'\n'z','it is'\n").quote_char == "'"
    assert dialect_of("a,b\nit's,that's\n").quote_char == '"'


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("name\nΕλιά\n", "utf-8", "utf-8"),
        ("name\nΕλιά\n", "utf-8-sig", "utf-8"),
        ("name\nΕλιά\n", "utf-16", "utf-16-le"),
        ("όνομα;τόπος\nΕλαιόλαδο της Κρήτης;Ηράκλειο\n", "cp1253", "cp1253"),
        ("الاسم;المدينة\nشركة التمور;القاهرة\n", "cp1256", "cp1256"),
        ("société;ville\nFromagerie Évry;Orléans\n", "cp1252", "cp1252"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(text, encoding, found):
    assert dialect_of(text, encoding).encoding == found


def test_a_few_foreign_bytes_do_not_make_another_encoding():
    head = b"name\n" + "Ελαιόλαδο\n".encode() * 5 + b"caf\xe9 bar\n"
    assert detect_dialect(io.BytesIO(head)).encoding == "utf-8"


def test_a_first_row_of_values_is_no_header():
    assert not dialect_of("GR,1,2.5\nFR,2,3.5\n").header
    assert dialect_of("land,2023,2024\nGR,1,2\nFR,2,3\n").header
    assert dialect_of("a,b\nx,y\n").header


@pytest.mark.parametrize(
    ("values", "kind", "form"),
    [
        (["1", "-20", "+3"], "integer", "default"),
        (["1", "2.5", "1e3"], "number", "default"),
        (["2026-01-31", "2025-12-01"], "date", "default"),
        (["2026-01-31T10:00:00", "2026-01-31T10:00:00Z"], "datetime", "default"),
        (["31/01/2026", "01/02/2026"], "date", "%d/%m/%Y"),
        (["01/31/2026", "02/01/2026"], "date", "%m/%d/%Y"),
        (["31.01.2026", "1.2.2026"], "date", "%d.%m.%Y"),
        (["true", "false"], "boolean", "default"),
        (["a", "1"], "string", "default"),
        (["007x", "2"], "string", "default"),
    ],
)
def test_types_are_found(values, kind, form):
    field, doubts = column("a", *values)
    assert (field.type, field.format, doubts) == (kind, form, set())


def test_days_that_could_be_months_are_in_doubt():
    field, doubts = column("a", "01/02/2026", "03/04/2026")
    assert (field.format, doubts) == ("%d/%m/%Y", {"day_or_month"})


@pytest.mark.parametrize(
    ("values", "decimal", "group", "doubts"),
    [
        (["1,5", "22,75"], ",", "", set()),
        (["1.234,5", "2.000,75"], ",", ".", set()),
        (["1,234.5", "2,000,000.75"], ".", ",", set()),
        (["1 234,5", "2 000,75"], ",", " ", set()),
        (["1\u202f234,5", "2\u202f000,75"], ",", "\u202f", set()),
        (["1,234", "2,500"], ",", "", {"decimal_or_group"}),
    ],
)
def test_signs_of_numbers_are_found(values, decimal, group, doubts):
    field, found = column("a", *values)
    assert (field.type, field.decimal_char, field.group_char) == ("number", decimal, group)
    assert found == doubts


def test_a_table_with_commas_between_its_cells_has_them_for_thousands():
    field, doubts = column("a", '"1,234"', '"2,500"', delimiter=",")
    assert (field.decimal_char, field.group_char) == (".", ",")
    assert doubts == {"decimal_or_group"}


def test_currencies_stand_around_numbers():
    field, _ = column("a", "€ 5", "1200 €")
    assert (field.type, field.bare_number) == ("number", False)


def test_years_are_years_where_the_name_says_so():
    assert column("Έτος", "2024", "2025")[0].type == "year"
    assert column("reference_year", "2024", "2025")[0].type == "year"
    assert column("seats", "2024", "2025")[0].type == "integer"


def test_yes_and_no_are_found_as_they_are_written():
    field, _ = column("a", "Oui", "non", "Non")
    assert field.type == "boolean"
    assert (field.true_values, field.false_values) == (("Oui",), ("Non", "non"))


def test_what_stands_for_no_value_is_found():
    inferred = infer("a,b\n1,x\nn/a,-\n3,y\n")
    assert inferred.schema.fields[0].type == "integer"
    assert inferred.schema.missing_values == ("", "n/a")


def test_a_few_values_that_do_not_fit_leave_the_type_and_a_doubt():
    field, doubts = column("a", *["1"] * 19, "oops")
    assert (field.type, doubts) == ("integer", {"outliers"})


def test_a_column_without_values_is_in_doubt():
    field, doubts = column("a", "", "")
    assert (field.type, doubts) == ("string", {"empty"})


def test_names_are_made_where_there_are_none_or_twice_the_same():
    names = [one.name for one in infer("a,,a\n1,2,x\n").schema.fields]
    assert names == ["a", "field2", "a2"]
    assert [one.name for one in infer("1,2\n3,4\n").schema.fields] == ["field1", "field2"]


def test_rows_far_below_the_head_are_looked_at():
    text = "a,b\n" + "1,x\n" * 400_000 + "y,x\n" * 100_000
    inferred = infer(text)
    assert inferred.schema.fields[0].type == "string"
    assert 1_000 < inferred.rows < 200_000


def test_long_cells_do_not_take_long():
    cells = ["1" + "a" * 100_000 + "1", " " * 100_000 + "x", "€ " * 50_000 + "1"] * 50
    began = time.perf_counter()
    inferred = infer("a,b\n" + "".join(f"{cell},1\n" for cell in cells))
    assert time.perf_counter() - began < 20
    assert [one.type for one in inferred.schema.fields] == ["string", "integer"]


def test_no_table_is_refused():
    for text in ("", "\n\n"):
        with pytest.raises(Refused) as refused:
            infer(text)
        assert refused.value.problems[0].code == "no_rows"
