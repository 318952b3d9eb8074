"""Criteria of the European Cluster Collaboration Platform for listing a cluster."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

#: At least so many full-time equivalents, committed members, and kinds of member.
LEAST_STAFF = Decimal("0.5")
LEAST_MEMBERS = 15
LEAST_KINDS = 2


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the four criteria: whether it is met, the actual value, and the required one.

    `name` is `staff`, `members`, `kinds` or `website`.
    """

    name: str
    is_met: bool
    have: Decimal | int | None
    need: Decimal | int

    @property
    def missing(self) -> Decimal | int:
        """The missing amount."""
        return max(self.need - (self.have or 0), 0)


def check_criteria(
    *, staff_fte: Decimal | None, members: int, kinds: Collection[str], website: str
) -> list[Criterion]:
    """Return a cluster's result for each criterion.

    Parameters
    ----------
    staff_fte : Decimal or None
        Staff of the cluster in full-time equivalents; None if unknown.
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
