"""Pages that no link of the demo leads to, in the world of the access tests.

The page comes from there, its styles and scripts from the running product: the browser sees what
somebody of that world would see.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route

from tests.access.conftest import (  # noqa: F401
    _among_the_crowd,
    crowd,
    db,
    kept_crowd,
    world,
)
from tests.access.probes import Clients, address_of
from tests.access.routes import PUBLIC, ROUTES
from tests.e2e import pages, pages_sheet
from tests.e2e.pages_look import Looker, begin, look_all_over, look_once, told

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def _own_thread() -> Iterator[None]:
    """The browser's loop runs in the thread that asks the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def _told(crowd, key: str) -> tuple[str, str]:  # noqa: F811
    """Return address and text of a page as its first reader gets it."""
    route = {**ROUTES, **PUBLIC}[key]
    address = address_of(key, route, crowd)
    who = next(iter(route.readers), "nobody")
    answer = Clients(crowd)[who].get(address)
    assert answer.status_code == 200, f"{key} {address} answers {answer.status_code} to {who}"
    return address, answer.content.decode()


def _answering(text: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=text)

    return answer


def _look(looker: Looker, name: str, *, long: bool) -> list[str]:
    if not long:
        return list(look_once(looker, may_be_long=name in pages.READ_WHOLE))
    return list(look_all_over(looker, name.replace(":", "-"), printed=name in pages.PRINTED))


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.long)])
def test_pages_of_another_world_hold(product, browser, crowd, long):  # noqa: F811
    looker, wrong = begin(browser, product.url, ""), []
    # The running product has no session of that world to count for.
    looker.page.route(f"{product.url}/waiting/count/", lambda route: route.fulfill(status=204))
    for name, key in pages.ELSEWHERE.items():
        try:
            address, text = _told(crowd, key)
        except AssertionError as refused:
            wrong.append(str(refused))
            continue
        looker.page.route(product.url + address, _answering(text))
        wrong += told(name, address, "en", [*looker.open(address), *_look(looker, name, long=long)])
    looker.context.close()
    pages_sheet.write()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
