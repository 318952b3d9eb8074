"""No page is deeper than three steps from where somebody begins.

A step is a link on the page, or a hit of the search that stands on every page.
"""

import html
import re
from collections import defaultdict
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.e2e import pages
from tests.e2e.conftest import Product
from tests.e2e.pages_look import begin
from tests.e2e.pages_walk import links_in_mails, route_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long]

#: Steps from one's day, or from the page that a link in a mail opens.
MOST = 3
#: So many pages of one kind are looked at on each level: further ones lead no further.
_OF_A_KIND = 6
#: Words of the demo that somebody types: of bid, study, event, label, round, assessment, figure, service.
_SOUGHT = (
    "sound",
    "studios",
    "games",
    "atlas",
    "first round",
    "audio",
    "french",
    "visitors",
    "demand",
    "answers",
)
_LINK = re.compile(r'<a\s[^>]*?href="(/[^"#]*)')


def steps_of(browser: Browser, product: Product, who: str) -> dict[str, list[str]]:
    """Return the shortest way to each kind of page that somebody reaches: the addresses on it.

    It begins at their first page, and for who has no account at what their mails link to as well.
    """
    looker = begin(browser, product.url, pages.PEOPLE[who])
    level = ["/", *([] if pages.PEOPLE[who] else links_in_mails(product))]
    ways: dict[str, list[str]] = {path: [path] for path in level}
    found = {route_of(path): ways[path] for path in level}

    def links_on(path: str) -> list[str]:
        answer = looker.context.request.get(looker.base + path, max_redirects=5)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return []
        return [html.unescape(one) for one in _LINK.findall(answer.text())]

    hits = [one for word in _SOUGHT for one in links_on(f"/search/?q={quote(word)}")]
    for number in range(1, MOST + 1):
        further: dict[str, list[str]] = defaultdict(list)
        for path in level:
            for address in [*links_on(path), *(hits if number == 1 else ())]:
                route = route_of(address)
                if not route or address in ways or route in pages.FILES or route.startswith("api:"):
                    continue
                ways[address] = [*ways[path], address]
                found.setdefault(route, ways[address])
                if len(further[route]) < _OF_A_KIND:
                    further[route].append(address)
        level = [path for paths in further.values() for path in paths]
    looker.context.close()
    return found


def test_no_page_is_deeper_than_three_steps(product, browser):
    reached: set[str] = set()
    for who in pages.PEOPLE:
        reached |= set(steps_of(browser, product, who))
    wanted = {name.partition("@")[0] for names in pages.OPENED.values() for name in names}
    deep = sorted(wanted - reached - set(pages.LED_TO))
    assert not deep, f"{len(deep)} kinds of pages are deeper than {MOST} steps: {', '.join(deep)}"
