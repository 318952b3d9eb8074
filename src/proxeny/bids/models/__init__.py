"""Tables of joint bids."""

from proxeny.bids.models import record_kinds  # noqa: F401  (names the kinds that a room keeps)
from proxeny.bids.models.bids import Bid, Stance
from proxeny.bids.models.papers import Paper, PaperVersion
from proxeny.bids.models.partners import Link, Partner
from proxeny.bids.models.searches import Search
from proxeny.bids.models.work import PackageNeed, Spending, WorkPackage

__all__ = [
    "Bid",
    "Link",
    "PackageNeed",
    "Paper",
    "PaperVersion",
    "Partner",
    "Search",
    "Spending",
    "Stance",
    "WorkPackage",
]
