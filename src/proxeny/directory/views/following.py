"""Following entries, offers and needs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from proxeny.directory.operations import following
from proxeny.directory.queries.following import list_followed
from proxeny.kernel.answers import for_people


@require_GET
@for_people
def show_following(request: HttpRequest) -> HttpResponse:
    """List what the reader follows."""
    context = {"following": list_followed(request.reader)}
    return render(request, "directory/following.html", context)


@require_POST
@for_people
def follow_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow an entry."""
    following.follow_organisation(actor=request.reader, organisation_id=pk)
    messages.success(request, _("You follow it. New offers and needs come by mail, once a day."))
    return _anew(request) or redirect("directory:detail", pk)


@require_POST
@for_people
def unfollow_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow an entry no longer."""
    following.unfollow(actor=request.reader, organisation_id=pk)
    _say_undone(request, reverse("directory:follow", args=[pk]))
    return _back(request, "directory:detail", pk)


@require_POST
@for_people
def follow_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow an offer or need."""
    following.follow_listing(actor=request.reader, listing_id=pk)
    messages.success(request, _("You follow it. What changes comes by mail, once a day."))
    return _anew(request) or redirect("directory:listing", pk)


@require_POST
@for_people
def unfollow_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow an offer or need no longer."""
    following.unfollow(actor=request.reader, listing_id=pk)
    _say_undone(request, reverse("directory:listing-follow", args=[pk]))
    return _back(request, "directory:listing", pk)


def _say_undone(request: HttpRequest, undo: str) -> None:
    messages.success(request, _("You do not follow it any more."), extra_tags=f"undo:{undo}")


def _anew(request: HttpRequest) -> HttpResponse | None:
    """An undo in a message replaces nothing: the page it stands on is loaded anew."""
    return HttpResponseClientRefresh() if request.htmx and not request.htmx.target else None


def _back(request: HttpRequest, route: str, pk: int) -> HttpResponse:
    # From the list of what one follows back to that list.
    return redirect("directory:following") if "list" in request.POST else redirect(route, pk)
