"""A database of 200,000 members, and the lists that are asked."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

MEMBERS = 500
PER_EVENT = 200
MEETINGS = 500
SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Pair:
    """One list in both forms; `hand` is the SQL condition that stands in for the policies."""

    name: str
    rows: Callable[[], Any]
    hand: str


def fill(rows: int) -> None:
    """Write clusters of 500 members, each in two partnerships, with an event and its meetings."""
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    with acting_as(SERVICE):
        clusters = _clusters(rows // MEMBERS)
        members = _members(clusters)
        partnerships = _partnerships(clusters)
        _events(partnerships, clusters, members)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _clusters(count: int) -> list[Any]:
    from proxeny.accounts.models import Person, Seat
    from proxeny.directory.models import Organisation

    clusters = Organisation.objects.bulk_create(
        Organisation(
            name=f"Cluster {n}",
            kind="cluster",
            country="FR",
            visibility="public",
            sort_name=f"cluster {n}",
            search_text=f"cluster {n}",
        )
        for n in range(count)
    )
    people = Person.objects.bulk_create(
        Person(name=f"Manager {n}", email=f"m{n}@example.org") for n in range(count)
    )
    Seat.objects.bulk_create(
        Seat(person=person, organisation=cluster, role="manager", starts_on=SINCE)
        for person, cluster in zip(people, clusters, strict=True)
    )
    return clusters


def _visibility(number: int) -> str:
    if number % 100 < 2:
        return "public"
    if number % 100 < 90:
        return "partnership"
    return "cluster" if number % 100 < 97 else "private"


def _members(clusters: list[Any]) -> list[list[Any]]:
    from proxeny.directory.models import Membership, Organisation

    found = []
    for cluster in clusters:
        names = [
            hashlib.md5(f"{cluster.pk} {n}".encode(), usedforsecurity=False).hexdigest()
            for n in range(MEMBERS)
        ]
        found.append(
            Organisation.objects.bulk_create(
                Organisation(
                    name=f"Member {name}",
                    kind="company",
                    steward=cluster,
                    key=str(n),
                    country=("FR", "GR", "MA", "GB")[cluster.pk % 4],
                    city=f"City {n % 50}",
                    summary="What we do. " * 10,
                    sectors=[f"field {n % 20}"],
                    visibility=_visibility(n),
                    sort_name=f"member {name}",
                    search_text=f"member {name} what we do field {n % 20}",
                )
                for n, name in enumerate(names)
            )
        )
        Membership.objects.bulk_create(
            Membership(cluster=cluster, organisation=one, starts_on=SINCE) for one in found[-1]
        )
    return found


def _partnerships(clusters: list[Any]) -> list[Any]:
    from proxeny.partnerships.models import Partnership, Party, SharingGrant

    made = Partnership.objects.bulk_create(
        Partnership(title=f"Partnership {n}", lead=cluster, state="active")
        for n, cluster in enumerate(clusters)
    )
    for n, partnership in enumerate(made):
        for side, cluster in zip("AB", _sides(clusters, n), strict=True):
            Party.objects.create(partnership=partnership, organisation=cluster, side=side)
            SharingGrant.objects.create(
                partnership=partnership, organisation=cluster, purpose="to meet"
            )
    return made


def _sides(clusters: list[Any], number: int) -> Iterator[Any]:
    yield clusters[number]
    yield clusters[(number + 1) % len(clusters)]


def _events(partnerships: list[Any], clusters: list[Any], members: list[list[Any]]) -> None:
    from proxeny.events.models import Event, Group, Participation
    from proxeny.kernel.models import AuditEntry
    from proxeny.meetings.models import Meeting, MeetingParty

    begin = datetime(2026, 5, 5, 8, tzinfo=UTC)
    for n, partnership in enumerate(partnerships):
        event = Event.objects.create(
            partnership=partnership,
            title=f"Event {n}",
            state="open",
            starts_on=begin.date(),
            ends_on=begin.date(),
            deadline_at=begin - timedelta(days=9),
        )
        group = Group.objects.create(event=event, name="Everybody")
        half = PER_EVENT // 2
        left, right = members[n][:half], members[(n + 1) % len(members)][half:PER_EVENT]
        Participation.objects.bulk_create(
            Participation(
                event=event, organisation=one, contact="A contact", state="registered", group=group
            )
            for one in (*left, *right)
        )
        meetings = Meeting.objects.bulk_create(
            Meeting(
                partnership=partnership,
                title=f"Meeting {k}",
                state="confirmed",
                starts_at=begin + timedelta(minutes=k),
                ends_at=begin + timedelta(minutes=k + 20),
                organisations=[left[k % half].pk, right[k * 7 % half].pk],
                uid=f"{n}-{k}@bench",
            )
            for k in range(MEETINGS)
        )
        MeetingParty.objects.bulk_create(
            MeetingParty(meeting=one, organisation_id=pk)
            for one in meetings
            for pk in one.organisations
        )
        AuditEntry.objects.bulk_create(
            AuditEntry(
                person_id=1,
                organisation_id=clusters[n].pk,
                partnership_id=partnership.pk,
                verb="create_event",
                target="events.event",
                target_id=event.pk,
            )
            for _ in range(MEETINGS)
        )


def reader_of_first() -> Any:
    """Return the reader that the first cluster's manager is."""
    from proxeny.accounts.models import Seat
    from proxeny.accounts.queries import get_reader_of_person
    from proxeny.kernel.tenancy import GATE, SERVICE, acting_as

    with acting_as(SERVICE):
        person_id = Seat.objects.order_by("pk").values_list("person_id", flat=True)[0]
    with acting_as(GATE):
        return get_reader_of_person(person_id, today=date(2026, 5, 1))


