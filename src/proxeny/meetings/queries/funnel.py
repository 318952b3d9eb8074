"""From planned to agreement: what came of a partnership's meetings, as a whole and by groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connection
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from proxeny.directory.models import Organisation
from proxeny.directory.vocabularies import NACE, own_codes, own_label, parents_of
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.outcome_groups import Source, grouping_of, introduced, sources
from proxeny.meetings.queries.catch_ups import enter_room
from proxeny.meetings.queries.outcome import Rate, rate_of, shown_meetings
from proxeny.meetings.rules import (
    DAY_VALUES,
    LATER_VALUES,
    REFERENCE_AGREEMENTS,
    REFERENCE_COOPERATIONS,
)
from proxeny.partnerships.models import Party

#: What meetings can be grouped by.
MEMBER, SECTOR, EVENT, SOURCE = "member", "sector", "event", "source"
GROUPS = (MEMBER, SECTOR, EVENT, SOURCE)
#: The key of own members of whom no sector is known.
UNSAID = "-"
#: Of fewer meetings held, a rate would mean little.
FEWEST = 5

#: What calendars of people reach; beyond, moments overflow in another zone.
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)

State = Meeting.State
#: State, best word of the day, best word later (their places in `rules`, or None), and how many.
_Counted = tuple[str, int | None, int | None, int]


@dataclass(frozen=True, slots=True)
class Chain:
    """What came of a set of meetings, each of which counts once, by the best word of its parties.

    `day` and `words` tell how many had which answer, in the order of `rules`: the first four on
    the day, the other five later. `rated` and `later` are their sums.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
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
        """Meetings of which somebody said later what came of them."""
        return sum(self.words.values())

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
        """Whether so few were held that a rate would mean little."""
        return self.held < FEWEST


@dataclass(frozen=True, slots=True)
class Group:
    """The meetings of one member, sector, event or source.

    `kind` is `own`, `side` for all meetings of another party's members together, or `rest` for
    those that belong to no group. `key` is the number of the member, cluster or event, the letter of
    the sector, or the name of the source; empty for the rest.
    """

    kind: str
    key: str
    label: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Funnel:
    """What came of a partnership's meetings within some days, and of each group of them."""

    by: str
    since: date | None
    until: date | None
    chain: Chain
    groups: tuple[Group, ...]


def groups_for(reader: Reader, partnership_id: int) -> tuple[str, ...]:
    """Return what a reader may group a partnership's meetings by.

    Who asked for a meeting is read by managers alone, while the partnership lasts.
    """
    return GROUPS if partnership_id in reader.steered else GROUPS[:-1]


def read_funnel(
    reader: Reader, partnership_id: int, *, by: str = MEMBER,
    since: date | None = None, until: date | None = None,
) -> Funnel:  # fmt: skip
    """Count what came of a partnership's meetings, for people of its teams.

    A side reads its own members by name, and of each other side the total alone. Eight queries at
    most, however many meetings there are; they are counted in the database.

    Parameters
    ----------
    by : str
        One of `GROUPS`.
    since, until : date, optional
        First and last day on which a meeting began, in the reader's time zone.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        Not of a team of a signed partnership; may not know what was asked for; no such grouping,
        or the last day comes before the first.
    """
    enter_room(reader, partnership_id)
    _check(reader, partnership_id, by=by, since=since, until=until)
    meetings = _best_words(_between(shown_meetings(partnership_id), since, until, _zone_of(reader)))
    parties = list(
        Party.objects.filter(partnership_id=partnership_id).select_related("organisation")
    )
    whole, grouped = _count(meetings), _count(meetings, _pairs(reader, partnership_id, by, parties))
    groups = _group(by, grouped, reader, parties)
    return Funnel(by, since, until, _chain_of(rows for _key, rows in whole), tuple(groups))


def _check(
    reader: Reader, partnership_id: int, *, by: str, since: date | None, until: date | None
) -> None:
    if by not in GROUPS:
        raise InvalidInput(
            _("Meetings can be grouped by %(names)s.") % {"names": ", ".join(GROUPS)}, field="by"
        )
    if by not in groups_for(reader, partnership_id):
        raise NotAllowed(
            _("Who asked for a meeting is known to managers alone, while the partnership lasts.")
        )
    for name, day in (("since", since), ("until", until)):
        if day and not _FIRST <= day <= _LAST:
            raise InvalidInput(
                _("Choose a day of the years %(first)d to %(last)d.")
                % {"first": _FIRST.year, "last": _LAST.year}, field=name,
            )  # fmt: skip
    if since and until and until < since:
        raise InvalidInput(_("The last day comes before the first."), field="until")


