"""Set-up of an empty installation in a browser, as whoever starts it meets it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, look, start_product, stop_product

pytestmark = pytest.mark.e2e


def test_an_empty_installation_is_set_up_by_the_link_it_prints(tmp_path, browser):
    product = start_product(tmp_path, demo=False)
    try:
        link = re.search(r"http\S+/set-up/([\w-]+)/", product.output())
        assert link is not None
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
        page = context.new_page()
        visitor = Visitor(page, product.url, [])
        visitor.go("/")
        look(visitor, "set-up-landing")
        page.get_by_role("link", name="Set up").click()
        page.get_by_label("Code").fill(link[1])
        look(visitor, "set-up-code")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Name of the cluster").fill("Northern Lights")
        page.get_by_label("Country").select_option("GR")
        page.get_by_label("Your name").fill("Ada North")
        page.get_by_label("Your email").fill("ada@example.org")
        page.get_by_label("Choose a password").fill("tall oaks from acorns")
        look(visitor, "set-up")
        page.get_by_role("button", name="Make the cluster and sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Ada North")
        look(visitor, "set-up-today")
        stranger = browser.new_context().new_page()
        answer = stranger.goto(link[0])
        assert answer is not None
        assert answer.status == 404
        context.close()
    finally:
        stop_product(product)
