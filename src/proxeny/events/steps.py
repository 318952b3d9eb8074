"""Steps of an event that every side of its partnership has to agree to."""

from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.models import Event
from proxeny.events.rules import LIVE

State = Event.State


class Step(TextChoices):
    """Step of an event; as short as the subject of a text allows."""

    OPEN = "open", gettext_lazy("Open the event")
    CLOSE = "close", gettext_lazy("Close requests")
    PUBLISH = "publish", gettext_lazy("Publish the agenda")
    CANCEL = "cancel", gettext_lazy("Cancel the event")


#: In which states a step may be taken.
FROM: dict[str, tuple[str, ...]] = {
    Step.OPEN: (State.DRAFT,),
    Step.CLOSE: (State.OPEN,),
    Step.PUBLISH: (State.CLOSED, State.PROVISIONAL),
    Step.CANCEL: LIVE,
}


def subject_of(event_id: int, step: str) -> str:
    """Return what a text about a step is about."""
    return f"{event_id}:{step}"


def parse_subject(subject: str) -> tuple[int, Step]:
    """Return the event and the step that a text is about."""
    event_id, _colon, step = subject.partition(":")
    return int(event_id), Step(step)


def name_step(step: str, title: str) -> str:
    """Return what is proposed, with the event it is about."""
    return _("%(step)s: %(title)s") % {"step": Step(step).label, "title": title}


def mark_of(event: Event, step: str) -> str:
    """Return a fingerprint of what is agreed with a step: it changes when that changes.

    Opening covers the facts, the times and the tables; publishing the facts and each meeting's
    place. At most two queries.
    """
    facts: list[object] = [event.place, event.starts_on, event.ends_on, event.time_zone]
    if step == Step.OPEN:
        facts += [event.title, event.deadline_at.isoformat()]
        facts += event.slots.values_list("number", "starts_at", "ends_at")
        facts += event.tables.values_list("number", "name", "kind")
    elif step == Step.PUBLISH:
        live = event.entries.filter(is_live=True).order_by("meeting_id")
        facts += live.values_list("meeting_id", "slot_id", "table_id")
    else:
        return ""
    return sha256(repr(facts).encode()).hexdigest()[:16]
