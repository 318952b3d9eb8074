"""The documents of a bid: by kind, with their versions, upload and download."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.bids.forms.papers import BringPaperForm, BringVersionForm
from proxeny.bids.operations import papers as operations
from proxeny.bids.queries.papers import Kept, get_paper, get_version, read_papers
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import MAX_BYTES, answer_file, refuse_size
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.room_queries import list_put_away


@require_GET
@for_people
def show_papers(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show the documents with their versions."""
    return _show(request, enter_bid(request, pk, bid_id))


def _show(
    request: Request,
    frame: BidFrame,
    *,
    new: BringPaperForm | None = None,
    again: dict[int, BringVersionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page; a form that was refused is shown again in its place."""
    bid, again = frame.bid, again or {}
    found = read_papers(bid)
    required = [one for one in found if one.paper.is_required]
    context = {
        "groups": [
            (label, [_row(frame, one, again.get(one.paper.pk)) for one in rows])
            for label, rows in groupby(found, key=lambda one: one.paper.get_kind_display())
        ],
        "required": len(required),
        "missing": [one.paper for one in required if one.is_missing],
        "new_form": (new or BringPaperForm()) if frame.may_write else None,
        "put_away": list_put_away(("bid-paper",), bid.partnership_id, {"bid": bid}),
        "may_keep": frame.may_write,
    }
    return show_tab(request, frame, "papers", "papers", context, status=status)


def _row(frame: BidFrame, one: Kept, refused: BringVersionForm | None) -> dict[str, Any]:
    """Return a document for the page, with a form for a new version where the reader may write."""
    form = refused
    if form is None and frame.may_write:
        seen = one.newest.number if one.newest else 0
        form = BringVersionForm(paper_id=one.paper.pk, seen=seen)
    return {"kept": one, "form": form, "is_open": refused is not None}


@watching_size(MAX_BYTES)
@require_POST
@for_people
def bring(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Upload a document with its first version."""
    frame = enter_bid(request, pk, bid_id, to_write=True)
    form = BringPaperForm(request.POST, request.FILES)
    made = _take(
        request,
        form,
        lambda file: operations.bring_paper(
            actor=request.reader,
            partnership_id=pk,
            bid_id=bid_id,
            values=form.to_values(),
            name=file.name,
            content=file.read(),
            now=timezone.localtime(),
        ),
    )
    if made is None:
        return _show(request, frame, new=form, status=422)
    messages.success(request, _("“%(name)s” added.") % {"name": made.paper.title})
    return redirect(_place(pk, bid_id, made.paper_id))


@watching_size(MAX_BYTES)
@require_POST
@for_people
def bring_version(request: Request, pk: int, bid_id: int, paper_id: int) -> HttpResponse:
    """Upload a new version of a document."""
    frame = enter_bid(request, pk, bid_id, to_write=True)
    get_paper(pk, bid_id, paper_id)
    form = BringVersionForm(request.POST, request.FILES, paper_id=paper_id, seen=0)
    made = _take(
        request,
        form,
        lambda file: operations.bring_version(
            actor=request.reader,
            partnership_id=pk,
            bid_id=bid_id,
            paper_id=paper_id,
            name=file.name,
            content=file.read(),
            news=form.cleaned_data["news"],
            seen=form.cleaned_data["seen"],
            now=timezone.localtime(),
        ),
    )
    if made is None:
        return _show(request, frame, again={paper_id: form}, status=422)
    numbers = {"number": made.version.number, "missed": made.missed and made.missed.number}
    if made.missed:
        messages.warning(
            request,
            _(
                "Version %(number)d uploaded. Someone else uploaded version %(missed)d in the "
                "meantime: check that yours includes what’s new in it."
            )
            % numbers,
        )
    else:
        messages.success(request, _("Version %(number)d uploaded.") % numbers)
    return redirect(_place(pk, bid_id, paper_id))


def _take[T](request: Request, form: forms.Form, deed: Callable[[Any], T]) -> T | None:
    """Handle an uploaded file as its form says; None, with errors in the form, if refused."""
    try:
        if too_large := getattr(request, "upload_too_large", 0):
            refuse_size(too_large)
        return deed(form.cleaned_data["file"]) if form.is_valid() else None
    except (InvalidInput, Conflict) as error:
        if getattr(request, "upload_too_large", 0):
            error.field = "file"
            form.errors.pop("file", None)
        show_refusal(form, error)
    return None


def _place(pk: int, bid_id: int, paper_id: int) -> str:
    return f"{reverse('bids:papers', args=[pk, bid_id])}#bid-paper-{paper_id}"


@require_GET
@for_people
def download(request: Request, pk: int, bid_id: int, paper_id: int, number: int) -> HttpResponse:
    """Give a version to be saved."""
    enter_bid(request, pk, bid_id)
    return answer_file(get_version(pk, bid_id, paper_id, number))
