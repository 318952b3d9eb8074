"""Report of a partnership's desks: activity by member, outcomes, and what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.ambassadors.queries.cases import find_cases, with_names
from proxeny.ambassadors.queries.totals import Outcomes, Totals, add_up, read_totals
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.queries.outcome import Chain
from proxeny.meetings.queries.terms import Terms
from proxeny.partnerships.models import Partnership, Party, Placement
from proxeny.partnerships.placement_queries import stays_of_year

State, Closed = Introduction.State, Introduction.Closed
#: So many agreements are told one by one, the newest first, and so many next steps.
MOST_AGREED = 30
MOST_DUE = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """One cluster's desk as a whole."""

    party: Party
    totals: Totals
    chain: Chain
    terms: Terms

    @property
    def name(self) -> str:
        """The name of its cluster."""
        return self.party.organisation.name


@dataclass(frozen=True, slots=True)
class Row:
    """Activity and outcomes for one member."""

    member_id: int
    name: str
    mandates: int
    noted: int
    asked: int
    agreed: int
    put_aside: int
    refused_by_member: int
    refused_by_other: int
    chain: Chain
    terms: Terms

    @property
    def refused(self) -> int:
        """The number of its introductions that one of the two declined."""
        return self.refused_by_member + self.refused_by_other


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement that a meeting led to."""

    member: Organisation
    stakeholder: Organisation
    rating: Rating


@dataclass(frozen=True, slots=True)
class Report:
    """Report of a partnership's desks, as one side reads it.

    `desks` has each side's totals, the reader's own first; everything else covers the own desk
    alone, except `stays`, which both sides agreed on.
    """

    partnership: Partnership
    days: Days
    desks: Sequence[Desk]
    rows: Sequence[Row]
    agreed: Sequence[Agreed]
    stays: Sequence[Placement]
    due: Sequence[Introduction]

    @property
    def own(self) -> Desk:
        """The reader's own desk."""
        return self.desks[0]

    @property
    def is_empty(self) -> bool:
        """Whether no desk has done anything yet."""
        return not any(one.totals.has_begun or one.chain.planned for one in self.desks)


def read_report(
    reader: Reader,
    partnership: Partnership,
    parties: Sequence[Party],
    mine: Party,
    days: Days,
    *,
    today: date,
) -> Report:
    """Return the report of some days for the team of one side, in a constant number of queries.

    Notes, mandates and introductions count on the day they were made, answers on the day they came,
    and meetings, with all their later ratings, on the day they began. Open, late and due items are
    those of today.

    Raises
    ------
    NotFound
        The reader is not of this side's team, or not in the room.
    """
    pk, cluster_id = partnership.pk, mine.organisation_id
    if pk not in reader.rooms or cluster_id not in reader.organisations:
        raise NotFound(_("We couldn’t find this partnership."))
    with as_service("A room's team may read all its meetings, but policies check each row."):
        outcomes = add_up(pk, days, _keys(pk, cluster_id))
        agreed = _agreed(pk, cluster_id, days)
    return Report(
        partnership,
        days,
        agreed=agreed,
        desks=_desks(parties, mine, outcomes, read_totals(pk, days, today=today)),
        rows=_rows(pk, cluster_id, days, outcomes),
        stays=stays_of_year(partnership, days.since or date.min, days.until or date.max),
        due=_due(pk, cluster_id),
    )


def _keys(partnership_id: int, cluster_id: int) -> QuerySet[Any]:
    """Return the desks' meetings, keyed by the member, or by minus the other desk's id.

    The key 0 is for own meetings whose introduction is looking for another time.
    """
    own = When(
        desk=cluster_id,
        then=Coalesce("introduction__member_id", Value(0), output_field=BigIntegerField()),
    )
    met = Meeting.objects.filter(partnership_id=partnership_id, desk__isnull=False)
    return met.values_list("pk", Case(own, default=-F("desk_id"), output_field=BigIntegerField()))


