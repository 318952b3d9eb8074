"""Descriptions of directory actions in a history, and the records that have one."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Invitation, Seat
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.ecosystems import ecosystem_name
from proxeny.directory.forms import language_name
from proxeny.directory.identifiers import tell_key
from proxeny.directory.models import Listing, Membership, Merge, Organisation
from proxeny.directory.queries.interests import get_interest
from proxeny.kernel import audit

SENTENCES = {
    "accept_interest": _("Accepted an expression of interest"),
    "add_listing": _("Wrote an offer or need"),
    "apply_import": _("Imported a member list"),
    "archive_listing": _("Archived an offer or need"),
    "change_interest": _("Changed the answers"),
    "choose_match": _("Chose whether to meet a proposed partner"),
    "clear_match": _("Undid the choice on a proposed partner"),
    "create_cluster": _("Set up the cluster"),
    "merge_organisations": _("Merged two entries"),
    "unmerge_organisations": _("Undid a merge"),
    "part_duplicates": _("Marked two entries as separate organisations"),
    "reopen_duplicates": _("Reopened a pair of entries"),
    "create_member": _("Added the member"),
    "decline_interest": _("Declined an expression of interest"),
    "discard_import": _("Discarded an upload"),
    "end_membership": _("Ended the membership"),
    "expire_listing": _("Marked an offer or need as expired"),
    "express_interest": _("Expressed interest"),
    "find_matches": _("Requested partner proposals"),
    "follow": _("Started following"),
    "hold_listing": _("Put an offer or need on hold"),
    "load_vocabulary": _("Loaded a vocabulary"),
    "pass_interest": _("Passed on an expression of interest"),
    "pass_listing": _("Approved an offer or need"),
    "renew_listing": _("Renewed an offer or need"),
    "reopen_review": _("Undid a decision on an offer or need"),
    "import_organisation": _("Added by an import"),
    "restore_listing": _("Restored an offer or need from the archive"),
    "restore_membership": _("Cancelled the end of the membership"),
    "resume_listing": _("Published an offer or need on hold again"),
    "return_interest": _("Asked a question before passing on interest"),
    "return_listing": _("Sent back an offer or need with a note"),
    "change_search": _("Changed a saved search"),
    "remove_search": _("Removed a saved search"),
    "save_search": _("Saved a search"),
    "set_mapping": _("Matched the columns"),
    "start_import": _("Uploaded a member list"),
    "submit_listing": _("Submitted an offer or need"),
    "unfollow": _("Stopped following"),
    "update_cluster_profile": _("Changed the cluster’s profile"),
    "update_listing": _("Changed an offer or need"),
    "update_organisation": _("Changed the entry"),
    "withdraw_interest": _("Withdrew an expression of interest"),
    "withdraw_listing": _("Returned an offer or need to draft"),
}


def _parts_of(one: Organisation) -> dict[str, Any]:
    # Entries merged into this one are included; moved records belong to their new entry.
    ids = queries.with_merged(one.pk)
    return {
        "directory.Organisation": ids,
        "directory.ClusterProfile": [one.pk],
        "directory.Merge": Merge.objects.filter(Q(kept_id__in=ids) | Q(gone_id__in=ids)).values(
            "pk"
        ),
        "directory.Listing": Listing.objects.filter(organisation_id__in=ids).values("pk"),
        "directory.Membership": Membership.objects.filter(organisation_id__in=ids).values("pk"),
        "accounts.Seat": Seat.objects.filter(organisation_id__in=ids).values("pk"),
        "accounts.Invitation": Invitation.objects.filter(organisation_id__in=ids).values("pk"),
    }


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    TRAILS.add(
        "organisation",
        Trail(
            find=queries.get_organisation,
            words={
                "country": country_name,
                "ecosystems": ecosystem_name,
                "target_countries": country_name,
                "language": language_name,
                "languages": language_name,
                "identifiers": tell_key,
            },
            labels={
                "identifiers": _("registration numbers"),
                "open_facts": _("open to anyone who can see the entry"),
            },
            address=lambda one: reverse("directory:detail", args=[one.pk]),
            related=_parts_of,
        ),
    )
    TRAILS.add(
        "listing",
        Trail(
            find=queries.get_listing,
            address=lambda one: reverse("directory:listing", args=[one.pk]),
            words={"language": language_name, "partner_countries": country_name},
        ),
    )
    TRAILS.add(
        "interest",
        Trail(
            find=get_interest,
            address=lambda one: reverse("directory:interest", args=[one.pk]),
        ),
    )
    TRAILS.add(
        "import",
        Trail(
            find=queries.get_import,
            address=lambda one: reverse("directory:import-detail", args=[one.pk]),
        ),
    )
