"""What bids and what belongs to them refuse beyond what their columns say, and what follows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Paper, Partner, WorkPackage
from proxeny.bids.models.partners import LANGUAGES
from proxeny.bids.operations.entering import refuse_closed, unsign
from proxeny.bids.operations.partners import close_links
from proxeny.calls.operations.checking import is_nonprofit, is_sme
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.partnerships.operations.records import Draft, after_kind, check_kind

#: A change of these is a change of what was signed.
SIGNED = {
    "title", "acronym", "starts_on", "months", "overhead", "role", "leads", "number", "lead",
    "first_month", "last_month", "dropped_at",
}  # fmt: skip
#: More partners, work packages or documents are no bid.
MOST_PARTNERS, MOST_PACKAGES, MOST_PAPERS = 60, 60, 60


@check_kind("bid")
def _bid(draft: Draft) -> None:
    bid: Any = draft.record
    if bid.call_id is None:
        raise InvalidInput(_("Choose the call first: open it, and begin the bid there."),
                           field="call")  # fmt: skip
    if draft.is_new:
        return
    if "call" in draft.values and not Bid.objects.filter(pk=bid.pk, call_id=bid.call_id).exists():
        raise InvalidInput(_("A bid belongs to its call. Begin another bid instead."), field="call")
    refuse_closed(bid)
    _keep_packages_inside(bid)


def _keep_packages_inside(bid: Bid) -> None:
    late = WorkPackage.objects.filter(bid=bid, dropped_at=None, last_month__gt=bid.months or 0)
    if bid.months and (first := late.order_by("number").first()):
        raise InvalidInput(
            _("Work package %(number)d ends in month %(month)d. Let it end before, first.")
            % {"number": first.number, "month": first.last_month},
            field="months",
        )


@after_kind("bid")
def _bid_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    if not draft.is_new and SIGNED & changes.keys():
        unsign(draft.record, now=draft.now)  # type: ignore[arg-type]


@check_kind("bid-partner")
def _partner(draft: Draft) -> None:
    _stay_in_bid(draft)
    one: Any = draft.record
    if one.organisation_id is None:
        raise InvalidInput(_("Choose the organisation first."), field="organisation")
    if draft.is_new:
        _refuse_many(Partner, one, MOST_PARTNERS)
        _take_facts(one, is_spoken="language" in draft.values)
    elif (
        "organisation" in draft.values
        and not Partner.objects.filter(pk=one.pk, organisation_id=one.organisation_id).exists()
    ):
        raise InvalidInput(_("Add the other organisation as a partner of its own."),
                           field="organisation")  # fmt: skip
    one.contact_email = one.contact_email.strip().lower()
    one.group = " ".join(one.group.split())
    if one.leads and one.role != Partner.Role.BENEFICIARY:
        raise InvalidInput(
            _("Only a beneficiary coordinates. Change the role, or who coordinates."), field="leads"
        )
    others = Partner.objects.filter(bid_id=one.bid_id, leads=True, dropped_at=None)
    if one.leads and (other := others.exclude(pk=one.pk).first()):
        raise InvalidInput(
            _("%(name)s coordinates already. Change that first.") % {"name": other.name},
            field="leads",
        )


def _take_facts(one: Partner, *, is_spoken: bool) -> None:
    """Keep what the entry says now; what somebody says of it in the bid goes before that."""
    entry: Organisation = one.organisation
    one.name, one.country, one.kind = entry.name, entry.country, entry.kind
    if not is_spoken and entry.language in dict(LANGUAGES):
        one.language = entry.language
    if one.sme is None:
        one.sme = is_sme(entry.kind, entry.size)
    if one.nonprofit is None:
        one.nonprofit = is_nonprofit(entry.kind)


@after_kind("bid-partner")
def _partner_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
    one: Any = draft.record
    if draft.is_new or SIGNED & changes.keys():
        why = _("%(name)s changed in the consortium.") % {"name": one.name}
        unsign(one.bid, now=draft.now, why=why)
    if "contact_email" in changes:
        # Who had the link before is not who is written to now.
        close_links(one, now=draft.now)
    if "dropped_at" in changes and one.dropped_at is not None:
        _refuse_dropping(one)


def _refuse_dropping(one: Partner) -> None:
    """Refuse to put away whom the room has asked: it is told first."""
    told = {
        Partner.State.IN: _(
            "%(name)s takes part and has signed. Note that it leaves, with the reason, instead."
        ),
        Partner.State.ASKED: _(
            "%(name)s was asked. Take the question back first: it is told then."
        ),
    }
    if one.state in told:
        raise Conflict(told[Partner.State(one.state)] % {"name": one.name})


@check_kind("work-package")
def _package(draft: Draft) -> None:
    _stay_in_bid(draft)
    one: Any = draft.record
    if draft.is_new:
        _refuse_many(WorkPackage, one, MOST_PACKAGES)
    if one.last_month and one.last_month > one.bid.months:
        raise InvalidInput(
            _("The project has %(months)d months.") % {"months": one.bid.months}, field="last_month"
        )
    if one.first_month and one.last_month and one.last_month < one.first_month:
        raise InvalidInput(_("It cannot end before it begins."), field="last_month")
    if one.lead_id is not None and one.lead.bid_id != one.bid_id:
        raise InvalidInput(_("Choose one from the list."), field="lead")


@after_kind("work-package")
def _package_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
    if draft.is_new or SIGNED & changes.keys():
        unsign(draft.record.bid, now=draft.now)  # type: ignore[attr-defined]


@check_kind("bid-paper")
def _paper(draft: Draft) -> None:
    _stay_in_bid(draft)
    if draft.is_new:
        _refuse_many(Paper, draft.record, MOST_PAPERS)


def _stay_in_bid(draft: Draft) -> None:
    """Nothing is written in a bid that is over, and nothing moves to another one."""
    one: Any = draft.record
    if one.bid_id is None:
        raise InvalidInput(_("Choose one from the list."), field="bid")
    kept = type(one).objects.filter(pk=one.pk, bid_id=one.bid_id)
    if not draft.is_new and "bid" in draft.values and not kept.exists():
        raise InvalidInput(_("This belongs to its bid. Note it there anew instead."), field="bid")
    refuse_closed(one.bid)


def _refuse_many(model: type[Any], one: Any, most: int) -> None:
    if model.objects.filter(bid_id=one.bid_id, dropped_at=None).count() >= most:
        raise Conflict(_("There are too many of these. Put some away first."))


def _brought_back(draft: Draft, changes: Mapping[str, Any]) -> None:
    """Putting away and bringing back is asked here: no kind's check runs before them."""
    if "dropped_at" in changes:
        refuse_closed(draft.record.bid)  # type: ignore[attr-defined]


@after_kind("bid-paper")
def _paper_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
