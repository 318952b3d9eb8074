"""Validation of bids and their parts beyond their columns, and effects of their changes."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Paper, Partner, WorkPackage
from proxeny.bids.models.partners import LANGUAGES
from proxeny.bids.operations.guards import refuse_closed, unsign
from proxeny.bids.operations.partners import close_links
from proxeny.calls.operations.checking import is_nonprofit, is_sme
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft

#: A change of these is a change of what was signed.
SIGNED = {
    "title",
    "acronym",
    "starts_on",
    "months",
    "overhead",
    "role",
    "leads",
    "number",
    "lead",
    "first_month",
    "last_month",
    "dropped_at",
}
#: More partners, work packages or documents are no bid.
MOST_PARTNERS, MOST_PACKAGES, MOST_PAPERS = 60, 60, 60


@CHECKS.on("bid")
def _bid(draft: Draft) -> None:
    bid: Any = draft.record
    if bid.call_id is None:
        raise InvalidInput(
            _("Choose the call first: open it and start the bid from there."), field="call"
        )
    if draft.is_new:
        return
    if "call" in draft.values and not Bid.objects.filter(pk=bid.pk, call_id=bid.call_id).exists():
        raise InvalidInput(
            _("A bid can’t be moved to another call. Start another bid instead."), field="call"
        )
    refuse_closed(bid)
    _keep_packages_inside(bid)


def _keep_packages_inside(bid: Bid) -> None:
    late = WorkPackage.objects.filter(bid=bid, dropped_at=None, last_month__gt=bid.months or 0)
    if bid.months and (first := late.order_by("number").first()):
        raise InvalidInput(
            _("Work package %(number)d ends in month %(month)d. Make it end earlier first.")
            % {"number": first.number, "month": first.last_month},
            field="months",
        )


@AFTER.on("bid")
def _bid_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    if not draft.is_new and SIGNED & changes.keys():
        unsign(cast("Bid", draft.record), now=draft.now)


@CHECKS.on("bid-partner")
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
        raise InvalidInput(
            _("Add the other organisation as a separate partner."), field="organisation"
        )
    one.contact_email = one.contact_email.strip().lower()
    one.group = " ".join(one.group.split())
    if one.leads and one.role != Partner.Role.BENEFICIARY:
        raise InvalidInput(
            _("Only a beneficiary can coordinate. Change the role or choose another coordinator."),
            field="leads",
        )
    others = Partner.objects.filter(bid_id=one.bid_id, leads=True, dropped_at=None)
    if one.leads and (other := others.exclude(pk=one.pk).first()):
        raise InvalidInput(
            _("%(name)s is already the coordinator. Change that first.") % {"name": other.name},
            field="leads",
        )


def _take_facts(one: Partner, *, is_spoken: bool) -> None:
    """Copy the facts of the current entry; facts stated in the bid take precedence."""
    entry: Organisation = one.organisation
    one.name, one.country, one.kind = entry.name, entry.country, entry.kind
    if not is_spoken and entry.language in dict(LANGUAGES):
        one.language = entry.language
    if one.sme is None:
        one.sme = is_sme(entry.kind, entry.size)
    if one.nonprofit is None:
        one.nonprofit = is_nonprofit(entry.kind)


@AFTER.on("bid-partner")
def _partner_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
    one: Any = draft.record
    if draft.is_new or SIGNED & changes.keys():
        why = _("The details of %(name)s in the consortium changed.") % {"name": one.name}
        unsign(one.bid, now=draft.now, why=why)
    if "contact_email" in changes:
        # The former holder of the link is not the current contact.
        close_links(one, now=draft.now)
    if "dropped_at" in changes and one.dropped_at is not None:
        _refuse_dropping(one)


def _refuse_dropping(one: Partner) -> None:
    """Refuse to archive a partner that was invited: it has to be notified first."""
    told = {
        Partner.State.IN: _(
            "%(name)s takes part and has signed. Record that it has left instead, with the reason."
        ),
        Partner.State.ASKED: _(
            "%(name)s has been invited. Withdraw the invitation first; we’ll let them know."
        ),
    }
    if one.state in told:
        raise Conflict(told[Partner.State(one.state)] % {"name": one.name})


@CHECKS.on("work-package")
def _package(draft: Draft) -> None:
    _stay_in_bid(draft)
    one: Any = draft.record
    if draft.is_new:
        _refuse_many(WorkPackage, one, MOST_PACKAGES)
    if one.last_month and one.last_month > one.bid.months:
        raise InvalidInput(
            _("The project lasts %(months)d months.") % {"months": one.bid.months},
            field="last_month",
        )
    if one.first_month and one.last_month and one.last_month < one.first_month:
        raise InvalidInput(_("The end can’t be before the start."), field="last_month")
    if one.lead_id is not None and one.lead.bid_id != one.bid_id:
        raise InvalidInput(_("Choose an option from the list."), field="lead")


@AFTER.on("work-package")
def _package_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
    if draft.is_new or SIGNED & changes.keys():
        unsign(cast("WorkPackage", draft.record).bid, now=draft.now)


@CHECKS.on("bid-paper")
def _paper(draft: Draft) -> None:
    _stay_in_bid(draft)
    if draft.is_new:
        _refuse_many(Paper, draft.record, MOST_PAPERS)


def _stay_in_bid(draft: Draft) -> None:
    """Nothing is written in a bid that is over, and nothing moves to another one."""
    one: Any = draft.record
    if one.bid_id is None:
        raise InvalidInput(_("Choose an option from the list."), field="bid")
    kept = type(one).objects.filter(pk=one.pk, bid_id=one.bid_id)
    if not draft.is_new and "bid" in draft.values and not kept.exists():
        raise InvalidInput(
            _("This can’t be moved to another bid. Add it there instead."), field="bid"
        )
    refuse_closed(one.bid)


def _refuse_many(model: type[Any], one: Any, most: int) -> None:
    if model.objects.filter(bid_id=one.bid_id, dropped_at=None).count() >= most:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))


def _brought_back(draft: Draft, changes: Mapping[str, Any]) -> None:
    """Check archiving and restoring here, since no kind's check runs before them."""
    if "dropped_at" in changes:
        record: Any = draft.record
        refuse_closed(record.bid)


@AFTER.on("bid-paper")
def _paper_changed(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
