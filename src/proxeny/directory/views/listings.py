"""Forms of offers and needs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.directory import operations, queries, rules
from proxeny.directory.forms import ListingForm
from proxeny.directory.models import Listing
from proxeny.kernel.answers import answering, show_refusal
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.versions import edit_record, keeping


@require_http_methods(["GET", "POST"])
@answering
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an offer or a need to an organisation."""
    organisation = queries.get_organisation(pk)
    if not rules.can_edit_organisation(request.reader, organisation):
        raise PermissionDenied
    direction = "need" if request.GET.get("direction") == "need" else "offer"
    form = ListingForm(request.POST or None, initial={"direction": direction, "kind": "business"})
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_listing(actor=request.reader, organisation_id=pk, **form.to_values())
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:detail", pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "directory/listing.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@answering
@keeping(ListingForm)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer or a need."""
    edit = edit_record(
        request,
        load=lambda: _own_listing(request, pk),
        make=lambda listing, data: ListingForm(data, listing=listing),
        save=lambda form: operations.update_listing(
            actor=request.reader, listing_id=pk, version=form.number, **form.to_values()
        ),
        authors=lambda listing: authors_of(listing, request.reader, whole=["update_listing"]),
    )
    listing = edit.record
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("directory:detail", listing.organisation_id)
    context = {"form": edit.form, "organisation": listing.organisation, "listing": listing}
    return render(request, "directory/listing.html", context, status=edit.status)


def _own_listing(request: HttpRequest, pk: int) -> Listing:
    listing = queries.get_listing(pk)
    if not rules.can_edit_listing(request.reader, listing):
        raise PermissionDenied
    return listing


@require_POST
@answering
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer or a need off the page; the page then offers to bring it back."""
    listing = operations.archive_listing(actor=request.reader, listing_id=pk)
    messages.success(request, _("“%(title)s” is in the archive.") % {"title": listing.title})
    return redirect("directory:detail", listing.organisation_id)


@require_POST
@answering
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish an archived offer or need again."""
    listing = operations.restore_listing(actor=request.reader, listing_id=pk)
    messages.success(request, _("“%(title)s” is published again.") % {"title": listing.title})
    return redirect("directory:detail", listing.organisation_id)
