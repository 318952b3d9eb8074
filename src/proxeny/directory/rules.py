"""Who may do what in the directory. The database decides what is possible; this, what is offered."""

from proxeny.directory.models import Listing, Organisation, Visibility
from proxeny.kernel.tenancy import Reader


def can_manage_members(reader: Reader, cluster_id: int | None) -> bool:
    """Whether the reader manages a cluster, and so its members and their import."""
    return cluster_id is not None and cluster_id in reader.managed


def can_edit_organisation(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader may change an entry: its own people, or its steward's managers.

    A cluster's own entry is changed by its managers only.
    """
    if can_manage_members(reader, organisation.steward_id):
        return True
    if organisation.is_cluster:
        return organisation.pk in reader.managed
    return organisation.pk in reader.organisations


def can_merge(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader may merge an entry with another: the managers of who keeps it."""
    return can_manage_members(reader, organisation.steward_id)


def can_be_shared(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader may show the entry to a partner: the steward's managers, unless private."""
    is_private = organisation.visibility == Visibility.PRIVATE
    return can_manage_members(reader, organisation.steward_id) and not is_private


def can_edit_listing(reader: Reader, listing: Listing) -> bool:
    """Whether the reader may change an offer or a need."""
    return can_edit_organisation(reader, listing.organisation)


def can_see_people(reader: Reader, organisation: Organisation) -> bool:
    """Whether the people of an organisation are listed on its page."""
    return organisation.pk in reader.organisations or can_manage_members(
        reader, organisation.steward_id
    )


def can_export(reader: Reader) -> bool:
    """Whether the reader may take the list along as a file: nobody unknown may."""
    return not reader.is_stranger


def can_see_matches(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader looks for an organisation's partners: its people, its cluster's team."""
    return (
        organisation.pk in reader.organisations or organisation.steward_id in reader.organisations
    )


def can_see_wanted(reader: Reader, cluster: Organisation) -> bool:
    """Whether the reader sees whom a cluster's members want to meet: who works for the cluster."""
    return cluster.is_cluster and cluster.pk in reader.organisations
