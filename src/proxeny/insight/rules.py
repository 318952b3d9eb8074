"""The actions offered to a reader."""

from proxeny.kernel.tenancy import Reader


def can_refresh(reader: Reader, organisation_id: int) -> bool:
    """Whether a reader is in a cluster's team, and so may have its figures recalculated."""
    return organisation_id in reader.organisations and organisation_id in reader.clusters
