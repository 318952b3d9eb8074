"""What was worked out once and holds for many credentials at one moment."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

__all__ = ["Memory", "Resolve"]

type Resolve = Callable[[str], Mapping[str, Any] | None]


class Memory:
    """Issuers and status lists that were looked at, for one batch of credentials.

    Something is taken from here only as long as `resolve` gives the very same objects as before
    for every address that it rests on, so that `resolve` stays the one who says what is current.
    Nobody may change these objects meanwhile.
    """

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[Hashable, tuple[list[tuple[str, object]], Any]] = {}

    def recall[Said](
        self, key: Hashable, resolve: Resolve, work: Callable[[Resolve], Said]
    ) -> Said:  # fmt: skip
        """Return what some work says, from before if it rests on the same."""
        grounds, said = self._seen.get(key, ([], None))
        if grounds and all(resolve(url) is document for url, document in grounds):
            kept: Said = said
            return kept
        trace: list[tuple[str, object]] = []

        def traced(url: str) -> Mapping[str, Any] | None:
            document = resolve(url)
            trace.append((url, document))
            return document

        fresh = work(traced)
        self._seen[key] = (trace, fresh)
        return fresh
