"""The outcomes of studies' recommendations: across all studies of a room, and a year later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from proxeny.partnerships.advice_queries import YEAR, narrow_advice, with_counts
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.share_chart import Piece, draw_bar
from proxeny.research.models import AdviceReview, Study

Source, State = Recommendation.Source, Recommendation.State
#: By what the table is sorted; with a minus before it the other way round.
SORTS = {
    "study": "study",
    "title": "title",
    "decided": "decided_on",
    "state": "state",
    "open": "open_actions",
    "written": "created_at",
    "looked": "looked_on",
}
#: So many stand in the yearly review at once.
MOST_DUE = 50
#: How states stand beside each other in the picture, from what is done to what is over.
ORDER = (
    State.ADOPTED,
    State.DOING,
    State.ACCEPTED,
    State.AMENDED,
    State.PROPOSED,
    State.DRAFT,
    State.REFUSED,
    State.DROPPED,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for recommendations; empty for all."""

    q: str = ""
    state: str = ""
    study: int | None = None
    year: int | None = None
    side: str = ""
    sort: str = "-written"

    @property
    def is_narrowed(self) -> bool:
        """Whether something is looked for."""
        return any((self.q, self.state, self.study, self.year, self.side))


def of_studies(*partnership_ids: int) -> QuerySet[Recommendation]:
    """Return the recommendations of all studies of rooms, except archived ones.

    Each with `study`, the title of its study, and `looked_on` and `looked_note` of its last review.
    """
    study = Study.objects.filter(pk=OuterRef("source_id")).values("title")
    looks = AdviceReview.objects.filter(recommendation=OuterRef("pk")).order_by("-looked_on", "-pk")
    return Recommendation.objects.filter(
        partnership_id__in=partnership_ids, source=Source.STUDY, dropped_at=None
    ).annotate(
        study=Subquery(study[:1]),
        looked_on=Subquery(looks.values("looked_on")[:1]),
        looked_note=Subquery(looks.values("note")[:1]),
    )


def find_fates(partnership_id: int, wanted: Wanted) -> QuerySet[Recommendation]:
    """Return the matching recommendations, sorted, each with its counts. One query when read."""
    found = _narrow(of_studies(partnership_id), wanted)
    name = wanted.sort.removeprefix("-")
    column = F(SORTS.get(name, "created_at"))
    is_down = wanted.sort.startswith("-")
    order = column.desc(nulls_last=True) if is_down else column.asc(nulls_last=True)
    return with_counts(found).order_by(order, "-pk")


def _narrow(found: QuerySet[Recommendation], wanted: Wanted) -> QuerySet[Recommendation]:
    found = narrow_advice(found, q=wanted.q, state=wanted.state, side=wanted.side)
    if wanted.study:
        found = found.filter(source_id=wanted.study)
    if wanted.year:
        found = found.filter(created_at__year=wanted.year)
    return found


def studies_of(partnership_id: int) -> list[tuple[int, str]]:
    """Return the studies of a room that may have recommended something. One query."""
    found = Study.objects.filter(partnership_id=partnership_id, dropped_at=None)
    return list(found.order_by("title", "pk").values_list("pk", "title"))


def years_of(partnership_id: int) -> list[int]:
    """Return the years in which studies recommended something, the newest first. One query."""
    found = Recommendation.objects.filter(
        partnership_id=partnership_id, source=Source.STUDY, dropped_at=None
    )
    return [one.year for one in found.dates("created_at", "year", order="DESC")]


@dataclass(frozen=True, slots=True)
class Picture:
    """The numbers of recommendations by state: as one bar, and in words."""

    total: int
    counts: tuple[tuple[str, Any, int], ...]
    pieces: Sequence[Piece]


def draw_states(partnership_id: int, wanted: Wanted, *, is_rtl: bool) -> Picture:
    """Return the number of matching recommendations in each state. One query."""
    found = Recommendation.objects.filter(
        partnership_id=partnership_id, source=Source.STUDY, dropped_at=None
    )
    rows = _narrow(found, wanted).order_by().values("state").annotate(count=Count("pk"))
    by_state = dict(rows.values_list("state", "count"))
    counts = tuple(
        (str(one.value), one.label, by_state[one.value]) for one in ORDER if one.value in by_state
    )
    pieces = draw_bar([(code, label, Decimal(n)) for code, label, n in counts], is_rtl=is_rtl)
    return Picture(sum(by_state.values()), counts, pieces)


def find_due(*partnership_ids: int, today: date) -> QuerySet[Recommendation]:
    """Return recommendations at least a year old without a review since, the oldest first.

    What waits or is under way is looked at each year; what was adopted once, a year after. What was
    refused or dropped is over.
    """
    year_ago = today - YEAR
    not_since = Q(looked_on=None) | Q(looked_on__lte=year_ago)
    going_on = Q(state__in=(State.PROPOSED, State.ACCEPTED, State.AMENDED, State.DOING))
    done = Q(state=State.ADOPTED, adopted_on__lte=year_ago)
    not_since_done = Q(looked_on=None) | Q(looked_on__lte=F("adopted_on"))
    found = of_studies(*partnership_ids).filter(created_at__date__lte=year_ago)
    found = found.filter((going_on & not_since) | (done & not_since_done))
    return found.select_related("party__organisation", "organisation").order_by("created_at", "pk")


def list_looks(advice: Recommendation) -> list[AdviceReview]:
    """Return the reviews of a recommendation, the last first. One query."""
    found = AdviceReview.objects.filter(recommendation=advice).select_related("person")
    return list(found.order_by("-looked_on", "-pk"))


def table_of(rows: Iterable[Recommendation]) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the outcomes of recommendations as a table for a spreadsheet."""
    header = [
        _("Study"),
        _("Recommendation"),
        _("Who should act"),
        _("State"),
        _("Written on"),
        _("Decided on"),
        _("Reason"),
        _("Pieces of evidence"),
        _("Open actions"),
        _("Adopted on"),
        _("How it’s implemented and where to see it"),
        _("Last follow-up"),
        _("Follow-up"),
    ]
    return header, (_row(one) for one in rows)


def _row(one: Any) -> list[Any]:
    who = one.party.organisation.name if one.party else one.get_addressee_display()
    return [
        one.study or "",
        one.title,
        who,
        one.get_state_display(),
        localdate(one.created_at),
        one.decided_on,
        one.reason,
        one.pieces,
        one.open_actions,
        one.adopted_on,
        one.adoption,
        one.looked_on,
        one.looked_note or "",
    ]
