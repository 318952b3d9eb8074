"""How the directory's deeds read in a history, and which of its records have one."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Invitation, Seat
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.forms import language_name
from proxeny.kernel import audit

SENTENCES = {
    "add_listing": _("Wrote an offer or a need"),
    "apply_import": _("Imported a member list"),
    "archive_listing": _("Put a text in the archive"),
    "choose_match": _("Said whether to meet a proposed partner"),
    "clear_match": _("Took back what was said of a proposed partner"),
    "create_cluster": _("Set up the cluster"),
    "create_member": _("Added the member"),
    "discard_import": _("Discarded an upload"),
    "end_membership": _("Ended the membership"),
    "load_vocabulary": _("Loaded a vocabulary"),
    "find_matches": _("Had partners proposed"),
    "restore_listing": _("Published a text again"),
    "restore_membership": _("Cancelled the end of the membership"),
    "set_mapping": _("Said what the columns mean"),
    "start_import": _("Uploaded a member list"),
    "update_listing": _("Changed an offer or a need"),
    "update_organisation": _("Changed the entry"),
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
                "language": language_name,
                "languages": language_name,
            },
            address=lambda one: reverse("directory:detail", args=[one.pk]),
            related=lambda one: {
                "directory.Listing": one.listings.values("pk"),
                "directory.Membership": one.memberships.values("pk"),
                "accounts.Seat": Seat.objects.filter(organisation=one).values("pk"),
                "accounts.Invitation": Invitation.objects.filter(organisation=one).values("pk"),
            },
        ),
    )
    keep_trail(
        "import",
        Trail(
            find=queries.get_import,
            address=lambda one: reverse("directory:import-detail", args=[one.pk]),
        ),
    )
