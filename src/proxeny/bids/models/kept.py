"""What a room keeps of bids, as kinds of its records: written, put away and told like all others."""

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
    """Return the page of a bid; the list, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("bids:list", args=[one.partnership_id])
    return reverse("bids:bid", args=[one.partnership_id, one.pk])


def _on(name: str, tag: str) -> Any:
    """Return what leads to the place on a page of a bid where something of it stands."""

    def at(one: Any) -> str:
        url = reverse(name, args=[one.partnership_id, one.bid_id])
        return url if one.pk is None or one.dropped_at else f"{url}#{tag}-{one.pk}"

    return at


def _find_call(record: Any, pk: int) -> Call | None:
    """Return a call for which a room may bid: one of its parties brought it, so that all see it."""
    sides = Party.objects.filter(partnership_id=record.partnership_id, state=Party.State.JOINED)
    return Call.objects.filter(
        pk=pk, put_away_at=None, steward_id__in=sides.values("organisation_id")
    ).first()


def _find_organisation(record: Any, pk: int) -> Organisation | None:
    return Organisation.objects.listed().filter(pk=pk).first()


def list_leads(partnership_id: int, bid_id: Any) -> list[tuple[int, str]]:
    """Return the partners of a bid that may lead a work package. One query."""
    found = Partner.objects.filter(
        partnership_id=partnership_id, bid_id=bid_id, dropped_at=None
    ).exclude(role__in=(Partner.Role.SUBCONTRACTOR,)).exclude(
        state__in=(Partner.State.DECLINED, Partner.State.LEFT)
    )  # fmt: skip
    return list(found.order_by("name", "pk").values_list("pk", "name"))


ORIGINS[Action.Origin.BID] = Bid
add_kind(Kind(
    "bid", Bid, ("call", "title", "acronym", "idea", "starts_on", "months", "overhead"),
    "bids", _("Bid"), _("New bid"),
    {"add": _("Began a bid"), "change": _("Changed a bid"), "drop": _("Put a bid away"),
     "restore": _("Brought a bid back")},
    told_too=("state", "submitted_at", "submitted_as", "decided_on", "points", "granted",
              "learned"),
    hints={
        "idea": _("What will be there afterwards that is not there now, and for whom."),
        "starts_on": _("As far as you know it. Months of the plan count from here."),
        "overhead": _("Of the direct costs without subcontracting; 25 in Horizon Europe."),
    },
    carried=("call",), takes={"call": _find_call}, at=_at_bid,
))  # fmt: skip
add_kind(Kind(
    "bid-partner", Partner,
    ("bid", "organisation", "role", "leads", "party", "sme", "nonprofit", "group", "brings",
     "contact_name", "contact_email", "language"),
    "bids", _("Partner of a bid"), _("Add a partner"),
    {"add": _("Noted a partner of a bid"), "change": _("Changed a partner of a bid"),
     "drop": _("Took a partner out of a bid"), "restore": _("Brought a partner of a bid back")},
    tag="name", below="bid", told_too=("name", "country", "state", "asked_at", "answered_at"),
    hints={
        "leads": _("One partner speaks to the funder for all."),
        "party": _("Empty: it comes with none of the clusters."),
        "sme": _("Unknown: the conditions are looked at both ways."),
        "group": _("Two of one group count once. Write the same name for both."),
        "brings": _("What nobody else in the consortium has."),
        "contact_email": _("The invitation goes here, with a link to answer without an account."),
    },
    carried=("organisation",), takes={"organisation": _find_organisation},
    at=_on("bids:consortium", "partner"),
))  # fmt: skip
add_kind(Kind(
    "work-package", WorkPackage,
    ("bid", "number", "title", "aims", "lead", "first_month", "last_month"),
    "bids", _("Work package"), _("New work package"),
    {"add": _("Added a work package"), "change": _("Changed a work package"),
     "drop": _("Put a work package away"), "restore": _("Brought a work package back")},
    below="bid", offers={"lead": list_leads},
    hints={
        "first_month": _("1 is the first month of the project."),
        "last_month": _("It ends with the last day of this month."),
    },
    at=_on("bids:plan", "work-package"),
))  # fmt: skip
add_kind(Kind(
    "bid-paper", Paper, ("bid", "title", "kind", "note", "is_required"),
    "bids", _("Document of a bid"), _("New document"),
    {"add": _("Added a document to a bid"), "change": _("Changed a document of a bid"),
     "drop": _("Put a document of a bid away"), "restore": _("Brought a document of a bid back")},
    below="bid", at=_on("bids:papers", "bid-paper"),
))  # fmt: skip
