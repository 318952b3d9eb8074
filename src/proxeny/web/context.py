"""What every page's shell shows: navigation, and for whom the reader works."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Role
from proxeny.kernel.tenancy import STRANGER, Reader
from proxeny.web.tour.walking import panel_of


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation."""

    url: str
    label: Any
    icon: str
    active: bool
    #: It stands in the row where the window is wide, and behind "More" where it is not.
    is_wide: bool = False


#: Address's name, the beginnings of the addresses that belong to it, label, icon.
_ITEMS = (
    ("home", (), _("My day"), "home"),
    ("directory:list", ("/directory/",), _("Directory"), "building-community"),
    ("partnerships:list", ("/partnerships/",), _("Partnerships"), "link"),
    ("insight:network", ("/network/",), _("Network"), "affiliate"),
    ("ambassadors:desks", ("/desk/",), _("Desk"), "briefcase"),
    ("ambassadors:own", ("/introductions/",), _("Introductions"), "arrows-exchange"),
    ("labels:own-juries", ("/jury/",), _("Juries"), "gavel"),
    ("events:list", ("/events/",), _("Events"), "calendar-event"),
    # What can be asked for stands beside what was.
    ("assessments:own", ("/assessments/", "/services/"), _("Assessments"), "chart-bar"),
    ("bids:own-list", ("/bids/",), _("Bids"), "signature"),
    ("labels:applications", ("/applications/", "/awards/own/"), _("Labels"), "certificate"),
    ("calls:list", ("/calls/",), _("Calls"), "target"),
    ("people:list", ("/people/",), _("People"), "users"),
)
#: What the row of entries has room for (px): in a window of 1280 and more, and in a narrower one.
_WIDE, _NARROW = 850, 650
#: What a letter takes at most (Greek has the widest), what stands around an entry, and "More".
_LETTER, _AROUND, _MORE = 9.2, 16, 90
_MENU = (
    ("people:me", _("You and your calendar"), "user"),
    ("notices:choices", _("What you receive"), "mail"),
    ("mfa_index", _("Sign-in and security"), "shield-check"),
    ("tour", _("Take the tour"), "route"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's variables; no query."""
    reader: Reader = getattr(request, "reader", STRANGER)
    items = []
    if not reader.is_stranger:
        for name, beginnings, label, icon in _ITEMS:
            if not _is_offered(name, reader):
                continue
            active = request.path.startswith(beginnings) if beginnings else request.path == "/"
            # One's own account is no part of the list of people.
            active = active and not request.path.startswith("/people/me/")
            items.append(NavigationItem(reverse(name), label, icon, active))
    initials = "".join(word[0] for word in reader.name.split()[:2]).upper()
    # Who has many entries finds the last ones behind "More": a row that is cut tells nobody.
    wide, narrow = _fitting(items, _WIDE), _fitting(items, _NARROW)
    items = [replace(one, is_wide=narrow <= at < wide) for at, one in enumerate(items)]
    return {
        "nav": items,
        "nav_row": items[:wide],
        "nav_more": items[narrow:],
        "nav_is_whole": wide == len(items),
        "menu": [NavigationItem(reverse(name), label, icon, False) for name, label, icon in _MENU],
        "reader": reader,
        "reader_name": reader.name,
        "reader_initials": initials,
        "reader_label": _seat_label(reader),
        "unread": reader.unread,
        "notices_url": reverse("notices:list"),
        "search_url": reverse("search"),
        "home_url": reverse("home"),
        "tour": None if reader.is_stranger else panel_of(request.session, request.path),
    }


def _fitting(items: Sequence[NavigationItem], room: int) -> int:
    """Return how many entries have room in a row, beside "More" if not all have."""
    ends = list(accumulate(_LETTER * len(str(one.label)) + _AROUND for one in items))
    if not ends or ends[-1] <= room:
        return len(items)
    return sum(end <= room - _MORE for end in ends)


def _is_offered(name: str, reader: Reader) -> bool:
    """Whether an entry leads a reader anywhere: a cluster's team has the desk's own pages."""
    if name == "people:list":
        return bool(reader.managed)
    if name == "ambassadors:desks":
        return bool(reader.desks and reader.rooms)
    if name == "calls:list":
        return bool(reader.clusters)
    if name == "insight:network":
        return bool(set(reader.organisations) & set(reader.clusters))
    if name == "labels:own-juries":
        # Whose only seat is a juror's; others find theirs among what waits for them.
        return reader.seat[1:] == (Role.JUROR,)
    if name in ("ambassadors:own", "assessments:own", "bids:own-list", "labels:applications"):
        return bool(set(reader.organisations) - set(reader.clusters))
    return True


def _seat_label(reader: Reader) -> str:
    if not reader.seat:
        return ""
    organisation, role = reader.seat
    return f"{organisation} · {Role(role).label}"
