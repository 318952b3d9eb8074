"""Proposed consortia, why, and what is proven of them; or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proxeny.engine.consortium.model import Report

__all__ = ["Added", "Conflict", "Proposal", "Proposals", "Worth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Worth of a consortium, by part; effort and imbalance are below 0."""

    coverage: int
    fit: int
    relations: int
    imbalance: int
    effort: int

    @property
    def total(self) -> int:
        """The sum."""
        return self.coverage + self.fit + self.relations + self.imbalance + self.effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Contribution of a member: the loss without it, with all others unchanged.

    Parameters
    ----------
    worth : Worth
        The difference in each part.
    needs : mapping of str to int
        Needs that it covers better than any other member, with the levels that would be lost.
    knows : mapping of str to int
        Members it has a relation with, and how strong.
    rules : tuple of str
        Keys of rules that would be broken; `members`, `coordinator`, `side:…` and `need:…` for what
        the wish asks for.
    """

    member: str
    kept: bool
    worth: Worth
    needs: Mapping[str, int] = field(default_factory=dict)
    knows: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Proposed consortium.

    Parameters
    ----------
    members : tuple of str
        Keys: kept members first, then by contribution.
    coordinator : str
        A member that may coordinate by all rules, the one with the best fit; empty if none is
        needed.
    bound : int
        No consortium that is not in the list before this one is worth more; `worth` itself if it is
        proven the best.
    levels : mapping of str to int
        Each need and how well it is covered, 0 to 3.
    report : Report
        The verdicts on the call's rules.
    """

    members: tuple[str, ...]
    coordinator: str
    worth: Worth
    bound: int
    cost: int
    request: int
    levels: Mapping[str, int]
    added: tuple[Added, ...]
    report: Report

    @property
    def gap(self) -> int:
        """The most by which the best could be better."""
        return self.bound - self.worth.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Reason why there is no consortium.

    Parameters
    ----------
    code : str
        `unknown`: nobody has the key of a member to keep. `unfit`: a member to keep is left out for
        `reason` (see `Proposals.left_out`). `size`: more members are kept than allowed. `together`:
        the `demands` cannot be met together.
    demands : tuple of str
        Keys of rules, or `members`, `request_most`, `coordinator`, `keep`, `side:…`, `need:…`.
    is_minimal : bool
        Whether without any one of the demands the others can be met; false if time was up before
        that was known.
    """

    code: Literal["unknown", "unfit", "size", "together"]
    member: str = ""
    reason: str = ""
    demands: tuple[str, ...] = ()
    is_minimal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """The best consortia, or why there is none.

    Parameters
    ----------
    status : {"optimal", "feasible", "infeasible", "unknown"}
        `optimal`: each is proven the best that is not before it. `feasible`: they meet everything,
        and each says how far it may be from the best. `unknown`: time was up before one was found.
    is_complete : bool
        Whether there is no further consortium beyond those listed.
    left_out : mapping of str to int
        How many organisations cannot take part, by reason: `without`, `free_bids`, `own_most`,
        `figures` (a sum that a condition needs is not known), or the key of a rule.
    considered, compared : int
        How many could take part, and among how many of them the last search went; all others are
        proven to be in none of the proposals, or their `bound` says what is not proven.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    proposals: tuple[Proposal, ...] = ()
    is_complete: bool = False
    conflicts: tuple[Conflict, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    considered: int = 0
    compared: int = 0
