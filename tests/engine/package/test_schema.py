"""A schema says the same as JSON, and what cannot be is refused at its place."""

import pytest

from proxeny.engine.package import (
    Constraints,
    Dialect,
    Field,
    Refused,
    Schema,
    dump_dialect,
    dump_schema,
    load_dialect,
    load_schema,
)

SCHEMA = Schema(
    fields=(
        Field(name="id", type="integer", constraints=Constraints(required=True, unique=True)),
        Field(name="day", type="date", format="%d/%m/%Y", title="Day"),
        Field(
            name="worth",
            type="number",
            decimal_char=",",
            group_char=".",
            bare_number=False,
            constraints=Constraints(minimum="0", maximum="1.000,5"),
        ),
        Field(name="open", type="boolean", true_values=("ναι",), false_values=("όχι",)),
        Field(
            name="code",
            constraints=Constraints(
                pattern="[A-Z]{2}", enum=("GR", "FR"), min_length=2, max_length=2
            ),
            extra={"rdfType": "https://schema.org/Country"},
        ),
    ),
    missing_values=("", "-"),
    primary_key=("id", "day"),
    extra={"foreignKeys": [{"fields": "code"}]},
)


def problems(said):
    with pytest.raises(Refused) as refused:
        load_schema(said)
    return {(one.code, one.where) for one in refused.value.problems}


def test_a_schema_comes_back_from_its_json():
    said = dump_schema(SCHEMA)
    assert said["fields"][2] == {
        "name": "worth",
        "type": "number",
        "decimalChar": ",",
        "groupChar": ".",
        "bareNumber": False,
        "constraints": {"minimum": "0", "maximum": "1.000,5"},
    }
    assert said["primaryKey"] == ["id", "day"]
    assert load_schema(said) == SCHEMA


def test_bounds_may_be_written_as_numbers():
    said = {"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": 3}}]}
    assert load_schema(said).fields[0].constraints.minimum == "3"


def test_one_column_may_be_the_key():
    said = {"fields": [{"name": "a"}], "primaryKey": "a"}
    assert load_schema(said).primary_key == ("a",)


def test_everything_wrong_is_said_at_its_place():
    said = {
        "fields": [
            {"name": "a", "type": "integer", "constraints": {"minimum": "x", "pattern": "a"}},
            {"name": "a", "type": "colour"},
            {"type": "string"},
            {"name": "b", "constraints": {"pattern": "(?=a)b", "required": "yes", "least": 1}},
            {"name": "c", "type": "number", "decimalChar": ",", "groupChar": ","},
        ],
        "primaryKey": ["z"],
        "missingValues": "",
    }
    assert problems(said) == {
        ("constraint", "fields[0].constraints.minimum"),
        ("constraint", "fields[0].constraints.pattern"),
        ("twice", "fields[1].name"),
        ("unknown_type", "fields[1].type"),
        ("field", "fields[2].name"),
        ("pattern", "fields[3].constraints.pattern"),
        ("type", "fields[3].constraints.required"),
        ("unknown_constraint", "fields[3].constraints.least"),
        ("number_signs", "fields[4].decimalChar"),
        ("unknown_field", "primaryKey"),
        ("type", "missingValues"),
    }


@pytest.mark.parametrize("said", [None, [], {}, {"fields": {}}, {"fields": 3}])
def test_what_is_no_schema_is_refused(said):
    assert problems(said) == {("schema", "fields")}


def test_a_schema_has_a_column_and_not_too_many():
    assert problems({"fields": []}) == {("fields", "fields")}
    assert problems({"fields": [{"name": str(n)} for n in range(2_001)]}) == {("fields", "fields")}


def test_a_dialect_comes_back_from_its_json():
    dialect = Dialect(delimiter=";", quote_char="'", encoding="cp1253", header=False)
    assert load_dialect(dump_dialect(dialect), encoding="cp1253") == dialect
    assert load_dialect(None) == Dialect()


@pytest.mark.parametrize(
    "said",
    [{"delimiter": ""}, {"delimiter": ";;"}, {"quoteChar": "\n"}, {"header": 1}, []],
)
def test_a_dialect_that_cannot_be_is_refused(said):
    with pytest.raises(Refused):
        load_dialect(said)


def test_an_unknown_encoding_is_refused():
    with pytest.raises(Refused) as refused:
        load_dialect({}, encoding="latin-99")
    assert refused.value.problems[0].code == "encoding"
