"""A bid's way out: its checklist, the text that all sign, what was sent, what the funder answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
from proxeny.bids.rules import can_copy, is_open
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.calls.models import Call
from proxeny.calls.moments import tell_moment
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships.forms import ReasonForm
from proxeny.partnerships.operations import signing
from proxeny.partnerships.views.frame import return_to, telling_refusal, to_number

State = Bid.State
#: Sets of conditions whose grants are European.
_EUROPEAN = ("horizon", "life", "cosme")


@require_GET
@for_people
def show(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Show what is still missing, what all sign, what was sent, and what came of it."""
    return _show(request, enter_bid(request, pk, bid_id))


def _show(
    request: HttpRequest, frame: BidFrame, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    bid, zone, now = frame.bid, request.reader.time_zone, timezone.now()
    standing = read_standing(bid, frame.room.parties, today=timezone.localdate())
    items = check(standing, zone=zone, now=now) if is_open(bid) else ()
    context: dict[str, Any] = {
        "items": items,
        "missing": missing(items),
        "needed": missing(items, NEEDED),
        "sent": tell_moment(bid.submitted_at, zone) if bid.submitted_at else "",
        "may_take_back": frame.may_steer and can_take_back(bid, now=now),
        "may_copy": frame.room.may_keep and can_copy(bid),
        "is_european": bid.call.rule_set.startswith(_EUROPEAN),
        **_text(request, frame, standing),
        **_forms(request, frame),
        **(forms or {}),
    }
    return show_tab(request, frame, "submission", "submission", context, status=status)


def _text(request: HttpRequest, frame: BidFrame, standing: Standing) -> dict[str, Any]:
    """Return what was put before the partners, and what would be."""
    bid, text = frame.bid, standing.text
    context: dict[str, Any] = {
        "text": text,
        "is_old": text is not None and not (text.waits or text.holds),
        "to_sign": text.to_sign(request.reader) if text and frame.room.may_keep else [],
        "close_form": ReasonForm(),
    }
    # Once it was submitted, what was signed is told, and nothing is put before anybody.
    if bid.state != State.PREPARING or bid.dropped_at is not None:
        return context
    context["is_old"] = context["is_old"] or not is_current(standing)
    if context["is_old"]:
        context["prepared"] = signing_off.prepare_text(
            standing, frame.room.partnership, zone=request.reader.time_zone, now=timezone.now()
        )
    return context


def _forms(request: HttpRequest, frame: BidFrame) -> dict[str, Any]:
    """Return the empty forms of what can be done in a state."""
    bid = frame.bid
    if not frame.may_steer:
        return {}
    if is_open(bid):
        form = SubmitForm(bid=bid, zone=request.reader.time_zone, now=timezone.now())
        return {"submit_form": form}
    return {"result_form": ResultForm(bid=bid)} if bid.state in ANSWERS else {}


def _steer(request: HttpRequest, pk: int, bid_id: int) -> BidFrame:
    frame = enter_bid(request, pk, bid_id)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters may change this."))
    return frame


@require_POST
@for_people
def put_text(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Put the whole bid before all partners."""
    _steer(request, pk, bid_id)
    with telling_refusal(request):
        made = signing_off.put_before_all(
            actor=request.reader, partnership_id=pk, bid_id=bid_id,
            seen=request.POST.get("seen", "")[:64], now=timezone.localtime(),
        )  # fmt: skip
        if made.completed_at:
            messages.success(request, _("All partners have signed."))
        else:
            messages.success(request, _("It is before all partners. They are asked to sign."))
    return _back(pk, bid_id, "signed")


@require_POST
@for_people
def remind(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Ask those who have not signed once more."""
    _steer(request, pk, bid_id)
    with telling_refusal(request):
        asked = signing_off.remind_signers(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime()
        )
        told = ngettext(
            "%(count)d partner is asked once more.", "%(count)d partners are asked once more.",
            len(asked),
        )  # fmt: skip
        messages.success(request, told % {"count": len(asked)})
    return _back(pk, bid_id, "signed")


@require_POST
@for_people
def sign(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Sign what is before all partners, for one's own organisation."""
    _frame, text = _waiting_text(request, pk, bid_id)
    with telling_refusal(request):
        signing.sign_text(
            actor=request.reader, partnership_id=pk, agreement_id=text,
            text_hash=request.POST.get("text_hash", "")[:64], now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("You have signed."))
    return _back(pk, bid_id, "signed")


@require_POST
@for_people
def close_text(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Do not sign what is before all partners, with a reason."""
    frame, text = _waiting_text(request, pk, bid_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        with telling_refusal(request):
            signing.close_text(
                actor=request.reader, partnership_id=pk, agreement_id=text,
                why=form.cleaned_data["reason"], now=timezone.localtime(),
            )  # fmt: skip
            messages.success(request, _("Done. All managers read why."))
        return _back(pk, bid_id, "signed")
    return _show(request, frame, forms={"close_form": form, "opened": "close_form"}, status=422)


def _waiting_text(request: HttpRequest, pk: int, bid_id: int) -> tuple[BidFrame, int]:
    """Return the number of the text that was last put before the partners.

    `NotAllowed` for who speaks for none of those whose signature it needs.
    """
    frame = enter_bid(request, pk, bid_id)
    text = text_of(frame.bid, ())
    if text is None or not any(one.is_for(request.reader) for one in text.signers):
        raise NotAllowed(_("Only who speaks for one of the partners can sign."))
    return frame, text.agreement.pk


@require_POST
@for_people
def submit(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Note that the bid was sent; the message offers to take it back."""
    frame = _steer(request, pk, bid_id)
    form = SubmitForm(
        request.POST, bid=frame.bid, zone=request.reader.time_zone, now=timezone.now()
    )

    def do() -> None:
        made = submit_bid(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime(),
            **form.to_values(),
        )  # fmt: skip
        undo = reverse("bids:take-back", args=[pk, bid_id])
        can_undo = can_take_back(made, now=timezone.now())
        messages.success(
            request, _("Noted as submitted. Nothing of it is written any more."),
            extra_tags=f"undo:{undo}?seen={made.version}" if can_undo else "",
        )  # fmt: skip

    return _with_form(request, frame, name="submit_form", form=form, do=do)


@require_POST
@for_people
def undo_submission(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Take back that it was sent."""
    _steer(request, pk, bid_id)
    with telling_refusal(request):
        seen = request.POST.get("seen") or request.GET.get("seen", "")
        take_back(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, version=to_number(seen),
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("It is in preparation again."))
    return return_to(request, reverse("bids:submission", args=[pk, bid_id]))


@require_POST
@for_people
def answer(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Note what the funder answered, or correct it."""
    frame = _steer(request, pk, bid_id)
    form = ResultForm(request.POST, bid=frame.bid)

    def do() -> None:
        note_result(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime(),
            **form.to_values(),
        )  # fmt: skip
        messages.success(request, _("It is noted. The other side sees it too."))

    return _with_form(request, frame, name="result_form", form=form, do=do)


def _with_form(
    request: HttpRequest, frame: BidFrame, *, name: str, form: Any, do: Callable[[], None]
) -> HttpResponse:
    """Do something that a form says; what could not be kept is shown again in its place."""
    numbers = (frame.bid.partnership_id, frame.bid.pk)
    if form.is_valid():
        try:
            do()
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            # As it stands now: somebody else may have moved it on. Now that this is told, what was
            # refused can be sent again.
            frame = enter_bid(request, *numbers)
            form.data = form.data.copy()
            form.data["seen"] = str(frame.bid.version)
        else:
            return _back(*numbers)
    return _show(request, frame, forms={name: form, "opened": name}, status=422)


def _back(pk: int, bid_id: int, part: str = "") -> HttpResponse:
    url = reverse("bids:submission", args=[pk, bid_id])
    return redirect(f"{url}#{part}" if part else url)


@require_http_methods(["GET", "POST"])
@for_people
def copy(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Begin another bid with the consortium of this one, for a call that is chosen."""
    frame, now = enter_bid(request, pk, bid_id), timezone.now()
    if not (frame.room.may_keep and can_copy(frame.bid)):
        raise NotAllowed(_("Nothing can be changed here: the partnership or the bid is over."))
    find = FindCallForm(request.GET)
    words = str(find.cleaned_data["q"]) if find.is_valid() else ""
    calls = calls_to_copy_to(frame.room.parties, q=words, now=now)
    zone = request.reader.time_zone

    def closes(one: Call) -> str:
        return tell_moment(one.closes_at, zone) if one.closes_at else _("no deadline")

    gone = [one for one in partners_of(frame.bid) if not one.is_counted]
    form = CopyForm(
        request.POST or None, bid=frame.bid, calls=labels_of(calls, closes), gone=gone
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_bid(
                actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime(),
                **form.to_values(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Another bid has begun. All its partners are to be asked anew.")
            )
            return redirect("bids:bid", pk, made.pk)
    context = {"find": find, "words": words, "calls": calls, "form": form}
    return show_tab(
        request, frame, "submission", "submission_copy", context, status=422 if form.errors else 200
    )
