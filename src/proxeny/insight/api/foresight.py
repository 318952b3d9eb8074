"""The radar, topics found in texts, and the table of needs and calls, for programs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.insight.api._router import router
from proxeny.insight.api._sides import enter_side
from proxeny.insight.foresight_presenters import GAPS, SOURCES, STATES
from proxeny.insight.models import Snapshot, Trend
from proxeny.insight.operations import foresight_actions as deeds
from proxeny.insight.queries import foresight as queries
from proxeny.insight.queries.foresight_needs import Cell, get_cell, list_cells
from proxeny.insight.queries.snapshots import find_snapshot
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships.models import Party

_ROOM = "/partnerships/{partnership_id}"
_TREND = f"{_ROOM}/trends/{{trend_id}}"
Source = Literal[*SOURCES]
State = Literal[*STATES]
Gap = Literal[*GAPS]


class TrendSaidOut(Out):
    """A side's rating of a trend. Send `mark` along when the side changes its rating."""

    organisation_id: int
    relevance: int | None
    why: str
    said_at: datetime | None
    mark: str


class TrendRowOut(Out):
    """A trend on the radar. `state` is its state in the kind of text that mentions it most."""

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
    """Evidence for a trend."""

    id: int
    title: str
    link: str
    said_on: date | None
    note: str
    version: int


class TopicFiguresOut(Out):
    """How often a topic is mentioned in one kind of text.

    `counts` are the texts that mention it and `totals` all texts, by year. `growth` is the factor
    by which its share changes from one year to the next, and `growth_low` and `growth_high` are the
    ends of its 95% range. `chance` is the proportion of topics reported with at least this
    certainty that are due to chance. These are null if all texts are of one year. `bursts` are the
    first and last years of periods with many more mentions than usual.
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
    """An organisation that was early with a topic, and since which year."""

    organisation_id: int
    since: int
    texts: int


class RadarTrendOut(TrendRowOut):
    """A trend with its evidence and figures.

    There are no figures until the trend has been counted.
    """

    details: str
    words: str
    evidence: list[RadarEvidenceOut]
    figures: list[TopicFiguresOut]
    movers: list[FirstMoverOut]


class TopicOut(Out):
    """A topic found in texts, and the trend it was added as.

    It occurs in `texts` of `total` texts. `figures` are for the kind of text you ask for, or
    otherwise for the kind that mentions it most. Kinds of text go back to different years, so they
    are never assessed together.
    """

    key: str
    label: str
    texts: int
    total: int
    trend_id: int | None
    figures: TopicFiguresOut
    movers: list[FirstMoverOut]


class TopicsFilter(In):
    """Filters for topics, by word, kind of text and state.

    `burst` selects topics with many more mentions than usual.
    """

    q: Annotated[str, Field(max_length=100)] = ""
    source: Source | Literal[""] = ""
    state: Literal[*STATES, "burst", ""] = ""


class TrendWeighIn(In):
    """How much a trend matters, from 1 to 5.

    If the side has already rated it, `mark` is the mark of that rating.
    """

    relevance: Annotated[int, Field(ge=1, le=5)]
    why: Annotated[str, Field(max_length=deeds.MOST_WHY)] = ""
    mark: Annotated[str, Field(max_length=40)] | None = None


class TopicTakeIn(In):
    """The key of a topic."""

    key: Annotated[str, Field(min_length=1, max_length=120)]


class TopicTakenOut(Out):
    """The trend that a topic was added as."""

    trend_id: int


class NeedsRowOut(Out):
    """A trend compared with needs and calls: the numbers of its offers, needs and calls, by side.

    `gap` says what is missing. It is null if nothing is missing or nothing has been counted yet.
    The larger `size` is, the more companies it concerns. `gone` is the number of records that were
    counted, but have since ended or are no longer visible to you.
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


def _enter(request: Request, partnership_id: int) -> tuple[list[Party], dict[str, Any]]:
    """Return the parties of a room, and the figures of the caller's side."""
    partnership, everybody, mine = enter_side(request, partnership_id)
    parties = [one for one in everybody if one.state == Party.State.JOINED]
    found = find_snapshot(Snapshot.Kind.FORESIGHT, mine.organisation_id, partnership.pk)
    return parties, found.content if found else {}


def _said(trend: Trend, parties: list[Party]) -> list[dict[str, Any]]:
    views = queries.said_by(trend, parties)
    return [
        {
            "organisation_id": party.organisation_id,
            "relevance": view.relevance if view else None,
            "why": view.why if view else "",
            "said_at": view.said_at if view else None,
            "mark": deeds.mark_of(view),
        }
        for party, view in zip(parties, views, strict=True)
    ]


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
        "source": source,
        "state": queries.state_of(one),
        "texts": one["texts"],
        "years": content["years"][source],
        "counts": one["counts"],
        "totals": content["totals"][source],
        "growth": growth[0],
        "growth_low": growth[1],
        "growth_high": growth[2],
        "chance": course.get("q"),
        "bursts": [(start, end) for start, end, _weight in one["bursts"]],
    }


def _movers(found: Any) -> list[dict[str, int]]:
    """Return the visible organisations that took up a topic early. At most one query."""
    seen = queries.name_organisations({number for number, *_rest in found})
    return [
        {"organisation_id": number, "since": year, "texts": texts}
        for number, year, texts in found
        if number in seen
    ]


