"""What can be done with partnerships."""

from proxeny.partnerships.operations.agreements import amend_agreement, sign_agreement
from proxeny.partnerships.operations.endings import (
    decline_partnership,
    end_partnership,
    withdraw_proposal,
)
from proxeny.partnerships.operations.proposals import (
    change_draft,
    draft_partnership,
    propose_partnership,
)
from proxeny.partnerships.operations.sharing import grant_sharing, withdraw_sharing

__all__ = [
    "amend_agreement",
    "change_draft",
    "decline_partnership",
    "draft_partnership",
    "end_partnership",
    "grant_sharing",
    "propose_partnership",
    "sign_agreement",
    "withdraw_proposal",
    "withdraw_sharing",
]
