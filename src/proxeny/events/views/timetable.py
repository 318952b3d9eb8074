"""The timetable by table and by participant, single meetings, and what is printed."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.events.forms.agenda import PairForm, PlaceForm, ReasonForm
from proxeny.events.models import AgendaEntry, Event
from proxeny.events.operations.agenda import add_entry, lock_entry, move_entry
from proxeny.events.operations.repair import cancel_meeting
from proxeny.events.queries.agenda import places, timetable
from proxeny.events.queries.agenda.board import get_event_for_staff, list_participants
from proxeny.events.views._agenda_pages import lead_participant, page_context, zone_of
from proxeny.events.views.frame import refuse_others
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.form_fields import choices_of
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import address_with, for_people, show_refusal


@require_GET
@for_people
def show_timetable(request: Request, event_id: int) -> HttpResponse:
    """Show the timetable, by table or by participant; participants see their own agenda."""
    if (elsewhere := lead_participant(request, event_id)) is not None:
        return elsewhere
    event = get_event_for_staff(request.reader, event_id)
    # A search is for people; its form sends nothing but the words.
    wants_people = request.GET.get("by") == "participant" or "q" in request.GET
    by = "participant" if wants_people else "table"
    page = _number(request.GET.get("page"))
    more: dict[str, object] = {"by": by, "query": request.GET.get("q", "")[:100]}
    if by == "table":
        more["grid"] = grid = timetable.read_grid(event, page=page)
        page, pages = grid.page, grid.pages
    else:
        more["people"], page, pages = timetable.read_people(
            event, search=str(more["query"]), page=page
        )
    more["prev_url"] = address_with(request, page=page - 1) if page > 1 else ""
    more["next_url"] = address_with(request, page=page + 1) if page < pages else ""
    context = page_context(request, event, by, **more)
    return render(request, "events/agenda/timetable.html", context)


@require_GET
@for_people
def print_agenda(request: Request, event_id: int) -> HttpResponse:
    """Show the whole timetable, table signs, or each participant's list, made for paper."""
    event = get_event_for_staff(request.reader, event_id)
    what = request.GET.get("what", "timetable")
    context = page_context(request, event, "print", what=what)
    if what == "people":
        context["people"] = timetable.read_people(event, everybody=True)[0]
    else:
        context["grid"] = grid = timetable.read_grid(event, every_table=True)
        context["signs"] = [
            (name, [(row, row.cells[index][1]) for row in grid.rows if row.cells[index][1]])
            for index, name in enumerate(grid.tables)
        ]
    return render(request, "events/agenda/print.html", context)


@require_GET
@for_people
def show_entry(request: Request, event_id: int, entry_id: int) -> HttpResponse:
    """Show one meeting with what can be done with it."""
    event = get_event_for_staff(request.reader, event_id)
    return _entry_page(request, event, entry_id)


def _entry_page(
    request: Request,
    event: Event,
    entry_id: int,
    *,
    place: PlaceForm | None = None,
    reason: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    entry = places.get_entry(event.pk, entry_id)
    place = place or _move_form(event, entry)
    context = page_context(
        request,
        event,
        "entry",
        entry=entry,
        free=len(choices_of(place, "place")) - 1,
        place_form=place,
        reason_form=reason or ReasonForm(),
    )
    return render(request, "events/agenda/entry.html", context, status=status)


def _move_form(event: Event, entry: AgendaEntry, data: Any = None) -> PlaceForm:
    free = places.find_places(event.pk, entry.first, entry.second, ignoring=entry.pk)
    return PlaceForm(data, places=free, zone=zone_of(event), entry=entry)


@require_POST
@for_people
def lock(request: Request, event_id: int, entry_id: int) -> HttpResponse:
    """Lock or unlock a meeting."""
    is_locked = request.POST.get("locked") == "1"
    return perform(
        request,
        lambda actor, **_now: lock_entry(
            actor=actor, event_id=event_id, entry_id=entry_id, is_locked=is_locked
        ),
        done=_("Locked: the next calculation will leave it where it is.")
        if is_locked
        else _("Unlocked: the next calculation may move it."),
        to=reverse("events:entry", args=[event_id, entry_id]),
    )


@require_POST
@for_people
@keeping(PlaceForm)
def move(request: Request, event_id: int, entry_id: int) -> HttpResponse:
    """Move a meeting to another free place."""
    event = get_event_for_staff(request.reader, event_id)
    refuse_others(request.reader, event)

    def save(form: PlaceForm) -> AgendaEntry:
        slot_id, table_id = form.chosen()
        return move_entry(
            actor=request.reader,
            event_id=event_id,
            entry_id=entry_id,
            slot_id=slot_id,
            table_id=table_id,
            now=timezone.now(),
            version=form.number,
        )

    edit = edit_record(
        request,
        load=lambda: places.get_entry(event_id, entry_id),
        make=lambda entry, data: _move_form(event, entry, data),
        save=save,
        authors=lambda entry: authors_of(entry, request.reader, whole=["move_entry"]),
    )
    if edit.is_saved:
        edit.say(_("Meeting moved and locked."))
        return redirect("events:entry", event_id, entry_id)
    return _entry_page(request, event, entry_id, place=edit.form, status=edit.status)


@require_POST
@for_people
def cancel(request: Request, event_id: int, entry_id: int) -> HttpResponse:
    """Call a meeting off."""
    event = get_event_for_staff(request.reader, event_id)
    refuse_others(request.reader, event)
    form = ReasonForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(cancel_meeting, event_id=event_id, entry_id=entry_id),
        done=_("Meeting cancelled. Only these two participants are notified."),
        to=reverse("events:timetable", args=[event_id]),
    )
    return saved or _entry_page(request, event, entry_id, reason=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def add_meeting(request: Request, event_id: int) -> HttpResponse:
    """Plan a meeting by hand: first the two, then one of the places free for both."""
    event = get_event_for_staff(request.reader, event_id)
    refuse_others(request.reader, event)
    people = list_participants(event_id)
    chosen = {name: request.POST.get(name) or request.GET.get(name) for name in ("first", "second")}
    pair = PairForm(chosen if any(chosen.values()) else None, people=people)
    place = None
    if pair.is_bound and pair.is_valid():
        place = _place_form(request, event, pair)
        if request.method == "POST" and place.is_valid():
            entry = _add(request, event, pair, place)
            if entry is not None:
                return redirect("events:entry", event_id, entry.pk)
    context = page_context(request, event, "entry", pair=pair, place=place)
    return render(request, "events/agenda/add.html", context)


def _place_form(request: Request, event: Event, pair: PairForm) -> PlaceForm:
    try:
        first = places.get_participation(event.pk, pair.cleaned_data["first"])
        second = places.get_participation(event.pk, pair.cleaned_data["second"])
    except NotFound:
        return PlaceForm(places=[], zone=zone_of(event))
    free = places.find_places(event.pk, first, second)
    data = request.POST if request.method == "POST" else None
    return PlaceForm(data, places=free, zone=zone_of(event))


def _add(request: Request, event: Event, pair: PairForm, place: PlaceForm) -> AgendaEntry | None:
    slot_id, table_id = place.chosen()
    try:
        entry = add_entry(
            actor=request.reader,
            event_id=event.pk,
            first_id=pair.cleaned_data["first"],
            second_id=pair.cleaned_data["second"],
            slot_id=slot_id,
            table_id=table_id,
            now=timezone.now(),
        )
    except (Conflict, InvalidInput) as error:
        show_refusal(pair, error)
        return None
    messages.success(request, _("Meeting scheduled and locked in place."))
    return entry


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
