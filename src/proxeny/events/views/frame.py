"""Helpers shared by all pages of an event: refusals as answers, tabs, pages of a list."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proxeny.events.models import Event
from proxeny.events.queries.agreeing import Agreeing
from proxeny.events.queries.guests import COOKIE
from proxeny.events.queries.participants import own_participations
from proxeny.events.rules import TONES, can_organise
from proxeny.events.steps import Step
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import PAGE_SIZE

State = Event.State
#: Tones of a participation's state.
STATE_TONES = {"registered": "ok", "withdrawn": "bad"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of an event."""

    url: str
    label: Any
    active: bool


#: The agenda can be read, at least in part.
_READABLE = (State.PROVISIONAL, State.PUBLISHED, State.FINISHED)
#: Organisers' tabs: (name, label, states in which it is shown; empty: all). Theirs lead to the
#: list of participants and to the timetable, too.
_ORGANISERS: tuple[tuple[str, Any, tuple[State, ...]], ...] = (
    ("answers", gettext_lazy("Participants"), ()),
    ("agenda", pgettext_lazy("of an event", "Agenda"), (State.OPEN, State.CLOSED, *_READABLE)),
    ("check-in", gettext_lazy("Check-in"), (State.CLOSED, State.PROVISIONAL, State.PUBLISHED)),
    ("setup", gettext_lazy("Setup"), ()),
)
_PARTICIPANTS: tuple[tuple[str, Any, tuple[State, ...]], ...] = (
    ("participants", gettext_lazy("Participants"), ()),
    ("timetable", gettext_lazy("Timetable"), _READABLE),
)
#: The tab under which organisers find a page that others have a tab for.
_UNDER = {"participants": "answers", "timetable": "agenda"}


def refuse_others(reader: Reader, event: Event) -> None:
    """Raise `NotAllowed` unless the reader organises the event."""
    if not can_organise(reader, event):
        raise NotAllowed(_("Only cluster managers can see this page."))


def event_frame(reader: Reader, event: Event, active: str) -> dict[str, Any]:
    """Return what `events/event_base.html` needs: the event, its tabs, its state's tone."""
    organises = can_organise(reader, event)
    under = _UNDER.get(active, active) if organises else active
    tabs = [
        Tab(reverse("events:detail", args=[event.pk]), gettext_lazy("Overview"), under == "detail")
    ]
    requests_url = _requests_url(reader, event)
    tabs += _own_tabs(event, requests_url, under, organises=organises)
    tabs += [
        Tab(url, label, name == under)
        for name, label, states in _shared_tabs(reader, organises=organises)
        if (not states or event.state in states) and (url := find_url(name, event.pk))
    ]
    return {
        "event": event,
        "tabs": tabs,
        "requests_url": requests_url,
        "organises": organises,
        "state_tone": TONES.get(State(event.state), ""),
    }


def _shared_tabs(reader: Reader, *, organises: bool) -> tuple[tuple[str, Any, Any], ...]:
    # A guest sees who takes part, and of the agenda their own meetings alone.
    return _ORGANISERS if organises else _PARTICIPANTS[:1] if reader.is_guest else _PARTICIPANTS


def guest_feed(request: Request) -> str:
    """Return the address of a guest's own calendar; nothing for who signs in."""
    if not request.reader.is_guest:
        return ""
    return settings.BASE_URL + reverse("events:guest-calendar", args=[request.COOKIES[COOKIE]])


def show_agreeing(agreeing: Agreeing) -> dict[str, Any]:
    """Return what `events/parts/agreeing.html` needs, and which steps wait for an answer."""
    waits = {f"waits_{step}": agreeing.of(step) is not None for step in Step}
    return {"agreeing": agreeing, **waits}


def say_step(request: Request, is_done: bool, done: str) -> None:
    """Say that a step is done, or that the other side has yet to agree."""
    if is_done:
        messages.success(request, done)
    else:
        messages.success(request, _("Proposed. It will take effect once all sides have confirmed."))


def _requests_url(reader: Reader, event: Event) -> str:
    own = [one for one in own_participations(reader, event) if one.state == "registered"]
    return reverse("events:requests", args=[own[0].pk]) if own else ""


def _own_tabs(event: Event, requests_url: str, active: str, *, organises: bool) -> list[Tab]:
    """Return the tabs of one's own meetings: whom to meet, and the agenda once it can be read.

    Organisers have one of the two; the other is linked on it.
    """
    asking = Tab(requests_url, gettext_lazy("Who to meet"), active == "requests")
    if not requests_url or event.state not in _READABLE:
        return [asking] if requests_url else []
    url = reverse("events:my-agenda", args=[event.pk])
    is_active = active == "my-agenda" or (organises and active == "requests")
    mine = Tab(url, gettext_lazy("My agenda"), is_active)
    return [mine] if organises else [asking, mine]


def find_url(name: str, *args: int) -> str:
    """Return the address of one of the events' pages, or nothing when there is no such page."""
    try:
        return reverse(f"events:{name}", args=args)
    except NoReverseMatch:
        return ""


def cut_pages(
    request: Request, rows: QuerySet[Any] | list[Any], *, size: int = PAGE_SIZE
) -> dict[str, Any]:
    """Return one page of a list and the addresses of its neighbours."""
    paginator = Paginator(rows, size)
    found = paginator.get_page(request.GET.get("page"))
    query = request.GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "rows": found.object_list,
        "count": paginator.count,
        "prev_url": address(found.previous_page_number()) if found.has_previous() else "",
        "next_url": address(found.next_page_number()) if found.has_next() else "",
        "summary": _("%(first)d to %(last)d of %(count)d")
        % {"first": found.start_index(), "last": found.end_index(), "count": paginator.count},
    }
