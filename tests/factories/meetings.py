"""Factories of meetings, their parties and ratings."""

from datetime import UTC, datetime

import factory

from proxeny.directory.models import Organisation
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.models import Partnership


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    starts_at = datetime(2027, 3, 10, 8, 0, tzinfo=UTC)
    ends_at = datetime(2027, 3, 10, 8, 20, tzinfo=UTC)
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
