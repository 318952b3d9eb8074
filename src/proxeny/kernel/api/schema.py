"""The API's description: what every route has in common is added here once."""

from typing import Any

from ninja import NinjaAPI

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
    "400": "The body cannot be read",
    "401": "No token in force",
    "403": "Not allowed, or the token lacks the scope",
    "404": "Not there for this reader",
    "413": "Too large",
    "422": "Invalid input, or an idempotency key that came with another request",
    "429": "Too many requests",
    "503": "Try again in a moment",
}
_ON_WRITES = {
    "409": "Somebody changed it, or its state does not allow this",
    "412": "Another version than If-Match names",
    "428": "If-Match is missing",
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key within a day gets the same answer, and nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


class Api(NinjaAPI):
    """Ninja's API, described with our problems, idempotency keys and scopes."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Return the route's name: a verb and a noun, as the operations have."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the OpenAPI 3.1 document, complete."""
        document = super().get_openapi_schema(**options)
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
        for methods in document["paths"].values():
            for method, operation in methods.items():
                _complete(operation, method)
        return document


def _complete(operation: dict[str, Any], method: str) -> None:
    answers = _EVERYWHERE | (_ON_WRITES if method != "get" else {})
    responses = operation.setdefault("responses", {})
    for status, meaning in answers.items():
        responses.setdefault(status, {
            "description": meaning,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        })  # fmt: skip
    if method != "get":
        operation.setdefault("parameters", []).append(_IDEMPOTENCY)
