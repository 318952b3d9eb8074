"""Introductions between two member lists: the plans, one plan, and keeping or dropping."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    lead_on,
    page_links,
    page_of,
    show_refusal,
)
from proxeny.partnerships import introduction_queries as reads
from proxeny.partnerships import introductions as told
from proxeny.partnerships import queries, rules
from proxeny.partnerships.introduction_forms import PlanForm, RowFilter
from proxeny.partnerships.models import IntroductionPlan, Partnership, Party
from proxeny.partnerships.operations.introductions import decide_introduction, plan_introductions

PLANS_SHOWN = 10


def _get_room(request: Request, pk: int) -> Partnership:
    partnership = queries.get_partnership(pk)
    if not rules.can_read_ledger(request.reader, partnership):
        raise PermissionDenied(_("Only the cluster teams can see introductions."))
    return partnership


@require_http_methods(["GET", "POST"])
@for_people
def show_introductions(request: Request, pk: int) -> HttpResponse:
    """Show the plans of a partnership, and take the caps and choices of a new one."""
    partnership = _get_room(request, pk)
    parties = queries.parties_of(partnership)
    mine = rules.party_managed(request.reader, parties)
    may_plan = rules.can_share(request.reader, partnership, parties)
    if request.method == "POST" and not may_plan:
        raise PermissionDenied(_("Only cluster managers can search for introductions."))
    members = _members(partnership, parties)
    facets = reads.facets_of(members) if may_plan else None
    form = _make_form(request, parties, mine, facets) if facets and mine else None
    if request.method == "POST" and form is not None:
        plan = _start(request, partnership, parties, form)
        if plan is not None:
            return redirect("partnerships:introduction-plan", pk, plan.pk)
    plans = list(reads.list_plans(pk)[:PLANS_SHOWN])
    counts = reads.count_rows(plans)
    context = {
        "partnership": partnership,
        "form": form,
        "plans": [{"plan": one, "counts": counts[one.pk]} for one in plans],
        "sides": _sides(parties, members, facets),
        "may_share": may_plan,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "partnerships/introductions.html", context, status=status)


def _members(partnership: Partnership, parties: list[Party]) -> dict[int, QuerySet[Organisation]]:
    today = timezone.localdate()
    return {
        one.organisation_id: reads.shared_members(partnership, one.organisation_id, today=today)
        for one in parties
    }


def _sides(
    parties: list[Party],
    members: Mapping[int, QuerySet[Organisation]],
    facets: reads.MemberFacets | None,
) -> list[dict[str, Any]]:
    return [
        {
            "name": party.organisation.name,
            "side": party.side.lower(),
            "count": facets.counts[party.organisation_id]
            if facets
            else members[party.organisation_id].count(),
        }
        for party in parties
    ]


def _make_form(
    request: Request, parties: list[Party], mine: Party, facets: reads.MemberFacets
) -> PlanForm:
    others = [one for one in parties if one.pk != mine.pk]
    left, right = sorted((mine, *others[:1]), key=lambda one: one.side)
    return PlanForm(
        request.POST or None,
        others=[(one.organisation_id, one.organisation.name) for one in others],
        left=left.organisation.name,
        right=right.organisation.name,
        countries=facets.countries,
        fields=facets.fields,
    )


def _start(
    request: Request, partnership: Partnership, parties: list[Party], form: PlanForm
) -> IntroductionPlan | None:
    if not form.is_valid():
        return None
    leave_out = _find_names(partnership, parties, form)
    if leave_out is None:
        return None
    try:
        return plan_introductions(
            actor=request.reader,
            partnership_id=partnership.pk,
            settings=form.to_settings(leave_out),
            with_id=form.cleaned_data.get("with_id") or None,
        )
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
    return None


def _find_names(partnership: Partnership, parties: list[Party], form: PlanForm) -> list[int] | None:
    names = form.names_left_out()
    found: dict[str, list[int]] = {}
    for members in _members(partnership, parties).values() if names else ():
        for name, ids in reads.find_by_name(members, names).items():
            found.setdefault(name, []).extend(ids)
    unknown = [name for name in names if not found.get(reads.folded(name))]
    if unknown:
        form.add_error(
            "names",
            _("None of the shared members is called: %(names)s.")
            % {"names": ", ".join(unknown[:10])},
        )
        return None
    return [pk for ids in found.values() for pk in ids]


@require_GET
@for_people
def show_plan(request: Request, pk: int, plan_id: int) -> HttpResponse:
    """Show what a plan proposes, with reasons, as a table or as cards."""
    partnership = _get_room(request, pk)
    plan = reads.get_plan(pk, plan_id)
    job = reads.get_plan_job(plan)
    form = RowFilter(request.GET)
    page = page_of(_rows(plan, form), request)
    title, words = told.tell_outcome(plan)
    is_at_work = plan.state == IntroductionPlan.State.WORKING and job and not job.is_over
    context = {
        "partnership": partnership,
        "plan": plan,
        "job": job,
        "progress": _progress(job) if job and is_at_work else None,
        "has_failed": bool(job and job.state == Job.State.FAILED),
        "outcome_title": title,
        "outcome": words,
        "considered": told.tell_considered(plan) if title else "",
        "counts": reads.count_rows([plan])[plan.pk],
        "form": form,
        "is_filtered": any(form.value(name) for name in ("q", "state", "both")),
        "page": page,
        "proposals": list(told.tell_rows(page.object_list)),
        "as_cards": request.GET.get("view") == "cards",
        "may_decide": rules.can_share(request.reader, partnership, queries.parties_of(partnership)),
        "table_url": address_with(request, view=None),
        "cards_url": address_with(request, view="cards"),
        "query": request.GET.urlencode(),
        "export_url": _export_url(request, pk, plan_id),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "partnerships/introduction_plan.html", context)


def _rows(plan: IntroductionPlan, form: RowFilter) -> Any:
    return reads.rows_of(
        plan,
        search=form.value("q"),
        state=form.value("state"),
        both=form.value("both") == "1",
        sort=form.value("sort"),
    )


def _export_url(request: Request, pk: int, plan_id: int) -> str:
    query = address_with(request, page=None, view=None)
    return f"{reverse('partnerships:introduction-export', args=[pk, plan_id])}{query}"


def _progress(job: Job) -> dict[str, Any]:
    texts = {
        "read": _("Reading the shared members."),
        "index": _("Weighing the words in all profiles."),
        "match": _("Comparing everyone with everyone."),
        "choose": _("Choosing the best set."),
        "explain": _("Writing the explanations."),
    }
    waits = job.state == Job.State.QUEUED
    return {
        "state": "queued" if waits else "running",
        "percent": None if waits else job.progress.get("percent"),
        "text": texts.get(job.progress.get("step", ""), ""),
    }


@require_GET
@for_people
def show_plan_progress(request: Request, pk: int, plan_id: int) -> HttpResponse:
    """Show the progress bar alone; when the job is over, make the browser load the whole page."""
    _get_room(request, pk)
    plan = reads.get_plan(pk, plan_id)
    job = reads.get_plan_job(plan)
    address = reverse("partnerships:introduction-plan", args=[pk, plan_id])
    if not request.htmx:
        return redirect(address)
    if job is None or job.is_over:
        return lead_on(request, address)
    context = {"partnership_id": pk, "plan": plan, "job": job, "progress": _progress(job)}
    return render(request, "partnerships/introduction_plan.html#progress", context)


@require_POST
@for_people
def decide(request: Request, pk: int, plan_id: int, row_id: int) -> HttpResponse:
    """Keep a proposal, drop it, or take that back."""
    _get_room(request, pk)
    try:
        row = decide_introduction(
            actor=request.reader,
            partnership_id=pk,
            plan_id=plan_id,
            row_id=row_id,
            state=request.POST.get("state", ""),
            now=timezone.now(),
        )
    except (Conflict, InvalidInput) as error:
        messages.error(request, str(error))
        return redirect("partnerships:introduction-plan", pk, plan_id)
    if request.htmx:
        context = {
            "plan": row.plan,
            "proposal": next(told.tell_rows([row])),
            "may_decide": True,
            "query": request.GET.urlencode(),
        }
        part = "card" if request.GET.get("view") == "cards" else "row"
        return render(request, f"partnerships/introduction_plan.html#{part}", context)
    back = reverse("partnerships:introduction-plan", args=[pk, plan_id])
    return redirect(f"{back}?{request.GET.urlencode()}#pair-{row_id}")


@require_GET
@for_people
def export_plan(request: Request, pk: int, plan_id: int) -> HttpResponse:
    """Give a plan's proposals, as narrowed, with their reasons as a file."""
    _get_room(request, pk)
    plan = reads.get_plan(pk, plan_id)
    rows = list(_rows(plan, RowFilter(request.GET))[: reads.MAX_EXPORT])
    header, lines = told.table_of(told.tell_rows(rows))
    return answer_table(
        f"introductions-{plan_id}", form=request.GET.get("format", "csv"), header=header, rows=lines
    )
