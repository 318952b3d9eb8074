"""Opening, closing, calling off and ending an event."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from proxeny.events.forms.setup import DeadlineForm, ReasonForm
from proxeny.events.models import Event
from proxeny.events.operations import (
    cancel_event,
    close_requests,
    finish_event,
    open_event,
    reopen_requests,
)
from proxeny.events.queries.agreeing import get_agreeing
from proxeny.events.queries.events import get_event, local_deadline
from proxeny.events.queries.setup import setup_steps
from proxeny.events.rules import LIVE
from proxeny.events.views.frame import event_frame, refuse_others, say_step, show_agreeing
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.kernel.zones import load_zone, localise

State = Event.State
#: Changes of state without a form: what is called, to what it leads, and what is said then.
_PLAIN: dict[str, tuple[Callable[..., Any], str, Any]] = {
    "open": (open_event, State.OPEN, gettext_lazy("The event is open. Now invite your members.")),
    "close": (
        close_requests,
        State.CLOSED,
        gettext_lazy("Requests are closed. Now create the agenda."),
    ),
    "finish": (finish_event, State.FINISHED, gettext_lazy("The event has ended. Thank you.")),
}


@for_people
def show_opening(request: Request, event_id: int) -> HttpResponse:
    """Show the current state of the event, and the possible steps."""
    return _show(request, event_id)


@for_people
@require_POST
def change_state(request: Request, event_id: int, verb: str) -> HttpResponse:
    """Open the event, close its requests, or end it."""
    operation, state, sentence = _PLAIN[verb]

    def page(event: Event) -> str:
        leads_on = verb == "open" and event.state == state
        return reverse("events:invite" if leads_on else "events:detail", args=[event_id])

    return perform(
        request,
        partial(operation, event_id=event_id),
        done=lambda event: say_step(request, event.state == state, str(sentence)),
        onward=page,
        to=reverse("events:setup-opening", args=[event_id]),
    )


@for_people
@require_POST
def reopen(request: Request, event_id: int) -> HttpResponse:
    """Take requests again, until another deadline."""
    event = get_event(event_id)
    form = DeadlineForm(request.POST)

    def values() -> dict[str, Any]:
        said, zone = form.cleaned_data, load_zone(event.time_zone)
        return {"deadline_at": localise(said["deadline_at"], said["deadline_time"], zone)}

    saved = submit_form(
        request,
        form,
        partial(reopen_requests, event_id=event_id),
        values=values,
        done=_("Requests are open again."),
        to=reverse("events:detail", args=[event_id]),
    )
    return saved or _show(request, event_id, deadline_form=form)


@for_people
@require_POST
def cancel(request: Request, event_id: int) -> HttpResponse:
    """Call the event off."""
    form = ReasonForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(cancel_event, event_id=event_id),
        done=lambda event: say_step(
            request,
            event.state == State.CANCELLED,
            _("Event cancelled. Everyone invited has been notified."),
        ),
        to=reverse("events:detail", args=[event_id]),
    )
    return saved or _show(request, event_id, reason_form=form)


def _show(request: Request, event_id: int, **forms: Any) -> HttpResponse:
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
            **show_agreeing(get_agreeing(request.reader, event, today=timezone.localdate())),
            "deadline": local_deadline(event),
            "deadline_form": DeadlineForm(),
            "reason_form": ReasonForm(),
            **forms,
        },
    )
