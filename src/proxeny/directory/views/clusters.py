"""A cluster's profile: on its page, and its form."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.directory import operations, queries, rules
from proxeny.directory.cluster_forms import ClusterProfileForm
from proxeny.directory.countries import country_name
from proxeny.directory.criteria import Criterion
from proxeny.directory.ecosystems import ecosystem_name
from proxeny.directory.models import ClusterProfile, Organisation
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.lists import join_items
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import answering


def profile_shown(reader: Reader, cluster: Organisation, *, today: date) -> dict[str, Any] | None:
    """Return a cluster's profile for its page; None for another organisation."""
    if not cluster.is_cluster:
        return None
    profile = queries.get_cluster_profile(cluster.pk)
    counts = queries.count_members(cluster.pk, today=today)
    is_own = rules.is_of_cluster(reader, cluster)
    may_edit = rules.can_edit_profile(reader, cluster)
    told = (
        counts,
        is_own,
        may_edit,
        profile.ecosystems,
        profile.target_countries,
        profile.staff_fte is not None,
        profile.committed_members is not None,
    )
    return {
        "profile": profile,
        "counts": counts,
        "total": sum(one.count for one in counts),
        "ecosystems": join_items(map(ecosystem_name, profile.ecosystems)),
        "countries": join_items(map(country_name, profile.target_countries)),
        "is_own": is_own,
        "may_edit": may_edit,
        "says_anything": any(told),
        "criteria": _criteria(cluster, profile, counts, may_edit) if is_own else [],
    }


def _criteria(
    cluster: Organisation, profile: ClusterProfile, counts: list[Any], may_edit: bool
) -> list[dict[str, Any]]:
    places = {
        "staff": reverse("directory:cluster-profile", args=[cluster.pk]),
        "members": reverse("directory:import-start"),
        "kinds": reverse("directory:import-start"),
        "website": reverse("directory:edit", args=[cluster.pk]),
    }
    return [
        {
            "is_met": one.is_met,
            "text": _asked(one),
            "missing": "" if one.is_met else _missing(one),
            "url": places[one.name] if may_edit and not one.is_met else "",
        }
        for one in queries.stand_of(cluster, profile, counts)
    ]


def _asked(one: Criterion) -> str:
    return {
        "staff": _("At least %(need)s full-time staff"),
        "members": _("At least %(need)s committed members"),
        "kinds": _("Members of at least %(need)s kinds"),
        "website": _("A website"),
    }[one.name] % {"need": number_format(one.need)}


def _missing(one: Criterion) -> str:
    if one.name == "staff" and one.have is None:
        return _("You haven’t entered your number of staff.")
    if one.name == "staff":
        text = _("%(missing)s full-time equivalents are missing.")
        return text % {"missing": number_format(one.missing)}
    if one.name == "members":
        text = ngettext(
            "%(count)s member is missing.", "%(count)s members are missing.", int(one.missing)
        )
        return text % {"count": one.missing}
    if one.name == "kinds":
        return (
            _("All your members are of the same kind.") if one.have else _("No members listed yet.")
        )
    return _("No website given.")


@require_http_methods(["GET", "POST"])
@answering
@keeping(ClusterProfileForm)
def edit_profile(request: Request, pk: int) -> HttpResponse:
    """Change a cluster's profile."""
    edit = edit_record(
        request,
        load=lambda: _own_profile(request, pk),
        make=lambda profile, data: ClusterProfileForm(data, profile=profile),
        save=lambda form: operations.update_cluster_profile(
            actor=request.reader, cluster_id=pk, version=form.number, changes=form.to_changes()
        ),
        authors=lambda profile: authors_of(
            profile, request.reader, exact=["update_cluster_profile"]
        ),
    )
    if edit.is_saved:
        edit.say(_("Profile saved."))
        return redirect("directory:detail", pk)
    context = {"form": edit.form, "organisation": queries.get_organisation(pk)}
    return render(request, "directory/cluster_profile.html", context, status=edit.status)


def _own_profile(request: Request, pk: int) -> ClusterProfile:
    cluster = queries.get_organisation(pk)
    if not rules.can_edit_profile(request.reader, cluster):
        raise PermissionDenied
    return queries.get_cluster_profile(pk)
