"""The list, an organisation's page, and the forms of an entry."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.accounts.queries import list_seats
from proxeny.directory import operations, queries, rules
from proxeny.directory.countries import country_name
from proxeny.directory.filter_forms import DirectoryFilter
from proxeny.directory.memberlist.columns import LISTED
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.operations.facts import Facts
from proxeny.directory.operations.reading import Moved
from proxeny.directory.organisation_forms import CreateForm, OrganisationForm
from proxeny.directory.queries.following import is_following
from proxeny.directory.views._facts import facts_shown
from proxeny.directory.views._hits import number_of, order_links, tell_hits
from proxeny.directory.views._presenters import tell_place
from proxeny.directory.views.clusters import profile_shown
from proxeny.directory.vocabularies import NUTS, own_label
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, answering, page_links, show_refusal

_EXPORTED = [target.name for target in LISTED]


@login_not_required
@require_GET
def show_list(request: Request) -> HttpResponse:
    """Show the part of the directory visible to the reader; to a stranger, the public one."""
    form = DirectoryFilter(request.GET)
    filters = form.to_filters()
    page = queries.get_page(filters, number=number_of(request))
    form.offer(page.facets)
    reader = request.reader
    row: Any
    for row in page.rows:
        row.country_name = country_name(row.country)
        text, fields = row.summary if filters.q else "", join_items(row.sectors[:3])
        row.told = tell_hits(page.question, row.name, text, fields)
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "region_name": own_label(NUTS, filters.nuts) or "",
        "everywhere_url": address_with(request, page=None, area=None, nuts=None),
        "sorts": order_links(request, page),
        "may_add": bool(reader.managed),
        "may_export": rules.can_export(reader),
        "export_query": address_with(request, page=None, format=None)[1:],
        **page_links(request, page.number, has_next=page.has_next),
    }
    return render(request, "directory/list.html", context)


@require_GET
@answering
def export(request: Request) -> HttpResponse:
    """Give the list, as filtered, as a file that can be imported again."""
    form = DirectoryFilter(request.GET)
    rows = operations.export_organisations(
        actor=request.reader, filters=form.to_filters(), fields=_EXPORTED, now=timezone.now()
    )
    return answer_table(
        "directory",
        form=request.GET.get("format", "csv"),
        header=[target.label for target in LISTED],
        rows=(
            ["; ".join(cell) if isinstance(cell, list) else cell for cell in row] for row in rows
        ),
    )


@login_not_required
@require_GET
@answering
def show_detail(request: Request, pk: int) -> HttpResponse:
    """Show an organisation: facts, offers and needs, and its people to those in charge of it."""
    reader, today = request.reader, timezone.localdate()
    try:
        organisation = operations.open_organisation(
            actor=reader, organisation_id=pk, now=timezone.now()
        )
    except Moved as moved:
        return redirect("directory:detail", moved.kept_id)
    context: dict[str, Any] = {
        "organisation": organisation,
        "place": tell_place(organisation.city, organisation.country),
        "website_label": re.sub(r"^https?://(www\.)?|/$", "", organisation.website),
        "may_edit": rules.can_edit_organisation(reader, organisation),
        "may_manage": rules.can_manage_members(reader, organisation.steward_id),
        "may_share": rules.can_be_shared(reader, organisation),
        "may_match": rules.can_see_matches(reader, organisation),
        "guarded": organisation.guarded_facts(),
        "memberships": _memberships(request, pk),
        "seats": None,
        **_listings(pk),
    }
    context["facts"] = facts_shown(organisation, with_key=context["may_manage"])
    context["elsewhere"] = queries.same_elsewhere(organisation)
    context["cluster"] = profile_shown(reader, organisation, today=today)
    if not reader.is_stranger and pk not in reader.organisations:
        context |= {"may_follow": True, "is_following": is_following(reader, organisation_id=pk)}
    if rules.can_see_people(reader, organisation):
        context["seats"] = list_seats(reader, today=today, organisation_id=pk)
    return render(request, "directory/detail.html", context)


def _memberships(request: Request, pk: int) -> list[dict[str, Any]]:
    return [
        {
            "membership": one,
            "may_manage": rules.can_manage_members(request.reader, one.cluster_id),
        }
        for one in queries.memberships_of(pk)
    ]


def _listings(pk: int) -> dict[str, list[Listing]]:
    found = queries.listings_of(pk)
    live = [one for one in found if one.status != Listing.Status.ARCHIVED]
    return {
        "offers": [one for one in live if one.direction == Listing.Direction.OFFER],
        "needs": [one for one in live if one.direction == Listing.Direction.NEED],
        "archived": [one for one in found if one.status == Listing.Status.ARCHIVED],
    }


@require_http_methods(["GET", "POST"])
@answering
def create(request: Request) -> HttpResponse:
    """Add one member by hand."""
    clusters = queries.list_clusters(request.reader.managed)
    if not clusters:
        raise PermissionDenied(_("Only a manager of a cluster can add members."))
    form = CreateForm(request.POST or None, clusters=clusters)
    if request.method == "POST" and form.is_valid():
        values = form.to_changes()
        cluster_id = values.pop("cluster")
        try:
            member = operations.create_member(
                actor=request.reader,
                cluster_id=cluster_id,
                facts=Facts(**values),
                today=timezone.localdate(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is now a member.") % {"name": member.name})
            return redirect("directory:detail", member.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@answering
@keeping(OrganisationForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change an entry."""

    def make(organisation: Organisation, data: Any) -> OrganisationForm:
        with_key = rules.can_manage_members(request.reader, organisation.steward_id)
        return OrganisationForm(data, organisation=organisation, with_key=with_key)

    edit = edit_record(
        request,
        load=lambda: _own_organisation(request, pk),
        make=make,
        save=lambda form: operations.update_organisation(
            actor=request.reader,
            organisation_id=pk,
            changes=form.to_changes(),
            version=form.number,
        ),
        authors=lambda found: authors_of(found, request.reader, exact=["update_organisation"]),
    )
    if edit.is_saved:
        edit.say(_("Entry saved."))
        return redirect("directory:detail", pk)
    context = {"form": edit.form, "organisation": edit.record}
    return render(request, "directory/edit.html", context, status=edit.status)


def _own_organisation(request: Request, pk: int) -> Organisation:
    organisation = queries.get_organisation(pk)
    if not rules.can_edit_organisation(request.reader, organisation):
        raise PermissionDenied
    return organisation
