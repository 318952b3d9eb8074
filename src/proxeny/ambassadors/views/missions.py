"""Days of visits: planned, seen as they would go best, and their times proposed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
from proxeny.kernel.answers import for_people, read_number, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.partnerships.views.frame import return_to, telling_refusal

PAGE = "mission"
DEFAULT_ZONE = "Europe/Paris"


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
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
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a day."""
    frame = enter_desk_frame(request, pk, to_write=True)
    initial = {
        "time_zone": request.reader.time_zone or DEFAULT_ZONE, **_home_of(frame),
        "person": request.reader.person, "starts": "09:00", "ends": "18:00", "returns": True,
        "mode": Mission.Mode.TRANSPORT, "apart_min": 20,
        "on": request.GET.get("on", ""),
    }  # fmt: skip
    form = DayForm(request.POST or None, team=frame.team(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.plan_day_of_visits(
                actor=request.reader, partnership_id=pk, facts=form.facts(), now=timezone.now()
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return redirect("ambassadors:mission", pk, made.pk)
    return _show_form(request, frame, form, None)


def _show_form(
    request: HttpRequest, frame: DeskFrame, form: DayForm, mission: Mission | None
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return show_page(request, frame, PAGE, "mission_form", {"form": form, "mission": mission},
                     status=status)  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_people
def edit(request: HttpRequest, pk: int, mission_id: int) -> HttpResponse:
    """Change what is said of a day."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    form = DayForm(request.POST or None, team=frame.team(), mission=mission)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_day_of_visits(
                actor=request.reader, partnership_id=pk, mission_id=mission_id,
                facts=form.facts(), now=timezone.now(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("ambassadors:mission", pk, mission_id)
    return _show_form(request, frame, form, mission)


@require_GET
@for_people
def show(request: HttpRequest, pk: int, mission_id: int) -> HttpResponse:
    """Show a day as it would go best, what is left out, and what can be added."""
    frame = enter_desk_frame(request, pk)
    return _show(request, frame, queries.get_mission(mission_id, pk, frame.cluster_id))


def _show(
    request: HttpRequest, frame: DeskFrame, mission: Mission, *, form: StopForm | None = None
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
def add_stop(request: HttpRequest, pk: int, mission_id: int) -> HttpResponse:
    """Add a visit: an introduction by its number, or anything by its name."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    introduction_id = read_number(request.POST.get("introduction"))
    if introduction_id:
        facts = operations.StopFacts()
        return _deed(
            request, pk, mission_id, lambda: _add(request, mission, facts, introduction_id),
            _("Added. The day is worked out anew."),
        )  # fmt: skip
    form = StopForm(request.POST)
    if form.is_valid():
        try:
            _add(request, mission, form.facts(), None)
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Added. The day is worked out anew."))
            return redirect("ambassadors:mission", pk, mission_id)
    return _show(request, frame, mission, form=form)


def _add(
    request: HttpRequest, mission: Mission, facts: operations.StopFacts, introduction_id: int | None
) -> object:
    return operations.add_stop(
        actor=request.reader, partnership_id=mission.partnership_id, mission_id=mission.pk,
        facts=facts, introduction_id=introduction_id, now=timezone.now(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_people
def edit_stop(request: HttpRequest, pk: int, mission_id: int, stop_id: int) -> HttpResponse:
    """Change what is said of a visit."""
    frame = enter_desk_frame(request, pk, to_write=True)
    mission = queries.get_mission(mission_id, pk, frame.cluster_id)
    stop = next((one for one in queries.stops_of(mission) if one.pk == stop_id), None)
    if stop is None:
        raise NotFound(_("This visit was taken out already."))
    form = StopForm(request.POST or None, stop=stop)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_stop(
                actor=request.reader, partnership_id=pk, mission_id=mission_id, stop_id=stop_id,
                facts=form.facts(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return redirect("ambassadors:mission", pk, mission_id)
    context = {"form": form, "mission": mission, "stop": stop}
    return show_page(request, frame, PAGE, "mission_stop", context,
                     status=422 if form.is_bound else 200)  # fmt: skip


@require_POST
@for_people
def drop_stop(request: HttpRequest, pk: int, mission_id: int, stop_id: int) -> HttpResponse:
    """Take a visit out of a day, or put it back."""
    enter_desk_frame(request, pk, to_write=True)
    undo = reverse("ambassadors:mission-stop-drop", args=[pk, mission_id, stop_id])
    with telling_refusal(request):
        stop = operations.drop_stop(
            actor=request.reader, partnership_id=pk, mission_id=mission_id, stop_id=stop_id,
            now=timezone.now(),
        )  # fmt: skip
        if stop.dropped_at:
            messages.success(request, _("The visit is taken out."), extra_tags=f"undo:{undo}")
        else:
            messages.success(request, _("The visit is back."))
    return return_to(request, reverse("ambassadors:mission", args=[pk, mission_id]))


@require_POST
@for_people
def drop(request: HttpRequest, pk: int, mission_id: int) -> HttpResponse:
    """Put a day away, or bring it back."""
    enter_desk_frame(request, pk, to_write=True)
    undo = reverse("ambassadors:mission-drop", args=[pk, mission_id])
    with telling_refusal(request):
        mission = operations.drop_day_of_visits(
            actor=request.reader, partnership_id=pk, mission_id=mission_id, now=timezone.now()
        )
        if mission.dropped_at:
            messages.success(request, _("The day is put away."), extra_tags=f"undo:{undo}")
        else:
            messages.success(request, _("The day is back."))
    return return_to(request, reverse("ambassadors:missions", args=[pk]))


@require_POST
@for_people
def propose(request: HttpRequest, pk: int, mission_id: int) -> HttpResponse:
    """Propose to both sides the times that the plan gives."""

    def do() -> None:
        count = operations.propose_planned_times(
            actor=request.reader, partnership_id=pk, mission_id=mission_id,
            choices=request.POST.getlist("choice"), now=timezone.now(),
        )  # fmt: skip
        told = ngettext(
            "%(count)d time is proposed. Both sides get a mail with a link to choose.",
            "%(count)d times are proposed. Both sides of each get a mail with a link to choose.",
            count,
        )  # fmt: skip
        messages.success(request, told % {"count": count})

    return _deed(request, pk, mission_id, do, "")


def _deed(
    request: HttpRequest, pk: int, mission_id: int, do: Callable[[], Any], said: str
) -> HttpResponse:
    """Do something of one click, and lead back with a word on it."""
    enter_desk_frame(request, pk, to_write=True)
    with telling_refusal(request):
        do()
        if said:
            messages.success(request, said)
    return return_to(request, reverse("ambassadors:mission", args=[pk, mission_id]))
