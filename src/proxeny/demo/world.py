"""The clusters of the demo, their people, their members and their partnerships."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.accounts.operations import create_holder
from proxeny.accounts.queries import get_reader_of_person
from proxeny.demo.members import Member, invent_members
from proxeny.demo.texts import read_content
from proxeny.directory.models import Visibility
from proxeny.directory.operations import (
    ListingText,
    add_listing,
    create_cluster,
    create_member,
)
from proxeny.directory.operations.facts import Facts
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import GATE, SERVICE, STRANGER, WEB, Reader, acting_as

Say = Callable[[str], None]
#: Seats and memberships are older than anything that happens with them.
_SINCE_DAYS = 420


@dataclass
class Side:
    """A cluster in the database: its id, its manager, its members in the order of their keys."""

    slug: str
    id: int
    manager_id: int
    members: list[tuple[int, Member]] = field(default_factory=list)


@dataclass
class World:
    """The world under construction, with its day and its seed."""

    today: date
    seed: int
    say: Say
    sides: dict[str, Side] = field(default_factory=dict)
    partnerships: dict[str, int] = field(default_factory=dict)
    _dated: int = 0

    @property
    def since(self) -> date:
        """The day on which seats and memberships began."""
        return self.today - timedelta(days=_SINCE_DAYS)

    def moment(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment this many days from the day of loading."""
        return datetime.combine(self.today + timedelta(days=days), time(hour, minute), UTC)

    def reader(self, person_id: int) -> Reader:
        """Return the reader of a person, with their rights."""
        with acting_as(GATE):
            return get_reader_of_person(person_id, today=self.today)

    @contextmanager
    def acting(self, person_id: int, *, at: datetime) -> Iterator[Reader]:
        """Act as a person, with the rights the pages would give them and no others."""
        reader = self.reader(person_id)
        with acting_as(WEB, reader):
            yield reader
        self.date_history(at)

    def date_history(self, at: datetime) -> None:
        """Date the rows of the audit trail since the last call.

        The trail notes the hour at which it was written; the demo tells of a year.
        """
        with acting_as(SERVICE):
            new = AuditEntry.objects.filter(pk__gt=self._dated)
            last = new.aggregate(last=Max("pk"))["last"]
            if last is not None:
                new.update(at=at)
                self._dated = last


def build_clusters(world: World) -> None:
    """Create the eight clusters, fill their seats and import their members."""
    for slug, content in read_content("clusters").items():
        cluster = create_cluster(
            actor=STRANGER,
            facts=Facts(
                name=content["name"],
                country=content["country"],
                city=content["cities"][0][0],
                region=content["cities"][0][2],
                nuts=_nuts_of(content["cities"][0][2]),
                summary=content["summary"],
                language=content["language"],
                languages=content["languages"],
                website=f"https://www.{slug}.example",
                email=f"hello@{slug}.example",
                visibility=Visibility.PUBLIC,
            ),
        )
        world.sides[slug] = Side(slug, cluster.pk, _fill_seats(world, slug, cluster.pk))
        world.date_history(world.moment(-_SINCE_DAYS))
        _bring_members(world, world.sides[slug])
        world.say(f"  {content['name']}: {len(world.sides[slug].members)} members")


def _nuts_of(region: str) -> str:
    code: str = read_content("codes")["nuts"].get(region, "")
    return code


def _fill_seats(world: World, slug: str, cluster_id: int) -> int:
    people = read_content("people")
    managers = []
    for seat in people["seats"]:
        if seat["cluster"] != slug:
            continue
        person = create_holder(
            email=seat["email"],
            name=seat["name"],
            organisation_id=cluster_id,
            role=seat["role"],
            today=world.since,
            language=seat["language"],
            time_zone=read_content("clusters")[slug]["time_zone"],
            password=people["password"],
        )
        if seat["role"] == Role.MANAGER:
            managers.append(person.pk)
    return managers[0]


def _bring_members(world: World, side: Side) -> None:
    with world.acting(side.manager_id, at=world.moment(-_SINCE_DAYS + 2)) as manager:
        for member in invent_members(side.slug, seed=world.seed, year=world.today.year):
            entry = create_member(
                actor=manager, cluster_id=side.id, facts=_facts(member), today=world.since
            )
            side.members.append((entry.pk, member))
            said = [(text, member.language) for text in member.listings]
            said += [(text, member.abroad_language) for text in member.abroad]
            for text, language in said:
                add_listing(
                    actor=manager,
                    organisation_id=entry.pk,
                    now=timezone.now(),
                    text=ListingText(
                        direction=text.direction,
                        kind=text.kind,
                        title=text.title,
                        summary=text.summary,
                        language=language,
                    ),
                )


def _facts(member: Member) -> Facts:
    return Facts(
        name=member.name,
        key=member.key,
        kind=member.kind,
        country=member.country,
        region=member.region,
        city=member.city,
        website=member.website,
        email=member.email,
        contact=member.contact,
        summary=member.summary,
        language=member.language,
        languages=member.languages,
        sectors=[member.field],
        nuts=member.nuts,
        nace=member.nace,
        topics=member.topics,
        employees=member.employees,
        founded=member.founded,
    )
