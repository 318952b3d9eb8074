"""No page is deeper than three steps from where somebody begins: each step is a link on the page."""

import html
import re
from collections import defaultdict

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
_LINK = re.compile(r'<a\s[^>]*?href="(/[^"#]*)')


def steps_of(browser: Browser, product: Product, who: str) -> dict[str, tuple[int, str]]:
    """Return, for each kind of page that somebody reaches, the fewest steps and from which kind.

    Counted from their first page, and for who has no account from what their mails link to as well.
    """
    looker = begin(browser, product.url, pages.PEOPLE[who])
    level = ["/", *([] if pages.PEOPLE[who] else links_in_mails(product))]
    steps = {route_of(path): (0, "") for path in level}
    known = set(level)
    for number in range(1, MOST + 1):
        further: dict[str, list[str]] = defaultdict(list)
        for path in level:
            answer = looker.context.request.get(looker.base + path, max_redirects=5)
            if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
                continue
            for found in _LINK.findall(answer.text()):
                address = html.unescape(found)
                route = route_of(address)
                if not route or address in known or route in pages.FILES or route[:4] == "api:":
                    continue
                known.add(address)
                steps.setdefault(route, (number, route_of(path)))
                if len(further[route]) < _OF_A_KIND:
                    further[route].append(address)
        level = [path for paths in further.values() for path in paths]
    looker.context.close()
    return steps


def test_no_page_is_deeper_than_three_steps(product, browser):
    least: dict[str, int] = {}
    for who in pages.PEOPLE:
        for route, (number, _) in steps_of(browser, product, who).items():
            least[route] = min(number, least.get(route, number))
    wanted = {name.partition("@")[0] for names in pages.OPENED.values() for name in names}
    deep = sorted(wanted - set(least) - set(pages.LED_TO))
    assert not deep, f"{len(deep)} kinds of pages are deeper than {MOST} steps: {', '.join(deep)}"
