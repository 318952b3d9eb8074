"""The API's description: valid by OpenAPI's own schema, complete, and the one that is committed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from proxeny.config.api import api, describe_api
from proxeny.kernel.api.access import SCOPES

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(describe_api())


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from _references(one)
    elif isinstance(part, list):
        for one in part:
            yield from _references(one)


def test_it_is_the_committed_one():
    assert COMMITTED.read_text(encoding="utf-8") == describe_api(), (
        "The API has changed. If it was meant to, write its description anew:"
        " .venv/bin/proxeny openapi --output docs/reference/openapi.json"
    )


def test_openapis_own_schema_finds_nothing(document):
    assert document["openapi"].startswith("3.1")
    faults = [error.message for error in Draft202012Validator(OPENAPI_31).iter_errors(document)]
    assert faults == []


def test_that_schema_finds_something_where_something_is(document):
    broken = json.loads(json.dumps(document))
    del broken["info"]["title"]
    assert list(Draft202012Validator(OPENAPI_31).iter_errors(broken))


def test_schemas_are_schemas_and_references_lead_somewhere(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in set(_references(document)):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    assert document["components"]["securitySchemes"]


def test_each_route_says_what_it_is_and_which_scope_it_needs(document):
    wrong, names = [], []
    for method, path, operation in _operations(document):
        names.append(operation["operationId"])
        right = "read" if method in ("get", "head") else "write"
        if not operation.get("summary") or not operation.get("description"):
            wrong.append(f"{method} {path} has no summary or no description")
        if operation["x-scope"] not in SCOPES or not operation["x-scope"].endswith(right):
            wrong.append(f"{method} {path} needs {operation['x-scope']}")
        if not operation.get("security"):
            wrong.append(f"{method} {path} needs no token")
    assert wrong == []
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and name == name.lower() for name in names)


_ENDS = {"maxLength", "enum", "const", "format", "pattern"}


def _unbounded(part: dict[str, Any]) -> str:
    kind = part.get("type")
    if kind == "string" and not part.keys() & _ENDS:
        return "text without an end"
    if kind == "array" and "maxItems" not in part and "prefixItems" not in part:
        return "list without an end"
    if kind == "object" and part.get("additionalProperties", True) is True:
        return "takes any field"
    return ""


def _inner(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in part.get("properties", {}).items():
        yield f".{name}", one
    for word in ("anyOf", "oneOf", "allOf"):
        for one in part.get(word, []):
            yield "", one
    if "items" in part:
        yield "[]", part["items"]


def test_what_comes_in_is_bounded(document):
    """No text without a longest length or a choice, no list without an end, no open object."""
    schemas, wrong, seen = document["components"]["schemas"], [], set()

    def look(part: dict[str, Any], place: str) -> None:
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                look(schemas[name], name)
            return
        if fault := _unbounded(part):
            wrong.append(f"{place}: {fault}")
        for name, one in _inner(part):
            look(one, place + name)

    for method, path, operation in _operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            look(content["application/json"]["schema"], f"{method} {path}")
    assert wrong == []
    assert len(seen) > 10


def test_describing_again_says_the_same():
    assert (
        describe_api() == json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"
    )
