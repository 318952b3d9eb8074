"""How heavy every page of the demo is on a first visit.

    python -m benchmarks.web.weights [--home FOLDER]

Opens one page of each route that links lead to, as five people, and weighs what a browser asks for:
the page compressed by gzip (as the proxy of `run-on-a-server` sends it), and its files as they are
served. Files that every page uses are the shared ones: they come once and are kept for a year.
"""

import argparse
import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.web import serving
from benchmarks.web.crawl import PEOPLE, Found, assets_of, find_pages, later_of

#: What a page may weigh beyond the shared files, compressed.
MOST = 100_000
#: A page with and one without a sign-in; what both ask for is shared by all.
_SHARED_BY = ("home", "account_login")


@dataclass(frozen=True)
class Weight:
    """One page in bytes as they travel: the page, its own files before and after the first paint."""

    route: str
    path: str
    person: str
    html: int
    own: dict[str, int]
    later: dict[str, int]

    @property
    def first(self) -> int:
        """What a first visit brings beyond the shared files."""
        return self.html + sum(self.own.values())


def weigh_pages(
    own: "serving.Own", people: Iterable[str] = PEOPLE
) -> tuple[dict[str, int], list[Weight]]:
    """Return the shared files with their bytes, and each page's weight, the heaviest first."""
    known: set[str] = set()
    pages: list[Found] = []
    for person in people:
        caller = own.sign_in(person) if person else serving.Caller(own.url)
        pages += find_pages(caller, person, known=known)
    shelf = _Shelf(own.url)
    texts = {page.route: page.answer.body.decode() for page in pages}
    shared = set.intersection(*(set(assets_of(texts[one])) for one in _SHARED_BY))
    weights = [
        Weight(
            page.route,
            page.path,
            page.person,
            len(gzip.compress(page.answer.body, 6)),
            {one: shelf.weigh(one) for one in assets_of(texts[page.route]) if one not in shared},
            {one: shelf.weigh(one) for one in later_of(texts[page.route])},
        )
        for page in pages
    ]
    fonts = {one: shelf.weigh(one) for one in shared}
    return fonts, sorted(weights, key=lambda one: -one.first)


class _Shelf:
    """Asks for each file once."""

    def __init__(self, url: str) -> None:
        self._caller = serving.Caller(url)
        self._known: dict[str, int] = {}

    def weigh(self, path: str) -> int:
        """Return a file's bytes as gzip sends them."""
        if path not in self._known:
            answer = self._caller.get(path, accept_encoding="gzip")
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            self._known[path] = len(answer.body)
        return self._known[path]


def short_name(path: str) -> str:
    """Return a file's name as it lies in the sources, without the mark of its content."""
    return re.sub(r"\.[0-9a-f]{12}\.", ".", path.rpartition("/")[2])


def main() -> None:
    """Start the demo, weigh, write the figures; a page that is too heavy fails the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="keep the demo's folder for the next run")
    options = parser.parse_args()
    with serving.running(options.home, demo=True) as own:
        serving.set_up_routes()
        shared, weights = weigh_pages(own)
    serving.keep(
        "weights",
        {
            "shared": {short_name(path): size for path, size in sorted(shared.items())},
            "pages": len(weights),
            "heaviest": [
                {
                    "route": one.route,
                    "html": one.html,
                    "first": one.first,
                    "own": {short_name(path): size for path, size in one.own.items()},
                }
                for one in weights[:12]
            ],
            "later": {
                one.route: {short_name(path): size for path, size in one.later.items()}
                for one in weights
                if one.later
            },
        },
    )
    heavy = [one for one in weights if one.first > MOST]
    print(f"{len(weights)} pages; the heaviest: {weights[0].route}, {weights[0].first} bytes")
    if heavy:
        raise SystemExit(f"Too heavy: {[(one.route, one.first) for one in heavy]}")


if __name__ == "__main__":
    main()
