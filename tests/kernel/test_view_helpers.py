"""Addresses of a list: its pages, its order, and the numbers that stand in them."""

import pytest
from django.test import RequestFactory

from proxeny.kernel.view_helpers import page_links, read_number, sort_links

REQUEST = RequestFactory().get("/list/", {"q": "a", "page": "3"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("0", 0),
        ("١٢", 12),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, 0),
        ("9" * 5000, 0),
        ("-1", 0),
        ("1.5", 0),
        ("²", 0),
        ("x", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_number_is_read_as_far_as_a_row_can_have_it(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("number", "has_next", "links"),
    [
        (1, True, ("", "?q=a&page=2")),
        (3, True, ("?q=a&page=2", "?q=a&page=4")),
        (3, False, ("?q=a&page=2", "")),
    ],
)
def test_a_page_leads_to_those_beside_it(number, has_next, links):
    told = page_links(REQUEST, number, has_next=has_next)
    assert (told["prev_url"], told["next_url"]) == links


def test_who_sorts_by_the_same_again_turns_the_order_round():
    assert sort_links(REQUEST, ["name", "city"], now="name") == {
        "name": {"url": "?q=a&sort=-name", "direction": "ascending"},
        "city": {"url": "?q=a&sort=city", "direction": ""},
    }
    assert sort_links(REQUEST, ["name"], now="-name") == {
        "name": {"url": "?q=a&sort=name", "direction": "descending"}
    }
