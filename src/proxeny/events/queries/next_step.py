"""What an event asks of a reader now: one sentence and one action."""

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
    """What to do next: a sentence, and the action (`url` is empty when there is none)."""

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
        steps = [_called_off(event)] if event.state == State.CANCELLED else [
            _step_of_participant(event, taken, now, counts) for taken in own[event.pk]
        ]  # fmt: skip
        found[event.pk] = next((one for one in steps if one), None)
    left = [event for event in events if found[event.pk] is None]
    answers = count_answers([one.pk for one in left if _is_asking(reader, one, now)],
                            reader.managed)  # fmt: skip
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
        _("This event was called off: %(reason)s") % {"reason": event.cancel_reason}, tone="bad"
    )


def _step_beside(reader: Reader, event: Event, now: datetime, answers: Answers) -> NextStep | None:
    """Return what is to be done by who takes no part, or needs do nothing for their part."""
    if can_organise(reader, event):
        return _step_of_organiser(event, now, answers)
    if event.state == State.OPEN and not reader.managed:
        return NextStep(
            _("Your organisation has not been invited. Ask your cluster if you want to take part.")
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
            _("%(who)s is invited. Say who comes and when you are free.") % {"who": who},
            _("Register"),
            _url("register", own.pk),
        )
    if event.state == State.OPEN and own.state == Participation.State.REGISTERED:
        return _step_of_requests(own, counts.get(own.pk))
    if event.state in (State.PROVISIONAL, State.PUBLISHED, State.FINISHED):
        return NextStep(
            _("Your meetings are on your own agenda."),
            _("Open my agenda"),
            _url("my-agenda", event.pk),
            "ok",
        )
    if event.state == State.CLOSED and own.state == Participation.State.REGISTERED:
        return NextStep(_("Requests are closed. The agenda is being made; you get it by mail."))
    return None


def _step_of_requests(own: Participation, counts: OwnCounts | None) -> NextStep:
    url = _url("requests", own.pk)
    if counts is None:
        return NextStep(_("The deadline for requests has passed. Look at what you asked for."),
                        _("See my list"), url)  # fmt: skip
    if not counts.must + counts.wish:
        return NextStep(
            _("You are registered. Now say whom you want to meet."),
            _("Choose whom to meet"),
            url,
        )
    if counts.missing:
        return NextStep(
            ngettext(
                "Your list is growing: one more and the agenda can be filled well.",
                "Your list is growing: %(count)d more and the agenda can be filled well.",
                counts.missing,
            )
            % {"count": counts.missing},
            _("Keep choosing"),
            url,
        )
    return NextStep(_("Your list is good. You can change it until the deadline."),
                    _("Look at my list"), url, "ok")  # fmt: skip


def _step_of_organiser(event: Event, now: datetime, answers: Answers) -> NextStep | None:
    if event.state == State.DRAFT:
        return NextStep(
            _("Only the two clusters see this draft. Set it up, then open it to your members."),
            _("Set up the event"),
            _url("setup", event.pk),
        )
    if event.state == State.OPEN:
        return _step_while_open(event, now, answers)
    steps = {
        State.CLOSED: NextStep(
            _("Requests are in. Make the agenda."), _("Make the agenda"), _url("agenda", event.pk)
        ),
        State.PROVISIONAL: NextStep(
            _("The agenda is provisional. Look it over and publish it."),
            _("Open the agenda"),
            _url("agenda", event.pk),
        ),
        State.PUBLISHED: NextStep(
            _("The agenda is published. On the day, check in who arrives."),
            _("Check in"),
            _url("check-in", event.pk),
            "ok",
        ),
    }
    return steps.get(State(event.state))


def _step_while_open(event: Event, now: datetime, answers: Answers) -> NextStep:
    if now > event.deadline_at:
        return NextStep(
            _("The deadline has passed. Close requests, then make the agenda."),
            _("Close requests"),
            _url("setup", event.pk),
            "warn",
        )
    if not answers.asked:
        return NextStep(
            _("None of your members has been invited yet."),
            _("Invite members"),
            _url("invite", event.pk),
        )
    waiting = answers.waiting
    if waiting:
        return NextStep(
            ngettext(
                "%(count)d of your members has not answered yet.",
                "%(count)d of your members have not answered yet.",
                waiting,
            )
            % {"count": waiting},
            _("See who is missing"),
            _url("answers", event.pk),
        )
    return NextStep(_("All your members have answered."), _("See the answers"),
                    _url("answers", event.pk), "ok")  # fmt: skip
