"""What narrows the list of bids."""

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import SORTS
from proxeny.partnerships.find_forms import FindForm


class FindBidsForm(FindForm):
    """What narrows the list."""

    states = Bid.State.choices
    sorts = SORTS
