"""A call in the browser: found, tried with organisations, who fits, watched; on a phone too."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
TITLE = "Games and images that teach"


# In Athens the clocks show another time than where the call closes: both are told.
@pytest.mark.parametrize(("place", "width"), [("paris", 1440), ("athens", 390)])
def test_who_could_take_part_in_a_call(visit, place, width):
    visitor = visit(f"ambassador@{place}.example", width=width)
    page = visitor.page
    expect(page.get_by_text("A call you’re watching closes in")).to_be_visible()
    visitor.go("/calls/")
    look(visitor, "calls")
    page.get_by_role("link", name=TITLE).click()
    look(visitor, "call")
    page.get_by_role("link", name="See who fits").click()
    look(visitor, "call-fit")
    for box in page.get_by_label("Takes part").all()[:3]:
        box.check()
    page.get_by_role("button", name="Check whether they could take part").click()
    expect(page.get_by_text("Something is missing")).to_be_visible()
    page.get_by_label("Find an organisation").fill("lumiaire")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("more participant").first).to_be_visible()
    look(visitor, "call-bid")
    visitor.go("/calls/watched/")
    look(visitor, "calls-watched")
