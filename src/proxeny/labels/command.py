"""`proxeny verify FILE`: verification of an award file, without a database or account.

Exit codes: 0 it holds, 1 it does not, 2 it could not be checked.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from django.conf import settings

from proxeny.engine.credentials import (
    Check,
    Expected,
    Resolve,
    Unreadable,
    Verdict,
    did_to_url,
    read_credential,
    verify,
)
from proxeny.engine.credentials.reading import MOST_BYTES, MOST_JSON_BYTES, read_json
from proxeny.labels.finding import Finding, read_said
from proxeny.labels.verdict_explanations import tell, tell_as_data, to_json

HOLDS, DOES_NOT, UNCHECKED = 0, 1, 2
#: Seconds for one document, from the first byte to the last.
_PATIENCE_S = 10.0
_MOST_FILES = 1000
_LOOPBACK = {"localhost", "127.0.0.1"}
_MARKS = {"ok": "✓", "info": "·", "warn": "!", "bad": "✗"}


@click.command("award")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Read identifiers and lists from the JSON files in this folder; contact no one.",
)
@click.option("--issuer", default=None, metavar="DID", help="The label that must be the issuer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(file: Path, documents: Path | None, issuer: str | None, as_json: bool) -> None:
    """Check an award: a JSON, PNG or SVG file exactly as downloaded (- for standard input).

    Exit codes: 0 valid, 1 not valid, 2 couldn't be checked.
    """
    _speak()
    resolve = _from_folder(documents) if documents else fetch
    found = judge(_read(file), now=datetime.now(UTC), resolve=resolve, issuer=issuer)
    click.echo(to_json(tell_as_data(found)) if as_json else _write(found))
    raise SystemExit(exit_code(found))


def judge(data: bytes, *, now: datetime, resolve: Resolve, issuer: str | None = None) -> Finding:
    """Return the result for a file."""
    try:
        document = read_credential(data)
    except Unreadable as error:
        check = Check("form", "unreadable", error.code)
        return Finding(state="unreadable", verdict=Verdict(state="unreadable", checks=(check,)))
    verdict = verify(document, now=now, resolve=resolve, expected=Expected(issuer=issuer))
    return Finding(state=verdict.state, verdict=verdict, **read_said(document))


def exit_code(found: Finding) -> int:
    """Return the exit code; an unverifiable or unreadable file counts as not checked."""
    if found.state == "valid":
        return HOLDS
    return UNCHECKED if found.state in ("unchecked", "unsupported", "unreadable") else DOES_NOT


def _speak() -> None:
    # Sentences as they are written, days in UTC: no installation is asked for its settings.
    if not settings.configured:
        settings.configure(
            USE_I18N=False,
            USE_TZ=True,
            TIME_ZONE="UTC",
            FORMAT_MODULE_PATH="proxeny.config.formats",
        )


def _read(file: Path) -> bytes:
    try:
        with click.open_file(str(file), "rb") as opened:
            return bytes(opened.read(MOST_BYTES + 1))
    except OSError as error:
        # Not 1, which would say that the award does not hold.
        raise click.UsageError(f"{file}: {error.strerror or error}") from None


def _write(found: Finding) -> str:
    told = tell(found)
    lines = [told.sentence, *told.more, ""]
    lines += [f"{_MARKS[one.tone]} {one.title}: {one.text}" for one in told.checks]
    return "\n".join(lines).rstrip()


def _from_folder(folder: Path) -> Resolve:
    """Return a resolver for the documents in a folder, each known by the id in it."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.json"))[:_MOST_FILES]:
        if path.stat().st_size > MOST_JSON_BYTES:
            continue
        try:
            document = read_json(path.read_bytes())
            name = str(document.get("id"))
            url = did_to_url(name) if name.startswith("did:") else name
        except ValueError:
            continue
        if url in found and found[url] != document:
            raise click.UsageError(f"two different files in {folder} have the ID {name}")
        found[url] = document
    return found.get


def fetch(url: str) -> Mapping[str, Any] | None:
    """Return the JSON document at an address, or None. By https, and never from a private network;
    by http from this very machine alone."""
    parts = urlsplit(url)
    is_here = parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (is_here and parts.scheme == "http"):
        return None
    from requests import RequestException
    from requests_hardened import Config, HTTPSession
    from requests_hardened.ip_filter import InvalidIPAddress
    from urllib3.exceptions import HTTPError

    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=is_here,
        never_redirect=True,
        default_timeout=(_PATIENCE_S, _PATIENCE_S),
    )
    try:
        with (
            HTTPSession(config) as session,
            session.get(url, stream=True, headers={"Accept": "application/json, */*"}) as answer,
        ):
            return read_json(_take(answer)) if answer.status_code == 200 else None
    except (RequestException, HTTPError, InvalidIPAddress, OSError, ValueError):
        return None


def _take(answer: Any) -> bytes:
    """Return a whole answer; `ValueError` if it is too large or too slow."""
    deadline, taken = time.monotonic() + _PATIENCE_S, b""
    for part in answer.iter_content(16_384):
        taken += part
        if len(taken) > MOST_JSON_BYTES or time.monotonic() > deadline:
            raise ValueError("too large or too slow")
    return taken
