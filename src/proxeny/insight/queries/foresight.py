"""The radar of a room, and topics as one side's figures describe them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.directory.queries.terms import labels_of
from proxeny.directory.vocabularies import EUROSCIVOC
from proxeny.folding import fold
from proxeny.insight.models import Trend, TrendEvidence, TrendView
from proxeny.kernel.errors import NotFound
from proxeny.partnerships.models import Party

#: How topics can be sorted; without a word the surest rise comes first, as the figures are.
TOPIC_SORTS = ("course", "label", "texts", "growth")
_RINGS = {value: place for place, value in enumerate(Trend.Horizon.values)}
_SECTORS = {value: place for place, value in enumerate(Trend.Area.values)}


@dataclass(frozen=True, slots=True)
class RadarRow:
    """A trend of the radar: its number on it, what each party said of it, and its evidence.

    `said` has one entry a party, in their order.
    """

    number: int
    trend: Trend
    said: tuple[TrendView | None, ...]
    evidence: int


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic that was found in texts.

    Attributes
    ----------
    source : str
        The kind of text that `figures` tell of: the one asked for, else its main one.
    texts, total : int
        In how many texts it is, of how many that were looked at.
    trend_id : int, optional
        The trend of the radar that it was taken for.
    """

    key: str
    label: str
    source: str
    figures: Mapping[str, Any]
    texts: int
    total: int
    movers: Sequence[Sequence[int]]
    trend_id: int | None


@dataclass(frozen=True, slots=True)
class TopicsWanted:
    """The filter and order of topics: words, a kind of text (any, without one), their trend."""

    q: str = ""
    source: str = ""
    state: str = ""
    sort: str = ""


def list_radar(partnership_id: int, parties: Sequence[Party]) -> list[RadarRow]:
    """Return the trends of a room from the middle of the radar outwards. Two queries."""
    found = Trend.objects.filter(partnership_id=partnership_id, dropped_at=None)
    found = found.annotate(proofs=Count("evidence", filter=Q(evidence__dropped_at=None)))
    trends = list(found.prefetch_related(_said()))
    trends.sort(key=lambda one: (_RINGS[one.horizon], _SECTORS[one.area], one.pk))
    return [
        RadarRow(number, one, said_by(one, parties), one.proofs)
        for number, one in enumerate(trends, 1)
    ]


def _said() -> "Prefetch[str, Any, Any]":
    return Prefetch("views", TrendView.objects.order_by("pk"), to_attr="said")


def said_by(trend: Any, parties: Sequence[Party]) -> tuple[TrendView | None, ...]:
    """Return each party's view of a trend, as loaded with it."""
    by_side = {one.organisation_id: one for one in trend.said}
    return tuple(by_side.get(one.organisation_id) for one in parties)


def get_trend(partnership_id: int, trend_id: int) -> Trend:
    """Return a trend of a room, archived or not, with the sides' views; `NotFound` if none."""
    found = Trend.objects.filter(pk=trend_id, partnership_id=partnership_id)
    trend = found.prefetch_related(_said()).first()
    if trend is None:
        raise NotFound(_("We couldn’t find this trend."))
    return trend


def list_evidence(trend: Trend) -> list[TrendEvidence]:
    """Return the evidence for a trend, the newest first. One query."""
    found = TrendEvidence.objects.filter(trend=trend, dropped_at=None)
    return sorted(
        found, key=lambda one: (one.said_on or one.created_at.date(), one.pk), reverse=True
    )


def state_of(figures: Mapping[str, Any] | None) -> str:
    """Return the trend of a topic in one kind of text."""
    course = (figures or {}).get("course")
    return str(course["state"]) if course else "too_few"


def find_topic(content: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """Return a topic of some figures by its key."""
    return next((one for one in content.get("topics", ()) if one["key"] == key), None)


def list_topics(
    content: Mapping[str, Any], taken: Mapping[str, int], wanted: TopicsWanted
) -> list[FoundTopic]:
    """Return the topics of some figures that fit. One query at most.

    Parameters
    ----------
    content : mapping
        Of a snapshot; without topics none is returned.
    taken : mapping of str to int
        The trends of the radar by the topic that they were taken from.
    """
    topics = content.get("topics", ())
    codes = [one["concept"] for one in topics if one["concept"]]
    labels = labels_of(EUROSCIVOC, codes) if codes else {}
    found = [
        _found(one, labels.get(one["concept"], one["label"]), content, taken, wanted.source)
        for one in topics
        if one["main"] and wanted.source in ("", *one["views"])
    ]
    found = [one for one in found if _fits(one, wanted)]
    return _sorted(found, wanted)


def _found(
    one: Mapping[str, Any],
    label: str,
    content: Mapping[str, Any],
    taken: Mapping[str, int],
    wanted: str,
) -> FoundTopic:
    source = wanted or one["main"]
    figures = one["views"][source]
    return FoundTopic(
        one["key"],
        label,
        source,
        figures,
        figures["texts"] if wanted else one["texts"],
        content["documents"][source] if wanted else sum(content["documents"].values()),
        one["movers"],
        taken.get(one["key"]),
    )


def _fits(one: FoundTopic, wanted: TopicsWanted) -> bool:
    figures = one.figures
    if wanted.state == "burst":
        is_so = bool(figures["bursts"])
    else:
        is_so = not wanted.state or state_of(figures) == wanted.state
    label = fold(one.label)
    return is_so and all(word in label for word in fold(wanted.q).split())


def _sorted(found: list[FoundTopic], wanted: TopicsWanted) -> list[FoundTopic]:
    name, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if name == "label":
        return sorted(found, key=lambda one: fold(one.label), reverse=is_down)
    if name == "texts":
        return sorted(found, key=lambda one: one.texts, reverse=is_down)
    if name == "growth":
        return sorted(found, key=_growth, reverse=is_down)
    order = ("emerging", "steady", "declining", "too_few")
    return sorted(
        found,
        key=lambda one: order.index(state_of(one.figures)),
        reverse=wanted.sort == "-course",
    )


def _growth(one: FoundTopic) -> float:
    course = one.figures.get("course")
    return float(course["growth"][0]) if course else 0.0


def taken_topics(rows: Iterable[RadarRow]) -> dict[str, int]:
    """Return the trends of a radar by the topic that they were taken from."""
    return {one.trend.topic: one.trend.pk for one in rows if one.trend.topic}


def figures_of_trend(content: Mapping[str, Any], trend: Trend) -> dict[str, Any] | None:
    """Return a trend's figures; of one that was put on the radar since, those of its topic."""
    found = content.get("trends", {}).get(str(trend.pk))
    return found or (find_topic(content, trend.topic) if trend.topic else None)


def main_figures(figures: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a topic's figures in the kind of text by which it is judged; None where it is in none."""
    return figures["views"].get(figures["main"]) if figures else None


def name_organisations(numbers: Collection[int]) -> dict[int, Organisation]:
    """Return organisations by number, as far as the reader sees them. One query."""
    return Organisation.objects.in_bulk(list(numbers)) if numbers else {}
