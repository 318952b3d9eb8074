"""An award before a stranger's eyes: its page and badge, and the check by file and by camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.models import Award
from proxeny.labels.operations.issuing import award_url
from tests.e2e.conftest import FLAGS, Visitor, _browser_path, look
from tests.factories.world import make_world
from tests.labels import forging
from tests.labels.awarding import awarded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def _own_thread() -> Iterator[None]:
    """The browser's loop runs in the thread that asks the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def award() -> Award:
    with acting_as(SERVICE):
        return awarded(make_world())[0]


def open_page(live: Any, browser: Browser, *, width: int, language: str = "en") -> Visitor:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    context.add_cookies([{"name": "django_language", "value": language, "url": live.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    return Visitor(page, live.url, complaints)


@pytest.mark.parametrize(
    ("width", "language"), [(390, "en"), (1440, "en"), (390, "ar"), (1440, "ar")]
)
def test_the_page_shows_the_badge_and_a_file_is_checked(
    live_server, browser, award, tmp_path, width, language
):
    visitor = open_page(live_server, browser, width=width, language=language)
    page = visitor.page
    visitor.go(f"/awards/{award.code}/")
    for picture in page.locator(".vf-badge img").all():
        expect(picture).to_be_visible()
        assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") > 100
    look(visitor, f"award-{language}")
    page.locator(".vf-verdict .btn").click()
    expect(page.locator("#result .vf-verdict.is-ok")).to_be_visible()
    look(visitor, f"verify-{language}")
    # A file is checked as soon as it is chosen.
    file = tmp_path / "award.json"
    file.write_bytes(forging.file_of(forging.altered(award)))
    page.set_input_files("input[type=file]", file)
    expect(page.locator("#result .vf-verdict.is-bad")).to_be_visible()
    look(visitor, f"verify-bad-{language}")
    page.context.close()


def film(text: str, path: Path, *, size: int = 480) -> None:
    """Write what a camera sees that looks at a QR code: a film of one grey picture (YUV4MPEG2)."""
    code = [[bool(one) for one in row] for row in segno.make(text, error="m", micro=False).matrix]
    step = size // (len(code) + 8)
    edge = (size - step * len(code)) // 2
    rows = bytearray(b"\xeb" * size * size)
    for y, row in enumerate(code):
        for x, is_dark in enumerate(row):
            for line in range(edge + y * step, edge + (y + 1) * step) if is_dark else ():
                at = line * size + edge + x * step
                rows[at : at + step] = b"\x10" * step
    frame = b"FRAME\n" + bytes(rows) + b"\x80" * (size * size // 2)
    path.write_bytes(f"YUV4MPEG2 W{size} H{size} F10:1 Ip A1:1 C420\n".encode() + frame * 3)


@pytest.fixture
def camera(browser: Browser, award: Award, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera looks at the code of the award."""
    path = tmp_path / "seen.y4m"
    film(award_url(award.code), path)
    more = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
    started = browser.browser_type.launch(executable_path=_browser_path(), args=[*FLAGS, *more])
    yield started
    started.close()


def test_a_code_before_the_camera_is_read(live_server, award, camera):
    visitor = open_page(live_server, camera, width=390)
    page: Page = visitor.page
    visitor.go("/verify/")
    look(visitor, "verify-empty-en")
    page.get_by_role("button", name="Scan a QR code").click()
    expect(page.locator("#result .vf-verdict.is-ok")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("This award is genuine and valid until")
    assert visitor.complaints == []
