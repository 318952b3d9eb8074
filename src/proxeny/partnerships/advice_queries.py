"""The register of recommendations: what waits, what became of it, and what came of last year's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import rules
from proxeny.partnerships.evidence import Spot, find_spots
from proxeny.partnerships.models import (
    Action,
    Evidence,
    HealthReview,
    Partnership,
    Recommendation,
)

State, Addressee = Recommendation.State, Recommendation.Addressee
#: “A year ago” is so long ago, give or take.
YEAR, ABOUT = timedelta(days=365), timedelta(days=92)
#: What waits comes first, then what is under way, then what is over.
_ORDER = (
    (State.PROPOSED,), (State.DRAFT,), (State.ACCEPTED, State.AMENDED, State.DOING),
    (State.ADOPTED,), (State.REFUSED, State.DROPPED),
)  # fmt: skip
TONES = {
    State.DRAFT: ("", "pencil"), State.PROPOSED: ("warn", "hourglass"),
    State.ACCEPTED: ("info", "check"), State.AMENDED: ("info", "check"),
    State.REFUSED: ("", "ban"), State.DOING: ("info", "player-play"),
    State.ADOPTED: ("ok", "circle-check"), State.DROPPED: ("", "x"),
}  # fmt: skip


def tone_of(advice: Recommendation) -> dict[str, str]:
    """Return how the state of a recommendation is coloured, and its sign."""
    tone, icon = TONES[State(advice.state)]
    return {"tone": tone, "icon": icon}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the register; nothing: everything."""

    q: str = ""
    state: str = ""
    source: str = ""
    side: str = ""
    review: int | None = None
    study: int | None = None


#: The register of recommendations; unsorted, what waits for a decision stands first.
ADVICE = Rows(
    "recommendations",
    (
        Column("title", gettext_lazy("Recommendation"), lambda one: one.title, ("title",)),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column("source", gettext_lazy("Comes from"), lambda one: one.get_source_display(),
               ("source",)),
        Column("pieces", gettext_lazy("Evidence"), lambda one: one.pieces, ("pieces",), end=True),
        Column("open", gettext_lazy("Open actions"), lambda one: one.open_actions,
               ("open_actions",), end=True),
        Column("written", gettext_lazy("Written on"), lambda one: localtime(one.created_at).date(),
               ("created_at",)),
    ),
)  # fmt: skip


def find_advice(partnership: Partnership, wanted: Wanted) -> QuerySet[Recommendation]:
    """Return recommendations, what waits for a decision first, each with its counts.

    `pieces` is how much evidence there is, `open_actions` how many of its actions are not done.
    """
    found = Recommendation.objects.filter(partnership=partnership, dropped_at=None)
    found = narrow_advice(found, q=wanted.q, state=wanted.state, side=wanted.side)
    if wanted.source:
        found = found.filter(source=wanted.source)
    if wanted.review is not None:
        found = found.filter(source=Recommendation.Source.REVIEW, source_id=wanted.review)
    if wanted.study is not None:
        found = found.filter(source=Recommendation.Source.STUDY, source_id=wanted.study)
    place = Case(
        *(When(state__in=states, then=Value(at)) for at, states in enumerate(_ORDER)),
        default=Value(len(_ORDER)), output_field=IntegerField(),
    )  # fmt: skip
    return with_counts(found).annotate(place=place).order_by("place", "-created_at", "-pk")


def narrow_advice(
    found: QuerySet[Recommendation], *, q: str, state: str, side: str
) -> QuerySet[Recommendation]:
    """Return those with all words, in a state, for a side: its letter, `all` or `company`."""
    for word in q.split():
        found = found.filter(Q(title__icontains=word) | Q(details__icontains=word))
    if state:
        found = found.filter(state=state)
    if side == Addressee.ALL:
        return found.exclude(addressee__in=(Addressee.ONE, Addressee.COMPANY))
    if side == Addressee.COMPANY:
        return found.filter(addressee=Addressee.COMPANY)
    return found.filter(party__side=side) if side else found


