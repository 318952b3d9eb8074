"""The radar, what was found in texts, and the table of needs and calls, for programs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.insight.api._router import router
from proxeny.insight.api._sides import enter_side
from proxeny.insight.foresight_words import GAPS, SOURCES, STATES
from proxeny.insight.models import Snapshot, Trend
from proxeny.insight.operations import foresight_deeds as deeds
from proxeny.insight.queries import foresight as queries
from proxeny.insight.queries.foresight_needs import Cell, get_cell, list_cells
from proxeny.insight.queries.snapshots import find_snapshot
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.partnerships.models import Party

_ROOM = "/partnerships/{partnership_id}"
_TREND = f"{_ROOM}/trends/{{trend_id}}"
Source = Literal[*SOURCES]
State = Literal[*STATES]
Gap = Literal[*GAPS]


class TrendSaidOut(Out):
    """What a side says of a trend. `mark` is to be sent along when the side says something else."""

    organisation_id: int
    relevance: int | None
    why: str
    said_at: datetime | None
    mark: str


class TrendRowOut(Out):
    """A trend of the radar; `state` says how it goes in the kind of text that writes most of it."""

    id: int
    title: str
    area: Literal[*Trend.Area.values]
    horizon: Literal[*Trend.Horizon.values]
    topic: str
    version: int
    said: list[TrendSaidOut]
    state: State
    is_counted: bool


class RadarEvidenceOut(Out):
    """What shows that a trend is there."""

    id: int
    title: str
    link: str
    said_on: date | None
    note: str
    version: int


class TopicFiguresOut(Out):
    """How often a topic was written of, in one kind of text.

    `counts` are texts that have it and `totals` all texts, by year. `growth` is by which factor its
    share changes from a year to the next, `growth_low` and `growth_high` the ends of its range at
    95 %; `chance` is the share of topics told as sure as this that are chance. These are null where
    texts are of one year. `bursts` are first and last years of much more than usual.
    """

    source: Source
    state: State
    texts: int
    years: list[int]
    counts: list[int]
    totals: list[int]
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    chance: float | None
    bursts: list[tuple[int, int]]


class FirstMoverOut(Out):
    """Who was early with a topic, and since which year."""

    organisation_id: int
    since: int
    texts: int


class RadarTrendOut(TrendRowOut):
    """A trend with its evidence and figures; no figures before it is counted."""

    details: str
    words: str
    evidence: list[RadarEvidenceOut]
    figures: list[TopicFiguresOut]
    movers: list[FirstMoverOut]


class TopicOut(Out):
    """A topic that was found in texts, and the trend that it was taken for.

    It is in `texts` of `total` texts; `figures` tell of the kind of text that was asked for, else of
    the one that writes most of it: kinds do not go equally far back, and are never judged together.
    """

    key: str
    label: str
    texts: int
    total: int
    trend_id: int | None
    figures: TopicFiguresOut
    movers: list[FirstMoverOut]


class TopicsFilter(In):
    """Which topics, and in which kind of text; `burst` asks for those of much more than usual."""

    q: Annotated[str, Field(max_length=100)] = ""
    source: Source | Literal[""] = ""
    state: Literal[*STATES, "burst", ""] = ""


class TrendWeighIn(In):
    """How much a trend matters, 1 to 5. `mark` is that of what the side said before, if it did."""

    relevance: Annotated[int, Field(ge=1, le=5)]
    why: Annotated[str, Field(max_length=deeds.MOST_WHY)] = ""
    mark: Annotated[str, Field(max_length=40)] | None = None


class TopicTakeIn(In):
    """The key of a topic."""

    key: Annotated[str, Field(min_length=1, max_length=120)]


class TopicTakenOut(Out):
    """The trend that a topic has become."""

    trend_id: int


class NeedsRowOut(Out):
    """A trend against needs and calls: numbers of offers and needs, of calls, by side.

    `gap` says what is missing, null where nothing is or nothing is counted yet; the larger `size`,
    the more it concerns. `gone` were counted, and are over or not the caller's to see any more.
    """

    trend_id: int
    title: str
    is_counted: bool
    state: State
    gap: Gap | None
    size: float
    companies_own: int
    companies_partner: int
    companies: int
    needs_own: list[int]
    needs_partner: list[int]
    offers_own: list[int]
    offers_partner: list[int]
    calls: list[int]
    gone: int


def _enter(request: HttpRequest, partnership_id: int) -> tuple[list[Party], dict[str, Any]]:
    """Return the parties that take part in a room, and the figures of the caller's side."""
    partnership, everybody, mine = enter_side(request, partnership_id)
    parties = [one for one in everybody if one.state == Party.State.JOINED]
    found = find_snapshot(Snapshot.Kind.FORESIGHT, mine.organisation_id, partnership.pk)
    return parties, found.content if found else {}


