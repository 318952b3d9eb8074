"""Following entries, offers and needs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from proxeny.directory.operations import following
from proxeny.directory.queries.following import list_followed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_following(request: Request) -> HttpResponse:
    """List the reader's followed items."""
    context = {"following": list_followed(request.reader)}
    return render(request, "directory/following.html", context)


@require_POST
@for_people
def follow_organisation(request: Request, pk: int) -> HttpResponse:
    """Follow an entry."""
    following.follow_organisation(actor=request.reader, organisation_id=pk)
    messages.success(
        request, _("You’re now following it. New offers and needs arrive by email, once a day.")
    )
    return _anew(request) or redirect("directory:detail", pk)


@require_POST
@for_people
def unfollow_organisation(request: Request, pk: int) -> HttpResponse:
    """Follow an entry no longer."""
    following.unfollow(actor=request.reader, organisation_id=pk)
    _say_undone(request, reverse("directory:follow", args=[pk]))
    return _back(request, "directory:detail", pk)


@require_POST
@for_people
def follow_listing(request: Request, pk: int) -> HttpResponse:
    """Follow an offer or need."""
    following.follow_listing(actor=request.reader, listing_id=pk)
    messages.success(request, _("You’re now following it. Changes arrive by email, once a day."))
    return _anew(request) or redirect("directory:listing", pk)


@require_POST
@for_people
def unfollow_listing(request: Request, pk: int) -> HttpResponse:
    """Follow an offer or need no longer."""
    following.unfollow(actor=request.reader, listing_id=pk)
    _say_undone(request, reverse("directory:listing-follow", args=[pk]))
    return _back(request, "directory:listing", pk)


def _say_undone(request: Request, undo: str) -> None:
    messages.success(request, _("You’re no longer following it."), extra_tags=f"undo:{undo}")


def _anew(request: Request) -> HttpResponse | None:
    """Reload the page after an undo in a message, which has no target of its own."""
    return HttpResponseClientRefresh() if request.htmx and not request.htmx.target else None


def _back(request: Request, route: str, pk: int) -> HttpResponse:
    # From the list of what one follows back to that list.
    return redirect("directory:following") if "list" in request.POST else redirect(route, pk)
