"""The consortium of a bid: participants, gaps, and the state of each invitation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from proxeny.bids.forms.partners import LeaveForm
from proxeny.bids.models import Partner, WorkPackage
from proxeny.bids.operations import asking, leaving
from proxeny.bids.operations.budgets import to_amount, work_out
from proxeny.bids.operations.letters import write_letter
from proxeny.bids.operations.searching import asks_for_figures
from proxeny.bids.operations.verdicts import Verdict, look_at
from proxeny.bids.queries.bids import counted, get_partner, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.bids.queries.consortium import Letter, find_seated, letters_of
from proxeny.bids.rules import OUT
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.calls.forms.bids import FindForm
from proxeny.calls.queries.fitting import find_organisations
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, sort_links
from proxeny.partnerships.models import Party
from proxeny.partnerships.room_queries import list_put_away

State = Partner.State
#: The groups of the list, in their order: which states, and what they are called.
_GROUPS = (
    ((State.IN,), gettext_lazy("Taking part")),
    ((State.ASKED,), gettext_lazy("Invited, no reply yet")),
    ((State.NOTED,), gettext_lazy("Not invited yet")),
    (OUT, gettext_lazy("Declined or left")),
)
#: Sort orders of partners inside a group, by the parameter of the address.
_SORTS: Mapping[str, Callable[[Partner], Any]] = {
    "name": lambda one: one.name.casefold(),
    "country": lambda one: one.country,
    "role": lambda one: list(Partner.Role.values).index(one.role),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A partner as a row of the list; sums in the call's currency.

    `is_stale`: it was asked for something else than what is planned by now. `is_reachable`:
    somebody would get an invitation.
    """

    partner: Partner
    cost: Decimal
    request: Decimal
    letter: Letter | None
    is_stale: bool
    is_reachable: bool
    may_remind: bool

    @property
    def is_unsaid(self) -> bool:
        """Whether something is not known of it that conditions ask for."""
        one = self.partner
        return one.is_counted and (one.sme is None or one.nonprofit is None)


@dataclass(frozen=True, slots=True)
class Side:
    """The partners that come with one of the clusters, or with none, and their total costs."""

    party: Party | None
    partners: Sequence[Partner]
    cost: Decimal
    request: Decimal


