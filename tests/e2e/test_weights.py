"""What a first visit to each page of the demo brings: bytes, not seconds."""

import pytest
from benchmarks.web.serving import Own
from benchmarks.web.weights import MOST, short_name, weigh_pages

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: What every page shares comes once, and is kept.
MOST_SHARED = 110_000


@pytest.fixture(scope="module")
def weighed(product):
    return weigh_pages(Own(product.url, product.home, {}))


def test_no_page_is_heavy(weighed, record_property):
    _shared, pages = weighed
    # Fewer would mean that the links no longer lead anywhere.
    assert len(pages) > 120
    record_property("heaviest page", f"{pages[0].route}: {pages[0].first} bytes compressed")
    heavy = {page.route: page.first for page in pages if page.first > MOST}
    assert heavy == {}


def test_what_all_share_is_light(weighed, record_property):
    shared, _pages = weighed
    record_property("shared files", f"{sum(shared.values())} bytes in {len(shared)} files")
    assert sum(shared.values()) < MOST_SHARED


def test_large_scripts_wait_for_their_picture(weighed):
    _shared, pages = weighed
    for page in pages:
        assert not [path for path in page.own if "echarts" in path], page.route
    brought = {short_name(path) for page in pages for path in page.later}
    assert {"echarts-map.min.js", "echarts-graph.min.js", "echarts-chart.min.js"} <= brought