def with_counts(found: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Return recommendations with `pieces` and `open_actions`, and who is to act."""
    counted = found.annotate(pieces=_count_evidence(), open_actions=_count_actions())
    return counted.select_related("party__organisation", "organisation")


def _count_evidence() -> Any:
    rows = Evidence.objects.filter(recommendation=OuterRef("pk")).order_by()
    return _count(rows.values("recommendation"))


def _count_actions() -> Any:
    rows = Action.objects.filter(
        partnership=OuterRef("partnership"), origin=Action.Origin.RECOMMENDATION,
        origin_id=OuterRef("pk"), dropped_at=None, done_on=None,
    ).order_by()  # fmt: skip
    return _count(rows.values("origin_id"))


def _count(rows: QuerySet[Any, Any]) -> Any:
    counted = rows.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_of_review(review: HealthReview) -> int:
    """Return how many recommendations come from a review. One query."""
    return Recommendation.objects.filter(
        partnership_id=review.partnership_id, source=Recommendation.Source.REVIEW,
        source_id=review.pk, dropped_at=None,
    ).count()  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearAgo:
    """What was recommended about a year ago, and what came of it."""

    since: date
    until: date
    rows: tuple[Recommendation, ...]
    #: How many were adopted, are under way, wait, or are over without.
    counts: Mapping[str, int]


def look_back(partnership: Partnership, *, today: date, companies: bool = True) -> YearAgo:
    """Return what was proposed about a year ago with what came of it. One query.

    Without `companies` nothing that a company was advised: it is not for everybody.
    """
    since, until = today - YEAR - ABOUT, today - YEAR + ABOUT
    rows = Recommendation.objects.filter(
        partnership=partnership, dropped_at=None, created_at__date__range=(since, until)
    ).exclude(state=State.DRAFT)  # fmt: skip
    if not companies:
        rows = rows.filter(rules.FOR_PARTIES)
    rows = rows.select_related("party__organisation", "organisation")
    found = tuple(rows.order_by("created_at", "pk"))
    return YearAgo(since, until, found, _count_outcomes(found))


def _count_outcomes(rows: Iterable[Recommendation]) -> dict[str, int]:
    what = {
        State.ADOPTED: "adopted", State.ACCEPTED: "under_way", State.AMENDED: "under_way",
        State.DOING: "under_way", State.PROPOSED: "waits", State.REFUSED: "over",
        State.DROPPED: "over",
    }  # fmt: skip
    counts = Counter(what[State(one.state)] for one in rows)
    return {name: counts[name] for name in ("adopted", "under_way", "waits", "over")}


def get_own_advice(reader: Reader, advice_id: int) -> Recommendation:
    """Return what the reader's own company is advised, once it is proposed; else `NotFound`."""
    found = Recommendation.objects.filter(pk=advice_id, dropped_at=None)
    one = found.exclude(state=State.DRAFT).select_related("organisation").first()
    if one is None or not rules.is_own_advice(reader, one):
        raise NotFound(gettext("There is no such recommendation."))
    return one


def list_evidence(advice: Recommendation) -> list[Evidence]:
    """Return what a recommendation rests on, in the order it was added. One query."""
    return list(Evidence.objects.filter(recommendation=advice).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence, and where the reader can see it; `url` is empty where they cannot."""

    evidence: Evidence
    url: str
    label: str = ""
    is_table: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether it stands somewhere else."""
        return bool(self.evidence.url)


def tell_evidence(reader: Reader, pieces: Iterable[Evidence]) -> list[Piece]:
    """Return evidence with the way to it. As many queries as there are kinds of targets."""
    pieces = list(pieces)
    found, nowhere = find_spots(reader, pieces), Spot("")
    return [
        Piece(one, spot.url, spot.label, spot.is_table)
        for one in pieces
        for spot in (found.get(one.pk, nowhere),)
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a recommendation's way: `done`, `current` or `todo`."""

    label: Any
    state: str
    note: Any = ""


_WAY = (_("Draft"), _("Proposed"), _("Decided"), _("In progress"), _("Adopted"))
_REACHED = {
    State.DRAFT: 0, State.PROPOSED: 1, State.ACCEPTED: 2, State.AMENDED: 2, State.REFUSED: 2,
    State.DOING: 3, State.ADOPTED: 4, State.DROPPED: 3,
}  # fmt: skip


def tell_way(advice: Recommendation) -> list[Step]:
    """Return the steps of a recommendation; one that was refused or dropped ends there."""
    state = State(advice.state)
    at, labels = _REACHED[state], list(_WAY)
    if state in (State.REFUSED, State.DROPPED):
        labels = [*labels[:at], state.label]
    elif state == State.AMENDED:
        labels[2] = state.label
    return [
        Step(
            label,
            "done" if place < at or state == State.ADOPTED else "current" if place == at else "todo",
            (advice.adopted_on if place == 4 else advice.decided_on if place == 2 else None) or "",
        )
        for place, label in enumerate(labels)
    ]  # fmt: skip