def _said(trend: Trend, parties: list[Party]) -> list[dict[str, Any]]:
    views = queries.said_by(trend, parties)
    return [
        {
            "organisation_id": party.organisation_id,
            "relevance": view.relevance if view else None, "why": view.why if view else "",
            "said_at": view.said_at if view else None, "mark": deeds.mark_of(view),
        }
        for party, view in zip(parties, views, strict=True)
    ]  # fmt: skip


def _trend(trend: Trend, parties: list[Party], content: Mapping[str, Any]) -> dict[str, Any]:
    figures = queries.figures_of_trend(content, trend)
    names = ("id", "title", "area", "horizon", "topic", "version")
    return {
        **{name: getattr(trend, name) for name in names},
        "said": _said(trend, parties),
        "state": queries.state_of(queries.main_figures(figures)),
        "is_counted": figures is not None,
    }


def _figures(one: Mapping[str, Any], content: Mapping[str, Any], source: str) -> dict[str, Any]:
    course = one.get("course") or {}
    growth = course.get("growth", (None, None, None))
    return {
        "source": source, "state": queries.state_of(one), "texts": one["texts"],
        "years": content["years"][source], "counts": one["counts"],
        "totals": content["totals"][source], "growth": growth[0], "growth_low": growth[1],
        "growth_high": growth[2], "chance": course.get("q"),
        "bursts": [(start, end) for start, end, _weight in one["bursts"]],
    }  # fmt: skip


def _movers(found: Any) -> list[dict[str, int]]:
    """Return who was early, as far as the caller sees them. One query at most."""
    seen = queries.name_organisations({number for number, *_rest in found})
    return [
        {"organisation_id": number, "since": year, "texts": texts}
        for number, year, texts in found
        if number in seen
    ]


@router.get(f"{_ROOM}/trends", response=list[TrendRowOut], summary="The radar of a partnership")
def list_trends(request: HttpRequest, partnership_id: Id) -> list[dict[str, Any]]:
    """From what matters now to what matters in many years. A trend itself is a record of the room:
    it is added, changed and put away under `/partnerships`, as a record of the kind `trend`."""
    parties, content = _enter(request, partnership_id)
    rows = queries.list_radar(partnership_id, parties)
    return [_trend(one.trend, parties, content) for one in rows]


@router.get(_TREND, response=RadarTrendOut, summary="A trend")
def show_trend(request: HttpRequest, partnership_id: Id, trend_id: Id) -> dict[str, Any]:
    """With its evidence, how often it was written of, and who was early; also one taken off."""
    parties, content = _enter(request, partnership_id)
    return _whole_trend(queries.get_trend(partnership_id, trend_id), parties, content)


