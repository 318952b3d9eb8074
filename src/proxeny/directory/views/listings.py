"""Offers and needs: the page of one, its forms, and its steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.directory import queries, rules
from proxeny.directory.drafting import Draft
from proxeny.directory.listing_forms import ListingForm
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.operations import listings as writing
from proxeny.directory.operations import publishing
from proxeny.directory.operations.listing_guards import is_reviewing
from proxeny.directory.queries.following import is_following
from proxeny.directory.queries.hints import check_hints, hints_for
from proxeny.directory.queries.interests import find_own_interest, interests_in
from proxeny.directory.queries.listings import custom_of
from proxeny.directory.views._interest_presenters import tell_state
from proxeny.directory.views._listing_presenters import facts_of, steps_of
from proxeny.kernel.actions import perform
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering, show_refusal


@login_not_required
@require_GET
@answering
def show(request: Request, pk: int) -> HttpResponse:
    """Show an offer or need to readers with access to it."""
    reader, today = request.reader, timezone.localdate()
    listing = queries.get_listing(pk)
    owner = rules.owner_of(listing)
    may_edit = rules.can_edit_listing(reader, listing)
    is_review = is_reviewing(reader, listing, today=today)
    context: dict[str, Any] = {
        "listing": listing,
        "owner": owner,
        "knows_owner": owner.pk != listing.organisation_id,
        "facts": facts_of(listing),
        "may_edit": may_edit,
        "is_reviewing": is_review,
        "steps": steps_of(listing) if may_edit and not is_review else (),
        "hints": hints_for(listing, today=today) if may_edit or is_review else (),
    }
    if not reader.is_stranger:
        context |= _dealings(request, listing, owner)
    return render(request, "directory/listing.html", context)


def _dealings(request: Request, listing: Listing, owner: Organisation) -> dict[str, Any]:
    """Return the reader's relations to it: interest given and received, following."""
    reader = request.reader
    is_own = owner.pk in reader.organisations
    is_keeper = rules.keeper_of(listing.organisation) in reader.organisations
    mine = find_own_interest(listing.pk, reader.organisations) if not is_own else None
    return {
        "own_interest": mine,
        "received": _received(listing) if is_own or is_keeper else (),
        "may_ask": mine is None
        and not is_own
        and listing.is_open
        and listing.status == Listing.Status.PUBLISHED
        and bool(reader.organisations),
        "may_follow": not is_own,
        "is_following": is_following(reader, listing_id=listing.pk),
    }


def _received(listing: Listing) -> list[dict[str, Any]]:
    """Return the interest in it, each with its state in the owner's terms."""
    return [
        {"interest": one, "state": tell_state(one, is_given=False)}
        for one in interests_in(listing.pk)
    ]


