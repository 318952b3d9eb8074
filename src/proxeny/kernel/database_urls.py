"""Addresses of databases, as `postgresql://user:password@host:5432/name`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit


def read_database_url(url: str) -> dict[str, str]:
    """Return Django's connection settings of an address.

    A folder of sockets is its host, either escaped in its place or as `?host=/folder`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("it must start with postgresql://")
    # Not `hostname`, which has small letters alone: a folder may have others.
    host = parts.netloc.rpartition("@")[2]
    if parts.port:
        host = host.removesuffix(f":{parts.port}")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "proxeny",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host.strip("[]")) or parse_qs(parts.query).get("host", [""])[0],
        "PORT": str(parts.port or ""),
    }


def write_database_url(at: Mapping[str, str]) -> str:
    """Return the address that reads as these connection settings."""
    who = quote(at["USER"], safe="")
    if at["PASSWORD"]:
        who += f":{quote(at['PASSWORD'], safe='')}"
    host = at["HOST"] if ":" not in at["HOST"] else f"[{at['HOST']}]"
    host = host if not host.startswith("/") else quote(host, safe="")
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgresql://{who}@{host}{port}/{quote(at['NAME'], safe='')}"


def connection_arguments(at: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Return what `psycopg.connect` takes for these connection settings; what is empty is left out."""
    names = {
        "host": at["HOST"],
        "port": at["PORT"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "dbname": at["NAME"],
    }
    return {name: value for name, value in (names | more).items() if value}
