"""The tables of research collaboration."""

from proxeny.research.models import record_kinds  # noqa: F401  (names the kinds that a room keeps)
from proxeny.research.models.looked_at import AdviceReview
from proxeny.research.models.packages import Arrival, Package, PackageFile, PackageVersion, Upload
from proxeny.research.models.publications import DataRequest, Publication, Use
from proxeny.research.models.studies import Contributor, Licence, Result, Study, WeighedRisk

__all__ = [
    "AdviceReview",
    "Arrival",
    "Contributor",
    "DataRequest",
    "Licence",
    "Package",
    "PackageFile",
    "PackageVersion",
    "Publication",
    "Result",
    "Study",
    "Upload",
    "Use",
    "WeighedRisk",
]