def _whole_trend(
    trend: Trend, parties: list[Party], content: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    figures = queries.figures_of_trend(content, trend) or {"main": "", "views": {}, "movers": []}
    return {
        **_trend(trend, parties, content),
        "details": trend.details, "words": trend.words,
        "evidence": queries.list_evidence(trend),
        "figures": [_figures(view, content, name) for name, view in sorted(
            figures["views"].items(), key=lambda pair: pair[0] != figures["main"]
        )],
        "movers": _movers(figures["movers"]),
    }  # fmt: skip


@router.put(f"{_TREND}/relevance", response=RadarTrendOut, summary="Say how much a trend matters")
def weigh_trend(
    request: HttpRequest, partnership_id: Id, trend_id: Id, said: TrendWeighIn
) -> dict[str, Any]:
    """Each side says it for its own members; it takes the place of what the side said before."""
    deeds.weigh_trend(
        actor=request.reader, partnership_id=partnership_id, trend_id=trend_id,
        relevance=said.relevance, why=said.why, seen=said.mark or "", now=timezone.now(),
    )  # fmt: skip
    parties, content = _enter(request, partnership_id)
    return _whole_trend(queries.get_trend(partnership_id, trend_id), parties, content)


@router.get(f"{_ROOM}/topics", response=list[TopicOut], summary="Topics that were found in texts")
def list_topics(
    request: HttpRequest, partnership_id: Id, wanted: Query[TopicsFilter]
) -> list[dict[str, Any]]:
    """The surest rise first, at most 150; none before the figures of the caller's side are worked
    out."""
    parties, content = _enter(request, partnership_id)
    taken = queries.taken_topics(queries.list_radar(partnership_id, parties))
    found = queries.list_topics(
        content, taken, queries.TopicsWanted(wanted.q, wanted.source, wanted.state)
    )
    seen = queries.name_organisations({row[0] for one in found for row in one.movers})
    return [
        {
            "key": one.key, "label": one.label, "texts": one.texts, "total": one.total,
            "trend_id": one.trend_id,
            "figures": _figures(one.figures, content, one.source),
            "movers": [{"organisation_id": number, "since": year, "texts": texts}
                       for number, year, texts in one.movers if number in seen],
        }
        for one in found
    ]  # fmt: skip


@router.post(
    f"{_ROOM}/topics/take", response={201: TopicTakenOut}, summary="Put a topic on the radar"
)
def take_topic(request: HttpRequest, partnership_id: Id, new: TopicTakeIn) -> Status[Any]:
    """It becomes a trend that both sides see, with figures of calls and projects as its first
    evidence; putting that trend away takes it off again."""
    trend = deeds.take_topic(
        actor=request.reader, partnership_id=partnership_id, key=new.key, now=timezone.localtime()
    )
    return Status(201, {"trend_id": trend.pk})


@router.get(f"{_ROOM}/needs", response=list[NeedsRowOut], summary="Trends, needs and open calls")
def show_needs_table(request: HttpRequest, partnership_id: Id) -> list[dict[str, Any]]:
    """A row for each trend of the radar, gaps first. `own` is the caller's side, `partner` the
    others; needs, offers and calls by number."""
    parties, content = _enter(request, partnership_id)
    trends = [one.trend for one in queries.list_radar(partnership_id, parties)]
    return [_cell(one) for one in list_cells(content, trends, now=timezone.now())]


@router.get(f"{_ROOM}/needs/{{trend_id}}", response=NeedsRowOut, summary="One trend’s needs")
def show_needs_cell(request: HttpRequest, partnership_id: Id, trend_id: Id) -> dict[str, Any]:
    """The needs, offers and open calls behind one trend, by number."""
    _parties, content = _enter(request, partnership_id)
    trend = queries.get_trend(partnership_id, trend_id)
    if trend.dropped_at is not None:
        raise NotFound(_("This trend was taken off the radar."))
    return _cell(get_cell(content, trend, now=timezone.now()))


def _cell(one: Cell) -> dict[str, Any]:
    counted = ("is_counted", "state", "gap", "size", "companies_own", "companies_partner",
               "companies", "gone")  # fmt: skip
    rows = ("needs_own", "needs_partner", "offers_own", "offers_partner", "calls")
    return {
        "trend_id": one.trend.pk, "title": one.trend.title,
        **{name: getattr(one, name) for name in counted},
        **{name: [row.pk for row in getattr(one, name)] for name in rows},
    }  # fmt: skip
