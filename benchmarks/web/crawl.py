"""Finds the pages that people can open: follows every link, one page for each route."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from benchmarks.web.serving import Answer, Caller

#: People of the demo who together are led to nearly every page, and a visitor.
PEOPLE = (
    "manager@athens.example",
    "member@athens.example",
    "ambassador@athens.example",
    "manager@paris.example",
    "",
)
_LINK = re.compile(r'(?:href|hx-get)="([^"#]*)')
#: Ways out and files; they are no pages to look at.
_NOT_OPENED = re.compile(
    r"^/(static|api|i18n|health|metrics)/|/logout|/export|\.(ics|csv|pdf|xlsx)$"
)


@dataclass(frozen=True)
class Found:
    """A page: its route's name, its address, who opened it, and what came."""

    route: str
    path: str
    person: str
    answer: Answer


def find_pages(caller: Caller, person: str, *, known: set[str] | None = None) -> Iterator[Found]:
    """Yield one whole HTML page for each route that links lead to, beginning at the home page.

    Parameters
    ----------
    known : set of str, optional
        Routes that were found already; they are followed, not told again, and new ones are added.
    """
    from django.urls import Resolver404, resolve

    known = set() if known is None else known
    seen: set[str] = set()
    waiting = deque(["/" if person else "/accounts/login/"])
    while waiting:
        path = waiting.popleft()
        try:
            route = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if route in seen:
            continue
        seen.add(route)
        answer = caller.get(path)
        if answer.status in (301, 302) and answer.headers["location"].startswith("/"):
            waiting.append(answer.headers["location"])
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        text = answer.body.decode()
        waiting.extend(_links(text))
        if "<html" in text and route not in known:
            known.add(route)
            yield Found(route, path, person, answer)


def _links(text: str) -> Iterator[str]:
    for raw in _LINK.findall(text):
        path = unescape(raw).partition("?")[0]
        if path.startswith("/") and not path.startswith("//") and not _NOT_OPENED.search(path):
            yield path


def assets_of(text: str) -> list[str]:
    """Return the styles, scripts, fonts and pictures that a page asks for before anybody acts."""
    found = re.findall(r'<(?:script|img|source)\b[^>]*?\ssrc="(/[^"]+)"', text)
    for tag in re.findall(r"<link\b[^>]*>", text):
        kind = re.search(r'rel="([^"]+)"', tag)
        address = re.search(r'href="(/[^"]+)"', tag)
        if kind and address and kind[1] in ("stylesheet", "preload", "icon"):
            found.append(address[1])
    # A sprite comes once, whichever of its icons is drawn.
    found += [one.partition("#")[0] for one in re.findall(r'<use[^>]*href="(/[^"]+)"', text)]
    return list(dict.fromkeys(unescape(one) for one in found))


def later_of(text: str) -> list[str]:
    """Return the scripts that a page brings only when their picture comes near the window."""
    return [one for group in re.findall(r'data-later="([^"]+)"', text) for one in group.split()]
