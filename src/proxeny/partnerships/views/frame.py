"""What stands around every page of a room: its name, its two sides, and the way to its other pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party, Stage


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a room: its code, what it is called, and its address's name."""

    code: str
    label: Promise
    name: str


#: The parts of a room in their order, each with its pages.
PARTS: dict[str, tuple[Promise, list[Page]]] = {
    "overview": (_("Overview"), [Page("detail", _("Overview"), "partnerships:detail")]),
    "planning": (
        _("Planning"),
        [
            Page("goals", _("Goals"), "partnerships:goals"),
            Page("plan", _("Plan"), "partnerships:plan"),
            Page("placements", _("Stays and visits"), "partnerships:placements"),
            Page("risks", _("Risks"), "partnerships:risks"),
        ],
    ),
    "working": (_("Working together"), []),
    "balance": (
        _("Balance"),
        [
            Page("exchange", _("Give and take"), "partnerships:exchange"),
            Page("money", _("Money"), "partnerships:money"),
            Page("health", _("Health"), "partnerships:health"),
            Page("advice", _("Recommendations"), "partnerships:advice"),
        ],
    ),
    "insight": (_("Insight"), []),
    "texts": (
        _("Texts and reports"),
        [
            Page("stages", _("Stages and texts"), "partnerships:stages"),
            Page("report", _("Yearly report"), "partnerships:report"),
        ],
    ),
}


def add_pages(part: str, *pages: tuple[str, Promise, str]) -> None:
    """Add pages of a capability above to a part of every room; called when Django is ready."""
    PARTS[part][1].extend(Page(*one) for one in pages)


@dataclass(frozen=True, slots=True)
class Frame:
    """A room as one reader enters it."""

    partnership: Partnership
    parties: tuple[Party, ...]
    mine: Party | None
    may_keep: bool
    may_steer: bool

    def context(self, tab: str) -> dict[str, Any]:
        """Return what `room_base.html` needs."""
        pk = self.partnership.pk
        return {
            "partnership": self.partnership,
            "parties": self.parties,
            "mine": self.mine,
            "may_keep": self.may_keep,
            "may_steer": self.may_steer,
            **_tabs(pk, tab),
        }


def _tabs(pk: int, tab: str) -> dict[str, list[dict[str, Any]]]:
    """Return the parts of a room, and the pages of the one that is open."""
    parts, pages = [], []
    for label, those in PARTS.values():
        is_open = any(one.code == tab for one in those)
        if is_open and len(those) > 1:
            pages = [
                {"url": reverse(one.name, args=[pk]), "label": one.label, "active": one.code == tab}
                for one in those
            ]
        if those:
            url = reverse(those[0].name, args=[pk])
            parts.append({"url": url, "label": label, "active": is_open})
    return {"tabs": parts, "pages": pages}


def index_of(pk: int) -> list[dict[str, Any]]:
    """Return all pages of a room by its parts: each is one step from its first page."""
    return [
        {
            "label": label,
            "pages": [{"url": reverse(one.name, args=[pk]), "label": one.label} for one in those],
        }
        for code, (label, those) in PARTS.items()
        if those and code != "overview"
    ]


#: What is done week after week: the parts of a room that one goes to straight from one's day.
_DAILY = ("working", "insight")


def shortcuts_of(pk: int) -> list[dict[str, Any]]:
    """Return the pages of a room that somebody's day leads to directly."""
    return [
        {"url": reverse(one.name, args=[pk]), "label": one.label}
        for code in _DAILY
        for one in PARTS[code][1]
    ]


def enter_frame(request: HttpRequest, pk: int) -> Frame:
    """Return a signed partnership as the reader's side sees it; at most four queries.

    Raises
    ------
    NotFound
        The reader holds no seat in a party of it.
    """
    return frame_of(request.reader, queries.get_partnership(pk))


def frame_of(reader: Reader, partnership: Partnership) -> Frame:
    """Return a partnership that was read as the reader's side sees it; raises as `enter_frame`."""
    if partnership.pk not in reader.rooms:
        raise NotFound(_("There is no such partnership."))
    parties = tuple(queries.parties_of(partnership))
    return Frame(
        partnership=partnership,
        parties=parties,
        mine=rules.party_joined(reader, parties),
        may_keep=rules.can_keep(reader, partnership, parties),
        may_steer=rules.can_keep(reader, partnership, parties, binding=True),
    )


def stage_steps(partnership: Partnership) -> list[dict[str, Any]]:
    """Return the eight stages, and how far a partnership has come."""
    now = Stage(partnership.stage)
    return [
        {
            "label": one.label,
            "state": "done" if one.place < now.place else "current" if one == now else "todo",
        }
        for one in Stage
    ]


def show_page(
    request: HttpRequest, frame: Frame, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a page of a room."""
    context = {**frame.context(tab), "today": timezone.localdate(), **context}
    return render(request, f"partnerships/room/{tab}.html", context, status=status)


def to_number(text: str) -> int:
    """Return a version that a form sends along; 0, which no record has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@contextmanager
def telling_refusal(request: HttpRequest) -> Iterator[None]:
    """Tell in a message why a deed of one click was refused; the page it leads to shows the rest."""
    try:
        yield
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))


def return_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead back to a page of the room after a deed.

    A form that htmx sends names what it replaces, and gets that page; an undo in a message replaces
    nothing, so that the page it stands on is loaded anew.
    """
    if request.htmx and not request.htmx.target:
        return HttpResponseClientRefresh()
    return redirect(url)
