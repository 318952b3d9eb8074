"""Requests for meetings: one page made for a phone, saved at each tap."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from proxeny.accounts.guests import for_guests
from proxeny.events.forms.filters import CounterpartFilter
from proxeny.events.forms.note import NoteForm
from proxeny.events.models import Participation
from proxeny.events.operations import clear_request, set_request
from proxeny.events.queries.events import local_deadline
from proxeny.events.queries.participants import get_own_participation, sectors_of
from proxeny.events.queries.requests import (
    counterparts_of,
    get_counterpart,
    kinds_by_group,
    own_counts,
)
from proxeny.events.rules import MUST_LIMIT, takes_requests
from proxeny.events.views.frame import cut_pages, event_frame
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound, ProxenyError
from proxeny.kernel.requests import Request

CLEAR = "none"
#: Marks that a note can be written on.
NOTED = ("must", "wish")


@for_guests
def show_requests(request: Request, participation_id: int) -> HttpResponse:
    """List the participants that one may ask for, with its own marks."""
    found = get_own_participation(request.reader, participation_id)
    event = found.event
    form = CounterpartFilter(request.GET, sectors=sectors_of(counterparts_of(found)))
    rows = counterparts_of(
        found,
        search=form.value("q"),
        sector=form.value("sector"),
        listing=form.value("listing"),
        marked=form.value("marked"),
    )
    # Cards with a choice each are more than twice as high as rows.
    context = cut_pages(request, rows, size=6)
    kinds = kinds_by_group(found)
    cards = [make_card(request, found, row, kinds) for row in context["rows"]]
    return render(
        request,
        "events/requests.html",
        {
            **event_frame(request.reader, event, "requests"),
            **context,
            **_counters(found),
            "own": found,
            "cards": cards,
            "form": form,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "is_open": takes_requests(event, timezone.now()) and found.state == "registered",
            "deadline": local_deadline(event),
            "count_label": ngettext(
                "%(count)d organisation", "%(count)d organisations", context["count"]
            )
            % {"count": context["count"]},
        },
    )


@for_guests
@require_POST
@keeping(NoteForm)
def set_mark(request: Request, participation_id: int, target_id: int) -> HttpResponse:
    """Save one mark; `kind=none` takes it back. Answers with the card, or leads back to the list."""
    if "note" in request.POST:
        found = get_own_participation(request.reader, participation_id)
        return _set_note(request, found, target_id)
    problem: ProxenyError | None = None
    kind = request.POST.get("kind", "")
    asked: dict[str, Any] = {
        "actor": request.reader,
        "participation_id": participation_id,
        "target_id": target_id,
        "now": timezone.now(),
    }
    try:
        found = clear_request(**asked) if kind == CLEAR else set_request(**asked, kind=kind).source
    except (Conflict, InvalidInput) as error:
        found, problem = get_own_participation(request.reader, participation_id), error
    if request.htmx:
        return _answer_card(request, found, target_id, problem)
    if problem:
        messages.error(request, str(problem))
    return _lead_back(request, found, target_id)


def _lead_back(request: Request, found: Participation, target_id: int) -> HttpResponse:
    back = reverse("events:requests", args=[found.pk])
    return redirect(f"{back}?{request.GET.urlencode()}#with-{target_id}")


def _set_note(request: Request, found: Participation, target_id: int) -> HttpResponse:
    """Save what was written on a mark; a colleague may have written on it as well."""

    def load() -> Any:
        if (row := get_counterpart(found, target_id)) is None:
            raise NotFound(_("We couldn’t find this participant."))
        return row

    edit = edit_record(
        request,
        load=load,
        make=_note_form,
        save=lambda form: set_request(
            actor=request.reader,
            participation_id=found.pk,
            target_id=target_id,
            now=timezone.now(),
            kind=form.wanted(),
            note=form.cleaned_data["note"],
            version=form.number,
        ),
    )
    if edit.is_saved and request.htmx:
        return _answer_card(request, found, target_id, None)
    if edit.is_saved:
        edit.say(_("Saved."))
        return _lead_back(request, found, target_id)
    card = make_card(request, found, edit.record, kinds_by_group(found), edit.form)
    context = {"card": card, "is_open": takes_requests(found.event, timezone.now())}
    if request.htmx:
        context |= {**_counters(found), "with_counters": True}
        return render(request, "events/parts/request.html#card", context, status=edit.status)
    context |= {**event_frame(request.reader, found.event, "requests"), "own": found}
    return render(request, "events/note.html", context, status=edit.status)


def _note_form(row: Any, data: Any = None) -> NoteForm:
    return NoteForm(data, kind=row.mark or "", note=row.note or "", key=f"n{row.pk}")


def _answer_card(
    request: Request, found: Participation, target_id: int, problem: ProxenyError | None
) -> HttpResponse:
    row = get_counterpart(found, target_id)
    if row is None:
        return HttpResponse("")
    context = {
        **_counters(found),
        "card": make_card(request, found, row, kinds_by_group(found)),
        "is_open": takes_requests(found.event, timezone.now()),
        "with_counters": True,
    }
    response = render(request, "events/parts/request.html#card", context)
    if problem:
        trigger_client_event(response, "toast", {"text": str(problem), "tone": "bad"})
    return response


def make_card(
    request: Request,
    found: Participation,
    row: Any,
    kinds: dict[int, tuple[str, ...]],
    form: NoteForm | None = None,
) -> dict[str, Any]:
    """Return the content of one card: the participant, the own mark and note, and the choices."""
    labels = {"must": _("Must meet"), "wish": _("Want to meet"), "no-thanks": _("No thanks")}
    allowed = kinds[row.group_id]
    address = reverse("events:mark", args=[found.pk, row.pk])
    query = request.GET.urlencode()
    return {
        "key": str(row.pk),
        "participation": row,
        "organisation": row.organisation,
        "offers": [one for one in row.organisation.shown if one.direction == "offer"][:3],
        "needs": [one for one in row.organisation.shown if one.direction == "need"][:3],
        "choices": [*((kind, labels[kind]) for kind in labels if kind in allowed), (CLEAR, "–")],
        "selected": row.mark or CLEAR,
        "may_only_refuse": "wish" not in allowed,
        "note": row.note or "",
        "form": form or (_note_form(row) if row.mark in NOTED else None),
        "url": f"{address}?{query}" if query else address,
    }


def _counters(found: Participation) -> dict[str, Any]:
    counts = own_counts(found)
    return {
        "own_counts": counts,
        "must_limit": MUST_LIMIT,
        "must_label": ngettext("%(count)d must meet", "%(count)d must meet", counts.must)
        % {"count": counts.must},
        "wish_label": ngettext("%(count)d want to meet", "%(count)d want to meet", counts.wish)
        % {"count": counts.wish},
    }
