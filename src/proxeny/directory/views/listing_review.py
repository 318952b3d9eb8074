"""The reviewer's desk: what waits for the cluster's adviser, and the two decisions."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import queries, rules
from proxeny.directory.listing_forms import NoteForm
from proxeny.directory.operations import listing_review as reviewing
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.hints import hints_for
from proxeny.directory.queries.listings import list_decided, list_in_review
from proxeny.kernel.answers import answering, for_people, page_of, read_number, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput

#: So long a decision is offered to be taken back.
_LATELY = timedelta(days=1)


@require_GET
@for_people
def show_queue(request: HttpRequest) -> HttpResponse:
    """List what waits for the reader's cluster, the longest waiting first."""
    today = timezone.localdate()
    advised = advised_by(request.reader, today=today)
    if not advised:
        raise PermissionDenied(_("Advisers of a cluster read here what its members submit."))
    page = page_of(list_in_review(advised), request)
    decided = list_decided(request.reader, after=timezone.now() - _LATELY)
    return render(request, "directory/review.html", {"page": page, "decided": decided})


@require_POST
@answering
def let_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what waits."""
    try:
        listing = reviewing.pass_listing(
            actor=request.reader, listing_id=pk, seen=_seen(request), now=timezone.now()
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("directory:listing", pk)
    messages.success(request, _("“%(title)s” is published.") % {"title": listing.title})
    return redirect("directory:review")


@require_http_methods(["GET", "POST"])
@answering
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a text back to its writers with a note."""
    today = timezone.localdate()
    listing = queries.get_listing(pk)
    if not rules.can_review_listing(listing, advised_by(request.reader, today=today)):
        raise PermissionDenied(_("Only an adviser of the cluster decides about this text."))
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.return_listing(
                actor=request.reader, listing_id=pk, seen=_seen(request),
                note=form.cleaned_data["note"], now=timezone.now(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is back with its writers, with your note."))
            return redirect("directory:review")
    context = {"form": form, "listing": listing, "hints": hints_for(listing, today=today)}
    status = 422 if form.errors else 200
    return render(request, "directory/review_return.html", context, status=status)


@require_POST
@answering
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's decision back."""
    try:
        reviewing.reopen_review(
            actor=request.reader, listing_id=pk, seen=_seen(request), now=timezone.now()
        )
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your decision is taken back. It waits again."))
    return redirect("directory:review")


def _seen(request: HttpRequest) -> int:
    """Return the version that the reviewer read."""
    return read_number(request.POST.get("seen"))
