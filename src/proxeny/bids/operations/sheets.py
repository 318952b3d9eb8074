"""A budget as its page, its file and its API tell it: the same sums for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proxeny.bids.models import Bid, Partner, WorkPackage
from proxeny.bids.operations.budgets import Problem, problems_of, work_out
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.engine.budget import Budget, Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A partner's totals, and its problems."""

    partner: Partner
    cell: Cell
    request: int
    own: int
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A work package's totals, of one partner or of all, and its problems."""

    package: WorkPackage
    cell: Cell
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A budget read once.

    Attributes
    ----------
    partners : sequence of Partner
        All of the bid.
    lines, apart : sequence of Line
        The planned partners; those that declined or left, which are not counted.
    budget : Budget
        Of the planned partners.
    """

    bid: Bid
    partners: Sequence[Partner]
    lines: Sequence[Line]
    apart: Sequence[Line]
    columns: Sequence[Column]
    budget: Budget
    problems: Sequence[Problem]

    @property
    def total(self) -> Cell:
        """The sums of all."""
        return self.budget.total

    @property
    def own(self) -> int:
        """The contribution of all partners from their own money."""
        return self.budget.total.total - self.budget.request

    @property
    def of_grant(self) -> list[Problem]:
        """The problems with the grant limits of the call."""
        return [one for one in self.problems if one.code.startswith("grant-")]

    def cell(self, partner: Partner, package: WorkPackage) -> Cell:
        """Return a partner's spending on a work package."""
        return self.budget.cells.get((str(partner.pk), str(package.pk)), Cell())


@dataclass(frozen=True, slots=True)
class PartnerSheet:
    """One partner's budget: its totals, and its part in each work package."""

    line: Line
    columns: Sequence[Column]


def read_sheet(bid: Bid) -> Sheet:
    """Return the budget of a bid. Three queries."""
    partners, packages, spendings = partners_of(bid), packages_of(bid), spendings_of(bid)
    planned = counted(partners)
    gone = [one for one in partners if not one.is_counted]
    budget = work_out(bid, planned, packages, spendings)
    problems = problems_of(bid, partners, budget, packages)
    columns = [
        Column(
            one,
            budget.packages[str(one.pk)],
            [found for found in problems if found.package_id == one.pk],
        )
        for one in packages
    ]
    return Sheet(
        bid,
        partners,
        _lines(planned, budget, problems),
        _lines(gone, work_out(bid, gone, packages, spendings), ()),
        columns,
        budget,
        problems,
    )


def read_partner_sheet(bid: Bid, partner: Partner, packages: Sequence[WorkPackage]) -> PartnerSheet:
    """Return the budget of one partner, whether or not it is planned with. One query."""
    budget = work_out(bid, [partner], packages, spendings_of(bid, partner))
    problems = problems_of(bid, [partner], budget, packages)
    columns = [Column(one, budget.packages[str(one.pk)]) for one in packages]
    return PartnerSheet(_lines([partner], budget, problems)[0], columns)


def _lines(partners: Iterable[Partner], budget: Budget, problems: Iterable[Problem]) -> list[Line]:
    problems = [one for one in problems if one.package_id is None]
    return [
        Line(
            one,
            budget.lines[str(one.pk)],
            budget.requests[str(one.pk)],
            budget.own(str(one.pk)),
            [found for found in problems if found.partner_id == one.pk],
        )
        for one in partners
    ]
