"""How what happens in bids reads in a history."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import keep_trail
from proxeny.bids.models import Paper, Partner, Search, Stance, WorkPackage
from proxeny.bids.operations.checklist import LABELS as ITEMS
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action, Agreement
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "ask_partner": _("Asked a partner to take part in a bid"),
    "remind_partner": _("Asked a partner of a bid once more"),
    "withdraw_invitation": _("Took back what a partner of a bid was asked"),
    "ask_back": _("Asked something before answering for a bid"),
    "join_bid": _("A partner takes part in a bid: its letter of intent is signed"),
    "decline_bid": _("A partner does not take part in a bid"),
    "leave_bid": _("A partner has left a bid"),
    "bring_partner_back": _("Planned again with a partner of a bid"),
    "bring_bid_paper": _("Brought a version of a document of a bid"),
    "set_package_needs": _("Said what a work package waits for"),
    "begin_work_plan": _("Began a work plan with the usual work packages"),
    "take_back_work_plan": _("Put the usual work packages away again"),
    "write_partner_budget": _("Wrote the budget of a partner of a bid"),
    "plan_bid_steps": _("Planned the steps of a bid back from the deadline"),
    "take_back_bid_steps": _("Put planned steps of a bid away"),
    "move_bid_steps": _("Moved the steps of a bid along with the deadline"),
    "say_stance": _("Said whether its side goes for a bid, and what it would do without the grant"),
    "prepare_bid": _("All sides go for a bid: it is in preparation"),
    "set_bid_aside": _("A side does not go for a bid: it is not taken up"),
    "take_bid_up": _("Looked at a bid again"),
    "remind_signers": _("Asked those who have not signed a bid once more"),
    "agree_bid": _("All partners have signed a bid"),
    "submit_bid": _("Submitted a bid"),
    "take_back_bid": _("Took back that a bid was submitted"),
    "win_bid": _("A bid is won"),
    "reserve_bid": _("A bid is on the reserve list"),
    "lose_bid": _("A bid is not funded"),
    "unanswer_bid": _("Took back what was noted as the answer to a bid"),
    "copy_bid": _("Began a bid with the consortium of another"),
    "search_partners": _("Searched for partners of a bid"),
    "take_proposal": _("Took a proposed consortium into a bid"),
    "untake_proposal": _("Took a proposed consortium out of a bid again"),
}
#: What is told of them that is no field with a name of its own.
LABELS = {
    "missing": _("Missing"), "reminded": _("Reminded"), "waits_for": _("Needs the end of"),
    "months_in_all": _("Person-months"), "cost_in_all": _("All costs"),
    "asked_in_all": _("Asks for"),
}  # fmt: skip


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.name_things("bids.stance", _bids_of_stances)
    for name, related in {
        "bid": _of_bid, "bid-partner": lambda _one: {}, "work-package": lambda _one: {}
    }.items():  # fmt: skip
        trail = trail_of(KINDS[name], related)
        keep_trail(name, replace(
            trail, labels={**trail.labels, **LABELS}, words={**trail.words, "missing": _missing}
        ))  # fmt: skip


def _bids_of_stances(ids: Iterable[int]) -> dict[int, str]:
    found = Stance.objects.filter(pk__in=set(ids)).select_related("bid")
    return {one.pk: KINDS["bid"].title_of(one.bid) for one in found}


def _missing(code: Any) -> str:
    return str(ITEMS.get(str(code), code))


def _of_bid(bid: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a bid: all that belongs to it."""
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
        **own, "partnerships.Action": steps.values("pk"),
        "partnerships.Agreement": signed.values("pk"),
    }  # fmt: skip