def _between(
    meetings: QuerySet[Meeting], since: date | None, until: date | None, zone: tzinfo
) -> QuerySet[Meeting]:
    if since:
        meetings = meetings.filter(starts_at__gte=datetime.combine(since, time.min, zone))
    if until:
        end = datetime.combine(until + timedelta(days=1), time.min, zone)
        meetings = meetings.filter(starts_at__lt=end)
    return meetings


def _zone_of(reader: Reader) -> tzinfo:
    try:
        return load_zone(reader.time_zone)
    except InvalidInput:
        return timezone.get_default_timezone()


def _best_words(meetings: QuerySet[Meeting]) -> QuerySet[Any]:
    """Return id, state, and the places of the best word on the day and later, a row each."""
    return (
        meetings.order_by()
        .annotate(day=Min(_place(DAY_VALUES)), later=Min(_place(LATER_VALUES)))
        .values_list("pk", "state", "day", "later")
    )


def _place(values: Iterable[str]) -> Case:
    return Case(
        *(When(parties__ratings__value=value, then=Value(at)) for at, value in enumerate(values))
    )


def _pairs(
    reader: Reader, partnership_id: int, by: str, parties: Sequence[Party]
) -> list[QuerySet[Any]]:
    """Return rows of meeting and key; a meeting may have several by member or sector alone."""
    if by == MEMBER:
        return [_members(reader, partnership_id, parties)]
    if by == SECTOR:
        return [_sectors(reader, partnership_id, parties)]
    if by == SOURCE:
        return [introduced(partnership_id), *(find(partnership_id) for find in sources())]
    grouping = grouping_of(by)
    return [grouping.pairs(partnership_id)] if grouping else []


def _kept_by(clusters: Collection[int], prefix: str = "organisation") -> Q:
    """Return who belongs to some clusters: those that they keep, and they themselves."""
    return Q(**{f"{prefix}__steward__in": clusters}) | Q(**{f"{prefix}__in": clusters})


def _own(reader: Reader, parties: Sequence[Party]) -> list[int]:
    return [one.organisation_id for one in parties if one.organisation_id in reader.organisations]


def _members(reader: Reader, partnership_id: int, parties: Sequence[Party]) -> QuerySet[Any]:
    """Return who met: own members by their numbers, another side's as minus its cluster's."""
    own = _own(reader, parties)
    others = [one for one in parties if one.organisation_id not in own]
    key = Case(
        When(_kept_by(own), then=F("organisation_id")),
        *(
            When(_kept_by([one.organisation_id]), then=Value(-one.organisation_id))
            for one in others
        ),
    )
    met = MeetingParty.objects.filter(meeting__partnership_id=partnership_id).annotate(key=key)
    return met.exclude(key=None).values_list("meeting_id", "key").distinct()


def _sectors(reader: Reader, partnership_id: int, parties: Sequence[Party]) -> QuerySet[Any]:
    """Return the NACE sections of own members who met, each by the first code that it gives."""
    divisions: dict[str, list[str]] = {}
    for code in own_codes(NACE):
        divisions.setdefault(next(iter(parents_of(NACE, code)), code), []).append(code)
    key = Case(
        *(When(code__in=codes, then=Value(letter)) for letter, codes in divisions.items()),
        default=Value(UNSAID),
    )
    met = MeetingParty.objects.filter(
        _kept_by(_own(reader, parties)), meeting__partnership_id=partnership_id
    )
    met = met.annotate(code=Left("organisation__nace__0", 2), key=key)
    return met.values_list("meeting_id", "key").distinct()


_COUNT = sql.SQL(
    "SELECT {key}, m.state, m.day, m.later, count(*)"
    " FROM ({meetings}) AS m (id, state, day, later){join} GROUP BY 1, 2, 3, 4"
)
_JOIN = sql.SQL(" LEFT JOIN ({}) AS k (meeting_id, key) ON k.meeting_id = m.id")
#: Where several keys were found, the lowest counts.
_JOIN_FIRST = sql.SQL(
    " LEFT JOIN (SELECT meeting_id, min(key) FROM ({}) AS f (meeting_id, key)"
    " GROUP BY meeting_id) AS k (meeting_id, key) ON k.meeting_id = m.id"
)


