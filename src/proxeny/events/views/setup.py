"""Setting an event up, one step a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proxeny.accounts.authors import authors_of
from proxeny.events.forms.days import DaysForm
from proxeny.events.forms.groups import GroupsForm, RulesForm, TablesForm
from proxeny.events.forms.setup import EventForm
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
from proxeny.events.queries.partnerships import list_hosts, list_parties, list_steered
from proxeny.events.queries.setup import preview_days, setup_steps, tables_of
from proxeny.events.views.frame import event_frame, refuse_others
from proxeny.kernel.actions import submit_form
from proxeny.kernel.edit_conflicts import Editing, edit_record, keeping
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


def _organised(request: Request, event_id: int) -> Event:
    event = get_event(event_id)
    refuse_others(request.reader, event)
    return event


def _load(request: Request, event_id: int) -> Callable[[], Event]:
    return lambda: _organised(request, event_id)


def _authors(request: Request, **verbs: list[str]) -> Callable[[Event], Any]:
    return lambda event: authors_of(event, request.reader, **verbs)


def _show(
    request: Request, edit: Editing[Any, Any, Any], step: str, **context: Any
) -> HttpResponse:
    event = edit.record
    values = {
        "form": edit.form,
        **event_frame(request.reader, event, "setup"),
        "steps": setup_steps(event, step),
        "step": step,
        **context,
    }
    return render(request, f"events/setup/{step}.html", values, status=edit.status)


@for_people
def create(request: Request) -> HttpResponse:
    """Make an event of one of the reader's partnerships."""
    partnerships = list_steered(request.reader)
    if not partnerships:
        raise NotAllowed(_("Only managers of a signed partnership can create its events."))
    initial = {"partnership": request.GET.get("partnership"), "time_zone": request.reader.time_zone}
    form = EventForm(
        request.POST or None,
        partnerships=partnerships,
        hosts=list_hosts(dict(partnerships)),
        initial=initial,
    )
    saved = submit_form(
        request,
        form,
        lambda now, **given: create_event(**given),
        values=lambda: {
            "partnership_id": form.cleaned_data["partnership"],
            "facts": form.facts(),
        },
        done=_("Draft saved. Next: split the days into slots."),
        to=lambda event: reverse("events:setup-days", args=[event.pk]),
    )
    return saved or render(request, "events/create.html", {"form": form})


def _hosts_of(event: Event) -> Any:
    partnership = event.partnership
    return list_hosts({partnership.pk: partnership.title}, kept=event.host_id)


@for_people
@keeping(EventForm)
def edit_basics(request: Request, event_id: int) -> HttpResponse:
    """Say what the event is."""
    edit = edit_record(
        request,
        load=_load(request, event_id),
        make=lambda event, data: EventForm(
            data, hosts=_hosts_of(event), initial=EventForm.initial_of(event)
        ),
        save=lambda form: update_event(
            actor=request.reader, event_id=event_id, version=form.number, facts=form.facts()
        ),
        authors=_authors(request, exact=["update_event"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("events:setup-days", event_id)
    return _show(request, edit, "basics")


@for_people
@keeping(DaysForm)
def edit_days(request: Request, event_id: int) -> HttpResponse:
    """Cut the days into slots, with a picture of each day."""
    edit = edit_record(
        request,
        load=_load(request, event_id),
        make=lambda event, data: DaysForm(data, event=event),
        save=lambda form: set_days(
            actor=request.reader,
            event_id=event_id,
            days=form.days(),
            version=form.number,
            accept_loss=form.cleaned_data["accept_loss"],
        ),
        authors=_authors(request, whole=["set_days"]),
    )
    event, form = edit.record, edit.form
    if edit.is_saved:
        edit.say(_("%(count)d slots saved.") % {"count": len(edit.value or ())})
        return redirect("events:setup-tables", event_id)
    # The picture shows what was typed, also where it was refused.
    days = _preview(event, form) if form.is_bound else days_of(event)
    return _show(request, edit, "days", days=days)


@for_people
@require_POST
def preview(request: Request, event_id: int) -> HttpResponse:
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
        context["problem"] = _("Some times are missing or invalid.")
    return render(request, "events/setup/days.html#preview", context)


def _preview(event: Event, form: DaysForm) -> Any:
    try:
        return preview_days(event, form.days()) if form.is_valid() else []
    except InvalidInput:
        return []


@for_people
@keeping(TablesForm)
def edit_tables(request: Request, event_id: int) -> HttpResponse:
    """Say which tables and video rooms there are."""
    edit = edit_record(
        request,
        load=_load(request, event_id),
        make=lambda event, data: TablesForm(
            data, initial=TablesForm.initial_of(event, tables_of(event))
        ),
        save=lambda form: set_tables(
            actor=request.reader, event_id=event_id, tables=form.new_tables(), version=form.number
        ),
        authors=_authors(request, whole=["set_tables"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("events:setup-groups", event_id)
    return _show(request, edit, "tables")


@for_people
@keeping(GroupsForm)
def edit_groups(request: Request, event_id: int) -> HttpResponse:
    """Name the groups and say which cluster fills each."""
    edit = edit_record(
        request,
        load=_load(request, event_id),
        make=lambda event, data: GroupsForm(
            data,
            version=event.version,
            groups=groups_of(event),
            parties=list_parties(event.partnership_id),
        ),
        save=lambda form: set_groups(
            actor=request.reader, event_id=event_id, groups=form.new_groups(), version=form.number
        ),
        authors=_authors(request, whole=["set_groups"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("events:setup-rules", event_id)
    return _show(request, edit, "groups")


@for_people
@keeping(RulesForm)
def edit_rules(request: Request, event_id: int) -> HttpResponse:
    """Say which group may ask which."""
    edit = edit_record(
        request,
        load=_load(request, event_id),
        make=lambda event, data: RulesForm(
            data, version=event.version, groups=groups_of(event), directions=directions_of(event)
        ),
        save=lambda form: set_rules(
            actor=request.reader,
            event_id=event_id,
            allowed=form.allowed(),
            version=form.number,
            accept_loss=form.cleaned_data["accept_loss"],
        ),
        authors=_authors(request, whole=["set_rules"]),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("events:setup-opening", event_id)
    return _show(request, edit, "rules")
