"""Trying routes as somebody."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic import RedirectView
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.access.crowd import Crowd
from tests.access.routes import PUBLIC, ROUTES, Route, name_of

#: Names that only a side's own people and its signed partners know.
SECRETS = (
    "Private of A",
    "Hidden of A",
    "Greek member",
    "French member",
    "Greek manager",
    "Greek representative",
    "Room of A and B",
)
#: Routes of the API are tried by `test_api_routes`.
API = "api:"
#: Routes of other packages, served in the gate's role and tested by `tests/accounts`.
FOREIGN = ("account_", "mfa_", "allauth", "usersessions_", "socialaccount_", "openid_connect_")


def _named(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _named(pattern.url_patterns, space)
        elif str(pattern.pattern).startswith("social/"):
            continue  # allauth's old addresses, without names: they lead to its new ones
        elif getattr(pattern.callback, "view_class", None) is RedirectView:
            continue  # an old address of ours, which leads to its new one
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def our_routes() -> set[str]:
    """Return the names of all routes that are not another package's."""
    return {
        name
        for name in _named(get_resolver().url_patterns)
        if not name.startswith((*FOREIGN, API)) and ":mfa" not in name
    }


def foreign_routes() -> set[str]:
    """Return the names of all routes of other packages that people meet on pages."""
    return {
        name
        for name in _named(get_resolver().url_patterns)
        if name.startswith(FOREIGN) and ":" not in name
    }


@dataclass
class Clients:
    """A signed-in client for each of the crowd's people."""

    crowd: Crowd
    made: dict[str, Client] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Client:
        if name not in self.made:
            person = self.crowd.people()[name]
            self.made[name] = Client()
            if person is not None:
                self.made[name].force_login(person.account)
        return self.made[name]


def address_of(key: str, route: Route, crowd: Crowd) -> str:
    """Return the address of an entry of `ROUTES` or `PUBLIC`."""
    return reverse(name_of(key), kwargs=route.arguments(crowd)) + route.query


def is_secret(key: str) -> bool:
    """Whether a route is tried by its secret address, which lets anybody read what it leads to."""
    return key.endswith(" known")


def is_paper(key: str) -> bool:
    """Whether a route gives a page on paper, which takes a hundred times as long to make."""
    return name_of(key).endswith("-pdf") or key in (
        "ambassadors:briefing-file",
        "take_report",
        "take_own_report",
    )


def is_refusal(answer: HttpResponse) -> bool:
    """Whether an answer tells nothing but that one may not."""
    if answer.status_code in (403, 404):
        return True
    return answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def text_of(answer: HttpResponse) -> str:
    """Return all that an answer says: its address if it leads on, what is in a workbook or a PDF."""
    content = answer.getvalue()
    if answer.headers.get("Content-Type") == "application/pdf":
        # What is read: a file also holds when it was made, and names of its own for its fonts.
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if not answer.headers.get("Content-Type", "").endswith("spreadsheetml.sheet"):
        return answer.headers.get("Location", "") + content.decode(errors="replace")
    # By cells: the same words stand in a file once or twice, as it happens.
    book = load_workbook(io.BytesIO(content))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return "\n".join([*book.sheetnames, *("\t".join(map(str, row)) for row in rows)])


def readable(crowd: Crowd) -> Iterator[tuple[str, str, Route]]:
    """Yield key and address of all that can be read, in all its forms: pages, files, calendars."""
    for key, route in {**ROUTES, **PUBLIC}.items():
        if route.posts_only:
            continue
        address = address_of(key, route, crowd)
        yield key, address, route
        for more in MORE.get(key, ()):
            yield f"{key} {more}", address + more, route


#: Further forms of a route: files, and what is behind a filter.
MORE = {
    "directory:list": ("?q=member", "?sort=-name"),
    "directory:map": ("?q=member",),
    "directory:export": ("?format=xlsx",),
    "directory:import-detail": ("?columns=1",),
    "people:list": ("?export=csv", "?export=xlsx", "?q=Greek"),
    "partnerships:sharing": ("?export=csv", "?export=xlsx", "?of=A"),
    "partnerships:list": ("?export=csv", "?export=xlsx"),
    "events:export": ("?format=xlsx",),
    "events:participants-export": ("?format=xlsx",),
    "events:answers": ("?show=waiting",),
    "events:requests": ("?marked=no-thanks", "?marked=yes"),
    "events:agenda-export": ("?format=xlsx",),
    "events:agenda-print": ("?what=people", "?what=signs"),
    "events:timetable": ("?by=participant",),
}
