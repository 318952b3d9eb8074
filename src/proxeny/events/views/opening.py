"""Opening, closing, calling off and ending an event."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from proxeny.events.forms.setup import DeadlineForm, ReasonForm
from proxeny.events.operations import (
    cancel_event,
    close_requests,
    finish_event,
    open_event,
    reopen_requests,
)
from proxeny.events.queries.events import get_event, local_deadline
from proxeny.events.queries.setup import setup_steps
from proxeny.events.rules import LIVE
from proxeny.events.views.frame import add_problem, event_frame, page, refuse_others
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.zones import load_zone, localise

#: Changes of state without a form: what is called, and what is said when it is done.
_PLAIN: dict[str, tuple[Callable[..., Any], Any]] = {
    "open": (open_event, gettext_lazy("The event is open. Now invite your members.")),
    "close": (close_requests, gettext_lazy("Requests are closed. Now make the agenda.")),
    "finish": (finish_event, gettext_lazy("The event is over. Thank you.")),
}


@page
def show_opening(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show what stands, and what may happen to the event now."""
    return _show(request, event_id)


@page
@require_POST
def change_state(request: HttpRequest, event_id: int, verb: str) -> HttpResponse:
    """Open the event, close its requests, or end it."""
    operation, sentence = _PLAIN[verb]
    try:
        operation(actor=request.reader, event_id=event_id, now=timezone.now())
    except (Conflict, InvalidInput) as error:
        messages.error(request, str(error))
        return redirect("events:setup-opening", event_id)
    messages.success(request, str(sentence))
    return redirect("events:invite" if verb == "open" else "events:detail", event_id)


@page
@require_POST
def reopen(request: HttpRequest, event_id: int) -> HttpResponse:
    """Take requests again, until another deadline."""
    event = get_event(event_id)
    form = DeadlineForm(request.POST)
    if form.is_valid():
        try:
            values = form.cleaned_data
            deadline = localise(
                values["deadline_at"], values["deadline_time"], load_zone(event.time_zone)
            )
            reopen_requests(
                actor=request.reader, event_id=event_id, deadline_at=deadline, now=timezone.now()
            )
        except (Conflict, InvalidInput) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Requests are open again."))
            return redirect("events:detail", event_id)
    return _show(request, event_id, deadline_form=form)


@page
@require_POST
def cancel(request: HttpRequest, event_id: int) -> HttpResponse:
    """Call the event off."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            cancel_event(
                actor=request.reader,
                event_id=event_id,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except (Conflict, InvalidInput) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("The event is called off, and everybody invited is told."))
            return redirect("events:detail", event_id)
    return _show(request, event_id, reason_form=form)


def _show(request: HttpRequest, event_id: int, **forms: Any) -> HttpResponse:
    event = get_event(event_id)
    refuse_others(request.reader, event)
    steps = setup_steps(event, "opening")
    return render(
        request,
        "events/setup/opening.html",
        {
            **event_frame(request.reader, event, "setup"),
            "steps": steps,
            "is_ready": all(step.state == "done" for step in steps[:-1]),
            "is_live": event.state in LIVE,
            "deadline": local_deadline(event),
            "deadline_form": DeadlineForm(),
            "reason_form": ReasonForm(),
            **forms,
        },
    )
