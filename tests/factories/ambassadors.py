"""Factories of the ambassador's desk."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from proxeny.ambassadors import models
from proxeny.meetings.models import Meeting
from tests.ambassadors.desk import CLAIRE
from tests.factories.meetings import make_meeting
from tests.factories.world import World

State = models.Introduction.State


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Mandate

    seeks = "Buyers of marble"
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))


class TimeOptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TimeOption

    partnership = factory.LazyAttribute(lambda row: row.introduction.partnership)
    cluster = factory.LazyAttribute(lambda row: row.introduction.cluster)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=9))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(minutes=45))
    time_zone = "Europe/Paris"
    proposed_by = "desk"
    desk = True


class NoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Note

    partnership = factory.LazyAttribute(lambda row: row.introduction.partnership)
    cluster = factory.LazyAttribute(lambda row: row.introduction.cluster)
    text = "She likes short mails."


class BusyTimeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.BusyTime

    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=1))


class WorkingHoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.WorkingHours

    weekdays = [0, 1, 2, 3, 4]


class LinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Link

    purpose = models.Link.Purpose.TIME
    token_hash = factory.Sequence(lambda number: f"{number:064d}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class MissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Mission

    on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))
    city = "Paris"
    country = "FR"
    time_zone = "Europe/Paris"


class StopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Stop

    partnership = factory.LazyAttribute(lambda row: row.mission.partnership)
    cluster = factory.LazyAttribute(lambda row: row.mission.cluster)
    name = "The museum of crafts"


def make_case(
    world: World, member: int = 0, other: int = 0, *, state: str = State.NOTED, **values: Any
) -> models.Introduction:
    """Make a case of A's desk: a member of A and one of B, who stand as the state says."""
    now = timezone.now()
    asked = None if state == State.NOTED else now
    case = models.Introduction.objects.create(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=world.a.members[member],
        stakeholder=world.b.members[other],
        state=state,
        asked_at=asked,
        **{"reason": "They make what you look for.", "in_charge": world.a.ambassador, **values},
    )
    answer = "yes" if state in (State.FINDING, State.BOOKED, State.MET) else "waiting"
    kept = {
        "introduction": case,
        "partnership": case.partnership,
        "cluster": case.cluster,
        "answer": answer,
        "asked_at": asked,
    }
    person = world.a.representatives[member]
    models.Side.objects.create(
        role="member", organisation=case.member, person=person, name=person.name, **kept
    )
    models.Side.objects.create(
        role="stakeholder",
        organisation=case.stakeholder,
        name=CLAIRE.name,
        email=CLAIRE.email,
        language="fr",
        kept_by=world.a.ambassador,
        **kept,
    )
    if state in (State.BOOKED, State.MET):
        case.meeting = make_desk_meeting(world, case)
        case.save()
    return case


def make_desk_meeting(world: World, case: models.Introduction, **values: Any) -> Meeting:
    """Make the meeting that a case led to: in nine days, or nine days ago."""
    is_over = case.state == State.MET
    starts_at = timezone.now() + timedelta(days=-9 if is_over else 9)
    meeting = make_meeting(
        world.partnership,
        (case.member, None),
        (case.stakeholder, None),
        **{
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=45),
            "state": "held" if is_over else "confirmed",
            **values,
        },
    )
    Meeting.objects.filter(pk=meeting.pk).update(desk=case.cluster, arranged_by=case.in_charge)
    return meeting
