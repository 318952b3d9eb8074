"""Rules of the directory: what is offered to a reader; the database decides what is possible."""

from collections.abc import Collection

from proxeny.directory.models import Interest, Listing, Organisation, Visibility
from proxeny.kernel.tenancy import Reader

#: Interest that somebody still has to act upon.
OPEN_STATES = (
    Interest.State.ASKED,
    Interest.State.RETURNED,
    Interest.State.PASSED,
    Interest.State.OFFERED,
)


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


def can_edit_profile(reader: Reader, cluster: Organisation) -> bool:
    """Whether the reader may change a cluster's profile: its managers, or those of its steward."""
    return cluster.is_cluster and (
        cluster.pk in reader.managed or can_manage_members(reader, cluster.steward_id)
    )


def can_demand_factor(reader: Reader, cluster: Organisation) -> bool:
    """Whether the reader may ask a second factor of the cluster's seats: its own managers."""
    return cluster.is_cluster and cluster.pk in reader.managed


def is_of_cluster(reader: Reader, cluster: Organisation) -> bool:
    """Whether the reader holds a seat in the cluster itself."""
    return cluster.pk in reader.organisations


def can_merge(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader may merge an entry with another: the managers of its steward."""
    return can_manage_members(reader, organisation.steward_id)


def can_be_shared(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader may show the entry to a partner: the steward's managers, unless private."""
    is_private = organisation.visibility == Visibility.PRIVATE
    return can_manage_members(reader, organisation.steward_id) and not is_private


def owner_of(listing: Listing) -> Organisation:
    """Return the owner of an offer or need, as far as the reader may know.

    Of an anonymous one that is the member behind it for the cluster's people and the member itself,
    and for everybody else the cluster.
    """
    client = getattr(listing, "client", None) if listing.is_anonymous else None
    return client.organisation if client else listing.organisation


def keeper_of(organisation: Organisation) -> int:
    """Return the cluster whose advisers look after an organisation's texts: a cluster's, itself."""
    return organisation.steward_id or organisation.pk


def can_edit_listing(reader: Reader, listing: Listing) -> bool:
    """Whether the reader may change an offer or a need."""
    return can_edit_organisation(reader, owner_of(listing))


def is_staff_of(reader: Reader, listing: Listing) -> bool:
    """Whether the reader manages the cluster that keeps it: what such a person writes is published."""
    return keeper_of(listing.organisation) in reader.managed


def can_review_listing(listing: Listing, advised: Collection[int]) -> bool:
    """Whether an adviser of these clusters may read an offer or need before others do."""
    return keeper_of(listing.organisation) in advised


def can_be_anonymous(organisation: Organisation) -> bool:
    """Whether a cluster can publish for it without its name: one that a cluster keeps."""
    return organisation.steward_id is not None


def can_ask_for(reader: Reader, organisation: Organisation, listing: Listing) -> bool:
    """Whether the reader may express an organisation's interest in an offer or need."""
    return can_edit_organisation(reader, organisation) and organisation.pk not in (
        listing.organisation_id,
        owner_of(listing).pk,
    )


def can_pass_on(interest: Interest, advised: Collection[int]) -> bool:
    """Whether an adviser of these clusters has to pass it on, or to send it back."""
    if interest.state == Interest.State.ASKED:
        return interest.sender_id in advised
    return interest.state == Interest.State.PASSED and interest.receiver_id in advised


def can_answer_question(reader: Reader, interest: Interest) -> bool:
    """Whether the reader may change what was asked: until the own adviser has passed it on."""
    is_early = interest.state in (Interest.State.ASKED, Interest.State.RETURNED)
    return is_early and is_asker(reader, interest)


def can_withdraw(reader: Reader, interest: Interest) -> bool:
    """Whether the reader may take interest back: the asking side, while nobody has decided."""
    return interest.decided_at is None and is_asker(reader, interest) and is_open(interest)


def is_asker(reader: Reader, interest: Interest) -> bool:
    """Whether the reader speaks for the asking organisation."""
    return interest.organisation_id in reader.organisations or can_manage_members(
        reader, interest.sender_id
    )


def is_asking_side(reader: Reader, interest: Interest) -> bool:
    """Whether the reader asks, or belongs to the cluster of the asking organisation."""
    return is_asker(reader, interest) or interest.sender_id in reader.organisations


def is_open(interest: Interest) -> bool:
    """Whether it waits for somebody's action."""
    return interest.state in OPEN_STATES


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
    """Whether the reader sees the partners that a cluster's members want: the cluster's team."""
    return cluster.is_cluster and cluster.pk in reader.organisations
