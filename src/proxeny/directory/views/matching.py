"""Pages of suggested partners: the list, its calculation, the choices, and members' wishes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory import queries, rules
from proxeny.directory.countries import country_name
from proxeny.directory.match_forms import MatchFilter
from proxeny.directory.models import MatchChoice, Organisation
from proxeny.directory.operations import matching
from proxeny.directory.proposals import (
    Standing,
    age_of,
    find_standing,
    make_cards,
    table_of,
    tell_gaps,
)
from proxeny.directory.queries import matching as reads
from proxeny.directory.views._matches import narrow, progress_of
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people, lead_on

Verdict = MatchChoice.Verdict


def _cluster_of(request: Request, organisation: Organisation) -> int | None:
    """Return the cluster whose members' wishes the reader sees as its staff, or None."""
    cluster = organisation.pk if organisation.is_cluster else organisation.steward_id
    return cluster if cluster in request.reader.organisations else None


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the suggested partners of an organisation, with the reasons."""
    standing = find_standing(request.reader, pk)
    choices = reads.choices_of(pk)
    shown = narrow(request, make_cards(standing.made, choices, us=standing.us))
    context = {
        "standing": standing,
        "organisation": standing.organisation,
        "us": standing.us,
        "shown": shown,
        "form": MatchFilter(request.GET, countries=shown.countries, kinds=shown.kinds),
        "may_see_wanted": _cluster_of(request, standing.organisation),
        "why_not": MatchChoice.Why.choices,
        "progress": progress_of(standing.job) if standing.is_at_work else None,
        "export_query": request.GET.urlencode(),
        **_choices_context(standing, choices),
        "age": age_of(standing),
        "gaps": tell_gaps(standing, request.reader),
    }
    return render(request, "directory/matches.html", context)


def _choices_context(standing: Standing, choices: dict[int, MatchChoice]) -> dict[str, Any]:
    partners = reads.partners_by_id(choices)
    told = [(partners[target], choice) for target, choice in choices.items() if target in partners]
    made_at = standing.made.computed_at if standing.made else None
    return {
        "wanted": [pair for pair in told if pair[1].verdict == Verdict.WANTED],
        "refused": [pair for pair in told if pair[1].verdict == Verdict.REFUSED],
        "choices_before": sum(bool(made_at and one.created_at <= made_at) for _p, one in told),
    }


@require_POST
@for_people
def find(request: Request, pk: int) -> HttpResponse:
    """Start the search for partners, or start it again."""
    matching.start_matching(actor=request.reader, organisation_id=pk, now=timezone.now())
    return redirect("directory:matches", pk)


@require_GET
@for_people
def show_progress(request: Request, pk: int) -> HttpResponse:
    """Show the bar alone; when the work is over, let the browser load the whole page."""
    standing = find_standing(request.reader, pk)
    if not request.htmx:
        return redirect("directory:matches", pk)
    if not standing.is_at_work:
        return lead_on(request, reverse("directory:matches", args=[pk]))
    context = {
        "organisation": standing.organisation,
        "job": standing.job,
        "progress": progress_of(standing.job),
    }
    return render(request, "directory/matches.html#progress", context)


@require_POST
@for_people
def choose(request: Request, pk: int, target_id: int) -> HttpResponse:
    """Save the organisation's choice on a partner; `verdict=none` removes it."""
    verdict = request.POST.get("verdict", "")
    try:
        if verdict == "none":
            matching.clear_match(actor=request.reader, organisation_id=pk, target_id=target_id)
        else:
            matching.choose_match(
                actor=request.reader,
                organisation_id=pk,
                target_id=target_id,
                verdict=verdict,
                why=request.POST.get("why", ""),
                now=timezone.now(),
            )
    except InvalidInput as error:
        messages.error(request, str(error))
    if request.htmx:
        return _answer_card(request, pk, target_id)
    back = reverse("directory:matches", args=[pk])
    return redirect(f"{back}?{request.GET.urlencode()}#with-{target_id}")


def _answer_card(request: Request, pk: int, target_id: int) -> HttpResponse:
    standing = find_standing(request.reader, pk)
    choices = reads.choices_of(pk)
    cards = make_cards(standing.made, choices, us=standing.us, only=target_id)
    context = {
        "card": cards[0] if cards else None,
        "organisation": standing.organisation,
        "us": standing.us,
        "why_not": MatchChoice.Why.choices,
        **_choices_context(standing, choices),
    }
    return render(request, "directory/_match_parts.html#answer", context)


@require_GET
@for_people
def export(request: Request, pk: int) -> HttpResponse:
    """Give the list as it is narrowed, with its reasons, as a file."""
    standing = find_standing(request.reader, pk)
    choices = reads.choices_of(pk)
    cards = make_cards(standing.made, choices, us=standing.organisation.name)
    header, rows = table_of(narrow(request, cards, whole=True).cards)
    return answer_table(
        f"partners-{pk}", form=request.GET.get("format", "csv"), header=header, rows=rows
    )


@require_GET
@for_people
def show_wanted(request: Request, pk: int) -> HttpResponse:
    """Show a cluster's team the partners that its members want to meet."""
    cluster = queries.get_organisation(pk)
    if not rules.can_see_wanted(request.reader, cluster):
        raise NotAllowed(_("Only the cluster’s team can see who its members want to meet."))
    found = reads.wanted_by_members(pk)
    if (file := reads.WANTED.export(request, found)) is not None:
        return file
    shown = reads.WANTED.show(request, found)
    for choice in shown.rows:
        choice.country_name = country_name(choice.target.country)
    context = {"organisation": cluster, "wanted": shown}
    return render(request, "directory/wanted.html", context)
