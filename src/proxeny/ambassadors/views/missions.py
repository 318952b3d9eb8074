"""Days of visits: planned, seen as they would go best, and their times proposed."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.ambassadors.forms.missions import DayForm, StopForm
from proxeny.ambassadors.models import Mission
from proxeny.ambassadors.operations import missions as operations
from proxeny.ambassadors.operations.day_plan import plan_mission
from proxeny.ambassadors.queries import missions as queries
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number

PAGE = "mission"
DEFAULT_ZONE = "Europe/Paris"


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the planned days."""
    frame = enter_desk_frame(request, pk)
    found = queries.find_missions(pk, frame.cluster_id)
    if (file := queries.MISSIONS.export(request, found)) is not None:
        return file
    context = {"missions": queries.MISSIONS.show(request, found)}
    return show_page(request, frame, PAGE, "missions", context)


def _home_of(frame: DeskFrame) -> dict[str, str]:
    """Return where the other side is, and its clocks: what a new day begins with."""
    other = next((one for one in frame.room.parties if one != frame.mine), None)
    if other is None:
        return {}
    home = {"city": other.organisation.city, "country": other.organisation.country}
    return home | ({"time_zone": other.contact.time_zone} if other.contact else {})


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int) -> HttpResponse:
    """Begin a day."""
    frame = enter_desk_frame(request, pk, to_write=True)
    initial = {
        "time_zone": request.reader.time_zone or DEFAULT_ZONE,
        **_home_of(frame),
        "person": request.reader.person,
        "starts": "09:00",
        "ends": "18:00",
        "returns": True,
        "mode": Mission.Mode.TRANSPORT,
        "apart_min": 20,
        "on": request.GET.get("on", ""),
    }
    form = DayForm(request.POST or None, team=frame.team(), initial=initial)
    saved = submit_form(
        request,
        form,
        partial(operations.plan_day_of_visits, partnership_id=pk),
        values=lambda: {"facts": form.facts()},
        to=lambda made: reverse("ambassadors:mission", args=[pk, made.pk]),
    )
    return saved or _show_form(request, frame, form, None)


