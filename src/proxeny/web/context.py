"""What every page's shell shows: navigation, and for whom the reader works."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.tenancy import STRANGER, Reader


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation."""

    url: str
    label: Any
    icon: str
    active: bool


_ITEMS = (
    ("home", "/", _("My day"), "home"),
    ("directory:list", "/directory/", _("Directory"), "building-community"),
    ("partnerships:list", "/partnerships/", _("Partnerships"), "link"),
    ("events:list", "/events/", _("Events"), "calendar-event"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's variables; no query."""
    reader: Reader = getattr(request, "reader", STRANGER)
    items = []
    if not reader.is_stranger:
        for name, prefix, label, icon in _ITEMS:
            active = request.path == "/" if prefix == "/" else request.path.startswith(prefix)
            items.append(NavigationItem(reverse(name), label, icon, active))
    return {"nav": items, "reader": reader, "reader_label": reader.name}
