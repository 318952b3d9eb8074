"""First steps of a cluster towards a room of its own: propose, sign, share."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.first_steps import FirstStep
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, SharingGrant

_State = Partnership.State


def _own(reader: Reader, *states: str) -> QuerySet[Partnership]:
    found = Partnership.objects.filter(pk__in=reader.partnerships, state__in=states)
    return found.order_by("-created_at")


def _rooms(reader: Reader) -> QuerySet[Partnership]:
    return Partnership.objects.filter(pk__in=reader.rooms).order_by("created_at")


def _page(number: int, page: str = "detail", fragment: str = "") -> str:
    return f"{reverse(f'partnerships:{page}', args=[number])}{fragment}" if number else ""


STEPS = (
    FirstStep(
        whose="cluster",
        rank=30,
        label=_("Invite the other cluster"),
        text=_("Write down what you want to achieve together, and send it as a proposal."),
        verb=_("Propose"),
        done=lambda reader, now: [_own(reader, _State.PROPOSED, _State.ACTIVE, _State.ENDED)],
        at=lambda reader, now: _own(reader, _State.DRAFT),
        url=lambda number: _page(number) or reverse("partnerships:new"),
    ),
    FirstStep(
        whose="cluster",
        rank=40,
        label=_("Sign the agreement"),
        text=_("Once both sides have signed, you have a room for everything you do together."),
        verb=_("Read and sign"),
        done=lambda reader, now: [_rooms(reader)],
        at=lambda reader, now: _own(reader, _State.PROPOSED),
        url=lambda number: _page(number, fragment="#agreement"),
    ),
    FirstStep(
        whose="cluster",
        rank=50,
        label=_("Share your members"),
        text=_("The other side then finds them, and both sides’ members are suggested partners."),
        verb=_("Share"),
        done=lambda reader, now: [SharingGrant.objects.filter(organisation_id__in=reader.managed)],
        at=lambda reader, now: _rooms(reader).filter(state=_State.ACTIVE),
        url=lambda number: _page(number, "share"),
    ),
)
