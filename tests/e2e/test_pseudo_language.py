"""Every text can be translated, and has room to be 40% longer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e import pages
from tests.e2e.conftest import Product
from tests.e2e.pages_look import PHONE, Looker, begin, told
from tests.e2e.pages_walk import Walk, links_in_mails
from tests.e2e.pseudo_language import CODE, in_pseudo, speaking

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_CHECKS = Path(__file__).with_name("pseudo_language.js")
#: Pages whose like is looked at: their forms are made of the same components.
_ALIKE = ("-edit", "-add", "-new", "-end", "-remove", "-renew", "-fetch", "-bring", "-call-off")
#: So many pages of a capability.
_MOST = 12


def test_pseudo_keeps_what_is_filled_in():
    assert in_pseudo("Save") == "⟦Sávéöñ⟧"
    told = in_pseudo("<b>%(name)s</b> has %(count)d of 95%% left")
    assert told.startswith("⟦<b>%(name)s</b> hás %(count)d óf 95%% léft ö")


@pytest.fixture(scope="module")
def pseudo(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product's data behind a web server that speaks the pseudo-language."""
    with speaking(product, tmp_path_factory.mktemp("pseudo")) as url:
        yield replace(product, url=url)


def _wanted(who: str) -> list[str]:
    """Return the pages to look at: of each capability so many, so that all of it stays quick."""
    times: Counter[str] = Counter()
    found = []
    for name in pages.OPENED[who]:
        # Its examples are made up, and for developers.
        if name.endswith(_ALIKE) or name == "components":
            continue
        capability = name.partition(":")[0]
        times[capability] += 1
        if times[capability] <= _MOST:
            found.append(name)
    return found


def _look(looker: Looker, path: str) -> Iterator[str]:
    yield from looker.open(path)
    # By hand and not by `add_init_script`: only these pages are looked at for it.
    looker.page.evaluate(_CHECKS.read_text())
    yield from looker.page.evaluate("pseudoCheck.untranslated()")
    yield from looker.check("sideways", "cut")
    looker.wear(PHONE, "light")
    yield from looker.check("sideways", "cut")


#: Before a release: together they look at a hundred pages, in ten minutes.
_LONG = [pytest.param(who, marks=pytest.mark.long) for who in ("member", "juror", "manager")]


@pytest.mark.parametrize("who", ["nobody", *_LONG])
def test_every_text_can_be_translated_and_be_longer(pseudo, browser, who):
    looker = begin(browser, pseudo.url, pages.PEOPLE[who], pictures=False)
    looker.speak(CODE)
    walk = Walk(looker, _wanted(who), [] if pages.PEOPLE[who] else links_in_mails(pseudo))
    wrong = [
        line for name, path in walk.pages() for line in told(name, path, CODE, _look(looker, path))
    ]
    looker.context.close()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
    assert not walk.missing
