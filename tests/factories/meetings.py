"""Factories of meetings, their parties and ratings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory

from proxeny.accounts.models import Person
from proxeny.directory.models import Organisation
from proxeny.meetings.models import (
    CatchUp,
    CatchUpGuest,
    Decision,
    Meeting,
    MeetingParty,
    Rating,
)
from proxeny.partnerships.models import Partnership


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    starts_at = datetime(2083, 3, 10, 8, 0, tzinfo=UTC)
    ends_at = datetime(2083, 3, 10, 8, 20, tzinfo=UTC)
    time_zone = "Europe/Athens"
    state = Meeting.State.CONFIRMED
    uid = factory.Sequence(lambda n: f"meeting-{n}@example.org")


class MeetingPartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingParty

    name = "Person at the table"


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rating

    phase = Rating.Phase.DAY
    value = Rating.Value.POSSIBLE


def make_meeting(
    partnership: Partnership, *sides: tuple[Organisation, object], **values: object
) -> Meeting:
    """Make a meeting of organisations, each with the person who comes."""
    meeting = MeetingFactory(
        partnership=partnership,
        organisations=sorted(organisation.pk for organisation, _person in sides),
        **values,
    )
    for organisation, person in sides:
        MeetingPartyFactory(meeting=meeting, organisation=organisation, person=person)
    return meeting


class CatchUpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CatchUp

    meeting = factory.SubFactory(
        MeetingFactory,
        kind=Meeting.Kind.CATCH_UP,
        partnership=factory.SelfAttribute("..partnership"),
    )


class CatchUpGuestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CatchUpGuest

    partnership = factory.LazyAttribute(lambda row: row.catch_up.partnership)


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    partnership = factory.LazyAttribute(lambda row: row.catch_up.partnership)
    text = factory.Sequence(lambda n: f"Decision {n}")
    order = factory.Sequence(lambda n: n + 1)


def make_catch_up(
    partnership: Partnership,
    *people: Person,
    starts_at: datetime,
    minutes: int = 60,
    came: bool | None = None,
    **values: Any,
) -> CatchUp:
    """Make a catch-up of people, each on the side of their cluster.

    `state`, `title`, `place` and `time_zone` are the meeting's, the rest is its own.
    """
    parties = {one.organisation_id: one for one in partnership.parties.all()}
    sides = {
        person: parties[person.seats.get(organisation_id__in=parties).organisation_id]
        for person in people
    }
    own = {
        name: values.pop(name)
        for name in ("in_person", "host", "agenda", "minutes_text", "video_url", "closed_at")
        if name in values
    }
    meeting = MeetingFactory(
        kind=Meeting.Kind.CATCH_UP,
        partnership=partnership,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        organisations=sorted({party.organisation_id for party in sides.values()}),
        **values,
    )
    if "minutes_text" in own:
        own["minutes"] = own.pop("minutes_text")
    made = CatchUpFactory(meeting=meeting, partnership=partnership, **own)
    for organisation in meeting.organisations:
        MeetingPartyFactory(meeting=meeting, organisation_id=organisation, name="")
    for person, party in sides.items():
        CatchUpGuestFactory(catch_up=made, person=person, party=party, came=came)
    return made