def _show_form(
    request: Request, frame: DeskFrame, form: DayForm, mission: Mission | None
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return show_page(
        request, frame, PAGE, "mission_form", {"form": form, "mission": mission}, status=status
    )


@require_http_methods(["GET", "POST"])
@for_people
def edit(request: Request, pk: int, mission_id: int) -> HttpResponse:
    """Change what is said of a day."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    form = DayForm(request.POST or None, team=frame.team(), mission=mission)
    saved = submit_form(
        request,
        form,
        partial(operations.change_day_of_visits, partnership_id=pk, mission_id=mission_id),
        values=lambda: {"facts": form.facts()},
        done=_("Saved."),
        to=reverse("ambassadors:mission", args=[pk, mission_id]),
    )
    return saved or _show_form(request, frame, form, mission)


@require_GET
@for_people
def show(request: Request, pk: int, mission_id: int) -> HttpResponse:
    """Show a day as it would go best, what is left out, and what can be added."""
    frame = enter_desk_frame(request, pk)
    return _show(request, frame, queries.get_mission(mission_id, pk, frame.cluster_id))


def _show(
    request: Request, frame: DeskFrame, mission: Mission, *, form: StopForm | None = None
) -> HttpResponse:
    plan = plan_mission(mission)
    may_change = frame.may_work and mission.on >= timezone.localdate() and not mission.dropped_at
    context = {
        "mission": mission,
        "plan": plan,
        "proposable": may_change and any(one.can_be_proposed for one in plan.rows),
        "may_change": may_change,
        "to_add": queries.to_add(mission, queries.stops_of(mission)) if may_change else [],
        "stop_form": form or StopForm(),
        "is_open": form is not None,
        "url": reverse("ambassadors:mission", args=[frame.pk, mission.pk]),
        "day_url": f"{reverse('ambassadors:day', args=[frame.pk])}"
        f"?on={mission.on.isoformat()}&who={mission.person_id or ''}",
    }
    return show_page(request, frame, PAGE, "mission", context, status=422 if form else 200)


@require_POST
@for_people
def add_stop(request: Request, pk: int, mission_id: int) -> HttpResponse:
    """Add a visit: an introduction by its number, or anything by its name."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    add = partial(operations.add_stop, partnership_id=pk, mission_id=mission_id)
    done = _("Visit added. The day has been recalculated.")
    to = reverse("ambassadors:mission", args=[pk, mission_id])
    introduction_id = read_number(request.POST.get("introduction"))
    if introduction_id:
        facts = operations.StopFacts()
        add = partial(add, facts=facts, introduction_id=introduction_id)
        return perform(request, add, done=done, to=to)
    form = StopForm(request.POST)
    saved = submit_form(
        request, form, add, values=lambda: {"facts": form.facts()}, done=done, to=to
    )
    return saved or _show(request, frame, mission, form=form)


@require_http_methods(["GET", "POST"])
@for_people
def edit_stop(request: Request, pk: int, mission_id: int, stop_id: int) -> HttpResponse:
    """Change what is said of a visit."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    stop = next((one for one in queries.stops_of(mission) if one.pk == stop_id), None)
    if stop is None:
        raise NotFound(_("This visit has already been removed."))
    form = StopForm(request.POST or None, stop=stop)
    saved = submit_form(
        request,
        form,
        lambda now, **given: operations.change_stop(
            partnership_id=pk, mission_id=mission_id, stop_id=stop_id, **given
        ),
        values=lambda: {"facts": form.facts()},
        to=reverse("ambassadors:mission", args=[pk, mission_id]),
    )
    if saved:
        return saved
    context = {"form": form, "mission": mission, "stop": stop}
    return show_page(
        request, frame, PAGE, "mission_stop", context, status=422 if form.is_bound else 200
    )


@require_POST
@for_people
def drop_stop(request: Request, pk: int, mission_id: int, stop_id: int) -> HttpResponse:
    """Take a visit out of a day, or put it back."""
    enter_desk_frame(request, pk, to_write=True)
    undo = reverse("ambassadors:mission-stop-drop", args=[pk, mission_id, stop_id])
    return perform(
        request,
        partial(operations.drop_stop, partnership_id=pk, mission_id=mission_id, stop_id=stop_id),
        done=lambda stop: _("Visit removed.") if stop.dropped_at else _("Visit restored."),
        to=reverse("ambassadors:mission", args=[pk, mission_id]),
        undo=lambda stop: undo if stop.dropped_at else "",
    )


@require_POST
@for_people
def drop(request: Request, pk: int, mission_id: int) -> HttpResponse:
    """Archive a day, or restore it."""
    enter_desk_frame(request, pk, to_write=True)
    undo = reverse("ambassadors:mission-drop", args=[pk, mission_id])
    return perform(
        request,
        partial(operations.drop_day_of_visits, partnership_id=pk, mission_id=mission_id),
        done=lambda mission: _("Day archived.") if mission.dropped_at else _("Day restored."),
        to=reverse("ambassadors:missions", args=[pk]),
        undo=lambda mission: undo if mission.dropped_at else "",
    )


@require_POST
@for_people
def propose(request: Request, pk: int, mission_id: int) -> HttpResponse:
    """Propose to both sides the times that the plan gives."""
    enter_desk_frame(request, pk, to_write=True)
    return perform(
        request,
        partial(
            operations.propose_planned_times,
            partnership_id=pk,
            mission_id=mission_id,
            choices=request.POST.getlist("choice"),
        ),
        done=lambda count: (
            ngettext(
                "%(count)d time proposed. Both sides get an email with a link to choose.",
                "%(count)d times proposed. For each, both sides get an email with a link to "
                "choose.",
                count,
            )
            % {"count": count}
        ),
        to=reverse("ambassadors:mission", args=[pk, mission_id]),
    )
