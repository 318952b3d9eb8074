"""Remaining time."""

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
        """Whether the time is up."""
        return self.left() <= 0

    def part(self, share: float) -> "Watch":
        """Return one for a share of what is left."""
        return Watch(self.clock, self.ends_at - (1 - share) * max(0.0, self.left()))