@router.get(
    f"{_ROOM}/trends",
    response=list[TrendRowOut],
    summary="List the trends on a partnership's radar",
)
def list_trends(request: Request, partnership_id: Id) -> list[dict[str, Any]]:
    """Returns the trends from those that matter now to those that matter in many years.

    A trend is a record of the partnership's room: add, change and archive it under `/partnerships`,
    as a record of the kind `trend`.
    """
    parties, content = _enter(request, partnership_id)
    rows = queries.list_radar(partnership_id, parties)
    return [_trend(one.trend, parties, content) for one in rows]


@router.get(_TREND, response=RadarTrendOut, summary="Get a trend")
def show_trend(request: Request, partnership_id: Id, trend_id: Id) -> dict[str, Any]:
    """Returns the trend with its evidence, how often it is mentioned and who was early.

    Also works for a trend that was removed from the radar.
    """
    parties, content = _enter(request, partnership_id)
    return _whole_trend(queries.get_trend(partnership_id, trend_id), parties, content)


def _whole_trend(trend: Trend, parties: list[Party], content: Mapping[str, Any]) -> dict[str, Any]:
    figures = queries.figures_of_trend(content, trend) or {"main": "", "views": {}, "movers": []}
    return {
        **_trend(trend, parties, content),
        "details": trend.details,
        "words": trend.words,
        "evidence": queries.list_evidence(trend),
        "figures": [
            _figures(view, content, name)
            for name, view in sorted(
                figures["views"].items(), key=lambda pair: pair[0] != figures["main"]
            )
        ],
        "movers": _movers(figures["movers"]),
    }


@router.put(f"{_TREND}/relevance", response=RadarTrendOut, summary="Rate a trend")
def weigh_trend(
    request: Request, partnership_id: Id, trend_id: Id, said: TrendWeighIn
) -> dict[str, Any]:
    """Saves how much the trend matters to the members of your side, and replaces your side's
    earlier rating.
    """
    deeds.weigh_trend(
        actor=request.reader,
        partnership_id=partnership_id,
        trend_id=trend_id,
        relevance=said.relevance,
        why=said.why,
        seen=said.mark or "",
        now=timezone.now(),
    )
    parties, content = _enter(request, partnership_id)
    return _whole_trend(queries.get_trend(partnership_id, trend_id), parties, content)


@router.get(f"{_ROOM}/topics", response=list[TopicOut], summary="List topics found in texts")
def list_topics(
    request: Request, partnership_id: Id, wanted: Query[TopicsFilter]
) -> list[dict[str, Any]]:
    """Returns at most 150 topics, with the most certain growth first.

    The list is empty until the figures of your side have been calculated.
    """
    parties, content = _enter(request, partnership_id)
    taken = queries.taken_topics(queries.list_radar(partnership_id, parties))
    found = queries.list_topics(
        content, taken, queries.TopicsWanted(wanted.q, wanted.source, wanted.state)
    )
    seen = queries.name_organisations({row[0] for one in found for row in one.movers})
    return [
        {
            "key": one.key,
            "label": one.label,
            "texts": one.texts,
            "total": one.total,
            "trend_id": one.trend_id,
            "figures": _figures(one.figures, content, one.source),
            "movers": [
                {"organisation_id": number, "since": year, "texts": texts}
                for number, year, texts in one.movers
                if number in seen
            ],
        }
        for one in found
    ]


@router.post(
    f"{_ROOM}/topics/take", response={201: TopicTakenOut}, summary="Add a topic to the radar"
)
def take_topic(request: Request, partnership_id: Id, new: TopicTakeIn) -> Status[Any]:
    """Adds the topic as a trend that both sides see, with the figures of calls and projects as its
    first evidence.

    Archive the trend to remove the topic from the radar.
    """
    trend = deeds.take_topic(
        actor=request.reader, partnership_id=partnership_id, key=new.key, now=timezone.localtime()
    )
    return Status(201, {"trend_id": trend.pk})


@router.get(
    f"{_ROOM}/needs", response=list[NeedsRowOut], summary="List trends with needs and calls"
)
def show_needs_table(request: Request, partnership_id: Id) -> list[dict[str, Any]]:
    """Returns a row for each trend on the radar, gaps first.

    `own` is your side and `partner` the others. Needs, offers and calls are given by id.
    """
    parties, content = _enter(request, partnership_id)
    trends = [one.trend for one in queries.list_radar(partnership_id, parties)]
    return [_cell(one) for one in list_cells(content, trends, now=timezone.now())]


@router.get(
    f"{_ROOM}/needs/{{trend_id}}",
    response=NeedsRowOut,
    summary="Get the needs and calls of a trend",
)
def show_needs_cell(request: Request, partnership_id: Id, trend_id: Id) -> dict[str, Any]:
    """Returns the ids of the needs, offers and open calls behind one trend."""
    _parties, content = _enter(request, partnership_id)
    trend = queries.get_trend(partnership_id, trend_id)
    if trend.dropped_at is not None:
        raise NotFound(_("This trend was removed from the radar."))
    return _cell(get_cell(content, trend, now=timezone.now()))


def _cell(one: Cell) -> dict[str, Any]:
    counted = (
        "is_counted",
        "state",
        "gap",
        "size",
        "companies_own",
        "companies_partner",
        "companies",
        "gone",
    )
    rows = ("needs_own", "needs_partner", "offers_own", "offers_partner", "calls")
    return {
        "trend_id": one.trend.pk,
        "title": one.trend.title,
        **{name: getattr(one, name) for name in counted},
        **{name: [row.pk for row in getattr(one, name)] for name in rows},
    }
