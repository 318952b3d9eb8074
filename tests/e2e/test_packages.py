"""A file that is too large for one request, from a browser: paused, cut by a reload, gone on with.

The client is tus-js-client as it comes from its makers; what it says is the protocol's own.
"""

import hashlib
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SIZE = 40 << 20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Some megabytes of text that is like no other."""
    path = tmp_path / "interviews.txt"
    path.write_bytes(random.Random(5).randbytes(SIZE // 2).hex().encode())
    return path


def _open_package(visitor) -> None:
    page = visitor.page
    visitor.go("/partnerships/1/studies/")
    page.locator("#studies tbody a").first.click()
    page.get_by_role("link", name="Data", exact=True).first.click()
    page.get_by_role("link", name="New data package").first.click()
    page.get_by_label("title").fill("Interviews")
    page.get_by_label("description").fill("Every word of forty talks.")
    page.locator("main form button[type=submit]").click()


def test_a_large_file_goes_on_after_a_pause_and_after_a_reload(visit, large):
    visitor = visit("manager@athens.example")
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    _open_package(visitor)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 5 << 20}
    line.send("Network.emulateNetworkConditions", slow)
    page.locator("#bring-file").set_input_files(large)
    queue = page.locator(".pk-queue > li")
    expect(queue.locator("[data-state]")).to_have_text(re.compile("^1[0-9].* of "))
    queue.get_by_role("button", name="Pause").click()
    expect(queue.locator("[data-state]")).to_contain_text("Paused")
    look(visitor, "package-paused")
    page.reload()
    half = page.locator(".pk-coming > li")
    expect(half).to_contain_text("interviews.txt")
    assert not half.inner_text().startswith("interviews.txt 0")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    begun = []
    page.on("request", lambda one: begun.append(one.url) if one.method == "POST" else None)
    with page.expect_navigation():
        page.locator("#bring-file").set_input_files(large)
    # It went on where it was: no upload was begun anew.
    assert [url for url in begun if url.endswith("/uploads/")] == []
    expect(page.locator(".pk-coming")).to_have_count(0)
    page.get_by_role("link", name="interviews.txt", exact=True).click()
    content = large.read_bytes()
    expect(page.locator("main")).to_contain_text(hashlib.sha256(content).hexdigest())
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download").click()
    assert Path(taken.value.path()).read_bytes() == content


def test_a_file_that_lies_is_refused_beside_its_name(visit, tmp_path):
    visitor = visit("manager@athens.example", width=390)
    page = visitor.page
    _open_package(visitor)
    lies = tmp_path / "wages.csv"
    lies.write_bytes(b"\x7fELF" + bytes(200))
    page.locator("#bring-file").set_input_files(lies)
    queue = page.locator(".pk-queue > li")
    expect(queue).to_contain_text("Programs, scripts and documents with macros aren’t accepted.")
    # The browser itself notes the answer that says so.
    assert ["422" in one for one in visitor.complaints] == [True]
    visitor.complaints.clear()
    look(visitor, "package-refused")
    queue.get_by_role("button", name="Discard").click()
    expect(queue).to_have_count(0)
    assert "No files yet" in page.locator("main").inner_text()
