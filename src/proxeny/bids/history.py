"""Descriptions of bid actions in a history."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS
from proxeny.bids.models import Paper, Partner, Search, Stance, WorkPackage
from proxeny.bids.operations.checklist import LABELS as ITEMS
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action, Agreement
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "ask_partner": _("Invited a partner to take part in a bid"),
    "remind_partner": _("Reminded a partner of a bid"),
    "withdraw_invitation": _("Withdrew a partner’s invitation to a bid"),
    "ask_back": _("Asked a question before responding to a bid invitation"),
    "join_bid": _("A partner joined a bid and signed its letter of intent"),
    "decline_bid": _("A partner declined to take part in a bid"),
    "leave_bid": _("A partner left a bid"),
    "bring_partner_back": _("Reinstated a partner in a bid"),
    "bring_bid_paper": _("Uploaded a version of a bid document"),
    "set_package_needs": _("Set what a work package depends on"),
    "begin_work_plan": _("Started a work plan with the usual work packages"),
    "take_back_work_plan": _("Archived the usual work packages again"),
    "write_partner_budget": _("Entered the budget of a bid partner"),
    "plan_bid_steps": _("Planned the steps of a bid backwards from the deadline"),
    "take_back_bid_steps": _("Archived planned steps of a bid"),
    "move_bid_steps": _("Moved the steps of a bid with the deadline"),
    "say_stance": _(
        "Recorded whether its side wants to bid, and what it would do without the grant"
    ),
    "prepare_bid": _("All sides agreed to bid: the bid is in preparation"),
    "set_bid_aside": _("A side decided not to bid: the bid won’t be pursued"),
    "take_bid_up": _("Reconsidered a bid"),
    "remind_signers": _("Reminded partners who haven’t signed a bid"),
    "agree_bid": _("All partners signed a bid"),
    "submit_bid": _("Submitted a bid"),
    "take_back_bid": _("Undid the submission of a bid"),
    "win_bid": _("A bid was won"),
    "reserve_bid": _("A bid was put on the reserve list"),
    "lose_bid": _("A bid was not funded"),
    "unanswer_bid": _("Undid the recorded decision on a bid"),
    "copy_bid": _("Started a bid with another bid’s consortium"),
    "search_partners": _("Searched for partners for a bid"),
    "take_proposal": _("Added a proposed consortium to a bid"),
    "untake_proposal": _("Removed a proposed consortium from a bid"),
}
#: Labels of changes that are no field with a name of its own.
LABELS = {
    "missing": _("Missing"),
    "reminded": _("Reminded"),
    "waits_for": _("Depends on"),
    "months_in_all": _("Person-months"),
    "cost_in_all": _("Total costs"),
    "asked_in_all": _("Amount requested"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.THINGS.add("bids.stance", _bids_of_stances)
    for name, related in {
        "bid": _of_bid,
        "bid-partner": lambda _one: {},
        "work-package": lambda _one: {},
    }.items():
        trail = trail_of(KINDS[name], related)
        TRAILS.add(
            name,
            replace(
                trail, labels={**trail.labels, **LABELS}, words={**trail.words, "missing": _missing}
            ),
        )


def _bids_of_stances(ids: Iterable[int]) -> dict[int, str]:
    found = Stance.objects.filter(pk__in=set(ids)).select_related("bid")
    return {one.pk: KINDS["bid"].title_of(one.bid) for one in found}


def _missing(code: Any) -> str:
    return str(ITEMS.get(str(code), code))


def _of_bid(bid: Any) -> dict[str, QuerySet[Any]]:
    """Return the records included in a bid's history: everything that belongs to it."""
    own = {
        f"bids.{model.__name__}": model.objects.filter(bid=bid).values("pk")
        for model in (Partner, WorkPackage, Paper, Search, Stance)
    }
    steps = Action.objects.filter(
        partnership_id=bid.partnership_id, origin=Action.Origin.BID, origin_id=bid.pk
    )
    signed = Agreement.objects.filter(
        partnership_id=bid.partnership_id, kind=Agreement.Kind.BID, subject=str(bid.pk)
    )
    return {
        **own,
        "partnerships.Action": steps.values("pk"),
        "partnerships.Agreement": signed.values("pk"),
    }
