"""Partnerships and alliances: parties, what they sign, share, plan, fear, pay and say."""

from proxeny.partnerships.models.agreements import Agreement, Signatory, SignOff
from proxeny.partnerships.models.core import Assessment, Partnership, Party, Stage
from proxeny.partnerships.models.delegations import Delegation
from proxeny.partnerships.models.funding import ExchangeRate, FundingLine, FundingSource
from proxeny.partnerships.models.goals import KeyResult, Measurement, Objective
from proxeny.partnerships.models.interests import Interest
from proxeny.partnerships.models.introductions import IntroductionPlan, ProposedIntroduction
from proxeny.partnerships.models.placements import Placement
from proxeny.partnerships.models.plans import Action, Activity, Charge, Dependency
from proxeny.partnerships.models.reciprocity import Favour, Rhythm
from proxeny.partnerships.models.reviews import (
    Evidence,
    HealthAnswer,
    HealthReview,
    Recommendation,
)
from proxeny.partnerships.models.risks import Risk
from proxeny.partnerships.models.sharing import SharingGrant

__all__ = [
    "Action",
    "Activity",
    "Agreement",
    "Assessment",
    "Charge",
    "Delegation",
    "Dependency",
    "Evidence",
    "ExchangeRate",
    "Favour",
    "FundingLine",
    "FundingSource",
    "HealthAnswer",
    "HealthReview",
    "Interest",
    "IntroductionPlan",
    "KeyResult",
    "Measurement",
    "Objective",
    "Partnership",
    "Party",
    "Placement",
    "ProposedIntroduction",
    "Recommendation",
    "Rhythm",
    "Risk",
    "SharingGrant",
    "SignOff",
    "Signatory",
    "Stage",
]
