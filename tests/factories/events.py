"""Factories of events and all that belongs to them."""

from datetime import UTC, date, datetime, timedelta

import factory

from proxeny.events.models import (
    AgendaEntry,
    AgendaRun,
    Event,
    Group,
    GroupRule,
    MeetingRequest,
    Participation,
    Slot,
    Table,
)

#: No clock comes to it; its days of the week and changes of the clock are those of 2027.
DAY = date(2083, 3, 10)


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Event {n}")
    place = "Athens"
    time_zone = "Europe/Athens"
    starts_on = DAY
    ends_on = DAY
    deadline_at = datetime(2083, 3, 1, 12, 0, tzinfo=UTC)
    state = Event.State.OPEN


class SlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Slot

    number = factory.Sequence(lambda n: n + 1)
    starts_at = factory.LazyAttribute(
        lambda slot: datetime(2083, 3, 10, 7, 0, tzinfo=UTC) + timedelta(minutes=20 * slot.number)
    )
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(minutes=20))


class TableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Table

    number = factory.Sequence(lambda n: n + 1)
    name = factory.LazyAttribute(lambda table: f"Table {table.number}")


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Group {n}")


class GroupRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupRule

    is_allowed = True


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    contact = factory.Sequence(lambda n: f"Participant {n}")
    languages = ["en"]
    state = Participation.State.REGISTERED


class MeetingRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingRequest

    kind = MeetingRequest.Kind.WISH


class AgendaRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaRun

    number = factory.Sequence(lambda n: n + 1)


class AgendaEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaEntry
