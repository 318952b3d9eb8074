"""Frame of every page of a room: its name, its two sides, and links to its other pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.hooks import Hook
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party, Stage


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a room.

    Attributes
    ----------
    code : str
    label : Promise
    name : str
        The name of its address.
    part : str
        The tab under which it stands: one of `PARTS`.
    about : Promise or str
        What it is for, in a sentence: shown while it is empty; none where it never is.
    is_filter : bool
        Whether its address is a list that is filtered by partnership.
    """

    code: str
    label: Promise
    name: str
    part: str = ""
    about: Promise | str = ""
    is_filter: bool = False

    def url(self, pk: int) -> str:
        """Return its address in a room."""
        if self.is_filter:
            return f"{reverse(self.name)}?partnership={pk}"
        return reverse(self.name, args=[pk])


ROOM_PAGES: Hook[Page] = Hook(
    "room.pages", "A page of every room, with the tab under which it stands."
)


#: The tabs of a room in their order, each with the pages that every room has.
PARTS: dict[str, tuple[Promise, list[Page]]] = {
    "now": (pgettext_lazy("room", "Now"), [Page("detail", _("Overview"), "partnerships:detail")]),
    "planning": (
        pgettext_lazy("room", "Plan"),
        [
            Page(
                "goals",
                _("Goals"),
                "partnerships:goals",
                about=_("What you want to achieve together, and how you’ll measure it."),
            ),
            Page(
                "plan",
                _("Activities and tasks"),
                "partnerships:plan",
                about=_("Who does what by when, as a Gantt chart and a task list."),
            ),
            Page(
                "placements",
                _("Stays and visits"),
                "partnerships:placements",
                about=_("When an ambassador of one side works at the other’s office."),
            ),
            Page(
                "risks",
                _("Risks"),
                "partnerships:risks",
                about=_("What could go wrong, and what you do about it."),
            ),
            Page(
                "money",
                _("Finances"),
                "partnerships:money",
                about=_("Who pays for what, and whether the plan survives without grants."),
            ),
        ],
    ),
    "work": (
        pgettext_lazy("room", "Work"),
        [
            Page(
                "events",
                _("Events"),
                "events:list",
                about=_("Bring members of all sides together, with an agenda that suits everyone."),
                is_filter=True,
            )
        ],
    ),
    "results": (
        pgettext_lazy("room", "Results"),
        [
            Page(
                "exchange",
                _("Give and take"),
                "partnerships:exchange",
                about=_("What each side contributes, and whether it’s balanced."),
            ),
            Page(
                "health",
                _("Health"),
                "partnerships:health",
                about=_("How each side thinks the partnership is doing."),
            ),
            Page(
                "advice",
                _("Recommendations"),
                "partnerships:advice",
                about=_("What someone advised, who decided, and what was done about it."),
            ),
            Page(
                "report",
                _("Yearly report"),
                "partnerships:report",
                about=_("The year in figures and words, as a page and a PDF."),
            ),
        ],
    ),
    "papers": (
        pgettext_lazy("room", "Papers"),
        [
            Page("stages", _("Stages and texts"), "partnerships:stages"),
            Page("sharing", _("What’s shared"), "partnerships:sharing"),
            Page("delegations", _("Delegations"), "partnerships:delegations"),
            Page("history", _("History"), "partnerships:history"),
        ],
    ),
}
#: The address of each tab's own page.
_FRONTS = {
    "now": "partnerships:detail",
    "planning": "partnerships:planning",
    "work": "partnerships:work",
    "results": "partnerships:results",
    "papers": "partnerships:papers",
}


def parts_of_rooms() -> list[tuple[str, Promise, list[Page]]]:
    """Return the tabs of a room in their order: code, label and pages of each."""
    return [
        (code, label, [*own, *(one for one in ROOM_PAGES if one.part == code)])
        for code, (label, own) in PARTS.items()
    ]


def pages_of(part: str) -> list[Page]:
    """Return the pages under a tab."""
    return next(pages for code, _label, pages in parts_of_rooms() if code == part)


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


def _tabs(pk: int, tab: str) -> dict[str, Any]:
    """Return the tabs of a room, and the way to a page: its tab, and the page of its card."""
    tabs, way = [], []
    for code, label, pages in parts_of_rooms():
        page = next((one for one in pages if one.code == tab), None)
        url = reverse(_FRONTS[code], args=[pk])
        tabs.append({"url": url, "label": label, "active": tab == code or page is not None})
        if page is not None and code != "now":
            way = [{"url": url, "label": label}, {"url": page.url(pk), "label": page.label}]
    return {"tabs": tabs, "way": way}


def shortcuts_of(pk: int) -> list[dict[str, Any]]:
    """Return the pages of a room that somebody's day leads to directly."""
    return [{"url": one.url(pk), "label": one.label} for one in pages_of("work")]


def enter_frame(request: Request, pk: int) -> Frame:
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
        raise NotFound(_("We couldn’t find this partnership."))
    parties = tuple(queries.parties_of(partnership))
    return Frame(
        partnership=partnership,
        parties=parties,
        mine=rules.party_joined(reader, parties),
        may_keep=rules.can_keep(reader, partnership, parties),
        may_steer=rules.can_keep(reader, partnership, parties, binding=True),
    )


def stage_steps(partnership: Partnership, parties: Iterable[Party]) -> list[dict[str, Any]]:
    """Return the eight stages, and how far a partnership has come.

    A stage that both sides signed to leave is done. The internal assessment asks for no signature:
    it is done once each side has weighed the partnership, whatever stage came after.
    """
    now = Stage(partnership.stage)
    joined = [one for one in parties if one.state == Party.State.JOINED]
    assessed = sum(one.assessed_on is not None for one in joined)
    steps = [
        {
            "label": one.label,
            "note": "",
            "state": "done" if one.place < now.place else "current" if one == now else "todo",
        }
        for one in Stage
    ]
    own = steps[Stage.ASSESSMENT.place - 1]
    if own["state"] == "done" and assessed < len(joined):
        own["state"] = "todo"
        own["note"] = ngettext(
            "%(done)s of %(all)s side is done", "%(done)s of %(all)s sides are done", len(joined)
        ) % {"done": assessed, "all": len(joined)}
    return steps


def show_page(
    request: Request, frame: Frame, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a page of a room."""
    context = {**frame.context(tab), "today": timezone.localdate(), **context}
    return render(request, f"partnerships/room/{tab}.html", context, status=status)


def to_number(text: str) -> int:
    """Return a version that a form sends along; 0, which no record has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class _Telling:
    def __init__(self, request: Request) -> None:
        self._request = request

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, InvalidInput | Conflict):
            return False
        messages.error(self._request, str(error))
        return True


def telling_refusal(request: Request) -> _Telling:
    """Show in a message why a one-click action was refused; its target page shows the rest."""
    return _Telling(request)
