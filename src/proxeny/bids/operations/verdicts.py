"""The conditions of a bid's call, looked at for its consortium with its budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.budgets import UNPAID, entrant_of, to_amount
from proxeny.bids.queries.bids import counted
from proxeny.calls.operations.checking import Entrant, Looked, look_at_entrants
from proxeny.engine.budget import Budget


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of the conditions on all planned partners, and on those that agreed."""

    planned: Looked
    agreed: Looked


def look_at(bid: Bid, partners: Sequence[Partner], budget: Budget, *, today: date) -> Verdict:
    """Look at each condition for a consortium and its budget. No query.

    Parameters
    ----------
    partners : sequence of Partner
        All of the bid.
    today : date
        The day the call closes, where it has none.
    """
    planned = counted(partners)
    agreed = [one for one in planned if one.state == Partner.State.IN]
    return Verdict(
        *(
            look_at_entrants([_entrant(one, budget) for one in some], bid.call, today=today)
            for some in (planned, agreed)
        )
    )


def _entrant(one: Partner, budget: Budget) -> Entrant:
    """Return a partner as the conditions see it; without a cost its figures count as unknown.

    Except for partners that the grant does not pay, which request nothing.
    """
    key = str(one.pk)
    cost = budget.lines[key].total if key in budget.lines else 0
    if not cost and one.request is None and one.role not in UNPAID:
        return entrant_of(one)
    return entrant_of(one, cost=to_amount(cost), request=to_amount(budget.requests[key]))
