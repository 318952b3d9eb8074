"""The work plan of a bid: its chart, its work packages, and their dependencies."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.bids.forms.plan import NeedsForm
from proxeny.bids.models import WorkPackage
from proxeny.bids.operations import planning
from proxeny.bids.plan_chart import draw_plan
from proxeny.bids.queries.budgets import needs_of, packages_of
from proxeny.bids.queries.plans import Step, WorkPlan, get_package, read_plan
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.kernel.actions import perform
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.sides import say_saved


@require_GET
@for_people
def show_plan(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show the work packages over the months of the project, and as a table."""
    frame = enter_bid(request, pk, bid_id)
    bid, plan = frame.bid, read_plan(frame.bid)
    context = {
        "plan": plan,
        "rows": [{"step": one, "form": _form_of(frame, one, plan)} for one in plan.steps],
        "picture": draw_plan(bid, plan.steps, is_mirrored=get_language_bidi()),
        "joined": [one for one in frame.room.parties if one.side in ("A", "B")],
        "next_number": max((one.record.number for one in plan.steps), default=0) + 1,
        "put_away": list_put_away(("work-package",), pk, {"bid": bid}),
        # Archived packages can be restored as long as the bid is in preparation.
        "may_keep": frame.may_write,
    }
    return show_tab(request, frame, "plan", "plan", context)


def _form_of(frame: BidFrame, step: Step, plan: WorkPlan) -> NeedsForm | None:
    if not frame.may_write or len(plan.steps) < 2:
        return None
    return NeedsForm(
        package=step.record,
        packages=[one.record for one in plan.steps],
        needs=[one.pk for one in step.needs],
    )


@require_http_methods(["GET", "POST"])
@for_people
@keeping(NeedsForm)
def edit_needs(request: Request, pk: int, bid_id: int, package_id: int) -> HttpResponse:
    """Edit the predecessors of a work package, with other editors' changes merged."""
    frame = enter_bid(request, pk, bid_id, to_write=True)
    bid = frame.bid

    def make(found: WorkPackage, data: Any) -> NeedsForm:
        needs = needs_of(bid).get(found.pk, [])
        return NeedsForm(data, package=found, packages=packages_of(bid), needs=needs)

    edit = edit_record(
        request,
        load=lambda: get_package(bid, package_id),
        make=make,
        save=lambda form: planning.set_needs(
            actor=request.reader,
            partnership_id=pk,
            bid_id=bid_id,
            package_id=package_id,
            version=form.number,
            needs=form.cleaned_data["needs"],
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, whole=["set_package_needs"]),
    )
    if edit.is_saved:
        edit.say(say_saved(pk))
        return redirect(f"{_plan_url(pk, bid_id)}#work-package-{package_id}")
    context = {"package": edit.record, "form": edit.form, "plan_url": _plan_url(pk, bid_id)}
    return show_tab(request, frame, "plan", "plan_needs", context, status=edit.status)


@require_POST
@for_people
def begin(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Begin a plan with the usual work packages; the message offers to put them away."""
    enter_bid(request, pk, bid_id, to_write=True)
    return perform(
        request,
        partial(planning.begin_plan, partnership_id=pk, bid_id=bid_id),
        done=_("Here are four work packages to start with. Rename them to suit your project."),
        to=_plan_url(pk, bid_id),
        undo=lambda made: (
            f"{reverse('bids:plan-take-back', args=[pk, bid_id])}"
            f"?{urlencode({'packages': ','.join(str(one.pk) for one in made)})}"
        ),
    )


@require_POST
@for_people
def take_back(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Put work packages away that a plan was just begun with; the address says which."""
    enter_bid(request, pk, bid_id, to_write=True)
    packages = {read_number(one) for one in request.GET.get("packages", "")[:200].split(",")}
    return perform(
        request,
        partial(planning.take_back_plan, partnership_id=pk, bid_id=bid_id, packages=packages),
        done=lambda count: (
            ngettext("%(count)d work package archived.", "%(count)d work packages archived.", count)
            % {"count": count}
        ),
        to=_plan_url(pk, bid_id),
    )


def _plan_url(pk: int, bid_id: int) -> str:
    return reverse("bids:plan", args=[pk, bid_id])
