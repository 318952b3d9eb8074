"""Finds each page of the running product by its links, as somebody, and hands it to whoever looks."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from urllib.error import HTTPError
from urllib.parse import urldefrag
from urllib.request import urlopen

import psycopg
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from proxeny.config.postgres import connection_settings, find_place
from tests.e2e import pages
from tests.e2e.conftest import Product
from tests.e2e.pages_look import Looker

_HREF = re.compile(r'(?:href|hx-get)="(/[^"]*)"')
#: Addresses that open without a sign-in to whoever holds them.
_LINK = re.compile(
    r"/(?:answer|invitations|studies/data|notices/fewer)/[\w:=.-]+/|/bids/answer/[\w-]+/"
)
#: So many pages of a kind are opened on the way to others.
_DEEP = 4


def route_of(path: str) -> str:
    """Return the name of the route that answers a path; nothing where none does."""
    try:
        return resolve(urldefrag(path).url.partition("?")[0]).view_name
    except Resolver404:
        return ""


def _plain(names: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of routes that take no arguments."""
    for name in names:
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def links_in_mails(product: Product) -> list[str]:
    """Return an address of each kind in mails to people without an account: the newest that opens.

    A reminder closes the link before it, and what is sent keeps none.
    """
    at = connection_settings(find_place(product.home))
    with psycopg.connect(
        dbname=at["NAME"],
        user=at["USER"],
        password=at["PASSWORD"],
        host=at["HOST"],
        port=at["PORT"],
    ) as database:
        database.execute("SET ROLE proxeny_definer")
        texts = database.execute("SELECT text FROM kernel_mail ORDER BY id DESC").fetchall()
    found = [one for (text,) in texts for one in _LINK.findall(text)]
    newest: dict[str, str] = {}
    for one in dict.fromkeys(found):
        kind = one.strip("/").rpartition("/")[0]
        if kind not in newest and _opens(product.url + one):
            newest[kind] = one
    return list(newest.values())


def _opens(address: str) -> bool:
    try:
        with urlopen(address, timeout=30):
            return True
    except HTTPError:
        return False


class Walk:
    """One person's way through the product.

    Attributes
    ----------
    missing : set of str
        Routes that are still to be found.
    astray : list of str
        What led to another page than it should.
    """

    def __init__(self, looker: Looker, wanted: Iterable[str], starts: Iterable[str]) -> None:
        self._looker = looker
        self._names = {one.partition("@")[0]: one for one in wanted}
        self.missing = set(self._names)
        self.astray: list[str] = []
        self._asked: set[str] = set()
        self._times: Counter[str] = Counter()
        self._here: deque[tuple[str, str]] = deque()
        self._ways: deque[str] = deque()
        self._learn(["/", *_plain(self._names), *starts])

    def _learn(self, paths: Iterable[str]) -> None:
        for path in paths:
            path = urldefrag(path).url
            route = route_of(path)
            if not route or path in self._asked or route in pages.FILES or route[:4] == "api:":
                continue
            self._asked.add(path)
            if route in self.missing:
                self.missing.discard(route)
                self._here.append((self._names[route], path))
            elif self._times[route] < _DEEP:
                self._times[route] += 1
                self._ways.append(path)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield name and address of each wanted page; whoever takes it has it opened.

        Pages in between are read without a browser, and only where nothing else is left.
        """
        while self._here or (self.missing and self._ways):
            if self._here:
                name, path = self._here.popleft()
                yield name, path
                there = self._looker.page.url.removeprefix(self._looker.base)
                if route_of(there) != route_of(path):
                    self.astray.append(f"{name} {path} leads to {there}.")
                self._learn(self._looker.page.evaluate("pagesCheck.links()"))
                continue
            answer = self._looker.context.request.get(
                self._looker.base + self._ways.popleft(), max_redirects=5
            )
            if answer.ok and "text/html" in answer.headers.get("content-type", ""):
                self._learn([html.unescape(one) for one in _HREF.findall(answer.text())])
