"""A directory of so many members that one reader sees, with texts drawn from a common stock of words."""

from datetime import date, timedelta
from itertools import batched
from random import Random
from typing import Any

SINCE = date(2024, 1, 1)
COUNTRIES = ("FR", "GR", "MA", "GB", "BE", "ES", "IT", "DE")
_TABLES = ("directory_organisation", "directory_listing")
#: What people offer and need falls into so many trades, each with words of its own.
TRADES, TRADE_WORDS, COMMON = 40, 60, 5_000
#: So many members are drawn; of more, each is written several times.
DRAWN = 5_000
#: Words of a language are met as often as their rank says (Zipf); so are these.
WORDS = 20_000


class Stock:
    """Draws texts; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.words = [self._word(number) for number in range(WORDS)]
        self.weights = [1 / (rank + 10) for rank in range(WORDS)]
        total = 0.0
        self.steps = [total := total + weight for weight in self.weights]

    def _word(self, number: int) -> str:
        sounds = ("ba", "co", "di", "fe", "gu", "la", "mo", "ni", "pe", "ra", "su", "to", "ve")
        letters, rest = "", number + 13
        while rest:
            rest, place = divmod(rest, len(sounds))
            letters += sounds[place]
        return letters

    def text(self, words: int, trade: int | None = None) -> str:
        """Return so many words; with a trade, a third of them are words of that trade."""
        own = words // 3 if trade is not None else 0
        found = self.rng.choices(self.words, cum_weights=self.steps, k=words - own)
        if trade is not None:
            first = COMMON + trade * TRADE_WORDS
            found += self.rng.choices(self.words[first : first + TRADE_WORDS], k=own)
        return " ".join(found)


def fill(rows: int, *, seed: int = 7) -> int:
    """Write one cluster that sees `rows` members, of which each offers and needs something.

    Two clusters have half of them each and share them in a partnership. Returns the first member.
    """
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    stock = Stock(seed)
    # Stems are taken off in the database, row by row; these words have none.
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN search_vector DROP EXPRESSION")
        cursor.execute("ALTER TABLE directory_listing DISABLE TRIGGER USER")
    with acting_as(SERVICE):
        own, other = _clusters()
        drawn = min(rows, DRAWN)
        first = _members(own, drawn // 2, stock)
        _members(other, drawn - drawn // 2, stock)
        _partnership(own, other)
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(
                    f"UPDATE {table} SET search_vector = to_tsvector('simple', search_text)"
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_organisation, directory_listing")
    with acting_as(SERVICE), connection.cursor() as cursor:
        for copy in range(1, rows // drawn):
            _repeat(cursor, copy)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return first


def _repeat(cursor: Any, copy: int) -> None:
    """Write all members that were drawn once more, under other keys, with their texts."""
    drawn = "key NOT LIKE '%%-%%' AND kind <> 'cluster'"
    cursor.execute(
        f"INSERT INTO directory_organisation ({_columns(cursor, 'directory_organisation')})"
        f" SELECT {_columns(cursor, 'directory_organisation', key=f'key || $${-copy}$$')}"
        f" FROM directory_organisation WHERE {drawn}"
    )
    cursor.execute(
        f"INSERT INTO directory_listing ({_columns(cursor, 'directory_listing')})"
        f" SELECT {_columns(cursor, 'directory_listing', organisation_id='n.id')}"
        " FROM directory_listing JOIN (SELECT a.id AS was, b.id FROM directory_organisation a"
        f" JOIN directory_organisation b ON b.steward_id = a.steward_id AND b.key = a.key || $${-copy}$$"
        " WHERE a.key NOT LIKE '%%-%%') n ON n.was = organisation_id"
    )


def _columns(cursor: Any, table: str, **instead: str) -> str:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' AND attname <> 'id' ORDER BY attnum",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    return ", ".join(instead.get(name, f"{table}.{name}" if instead else name) for name in names)


def _clusters() -> tuple[Any, Any]:
    from proxeny.accounts.models import Person, Seat
    from proxeny.directory.models import Organisation

    made = []
    for number in range(2):
        cluster = Organisation.objects.create(
            name=f"Cluster {number}",
            kind="cluster",
            country=COUNTRIES[number],
            visibility="public",
            sort_name=f"cluster {number}",
        )
        person = Person.objects.create(name=f"Manager {number}", email=f"m{number}@example.org")
        Seat.objects.create(person=person, organisation=cluster, role="manager", starts_on=SINCE)
        made.append(cluster)
    return made[0], made[1]


def _members(cluster: Any, count: int, stock: Stock) -> int:
    from proxeny.directory.models import Listing, Organisation

    first = 0
    for numbers in batched(range(count), 2000):
        members = Organisation.objects.bulk_create(_member(cluster, n, stock) for n in numbers)
        first = first or members[0].pk
        listings = [
            _listing(one, direction, stock) for one in members for direction in ("offer", "need")
        ]
        for listing in listings:
            listing.search_text = listing.searchable_text()
        Listing.objects.bulk_create(listings)
    return first


def _member(cluster: Any, number: int, stock: Stock) -> Any:
    from proxeny.directory.models import Organisation

    name, summary = stock.text(2).title(), stock.text(40, stock.rng.randrange(TRADES))
    sector = f"{stock.rng.randint(1, 98):02}.{stock.rng.randint(1, 9)}"
    return Organisation(
        name=f"{name} {number}",
        kind=stock.rng.choice(("company", "startup", "lab")),
        steward=cluster,
        key=str(number),
        country=stock.rng.choice(COUNTRIES),
        summary=summary,
        nace=[sector],
        visibility="partnership",
        sort_name=f"{name} {number}".lower(),
        search_text=f"{name} {number} {summary}".lower(),
    )


def _listing(organisation: Any, direction: str, stock: Stock) -> Any:
    from proxeny.directory.models import Listing

    trade = stock.rng.randrange(TRADES)
    return Listing(
        organisation=organisation,
        direction=direction,
        title=stock.text(6, trade),
        summary=stock.text(20, trade),
        description=stock.text(40, trade),
        language="en",
    )


def _partnership(own: Any, other: Any) -> None:
    from proxeny.partnerships.models import Partnership, Party, SharingGrant

    made = Partnership.objects.create(title="Both", lead=own, state="active")
    for side, cluster in (("A", own), ("B", other)):
        Party.objects.create(partnership=made, organisation=cluster, side=side)
        SharingGrant.objects.create(partnership=made, organisation=cluster, purpose="to meet")


def fill_event(rows: int) -> int:
    """Register `rows` members of both clusters at an event; return the first participation."""
    from django.utils import timezone

    from proxeny.directory.models import Organisation
    from proxeny.events.models import Event, Group, Participation
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.partnerships.models import Partnership

    now = timezone.now()
    with acting_as(SERVICE):
        event = Event.objects.create(
            partnership=Partnership.objects.get(),
            title="Event",
            state="open",
            starts_on=now.date(),
            ends_on=now.date(),
            deadline_at=now + timedelta(days=9),
            place="Here",
        )
        group = Group.objects.create(event=event, name="Everybody")
        members = list(Organisation.objects.exclude(kind="cluster").order_by("pk")[:rows])
        made = Participation.objects.bulk_create(
            Participation(
                event=event,
                organisation=one,
                contact="A contact",
                state="registered",
                group=group,
                pitch="",
            )
            for one in members
        )
    return made[0].pk
