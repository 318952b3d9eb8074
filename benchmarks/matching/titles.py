"""Find the text that belongs to a title, among all texts of its language."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.matching.measures import hit_of_first
from benchmarks.matching.vectors import embed_kept
from numpy.typing import NDArray

from proxeny.engine.matching import Bm25, Vocabulary
from proxeny.engine.matching._vectors import spread_out

__all__ = ["read_pairs", "run_titles"]

LENGTH = 600


def run_titles(data: Path, kept: Path) -> list[dict[str, Any]]:
    """Every language; embeddings only where the model is installed or its vectors are kept."""
    found = []
    for language, pairs in read_pairs(data).items():
        titles, texts = [title for title, _ in pairs], [text for _, text in pairs]
        words = _score_words(titles, texts, language)
        scores = {"BM25": words, "bm25s": _score_peer(titles, texts, language)}
        asked = embed_kept(titles, kept, asks=True)
        offered = embed_kept(texts, kept, asks=False)
        if asked is not None and offered is not None:
            plain = asked @ offered.T
            one, other = spread_out(asked, offered)
            meaning = one @ other.T
            scores |= {
                "embeddings": plain,
                "embeddings as matching reads them": meaning,
                "hybrid, min-max of plain embeddings": _share(words) + _share(plain),
                "hybrid, ranks": _rank(words) + _rank(meaning),
                "hybrid": (words + np.maximum(meaning, 0.0)) / 2,
            }
        for name, rows in scores.items():
            hits = np.array([hit_of_first(row, place) for place, row in enumerate(rows)])
            found.append(
                {
                    "language": language,
                    "texts": len(texts),
                    "method": name,
                    "first": float(hits[:, 0].mean()),
                    "ten": float(hits[:, 1].mean()),
                }
            )
    return found


def read_pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    """English projects and calls, French companies; texts cut, each title once."""
    lines = (data / "cordis_texts" / "cordis_texts.jsonl").read_text(encoding="utf-8").splitlines()
    english = [(row["title"], row["text"]) for row in map(json.loads, lines)]
    calls = (data / "eu_calls_2026" / "calls_clean.jsonl").read_text(encoding="utf-8").splitlines()
    english += [(row["title"], row["description"] or "") for row in map(json.loads, calls)]
    with (data / "ilab_fr" / "ilab_companies.csv").open(encoding="utf-8-sig") as file:
        french = [(row["Moto"], row["Résumé"]) for row in csv.DictReader(file)]
    return {"en": _clean(english), "fr": _clean(french)[:2000]}


def _clean(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    first: dict[str, str] = {}
    for title, text in pairs:
        if title.strip() and len(text) > 100:
            first.setdefault(title.strip(), text[:LENGTH])
    return list(first.items())


def _score_words(titles: list[str], texts: list[str], language: str) -> NDArray[np.float32]:
    vocabulary = Vocabulary()
    documents = [vocabulary.read(text, language) for text in texts]
    asked = [vocabulary.read(title, language) for title in titles]
    index = Bm25(documents, len(vocabulary))
    return index.score_rows(index.weigh_queries(asked), 0, len(titles))


def _score_peer(titles: list[str], texts: list[str], language: str) -> NDArray[np.float32]:
    """bm25s with its own words, stop words and stems of the same family."""
    import bm25s
    import Stemmer

    options = {
        "stopwords": {"en": "english", "fr": "french"}[language],
        "stemmer": Stemmer.Stemmer({"en": "english", "fr": "french"}[language]),
        "show_progress": False,
    }
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, **options), show_progress=False)
    tokens = bm25s.tokenize(titles, return_ids=False, **options)
    return np.stack(
        [index.get_scores(one) if one else np.zeros(len(texts), np.float32) for one in tokens]
    )


def _share(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    low = scores.min(axis=1, keepdims=True)
    return (scores - low) / np.maximum(scores.max(axis=1, keepdims=True) - low, 1e-12)


def _rank(scores: NDArray[np.float32], constant: float = 60.0) -> NDArray[np.float64]:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1)
    return 1.0 / (constant + ranks + 1.0)
