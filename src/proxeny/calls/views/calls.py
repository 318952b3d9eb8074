"""Pages of calls: the list, one call, and manual editing."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.calls.forms.calls import CALL_FILES, CallForm, FindCallsForm
from proxeny.calls.forms.rules import take_step
from proxeny.calls.forms.watching import WatchForm
from proxeny.calls.models import Call
from proxeny.calls.operations import calls as operations
from proxeny.calls.operations.conditions import list_conditions
from proxeny.calls.panels import asides_of
from proxeny.calls.queries import calls as queries
from proxeny.calls.queries.watching import days_until, find_watch
from proxeny.calls.rules import RULE_SETS, STATE_LABELS, State, format_deadline, state_of
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    sort_links,
)

_TONES = {State.COMING: "info", State.OPEN: "ok", State.CLOSED: ""}
#: A deadline this near is shown with its days.
_NEAR_DAYS = 60


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the calls that the reader sees, to search, narrow, sort and export."""
    now = timezone.now()
    form = FindCallsForm(
        request.GET,
        programmes=queries.programmes_seen(),
        actions=queries.actions_seen(),
        rule_sets=queries.rule_sets_seen(),
    )
    wanted = form.wanted()
    found = queries.find_calls(wanted, now=now)
    if request.GET.get("export"):
        header, rows = queries.table_of(found, now=now)
        return answer_table("calls", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        "form": form,
        "rows": [_row(one, request) for one in page],
        "count": page.paginator.count,
        "is_narrowed": form.is_narrowed,
        "is_away": wanted.away,
        "stewards": queries.stewards_of(request.reader, today=timezone.localdate()),
        "accept": CALL_FILES,
        "sorts": sort_links(request, ("closes", "budget", "title"), now=wanted.sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "calls/list.html", context)


def _row(call: Call, request: Request) -> dict[str, Any]:
    """Return a call with its state and deadline, as list and page tell them."""
    now = timezone.now()
    state = state_of(call, now=now)
    days = days_until(call.closes_at, now=now) if call.closes_at else None
    return {
        "call": call,
        "state": STATE_LABELS[state],
        "tone": _TONES[state],
        "days": days if days is not None and state != State.CLOSED and days <= _NEAR_DAYS else None,
        "closes": format_deadline(call.closes_at, request.reader.time_zone)
        if call.closes_at
        else "",
    }


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show a call: its facts, its conditions with their sources, its text, and what to do with it."""
    call = queries.get_call(pk)
    zone = request.reader.time_zone
    watch = find_watch(request.reader, pk)
    second = call.second_closes_at
    context = {
        **_row(call, request),
        "opens_on": call.opens_on,
        "second_closes": format_deadline(second, zone) if second else "",
        "conditions": list_conditions(call),
        "rule_set": RULE_SETS.get(call.rule_set, ""),
        "may_write": queries.keeps_call(request.reader, call, today=timezone.localdate()),
        "watch": watch,
        "asides": asides_of(request, call),
        "watch_form": WatchForm(
            initial={"days_before": watch.days_before if watch else [30, 14, 3]}
        ),
    }
    return render(request, "calls/call.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request) -> HttpResponse:
    """Create a call by hand."""
    stewards = queries.stewards_of(request.reader, today=timezone.localdate())
    if not stewards:
        raise NotAllowed(
            _("Only managers, advisers and ambassadors of a cluster can manage its calls.")
        )
    if step := take_step(request.POST):
        form = CallForm(step, stewards=stewards)
        form.put_off()
        return render(request, "calls/call_form.html", {"form": form})
    form = CallForm(request.POST or None, stewards=stewards)
    saved = submit_form(
        request,
        form,
        operations.add_call,
        values=lambda: {"steward_id": form.cleaned_data["steward"], "facts": form.facts()},
        done=_("Saved. Your members and partners can see it too."),
        to=lambda made: reverse("calls:detail", args=[made.pk]),
    )
    return saved or render(
        request, "calls/call_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@for_people
@keeping(CallForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Edit a call, with other editors' changes merged."""
    operations.refuse_others(
        request.reader, queries.get_call(pk).steward_id, today=timezone.localdate()
    )
    if step := take_step(request.POST):
        call = queries.get_call(pk)
        form = CallForm(step, call=call)
        form.put_off()
        return render(request, "calls/call_form.html", {"form": form, "call": call})
    edit = edit_record(
        request,
        load=lambda: queries.get_call(pk),
        make=lambda call, data: CallForm(data, call=call),
        save=lambda form: operations.change_call(
            actor=request.reader,
            call_id=pk,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, exact=["change_call"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. Your members and partners can see it too."))
        return redirect("calls:detail", pk)
    context = {"form": edit.form, "call": edit.record}
    return render(request, "calls/call_form.html", context, status=edit.status)


@require_POST
@for_people
def put_away(request: Request, pk: int) -> HttpResponse:
    """Archive a call; the message offers to restore it."""
    return perform(
        request,
        partial(operations.put_call_away, call_id=pk),
        done=lambda call: _("“%(name)s” archived.") % {"name": call.title},
        onward=reverse("calls:list"),
        undo=reverse("calls:restore", args=[pk]),
        to=reverse("calls:detail", args=[pk]),
    )


@require_POST
@for_people
def restore(request: Request, pk: int) -> HttpResponse:
    """Restore a call."""
    return perform(
        request,
        partial(operations.bring_call_back, call_id=pk),
        done=lambda call: _("“%(name)s” restored.") % {"name": call.title},
        to=reverse("calls:detail", args=[pk]),
    )
