"""Every cell of a table is checked, and what is wrong is named with row, column and reason."""

import io
import time

import pytest

from proxeny.engine.package import (
    Constraints,
    Dialect,
    Field,
    Schema,
    validate_table,
)


def check(content, fields, *, dialect=Dialect(), most=100, **more):  # noqa: B008
    schema = Schema(fields=tuple(fields), **more)
    content = content.encode() if isinstance(content, str) else content
    return validate_table(io.BytesIO(content), dialect, schema, most=most)


def found(report):
    return [(one.row, one.column, one.code, one.value) for one in report.problems]


A, B = Field(name="a", type="integer"), Field(name="b")


def test_a_good_table_has_nothing_wrong():
    report = check("a,b\n1,x\n2,\n", [A, B])
    assert report.valid
    assert (report.rows, report.stopped, report.counts, report.problems) == (2, False, {}, ())


def test_a_wrong_cell_is_named_by_row_and_column():
    report = check('a,b\n1,x\n"two","l\nm"\n3.5,y\n', [A, B])
    assert found(report) == [(3, "a", "type-error", "two"), (4, "a", "type-error", "3.5")]
    assert report.problems[0].params == {"type": "integer", "format": "default"}
    assert not report.valid


def test_without_a_header_rows_begin_at_one():
    report = check("1,x\ny,z\n", [A, B], dialect=Dialect(header=False))
    assert found(report) == [(2, "a", "type-error", "y")]
    assert report.rows == 2


def test_ragged_and_blank_rows():
    report = check("a,b\n1\n1,x,y,z\n\n,\n2,x\n", [A, B])
    assert found(report) == [
        (2, "b", "missing-cell", ""),
        (3, "", "extra-cell", "y"),
        (4, "", "blank-row", ""),
        (5, "", "blank-row", ""),
    ]
    assert report.problems[1].params == {"found": 4, "expected": 2}


def test_the_header_is_compared():
    report = check("x,,a,d\n1,2,3,4\n", [Field(name=name) for name in "abc"])
    assert found(report) == [
        (1, "a", "incorrect-label", "x"),
        (1, "b", "blank-label", ""),
        (1, "c", "incorrect-label", "a"),
        (1, "", "extra-label", "d"),
    ]
    # What the header does not have is missing once, not in every row.
    assert found(check("a\n1\n", [A, B])) == [(1, "b", "missing-label", "")]


def test_foreign_bytes_are_found_where_they_are():
    report = check(b"a,b\n1,caf\xe9\n2,good\n3,n\x00l\n", [A, B])
    assert [(one.row, one.column, one.code) for one in report.problems] == [
        (2, "b", "encoding-error"),
        (4, "b", "encoding-error"),
    ]


@pytest.mark.parametrize(
    ("rules", "value", "constraint"),
    [
        ({"minimum": "3"}, "2", "minimum"),
        ({"maximum": "3"}, "4", "maximum"),
        ({"enum": ("1", "2")}, "3", "enum"),
        ({"required": True}, "", "required"),
    ],
)
def test_rules_of_values(rules, value, constraint):
    field = Field(name="a", type="integer", constraints=Constraints(**rules))
    report = check(f"a,b\n{value},x\n", [field, B])
    (problem,) = report.problems
    assert (problem.row, problem.code) == (2, "constraint-error")
    assert problem.params["constraint"] == constraint


def test_rules_of_texts():
    rules = Constraints(pattern="[A-Z]+", min_length=2, max_length=3)
    report = check("b\nAB\nA\nABCD\nab\n", [Field(name="b", constraints=rules)])
    assert [(one.row, one.params["constraint"]) for one in report.problems] == [
        (3, "minLength"),
        (4, "maxLength"),
        (5, "pattern"),
    ]


def test_numbers_are_compared_as_they_are_written():
    rules = Constraints(minimum="1.000,5", enum=("1.000,50", "2000"))
    field = Field(name="a", type="number", decimal_char=",", group_char=".", constraints=rules)
    report = check(
        "a\n1000,5\n2.000\n1.000,4\n1.5,2\nNaN\n", [field], dialect=Dialect(delimiter=";")
    )
    assert [(one.row, one.code) for one in report.problems] == [
        (4, "constraint-error"),
        (5, "type-error"),
        (6, "constraint-error"),
    ]


def test_the_same_value_twice_is_found_however_it_is_written():
    unique = Field(name="a", type="integer", constraints=Constraints(unique=True))
    report = check("a,b\n1,x\n2,x\n01,y\n,z\n,z\n1,q\n", [unique, B])
    assert [(one.row, one.value, one.params) for one in report.problems] == [
        (4, "01", {"first": 2}),
        (7, "1", {"first": 2}),
    ]
    assert report.counts == {"unique-error": 2}


def test_a_key_of_two_columns():
    report = check("a,b\n1,x\n1,y\n1,x\n", [A, B], primary_key=("a", "b"))
    assert found(report) == [(4, "a, b", "primary-key", "1, x")]


