"""Pages of a bid's submission: its checklist, the text to sign, the submission, the decision."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.bids.forms.submission import (
    CopyForm,
    FindCallForm,
    ResultForm,
    SubmitForm,
    labels_of,
)
from proxeny.bids.models import Bid
from proxeny.bids.operations import signing_off
from proxeny.bids.operations.checklist import check, is_current, missing
from proxeny.bids.operations.copying import copy_bid
from proxeny.bids.operations.results import ANSWERS, note_result
from proxeny.bids.operations.standing import Standing, read_standing
from proxeny.bids.operations.submitting import NEEDED, can_take_back, submit_bid, take_back
from proxeny.bids.queries.bids import partners_of
from proxeny.bids.queries.copying import calls_to_copy_to
from proxeny.bids.queries.texts import text_of
from proxeny.bids.rules import can_copy, is_european, is_open
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.calls.models import Call
from proxeny.calls.rules import format_deadline
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.forms import ReasonForm
from proxeny.partnerships.operations import signing
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import to_number

State = Bid.State


@require_GET
@for_people
def show(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show the checklist, the text to sign, the submission, and the result."""
    return _show(request, enter_bid(request, pk, bid_id))


def _show(
    request: Request, frame: BidFrame, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    bid, zone, now = frame.bid, request.reader.time_zone, timezone.now()
    standing = read_standing(bid, frame.room.parties, today=timezone.localdate())
    items = check(standing, zone=zone, now=now) if is_open(bid) else ()
    context: dict[str, Any] = {
        "items": items,
        "missing": missing(items),
        "needed": missing(items, NEEDED),
        "sent": format_deadline(bid.submitted_at, zone) if bid.submitted_at else "",
        "may_take_back": frame.may_steer and can_take_back(bid, now=now),
        "may_copy": frame.room.may_keep and can_copy(bid),
        "is_european": is_european(bid.call),
        **_text(request, frame, standing),
        **_forms(request, frame),
        **(forms or {}),
    }
    return show_tab(request, frame, "submission", "submission", context, status=status)


def _text(request: Request, frame: BidFrame, standing: Standing) -> dict[str, Any]:
    """Return the text last sent to the partners, and the current one."""
    bid, text = frame.bid, standing.text
    context: dict[str, Any] = {
        "text": text,
        "is_old": text is not None and not (text.waits or text.holds),
        "to_sign": text.to_sign(request.reader) if text and frame.room.may_keep else [],
        "close_form": ReasonForm(),
    }
    # After submission, the signed text is shown and nothing can be sent for signature.
    if bid.state != State.PREPARING or bid.dropped_at is not None:
        return context
    context["is_old"] = context["is_old"] or not is_current(standing)
    if context["is_old"]:
        context["prepared"] = signing_off.prepare_text(
            standing, frame.room.partnership, zone=request.reader.time_zone, now=timezone.now()
        )
    return context


def _forms(request: Request, frame: BidFrame) -> dict[str, Any]:
    """Return the empty forms of the actions in a state."""
    bid = frame.bid
    if not frame.may_steer:
        return {}
    if is_open(bid):
        form = SubmitForm(bid=bid, zone=request.reader.time_zone, now=timezone.now())
        return {"submit_form": form}
    return {"result_form": ResultForm(bid=bid)} if bid.state in ANSWERS else {}


def _steer(request: Request, pk: int, bid_id: int) -> BidFrame:
    frame = enter_bid(request, pk, bid_id)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    return frame


@require_POST
@for_people
def put_text(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Put the whole bid before all partners."""
    _steer(request, pk, bid_id)
    seen = request.POST.get("seen", "")[:64]
    return perform(
        request,
        partial(signing_off.put_before_all, partnership_id=pk, bid_id=bid_id, seen=seen),
        done=lambda made: (
            _("All partners have signed.")
            if made.completed_at
            else _("It has been sent to all partners for signature.")
        ),
        to=_page(pk, bid_id, "signed"),
    )


@require_POST
@for_people
def remind(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Remind partners that have not signed."""
    _steer(request, pk, bid_id)
    return perform(
        request,
        partial(signing_off.remind_signers, partnership_id=pk, bid_id=bid_id),
        done=lambda asked: (
            ngettext(
                "%(count)d partner reminded.",
                "%(count)d partners reminded.",
                len(asked),
            )
            % {"count": len(asked)}
        ),
        to=_page(pk, bid_id, "signed"),
    )


@require_POST
@for_people
def sign(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Sign the text sent to all partners, for the reader's own organisation."""
    _frame, text = _waiting_text(request, pk, bid_id)
    return perform(
        request,
        partial(
            signing.sign_text,
            partnership_id=pk,
            agreement_id=text,
            text_hash=request.POST.get("text_hash", "")[:64],
        ),
        done=_("You have signed."),
        to=_page(pk, bid_id, "signed"),
    )


@require_POST
@for_people
def close_text(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Refuse to sign the text sent to all partners, with a reason."""
    frame, text = _waiting_text(request, pk, bid_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        why = form.cleaned_data["reason"]
        return perform(
            request,
            partial(signing.close_text, partnership_id=pk, agreement_id=text, why=why),
            done=_("Done. All managers can read the reason."),
            to=_page(pk, bid_id, "signed"),
        )
    return _show(request, frame, forms={"close_form": form, "opened": "close_form"}, status=422)


def _waiting_text(request: Request, pk: int, bid_id: int) -> tuple[BidFrame, int]:
    """Return the number of the text last sent to the partners.

    `NotAllowed` for a reader who speaks for none of its signers.
    """
    frame = enter_bid(request, pk, bid_id)
    text = text_of(frame.bid, ())
    if text is None or not any(one.is_for(request.reader) for one in text.signers):
        raise NotAllowed(_("Only someone who represents one of the partners can sign."))
    return frame, text.agreement.pk


@require_POST
@for_people
def submit(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Note that the bid was sent; the message offers to take it back."""
    frame = _steer(request, pk, bid_id)
    form = SubmitForm(
        request.POST, bid=frame.bid, zone=request.reader.time_zone, now=timezone.now()
    )
    undo = reverse("bids:take-back", args=[pk, bid_id])
    return _with_form(
        request,
        frame,
        name="submit_form",
        form=form,
        operation=submit_bid,
        done=_("Recorded as submitted. It can no longer be edited."),
        undo=lambda made: (
            f"{undo}?seen={made.version}" if can_take_back(made, now=timezone.now()) else ""
        ),
    )


@require_POST
@for_people
def undo_submission(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Undo a submission."""
    _steer(request, pk, bid_id)
    seen = to_number(request.POST.get("seen") or request.GET.get("seen", ""))
    return perform(
        request,
        partial(take_back, partnership_id=pk, bid_id=bid_id, version=seen),
        done=_("It’s in preparation again."),
        to=_page(pk, bid_id),
    )


@require_POST
@for_people
def answer(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Record the funder's decision, or correct it."""
    frame = _steer(request, pk, bid_id)
    form = ResultForm(request.POST, bid=frame.bid)
    return _with_form(
        request,
        frame,
        name="result_form",
        form=form,
        operation=note_result,
        done=lambda _made: say_saved(pk),
    )


def _with_form(
    request: Request,
    frame: BidFrame,
    *,
    name: str,
    form: Any,
    operation: Callable[..., Bid],
    done: str | Callable[[Bid], str],
    undo: str | Callable[[Bid], str] = "",
) -> HttpResponse:
    """Carry out a form's action; refused input is shown again in its place."""
    pk, bid_id = frame.bid.partnership_id, frame.bid.pk
    saved = submit_form(
        request,
        form,
        partial(operation, partnership_id=pk, bid_id=bid_id),
        values=form.to_values,
        done=done,
        to=_page(pk, bid_id),
        undo=undo,
        seen=lambda: enter_bid(request, pk, bid_id).bid.version,
    )
    if saved:
        return saved
    frame = enter_bid(request, pk, bid_id)
    return _show(request, frame, forms={name: form, "opened": name}, status=422)


def _page(pk: int, bid_id: int, part: str = "") -> str:
    url = reverse("bids:submission", args=[pk, bid_id])
    return f"{url}#{part}" if part else url


@require_http_methods(["GET", "POST"])
@for_people
def copy(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Begin another bid with the consortium of this one, for a call that is chosen."""
    frame, now = enter_bid(request, pk, bid_id), timezone.now()
    if not (frame.room.may_keep and can_copy(frame.bid)):
        raise NotAllowed(_("Nothing can be changed here: the partnership or the bid has ended."))
    find = FindCallForm(request.GET)
    words = str(find.cleaned_data["q"]) if find.is_valid() else ""
    calls = calls_to_copy_to(frame.room.parties, q=words, now=now)
    zone = request.reader.time_zone

    def closes(one: Call) -> str:
        return format_deadline(one.closes_at, zone) if one.closes_at else _("no deadline")

    gone = [one for one in partners_of(frame.bid) if not one.is_counted]
    form = CopyForm(request.POST or None, bid=frame.bid, calls=labels_of(calls, closes), gone=gone)
    saved = submit_form(
        request,
        form,
        partial(copy_bid, partnership_id=pk, bid_id=bid_id),
        values=form.to_values,
        done=_("Another bid has been started. All its partners need to be invited again."),
        to=lambda made: reverse("bids:bid", args=[pk, made.pk]),
    )
    if saved:
        return saved
    context = {"find": find, "words": words, "calls": calls, "form": form}
    return show_tab(
        request, frame, "submission", "submission_copy", context, status=422 if form.errors else 200
    )
