"""What the European Cluster Collaboration Platform asks of a cluster before it lists it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

#: At least so many full-time equivalents, committed members, and kinds of member.
LEAST_STAFF = Decimal("0.5")
LEAST_MEMBERS = 15
LEAST_KINDS = 2


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the four: whether it is met, what there is, and what is asked.

    `name` is `staff`, `members`, `kinds` or `website`.
    """

    name: str
    is_met: bool
    have: Decimal | int | None
    need: Decimal | int

    @property
    def missing(self) -> Decimal | int:
        """How much is missing."""
        return max(self.need - (self.have or 0), 0)


def check_criteria(
    *, staff_fte: Decimal | None, members: int, kinds: Collection[str], website: str
) -> list[Criterion]:
    """Return how a cluster stands with each criterion.

    Parameters
    ----------
    staff_fte : Decimal or None
        Full-time equivalents that work for the cluster; None is not known.
    members : int
        Committed members.
    kinds : collection of str
        Kinds of organisation among them.
    website : str
        Its address, or empty.
    """
    return [
        Criterion("staff", (staff_fte or 0) >= LEAST_STAFF, staff_fte, LEAST_STAFF),
        Criterion("members", members >= LEAST_MEMBERS, members, LEAST_MEMBERS),
        Criterion("kinds", len(set(kinds)) >= LEAST_KINDS, len(set(kinds)), LEAST_KINDS),
        Criterion("website", bool(website), int(bool(website)), 1),
    ]
