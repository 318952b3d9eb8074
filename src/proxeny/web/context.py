"""Context of every page's frame: navigation, and the organisation the reader works for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Role
from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import STRANGER, Reader
from proxeny.web.badge import kept_count
from proxeny.web.tour.walking import panel_of


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation."""

    url: str
    label: Any
    icon: str
    active: bool
    #: Shown in the row where the window is wide, and under "More" where it is not.
    is_wide: bool = False


#: Address's name, the beginnings of the addresses that belong to it, label, icon.
_ITEMS = (
    ("home", (), _("Today"), "home"),
    ("directory:list", ("/directory/",), _("Directory"), "building-community"),
    ("partnerships:list", ("/partnerships/",), _("Partnerships"), "link"),
    ("events:list", ("/events/",), _("Events"), "calendar-event"),
    ("ambassadors:desks", ("/desk/",), _("Desk"), "briefcase"),
    ("ambassadors:own", ("/introductions/",), _("Introductions"), "arrows-exchange"),
    ("labels:own-juries", ("/jury/",), _("Juries"), "gavel"),
    # Services to request belong to the same entry as the requests made.
    ("assessments:own", ("/assessments/", "/services/"), _("Assessments"), "chart-bar"),
    ("bids:own-list", ("/bids/",), _("Bids"), "signature"),
    ("labels:applications", ("/applications/", "/awards/own/"), _("Labels"), "certificate"),
    ("calls:list", ("/calls/",), _("Calls"), "target"),
    ("insight:network", ("/network/",), _("Network"), "affiliate"),
)
#: What somebody goes to most, first: a phone has room for four. The rest follows in the order above.
_FIRST = {
    Role.AMBASSADOR: ("home", "ambassadors:desks"),
    Role.REPRESENTATIVE: ("home", "events:list", "ambassadors:own", "directory:list"),
}
#: All that somebody needs whose only seat is a juror's.
_JURORS = ("home", "labels:own-juries")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main navigation that comes from elsewhere.

    Attributes
    ----------
    name : str
        The name of its address.
    beginnings : tuple of str
        Beginnings of the addresses that belong to it.
    label : str or lazy str
    icon : str
        Its name in Tabler's icons, of those that the product brings.
    is_offered : callable
        Whether it leads a reader anywhere.
    """

    name: str
    beginnings: tuple[str, ...]
    label: Any
    icon: str
    is_offered: Callable[[Reader], bool] = lambda _reader: True


MENU: Hook[MenuEntry] = Hook("web.menu", "An entry of the main navigation.")
#: Width of the row of entries (px): in a window of 1280 and more, and in a narrower one.
_WIDE, _NARROW = 850, 600
#: Maximum width of a letter (Greek is the widest), the padding of an entry, and "More".
_LETTER, _AROUND, _MORE = 9.2, 16, 90
#: Width of the number beside the first entry.
_COUNT = 32
_MENU = (
    ("people:list", _("People"), "users"),
    ("people:me", _("You and your calendar"), "user"),
    ("notices:choices", _("Notification settings"), "mail"),
    ("mfa_index", _("Sign-in and security"), "shield-check"),
    ("tour", _("Take the tour"), "route"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's variables; no query."""
    reader: Reader = getattr(request, "reader", STRANGER)
    items = []
    if not reader.is_stranger:
        for name, beginnings, label, icon in _ordered(reader):
            active = request.path.startswith(beginnings) if beginnings else request.path == "/"
            items.append(NavigationItem(reverse(name), label, icon, active))
        items += [
            NavigationItem(
                reverse(one.name), one.label, one.icon, request.path.startswith(one.beginnings)
            )
            for one in MENU
            if one.is_offered(reader)
        ]
    initials = "".join(word[0] for word in reader.name.split()[:2]).upper()
    # With many entries, the last ones are under "More": a cut row would hide them.
    wide, narrow = _fitting(items, _WIDE), _fitting(items, _NARROW)
    items = [replace(one, is_wide=narrow <= at < wide) for at, one in enumerate(items)]
    return {
        "nav": items,
        "nav_row": items[:wide],
        "nav_more": items[narrow:],
        "nav_is_whole": wide == len(items),
        "menu": [
            NavigationItem(reverse(name), label, icon, False)
            for name, label, icon in _MENU
            if _is_offered(name, reader)
        ],
        "reader": reader,
        "reader_name": reader.name,
        "reader_initials": initials,
        "reader_label": _seat_label(reader),
        "unread": reader.unread,
        "nav_waiting": kept_count(request, reader.person),
        "factor_demand": _demand(reader),
        "notices_url": reverse("notices:list"),
        "search_url": reverse("search"),
        "home_url": reverse("home"),
        "tour": None if reader.is_stranger else panel_of(request.session, request.path),
    }


def _demand(reader: Reader) -> dict[str, Any] | None:
    if not reader.demand:
        return None
    cluster, day, is_due = reader.demand
    return {"cluster": cluster, "day": date.fromisoformat(day), "is_due": is_due}


def _fitting(items: Sequence[NavigationItem], room: int) -> int:
    """Return how many entries have room in a row, beside "More" if not all have."""
    widths = (_LETTER * len(str(one.label)) + _AROUND for one in items)
    ends = [end + _COUNT for end in accumulate(widths)]
    if not ends or ends[-1] <= room:
        return len(items)
    return sum(end <= room - _MORE for end in ends)


def _role(reader: Reader) -> str:
    return reader.seat[1] if reader.seat else ""


def _ordered(reader: Reader) -> list[tuple[str, tuple[str, ...], Any, str]]:
    """Return the entries offered to a reader, those of their role first."""
    first = _FIRST.get(Role(_role(reader)), ()) if reader.seat else ()
    offered = [one for one in _ITEMS if _is_offered(one[0], reader)]
    return sorted(offered, key=lambda one: first.index(one[0]) if one[0] in first else len(first))


def _is_offered(name: str, reader: Reader) -> bool:
    """Whether an entry leads a reader anywhere: a cluster's team has the desk's own pages."""
    if _role(reader) == Role.JUROR and any(name == one[0] for one in _ITEMS):
        return name in _JURORS
    if name == "people:list":
        return bool(reader.managed)
    if name == "ambassadors:desks":
        return bool(reader.desks and reader.rooms)
    if name == "calls:list":
        return bool(reader.clusters)
    if name == "insight:network":
        return bool(set(reader.organisations) & set(reader.clusters))
    if name == "labels:own-juries":
        # Others find theirs among what waits for them.
        return False
    if name in ("ambassadors:own", "assessments:own", "bids:own-list", "labels:applications"):
        return bool(set(reader.organisations) - set(reader.clusters))
    return True


def _seat_label(reader: Reader) -> str:
    if not reader.seat:
        return ""
    organisation, role = reader.seat
    return f"{organisation} · {Role(role).label}"
