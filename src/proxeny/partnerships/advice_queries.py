"""The register of recommendations: open ones, their states, and the outcomes of last year's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.evidence import Spot, find_spots
from proxeny.partnerships.models import (
    Action,
    Agreement,
    Evidence,
    HealthReview,
    Partnership,
    Recommendation,
    SignOff,
)
from proxeny.partnerships.queries import SignedText

State, Addressee = Recommendation.State, Recommendation.Addressee
#: “A year ago” is so long ago, give or take.
YEAR, ABOUT = timedelta(days=365), timedelta(days=92)
#: Waiting ones first, then those under way, then those that are over.
_ORDER = (
    (State.PROPOSED,),
    (State.DRAFT,),
    (State.ACCEPTED, State.AMENDED, State.DOING),
    (State.ADOPTED,),
    (State.REFUSED, State.DROPPED),
)
TONES = {
    State.DRAFT: ("", "pencil"),
    State.PROPOSED: ("warn", "hourglass"),
    State.ACCEPTED: ("info", "check"),
    State.AMENDED: ("info", "check"),
    State.REFUSED: ("", "ban"),
    State.DOING: ("info", "player-play"),
    State.ADOPTED: ("ok", "circle-check"),
    State.DROPPED: ("", "x"),
}


def tone_of(advice: Recommendation) -> dict[str, str]:
    """Return how the state of a recommendation is coloured, and its sign."""
    tone, icon = TONES[State(advice.state)]
    return {"tone": tone, "icon": icon}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Search criteria for the register; empty: everything."""

    q: str = ""
    state: str = ""
    source: str = ""
    side: str = ""
    review: int | None = None
    study: int | None = None


#: The register of recommendations; by default those awaiting a decision come first.
ADVICE = Rows(
    "recommendations",
    (
        Column("title", gettext_lazy("Recommendation"), lambda one: one.title, ("title",)),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column("source", gettext_lazy("Source"), lambda one: one.get_source_display(), ("source",)),
        Column("pieces", gettext_lazy("Evidence"), lambda one: one.pieces, ("pieces",), end=True),
        Column(
            "open",
            gettext_lazy("Open actions"),
            lambda one: one.open_actions,
            ("open_actions",),
            end=True,
        ),
        Column(
            "written",
            gettext_lazy("Written on"),
            lambda one: localtime(one.created_at).date(),
            ("created_at",),
        ),
    ),
)


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
        default=Value(len(_ORDER)),
        output_field=IntegerField(),
    )
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
    """Return recommendations with `pieces` and `open_actions`, and their addressees."""
    counted = found.annotate(pieces=_count_evidence(), open_actions=_count_actions())
    return counted.select_related("party__organisation", "organisation")


def _count_evidence() -> Any:
    rows = Evidence.objects.filter(recommendation=OuterRef("pk")).order_by()
    return _count(rows.values("recommendation"))


def _count_actions() -> Any:
    rows = Action.objects.filter(
        partnership=OuterRef("partnership"),
        origin=Action.Origin.RECOMMENDATION,
        origin_id=OuterRef("pk"),
        dropped_at=None,
        done_on=None,
    ).order_by()
    return _count(rows.values("origin_id"))


def _count(rows: QuerySet[Any, Any]) -> Any:
    counted = rows.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_of_review(review: HealthReview) -> int:
    """Return how many recommendations come from a review. One query."""
    return Recommendation.objects.filter(
        partnership_id=review.partnership_id,
        source=Recommendation.Source.REVIEW,
        source_id=review.pk,
        dropped_at=None,
    ).count()


@dataclass(frozen=True, slots=True)
class YearAgo:
    """Recommendations of about a year ago, and their outcomes."""

    since: date
    until: date
    rows: tuple[Recommendation, ...]
    #: Numbers of those adopted, under way, waiting, and over without adoption.
    counts: Mapping[str, int]


def look_back(partnership: Partnership, *, today: date, companies: bool = True) -> YearAgo:
    """Return what was proposed about a year ago, with outcomes. One query.

    Without `companies` nothing that a company was advised: it is not for everybody.
    """
    since, until = today - YEAR - ABOUT, today - YEAR + ABOUT
    rows = Recommendation.objects.filter(
        partnership=partnership, dropped_at=None, created_at__date__range=(since, until)
    ).exclude(state=State.DRAFT)
    if not companies:
        rows = rows.filter(rules.FOR_PARTIES)
    rows = rows.select_related("party__organisation", "organisation")
    found = tuple(rows.order_by("created_at", "pk"))
    return YearAgo(since, until, found, _count_outcomes(found))


def _count_outcomes(rows: Iterable[Recommendation]) -> dict[str, int]:
    what = {
        State.ADOPTED: "adopted",
        State.ACCEPTED: "under_way",
        State.AMENDED: "under_way",
        State.DOING: "under_way",
        State.PROPOSED: "waits",
        State.REFUSED: "over",
        State.DROPPED: "over",
    }
    counts = Counter(what[State(one.state)] for one in rows)
    return {name: counts[name] for name in ("adopted", "under_way", "waits", "over")}


def get_own_advice(reader: Reader, advice_id: int) -> Recommendation:
    """Return what the reader's own company is advised, once it is proposed; else `NotFound`."""
    found = Recommendation.objects.filter(pk=advice_id, dropped_at=None)
    one = found.exclude(state=State.DRAFT).select_related("organisation").first()
    if one is None or not rules.is_own_advice(reader, one):
        raise NotFound(gettext("We couldn’t find this recommendation."))
    return one


def answers_of(partnership: Partnership) -> dict[int, SignedText]:
    """Return what parties have accepted of what all are to do, by recommendation. Two queries."""
    found = queries.list_newest(partnership, Agreement.Kind.ADVICE)
    return {int(one.agreement.subject): one for one in found}


def without_answered(found: QuerySet[Recommendation], reader: Reader) -> QuerySet[Recommendation]:
    """Leave out what the reader's side has accepted already, while others have yet to answer."""
    accepted = SignOff.objects.filter(
        party__organisation__in=reader.managed,
        agreement__kind=Agreement.Kind.ADVICE,
        agreement__completed_at=None,
        agreement__closed_at=None,
    )
    numbered = found.annotate(number=Cast("pk", CharField()))
    return numbered.exclude(number__in=accepted.values("agreement__subject"))


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
        """Whether it is an external source."""
        return bool(self.evidence.url)


def tell_evidence(reader: Reader, pieces: Iterable[Evidence]) -> list[Piece]:
    """Return evidence with its addresses. As many queries as there are kinds of targets."""
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
    State.DRAFT: 0,
    State.PROPOSED: 1,
    State.ACCEPTED: 2,
    State.AMENDED: 2,
    State.REFUSED: 2,
    State.DOING: 3,
    State.ADOPTED: 4,
    State.DROPPED: 3,
}


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
            "done"
            if place < at or state == State.ADOPTED
            else "current"
            if place == at
            else "todo",
            (advice.adopted_on if place == 4 else advice.decided_on if place == 2 else None) or "",
        )
        for place, label in enumerate(labels)
    ]
