"""How long the outcomes of one partnership take to count, by each way of grouping.

    python -m benchmarks.outcomes [--meetings 50000] [--rounds 7]

One partnership of two clusters with 1,000 members each; most meetings are rated on the day, four
of ten again later, a fifth of these with an agreement. Medians in the role that serves pages.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.policies.__main__ import database

MEMBERS = 1_000
BEGIN = datetime(2024, 5, 5, 8, tzinfo=UTC)
STATES = (*("held",) * 8, "missed", "cancelled")
DAY = ("possible", "informative", "no-interest")
LATER = ("agreement", "negotiating", "contact", "knowledge", "no-contact")


def main() -> None:
    """Fill, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with database():
        from benchmarks.policies.world import reader_of_first

        from proxeny.meetings import queries
        from proxeny.meetings.queries.funnel import read_funnel
        from proxeny.meetings.queries.funnel_groups import GROUPS

        pk = fill(options.meetings)
        reader = reader_of_first()
        for by in GROUPS:
            measure(
                f"by {by}", reader, options.rounds, lambda by=by: read_funnel(reader, pk, by=by)
            )
        measure(
            "the short count",
            reader,
            options.rounds,
            lambda: queries.count_partnership_outcome(reader, pk),
        )


def measure(name: str, reader: Any, rounds: int, work: Callable[[], object]) -> None:
    """Print the median time of a count."""
    from proxeny.kernel.tenancy import WEB, acting_as

    times = []
    for _ in range(rounds):
        with acting_as(WEB, reader):
            started = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - started))
    print(f"{name}: {statistics.median(times):.0f} ms")


def fill(count: int) -> int:
    """Write a partnership with its meetings, and what was said of them; return its number."""
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    with acting_as(SERVICE):
        partnership, clusters, members = _clusters()
        _event(partnership, members)
        _meetings(partnership, clusters[0], members, count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return partnership.pk


def _clusters() -> tuple[Any, list[Any], list[list[Any]]]:
    from benchmarks.policies import world

    from proxeny.directory.models import Membership, Organisation
    from proxeny.partnerships.models import Partnership, Party

    clusters = world._clusters(2)
    members = [
        Organisation.objects.bulk_create(
            Organisation(
                name=f"Member {one.pk}-{n}",
                kind="company",
                steward=one,
                key=str(n),
                country="FR",
                visibility="partnership",
                sort_name=f"member {n}",
                search_text="what we do",
                nace=[("10", "26", "62", "72")[n % 4]],
            )
            for n in range(MEMBERS)
        )
        for one in clusters
    ]
    Membership.objects.bulk_create(
        Membership(cluster=one.steward, organisation=one, starts_on=date(2024, 1, 1))
        for own in members
        for one in own
    )
    partnership = Partnership.objects.create(title="Pair", lead=clusters[0], state="active")
    for side, one in zip("AB", clusters, strict=True):
        Party.objects.create(partnership=partnership, organisation=one, side=side)
    return partnership, clusters, members


def _event(partnership: Any, members: list[list[Any]]) -> None:
    from proxeny.events.models import Event, Group, MeetingRequest, Participation

    event = Event.objects.create(
        partnership=partnership,
        title="Event",
        state="open",
        starts_on=BEGIN.date(),
        ends_on=BEGIN.date(),
        deadline_at=BEGIN,
    )
    group = Group.objects.create(event=event, name="Everybody")
    left, right = (
        Participation.objects.bulk_create(
            Participation(
                event=event, organisation=one, contact="Somebody", state="registered", group=group
            )
            for one in own
        )
        for own in members
    )
    rng = Random(3)
    pairs = {(rng.randrange(MEMBERS), rng.randrange(MEMBERS)) for _ in range(40 * MEMBERS)}
    MeetingRequest.objects.bulk_create(
        MeetingRequest(event=event, source=left[one], target=right[other], kind="wish")
        for one, other in sorted(pairs)
    )


def _meetings(partnership: Any, desk: Any, members: list[list[Any]], count: int) -> None:
    from proxeny.meetings.models import Meeting, MeetingParty, Rating

    rng = Random(7)
    made = Meeting.objects.bulk_create(
        (
            Meeting(
                partnership=partnership,
                title="Meeting",
                state=rng.choice(STATES),
                uid=f"{n}@bench",
                starts_at=BEGIN + timedelta(minutes=20 * n),
                desk=None if n % 3 else desk,
                ends_at=BEGIN + timedelta(minutes=20 * n + 20),
                organisations=[rng.choice(own).pk for own in members],
            )
            for n in range(count)
        ),
        batch_size=2_000,
    )
    parties = MeetingParty.objects.bulk_create(
        (
            MeetingParty(meeting=one, organisation_id=pk, name="Somebody")
            for one in made
            for pk in one.organisations
        ),
        batch_size=5_000,
    )
    said = (words for one in parties if one.meeting.state == "held" for words in _words(one, rng))
    Rating.objects.bulk_create(said, batch_size=5_000)


def _words(party: Any, rng: Random) -> list[Any]:
    from proxeny.meetings.models import Rating

    words = []
    if rng.random() < 0.8:
        words.append(Rating(party=party, phase="day", value=rng.choice(DAY)))
    if rng.random() < 0.4:
        value = rng.choice(LATER)
        terms = (
            {
                "agreed": "sale",
                "worth": rng.randrange(10**6),
                "currency": rng.choice(("EUR", "GBP")),
            }
            if value == "agreement"
            else {}
        )
        words.append(Rating(party=party, phase="later", value=value, **terms))
    return words


if __name__ == "__main__":
    main()
