"""New rows that look like entries of the cluster: proposed, for a person to decide."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection

from proxeny.directory.identifiers import write_key
from proxeny.directory.likeness import Entry, bare_words, judge, site_of
from proxeny.directory.models import Identifier, Organisation
from proxeny.directory.operations import staging

#: At most so many proposals of one import, and of one row.
MAX_PAIRS = 20_000
_PAIRS_A_ROW = 5
_BATCH = 2000
#: The row's number in the comparison: larger than any entry's, so that the entry comes first.
_ROW = 2**62

_TABLE = """
DROP TABLE IF EXISTS pg_temp.import_known;
CREATE TEMPORARY TABLE import_known (
    id bigint NOT NULL, country text NOT NULL, packed text NOT NULL, sorted_words text NOT NULL,
    domain text NOT NULL
) ON COMMIT DROP
"""
_INDEXES = """
CREATE INDEX ON import_known (domain) WHERE domain <> '';
CREATE INDEX ON import_known (country, sorted_words);
CREATE INDEX ON import_known (country, left(packed, 6));
CREATE INDEX ON import_known (country, right(packed, 6));
ANALYZE import_known
"""
# The blocks of `likeness`, each with a largest size: what many share says nothing of any two.
_CANDIDATES = """
SELECT r.row, r.said ->> 'name', r.country, r.said ->> 'city', r.said ->> 'website', r.numbers, k.id
FROM import_row r CROSS JOIN LATERAL (
    (SELECT id FROM import_known k WHERE r.domain <> '' AND k.domain = r.domain LIMIT 20)
    UNION
    (SELECT id FROM import_known k
     WHERE k.country = r.country AND k.sorted_words = r.sorted_words LIMIT 20)
    UNION
    (SELECT id FROM import_known k
     WHERE k.country = r.country AND left(k.packed, 6) = left(r.packed, 6) LIMIT 24)
    UNION
    (SELECT id FROM import_known k
     WHERE k.country = r.country AND right(k.packed, 6) = right(r.packed, 6) LIMIT 24)
) k
WHERE r.fate = 'new' AND r.row > %s AND r.row <= %s
"""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A new row that looks like an entry; evidence and score as `likeness.judge` gives them."""

    row: int
    name: str
    organisation_id: int
    known_as: str
    score: float
    evidence: dict[str, Any]


def find_alike(cluster_id: int, *, apart: Iterable[tuple[int, int]] = ()) -> Iterator[Likeness]:
    """Yield new rows with the entries they look like, at most `MAX_PAIRS`.

    Pairs of row and entry in `apart` were decided: they are left out.
    """
    if not staging.select("SELECT 1 FROM import_row WHERE fate = 'new' LIMIT 1"):
        return
    if not _lay_known(cluster_id):
        return
    decided, found, last = set(apart), 0, 0
    for batch in staging.rows_of("new"):
        candidates = staging.select(_CANDIDATES, [last, batch[-1][0]])
        last = batch[-1][0]
        for one in _judged(candidates):
            if (one.row, one.organisation_id) not in decided:
                yield one
                found += 1
                if found >= MAX_PAIRS:
                    return


def _lay_known(cluster_id: int) -> int:
    """Lay the names and domains of the cluster's entries beside the rows; return how many."""
    staging.run(_TABLE)
    kept = Organisation.objects.filter(steward_id=cluster_id, merged_into=None).order_by("pk")
    count, last = 0, 0
    while some := list(
        kept.filter(pk__gt=last).values_list("pk", "country", "name", "website")[:_BATCH]
    ):
        with connection.cursor() as cursor, cursor.copy("COPY import_known FROM STDIN") as copy:
            for pk, country, name, website in some:
                words = bare_words.__wrapped__(name)
                copy.write_row(
                    [
                        pk,
                        country,
                        "".join(words)[:400],
                        " ".join(sorted(words))[:400],
                        site_of.__wrapped__(website) if website else "",
                    ]
                )
        count, last = count + len(some), some[-1][0]
    staging.run(_INDEXES)
    return count


def _judged(candidates: Sequence[tuple[Any, ...]]) -> Iterator[Likeness]:
    known = _entries({one[-1] for one in candidates})
    by_row: dict[int, list[Likeness]] = {}
    for row, name, country, city, website, numbers, pk in candidates:
        entry = Entry(_ROW, name, country, city or "", website or "", (), numbers)
        pair = judge(known[pk], entry)
        if pair is not None:
            by_row.setdefault(row, []).append(
                Likeness(row, name, pk, known[pk].name, pair.score, pair.evidence)
            )
    for found in by_row.values():
        yield from sorted(found, key=lambda one: -one.score)[:_PAIRS_A_ROW]


def _entries(ids: Iterable[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for some in batched(sorted(ids), _BATCH):
        numbers: dict[int, list[str]] = {}
        kept = Identifier.objects.filter(organisation__in=some)
        for pk, scheme, value in kept.values_list("organisation", "scheme", "value"):
            numbers.setdefault(pk, []).append(write_key(scheme, value))
        columns = ("pk", "name", "country", "city", "website", "former_names")
        for pk, *said in Organisation.objects.filter(pk__in=some).values_list(*columns):
            facts: list[Any] = [*said, numbers.get(pk, ())]
            found[pk] = Entry(pk, *facts)
    return found
