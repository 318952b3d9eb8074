"""From requests to agreement: the outcomes of a partnership's meetings, in total and by group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.meetings.outcome_days import Days, refuse_wrong_days
from proxeny.meetings.outcome_groups import Counts, count_requests
from proxeny.meetings.queries.catch_ups import enter_room
from proxeny.meetings.queries.funnel_groups import BY_PARTY, GROUPS, KINDS, MEMBER, Keys
from proxeny.meetings.queries.outcome import Chain, Counted, chain_of, count_by, shown_meetings
from proxeny.meetings.queries.terms import CountedTerms, Terms, count_terms, terms_of
from proxeny.partnerships.models import Party


@dataclass(frozen=True, slots=True)
class Group:
    """Meetings of one member, sector, ambassador, event or source.

    `kind` is `own`, `side` for another party's total, or `rest` for those that belong to no group.
    `key` is the number of the member, cluster, person or event, the letter of the sector, or the
    name of the source; empty for the rest. By member and sector, `terms` are those that the group
    itself reported.
    """

    kind: str
    key: str
    label: str
    chain: Chain
    terms: Terms


@dataclass(frozen=True, slots=True)
class Funnel:
    """Outcomes of a partnership's meetings within some days, in total and by group.

    `counts` holds the requests and invitations before the meetings.
    """

    by: str
    since: date | None
    until: date | None
    counts: Counts
    chain: Chain
    terms: Terms
    groups: tuple[Group, ...]


def groups_for(reader: Reader, partnership_id: int) -> tuple[str, ...]:
    """Return the groupings of a partnership's meetings that a reader may use.

    Only managers see the source of a meeting, while the partnership lasts.
    """
    return GROUPS if partnership_id in reader.steered else GROUPS[:-1]


def read_funnel(
    reader: Reader,
    partnership_id: int,
    *,
    by: str = MEMBER,
    since: date | None = None,
    until: date | None = None,
) -> Funnel:
    """Count the outcomes of a partnership's meetings, for people of its teams.

    A side reads its own members and ambassadors by name, and of each other side the total alone.
    As many queries for one meeting as for many: they are counted in the database.

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
    days = Days(_zone_of(reader), since, until)
    meetings = shown_meetings(partnership_id).filter(days.holds("starts_at"))
    parties = Party.objects.filter(partnership_id=partnership_id).select_related("organisation")
    keys = Keys(reader, partnership_id, by, list(parties))
    with keys.reading():
        counted = count_by(meetings, keys.of_meetings())
        told = count_terms(meetings, keys.of_words(), by_party=by in BY_PARTY)
    groups = _group(counted, told, keys)
    if by in BY_PARTY:
        # Only a pair of two members puts a meeting into several groups.
        counted, told = count_by(meetings), count_terms(meetings)
    return Funnel(
        by,
        since,
        until,
        count_requests(partnership_id, days),
        chain_of(row for _key, row in counted),
        terms_of(row for _key, row in told),
        groups,
    )


def _check(
    reader: Reader, partnership_id: int, *, by: str, since: date | None, until: date | None
) -> None:
    if by not in GROUPS:
        raise InvalidInput(
            _("Meetings can be grouped by %(names)s.") % {"names": ", ".join(GROUPS)}, field="by"
        )
    if by not in groups_for(reader, partnership_id):
        raise NotAllowed(
            _("Only managers can see who requested a meeting, as long as the partnership lasts.")
        )
    refuse_wrong_days(since, until)


def _zone_of(reader: Reader) -> tzinfo:
    try:
        return load_zone(reader.time_zone)
    except InvalidInput:
        return timezone.get_default_timezone()


def _group(
    counted: Iterable[tuple[str | None, Counted]],
    told: Iterable[tuple[str | None, CountedTerms]],
    keys: Keys,
) -> tuple[Group, ...]:
    """Return the groups: own first, by meetings held, then the other sides' totals and the rest."""
    chains, terms = _by_key(counted), _by_key(told)
    names = keys.name_all(chains)
    groups = [
        Group(
            keys.kind_of(key),
            keys.code_of(key),
            names.get(key) or names[""],
            chain_of(rows),
            terms_of(terms.get(key, ())),
        )
        for key, rows in chains.items()
    ]
    groups.sort(key=lambda one: (KINDS.index(one.kind), -one.chain.held, one.label, one.key))
    return tuple(groups)


def _by_key[Row: (Counted, CountedTerms)](
    counted: Iterable[tuple[str | None, Row]],
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for key, row in counted:
        found.setdefault(key or "", []).append(row)
    return found
