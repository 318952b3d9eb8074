"""Searches for partners: the criteria, the best consortia, and adding one to the bid."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.bids.explanations import Teller
from proxeny.bids.forms.searches import CompareForm, SearchForm
from proxeny.bids.gap_explanations import tell_outcome
from proxeny.bids.models import Partner, Search
from proxeny.bids.operations.searching import (
    SearchSettings,
    asks_for_figures,
    begin_settings,
    find_to_leave_out,
    gap_settings,
    search_again,
    search_partners,
    settings_of,
)
from proxeny.bids.operations.taking import take_proposal, untake_proposal
from proxeny.bids.queries import searches as reads
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.queries.budgets import packages_of
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs.watching import can_stop, stop_job
from proxeny.kernel.lists import join_items
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, lead_on, page_links, page_of, read_number
from proxeny.partnerships.models import Party
from proxeny.partnerships.views.frame import telling_refusal

TONES = {"working": "info", "ready": "ok", "empty": "warn", "cut": "warn"}


@require_http_methods(["GET", "POST"])
@for_people
def show_searches(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show the searches of a bid, and accept the criteria of a new one."""
    frame = enter_bid(request, pk, bid_id, to_write=request.method == "POST")
    form = _make_form(request, frame) if frame.may_write else None
    if request.method == "POST" and form is not None:
        made = _start_usual(request, frame) if "usual" in request.POST else None
        made = made or _start(request, frame, form)
        if made is not None:
            return redirect("bids:search", pk, bid_id, made.pk)
    page = page_of(reads.searches_of(frame.bid), request)
    jobs = reads.jobs_of(one for one in page if one.state == Search.State.WORKING)
    context = {
        "form": form,
        "asks_for_figures": form is not None and asks_for_figures(frame.bid),
        "is_changed": read_number(request.GET.get("from")),
        "rows": [_row(one, jobs.get(one.pk)) for one in page],
        **page_links(request, page.number, has_next=page.has_next()),
    }
    status = 422 if form is not None and form.errors else 200
    return show_tab(request, frame, "consortium", "searches", context, status=status)


def _row(one: Search, job: Job | None) -> dict[str, Any]:
    has_failed = job is not None and job.state == Job.State.FAILED
    return {
        "search": one,
        "label": _("The calculation failed") if has_failed else one.get_state_display(),
        "tone": "bad" if has_failed else TONES[one.state],
    }


def _make_form(request: Request, frame: BidFrame) -> SearchForm:
    """Return the form, as an earlier search was asked for where the address names one."""
    bid, partners = frame.bid, counted(partners_of(frame.bid))
    earlier = read_number(request.GET.get("from"))
    parties = _sides(frame)
    if earlier:
        settings = settings_of(reads.get_search(bid.partnership_id, bid.pk, earlier))
    else:
        settings = begin_settings(bid, partners, packages_of(bid), list(parties))
    seen = {}
    if settings.without:
        room = reads.room_of(frame.room.partnership, frame.room.parties, today=timezone.localdate())
        seen = reads.names_seen(room, (), set(settings.without))
    return SearchForm(
        request.POST or None,
        settings=settings,
        partners=[(one.organisation_id, one.name) for one in partners],
        parties=list(parties.items()),
        left_out=[(pk, seen[pk].name) for pk in settings.without if pk in seen],
        currency=bid.call.currency,
    )


def _sides(frame: BidFrame) -> dict[int, str]:
    return {
        one.pk: one.organisation.name
        for one in frame.room.parties
        if one.state == Party.State.JOINED
    }


def _start_usual(request: Request, frame: BidFrame) -> Search | None:
    """Search by the usual criteria; where something must be said first, the form says so."""
    bid = frame.bid
    try:
        return search_partners(
            actor=request.reader,
            partnership_id=bid.partnership_id,
            bid_id=bid.pk,
            settings=gap_settings(
                bid, counted(partners_of(bid)), packages_of(bid), list(_sides(frame))
            ),
        )
    except (InvalidInput, Conflict) as error:
        messages.warning(request, str(error))
    return None


def _start(request: Request, frame: BidFrame, form: SearchForm) -> Search | None:
    if not form.is_valid():
        return None
    leave_out, unknown = find_to_leave_out(
        frame.room.partnership,
        frame.room.parties,
        form.names_left_out(),
        today=timezone.localdate(),
    )
    if unknown:
        told = {"names": ", ".join(unknown[:10])}
        form.add_error(
            "names", _("No organisation visible in this room is called: %(names)s.") % told
        )
        return None
    try:
        return search_partners(
            actor=request.reader,
            partnership_id=frame.bid.partnership_id,
            bid_id=frame.bid.pk,
            settings=form.to_settings(leave_out),
        )
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
    return None