def _count(
    meetings: QuerySet[Any], pairs: Sequence[QuerySet[Any]] = ()
) -> list[tuple[str | None, _Counted]]:
    """Count meetings by key, state and words. One query, whose answer has few rows.

    Written by hand around what the ORM makes: it cannot count rows that it has grouped before.
    """
    text, params = meetings.query.sql_with_params()
    join, key = sql.SQL(""), sql.SQL("NULL")
    if pairs:
        parts = [one.order_by().query.sql_with_params() for one in pairs]
        found = sql.SQL(" UNION ALL ").join(
            sql.SQL("({})").format(sql.SQL(one)) for one, _ in parts
        )
        join = (_JOIN_FIRST if len(parts) > 1 else _JOIN).format(found)
        key = sql.SQL("k.key::text")
        params = (*params, *(value for _text, values in parts for value in values))
    query = _COUNT.format(key=key, meetings=sql.SQL(text), join=join)
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [(row[0], row[1:]) for row in cursor.fetchall()]


def _chain_of(rows: Iterable[_Counted]) -> Chain:
    states: Counter[str] = Counter()
    days: Counter[int | None] = Counter()
    words: Counter[int | None] = Counter()
    for state, day, later, count in rows:
        states[state] += count
        days[day] += count
        words[later] += count
    said = {value.value: words[at] for at, value in enumerate(LATER_VALUES)}
    agreements, held = said[Rating.Value.AGREEMENT], states[State.HELD]
    cooperations = agreements + said[Rating.Value.NEGOTIATING]
    return Chain(
        planned=states.total() - states[State.CANCELLED],
        cancelled=states[State.CANCELLED],
        held=held,
        missed=states[State.MISSED],
        day={value.value: days[at] for at, value in enumerate(DAY_VALUES)},
        words=said,
        cooperation_rate=rate_of(cooperations, held, REFERENCE_COOPERATIONS),
        agreement_rate=rate_of(agreements, held, REFERENCE_AGREEMENTS),
    )


def _group(
    by: str, counted: Iterable[tuple[str | None, _Counted]], reader: Reader,
    parties: Sequence[Party],
) -> list[Group]:  # fmt: skip
    """Return the groups: own first, by meetings held, then the other sides' totals and the rest."""
    found: dict[str, list[_Counted]] = {}
    for key, row in counted:
        found.setdefault(key or "", []).append(row)
    names = _names(by, [key for key in found if key], parties)
    groups = [
        Group(_kind_of(by, key), _key_of(by, key), names.get(key) or _RESTS[by](), _chain_of(rows))
        for key, rows in found.items()
    ]
    return sorted(
        groups, key=lambda one: (_KINDS.index(one.kind), -one.chain.held, one.label, one.key)
    )


_KINDS = ("own", "side", "rest")
_RESTS = {
    MEMBER: lambda: _("Without a member of yours"),
    SECTOR: lambda: _("Without a member of yours"),
    EVENT: lambda: _("Outside of events"),
    SOURCE: lambda: _("Arranged in another way"),
}


def _kind_of(by: str, key: str) -> str:
    if key in ("", UNSAID):
        return "rest"
    return "side" if by == MEMBER and key.startswith("-") else "own"


def _key_of(by: str, key: str) -> str:
    if by == SOURCE and key:
        return Source(int(key)).name.lower()
    return key.removeprefix("-")


def _names(by: str, keys: Sequence[str], parties: Sequence[Party]) -> dict[str, str]:
    """Return what groups are called. One query, or none."""
    if by == SECTOR:
        return {UNSAID: _("Not said")} | {
            key: own_label(NACE, key) or key for key in keys if key != UNSAID
        }
    numbers = [int(key) for key in keys]
    if by == SOURCE:
        return {str(one): str(Source(one).label) for one in numbers}
    if by == MEMBER:
        named = Organisation.objects.filter(pk__in=[one for one in numbers if one > 0])
        sides = {
            str(-one.organisation_id): _("All members of %(name)s")
            % {"name": one.organisation.name}
            for one in parties
        }
        return sides | {str(pk): name for pk, name in named.values_list("pk", "name")}
    grouping = grouping_of(by)
    return {str(pk): name for pk, name in grouping.name(numbers).items()} if grouping else {}