def test_missing_values_are_no_errors():
    assert check("a,b\n-,-\n", [A, B], missing_values=("", "-")).valid


def test_all_are_counted_and_the_first_of_each_code_listed():
    report = check("a,b\n" + "x,1\n" * 5_000 + "1\n", [A, B], most=3)
    assert report.counts == {"type-error": 5_000, "missing-cell": 1}
    assert [one.row for one in report.problems] == [2, 3, 4, 5_002]


def test_many_of_the_same_value_are_counted():
    unique = Field(name="a", constraints=Constraints(unique=True))
    report = check("a\n" + "x\n" * 5_000, [unique], most=2)
    assert report.counts == {"unique-error": 4_999}
    assert [one.row for one in report.problems] == [3, 4]


def test_it_stops_when_asked():
    seen = []

    def go_on(rows: int) -> bool:
        seen.append(rows)
        return rows < 4_000

    content = io.BytesIO(b"a,b\n" + b"1,x\n" * 10_000)
    report = validate_table(content, Dialect(), Schema(fields=(A, B)), go_on=go_on)
    assert (report.rows, report.stopped, seen) == (4_000, True, [2_000, 4_000])
    assert not report.valid
    assert not content.closed


@pytest.mark.parametrize(
    "content",
    [
        'a,b\n1,x\n"' + "open\n" * 300_000,
        "a,b\n1,x\n" + "y" * 2_000_000,
        "a,b\n1,x\n" + '"q\n",' * 400_000,
    ],
    ids=["quote", "line", "cells"],
)
def test_a_row_without_end_does_not_fill_the_memory(content):
    report = check(content, [A, B])
    assert report.stopped
    (problem,) = report.problems
    assert (problem.row, problem.code) == (3, "source-error")
    assert problem.params == {"reason": "row_too_long"}


def test_no_pattern_takes_long():
    field = Field(name="a", constraints=Constraints(pattern="(a+)+b"))
    began = time.perf_counter()
    report = check("a\n" + "a" * 100_000 + "\n", [field])
    assert time.perf_counter() - began < 5
    assert report.counts == {"constraint-error": 1}


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[A-Z]{2}-\\d+", "GR-12", "GR-"),
        ("\\w+", "word", "λέξη"),
        ("a.c", "abc", "ab"),
        ("(GR|FR)[0-9]*", "GR1", "UK1"),
        ("\\p{Greek}+", "λέξη", "word"),
        ("a+", "aa", "aa "),
    ],
)
def test_patterns_match_whole_texts(pattern, good, bad):
    field = Field(name="a", constraints=Constraints(pattern=pattern))
    report = check(f'a\n"{good}"\n"{bad}"\n', [field])
    assert [one.row for one in report.problems] == [3]


def test_numbers_written_otherwise_are_the_same_number():
    unique = Field(name="a", type="number", constraints=Constraints(unique=True))
    report = check("a\n10\n1e1\n10.0\n+10\n1e60\n1.0e60\n0.5\n.5\n", [unique])
    assert [(one.row, one.params["first"]) for one in report.problems] == [
        (3, 2),
        (4, 2),
        (5, 2),
        (7, 6),
        (9, 8),
    ]


@pytest.mark.parametrize(
    "field",
    [
        Field(name="a", type="number", bare_number=False),
        Field(name="a", type="number", decimal_char=",", group_char=" "),
        Field(name="a", type="integer"),
        Field(name="a", type="duration"),
        Field(name="a", format="email"),
        Field(name="a", type="date", format="%d %m %Y"),
    ],
    ids=lambda one: f"{one.type}-{one.format}",
)
def test_no_cell_takes_long(field):
    cells = ["1" + "a" * 100_000 + "1", " " * 100_000 + "x", "1 " * 50_000, "P" + "1" * 100_000]
    began = time.perf_counter()
    report = check("a\n" + "\n".join(cells) + "\n", [field])
    assert time.perf_counter() - began < 5
    assert report.counts == {"type-error": 4}


def test_a_long_enumeration_takes_no_longer():
    rules = Constraints(enum=tuple(str(n) for n in range(50_000)))
    field = Field(name="a", type="integer", constraints=rules)
    began = time.perf_counter()
    report = check("a\n" + "".join(f"{n}\n" for n in range(60_000)), [field])
    assert time.perf_counter() - began < 20
    assert report.counts == {"constraint-error": 10_000}


def test_older_encodings_are_read():
    dialect = Dialect(encoding="cp1253", delimiter=";")
    fields = [Field(name="όνομα", constraints=Constraints(enum=("Ελιά",))), B]
    assert check("όνομα;b\nΕλιά;x\n".encode("cp1253"), fields, dialect=dialect).valid
    wide = Dialect(encoding="utf-16-le", delimiter=";")
    assert check("\ufeffόνομα;b\nΕλιά;x\n".encode("utf-16-le"), fields, dialect=wide).valid
