"""The plan: its timeline, what must not slip, and the actions that somebody took on."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import return_to
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Activity
from proxeny.partnerships.operations.plan import read_plan, set_state
from proxeny.partnerships.plan_chart import draw_plan
from proxeny.partnerships.plan_queries import read_tasks
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame, show_page, telling_refusal, to_number
from proxeny.partnerships.views.records import ORIGIN_PAGES

_AWAY = ("activity", "action")
_WHO = {"all": gettext_lazy("All"), "side": gettext_lazy("Our side"), "mine": gettext_lazy("Mine")}
#: The pages with a button that marks something as done.
_PAGES = ("plan", "risks")


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the activities as a timeline and a table, and the actions, the late ones first."""
    frame = enter_frame(request, pk)
    today = timezone.localdate()
    who = request.GET.get("who", "")
    who = who if who in _WHO else "all"
    plan = read_plan(pk, frame.parties, today=today)
    tasks = read_tasks(request.reader, pk, mine=frame.mine, who=who, today=today)
    context = {
        "plan": plan,
        "picture": draw_plan(plan.steps, today=today, is_mirrored=get_language_bidi()),
        "joined": [one for one in frame.parties if one.state == "joined"],
        "cost": sum(one.record.cost for one in plan.steps),
        "tasks": tasks,
        "who": who,
        "whose": [
            {
                "url": f"?who={code}#actions",
                "label": label,
                "active": code == who,
                "count": tasks.counts[code],
            }
            for code, label in _WHO.items()
        ],
        "put_away": list_put_away(_AWAY, pk),
    }
    return show_page(request, frame, "plan", context)


@require_POST
@for_people
def set_done(request: Request, pk: int, kind: str, record_id: int) -> HttpResponse:
    """Mark an activity or an action as done, or as before; the message offers to undo it.

    The address says `version`, `state` (done, if nothing is said), and which page to go back to.
    """
    if kind not in _AWAY:
        raise Http404
    frame = enter_frame(request, pk)
    back = {name: request.GET[name] for name in ("page", "who") if request.GET.get(name)}
    state = request.GET.get("state", Activity.State.DONE)
    with telling_refusal(request):
        marked = set_state(
            actor=request.reader,
            partnership_id=frame.partnership.pk,
            kind=kind,
            record_id=record_id,
            version=to_number(request.GET.get("version", "")),
            state=state,
            now=timezone.localtime(),
        )
        name = {"name": KINDS[kind].title_of(marked.record)}
        if state == Activity.State.DONE:
            before = {"version": marked.record.version, "state": marked.before, **back}
            undo = f"{request.path}?{urlencode(before)}"
            messages.success(request, _("“%(name)s” is done.") % name, extra_tags=f"undo:{undo}")
        else:
            messages.success(request, _("“%(name)s” is open again.") % name)
    return return_to(request, _address(pk, kind, record_id, **back))


def _address(pk: int, kind: str, record_id: int, *, page: str = "", who: str = "") -> str:
    """Return the page and place of a button.

    Parameters
    ----------
    page : str
        A page of the room, or the origin of an action: a recommendation (`advice-7`), a study.
    who : str
        The filter of actions on the plan.
    """
    name, _dash, number = page.partition("-")
    if (find := ORIGIN_PAGES.get(name)) and to_number(number):
        return f"{find(pk, to_number(number))}#{kind}-{record_id}"
    page = page if page in _PAGES else "plan"
    place = "actions" if kind == "action" and page == "plan" else f"{kind}-{record_id}"
    query = f"?who={who}" if who in _WHO and page == "plan" else ""
    return f"{reverse(f'partnerships:{page}', args=[pk])}{query}#{place}"
