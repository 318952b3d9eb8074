"""The topics of texts and their trends, those of the radar among them, and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from proxeny.engine.foresight import (
    Call,
    Cell,
    Concept,
    Document,
    Side,
    Statement,
    Topics,
    Trended,
    count_topics,
    find_topics,
    first_movers,
    needs_table,
)
from proxeny.insight.models import Snapshot
from proxeny.insight.operations import foresight_texts as texts
from proxeny.insight.operations.foresight_courses import Views, join_counts, view_of
from proxeny.insight.operations.foresight_trends import meet_trends
from proxeny.insight.pipeline import Eyes, Figures, Inputs, Part, Report

#: Of so many documents and fewer, three texts make a topic; of more, five.
_FEW = 1000
_MOST_FOUND, _MOST_MOVERS, _MOST_KEY, _MOST_GAPS = 2000, 8, 120, 5


def _read(eyes: Eyes) -> Inputs:
    return texts.read(eyes)


def _work_out(eyes: Eyes, inputs: Inputs, before: Snapshot | None, report: Report) -> Figures:
    rows: texts.Rows = inputs.rows
    documents = [
        Document(one.pk, one.source, one.year, one.text, language=one.language, owners=one.owners)
        for one in rows.texts
    ]
    topics = _find(documents, rows)
    report("", 50)
    trends = meet_trends(documents, rows.trends, topics)
    report("", 65)
    views = _views(documents, topics, trends)
    report("", 80)
    known = len(topics.topics)
    table = _table(rows, trends, views, known)
    return Figures(
        {
            "documents": {
                name: sum(one.source == name for one in documents) for name in texts.SOURCES
            },
            "years": {name: list(view.years) for name, view in views.by_source.items()},
            "totals": {name: view.totals for name, view in views.by_source.items()},
            "topics": [
                {
                    "key": topics.topics[at].key,
                    "label": topics.topics[at].label,
                    "concept": topics.topics[at].concept,
                    "movers": _movers(topics, documents, topics.topics[at].key),
                    **views.figures(at),
                }
                for at in views.choose(known)
                if len(topics.topics[at].key) <= _MOST_KEY
            ],
            "trends": {
                topic.key: {
                    "movers": _movers(trends, documents, topic.key),
                    **views.figures(known + place),
                }
                for place, topic in enumerate(trends.topics)
            },
            "table": table,
            "board": _board(views, known, table),
            "board_more": {"gaps": [one["trend"] for one in table if one["gap"]][:_MOST_GAPS]},
        }
    )


def _least(documents: Sequence[Document]) -> int:
    return 3 if len(documents) <= _FEW else 5


def _find(documents: Sequence[Document], rows: texts.Rows) -> Topics:
    vocabulary = [Concept(code, labels) for code, labels in rows.concepts.items()]
    return find_topics(
        documents, vocabulary=vocabulary, most=_MOST_FOUND, least_documents=_least(documents)
    )


def _views(documents: Sequence[Document], topics: Topics, trends: Topics) -> Views:
    """Return each kind of text's counts and courses: first of all topics, then of all trends.

    They are judged together, so that a trend of the radar counts among all that was looked at.
    """
    found = {}
    for name in texts.SOURCES:
        those = [one for one in documents if one.source == name]
        years = sorted({one.year for one in those})
        counted = [count_topics(some, those, years or [0]) for some in (topics, trends)]
        found[name] = view_of(join_counts(counted), years)
    return Views(found)


def _board(views: Views, known: int, table: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the headline figures in the format of a board (`operations.boards.Value`)."""
    can_tell = any(view.courses for view in views.by_source.values())
    rising = sum(views.state(at) == "emerging" for at in range(known))
    gaps = Counter(one["gap"] for one in table)
    return {
        "trends": {"value": len(table)},
        "topics_emerging": {"value": rising} if can_tell else {"why": "few"},
        "needs_without_call": {"value": gaps["unmet_need"] + gaps["need_without_call"]},
        "calls_without_need": {"value": gaps["call_without_need"]},
    }


def _movers(topics: Topics, documents: Sequence[Document], key: str) -> list[list[int]]:
    """Return the organisations that took up a topic early, as `[organisation, year, texts]`."""
    found = first_movers(topics, documents, key, k=_MOST_MOVERS)
    return [[one.owner, one.first, len(one.documents)] for one in found]


def _table(rows: texts.Rows, trends: Topics, views: Views, known: int) -> list[dict[str, Any]]:
    needs: list[Statement] = []
    offers: list[Statement] = []
    calls: list[Call] = []
    for one in rows.texts:
        about = trends.topics_of(one.source, one.pk)
        if not about:
            continue
        if one.source == texts.CALL and one.pk in rows.open_calls:
            calls.append(Call(one.pk, about))
        elif one.source in (texts.NEED, texts.OFFER) and one.owners[0] in rows.own | rows.partners:
            side: Side = "a" if one.owners[0] in rows.own else "b"
            said = needs if one.source == texts.NEED else offers
            said.append(Statement(one.pk, one.owners[0], side, about))
    trended = [
        Trended(topic.key, views.state(known + place)) for place, topic in enumerate(trends.topics)
    ]
    return [_cell(one) for one in needs_table(trended, needs, calls, offers=offers)]


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "trend": int(one.topic),
        "state": one.state,
        "gap": one.gap,
        "size": one.size,
        "needs_own": one.needs_a,
        "needs_partner": one.needs_b,
        "offers_own": one.offers_a,
        "offers_partner": one.offers_b,
        "calls": one.calls,
    }


PART = Part(Snapshot.Kind.FORESIGHT, "1", _read, _work_out)
