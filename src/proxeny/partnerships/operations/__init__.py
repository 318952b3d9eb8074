"""Operations on partnerships."""

# Imported for what they register: checks of each kind of record, and what follows from signatures.
from proxeny.partnerships.operations import kinds, parties, placements, stages
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
from proxeny.partnerships.operations.reading import open_file
from proxeny.partnerships.operations.sharing import (
    change_sharing,
    grant_sharing,
    grant_version,
    remove_file,
    share_again,
    share_file,
    withdraw_sharing,
)

__all__ = [
    "amend_agreement",
    "change_draft",
    "change_sharing",
    "decline_partnership",
    "draft_partnership",
    "end_partnership",
    "grant_sharing",
    "grant_version",
    "kinds",
    "open_file",
    "parties",
    "placements",
    "propose_partnership",
    "remove_file",
    "share_again",
    "share_file",
    "sign_agreement",
    "stages",
    "withdraw_proposal",
    "withdraw_sharing",
]
