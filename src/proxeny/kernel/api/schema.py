"""The API's description: everything that all routes have in common is added here once."""

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from proxeny.kernel.api.versions import LEFT_OUT
from proxeny.kernel.shallow_json import ShallowDecoder

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_EVERYWHERE = {
    "400": "The body can't be read",
    "401": "No valid token",
    "403": "Not allowed, or the token lacks the scope",
    "404": "Not found, or not visible to you",
    "413": "Too large",
    "422": "Invalid input, or an idempotency key already used with another request",
    "429": "Too many requests",
    "503": "Try again in a moment",
}
_ON_WRITES = {
    "409": "Someone else has changed it, or its state doesn't allow this",
    "412": "The current version isn't the one named in If-Match",
    "428": "If-Match is missing",
}
_ETAG = r'^(\*|"[0-9]{1,10}(-[0-9a-f]{7})?")$'
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "Requests with the same key within a day get the same response, and nothing is done twice."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


class ShallowParser(Parser):
    """Reads the bodies of requests; anything nested too deep is refused with a message (400)."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the value in the body of a request."""
        return json.loads(request.body, cls=ShallowDecoder)


class Description(OpenAPISchema):
    """Ninja's description, which would let one shape overwrite another one of the same name."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Add shapes by name.

        Raises
        ------
        ValueError
            Two different shapes have one name.
        """
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ValueError(f"Two shapes of the API are called {name}. Rename one of them.")


class Api(NinjaAPI):
    """Ninja's API, described with our problems, idempotency keys and scopes."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Return the route's name: a verb and a noun, as the operations have."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Any:
        """Return the OpenAPI 3.1 document, complete."""
        if path_prefix is None:
            path_prefix = self.get_root_path(path_params or {})
        document = Description(self, path_prefix)
        parts = document.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = _PROBLEM
        parts["responses"] = {
            _name(status): _answer(meaning)
            for status, meaning in sorted((_EVERYWHERE | _ON_WRITES).items())
        }
        parts["parameters"] = {"IdempotencyKey": _IDEMPOTENCY}
        for methods in document["paths"].values():
            for method, operation in methods.items():
                _complete(operation, method)
        return _without_titles(document)


def _name(status: str) -> str:
    return f"Problem{status}"


def _answer(meaning: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": meaning, "content": {"application/problem+json": {"schema": schema}}}


def _complete(operation: dict[str, Any], method: str) -> None:
    answers = _EVERYWHERE | (_ON_WRITES if method != "get" else {})
    responses = operation.setdefault("responses", {})
    for status in sorted(answers):
        responses.setdefault(status, {"$ref": f"#/components/responses/{_name(status)}"})
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        _simplify(parameter)
    if method != "get":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})


def _simplify(parameter: dict[str, Any]) -> None:
    """No parameter can be sent as null; and without `If-Match` most changes are refused (428)."""
    schema = parameter["schema"]
    if {"type": "null"} in schema.get("anyOf", []):
        kinds = [one for one in schema.pop("anyOf") if one != {"type": "null"}]
        schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if parameter["name"] == "If-Match":
        parameter["required"] = parameter["description"] != LEFT_OUT
        parameter["schema"] = {"type": "string", "pattern": _ETAG}


def _without_titles(part: Any) -> Any:
    # Each says the field's name again. A field that is called so is no text, and stays.
    if isinstance(part, list):
        return [_without_titles(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: value if name == "info" else _without_titles(value)
        for name, value in part.items()
        if name != "title" or not isinstance(value, str)
    }
