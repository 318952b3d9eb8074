"""Editing of a room's records: one form, one way of archiving, for every kind."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.lists import join_items
from proxeny.kernel.model_fields import column_of
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import Action
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations import records
from proxeny.partnerships.operations.risks import add_accepted_risk
from proxeny.partnerships.plan_queries import name_origins
from proxeny.partnerships.record_forms import FORMS, Room, RoomForm
from proxeny.partnerships.record_tables import table_of
from proxeny.partnerships.room_queries import get_record
from proxeny.partnerships.rules import can_change
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame, telling_refusal, to_number
from proxeny.partnerships.views.gate import after_saving

#: Presets allowed in the address of a new record's form.
PRESETS = (
    "objective",
    "source",
    "activity",
    "origin",
    "origin_id",
    "party",
    "title",
    "sender",
    "host",
    "call",
    "organisation",
    "number",
    "role",
    "language",
    "name",
    "kind",
    "criterion",
    "is_milestone",
)
#: Values that a repeated record takes over (`again` in the address), by kind.
AGAIN = {"placement": ("kind", "person", "sender", "host", "place", "hours")}

ORIGIN_PAGES: KeyedHook[Callable[[int, int], str]] = KeyedHook(
    "room.origins", "The page of what an action comes from, by the numbers of room and origin."
)
ORIGIN_PAGES.add("risk", lambda pk, number: page_url(KINDS["risk"], pk, number))
ORIGIN_PAGES.add(
    "advice", lambda pk, number: reverse("partnerships:recommendation", args=[pk, number])
)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _enter(request: Request, pk: int, kind: Kind) -> tuple[Frame, Room]:
    frame = enter_frame(request, pk)
    if not (frame.may_steer if kind.binding else frame.may_keep):
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    return frame, Room.of(frame.partnership, frame.parties, today=timezone.localdate())


def page_url(kind: Kind, pk: int, record_id: int | None = None) -> str:
    """Return where a kind of record is shown, at one of them."""
    url = reverse(f"partnerships:{kind.page}", args=[pk])
    return f"{url}#{kind.name}-{record_id}" if record_id else url


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int, kind: str) -> HttpResponse:
    """Add a record to the room."""
    one = _kind(kind)
    frame, room = _enter(request, pk, one)
    preset = _preset(request, pk, one)
    had = _had_before(request, pk, one)
    form = FORMS[kind](
        request.POST or None,
        room=room,
        preset={**_own_side(frame, room, one, {*preset, *had}), **preset, **had},
    )
    if request.method == "POST" and form.is_valid():
        operation = add_accepted_risk if "accept" in request.POST else records.add_record
        try:
            made = operation(
                actor=request.reader,
                kind=kind,
                partnership_id=pk,
                values=form.to_values(),
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_saved(pk))
            after = after_saving(request, one, made)
            return redirect(after or _origin_url(pk, preset) or one.url_of(made))
    blank = _blank(pk, one, preset)
    back = after_saving(request, one, blank) or _origin_url(pk, preset) or one.url_of(blank)
    return _show(
        request,
        frame,
        one,
        form,
        status=422 if form.errors else 200,
        cancel_url=back,
        above=_above(one, blank),
        about=_about(one, blank, preset),
    )


def _own_side(frame: Frame, room: Room, kind: Kind, said: set[str]) -> dict[str, int]:
    """Return the sides a new record starts with: the own side, and the other if there are two."""
    if frame.mine is None:
        return {}
    if kind.name == "action":
        return {"party": frame.mine.pk}
    others = [one.pk for one in room.parties if one.pk != frame.mine.pk]
    for own, other in (("giver", "receiver"), ("sender", "host")):
        if own in kind.fields and not said & {own, other}:
            found = {own: frame.mine.pk}
            return found | {other: others[0]} if len(others) == 1 else found
    return {}


def _about(kind: Kind, blank: RoomRecord, preset: dict[str, Any]) -> str:
    """Return what a new record points to outside the room; no field of its form says it."""
    numbers = {name: to_number(str(preset.get(name, ""))) for name in kind.takes}
    found = [kind.takes[name](blank, pk) for name, pk in numbers.items() if pk]
    return join_items(str(one) for one in found if one is not None)


def _preset(request: Request, pk: int, kind: Kind) -> dict[str, Any]:
    """Return what the address says of a new record, what it belongs to among it."""
    preset: dict[str, Any] = {
        name: request.GET[name][:200]
        for name in PRESETS
        if name in request.GET and name in kind.fields
    }
    if kind.below:
        above = get_record(KINDS[kind.below], pk, to_number(request.GET.get(kind.below, "")))
        preset[kind.below] = above.pk
    return preset


def _had_before(request: Request, pk: int, kind: Kind) -> dict[str, Any]:
    """Return what is taken from the record that is had again."""
    number = to_number(request.GET.get("again", ""))
    if not number or kind.name not in AGAIN:
        return {}
    last = get_record(kind, pk, number)
    return {name: getattr(last, column_of(kind.model, name).attname) for name in AGAIN[kind.name]}


def _blank(pk: int, kind: Kind, preset: dict[str, Any]) -> RoomRecord:
    """Return a record that is not written yet, below what it belongs to."""
    if kind.below:
        return kind.model(partnership_id=pk, **{f"{kind.below}_id": preset[kind.below]})
    if "origin" in preset:
        number = to_number(preset.get("origin_id", ""))
        origin = {"origin": preset["origin"], "origin_id": number}
        return kind.model(partnership_id=pk, **origin)
    return kind.model(partnership_id=pk)


def _above(kind: Kind, record: RoomRecord) -> dict[str, str] | None:
    """Return what a record belongs to, or what an action comes from: its name and its page."""
    if kind.below:
        above = getattr(record, kind.below)
        return {"title": KINDS[kind.below].title_of(above), "url": KINDS[kind.below].url_of(above)}
    if isinstance(record, Action) and (title := name_origins([record]).get(record.pk)):
        url = ORIGIN_PAGES[record.origin](record.partnership_id, record.origin_id or 0)
        return {"title": title, "url": url}
    return None


def _origin_url(pk: int, preset: dict[str, str]) -> str:
    """Return where a form was opened that belongs to something else."""
    url = ORIGIN_PAGES.get(preset.get("origin", ""))
    number = preset.get("origin_id", "")
    return url(pk, int(number)) if url and number.isdecimal() else ""


@require_http_methods(["GET", "POST"])
@for_people
@keeping(RoomForm)
def edit(request: Request, pk: int, kind: str, record_id: int) -> HttpResponse:
    """Change a record, with concurrent edits of others merged."""
    one = _kind(kind)
    frame, room = _enter(request, pk, one)

    def load() -> Any:
        found = get_record(one, pk, record_id)
        if not can_change(request.reader, found):
            raise NotAllowed(_("Only the side that recorded this can change it."))
        return found

    edit = edit_record(
        request,
        load=load,
        make=lambda found, data: FORMS[kind](data, room=room, record=found),
        save=lambda form: records.change_record(
            actor=request.reader,
            kind=kind,
            partnership_id=pk,
            record_id=record_id,
            version=form.number,
            values=form.to_values(),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(
            found, request.reader, exact=[one.verb("change")], whole=[one.verb("add")]
        ),
    )
    if edit.is_saved:
        edit.say(say_saved(pk))
        return redirect(one.url_of(edit.record))
    return _show(
        request,
        frame,
        one,
        edit.form,
        record=edit.record,
        status=edit.status,
        above=_above(one, edit.record),
    )


def _show(
    request: Request,
    frame: Frame,
    kind: Kind,
    form: RoomForm,
    *,
    status: int,
    above: dict[str, str] | None,
    record: Any = None,
    cancel_url: str = "",
    about: str = "",
) -> HttpResponse:
    context = {
        **frame.context(kind.page),
        "form": form,
        "kind": kind,
        "record": record,
        "above": above,
        "about": about,
        "heading": kind.title_of(record) if record else kind.new,
        "cancel_url": cancel_url or kind.url_of(record),
    }
    return render(request, "partnerships/room/record.html", context, status=status)


@require_POST
@for_people
def drop(request: Request, pk: int, kind: str, record_id: int) -> HttpResponse:
    """Archive a record; the message offers to restore it."""
    one = _kind(kind)
    undo = reverse("partnerships:record-restore", args=[pk, kind, record_id])
    with telling_refusal(request):
        record = records.drop_record(
            actor=request.reader,
            kind=kind,
            partnership_id=pk,
            record_id=record_id,
            now=timezone.localtime(),
        )
        messages.success(
            request,
            _("“%(name)s” archived.") % {"name": one.title_of(record)},
            extra_tags=f"undo:{undo}",
        )
    return return_to(request, one.url_of(get_record(one, pk, record_id)))


@require_POST
@for_people
def restore(request: Request, pk: int, kind: str, record_id: int) -> HttpResponse:
    """Restore a record."""
    one = _kind(kind)
    with telling_refusal(request):
        record = records.restore_record(
            actor=request.reader,
            kind=kind,
            partnership_id=pk,
            record_id=record_id,
            now=timezone.localtime(),
        )
        messages.success(request, _("“%(name)s” restored.") % {"name": one.title_of(record)})
    return return_to(request, one.url_of(get_record(one, pk, record_id)))


@require_GET
@for_people
def export(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give all records of a kind as a file for a spreadsheet."""
    one = _kind(kind)
    frame = enter_frame(request, pk)
    room = Room.of(frame.partnership, frame.parties, today=timezone.localdate())
    header, rows = table_of(one, room)
    form = "xlsx" if request.GET.get("form") == "xlsx" else "csv"
    return answer_table(kind, form=form, header=header, rows=rows)
