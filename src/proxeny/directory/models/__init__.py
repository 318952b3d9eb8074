"""Organisations and their facts, memberships, offers and needs, imports, searches and matches."""

from proxeny.directory.models.acquaintances import Acquaintance
from proxeny.directory.models.choices import (
    IPR,
    IdentifierScheme,
    Kind,
    QualityLabel,
    Size,
    Stage,
    Visibility,
)
from proxeny.directory.models.clusters import ClusterProfile
from proxeny.directory.models.details import Details, OrganisationDetails, field_of
from proxeny.directory.models.duplicates import DuplicatePair, Merge
from proxeny.directory.models.identifiers import Identifier
from proxeny.directory.models.imports import MemberImport
from proxeny.directory.models.interests import Interest
from proxeny.directory.models.listings import Listing, ListingClient
from proxeny.directory.models.matches import MatchChoice, MatchList, ProfileVector
from proxeny.directory.models.memberships import Membership
from proxeny.directory.models.organisations import GUARDED, Organisation
from proxeny.directory.models.projects import Project, ProjectPart
from proxeny.directory.models.search import Word
from proxeny.directory.models.terms import Term
from proxeny.directory.models.watching import Follow, SavedSearch

__all__ = [
    "GUARDED",
    "IPR",
    "Acquaintance",
    "ClusterProfile",
    "Details",
    "DuplicatePair",
    "Follow",
    "Identifier",
    "IdentifierScheme",
    "Interest",
    "Kind",
    "Listing",
    "ListingClient",
    "MatchChoice",
    "MatchList",
    "MemberImport",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationDetails",
    "ProfileVector",
    "Project",
    "ProjectPart",
    "QualityLabel",
    "SavedSearch",
    "Size",
    "Stage",
    "Term",
    "Visibility",
    "Word",
    "field_of",
]
