"""Schemas and verdicts are those of frictionless."""

import io

import pytest
from frictionless import Resource, system
from frictionless import Schema as PeerSchema
from frictionless import validate as peer_validate
from frictionless.resources import TableResource

from proxeny.engine.package import detect_dialect, infer_schema, load_schema, validate_table

TABLES = {
    "plain": "id,name,worth,day\n1,a,2.5,2026-01-02\n2,b,3,2026-02-03\n",
    "semicolons": "id;name\n1;a\n2;b\n",
    "tabs": "id\tname\n1\ta\n2\tb\n",
    "quotes": 'id,text\n1,"a, ""b"""\n2,"c\nd"\n',
    "missing": "id,name\n1,\n,b\n3,c\n",
    "booleans": "a,b\ntrue,x\nfalse,y\n",
    "moments": "a,b\n2026-01-02T10:00:00Z,x\n2026-01-03T10:00:00Z,y\n",
    "greek": "όνομα,ποσό\nΕλιά,1\nΤυρί,2\n",
    "signs": "a,b\n-1,+2\n3,-4.5\n",
    "outliers": "a,b\n" + "1,2\n" * 19 + "x,2\n",
    "mixed": "a,b\n1,x\ny,2\n",
    "zeros": "a\n0\n1\n1\n",
    "exponents": "a,b\n1e5,x\n2.5E-3,y\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_is_the_same(name, tmp_path):
    path = tmp_path / ("t.tsv" if name == "tabs" else "t.csv")
    path.write_text(TABLES[name], encoding="utf-8", newline="")
    with system.use_context(trusted=True):
        resource = TableResource(path=str(path), encoding="utf-8")
        resource.infer()
    theirs = [(one.name, one.type) for one in resource.schema.fields]
    stream = io.BytesIO(TABLES[name].encode())
    ours = infer_schema(stream, detect_dialect(stream)).schema
    assert [(one.name, one.type) for one in ours.fields] == theirs


def fields(*said, **more):
    return {"fields": list(said), **more}


ID = {"name": "id", "type": "integer"}
NAME = {"name": "name", "type": "string"}
CASES = {
    "good": ("id,name\n1,a\n", fields(ID, NAME)),
    "types": ("id,name\nx,a\n1.5,b\n 3,c\n", fields(ID, NAME)),
    "blank rows": ("id,name\n1,a\n\n,\n2,b\n", fields(ID, NAME)),
    "ragged": ("id,name\n1\n2,b,c\n", fields(ID, NAME)),
    "labels": ("id,nom,x\n1,a,b\n", fields(ID, NAME)),
    "label missing": ("id\n1\n", fields(ID, NAME)),
    "required": ("id,name\n,a\n1,\n", fields({**ID, "constraints": {"required": True}}, NAME)),
    "unique": (
        "id,name\n1,a\n01,b\n,c\n,d\n",
        fields({**ID, "constraints": {"unique": True}}, NAME),
    ),
    "primary key": ("id,name\n1,a\n1,b\n1,a\n", fields(ID, NAME, primaryKey=["id", "name"])),
    "bounds": (
        "id,name\n1,a\n5,b\n10,c\n",
        fields({**ID, "constraints": {"minimum": 2, "maximum": 9}}, NAME),
    ),
    "texts": (
        "id,name\n1,ab\n2,a\n3,abcd\n4,AB\n",
        fields(ID, {**NAME, "constraints": {"pattern": "[a-z]+", "minLength": 2, "maxLength": 3}}),
    ),
    "enum": ("id,name\n1,a\n2,b\n", fields(ID, {**NAME, "constraints": {"enum": ["a"]}})),
    "missing values": ("id,name\n-,a\nn/a,b\n", fields(ID, NAME, missingValues=["-"])),
    "numbers": (
        'id,name\n"1.234,5",a\n"12,5",b\n1.555.666,c\nx,d\n',
        fields({"name": "id", "type": "number", "decimalChar": ",", "groupChar": "."}, NAME),
    ),
    "not bare": (
        "id,name\n€5.5,a\n6 %,b\nnone,c\n",
        fields({"name": "id", "type": "number", "bareNumber": False}, NAME),
    ),
    "special numbers": (
        "id,name\nNaN,a\nINF,b\n-INF,c\n",
        fields({"name": "id", "type": "number"}, NAME),
    ),
    "dates": (
        "id,name\n2026-01-02,a\n2026-02-30,b\n02/01/2026,c\n",
        fields({"name": "id", "type": "date"}, NAME),
    ),
    "formed dates": (
        "id,name\n31/01/2026,a\n01/31/2026,b\n",
        fields({"name": "id", "type": "date", "format": "%d/%m/%Y"}, NAME),
    ),
    "moments": (
        "id,name\n2026-01-02T10:00:00Z,a\n2026-01-02T25:00:00Z,b\n2026-01-02,c\n",
        fields({"name": "id", "type": "datetime"}, NAME),
    ),
    "years": ("id,name\n2026,a\n26,b\nx,c\n", fields({"name": "id", "type": "year"}, NAME)),
    "booleans": (
        "id,name\noui,a\nnon,b\ntrue,c\n",
        fields(
            {"name": "id", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, NAME
        ),
    ),
    "mails": (
        "id,name\n1,desk@athens.example\n2,nobody\n",
        fields(ID, {**NAME, "format": "email"}),
    ),
    "objects": (
        'id,name\n"{""a"": 1}",a\n[1],b\nx,c\n',
        fields({"name": "id", "type": "object"}, NAME),
    ),
    "lists": ('id,name\n"[1, 2]",a\n{},b\n', fields({"name": "id", "type": "array"}, NAME)),
    "places": (
        'id,name\n"23.7,37.9",a\n"200,1",b\nx,c\n',
        fields({"name": "id", "type": "geopoint"}, NAME),
    ),
    "times": ("id,name\n10:20:30,a\n25:00:00,b\n", fields({"name": "id", "type": "time"}, NAME)),
    "months": (
        "id,name\n2026-01,a\n2026-13,b\n",
        fields({"name": "id", "type": "yearmonth"}, NAME),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_the_same(name, tmp_path):
    content, said = CASES[name]
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with system.use_context(trusted=True):
        resource = Resource(
            path=str(path), schema=PeerSchema.from_descriptor(said), encoding="utf-8"
        )
        report = peer_validate(resource)
    theirs = {(at, kind) for at, kind in report.flatten(["rowNumber", "type"])}
    stream = io.BytesIO(content.encode())
    ours = validate_table(stream, detect_dialect(stream), load_schema(said))
    found = {(one.row if one.row > 1 else None, one.code) for one in ours.problems}
    assert found == theirs
