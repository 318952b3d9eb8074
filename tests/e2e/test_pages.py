"""Every page of the product, in its variants: narrow and wide, light and dark, in Arabic, at 400%.

Each is found by its links on the running demo, opened once in English and once in Arabic, looked at
by axe and by `pages_checks.js`, and kept as pictures: test-artefacts/pages/index.html shows them.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.access.probes import foreign_routes
from tests.access.routes import PUBLIC, ROUTES, name_of
from tests.e2e import pages, pages_sheet
from tests.e2e.conftest import Product
from tests.e2e.pages_look import (
    Looker,
    begin,
    look_all_over,
    look_in_arabic,
    look_once,
    told,
)
from tests.e2e.pages_walk import Walk, links_in_mails

#: Looks at one page, by its name and address; returns what is wrong with it.
Look = Callable[[Looker, str, str], list[str]]

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def _read_routes() -> set[str]:
    """Names of all routes that answer a GET: the access matrix knows which do not."""
    tried = {**ROUTES, **PUBLIC}
    read = {name_of(key) for key, route in tried.items() if not route.posts_only}
    return read | foreign_routes()


def test_every_route_that_can_be_read_is_in_the_catalogue():
    known = pages.known()
    missing, gone = _read_routes() - set(known), set(known) - _read_routes()
    twice = [one for one, times in Counter(known).items() if times > 1]
    assert not missing, (
        f"Nobody looks at {sorted(missing)}: say in tests/e2e/pages.py who opens it on the demo, or"
        " what it answers instead of a page."
    )
    assert not gone, f"tests/e2e/pages.py names routes that are no more: {sorted(gone)}."
    assert not twice, f"tests/e2e/pages.py says two things of {twice}."


def _ways(product: Product, who: str) -> list[str]:
    return [] if pages.PEOPLE[who] else links_in_mails(product)


def _walk(looker: Looker, product: Product, who: str, look: Look) -> list[str]:
    """Look at each page of somebody; return what is wrong."""
    walk, wrong = Walk(looker, pages.OPENED[who], _ways(product, who)), []
    for name, path in walk.pages():
        wrong += look(looker, name, path)
    if walk.missing:
        wrong.append(f"No link led {who} to {sorted(walk.missing)}.")
    return wrong + walk.astray


def _once(looker: Looker, name: str, path: str) -> list[str]:
    may_be_long = name in pages.READ_WHOLE
    wrong = [*looker.open(path), *look_once(looker, may_be_long=may_be_long)]
    return told(name, path, "en", wrong)


def _all_over(looker: Looker, name: str, path: str) -> list[str]:
    printed, kept = name in pages.PRINTED, name.replace(":", "-").replace("@", "-")
    looker.speak("ar")
    arabic = [*looker.open(path), *look_in_arabic(looker, kept)]
    looker.speak("en")
    english = [*looker.open(path), *look_all_over(looker, kept, printed=printed)]
    return told(name, path, "en", english) + told(name, path, "ar", arabic)


@pytest.mark.parametrize("who", pages.OPENED)
def test_pages_hold_for_everybody(product, browser, who):
    """Each page once: on a desk and on a phone in the dark, and at 400%."""
    looker = begin(browser, product.url, pages.PEOPLE[who])
    wrong = _walk(looker, product, who, _once)
    looker.context.close()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("who", pages.OPENED)
def test_pages_hold_in_all_variants(product, browser, who):
    """Each page in light and dark, narrow and wide, in Arabic and on paper; pictures of all."""
    looker = begin(browser, product.url, pages.PEOPLE[who])
    wrong = _walk(looker, product, who, _all_over)
    looker.context.close()
    pages_sheet.write()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
