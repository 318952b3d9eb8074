"""Fills an empty Proxeny with the same event. Run in `proxeny manage shell`."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from benchmarks.web.serving import PASSWORD
from benchmarks.web.shared_world import (
    ADDRESSES,
    DAY,
    DAYS,
    PEOPLE,
    ROOMS,
    SLOT_MIN,
    SLOTS_A_DAY,
    ZONE,
    meetings,
    name_of,
    starts_of,
)
from django.contrib.auth.hashers import make_password
from django.db import connection

from proxeny.accounts.models import Account, Person, Seat
from proxeny.directory.models import Details, Membership, Organisation
from proxeny.events.models import AgendaEntry, Event, Group, Participation, Slot, Table
from proxeny.folding import fold
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.partnerships.models import Partnership, Party

SINCE = dt.date(2024, 1, 1)


def fill() -> tuple[int, int]:
    """Write two clusters with a published agenda; return the event's number and a member's.

    A second call finds it filled, and writes nothing.
    """
    with acting_as(SERVICE):
        if found := Event.objects.values_list("pk", flat=True).first():
            member = Organisation.objects.get(name=name_of(17))
            return found, member.pk
        clusters = [_cluster(number) for number in (0, 1)]
        members = [_member(clusters[number * 2 // PEOPLE], number) for number in range(PEOPLE)]
        _save_members(members)
        event = _event(clusters)
        _agenda(event, _participants(event, members), members)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return event.pk, members[17].pk


def _cluster(number: int) -> Organisation:
    cluster = Organisation.objects.create(
        name=f"Cluster {'AB'[number]}",
        kind="cluster",
        country=("GR", "FR")[number],
        visibility="public",
        sort_name=f"cluster {'ab'[number]}",
    )
    account = Account.objects.create(
        email=ADDRESSES[number], password=make_password(PASSWORD), is_active=True
    )
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    person = Person.objects.create(
        name=f"Manager {'AB'[number]}",
        email=account.email,
        account=account,
        language="en",
        time_zone=ZONE,
    )
    Seat.objects.create(person=person, organisation=cluster, role="manager", starts_on=SINCE)
    return cluster


def _member(cluster: Organisation, number: int) -> Organisation:
    name = name_of(number)
    return Organisation(
        name=name,
        kind="company",
        country=cluster.country,
        steward=cluster,
        key=str(number),
        visibility="partnership",
        sort_name=fold(name),
        summary="Makes what others look for.",
        search_text=fold(name),
    )


def _save_members(members: list[Organisation]) -> None:
    Organisation.objects.bulk_create(members)
    Details.objects.bulk_create(Details(organisation=one) for one in members)
    Membership.objects.bulk_create(
        Membership(cluster=one.steward, organisation=one, starts_on=SINCE) for one in members
    )


def _event(clusters: list[Organisation]) -> Event:
    partnership = Partnership.objects.create(title="A – B", lead=clusters[0], state="active")
    for side, cluster in zip("AB", clusters, strict=True):
        Party.objects.create(
            partnership=partnership, organisation=cluster, side=side, state="joined"
        )
    return Event.objects.create(
        partnership=partnership,
        title="Days of meetings",
        place="Athens",
        time_zone=ZONE,
        starts_on=DAY,
        ends_on=DAY + dt.timedelta(days=DAYS - 1),
        state="published",
        revision=1,
        deadline_at=_at(DAY, dt.time(0)),
        published_at=_at(DAY, dt.time(0)),
    )


def _participants(event: Event, members: list[Organisation]) -> list[Participation]:
    groups = [Group.objects.create(event=event, name=f"Cluster {side}", side=side) for side in "AB"]
    return Participation.objects.bulk_create(
        Participation(
            event=event,
            organisation=one,
            group=groups[n * 2 // PEOPLE],
            state="registered",
            contact=f"Person {n}",
            languages=["en"],
        )
        for n, one in enumerate(members)
    )


def _agenda(event: Event, people: list[Participation], members: list[Organisation]) -> None:
    tables = Table.objects.bulk_create(
        Table(event=event, number=n + 1, name=f"Table {n + 1}") for n in range(ROOMS)
    )
    slots = {}
    for day in range(DAYS):
        for number in range(SLOTS_A_DAY):
            starts = _at(DAY + dt.timedelta(days=day), starts_of(number))
            slots[day, number] = Slot.objects.create(
                event=event,
                number=day * SLOTS_A_DAY + number + 1,
                session=2 * day + 1,
                starts_at=starts,
                ends_at=starts + dt.timedelta(minutes=SLOT_MIN),
            )
    planned = list(meetings())
    held = Meeting.objects.bulk_create(
        _meeting(event, slots[(one.day - DAY).days, one.slot], one, members) for one in planned
    )
    MeetingParty.objects.bulk_create(
        MeetingParty(meeting=meeting, organisation_id=pk, name="Somebody")
        for meeting in held
        for pk in meeting.organisations
    )
    AgendaEntry.objects.bulk_create(
        AgendaEntry(
            event=event,
            meeting=meeting,
            slot=slots[(one.day - DAY).days, one.slot],
            table=tables[one.room],
            first=people[one.first],
            second=people[one.second],
        )
        for one, meeting in zip(planned, held, strict=True)
    )


def _meeting(event: Event, slot: Slot, one: Any, members: list[Organisation]) -> Meeting:
    return Meeting(
        partnership=event.partnership,
        title=one.title,
        uid=f"{one.number}@bench",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        time_zone=ZONE,
        state="confirmed",
        organisations=sorted((members[one.first].pk, members[one.second].pk)),
        place=f"Table {one.room + 1}",
    )


def _at(day: dt.date, moment: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, moment, tzinfo=ZoneInfo(ZONE))
