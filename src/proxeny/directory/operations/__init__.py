"""Everything that writes in the directory, one file a use case."""

from proxeny.directory.operations.applying import check_import, write_import
from proxeny.directory.operations.clusters import update_cluster_profile
from proxeny.directory.operations.duplicates import (
    decide_pair,
    find_duplicates,
    merge_pairs,
    note_duplicates,
    request_search,
)
from proxeny.directory.operations.founding import (
    check_setup_code,
    is_set_up,
    set_up_installation,
    setup_code,
)
from proxeny.directory.operations.importing import (
    apply_import,
    decide_pairs,
    discard_import,
    reread_import,
    set_mapping,
    start_import,
)
from proxeny.directory.operations.listings import ListingText, add_listing, update_listing
from proxeny.directory.operations.memberships import end_membership, restore_membership
from proxeny.directory.operations.merging import merge_organisations, unmerge_organisations
from proxeny.directory.operations.organisations import (
    create_cluster,
    create_member,
    update_organisation,
)
from proxeny.directory.operations.publishing import archive_listing, restore_listing
from proxeny.directory.operations.reading import (
    export_listings,
    export_organisations,
    open_organisation,
)
from proxeny.directory.operations.streaming import Wanted, import_file
from proxeny.directory.operations.vocabularies import load_vocabulary

__all__ = [
    "ListingText",
    "Wanted",
    "add_listing",
    "apply_import",
    "archive_listing",
    "check_import",
    "check_setup_code",
    "create_cluster",
    "create_member",
    "decide_pair",
    "decide_pairs",
    "discard_import",
    "end_membership",
    "export_listings",
    "export_organisations",
    "find_duplicates",
    "import_file",
    "is_set_up",
    "load_vocabulary",
    "merge_organisations",
    "merge_pairs",
    "note_duplicates",
    "open_organisation",
    "request_search",
    "reread_import",
    "restore_listing",
    "restore_membership",
    "set_mapping",
    "set_up_installation",
    "setup_code",
    "start_import",
    "unmerge_organisations",
    "update_cluster_profile",
    "update_listing",
    "update_organisation",
    "write_import",
]
