"""A browser's long name in plain words."""

import re

from django.utils.translation import gettext as _

#: The first that is found names the browser: most of them also claim to be the ones further down.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Headless)?(?:Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
)
_DEVICES = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows NT\b"),
    ("Mac", r"\bMac OS X\b|\bMacintosh\b"),
    ("Chromebook", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)
_PHONES = {"iPhone", "Android"}


def name_device(agent: str) -> str:
    """Return the device named by a `User-Agent` header, like "Firefox on Windows", translated."""
    browser, device = _first(_BROWSERS, agent), _first(_DEVICES, agent)
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("Unknown browser")


def is_phone(agent: str) -> bool:
    """Whether it is carried in a pocket."""
    return _first(_DEVICES, agent) in _PHONES


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, agent)), "")
