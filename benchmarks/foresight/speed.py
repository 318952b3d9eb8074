"""Time for many short texts, made of halves of real sentences."""

import json
import random
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

from proxeny.engine.foresight import (
    Document,
    count_topics,
    find_topics,
    judge_courses,
    update_topics,
)

__all__ = ["SIZES", "time_all"]

SIZES = (12_500, 25_000, 50_000, 100_000)
_YEARS = range(2014, 2024)


def make_texts(data: Path, many: int, *, seed: int = 0) -> list[Document]:
    """Return so many texts of two halves of sentences each, from projects and calls."""
    texts = [
        json.loads(line)[field] or ""
        for name, field in (
            ("cordis_texts/cordis_texts.jsonl", "text"),
            ("eu_calls_2026/calls_clean.jsonl", "description"),
        )
        for line in (data / name).open(encoding="utf-8")
    ]
    sentences = [one.split() for text in texts for one in re.split(r"(?<=[.!?])\s+", text)]
    long = [one for one in sentences if 8 <= len(one) <= 40]
    rng = random.Random(seed)
    return [
        Document(
            at,
            "project",
            rng.choice(_YEARS),
            " ".join([*rng.choice(long)[:12], "–", *rng.choice(long)[-8:]]),
            owners=(rng.randrange(5000),),
        )
        for at in range(many)
    ]


def time_all(data: Path, many: int) -> tuple[float, float, float, int, float, float]:
    """Return words a text, seconds to find, to update 1 %, topics, seconds to count and judge, MB."""
    documents = make_texts(data, many)
    words = sum(len(one.text.split()) for one in documents) / many
    topics, found = _clocked(lambda: find_topics(documents, least_documents=5))
    changed = make_texts(data, many // 100, seed=1)
    _, updated = _clocked(lambda: update_topics(topics, [*changed, *documents[len(changed) :]]))
    _, judged = _clocked(lambda: judge_courses(count_topics(topics, documents, _YEARS)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return words, found, updated, len(topics.topics), judged, memory


def _clocked[Answer](call: Callable[[], Answer]) -> tuple[Answer, float]:
    started = time.process_time()
    answer = call()
    return answer, time.process_time() - started
