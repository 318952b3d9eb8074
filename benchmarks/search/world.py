"""A database of so many organisations, filled by one seed, and who asks it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any

from benchmarks.search.documents import COINED, Document, clusters_of, draw_documents
from benchmarks.search.words import Tongue, read_tongues

SINCE = date(2024, 1, 1)
_COLUMNS = (
    "id",
    "name",
    "former_names",
    "kind",
    "steward_id",
    "key",
    "size",
    "quality_label",
    "country",
    "region",
    "city",
    "nuts",
    "website",
    "summary",
    "language",
    "languages",
    "sectors",
    "nace",
    "topics",
    "open_facts",
    "visibility",
    "sort_name",
    "search_text",
    "version",
    "has_offers",
    "has_needs",
    "search_vector",
)
_LISTING = (
    "organisation_id",
    "direction",
    "kind",
    "title",
    "summary",
    "description",
    "partner_role",
    "language",
    "markets",
    "technologies",
    "stage",
    "ipr",
    "partner_kinds",
    "partner_sizes",
    "partner_countries",
    "is_open",
    "is_anonymous",
    "status",
    "note",
    "search_text",
    "search_marks",
    "version",
    "search_vector",
)


@dataclass
class Filled:
    """What filling took, in seconds, and how large it became, in megabytes."""

    seconds: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)


def fill(server: Any, rows: int) -> Filled:
    """Fill an empty database. The index is built when all rows are there, as a restore does it.

    The database takes stems off each distinct word once, and the vectors are put together here:
    otherwise it would do so for every row. `Filled.seconds` tells what it takes for a row.
    """
    told = Filled()
    indexes = ("organisation_search", "listing_search")
    with server._connect("proxeny") as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        made = dict(
            connection.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY (%s)",
                [list(indexes)],
            ).fetchall()
        )
        connection.execute("DROP INDEX organisation_search, listing_search")
        for table in ("directory_organisation", "directory_listing"):
            connection.execute(f"ALTER TABLE {table} ALTER COLUMN search_vector DROP EXPRESSION")
        connection.execute("ALTER TABLE directory_listing DISABLE TRIGGER proxeny_count_listings")
        begun = time.monotonic()
        tongues = read_tongues(COINED)
        with server._connect("proxeny") as other:
            _write(connection, rows, Forms(other, tongues), tongues)
        told.seconds["rows"] = time.monotonic() - begun
        connection.execute("ALTER TABLE directory_listing ENABLE TRIGGER proxeny_count_listings")
        for name in indexes:
            begun = time.monotonic()
            connection.execute(made[name])
            told.seconds[name] = time.monotonic() - begun
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('directory_organisation', 'id'), 100000000)"
        )
        connection.execute("VACUUM ANALYZE")
        begun = time.monotonic()
        _count_words()
        told.seconds["words"] = time.monotonic() - begun
        connection.execute("VACUUM ANALYZE directory_word")
        for name in ("directory_organisation", "directory_listing", "directory_word", *indexes):
            (size,) = connection.execute("SELECT pg_total_relation_size(%s)", [name]).fetchone()
            told.sizes[name] = size / 1e6
        begun = time.monotonic()
        connection.execute(
            "SELECT sum(length(proxeny_vector(sort_name, search_text)))"
            " FROM (SELECT * FROM directory_organisation WHERE kind <> 'cluster' LIMIT 2000) few"
        )
        told.seconds["words of 1000 rows"] = (time.monotonic() - begun) / 2
    return told


def _count_words() -> None:
    from proxeny.directory.operations.term_counts import count_words

    count_words()


def _write(connection: Any, rows: int, forms: "Forms", tongues: dict[str, Tongue]) -> None:
    many = clusters_of(rows)
    documents = draw_documents(tongues, rows)
    _copy(
        connection,
        "directory_organisation",
        _COLUMNS,
        (_cluster(number, forms) for number in range(1, many + 1)),
    )
    for some in batched(documents, 20_000):
        _copy(
            connection,
            "directory_organisation",
            _COLUMNS,
            (_organisation(one, many, forms) for one in some),
        )
        _copy(
            connection,
            "directory_listing",
            _LISTING,
            (row for one in some for row in _listings(one, many, forms)),
        )


class Forms(dict[str, tuple[str, ...]]):
    """The lexemes of each word, as the database makes them; asked on a connection of its own."""

    def __init__(self, connection: Any, tongues: dict[str, Tongue]) -> None:
        super().__init__()
        self.connection = connection
        for tongue in tongues.values():
            for some in batched(dict.fromkeys(tongue.words.tolist()), 50_000):
                self._read(some)

    def __missing__(self, word: str) -> tuple[str, ...]:
        self._read([word])
        return self[word]

    def _read(self, words: Iterable[str]) -> None:
        found = self.connection.execute(
            "SELECT word, proxeny_lexemes(ARRAY[word]) FROM unnest(%s::text[]) word", [list(words)]
        )
        self.update((word, tuple(lexemes)) for word, lexemes in found)

    def vector(self, names: str, heads: str, rest: str) -> str:
        """Return the `tsvector` of an entry as text."""
        lexemes = {one for part in (names, heads, rest) for one in self._all(part)}
        lexemes.update(f"^{one}" for one in self._all(names))
        lexemes.update(f"={one}" for one in self._all(heads))
        return "'" + "' '".join(lexemes) + "'"

    def _all(self, text: str) -> Iterator[str]:
        for word in set(text.split()):
            yield from self[word]


def _copy(connection: Any, table: str, columns: tuple[str, ...], rows: Iterable[Any]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _cluster(number: int, forms: Forms) -> tuple[Any, ...]:
    name = f"Cluster {number}"
    return (
        number,
        name,
        [],
        "cluster",
        None,
        "",
        "",
        "",
        "FR",
        "",
        "",
        "",
        "",
        "",
        "en",
        [],
        [],
        [],
        [],
        [],
        "public",
        name.lower(),
        name.lower(),
        1,
        False,
        False,
        forms.vector(name.lower(), "", ""),
    )


def _organisation(one: Document, clusters: int, forms: Forms) -> tuple[Any, ...]:
    # All words are folded already.
    texts = " ".join(text for offer in one.offers for text in (offer.title, offer.summary))
    lines = (one.name.lower(), " ".join(one.sectors), f"{one.city.lower()} {one.summary} {texts}")
    told = {offer.direction for offer in one.offers}
    return (
        clusters + 1 + one.number,
        one.name,
        [],
        one.kind,
        1 + one.cluster,
        str(one.number),
        one.size,
        "",
        one.country,
        "",
        one.city,
        "",
        "",
        one.summary,
        one.language,
        [one.language],
        one.sectors,
        [],
        [],
        [],
        one.visibility,
        lines[0],
        "\n".join(lines),
        1,
        "offer" in told,
        "need" in told,
        forms.vector(*lines),
    )


def _listings(one: Document, clusters: int, forms: Forms) -> Iterator[tuple[Any, ...]]:
    for offer in one.offers:
        yield (
            clusters + 1 + one.number,
            offer.direction,
            offer.kind,
            offer.title,
            offer.summary,
            "",
            "",
            one.language,
            [],
            [],
            "",
            "",
            [],
            [],
            [],
            offer.is_open,
            False,
            "published",
            "",
            f"{offer.title}\n\n{offer.summary}",
            [],
            1,
            forms.vector(offer.title, "", offer.summary),
        )


def make_readers(rows: int) -> dict[str, Any]:
    """Return who asks: a manager of the first cluster, one of its members, a stranger.

    The cluster has a partnership with two others, each of which shares its member list.
    """
    from proxeny.accounts.models import Person, Seat
    from proxeny.accounts.queries import get_reader_of_person
    from proxeny.directory.models import Membership
    from proxeny.kernel.tenancy import GATE, SERVICE, STRANGER, acting_as
    from proxeny.partnerships.models import Partnership, Party, SharingGrant

    member = clusters_of(rows) + 6
    with acting_as(SERVICE):
        people = [
            Person.objects.create(name=name, email=f"{name}@example.org")
            for name in ("manager", "member")
        ]
        Seat.objects.create(person=people[0], organisation_id=1, role="manager", starts_on=SINCE)
        Seat.objects.create(
            person=people[1], organisation_id=member, role="representative", starts_on=SINCE
        )
        Membership.objects.create(cluster_id=1, organisation_id=member, starts_on=SINCE)
        for other in {2, 3} & set(range(clusters_of(rows) + 1)):
            made = Partnership.objects.create(title=f"With {other}", lead_id=1, state="active")
            for side, pk in (("A", 1), ("B", other)):
                Party.objects.create(partnership=made, organisation_id=pk, side=side)
                SharingGrant.objects.create(partnership=made, organisation_id=pk, purpose="to meet")
    with acting_as(GATE):
        readers = [get_reader_of_person(one.pk, today=date(2026, 5, 1)) for one in people]
    return {"manager": readers[0], "member": readers[1], "stranger": STRANGER}
