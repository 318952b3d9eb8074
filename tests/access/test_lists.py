"""Each list filters, sorts, and is taken along as the page shows it: by both sides, not by strangers."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Page
from django.urls import reverse

from proxeny.kernel.rows import Shown
from tests.access.crowd import Crowd
from tests.access.lists import LISTS, Listed, table
from tests.access.probes import Clients, address_of, is_refusal
from tests.access.routes import PUBLIC, ROUTES, name_of

DOC = Path(__file__).resolve().parents[2] / "docs" / "reference" / "lists.md"
#: Where the crowd has no file to take: a job works the figures out first (`tests/insight`).
UNCOUNTED = ("insight:network-organisations",)
#: No record of the crowd is called so.
NOTHING = "zzqx-nothing"


def _address(key: str, crowd: Crowd) -> str:
    return address_of(key, (ROUTES | PUBLIC)[key], crowd)


def _file(key: str, listed: Listed, crowd: Crowd, form: str, **query: str) -> str:
    """Return the address of a list's file, with what narrows it."""
    asked = listed.file.replace("{form}", form)
    if ":" not in asked:
        address = _address(key, crowd)
        path = f"{address}&{asked[1:]}" if "?" in address and asked[0] == "?" else address + asked
    else:
        name, _, more = asked.partition("?")
        arguments = (ROUTES | PUBLIC)[key].arguments(crowd)
        if name == "partnerships:record-export":
            arguments = {"pk": arguments["pk"], "kind": "bid-partner"}
        path = f"{reverse(name, kwargs=arguments)}?{more}"
    return path + "".join(f"&{field}={value}" for field, value in query.items())


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _counted(context: Any) -> int | None:
    """Return how many rows a page says there are, where it says so."""
    layers = [dict(one.flatten() if hasattr(one, "flatten") else one) for one in context or ()]
    for value in (value for layer in layers for value in layer.values()):
        if isinstance(value, Shown):
            return value.count
        if isinstance(value, Page):
            return value.paginator.count
    found = [layer.get("count") for layer in layers]
    return next((one for one in found if isinstance(one, int)), None)


@pytest.mark.parametrize("key", LISTS)
def test_a_list_does_what_it_is_said_to(crowd, key):
    listed, clients = LISTS[key], Clients(crowd)
    client, address = clients[listed.who], _address(key, crowd)
    joint = "&" if "?" in address else "?"
    plain = client.get(address)
    assert plain.status_code == 200
    for sort in listed.sorts:
        for way in (sort, f"-{sort}"):
            assert client.get(f"{address}{joint}sort={way}").status_code == 200, way
    if "words" in listed.narrows:
        none = client.get(f"{address}{joint}q={NOTHING}")
        assert none.status_code == 200
        # What was typed stands in the field, and so does a way out.
        assert NOTHING in none.content.decode()
        assert _counted(none.context) in (0, None)
    if listed.file and key not in UNCOUNTED:
        _try_file(clients, crowd, key, _counted(plain.context))


def _try_file(clients: Clients, crowd: Crowd, key: str, counted: int | None) -> None:
    listed = LISTS[key]
    client = clients[listed.who]
    answer = client.get(_file(key, listed, crowd, "csv"))
    assert answer.headers["Content-Type"].startswith("text/csv"), key
    head, *rows = _rows(answer.content)
    assert all(head)
    assert all(len(one) == len(head) for one in rows)
    if listed.file == "?export={form}" and counted is not None:
        assert len(rows) == counted, "the file holds what the page counts"
    if "words" in listed.narrows and key != "partnerships:introduction-plan":
        none = client.get(_file(key, listed, crowd, "csv", q=NOTHING))
        assert len(_rows(none.content)) == 1, "the file is narrowed as the page is"
    workbook = client.get(_file(key, listed, crowd, "xlsx"))
    assert workbook.content.startswith(b"PK")


@pytest.mark.parametrize("key", [one for one in LISTS if one in ROUTES])
def test_a_list_is_open_to_its_readers_and_its_file_to_nobody_else(crowd, key):
    listed, route, clients = LISTS[key], ROUTES[key], Clients(crowd)
    for who in ("a_manager", "b_manager", "c_manager", "nobody"):
        address = _file(key, listed, crowd, "csv") if listed.file else _address(key, crowd)
        answer = clients[who].get(address)
        if who in route.readers:
            assert answer.status_code == 200, who
        else:
            assert is_refusal(answer), who


def test_the_documentation_tells_of_all_lists():
    assert table() in DOC.read_text()


def test_every_page_that_searches_is_told_of():
    """A new list is written down, or said to be none."""
    assert {name_of(one) for one in LISTS} <= {name_of(one) for one in ROUTES | PUBLIC}
