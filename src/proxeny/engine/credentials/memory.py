"""Cache of results that hold for many credentials at one moment."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

__all__ = ["Memory", "Resolve"]

type Resolve = Callable[[str], Mapping[str, Any] | None]


class Memory:
    """Issuers and status lists that were already checked, for one batch of credentials.

    An entry is used only as long as `resolve` returns the very same objects as before for every
    address it depends on, so that `resolve` alone decides what is current. These objects must not
    be changed meanwhile.
    """

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[Hashable, tuple[list[tuple[str, object]], Any]] = {}

    def recall[Said](
        self, key: Hashable, resolve: Resolve, work: Callable[[Resolve], Said]
    ) -> Said:
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
