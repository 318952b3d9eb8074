"""Providers of OpenID Connect sign-in, as the environment names them."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_KEYS = {"id", "name", "issuer", "client_id", "client_secret", "hosts"}
_NEEDED = ("issuer", "client_id", "client_secret")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def read_providers(raw: str) -> list[dict[str, Any]]:
    """Read the JSON of PROXENY_OIDC_PROVIDERS: a list of objects, one a provider.

    Raises
    ------
    ValueError
        It is no such list, a key is missing or unknown, or an issuer is not served over HTTPS.
    """
    if not raw.strip():
        return []
    try:
        found = json.loads(raw)
    except json.JSONDecodeError as error:
        # `error` would repeat a part of the text, and there are secrets in it.
        raise ValueError(f"this isn't valid JSON, at character {error.pos}") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError("use a list of objects")
    return _check_ids([_complete(one) for one in found])


def _check_ids(providers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len({one["id"] for one in providers}) < len(providers):
        raise ValueError("two providers have the same id")
    return providers


def _complete(given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - _KEYS:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    for key in _NEEDED:
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise ValueError(f"a provider has no {key!r}")
    issuer = check_issuer(given["issuer"])
    provider = {
        **given,
        "id": given.get("id") or "sso",
        "name": given.get("name") or urlsplit(issuer).hostname,
        "issuer": issuer,
        "hosts": list(given.get("hosts", [])),
    }
    if not re.fullmatch(r"[a-z0-9-]{1,40}", provider["id"]):
        raise ValueError("an id can have up to 40 lower-case letters, digits and hyphens")
    return provider


def check_issuer(raw: str) -> str:
    """Return an issuer's address; plain HTTP is for a provider on this machine only."""
    issuer = raw.strip()
    parts = urlsplit(issuer)
    if issuer and not (
        (parts.scheme == "https" and parts.hostname)
        or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    ):
        raise ValueError("an issuer must start with https://")
    return issuer


def find_providers(env: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all configured providers: the one of the plain variables first, if there is one.

    Raises
    ------
    ValueError
        The plain variables are incomplete, or two providers have one id.
    """
    single = {
        "issuer": env["PROXENY_OIDC_ISSUER"],
        "client_id": env["PROXENY_OIDC_CLIENT_ID"],
        "client_secret": env["PROXENY_OIDC_CLIENT_SECRET"],
        "name": env["PROXENY_OIDC_NAME"],
        "hosts": env["PROXENY_OIDC_HOSTS"],
    }
    providers = [_complete(single)] if single["issuer"] else []
    return _check_ids(providers + env["PROXENY_OIDC_PROVIDERS"])


def provider_settings(providers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the providers as allauth's settings."""
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": one["id"],
                    "name": one["name"],
                    "client_id": one["client_id"],
                    "secret": one["client_secret"],
                    "settings": {"server_url": one["issuer"], "hosts": one["hosts"]},
                }
                for one in providers
            ],
        }
    }
