"""Every environment variable that Proxeny reads, in one typed table.

`docs/reference/configuration.md` shows this table; a test keeps the two equal.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from proxeny.config.providers import check_issuer, read_providers
from proxeny.kernel.database_urls import read_database_url
from proxeny.kernel.inbox.sources import read_address
from proxeny.kernel.seal import APP


def _text(raw: str) -> str:
    return raw.strip()


def _flag(raw: str) -> bool:
    value = raw.strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("use 1 or 0")


def _log_format(raw: str) -> str:
    if raw not in {"json", "text"}:
        raise ValueError("use json or text")
    return raw


def _key_store(raw: str) -> str:
    if not re.fullmatch(r"database|command:/.+", raw):
        raise ValueError("use database, or command: followed by the path of a program")
    return raw


def _number(raw: str) -> int:
    return int(raw)


def _names(raw: str) -> list[str]:
    return [part.strip() for part in raw.split(",") if part.strip()]


def _inbox(raw: str) -> str:
    url = raw.strip()
    if url:
        read_address(url)
    return url


def _address(raw: str) -> str:
    address = raw.strip()
    if address and not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", address):
        raise ValueError("use a single address, for example name@example.org")
    return address


def _offices(raw: str) -> dict[str, str]:
    found = {}
    for part in _names(raw):
        code, _sign, address = part.partition("=")
        if not re.fullmatch(
            r"https://[^\s/]\S*|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?", address
        ):
            raise ValueError("use CODE=https://… for each office")
        found[code.strip()] = address.rstrip("/")
    return found


def _sums(raw: str) -> str:
    path = raw.strip()
    if not path:
        return ""
    try:
        with Path(path).open("rb") as file:
            first = file.readline(100)
    except OSError as error:
        raise ValueError("the file can't be read") from error
    if not re.fullmatch(rb"[0-9A-Fa-f]{40}(:\d+)?\s*", first):
        raise ValueError("use the path of a file with one SHA-1 hash per line, in sorted order")
    return path


def _scanner(raw: str) -> str | tuple[str, int] | None:
    url = urlsplit(raw.strip())
    if not url.geturl():
        return None
    if url.scheme == "clamd" and not url.netloc and url.path:
        return url.path
    if url.scheme == "clamd" and url.hostname and url.port and url.path in {"", "/"}:
        return url.hostname, url.port
    raise ValueError("use clamd:///path/of/socket or clamd://host:3310")


def _database(raw: str) -> str:
    url = raw.strip()
    if url:
        read_database_url(url)
    return url


def _login(raw: str) -> str:
    url = _database(raw)
    if url and read_database_url(url)["USER"] != APP:
        raise ValueError(f"use postgresql://{APP}:password@host:5432/name")
    return url


def _away(raw: str) -> str:
    if raw not in {"refuse", "accept"}:
        raise ValueError("use refuse or accept")
    return raw


def _bucket(raw: str) -> dict[str, str]:
    url = urlsplit(raw.strip())
    if not url.geturl():
        return {}
    asked = dict(parse_qsl(url.query))
    endpoint = asked.get("endpoint", "")
    if url.scheme != "s3" or not url.netloc or not re.match(r"https?://[^\s/]+", endpoint):
        raise ValueError("use s3://bucket/prefix?endpoint=https://…")
    prefix = url.path.strip("/")
    return {
        "bucket": url.netloc,
        "prefix": f"{prefix}/" if prefix else "",
        "endpoint": endpoint,
        "region": asked.get("region", "us-east-1"),
    }


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, how its text is read, its default and its meaning.

    `is_secret` keeps its text out of messages.
    """

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    is_secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "PROXENY_HOME",
        _text,
        "",
        "Folder for the embedded database, the secret key and the "
        "mail folder. Empty: `.proxeny` in a checkout, else the user's data folder.",
    ),
    Variable(
        "DATABASE_URL",
        _database,
        "",
        "A PostgreSQL server (16 or newer), as "
        "`postgresql://user:password@host:5432/name`, by the role that owns the tables. Empty: the "
        "embedded server.",
        is_secret=True,
    ),
    Variable(
        "PROXENY_RUN_DATABASE_URL",
        _login,
        "",
        "The same database, as the web server and the worker sign in to it: "
        f"`postgresql://{APP}:password@host:5432/name`. Whoever prepares the database makes this "
        "login, which owns nothing. Empty: they sign in as the owner of the tables, with a warning; "
        "the embedded server has such a login by itself.",
        is_secret=True,
    ),
    Variable("HOST", _text, "127.0.0.1", "Address the web server listens on."),
    Variable("PORT", _number, "8000", "Port the web server listens on."),
    Variable("PROXENY_WEB_WORKERS", _number, "2", "Web server processes."),
    Variable(
        "PROXENY_REQUEST_SECONDS",
        _number,
        "60",
        "How long a request may take before it is "
        "stopped with a page that says so; downloads and the coming in of files do not count.",
    ),
    Variable(
        "PROXENY_BASE_URL",
        _text,
        "",
        "Address that people reach the site under, used in "
        "mails and calendars. Empty: `http://HOST:PORT`.",
    ),
    Variable(
        "PROXENY_ALLOWED_HOSTS",
        _names,
        "localhost,127.0.0.1,[::1]",
        "Host names the site answers to, separated by commas.",
    ),
    Variable(
        "PROXENY_SECRET_KEY",
        _text,
        "",
        "Secret for signed cookies and links. Empty: made once and kept in PROXENY_HOME.",
    ),
    Variable(
        "PROXENY_SECURE",
        _flag,
        "0",
        "1 when the site is served over HTTPS: secure cookies, HSTS, redirect.",
    ),
    Variable(
        "PROXENY_TRUSTED_PROXIES",
        _number,
        "0",
        "How many proxies of yours stand before the "
        "site; rate limits count the address that the first of them saw.",
    ),
    Variable("PROXENY_DEBUG", _flag, "0", "1 shows Django's error pages. Never on a public site."),
    Variable(
        "PROXENY_DEMO", _flag, "1", "1 loads the demo world into an empty database on first start."
    ),
    Variable(
        "PROXENY_EMAIL_URL",
        _text,
        "",
        "Mail server, as `smtp://user:password@host:587` or "
        "`smtps://…:465`. Empty: mails are written to `PROXENY_HOME/mail`.",
    ),
    Variable("PROXENY_EMAIL_FROM", _text, "Proxeny <no-reply@localhost>", "Sender of mails."),
    Variable(
        "PROXENY_INBOX_URL",
        _inbox,
        "",
        "Where answers to invitations come in by mail, as "
        "`imaps://user:password@host:993/INBOX` or `maildir:///path`; a mailbox for nothing "
        "else, out of which everything is moved. Empty: they are not read.",
        is_secret=True,
    ),
    Variable(
        "PROXENY_INBOX_JUDGE",
        _text,
        "",
        "The name with which the server of that mailbox "
        "begins the header `Authentication-Results`: what it calls forged is then refused. "
        "Empty: the header counts for nothing.",
    ),
    Variable(
        "PROXENY_REPLY_ADDRESS",
        _address,
        "",
        "Address that answers to invitations go to, "
        "and what cannot be delivered. Empty: that of PROXENY_EMAIL_FROM.",
    ),
    Variable(
        "PROXENY_OPERATOR",
        _text,
        "",
        "Who runs this site and answers for people's data: the "
        "privacy notice and the record of processing name them.",
    ),
    Variable("PROXENY_OPERATOR_EMAIL", _text, "", "Where people write to about their data."),
    Variable(
        "PROXENY_OIDC_ISSUER",
        check_issuer,
        "",
        "Address of an OpenID Connect provider that people may sign in with. Empty: none.",
    ),
    Variable("PROXENY_OIDC_CLIENT_ID", _text, "", "What the provider calls this site."),
    Variable(
        "PROXENY_OIDC_CLIENT_SECRET",
        _text,
        "",
        "The secret shared with the provider.",
        is_secret=True,
    ),
    Variable(
        "PROXENY_OIDC_NAME",
        _text,
        "",
        "What the button on the sign-in page calls the provider. Empty: its host name.",
    ),
    Variable(
        "PROXENY_OIDC_HOSTS",
        _names,
        "",
        "Further hosts that the provider answers from, "
        "separated by commas; the site asks the issuer's host and these, no other.",
    ),
    Variable(
        "PROXENY_OIDC_PROVIDERS",
        read_providers,
        "",
        "More providers, as JSON: "
        '`[{"id": "north", "issuer": "https://…", "client_id": "…", "client_secret": "…", '
        '"name": "…", "hosts": []}]`.',
        is_secret=True,
    ),
    Variable(
        "PROXENY_WEBHOOKS_TO_LOOPBACK",
        _flag,
        "0",
        "1 lets webhooks go to this host itself, "
        "over HTTP too, to try a receiver. Counts for nothing with `PROXENY_SECURE`.",
    ),
    Variable(
        "PROXENY_STATISTICS_AT",
        _offices,
        "",
        "Where statistical offices answer, if not at "
        "their own address: a mirror, or a server on this host to try, as "
        "`ESTAT=https://…,OECD=https://…`. An address that is not `https` counts for nothing "
        "with `PROXENY_SECURE`.",
    ),
    Variable(
        "PROXENY_MATCHING_MODEL",
        _text,
        "proxeny.engine.matching.meaning.SmallE5",
        "Model of meaning that helps to find partners, as the dotted path of a class whose "
        "instances take texts and give vectors. Counts for nothing while its package (extra "
        "`meaning`) is not installed. Empty: words alone.",
    ),
    Variable(
        "PROXENY_PACKAGES",
        _bucket,
        "",
        "Where files of data packages lie, as "
        "`s3://bucket/prefix?endpoint=https://…&region=…`, for any service that speaks S3; its "
        "bucket exists already. Empty: `PROXENY_HOME/packages`.",
    ),
    Variable(
        "PROXENY_PACKAGES_GIB",
        _number,
        "20",
        "How many GiB of research data one partnership may keep.",
    ),
    Variable(
        "PROXENY_KEY_STORE",
        _key_store,
        "database",
        "Where the private keys lie with which "
        "clusters sign awards: `database`, sealed with PROXENY_SECRET_KEY, or "
        "`command:/path/to/program`, a program of yours in front of an HSM or a KMS.",
    ),
    Variable(
        "PROXENY_BREACHED_PASSWORDS",
        _sums,
        "",
        "File of breached passwords that nobody may "
        "choose: SHA-1 sums in order, one a line, as Pwned Passwords hands them out ordered by "
        "hash. Empty: none; nothing is asked of a service outside.",
    ),
    Variable(
        "PROXENY_SCANNER",
        _scanner,
        "",
        "Virus scanner that looks at each file people bring "
        "before it is kept, as `clamd:///run/clamav/clamd.ctl` or `clamd://host:3310`. Empty: "
        "none.",
    ),
    Variable(
        "PROXENY_SCANNER_AWAY",
        _away,
        "refuse",
        "What happens to a file while the scanner does not answer: `refuse` or `accept`.",
    ),
    Variable(
        "AWS_ACCESS_KEY_ID", _text, "", "Who we are to the service that PROXENY_PACKAGES names."
    ),
    Variable("AWS_SECRET_ACCESS_KEY", _text, "", "The secret for it.", is_secret=True),
    Variable("PROXENY_LOG_LEVEL", _text, "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Variable(
        "PROXENY_LOG_FORMAT",
        _log_format,
        "text",
        "`json` writes one JSON object a line, "
        "`text` lines for people. Neither tells anything about anybody.",
    ),
    Variable(
        "PROXENY_METRICS_TOKEN",
        _text,
        "",
        "What a collector of figures sends as bearer "
        "token to read `/metrics`. Empty: there is no such page.",
        is_secret=True,
    ),
)


