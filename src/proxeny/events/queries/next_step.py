"""The next step for a reader of an event: one sentence and one action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event, Participation
from proxeny.events.queries.participants import own_participations_in
from proxeny.events.queries.requests import (
    Answers,
    OwnCounts,
    count_answers,
    own_counts_of,
)
from proxeny.events.rules import can_organise
from proxeny.kernel.tenancy import Reader

State = Event.State


@dataclass(frozen=True, slots=True)
class NextStep:
    """Next step: a sentence, and the action (`url` is empty when there is none)."""

    text: str
    label: str = ""
    url: str = ""
    tone: str = "info"


def next_step(reader: Reader, event: Event, *, now: datetime) -> NextStep | None:
    """Return what the reader can do next for this event, or None. At most three queries."""
    return next_steps(reader, [event], now=now).get(event.pk)


def next_steps(reader: Reader, events: Sequence[Event], *, now: datetime) -> dict[int, NextStep]:
    """Return what the reader can do next for each of some events, where there is something.

    At most three queries, whatever their number.
    """
    asked = [one for one in events if one.state != State.CANCELLED]
    own: dict[int, list[Participation]] = {one.pk: [] for one in asked}
    for participation in own_participations_in(reader, own) if own else ():
        own[participation.event_id].append(participation)
    counts = own_counts_of(
        taken.pk for event in asked for taken in own[event.pk] if _is_choosing(event, taken, now)
    )
    found = {}
    for event in events:
        steps = (
            [_called_off(event)]
            if event.state == State.CANCELLED
            else [_step_of_participant(event, taken, now, counts) for taken in own[event.pk]]
        )
        found[event.pk] = next((one for one in steps if one), None)
    left = [event for event in events if found[event.pk] is None]
    answers = count_answers(
        [one.pk for one in left if _is_asking(reader, one, now)], reader.managed
    )
    for event in left:
        found[event.pk] = _step_beside(reader, event, now, answers.get(event.pk, Answers()))
    return {pk: step for pk, step in found.items() if step is not None}


def _is_choosing(event: Event, own: Participation, now: datetime) -> bool:
    is_in = event.state == State.OPEN and own.state == Participation.State.REGISTERED
    return is_in and now <= event.deadline_at


def _is_asking(reader: Reader, event: Event, now: datetime) -> bool:
    return event.state == State.OPEN and can_organise(reader, event) and now <= event.deadline_at


def _called_off(event: Event) -> NextStep:
    return NextStep(
        _("This event was cancelled: %(reason)s") % {"reason": event.cancel_reason}, tone="bad"
    )


def _step_beside(reader: Reader, event: Event, now: datetime, answers: Answers) -> NextStep | None:
    """Return the next step for a reader who takes no part, or whose part needs none."""
    if can_organise(reader, event):
        return _step_of_organiser(event, now, answers)
    if event.state == State.OPEN and not reader.managed:
        return NextStep(
            _(
                "Your organisation hasn’t been invited. Contact your cluster if you’d like to "
                "take part."
            )
        )
    return None


def _url(name: str, *args: int) -> str:
    try:
        return reverse(f"events:{name}", args=args)
    except NoReverseMatch:
        return ""


def _step_of_participant(
    event: Event, own: Participation, now: datetime, counts: Mapping[int, OwnCounts]
) -> NextStep | None:
    who = own.organisation.name
    if event.state == State.OPEN and own.state == Participation.State.INVITED:
        return NextStep(
            _("%(who)s is invited. Let us know who’s coming and when you’re free.") % {"who": who},
            _("Register"),
            _url("register", own.pk),
        )
    if event.state == State.OPEN and own.state == Participation.State.REGISTERED:
        return _step_of_requests(own, counts.get(own.pk))
    if event.state in (State.PROVISIONAL, State.PUBLISHED, State.FINISHED):
        return NextStep(
            _("Your meetings are in your agenda."),
            _("Open my agenda"),
            _url("my-agenda", event.pk),
            "ok",
        )
    if event.state == State.CLOSED and own.state == Participation.State.REGISTERED:
        return NextStep(
            _("Requests are closed. The agenda is being prepared; you’ll receive it by email.")
        )
    return None


def _step_of_requests(own: Participation, counts: OwnCounts | None) -> NextStep:
    url = _url("requests", own.pk)
    if counts is None:
        return NextStep(
            _("The deadline for requests has passed. Review what you requested."),
            _("See my list"),
            url,
        )
    if not counts.must + counts.wish:
        return NextStep(
            _("You’re registered. Now choose who you want to meet."),
            _("Choose who to meet"),
            url,
        )
    if counts.missing:
        return NextStep(
            ngettext(
                "Your list is growing: add one more for a well-filled agenda.",
                "Your list is growing: add %(count)d more for a well-filled agenda.",
                counts.missing,
            )
            % {"count": counts.missing},
            _("Keep choosing"),
            url,
        )
    return NextStep(
        _("Your list looks good. You can change it until the deadline."),
        _("View my list"),
        url,
        "ok",
    )


def _step_of_organiser(event: Event, now: datetime, answers: Answers) -> NextStep | None:
    if event.state == State.DRAFT:
        return NextStep(
            _("Only the clusters can see this draft. Set it up, then open it to your members."),
            _("Set up the event"),
            _url("setup", event.pk),
        )
    if event.state == State.OPEN:
        return _step_while_open(event, now, answers)
    steps = {
        State.CLOSED: NextStep(
            _("Requests are in. Create the agenda."),
            _("Create the agenda"),
            _url("agenda", event.pk),
        ),
        State.PROVISIONAL: NextStep(
            _("The agenda is provisional. Review and publish it."),
            _("Open the agenda"),
            _url("agenda", event.pk),
        ),
        State.PUBLISHED: NextStep(
            _("The agenda is published. On the day, check in participants as they arrive."),
            _("Check in"),
            _url("check-in", event.pk),
            "ok",
        ),
    }
    return steps.get(State(event.state))


def _step_while_open(event: Event, now: datetime, answers: Answers) -> NextStep:
    if now > event.deadline_at:
        return NextStep(
            _("The deadline has passed. Close requests, then create the agenda."),
            _("Close requests"),
            _url("setup", event.pk),
            "warn",
        )
    if not answers.asked:
        return NextStep(
            _("None of your members have been invited yet."),
            _("Invite members"),
            _url("invite", event.pk),
        )
    waiting = answers.waiting
    if waiting:
        return NextStep(
            ngettext(
                "%(count)d of your members hasn’t responded yet.",
                "%(count)d of your members haven’t responded yet.",
                waiting,
            )
            % {"count": waiting},
            _("See who’s missing"),
            _url("answers", event.pk),
        )
    return NextStep(
        _("All your members have responded."), _("View responses"), _url("answers", event.pk), "ok"
    )
