"""What is offered to whom."""

from proxeny.kernel.tenancy import Reader


def can_refresh(reader: Reader, organisation_id: int) -> bool:
    """Whether a reader is of a cluster's team, and so may have its figures worked out anew."""
    return organisation_id in reader.organisations and organisation_id in reader.clusters