class BadEnvironment(Exception):
    """A variable whose value cannot be parsed; the message names it."""


def read_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Parse all variables; raises `BadEnvironment` naming the one that does not parse."""
    environ = os.environ if environ is None else environ
    values = {}
    for variable in VARIABLES:
        raw = environ.get(variable.name, variable.default)
        try:
            values[variable.name] = variable.parse(raw)
        except ValueError as error:
            shown = variable.name if variable.is_secret else f"{variable.name}={raw!r}"
            message = f"The environment variable {shown} isn't valid: {error}."
            raise BadEnvironment(message) from (None if variable.is_secret else error)
    return values


def find_checkout() -> Path | None:
    """Return the folder of the checkout that this code runs from; `None` where it was installed."""
    source = Path(__file__).resolve().parents[2]
    is_checkout = source.name == "src" and (source.parent / "pyproject.toml").is_file()
    return source.parent if is_checkout else None


def find_home(configured: str) -> Path:
    """Return the state folder: as configured, in a checkout its `.proxeny`, else the user's."""
    if configured:
        return Path(configured).expanduser().resolve()
    checkout = find_checkout()
    if checkout is not None:
        return checkout / ".proxeny"
    base = os.environ.get("XDG_DATA_HOME", "") or "~/.local/share"
    return Path(base).expanduser() / "proxeny"


def keep_secret(path: Path) -> str:
    """Read a secret file, or make it (mode 0600) with 50 random bytes.

    Written under a name of its own and linked into place, so that two processes that start
    together agree on one secret.
    """
    if path.exists():
        return path.read_text(encoding="ascii")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