@require_GET
@for_people
def show(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show the participants, the invited partners, and what the conditions still require."""
    frame = enter_bid(request, pk, bid_id)
    bid, now = frame.bid, timezone.now()
    partners, packages = partners_of(bid), packages_of(bid)
    budget = work_out(bid, partners, packages, spendings_of(bid))
    verdict = look_at(bid, partners, budget, today=timezone.localdate())
    sums = {
        one.pk: (
            to_amount(budget.lines[str(one.pk)].total),
            to_amount(budget.requests[str(one.pk)]),
        )
        for one in partners
    }
    sort = request.GET.get("sort", "")
    rows = _rows(frame, partners, sums, sort=sort, now=now)
    context = {
        "groups": [
            (label, some)
            for states, label in _GROUPS
            if (some := [row for row in rows if row.partner.state in states])
        ],
        "count": len(counted(partners)),
        "sides": _sides(frame, partners, sums),
        "verdict": verdict,
        "is_unsure": any(one.state == "unknown" for one in verdict.planned.told),
        "missing": _missing(verdict, partners, packages),
        "asks_for_figures": asks_for_figures(bid),
        "left": [one for one in partners if one.state == State.LEFT],
        "sorts": sort_links(request, _SORTS, now=sort),
        "put_away": list_put_away(("bid-partner",), pk, {"bid": bid}),
        **_found(request, frame, partners),
    }
    return show_tab(request, frame, "consortium", "consortium", context)


def _rows(
    frame: BidFrame,
    partners: Sequence[Partner],
    sums: Mapping[int, tuple[Decimal, Decimal]],
    *,
    sort: str,
    now: Any,
) -> list[Row]:
    letters = letters_of(frame.bid, partners)
    seated = find_seated([one.organisation_id for one in partners], today=now.date())
    parties = {one.organisation_id for one in frame.room.parties if one.state == Party.State.JOINED}
    if (key := _SORTS.get(sort.removeprefix("-"))) is not None:
        partners = sorted(partners, key=key, reverse=sort.startswith("-"))

    def row(one: Partner) -> Row:
        cost, request = sums[one.pk]
        letter = letters.get(one.pk)
        last = max(filter(None, (one.asked_at, one.reminded_at)), default=None)
        is_asked = one.state == State.ASKED
        return Row(
            one,
            cost,
            request,
            letter,
            is_stale=is_asked
            and letter is not None
            and letter.agreement.text != _write(frame, one, partners),
            is_reachable=one.organisation_id in seated
            or (bool(one.contact_email) and one.organisation_id not in parties),
            may_remind=is_asked and (last is None or now - last >= asking.PAUSE),
        )

    return [row(one) for one in partners]


def _write(frame: BidFrame, partner: Partner, partners: Iterable[Partner]) -> str:
    joined = [one for one in frame.room.parties if one.state == Party.State.JOINED]
    return write_letter(
        partner,
        frame.bid,
        partners,
        room=frame.room.partnership,
        clusters=[one.organisation.name for one in joined],
    )


def _sides(
    frame: BidFrame, partners: Sequence[Partner], sums: Mapping[int, tuple[Decimal, Decimal]]
) -> list[Side]:
    """Return the partners by side: each participating party, and finally those without one."""
    planned = counted(partners)
    joined = [one for one in frame.room.parties if one.state == Party.State.JOINED]
    known = {one.pk for one in joined}
    sides = []
    for party in (*joined, None):
        own = [
            one
            for one in planned
            if (one.party_id == party.pk if party else one.party_id not in known)
        ]
        if party or own:
            costs = [sums[one.pk] for one in own]
            sides.append(
                Side(
                    party,
                    own,
                    sum((one for one, _r in costs), Decimal(0)),
                    sum((one for _c, one in costs), Decimal(0)),
                )
            )
    return sides


def _missing(
    verdict: Verdict, partners: Sequence[Partner], packages: Iterable[WorkPackage]
) -> list[tuple[str, Sequence[str]]]:
    """Return the gaps of the current plan, each with the exact remedy."""
    broken = (one for one in verdict.planned.told if one.state == "broken")
    missing: list[tuple[str, Sequence[str]]] = [(one.text, one.gaps) for one in broken]
    planned = counted(partners)
    if planned and not any(one.leads for one in planned):
        missing.append((_("There is no coordinator."), ()))
    missing += [
        (
            _("No one leads work package %(number)d, “%(title)s”.")
            % {"number": one.number, "title": one.title},
            (),
        )
        for one in packages
        if one.lead_id is None
    ]
    return missing


def _found(request: Request, frame: BidFrame, partners: Iterable[Partner]) -> dict[str, Any]:
    """Return the search form for organisations, and its results."""
    if not frame.may_write:
        return {}
    find = FindForm(request.GET if "find" in request.GET else None)
    words = find.cleaned_data["find"].strip() if find.is_valid() else ""
    known = [one.organisation_id for one in partners]
    found = find_organisations(words, but=known) if words else []
    return {"find": find, "words": words, "found": found}


@require_GET
@for_people
def show_partner(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Show one partner: its letter of intent word for word, and the possible actions."""
    return _show_partner(request, enter_bid(request, pk, bid_id), partner_id)


def _show_partner(
    request: Request,
    frame: BidFrame,
    partner_id: int,
    *,
    leave_form: LeaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    partner = get_partner(frame.bid.partnership_id, frame.bid.pk, partner_id)
    partners = partners_of(frame.bid)
    sums = {one.pk: (Decimal(0), Decimal(0)) for one in partners}
    rows = _rows(frame, partners, sums, sort="", now=timezone.now())
    row = next(one for one in rows if one.partner.pk == partner.pk)
    context = {
        "row": row,
        "partner": partner,
        "letter": row.letter,
        "draft": _write(frame, partner, partners) if partner.state == State.NOTED else "",
        "leave_form": leave_form or LeaveForm(),
    }
    return show_tab(request, frame, "consortium", "consortium_partner", context, status=status)


def _do(
    request: Request,
    pk: int,
    bid_id: int,
    partner_id: int,
    operation: Callable[..., Partner],
    said: str,
    *,
    undo: str = "",
) -> HttpResponse:
    """Do something of one click with a partner, and lead back to it in the list."""
    enter_bid(request, pk, bid_id, to_write=True)
    return perform(
        request,
        partial(operation, partnership_id=pk, bid_id=bid_id, partner_id=partner_id),
        done=lambda partner: said % {"name": partner.name},
        to=_place(pk, bid_id, partner_id),
        undo=reverse(undo, args=[pk, bid_id, partner_id]) if undo else "",
    )


def _place(pk: int, bid_id: int, partner_id: int) -> str:
    return f"{reverse('bids:consortium', args=[pk, bid_id])}#partner-{partner_id}"


@require_POST
@for_people
def ask(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Invite a partner, or invite it again."""
    said = _("%(name)s has been invited. We’ll let you know as soon as it replies.")
    return _do(
        request, pk, bid_id, partner_id, asking.ask_partner, said, undo="bids:partner-withdraw"
    )


@require_POST
@for_people
def remind(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Ask a partner once more."""
    said = _("%(name)s has been sent a reminder with a new link.")
    return _do(request, pk, bid_id, partner_id, asking.remind_partner, said)


@require_POST
@for_people
def withdraw(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Take an invitation back."""
    said = _("The invitation to %(name)s has been withdrawn, and we’ve let them know.")
    return _do(request, pk, bid_id, partner_id, asking.withdraw_invitation, said)


@require_POST
@for_people
def bring_back(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Plan with a partner again."""
    said = _(
        "%(name)s is back in the consortium. Invite it again, and choose who coordinates and leads."
    )
    return _do(request, pk, bid_id, partner_id, asking.bring_back, said)


@require_POST
@for_people
def leave(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Note that a partner has left, with the reason; the message offers to take it up again."""
    frame = enter_bid(request, pk, bid_id, to_write=True)
    form = LeaveForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(leaving.note_left, partnership_id=pk, bid_id=bid_id, partner_id=partner_id),
        done=lambda partner: (
            _("%(name)s has left. What’s missing now is shown below.") % {"name": partner.name}
        ),
        to=reverse("bids:consortium", args=[pk, bid_id]),
        undo=reverse("bids:partner-back", args=[pk, bid_id, partner_id]),
    )
    return saved or _show_partner(request, frame, partner_id, leave_form=form, status=422)