def _desks(
    parties: Sequence[Party], mine: Party, outcomes: Outcomes, totals: Sequence[Totals]
) -> list[Desk]:
    """Return the desks that take part or have done something, the own one first."""
    by_cluster = {one.cluster_id: one for one in totals}
    own = [key for key in {*outcomes.chains, *outcomes.terms} if key >= 0]
    return [
        Desk(one, by_cluster[pk], *outcomes.of(*(own if one.pk == mine.pk else [-pk])))
        for one in sorted(parties, key=lambda one: one.pk != mine.pk)
        if (pk := one.organisation_id) in by_cluster
        and (one.state == Party.State.JOINED or by_cluster[pk].has_begun)
    ]


def _cases(partnership_id: int, cluster_id: int) -> QuerySet[Introduction]:
    return Introduction.objects.filter(partnership_id=partnership_id, cluster_id=cluster_id)


def _rows(partnership_id: int, cluster_id: int, days: Days, outcomes: Outcomes) -> list[Row]:
    """Return the own members with any activity, those with most meetings first."""
    cases = _count_cases(_cases(partnership_id, cluster_id), days)
    mandates = _count_mandates(partnership_id, cluster_id, days)
    met = (key for key in outcomes.chains if key > 0)
    names = dict(
        Organisation.objects.filter(pk__in={*cases, *mandates, *met}).values_list("pk", "name")
    )
    counts: Iterable[list[Any]] = (
        [pk, name, mandates.get(pk, 0), *cases.get(pk, (0,) * 6), *outcomes.of(pk)]
        for pk, name in names.items()
    )
    rows = [Row(*one) for one in counts]
    rows.sort(key=lambda one: (-one.chain.held, -one.agreed, -one.noted, one.name, one.member_id))
    return rows


def _count_cases(cases: QuerySet[Introduction], days: Days) -> Mapping[int, Sequence[int]]:
    """Return how many were noted, asked, agreed and ended by each of the three, by member."""
    counted = (
        cases.order_by()
        .values_list("member_id")
        .annotate(
            noted=Count("pk", filter=_made("opened_at", days)),
            asked=Count("pk", filter=_made("asked_at", days)),
            agreed=Count("pk", filter=_made("agreed_at", days)),
            put_aside=Count("pk", filter=_ended(Closed.DESK, days)),
            by_member=Count("pk", filter=_ended(Closed.MEMBER, days)),
            by_other=Count("pk", filter=_ended(Closed.STAKEHOLDER, days)),
        )
    )
    return {pk: counts for pk, *counts in counted if any(counts)}


def _made(field: str, days: Days) -> Q:
    return Q(**{f"{field}__isnull": False}) & days.holds(field)


def _ended(by: str, days: Days) -> Q:
    return Q(state=State.CLOSED, closed_by=by) & days.holds("changed_at")


def _count_mandates(partnership_id: int, cluster_id: int, days: Days) -> Mapping[int, int]:
    asked = Mandate.objects.filter(
        days.holds("asked_at"), partnership_id=partnership_id, cluster_id=cluster_id
    )
    return dict(asked.order_by().values_list("member_id").annotate(Count("pk")))


def _agreed(partnership_id: int, cluster_id: int, days: Days) -> list[Agreed]:
    """Return the own desk's last agreements; each meeting's once, with the higher worth."""
    said = Rating.objects.filter(
        days.holds("party__meeting__starts_at"),
        value=Rating.Value.AGREEMENT,
        party__meeting__introduction__partnership_id=partnership_id,
        party__meeting__introduction__cluster_id=cluster_id,
    )
    once = said.order_by("party__meeting_id", F("worth").desc(nulls_last=True), "pk")
    found = Rating.objects.filter(pk__in=once.distinct("party__meeting_id").values("pk"))
    rows = found.select_related(
        "party__organisation",
        "party__meeting__introduction__member",
        "party__meeting__introduction__stakeholder",
    ).order_by("-rated_at", "-pk")[:MOST_AGREED]
    cases = [(one.party.meeting.introduction, one) for one in rows]
    return [Agreed(case.member, case.stakeholder, one) for case, one in cases]


def _due(partnership_id: int, cluster_id: int) -> list[Introduction]:
    """Return the own open cases with a next step or a day, those that are due first."""
    found = find_cases(partnership_id, cluster_id).exclude(next_step="", next_on=None)
    return list(with_names(found)[:MOST_DUE])
