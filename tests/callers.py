"""A program that calls the API."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

API = "/api/v1"


class Caller:
    """Sends JSON with a bearer token (None: without one). Paths may leave `/api/v1` out.

    `version=3` is sent as `If-Match: "3"` (`version="*"` as it is), `key="k"` as
    `Idempotency-Key: k`. The answer is Django's, with `.json()`.
    """

    def __init__(self, secret: str | None = None) -> None:
        self.secret = secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: Any) -> HttpResponse:
        return self.send("GET", path, query=query, **headers)

    def post(self, path: str, data: Any = None, **headers: Any) -> HttpResponse:
        return self.send("POST", path, data=data, **headers)

    def put(self, path: str, data: Any = None, **headers: Any) -> HttpResponse:
        return self.send("PUT", path, data=data, **headers)

    def patch(self, path: str, data: Any = None, **headers: Any) -> HttpResponse:
        return self.send("PATCH", path, data=data, **headers)

    def delete(self, path: str, **headers: Any) -> HttpResponse:
        return self.send("DELETE", path, **headers)

    def upload(self, path: str, form: dict[str, Any], **headers: Any) -> HttpResponse:
        """Send a form with files (multipart)."""
        return self._client.post(_full(path), form, headers=_headers(**headers))

    def send(
        self,
        method: str,
        path: str,
        *,
        data: Any = None,
        query: dict[str, Any] | None = None,
        **headers: Any,
    ) -> HttpResponse:
        body = "" if data is None else json.dumps(data)
        return self._client.generic(
            method,
            _full(path),
            body,
            content_type="application/json",
            query_params=query,
            headers=_headers(**headers),
        )


def _full(path: str) -> str:
    return path if path.startswith(f"{API}/") else f"{API}{path}"


def _headers(
    *,
    version: int | str | None = None,
    key: str | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, str]:
    sent = dict(headers or {})
    if version is not None:
        sent["If-Match"] = version if isinstance(version, str) else f'"{version}"'
    if key is not None:
        sent["Idempotency-Key"] = key
    return sent
