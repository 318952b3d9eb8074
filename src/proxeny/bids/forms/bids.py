"""Filters of the list of bids."""

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import SORTS
from proxeny.partnerships.find_forms import FindForm


class FindBidsForm(FindForm):
    """Filters of the list."""

    states = Bid.State.choices
    sorts = SORTS
