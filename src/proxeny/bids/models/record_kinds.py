"""Record kinds for bids: created, archived and shown in history like all others of a room."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models.bids import Bid
from proxeny.bids.models.papers import Paper
from proxeny.bids.models.partners import Partner
from proxeny.bids.models.work import WorkPackage
from proxeny.calls.models import Call
from proxeny.directory.models import Organisation
from proxeny.partnerships.kinds import ORIGINS, Kind, add_kind
from proxeny.partnerships.models import Action, Party


def _at_bid(one: Any) -> str:
    """Return the page of a bid; for an unsaved or archived one, the list."""
    if one.pk is None or one.dropped_at:
        return reverse("bids:list", args=[one.partnership_id])
    return reverse("bids:bid", args=[one.partnership_id, one.pk])


def _on(name: str, tag: str) -> Any:
    """Return a function that gives a record's anchor on a page of the bid."""

    def at(one: Any) -> str:
        url = reverse(name, args=[one.partnership_id, one.bid_id])
        return url if one.pk is None or one.dropped_at else f"{url}#{tag}-{one.pk}"

    return at


def _find_call(record: Any, pk: int) -> Call | None:
    """Return a call that a room may bid for: imported by one of its parties, so that all see it."""
    sides = Party.objects.filter(partnership_id=record.partnership_id, state=Party.State.JOINED)
    return Call.objects.filter(
        pk=pk, put_away_at=None, steward_id__in=sides.values("organisation_id")
    ).first()


def _find_organisation(record: Any, pk: int) -> Organisation | None:
    return Organisation.objects.listed().filter(pk=pk).first()


def list_leads(partnership_id: int, bid_id: Any) -> list[tuple[int, str]]:
    """Return the partners of a bid that may lead a work package. One query."""
    found = (
        Partner.objects.filter(partnership_id=partnership_id, bid_id=bid_id, dropped_at=None)
        .exclude(role__in=(Partner.Role.SUBCONTRACTOR,))
        .exclude(state__in=(Partner.State.DECLINED, Partner.State.LEFT))
    )
    return list(found.order_by("name", "pk").values_list("pk", "name"))


ORIGINS[Action.Origin.BID] = Bid
add_kind(
    Kind(
        "bid",
        Bid,
        ("call", "title", "acronym", "idea", "starts_on", "months", "overhead"),
        "bids",
        _("Bid"),
        _("New bid"),
        {
            "add": _("Started a bid"),
            "change": _("Changed a bid"),
            "drop": _("Archived a bid"),
            "restore": _("Restored a bid"),
        },
        told_too=(
            "state",
            "submitted_at",
            "submitted_as",
            "decided_on",
            "points",
            "granted",
            "learned",
        ),
        hints={
            "idea": _("What will exist afterwards that doesn’t exist now, and for whom."),
            "starts_on": _("If you know it yet. The months of the plan count from here."),
            "overhead": _("Of direct costs, excluding subcontracting; 25 in Horizon Europe."),
        },
        carried=("call",),
        takes={"call": _find_call},
        at=_at_bid,
    )
)
add_kind(
    Kind(
        "bid-partner",
        Partner,
        (
            "bid",
            "organisation",
            "role",
            "leads",
            "party",
            "sme",
            "nonprofit",
            "group",
            "brings",
            "contact_name",
            "contact_email",
            "language",
        ),
        "bids",
        _("Bid partner"),
        _("Add a partner"),
        {
            "add": _("Added a partner to a bid"),
            "change": _("Changed a bid partner"),
            "drop": _("Removed a partner from a bid"),
            "restore": _("Restored a partner of a bid"),
        },
        tag="name",
        below="bid",
        told_too=("name", "country", "state", "asked_at", "answered_at"),
        hints={
            "leads": _("One partner represents all of them towards the funder."),
            "party": _("Leave empty if it doesn’t belong to any side."),
            "sme": _("If unknown, the conditions are checked both ways."),
            "group": _(
                "Two partners from the same group count once. Enter the same name for both."
            ),
            "brings": _("What no one else in the consortium has."),
            "contact_email": _(
                "The invitation goes to this address, with a link to reply without an account."
            ),
        },
        carried=("organisation",),
        takes={"organisation": _find_organisation},
        at=_on("bids:consortium", "partner"),
    )
)
add_kind(
    Kind(
        "work-package",
        WorkPackage,
        ("bid", "number", "title", "aims", "lead", "first_month", "last_month"),
        "bids",
        _("Work package"),
        _("New work package"),
        {
            "add": _("Added a work package"),
            "change": _("Changed a work package"),
            "drop": _("Archived a work package"),
            "restore": _("Restored a work package"),
        },
        below="bid",
        offers={"lead": list_leads},
        hints={
            "first_month": _("Month 1 is the first month of the project."),
            "last_month": _("It ends on the last day of this month."),
        },
        at=_on("bids:plan", "work-package"),
    )
)
add_kind(
    Kind(
        "bid-paper",
        Paper,
        ("bid", "title", "kind", "note", "is_required"),
        "bids",
        _("Bid document"),
        _("New document"),
        {
            "add": _("Added a document to a bid"),
            "change": _("Changed a bid document"),
            "drop": _("Archived a bid document"),
            "restore": _("Restored a bid document"),
        },
        below="bid",
        at=_on("bids:papers", "bid-paper"),
    )
)
