"""Outcomes of meetings, from planned to agreement: counted in the database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Min, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from psycopg import sql

from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.rules import (
    DAY_VALUES,
    LATER_VALUES,
    OPEN,
    REFERENCE_AGREEMENTS,
    REFERENCE_COOPERATIONS,
    REFERENCE_MEETINGS,
    wilson_interval,
)
from proxeny.partnerships.queries import get_partnership

#: With fewer known outcomes than this, a rate would mean little.
FEWEST = 5

State = Meeting.State
#: State, best word of the day, best word later (their places in `rules`, or None), whether two
#: parties or more called cooperation possible, and how many.
Counted = tuple[str, int | None, int | None, bool, int]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its limits at 95% (Wilson), all in percent, beside the reference.

    `of` is of how many it is known: what nobody was asked yet, or has not answered, says neither yes
    nor no. Of none, all but the reference is None.
    """

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None
    reference: float


@dataclass(frozen=True, slots=True)
class Chain:
    """Outcomes of a set of meetings, each counted once, by the best rating of its parties.

    `day` and `words` count the answers, in the order of `rules`: the first four on the day, the
    other five later. `rated` and `later` are their sums. `both` counts meetings that two parties or
    more called promising.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    both: int
    day: Mapping[str, int]
    words: Mapping[str, int]
    cooperation_rate: Rate
    agreement_rate: Rate

    @property
    def rated(self) -> int:
        """Meetings of which somebody said on the day how they went."""
        return sum(self.day.values())

    @property
    def possible(self) -> int:
        """Meetings after which one party or more called cooperation possible."""
        return self.day[Rating.Value.POSSIBLE]

    @property
    def later(self) -> int:
        """Meetings with a reported outcome."""
        return sum(self.words.values())

    @property
    def said(self) -> int:
        """Meetings of which somebody said on the day how they went, and that took place."""
        return self.rated - self.day[Rating.Value.NOT_HELD]

    @property
    def held_unknown(self) -> int:
        """Meetings planned that are to come, or of which nobody has said whether they took place."""
        return self.planned - self.held - self.missed

    @property
    def outcome_unknown(self) -> int:
        """Past meetings without a reported outcome."""
        return max(0, self.held - self.later)

    @property
    def cooperations(self) -> int:
        """Meetings that led to cooperation: talks on an agreement, or one."""
        return self.cooperation_rate.count

    @property
    def agreements(self) -> int:
        """Meetings that led to an agreement."""
        return self.agreement_rate.count

    @property
    def is_thin(self) -> bool:
        """Whether too few outcomes are known for a meaningful rate."""
        return self.later < FEWEST


def count_outcome(meetings: QuerySet[Meeting]) -> Chain:
    """Count the outcomes of meetings. One query, however many there are.

    As far as the reader sees what was said of them: the teams of the clusters see all of it.
    """
    return chain_of(row for _key, row in count_by(meetings))


def count_partnership_outcome(reader: Reader, partnership_id: int) -> Chain:
    """Count the outcomes of all meetings of a partnership, for people of its clusters.

    Raises
    ------
    NotFound, NotAllowed
        No such partnership; not of its clusters, or they have not signed.
    """
    get_partnership(partnership_id)
    if partnership_id not in reader.rooms:
        raise NotAllowed(_("Only people from the clusters can see what came of it."))
    return count_outcome(shown_meetings(partnership_id))


def shown_meetings(partnership_id: int) -> QuerySet[Meeting]:
    """Return the business meetings of a partnership that were ever shown to participants."""
    meetings = Meeting.objects.filter(partnership_id=partnership_id, kind=Meeting.Kind.BUSINESS)
    return meetings.exclude(state__in=OPEN)


_COUNT = sql.SQL(
    "SELECT {key}, m.state, m.day, m.later, m.possible > 1, count(*)"
    " FROM ({meetings}) AS m (id, state, day, later, possible){join} GROUP BY 1, 2, 3, 4, 5"
)
_JOIN = sql.SQL(" LEFT JOIN ({}) AS k (meeting_id, key) ON k.meeting_id = m.id")
#: Where several keys were found, the lowest counts.
_JOIN_FIRST = sql.SQL(
    " LEFT JOIN (SELECT meeting_id, min(key) FROM ({}) AS f (meeting_id, key)"
    " GROUP BY meeting_id) AS k (meeting_id, key) ON k.meeting_id = m.id"
)


def count_by(
    meetings: QuerySet[Meeting], pairs: Sequence[QuerySet[Any]] = ()
) -> list[tuple[str | None, Counted]]:
    """Count meetings by key, state and words. One query, whose answer has few rows.

    Written by hand around what the ORM makes: it cannot count rows that it has grouped before.

    Parameters
    ----------
    pairs : sequence of QuerySet
        Rows of meeting and key. A meeting counts for each of its keys in one such set; of several
        sets, the lowest key counts.
    """
    text, params = _best_words(meetings).query.sql_with_params()
    join, key, more = join_keys(pairs)
    query = _COUNT.format(key=key, meetings=sql.SQL(text), join=join)
    with connection.cursor() as cursor:
        cursor.execute(query, (*params, *more))
        return [(row[0], row[1:]) for row in cursor.fetchall()]


def join_keys(
    pairs: Sequence[QuerySet[Any]],
) -> tuple[sql.Composable, sql.Composable, tuple[Any, ...]]:
    """Return how rows of meeting and key are joined to meetings `m`, the key, and the values."""
    if not pairs:
        return sql.SQL(""), sql.SQL("NULL::text"), ()
    parts = [one.order_by().query.sql_with_params() for one in pairs]
    found = sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(sql.SQL(one)) for one, _ in parts)
    join = (_JOIN_FIRST if len(parts) > 1 else _JOIN).format(found)
    return join, sql.SQL("k.key::text"), tuple(value for _, values in parts for value in values)


def _best_words(meetings: QuerySet[Meeting]) -> QuerySet[Any]:
    """Return id, state, the places of the best words on the day and later, and how many parties
    called cooperation possible; a row each."""
    said = Q(parties__ratings__value=Rating.Value.POSSIBLE)
    return (
        meetings.order_by()
        .annotate(
            day=Min(_place(DAY_VALUES)),
            later=Min(_place(LATER_VALUES)),
            possible=Count("parties__ratings", filter=said),
        )
        .values_list("pk", "state", "day", "later", "possible")
    )


def _place(values: Iterable[str]) -> Case:
    return Case(
        *(When(parties__ratings__value=value, then=Value(at)) for at, value in enumerate(values))
    )


def chain_of(rows: Iterable[Counted]) -> Chain:
    """Add up what was counted."""
    states: Counter[str] = Counter()
    days: Counter[int | None] = Counter()
    words: Counter[int | None] = Counter()
    both = 0
    for state, day, later, is_both, count in rows:
        states[state] += count
        days[day] += count
        words[later] += count
        both += count if is_both else 0
    said = {value.value: words[at] for at, value in enumerate(LATER_VALUES)}
    agreements, later = said[Rating.Value.AGREEMENT], sum(said.values())
    cooperations = agreements + said[Rating.Value.NEGOTIATING]
    return Chain(
        planned=states.total() - states[State.CANCELLED],
        cancelled=states[State.CANCELLED],
        held=states[State.HELD],
        missed=states[State.MISSED],
        both=both,
        day={value.value: days[at] for at, value in enumerate(DAY_VALUES)},
        words=said,
        cooperation_rate=rate_of(cooperations, later, REFERENCE_COOPERATIONS),
        agreement_rate=rate_of(agreements, later, REFERENCE_AGREEMENTS),
    )


def rate_of(count: int, of: int, reference: int) -> Rate:
    """Return a rate beside the reference's, which is a number of `REFERENCE_MEETINGS`."""
    reference_percent = 100 * reference / REFERENCE_MEETINGS
    if not of:
        return Rate(count, of, None, None, None, reference_percent)
    low, high = wilson_interval(count, of)
    return Rate(count, of, 100 * count / of, 100 * low, 100 * high, reference_percent)
