"""How the directory's deeds read in a history, and which of its records have one."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Invitation, Seat
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.ecosystems import ecosystem_name
from proxeny.directory.forms import language_name
from proxeny.directory.identifiers import tell_key
from proxeny.directory.models import Listing, Membership, Merge, Organisation
from proxeny.directory.queries.interests import get_interest
from proxeny.kernel import audit

SENTENCES = {
    "accept_interest": _("Said yes to interest"),
    "add_listing": _("Wrote an offer or a need"),
    "apply_import": _("Imported a member list"),
    "archive_listing": _("Put a text in the archive"),
    "change_interest": _("Changed the answers"),
    "choose_match": _("Said whether to meet a proposed partner"),
    "clear_match": _("Took back what was said of a proposed partner"),
    "create_cluster": _("Set up the cluster"),
    "merge_organisations": _("Merged two entries"),
    "unmerge_organisations": _("Took a merge back"),
    "part_duplicates": _("Said that two entries are two organisations"),
    "reopen_duplicates": _("Opened a pair of entries again"),
    "create_member": _("Added the member"),
    "decline_interest": _("Declined interest"),
    "discard_import": _("Discarded an upload"),
    "end_membership": _("Ended the membership"),
    "expire_listing": _("Let a text rest whose day was over"),
    "express_interest": _("Expressed interest"),
    "find_matches": _("Had partners proposed"),
    "follow": _("Began to follow"),
    "hold_listing": _("Let a text rest"),
    "load_vocabulary": _("Loaded a vocabulary"),
    "pass_interest": _("Passed interest on"),
    "pass_listing": _("Let a text pass"),
    "renew_listing": _("Renewed a text"),
    "reopen_review": _("Took a decision about a text back"),
    "import_organisation": _("Brought by an import"),
    "restore_listing": _("Brought a text back from the archive"),
    "restore_membership": _("Cancelled the end of the membership"),
    "resume_listing": _("Published a resting text again"),
    "return_interest": _("Asked a question before passing interest on"),
    "return_listing": _("Sent a text back with a note"),
    "change_search": _("Changed a kept search"),
    "remove_search": _("Removed a kept search"),
    "save_search": _("Kept a search"),
    "set_mapping": _("Said what the columns mean"),
    "start_import": _("Uploaded a member list"),
    "submit_listing": _("Submitted a text"),
    "unfollow": _("Followed no longer"),
    "update_cluster_profile": _("Changed the cluster's profile"),
    "update_listing": _("Changed an offer or a need"),
    "update_organisation": _("Changed the entry"),
    "withdraw_interest": _("Took interest back"),
    "withdraw_listing": _("Made a text a draft again"),
}


def _parts_of(one: Organisation) -> dict[str, Any]:
    # What was merged into an entry is told with it; what moved, with the entry it moved to.
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
    audit.tell(SENTENCES)
    keep_trail(
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
                "open_facts": _("open to who sees it"),
            },
            address=lambda one: reverse("directory:detail", args=[one.pk]),
            related=_parts_of,
        ),
    )
    keep_trail(
        "listing",
        Trail(
            find=queries.get_listing,
            address=lambda one: reverse("directory:listing", args=[one.pk]),
            words={"language": language_name, "partner_countries": country_name},
        ),
    )
    keep_trail(
        "interest",
        Trail(
            find=get_interest,
            address=lambda one: reverse("directory:interest", args=[one.pk]),
        ),
    )
    keep_trail(
        "import",
        Trail(
            find=queries.get_import,
            address=lambda one: reverse("directory:import-detail", args=[one.pk]),
        ),
    )
