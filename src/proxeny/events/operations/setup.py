"""Making an event and saying what it is."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Group, GroupRule
from proxeny.events.operations._guards import lock_event, refuse_state
from proxeny.events.operations.agreeing import void_stale
from proxeny.events.operations.days import write_slots
from proxeny.events.queries.partnerships import is_joined, list_parties
from proxeny.events.rules import LIVE
from proxeny.events.times import cut_days, read_days
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone

_AUDITED = (
    "title",
    "summary",
    "place",
    "host_id",
    "time_zone",
    "starts_on",
    "ends_on",
    "deadline_at",
    "fairness",
)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Facts of an event set by organisers. `deadline_at` is aware; `fairness` None means any.

    `host_id` is the party whose guests the others are; None: held together, or online.
    """

    title: str
    place: str
    time_zone: str
    starts_on: date
    ends_on: date
    deadline_at: datetime
    summary: str = ""
    fairness: int | None = 2
    host_id: int | None = None

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return what is said of an event now, to change some of it."""
        return cls(**{one.name: getattr(event, one.name) for one in fields(cls)})


@transaction.atomic
def create_event(*, actor: Reader, partnership_id: int, facts: EventFacts) -> Event:
    """Create an event of a signed partnership, as a draft that members do not see.

    Side effects: one group for each party, members of one group may ask those of the others; an
    audit row. No notifications.

    Raises
    ------
    NotFound
        The actor does not belong to the partnership.
    NotAllowed
        The actor is no manager of a party, or the partnership is not signed.
    InvalidInput
        An invalid fact; `field` names it.
    """
    if partnership_id not in actor.partnerships:
        raise NotFound(_("We couldn’t find this partnership."))
    if partnership_id not in actor.steered:
        raise NotAllowed(_("Only managers of a signed partnership can create its events."))
    _check_facts(facts)
    _check_host(facts.host_id, partnership_id)
    event = Event.objects.create(partnership_id=partnership_id, **_values(facts))
    groups = [
        Group(event=event, name=name, organisation_id=pk, side=side)
        for pk, name, side in list_parties(partnership_id)
    ]
    Group.objects.bulk_create(groups)
    GroupRule.objects.bulk_create(
        GroupRule(event=event, source=source, target=target, is_allowed=source != target)
        for source in groups
        for target in groups
    )
    audit.record(actor, "create_event", event, partnership_id=partnership_id)
    return event


@transaction.atomic
def update_event(*, actor: Reader, event_id: int, version: int, facts: EventFacts) -> Event:
    """Change the title, place, host, deadline or other facts of an event.

    Another time zone cuts a draft's slots again, at the same local times. Side effects: an audit
    row with the changes. No notifications.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        See `lock_event`; Conflict also when the event is over.
    """
    event = lock_event(actor, event_id, version=version)
    refuse_state(event, *LIVE)
    _check_facts(facts)
    if facts.host_id != event.host_id:  # who has left since may stay written down
        _check_host(facts.host_id, event.partnership_id)
    _check_slots(event, facts)
    changes = {}
    for name, value in _values(facts).items():
        before = getattr(event, name)
        if before != value and name in _AUDITED:
            changes[name] = [None if one is None else str(one) for one in (before, value)]
        setattr(event, name, value)
    event.version += 1
    event.save()
    if "time_zone" in changes and event.days:
        write_slots(event, cut_days(read_days(event.days), load_zone(event.time_zone)))
    void_stale(event)
    audit.record(actor, "update_event", event, partnership_id=event.partnership_id, changes=changes)
    return event


def _values(facts: EventFacts) -> dict[str, object]:
    return {
        "title": facts.title.strip(),
        "summary": facts.summary.strip(),
        "place": facts.place.strip(),
        "time_zone": facts.time_zone,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "deadline_at": facts.deadline_at,
        "fairness": facts.fairness,
        "host_id": facts.host_id,
    }


def _check_facts(facts: EventFacts) -> None:
    for name, text, most in (
        ("title", facts.title, 200),
        ("place", facts.place, 200),
        ("summary", facts.summary, 4000),
    ):
        if name != "summary" and not text.strip():
            raise InvalidInput(_("Fill in this field."), field=name)
        if len(text) > most:
            raise InvalidInput(_("Enter up to %(most)d characters.") % {"most": most}, field=name)
    zone = load_zone(facts.time_zone)
    if facts.ends_on < facts.starts_on:
        raise InvalidInput(_("The last day can’t be before the first day."), field="ends_on")
    if (facts.ends_on - facts.starts_on).days > 13:
        raise InvalidInput(_("An event can last up to two weeks."), field="ends_on")
    if facts.fairness is not None and not 0 <= facts.fairness <= 50:
        raise InvalidInput(_("Enter a number from 0 to 50, or leave this empty."), field="fairness")
    if facts.deadline_at.astimezone(zone).date() > facts.starts_on:
        raise InvalidInput(
            _("Requests must close before the event starts, so that the agenda can be created."),
            field="deadline_at",
        )


def _check_host(host_id: int | None, partnership_id: int) -> None:
    if host_id is not None and not is_joined(host_id, partnership_id):
        raise InvalidInput(
            _("The host must be one of the sides in this partnership."), field="host_id"
        )


def _check_slots(event: Event, facts: EventFacts) -> None:
    days = [date.fromisoformat(day["on"]) for day in event.days]
    if days and not (facts.starts_on <= days[0] and days[-1] <= facts.ends_on):
        raise InvalidInput(
            _("Meetings are scheduled from %(first)s to %(last)s. Change the days first.")
            % {"first": date_format(days[0]), "last": date_format(days[-1])},
            field="starts_on",
        )
    if days and facts.time_zone != event.time_zone and event.state != Event.State.DRAFT:
        raise InvalidInput(
            _("Members have been given times in %(zone)s, so the time zone can’t be changed.")
            % {"zone": event.time_zone},
            field="time_zone",
        )