@require_GET
@for_people
def show_search(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Show the best consortia that a search found, or why there is none."""
    frame = enter_bid(request, pk, bid_id)
    search = reads.get_search(pk, bid_id, search_id)
    search.bid = frame.bid
    job = reads.jobs_of([search]).get(search.pk) if search.state == Search.State.WORKING else None
    settings = settings_of(search)
    teller = Teller(
        search,
        settings,
        _seen(frame, search, settings),
        _sides(frame),
        today=timezone.localdate(),
    )
    proposals = teller.proposals()
    compare = CompareForm(request.GET, count=len(proposals))
    pair = compare.pair() if len(proposals) > 1 else None
    context = {
        "search": search,
        "teller": teller,
        "outcome": tell_outcome(teller),
        "proposals": proposals,
        "compare_form": compare,
        "compared": teller.compare(*(proposals[number - 1] for number in pair)) if pair else None,
        "is_compared": "other" in request.GET,
        **_working(request, frame, search, job),
    }
    return show_tab(request, frame, "consortium", "search", context)


def _seen(frame: BidFrame, search: Search, settings: SearchSettings) -> Any:
    """Return the organisations a search names, as the whole room sees them today. Three queries."""
    room = reads.room_of(frame.room.partnership, frame.room.parties, today=timezone.localdate())
    named = reads.named_in(search.result, keep=settings.keep, without=settings.without)
    return reads.names_seen(room, partners_of(frame.bid), named)


def _working(request: Request, frame: BidFrame, search: Search, job: Job | None) -> dict[str, Any]:
    """Return how far a search is, or that it failed."""
    return {
        "job": job,
        "progress": _progress(job) if job and not job.is_over else None,
        "has_failed": search.state == Search.State.WORKING and (job is None or job.is_over),
        "may_stop": bool(job and frame.may_write and can_stop(request.reader, job)),
    }


def _progress(job: Job) -> dict[str, Any]:
    texts = {
        "read": _("Reading the organisations visible to the whole room."),
        "cover": _("Comparing what they say with what’s needed."),
        "propose": _("Building the best consortia."),
        "explain": _("Writing the explanations."),
    }
    state = "queued" if job.state == Job.State.QUEUED else "running"
    is_waiting = state == "queued"
    return {
        "state": "stopping" if job.stop_requested and not is_waiting else state,
        "percent": None if is_waiting else job.progress.get("percent"),
        "text": texts.get(job.progress.get("step", ""), ""),
    }


@require_GET
@for_people
def show_progress(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Show the bar alone; when the work is over, let the browser load the whole page."""
    frame = enter_bid(request, pk, bid_id)
    return _show_bar(request, frame, reads.get_search(pk, bid_id, search_id))


def _show_bar(request: Request, frame: BidFrame, search: Search) -> HttpResponse:
    address = reverse("bids:search", args=[search.partnership_id, search.bid_id, search.pk])
    if not request.htmx:
        return redirect(address)
    job = reads.jobs_of([search]).get(search.pk)
    if job is None or job.is_over:
        return lead_on(request, address)
    context = {
        "partnership": frame.room.partnership,
        "bid": frame.bid,
        "search": search,
        **_working(request, frame, search, job),
    }
    return render(request, "bids/search.html#progress", context)


@require_POST
@for_people
def stop(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Stop a search, and keep its results so far."""
    frame = enter_bid(request, pk, bid_id, to_write=True)
    search = reads.get_search(pk, bid_id, search_id)
    with telling_refusal(request):
        if search.job_id:
            stop_job(actor=request.reader, job_id=search.job_id)
    return _show_bar(request, frame, search)


@require_POST
@for_people
def again(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Search for the same again, without somebody where the form names one."""
    enter_bid(request, pk, bid_id, to_write=True)
    without = read_number(request.POST.get("without")) or None
    return perform(
        request,
        lambda actor, **_now: search_again(
            actor=actor, partnership_id=pk, bid_id=bid_id, search_id=search_id, without=without
        ),
        onward=lambda made: reverse("bids:search", args=[pk, bid_id, made.pk]),
        to=reverse("bids:search", args=[pk, bid_id, search_id]),
    )


@require_POST
@for_people
def take(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Take the members of a proposal that are missing into the bid."""
    enter_bid(request, pk, bid_id, to_write=True)

    invite = "invite" in request.POST

    def tell(made: list[Partner]) -> str:
        if not made:
            messages.info(request, _("All of them were already in the bid."))
            return ""
        if invite:
            return _tell_invited(made)
        return ngettext(
            "%(count)d partner added to the bid. No one has been invited yet.",
            "%(count)d partners added to the bid. No one has been invited yet.",
            len(made),
        ) % {"count": len(made)}

    return perform(
        request,
        partial(
            take_proposal,
            partnership_id=pk,
            bid_id=bid_id,
            search_id=search_id,
            number=read_number(request.POST.get("proposal")),
            invite=invite,
            today=timezone.localdate(),
        ),
        done=tell,
        onward=reverse("bids:consortium", args=[pk, bid_id]),
        undo=reverse("bids:search-untake", args=[pk, bid_id, search_id]),
        to=reverse("bids:search", args=[pk, bid_id, search_id]),
    )


def _tell_invited(made: list[Partner]) -> str:
    asked = [one.name for one in made if one.state == Partner.State.ASKED]
    left = [one.name for one in made if one.state != Partner.State.ASKED]
    said = [_("Invited: %(names)s.") % {"names": join_items(asked)}] if asked else []
    if left:
        said.append(
            _("Added, but there is no one to contact yet: %(names)s. Add an email address.")
            % {"names": join_items(left)}
        )
    return " ".join(said)


@require_POST
@for_people
def untake(request: Request, pk: int, bid_id: int, search_id: int) -> HttpResponse:
    """Archive the partners taken from a proposal, as far as they were not invited."""
    enter_bid(request, pk, bid_id, to_write=True)
    return perform(
        request,
        partial(untake_proposal, partnership_id=pk, bid_id=bid_id, search_id=search_id),
        done=lambda gone: (
            ngettext(
                "%(count)d partner archived again.",
                "%(count)d partners archived again.",
                len(gone),
            )
            % {"count": len(gone)}
        ),
        to=reverse("bids:search", args=[pk, bid_id, search_id]),
    )
