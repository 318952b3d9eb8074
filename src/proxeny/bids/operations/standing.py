"""All that is known of a bid at one moment: read once, for its first page, its checklist and its text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from proxeny.bids.models import Bid, Partner, WorkPackage
from proxeny.bids.operations.budgets import Problem, problems_of, work_out
from proxeny.bids.operations.verdicts import Verdict, look_at
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.bids.queries.papers import Kept, read_papers
from proxeny.bids.queries.stances import Sides, sides_of
from proxeny.bids.queries.texts import BidText, signed_letters_of, text_of
from proxeny.engine.budget import Budget
from proxeny.partnerships.models import Party

Role = Partner.Role
#: Roles that sign the whole bid; subcontractors are paid by one of them.
SIGNING = (Role.BENEFICIARY, Role.AFFILIATED, Role.ASSOCIATED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A bid with all that belongs to it.

    Attributes
    ----------
    partners, counted : sequence of Partner
        All partners; those planned with.
    budget : Budget
        Of the partners planned with.
    letters : set of int
        The partners with a valid letter of intent.
    text : BidText or None
        The text last sent to the partners.
    """

    bid: Bid
    partners: Sequence[Partner]
    counted: Sequence[Partner]
    packages: Sequence[WorkPackage]
    papers: Sequence[Kept]
    budget: Budget
    problems: Sequence[Problem]
    verdict: Verdict
    sides: Sides
    letters: set[int]
    text: BidText | None

    @property
    def signing(self) -> list[Partner]:
        """The participating partners that sign the whole bid."""
        return [
            one for one in self.counted if one.state == Partner.State.IN and one.role in SIGNING
        ]


def read_standing(bid: Bid, parties: Iterable[Party], *, today: date) -> Standing:
    """Return the current state of a bid. At most eleven queries, whatever its size."""
    partners, packages = partners_of(bid), packages_of(bid)
    planned = counted(partners)
    budget = work_out(bid, planned, packages, spendings_of(bid))
    return Standing(
        bid=bid,
        partners=partners,
        counted=planned,
        packages=packages,
        papers=read_papers(bid),
        budget=budget,
        problems=problems_of(bid, planned, budget, packages),
        verdict=look_at(bid, partners, budget, today=today),
        sides=sides_of(bid, parties),
        letters=signed_letters_of(planned),
        text=text_of(bid, partners),
    )
