"""How much time is left."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Watch"]


@dataclass(frozen=True, slots=True)
class Watch:
    """A clock and when time is up by it, in seconds."""

    clock: Callable[[], float]
    ends_at: float

    def left(self) -> float:
        """Return the seconds that are left; none or less if time is up."""
        return self.ends_at - self.clock()

    def is_up(self) -> bool:
        """Whether nothing is left."""
        return self.left() <= 0

    def earlier(self, seconds: float) -> "Watch":
        """Return one that is up so much earlier."""
        return Watch(self.clock, self.ends_at - seconds)