@require_http_methods(["GET", "POST"])
@answering
def add(request: Request, pk: int) -> HttpResponse:
    """Add an offer or a need to an organisation."""
    organisation = queries.get_organisation(pk)
    if not rules.can_edit_organisation(request.reader, organisation):
        raise PermissionDenied
    direction = "need" if request.GET.get("direction") == "need" else "offer"
    custom = custom_of(organisation.steward_id)
    form = ListingForm(
        request.POST or None,
        owner=organisation,
        days=custom.days,
        initial={"direction": direction, "kind": "business", "is_open": True},
    )
    if request.method == "POST" and form.is_valid() and "check" not in request.POST:
        try:
            made = writing.add_listing(
                actor=request.reader,
                organisation_id=pk,
                text=form.to_text(),
                now=timezone.now(),
                is_draft=form.keeps_draft,
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _said(made))
            return redirect("directory:listing", made.pk)
    is_read_first = custom.is_reviewed and organisation.steward_id not in (
        *request.reader.managed,
        None,
    )
    context = {
        "form": form,
        "organisation": organisation,
        "is_read_first": is_read_first,
        "hints": _hints(request, form, organisation),
        "is_checked": "check" in request.POST,
    }
    status = 422 if form.errors else 200
    return render(request, "directory/listing_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@answering
@keeping(ListingForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Edit an offer or a need: its writers, its cluster's managers, an adviser who reviews it."""
    reader, today = request.reader, timezone.localdate()
    listing = _for_change(request, pk)
    custom = custom_of(rules.owner_of(listing).steward_id)

    def make(found: Listing, data: Any) -> ListingForm:
        return ListingForm(
            data,
            listing=found,
            owner=rules.owner_of(found),
            days=custom.days,
            is_adviser=is_reviewing(reader, found, today=today),
        )

    context: dict[str, Any] = {
        "is_read_first": custom.is_reviewed and not rules.is_staff_of(reader, listing)
    }
    if "check" in request.POST:
        form = make(listing, request.POST)
        context |= {"hints": _hints(request, form, rules.owner_of(listing)), "is_checked": True}
        return _show_form(request, listing, form, context, status=422 if form.errors else 200)
    edit = edit_record(
        request,
        load=lambda: _for_change(request, pk),
        make=make,
        save=lambda form: writing.update_listing(
            actor=reader,
            listing_id=pk,
            version=form.number,
            text=form.to_text(listing),
            now=timezone.now(),
            is_draft=form.keeps_draft,
        ),
        authors=lambda found: authors_of(found, reader, exact=["update_listing"]),
    )
    if edit.is_saved:
        edit.say(_said(edit.value or edit.record))
        return redirect("directory:listing", pk)
    return _show_form(request, edit.record, edit.form, context, status=edit.status)


def _show_form(
    request: Request, listing: Listing, form: ListingForm, context: dict[str, Any], status: int
) -> HttpResponse:
    known = {"form": form, "organisation": rules.owner_of(listing), "listing": listing}
    return render(request, "directory/listing_form.html", known | context, status=status)


def _for_change(request: Request, pk: int) -> Listing:
    listing = queries.get_listing(pk)
    if not rules.can_edit_listing(request.reader, listing) and not is_reviewing(
        request.reader, listing, today=timezone.localdate()
    ):
        raise PermissionDenied
    return listing


def _hints(request: Request, form: ListingForm, owner: Organisation) -> Any:
    """Return hints on the typed text, where the writer asks for them before saving."""
    if "check" not in request.POST or not form.is_valid():
        return ()
    typed = form.cleaned_data
    draft = Draft(
        typed["direction"],
        typed["title"],
        typed["summary"],
        typed["description"],
        typed["partner_role"],
        tuple(typed["markets"]),
        tuple(typed["technologies"]),
        bool(typed.get("is_anonymous")),
    )
    return check_hints(draft, owner, today=timezone.localdate())


def _said(listing: Listing) -> str:
    if listing.status == Listing.Status.REVIEW:
        return _("Saved. Your cluster’s adviser reviews it, then it’s published.")
    if listing.status == Listing.Status.PUBLISHED:
        return _("Saved and published.")
    return _("Saved.")


def _step(operation: Callable[..., Listing], sentence: Any) -> Callable[..., HttpResponse]:
    """Return the view of one step of an offer's life."""

    def tell(listing: Listing) -> str:
        waits = listing.status == Listing.Status.REVIEW
        said = _("“%(title)s” is waiting for your cluster’s adviser.") if waits else str(sentence)
        return said % {"title": listing.title}

    @require_POST
    @answering
    def take(request: Request, pk: int) -> HttpResponse:
        return perform(
            request,
            partial(operation, listing_id=pk),
            done=tell,
            to=reverse("directory:listing", args=[pk]),
        )

    take.__doc__ = operation.__doc__
    return take


submit = _step(publishing.submit_listing, gettext_lazy("“%(title)s” is published."))
withdraw = _step(publishing.withdraw_listing, gettext_lazy("“%(title)s” is a draft again."))
hold = _step(publishing.hold_listing, gettext_lazy("“%(title)s” is now on hold."))
resume = _step(publishing.resume_listing, gettext_lazy("“%(title)s” is published again."))
renew = _step(publishing.renew_listing, gettext_lazy("“%(title)s” has been renewed."))
archive = _step(publishing.archive_listing, gettext_lazy("“%(title)s” is archived."))
restore = _step(publishing.restore_listing, gettext_lazy("“%(title)s” has been restored."))
