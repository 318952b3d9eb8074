"""Agreements after meetings: how many of each kind, and their value."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from psycopg import sql

from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.queries.outcome import join_keys

#: Kind, currency (empty without a worth), how many, and what they are worth together.
CountedTerms = tuple[str, str, int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Worth:
    """Total value of a number of agreements, in one currency."""

    currency: str
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Agreements: `kinds` by their codes, those that occur; `worths` by currency."""

    kinds: dict[str, int]
    worths: tuple[Worth, ...]


def count_terms(
    meetings: QuerySet[Meeting], pairs: Sequence[QuerySet[Any]] = (), *, by_party: bool = False
) -> list[tuple[str | None, CountedTerms]]:
    """Count agreements by key, kind and currency. One query.

    Each meeting counts once for each key. Where several parties name a worth, one of them counts:
    in the partnership's own currency before others, then the higher, then the earlier.

    Parameters
    ----------
    pairs : sequence of QuerySet
        Rows of meeting and key, as in `count_by`.
    by_party : bool
        The rows are of party and key: only that party's own words count for its key.
    """
    text, params = _agreed(meetings, by_party).query.sql_with_params()
    join, key, more = join_keys(pairs)
    query = _COUNT.format(key=key, agreed=sql.SQL(text), join=join)
    with connection.cursor() as cursor:
        cursor.execute(query, (*params, *more))
        return [(row[0], row[1:]) for row in cursor.fetchall()]


_COUNT = sql.SQL(
    "SELECT key, agreed, currency, count(*), sum(worth) FROM ("
    "SELECT DISTINCT ON ({key}, m.meeting_id) {key} AS key, m.agreed, m.currency, m.worth"
    " FROM ({agreed}) AS m (id, meeting_id, agreed, currency, worth, place, rating_id){join}"
    " ORDER BY {key}, m.meeting_id, m.place, m.worth DESC NULLS LAST, m.rating_id) AS one"
    " GROUP BY 1, 2, 3"
)


def _agreed(meetings: QuerySet[Meeting], by_party: bool) -> QuerySet[Any]:
    """Return what was agreed, with the number that keys are joined by; the own currency first."""
    place = Case(
        When(worth=None, then=Value(2)),
        When(currency=F("party__meeting__partnership__currency"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = Rating.objects.filter(value=Rating.Value.AGREEMENT, party__meeting__in=meetings)
    return found.order_by().values_list(
        F("party_id") if by_party else F("party__meeting_id"),
        F("party__meeting_id"),
        "agreed",
        "currency",
        "worth",
        place,
        "pk",
    )


def terms_of(rows: Iterable[CountedTerms]) -> Terms:
    """Add up counted terms: kinds in the order of their choices, the commonest currency first."""
    kinds: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    for kind, currency, count, worth in rows:
        kinds[kind] += count
        if worth is not None:
            counts[currency] += count
            sums[currency] = sums.get(currency, Decimal(0)) + worth
    # Of ratings from before kinds were asked for none is known.
    order: Sequence[str] = [*Rating.Agreed.values, ""]
    return Terms(
        {kind: kinds[kind] for kind in order if kinds[kind]},
        tuple(
            Worth(code, amount, counts[code])
            for code, amount in sorted(sums.items(), key=lambda one: (-counts[one[0]], one[0]))
        ),
    )
