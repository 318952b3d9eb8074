"""The mails of the directory, as they are read: in one direction, with one blank line between."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

READ = {"name": "Ada", "action_url": "https://proxeny.example/directory/interests/3/"}
MAILS = {
    "interest": {
        "kind": "to_offered",
        "organisation": "Mirevanne",
        "title": "Servers",
        "note": "Good.",
    },
    "listing": {"kind": "returned", "actor": "Ada", "title": "Books", "note": "Say for whom."},
    "following": {"news": [{"kind": "new", "title": "Books", "organisation": "Isola", "url": "#"}]},
    "searches": {
        "news": [
            {"name": "museum", "count": 1, "url": "#", "hits": [{"name": "Isola", "url": "#"}]}
        ]
    },
}


@pytest.mark.parametrize("name", MAILS)
def test_a_text_mail_has_one_blank_line_between_its_parts(name):
    text = render_to_string(f"directory/mail/{name}.txt", {**READ, **MAILS[name]}).strip()
    subject, blank, *_rest = text.split("\n")
    assert subject
    assert blank == ""
    assert "\n\n\n" not in text
    assert text.endswith(READ["action_url"])


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_from_right_to_left_keeps_addresses_and_names_whole(name):
    with translation.override("ar"):
        html = render_to_string(f"directory/mail/{name}.html", {**READ, **MAILS[name]})
    assert 'dir="rtl"' in html
    assert f"<bdi>{READ['action_url']}</bdi>" in html
    # The mark has its halves in one order everywhere.
    assert re.search(r'<table[^>]* dir="ltr"[^>]*><tr><td width="10"', html)
    assert 'dir="auto"' not in html
