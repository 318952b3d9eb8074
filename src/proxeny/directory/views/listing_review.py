"""The reviewer's desk: texts that wait for the cluster's adviser, and the two decisions."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import queries, rules
from proxeny.directory.listing_forms import NoteForm
from proxeny.directory.operations import listing_review as reviewing
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.hints import hints_for
from proxeny.directory.queries.listings import list_decided, list_in_review
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering, for_people, page_of, read_number

#: So long a decision is offered to be taken back.
_LATELY = timedelta(days=1)


@require_GET
@for_people
def show_queue(request: Request) -> HttpResponse:
    """List the texts that wait for the reader's cluster, the longest waiting first."""
    today = timezone.localdate()
    advised = advised_by(request.reader, today=today)
    if not advised:
        raise PermissionDenied(
            _("This is where a cluster’s advisers review what its members submit.")
        )
    page = page_of(list_in_review(advised), request)
    decided = list_decided(request.reader, after=timezone.now() - _LATELY)
    return render(request, "directory/review.html", {"page": page, "decided": decided})


@require_POST
@answering
def let_pass(request: Request, pk: int) -> HttpResponse:
    """Publish a text under review."""
    return perform(
        request,
        partial(reviewing.pass_listing, listing_id=pk, seen=_seen(request)),
        done=lambda listing: _("“%(title)s” is published.") % {"title": listing.title},
        onward=reverse("directory:review"),
        to=reverse("directory:listing", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@answering
def send_back(request: Request, pk: int) -> HttpResponse:
    """Send a text back to its writers with a note."""
    today = timezone.localdate()
    listing = queries.get_listing(pk)
    if not rules.can_review_listing(listing, advised_by(request.reader, today=today)):
        raise PermissionDenied(_("Only an adviser of the cluster can decide on this text."))
    form = NoteForm(request.POST or None)
    saved = submit_form(
        request,
        form,
        partial(reviewing.return_listing, listing_id=pk, seen=_seen(request)),
        done=_("Sent back to its authors with your note."),
        to=reverse("directory:review"),
    )
    if saved:
        return saved
    context = {"form": form, "listing": listing, "hints": hints_for(listing, today=today)}
    status = 422 if form.errors else 200
    return render(request, "directory/review_return.html", context, status=status)


@require_POST
@answering
def reopen(request: Request, pk: int) -> HttpResponse:
    """Undo the user's own decision."""
    return perform(
        request,
        partial(reviewing.reopen_review, listing_id=pk, seen=_seen(request)),
        done=_("Decision undone. The text is waiting again."),
        to=reverse("directory:review"),
    )


def _seen(request: Request) -> int:
    """Return the version that the reviewer read."""
    return read_number(request.POST.get("seen"))
