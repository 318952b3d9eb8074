"""Foresight: topics of texts, which of them emerge, early movers, and gaps.

Examples
--------
>>> from proxeny.engine.foresight import Document, count_topics, find_topics
>>> texts = ["Hydrogen valleys", "A hydrogen valley in Patras", "Ports and hydrogen valleys"]
>>> documents = [Document(at, "project", 2020 + at, text) for at, text in enumerate(texts)]
>>> topics = find_topics(documents, least_documents=2)
>>> [topic.label for topic in topics.topics]
['hydrogen valleys']
>>> count_topics(topics, documents, [2020, 2021, 2022]).counts.tolist()
[[1.0, 1.0, 1.0]]
"""

from proxeny.engine.foresight.counts import Counts, count_topics, share_interval
from proxeny.engine.foresight.courses import (
    Course,
    Emergence,
    State,
    emergence,
    false_discovery,
    judge_courses,
)
from proxeny.engine.foresight.kleinberg import Burst, bursts
from proxeny.engine.foresight.model import Concept, Document, Identity, Topic, Topics
from proxeny.engine.foresight.movers import Mover, first_movers
from proxeny.engine.foresight.needs import (
    Call,
    Cell,
    GapKind,
    Side,
    Statement,
    Trended,
    Weights,
    needs_table,
)
from proxeny.engine.foresight.spot import spot_topics
from proxeny.engine.foresight.topics import find_topics, update_topics
from proxeny.engine.foresight.trend import Slope, Trend, mann_kendall, sen_slope

__all__ = [
    "Burst",
    "Call",
    "Cell",
    "Concept",
    "Counts",
    "Course",
    "Document",
    "Emergence",
    "GapKind",
    "Identity",
    "Mover",
    "Side",
    "Slope",
    "State",
    "Statement",
    "Topic",
    "Topics",
    "Trend",
    "Trended",
    "Weights",
    "bursts",
    "count_topics",
    "emergence",
    "false_discovery",
    "find_topics",
    "first_movers",
    "judge_courses",
    "mann_kendall",
    "needs_table",
    "sen_slope",
    "share_interval",
    "spot_topics",
    "update_topics",
]
