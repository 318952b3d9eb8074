"""When pages are there on a slow phone, and whether they move.

    python -m benchmarks.web.paints [--home FOLDER]

A headless Chromium stands in for the phone that Lighthouse means: 390 by 844, a processor slowed
down four times, a line of 1.6 Mbit/s with 150 ms there and back, nothing kept from before. The
pages come from `proxeny run` itself, over HTTP/1.1, not compressed by any proxy.
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.web import serving
from benchmarks.web.crawl import find_pages
from playwright.sync_api import Browser, BrowserContext, sync_playwright

#: What the issue of the face asks for, in milliseconds.
BAR_MS = 1500
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
MANAGER, MEMBER = "manager@athens.example", "member@athens.example"
#: Person, language, and the routes that are looked at.
LOOKED_AT = (
    (
        MANAGER,
        "en",
        (
            "home",
            "directory:list",
            "directory:detail",
            "directory:map",
            "directory:interests",
            "partnerships:list",
            "partnerships:detail",
            "events:list",
            "events:detail",
            "events:participants",
            "events:timetable",
            "events:whole-agenda",
            "events:setup",
            "insight:network",
            "insight:network-picture",
            "insight:board",
            "ambassadors:board",
            "calls:list",
            "people:list",
            "people:me",
            "research:studies",
            "assessments:engagement",
            "notices:list",
        ),
    ),
    (MEMBER, "en", ("home", "events:my-agenda", "directory:listings", "labels:applications")),
    ("", "en", ("account_login", "privacy:notice")),
    (
        MANAGER,
        "ar",
        (
            "home",
            "directory:list",
            "partnerships:detail",
            "events:timetable",
            "insight:board",
        ),
    ),
    ("", "ar", ("account_login",)),
)

#: Collects what the browser itself measures, from the first moment on.
_WATCH = """
window.pxSeen = { lcp: 0, what: "", shifts: [] };
new PerformanceObserver((list) => { for (const one of list.getEntries()) {
  pxSeen.lcp = one.startTime; pxSeen.what = one.element ? one.element.tagName + "." + one.element.className : ""; } })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const one of list.getEntries()) { if (!one.hadRecentInput) {
  pxSeen.shifts.push({ value: one.value, what: one.sources.slice(0, 3).map((it) => it.node && it.node.nodeType === 1
    ? it.node.tagName + "." + it.node.className : String(it.node && it.node.nodeName)) }); } } })
  .observe({ type: "layout-shift", buffered: true });
"""
_READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [first] = performance.getEntriesByName("first-contentful-paint");
  return { ttfb: page.responseStart, fcp: first ? first.startTime : 0, lcp: pxSeen.lcp, what: pxSeen.what,
    cls: pxSeen.shifts.reduce((sum, one) => sum + one.value, 0), shifts: pxSeen.shifts };
}"""


def main() -> None:
    """Start the demo, open each page, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="keep the demo's folder for the next run")
    options = parser.parse_args()
    with serving.running(options.home, demo=True) as own, sync_playwright() as playwright:
        serving.set_up_routes()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        rows = list(_look(own, browser))
        browser.close()
    rows.sort(key=lambda row: -row["lcp"])
    slow = [row for row in rows if row["lcp"] > BAR_MS]
    moved = [row for row in rows if row["cls"] > 0]
    serving.keep("paints", {"rows": rows, "slow": len(slow), "moved": len(moved)})
    for row in rows:
        print(
            f"{row['lcp']:6.0f} ms  {row['cls']:.3f}  {row['route']} {row['language']}  {row['what']}"
        )
    for row in moved:
        print(row["route"], row["language"], row["shifts"])
    print(f"{len(slow)} of {len(rows)} pages later than {BAR_MS} ms; {len(moved)} move")


def _look(own: serving.Own, browser: Browser) -> Iterator[dict[str, Any]]:
    found: dict[str, dict[str, str]] = {}
    for person, language, routes in LOOKED_AT:
        caller = own.sign_in(person) if person else serving.Caller(own.url)
        if person not in found:
            found[person] = {page.route: page.path for page in find_pages(caller, person)}
        for route in routes:
            if route not in found[person]:
                print(f"not found: {route} as {person or 'a visitor'}")
                continue
            path = found[person][route]
            yield {"route": route, "language": language} | _open(
                own, browser, caller, path, language
            )


def _open(
    own: serving.Own, browser: Browser, caller: serving.Caller, path: str, language: str
) -> dict[str, Any]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    cookies = caller.cookies | {"django_language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": own.url} for name, value in cookies.items()]
    )
    try:
        return _measure(context, own.url + path)
    finally:
        context.close()


def _measure(context: BrowserContext, url: str) -> dict[str, Any]:
    page = context.new_page()
    page.add_init_script(_WATCH)
    line = context.new_cdp_session(page)
    came: list[float] = []
    line.on("Network.loadingFinished", lambda one: came.append(one["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(url, wait_until="load")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{url}: {answer and answer.status}")
    # What comes after it must not move the page either.
    page.wait_for_timeout(1500)
    return page.evaluate(_READ) | {"bytes": round(sum(came)), "requests": len(came)}


if __name__ == "__main__":
    main()
