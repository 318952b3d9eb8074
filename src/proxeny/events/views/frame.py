"""What all pages of an event share: refusals as answers, tabs, pages of a list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.models import Event
from proxeny.events.queries.participants import own_participations
from proxeny.events.rules import can_organise
from proxeny.kernel.errors import NotAllowed, NotFound, ProxenyError
from proxeny.kernel.tenancy import Reader

PAGE_SIZE = 50

View = Callable[..., HttpResponse]
State = Event.State
TONES = {
    State.OPEN: "info",
    State.PROVISIONAL: "warn",
    State.PUBLISHED: "ok",
    State.CANCELLED: "bad",
}
#: Tones of a participation's state.
STATE_TONES = {"registered": "ok", "withdrawn": "bad"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of an event."""

    url: str
    label: Any
    active: bool


#: (name, label, only organisers, states in which it is shown; empty: all).
_TABS = (
    ("detail", gettext_lazy("Overview"), False, ()),
    ("participants", gettext_lazy("Participants"), False, ()),
    ("my-agenda", gettext_lazy("My agenda"), False,
     (State.PROVISIONAL, State.PUBLISHED, State.FINISHED)),
    ("timetable", gettext_lazy("Timetable"), False,
     (State.PROVISIONAL, State.PUBLISHED, State.FINISHED)),
    ("answers", gettext_lazy("Answers"), True, ()),
    ("agenda", gettext_lazy("Make the agenda"), True,
     (State.OPEN, State.CLOSED, State.PROVISIONAL, State.PUBLISHED, State.FINISHED)),
    ("check-in", gettext_lazy("Check-in"), True,
     (State.CLOSED, State.PROVISIONAL, State.PUBLISHED)),
    ("setup", gettext_lazy("Set-up"), True, ()),
)  # fmt: skip


def page(view: View) -> View:
    """Answer refusals that a view does not handle: sign in, 404, 403."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.reader.is_stranger:
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return answer


def refuse_others(reader: Reader, event: Event) -> None:
    """Raise `NotAllowed` for who does not organise the event."""
    if not can_organise(reader, event):
        raise NotAllowed(_("Only the managers of the two clusters see this page."))


def event_frame(reader: Reader, event: Event, active: str) -> dict[str, Any]:
    """Return what `events/event_base.html` needs: the event, its tabs, its state's tone."""
    organises = can_organise(reader, event)
    tabs: list[Tab] = []
    for name, label, only_organisers, states in _TABS:
        if (only_organisers and not organises) or (states and event.state not in states):
            continue
        if url := find_url(name, event.pk):
            tabs.append(Tab(url, label, name == active))
    tabs[2:2] = _own_tabs(reader, event, active)
    return {
        "event": event,
        "tabs": tabs,
        "organises": organises,
        "state_tone": TONES.get(State(event.state), ""),
    }


def _own_tabs(reader: Reader, event: Event, active: str) -> list[Tab]:
    own = [one for one in own_participations(reader, event) if one.state == "registered"]
    label = gettext_lazy("Whom to meet")
    return [
        Tab(reverse("events:requests", args=[one.pk]), label, active == "requests")
        for one in own[:1]
    ]


def find_url(name: str, *args: int) -> str:
    """Return the address of one of the events' pages, or nothing when there is no such page."""
    try:
        return reverse(f"events:{name}", args=args)
    except NoReverseMatch:
        return ""


def add_problem(form: Form, error: ProxenyError) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def cut_pages(request: HttpRequest, rows: QuerySet[Any] | list[Any]) -> dict[str, Any]:
    """Return one page of a list and the addresses of its neighbours."""
    paginator = Paginator(rows, PAGE_SIZE)
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