def _any(ids: Any) -> str:
    return "ANY ('{" + ",".join(map(str, ids)) + "}'::bigint[])"


def pairs(reader: Any) -> list[Pair]:
    """Return the lists that are opened most."""
    from proxeny.directory.queries import Filters, visible_organisations
    from proxeny.events.models import Event
    from proxeny.events.queries import participants_of
    from proxeny.kernel.models import AuditEntry
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.meetings.models import Meeting

    rooms, own = _any(reader.rooms), _any(reader.organisations)
    with acting_as(SERVICE):
        event = Event.objects.filter(partnership_id__in=reader.rooms).order_by("pk")[0]
    seen = (
        f"directory_organisation.id = {own} OR directory_organisation.id = {_any(reader.clusters)}"
        f" OR directory_organisation.steward_id = {own}"
        " OR directory_organisation.visibility = 'public'"
        f" OR (directory_organisation.steward_id = {_any(reader.clusters)}"
        " AND directory_organisation.visibility IN ('cluster', 'partnership'))"
        f" OR (directory_organisation.steward_id = {_any(reader.sharers)}"
        " AND directory_organisation.visibility = 'partnership')"
        " OR directory_organisation.id IN (SELECT organisation_id FROM partnerships_party"
        f" WHERE partnership_id = {_any(reader.partnerships)}"
        f" OR partnership_id = {_any(reader.circles)})"
        " OR directory_organisation.id IN (SELECT p.organisation_id FROM meetings_meetingparty p"
        f" JOIN meetings_meeting m ON m.id = p.meeting_id WHERE m.partnership_id = {rooms})"
        " OR directory_organisation.id IN (SELECT p.organisation_id FROM events_participation p"
        f" JOIN events_event e ON e.id = p.event_id WHERE e.partnership_id = {rooms})"
    )
    meetings = Meeting.objects.order_by("starts_at", "pk")
    return [
        Pair("directory, first page", visible_organisations, seen),
        Pair("directory, two words", lambda: visible_organisations(Filters(q="what field")), seen),
        Pair(
            "directory, one cluster",
            lambda: visible_organisations(Filters(cluster=reader.organisations[0])),
            seen,
        ),
        Pair(
            "participants of an event",
            lambda: participants_of(event),
            f"events_participation.event_id IN (SELECT id FROM events_event"
            f" WHERE partnership_id = {rooms})",
        ),
        Pair(
            "meetings of the partnerships",
            lambda: meetings,
            f"meetings_meeting.partnership_id = {rooms}",
        ),
        Pair(
            "history of a partnership",
            lambda: AuditEntry.objects.filter(partnership_id=reader.rooms[0]).order_by(
                "-at", "-pk"
            ),
            f"kernel_auditentry.partnership_id = {rooms}",
        ),
    ]
