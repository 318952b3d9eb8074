"""Setting an event up, one step a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proxeny.events.forms.setup import DaysForm, EventForm, GroupsForm, RulesForm, TablesForm
from proxeny.events.models import Event
from proxeny.events.operations import (
    create_event,
    set_days,
    set_groups,
    set_rules,
    set_tables,
    update_event,
)
from proxeny.events.queries.events import days_of, directions_of, get_event, groups_of
from proxeny.events.queries.partnerships import list_parties, list_steered
from proxeny.events.queries.setup import preview_days, setup_steps, tables_of
from proxeny.events.views.frame import (
    add_problem,
    event_frame,
    page,
    refuse_others,
    renew_version,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed


def _organised(request: HttpRequest, event_id: int) -> Event:
    event = get_event(event_id)
    refuse_others(request.reader, event)
    return event


def _show(request: HttpRequest, event: Event, step: str, **context: Any) -> HttpResponse:
    values = {
        **event_frame(request.reader, event, "setup"),
        "steps": setup_steps(event, step),
        "step": step,
        **context,
    }
    return render(request, f"events/setup/{step}.html", values)


@page
def create(request: HttpRequest) -> HttpResponse:
    """Make an event of one of the reader's partnerships."""
    partnerships = list_steered(request.reader)
    if not partnerships:
        raise NotAllowed(_("Managers of a signed partnership open its events."))
    initial = {"partnership": request.GET.get("partnership"), "time_zone": request.reader.time_zone}
    form = EventForm(request.POST or None, partnerships=partnerships, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            event = create_event(
                actor=request.reader,
                partnership_id=form.cleaned_data["partnership"],
                facts=form.facts(),
            )
        except InvalidInput as error:
            add_problem(form, error)
        else:
            messages.success(request, _("The draft is saved. Next: cut the days into slots."))
            return redirect("events:setup-days", event.pk)
    return render(request, "events/create.html", {"form": form})


@page
def edit_basics(request: HttpRequest, event_id: int) -> HttpResponse:
    """Say what the event is."""
    event = _organised(request, event_id)
    form = EventForm(request.POST or None, initial=EventForm.initial_of(event))
    if request.method == "POST" and form.is_valid():
        try:
            update_event(
                actor=request.reader,
                event_id=event.pk,
                version=form.cleaned_data["version"] or 0,
                facts=form.facts(),
            )
        except (InvalidInput, Conflict) as error:
            add_problem(form, error)
            renew_version(form, event.version)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:setup-days", event.pk)
    return _show(request, event, "basics", form=form)


@page
def edit_days(request: HttpRequest, event_id: int) -> HttpResponse:
    """Cut the days into slots, with a picture of each day."""
    event = _organised(request, event_id)
    form = DaysForm(request.POST or None, event=event)
    # Drawn before anything is refused: the picture shows what was typed.
    days = _preview(event, form) if form.is_bound else days_of(event)
    if request.method == "POST" and form.is_valid():
        try:
            slots = set_days(
                actor=request.reader,
                event_id=event.pk,
                days=form.days(),
                accept_loss=form.cleaned_data["accept_loss"],
            )
        except (InvalidInput, Conflict) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Saved: %(count)d slots.") % {"count": len(slots)})
            return redirect("events:setup-tables", event.pk)
    return _show(request, event, "days", form=form, days=days)


@page
@require_POST
def preview(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show the days as they would be cut; nothing is saved."""
    event = _organised(request, event_id)
    form = DaysForm(request.POST, event=event)
    context: dict[str, Any] = {"event": event}
    if form.is_valid():
        try:
            context["days"] = preview_days(event, form.days())
        except InvalidInput as error:
            context["problem"] = str(error)
    else:
        context["problem"] = _("Some times are missing or wrong.")
    return render(request, "events/parts/day_preview.html", context)


def _preview(event: Event, form: DaysForm) -> Any:
    try:
        return preview_days(event, form.days()) if form.is_valid() else []
    except InvalidInput:
        return []


@page
def edit_tables(request: HttpRequest, event_id: int) -> HttpResponse:
    """Say which tables and video rooms there are."""
    event = _organised(request, event_id)
    tables = tables_of(event)
    form = TablesForm(request.POST or None, initial=TablesForm.initial_of(tables))
    if request.method == "POST" and form.is_valid():
        try:
            set_tables(actor=request.reader, event_id=event.pk, tables=form.new_tables())
        except (InvalidInput, Conflict) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:setup-groups", event.pk)
    return _show(request, event, "tables", form=form, tables=tables)


@page
def edit_groups(request: HttpRequest, event_id: int) -> HttpResponse:
    """Name the groups and say which cluster fills each."""
    event = _organised(request, event_id)
    parties = list_parties(event.partnership_id)
    form = GroupsForm(request.POST or None, groups=groups_of(event), parties=parties)
    if request.method == "POST" and form.is_valid():
        try:
            set_groups(actor=request.reader, event_id=event.pk, groups=form.new_groups())
        except (InvalidInput, Conflict) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:setup-rules", event.pk)
    return _show(request, event, "groups", form=form)


@page
def edit_rules(request: HttpRequest, event_id: int) -> HttpResponse:
    """Say which group may ask which."""
    event = _organised(request, event_id)
    form = RulesForm(request.POST or None, groups=groups_of(event), directions=directions_of(event))
    if request.method == "POST" and form.is_valid():
        try:
            set_rules(
                actor=request.reader,
                event_id=event.pk,
                allowed=form.allowed(),
                accept_loss=form.cleaned_data["accept_loss"],
            )
        except (InvalidInput, Conflict) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:setup-opening", event.pk)
    return _show(request, event, "rules", form=form)
