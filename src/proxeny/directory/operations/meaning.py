"""Language vectors: stored by entry, looked up when matching, calculated by their own job.

A model reads a few texts a second, so that no page and no match waits for one: what has no vector
yet is matched by its words.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from django.conf import settings
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from proxeny.directory.models import ProfileVector
from proxeny.directory.operations.profiles import make_profiles
from proxeny.directory.queries.matching import read_entries, vectors_of
from proxeny.engine.matching import Embed, build_index

Side = ProfileVector.Side


@cache
def _load(path: str) -> tuple[str, Embed] | None:
    try:
        model = import_string(path)()
    except ImportError:
        return None
    return str(getattr(model, "name", path))[:120], model


def get_model() -> tuple[str, Embed] | None:
    """Return name and model that `PROXENY_MATCHING_MODEL` names; None where it is not installed.

    Side effects: loads the model once in a process.
    """
    return _load(settings.MATCHING_MODEL) if settings.MATCHING_MODEL else None


def kept_meaning(organisation_ids: Iterable[int]) -> Embed | None:
    """Return the look-up of entries' vectors; None without a model or stored vectors.

    A text without a vector gets zeros, which are near nothing.
    """
    found = get_model()
    if found is None:
        return None
    kept = {
        digest: np.frombuffer(raw, dtype="<f4")
        for digest, raw in vectors_of(organisation_ids, model=found[0]).items()
        if raw
    }
    if not kept:
        return None
    size = len(next(iter(kept.values())))

    def look_up(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), size), dtype=np.float32)
        for place, text in enumerate(texts):
            if (vector := kept.get(_digest(text))) is not None:
                vectors[place] = vector
        return vectors

    return look_up


def read_meaning(organisation_ids: Sequence[int]) -> int:
    """Have the model read entries' needs and offers, and store the vectors; return their number.

    Run it as the service role.

    Side effects: rows of `ProfileVector`; without text, an empty one says that it was read.
    """
    found = get_model()
    if found is None:
        return 0
    name, model = found
    entries = read_entries(organisation_ids)
    texts = _Texts()
    build_index(make_profiles(entries).profiles, embed=texts)
    rows = []
    for side, told in zip((Side.ASKS, Side.OFFERS), texts.told, strict=True):
        vectors = _embed(model, told)
        rows += [
            ProfileVector(
                organisation_id=entry.id,
                side=side,
                model=name,
                digest=_digest(text),
                vector=vector,
                made_at=Now(),
            )
            for entry, text, vector in zip(entries, told, vectors, strict=True)
        ]
    ProfileVector.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "side", "model"],
        update_fields=["digest", "vector", "made_at"],
    )
    return len(rows)


class _Texts:
    """A stand-in for the model, to record the texts that the engine would have it read."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.told.append(list(texts))
        return np.zeros((len(texts), 1), dtype=np.float32)


def _embed(model: Embed, texts: list[str]) -> list[bytes]:
    known = [text for text in dict.fromkeys(texts) if text]
    vectors = np.asarray(model(known), dtype="<f4") if known else np.zeros((0, 1), dtype="<f4")
    raw = {text: vector.tobytes() for text, vector in zip(known, vectors, strict=True)}
    return [raw.get(text, b"") for text in texts]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
