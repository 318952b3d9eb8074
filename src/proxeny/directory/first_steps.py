"""First steps in the directory: of a cluster its members, of a member its entry."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Listing, Organisation
from proxeny.directory.queries.listings import belongs_to
from proxeny.kernel.first_steps import FirstStep
from proxeny.kernel.tenancy import Reader


def _members(reader: Reader) -> set[int]:
    return set(reader.organisations) - set(reader.clusters)


STEPS = (
    FirstStep(
        whose="cluster",
        rank=10,
        label=_("Import your members"),
        text=_("From the spreadsheet you have. Matching, events and calls all build on this list."),
        verb=_("Import members"),
        done=lambda reader, now: [Organisation.objects.filter(steward_id__in=reader.managed)],
        url=lambda number: reverse("directory:import-start"),
    ),
    FirstStep(
        whose="member",
        rank=10,
        label=_("Say what your organisation does"),
        text=_("Two or three sentences, so that others find you and know who they’ll meet."),
        verb=_("Write it"),
        done=lambda reader, now: [
            Organisation.objects.filter(pk__in=_members(reader)).exclude(summary="")
        ],
        at=lambda reader, now: Organisation.objects.filter(pk__in=_members(reader)).order_by("pk"),
        url=lambda number: reverse("directory:edit", args=[number]) if number else "",
    ),
    FirstStep(
        whose="member",
        rank=20,
        label=_("Add what you offer and need"),
        text=_("One sentence each is enough. We use them to suggest partners, and explain why."),
        verb=_("Add"),
        done=lambda reader, now: [Listing.objects.filter(belongs_to(reader.organisations))],
        at=lambda reader, now: Organisation.objects.filter(pk__in=_members(reader)).order_by("pk"),
        url=lambda number: reverse("directory:listing-add", args=[number]) if number else "",
    ),
)
