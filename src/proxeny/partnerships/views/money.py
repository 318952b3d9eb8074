"""Money: funding by payer and use, exchange rates, and the stress test."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import money_queries as reads
from proxeny.partnerships.models import FundingSource
from proxeny.partnerships.money import GRANTS, Ledger, read_ledger
from proxeny.partnerships.money_forms import RateForm, StressForm, all_of
from proxeny.partnerships.operations import funding
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, telling_refusal

#: Up to this number of sources times activities, the pillars are computed at once.
AT_ONCE = 400


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show payers by year, the dependence on few of them, and every amount."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request, frame: Frame, *, rate_form: RateForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    ledger = read_ledger(frame.partnership, today=today)
    years = _years(ledger, frame)
    year = today.year if today.year in ledger.years else None
    context = {
        "ledger": ledger,
        "years": years,
        "now": next((one for one in years if one["row"].year == year), None),
        "kinds": reads.kinds_used([one["row"] for one in years]),
        "sources": reads.list_sources(ledger, today=today),
        "rates": reads.list_rates(ledger, today=today),
        "rate_form": rate_form or RateForm(initial={"since_on": today}),
        "save_core": funding.save_core_without_grants(ledger, year=year),
        "put_away": list_put_away(("source", "line"), frame.partnership.pk),
    }
    return show_page(request, frame, "money", context, status=status)


def _years(ledger: Ledger, frame: Frame) -> list[dict[str, Any]]:
    names = {one.pk: one.name for one in ledger.sources}
    rows = reads.draw_years(ledger, frame.parties, is_rtl=get_language_bidi())
    return [
        {
            "row": row,
            "measured": measured,
            "points": round(10_000 * measured.by_source.index),
            "granted": 100 * measured.granted,
            "largest": names[largest],
            "largest_part": 100 * part,
        }
        for row, measured in zip(rows, funding.measure_years(ledger), strict=True)
        if measured.by_source.index is not None
        for largest, part in [next(iter(measured.by_source.shares.items()))]
    ]


@require_POST
@for_people
def add_rate(request: Request, pk: int) -> HttpResponse:
    """Note what a currency is worth; the page of money has the form."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            funding.set_rate(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Rate saved. All amounts have been recalculated."))
            return redirect(f"{reverse('partnerships:money', args=[pk])}#rates")
    return _show(request, frame, rate_form=form, status=422)


@require_POST
@for_people
def remove_rate(request: Request, pk: int, rate_id: int) -> HttpResponse:
    """Take a rate away; its sums count at an earlier one, or for nothing."""
    with telling_refusal(request):
        funding.remove_rate(actor=request.reader, partnership_id=pk, rate_id=rate_id)
        messages.success(request, _("Rate removed."))
    return redirect(f"{reverse('partnerships:money', args=[pk])}#rates")


@require_GET
@for_people
def show_stress(request: Request, pk: int) -> HttpResponse:
    """Show what goes on if money ends; the address holds the whole question."""
    frame = enter_frame(request, pk)
    today = timezone.localdate()
    ledger = read_ledger(frame.partnership, today=today)
    form = StressForm(request.GET, ledger=ledger, this_year=today.year)
    context = {**frame.context("money"), "today": today, "ledger": ledger, "form": form}
    if not ledger.activities or not ledger.lines or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "partnerships/room/stress.html", context, status=status)
    if request.htmx.target == "pillars":
        return render(
            request, "partnerships/room/stress.html#pillars", context | _pillars(ledger, form)
        )
    context |= _answer(request, ledger, form)
    is_small = len(ledger.sources) * len(ledger.activities) <= AT_ONCE
    if not request.htmx and (is_small or request.GET.get("pillars")):
        context |= _pillars(ledger, form)
    answer = render(request, "partnerships/room/stress.html", context)
    if request.htmx:
        answer["HX-Replace-Url"] = form.address()
    return answer


def _answer(request: Request, ledger: Ledger, form: StressForm) -> dict[str, Any]:
    parts = form.parts_left()
    sure = bool(form.cleaned_data["sure"])
    found = funding.stress_ledger(ledger, parts_left=parts, secured_only=sure, year=form.asked_year)
    noted = funding.sum_noted(ledger, secured_only=sure, year=form.asked_year)
    return {
        "found": found,
        "noted": noted,
        "spent": noted - found.money,
        "has_core": any(one.core for one in (*found.kept, *(row[0] for row in found.stopped))),
        "stopped": [
            {"activity": one, "why": why, "missing": missing, "because": found.because[one.pk]}
            for one, why, missing in sorted(
                found.stopped, key=lambda row: (not row[0].core, -row[0].worth, row[2])
            )
        ],
        "sliders": [
            {
                "source": one,
                "name": f"s{one.pk}",
                "part": form.part_of(one),
                "counts": not sure or one.certainty == one.Certainty.SECURED,
            }
            for one in ledger.sources
        ],
        "changed": [(one, parts[one.pk]) for one in ledger.sources if one.pk in parts],
        "presets": _presets(ledger, form),
        "advice_title": _advise([one for one in ledger.sources if one.pk in parts]),
        "address": request.build_absolute_uri(request.path + form.address()),
    }


def _advise(sources: list[FundingSource]) -> str:
    """Return a beginning for a recommendation that follows from the answer."""
    names = join_items(one.name for one in sources)
    return _("Make the core independent of %(names)s") % {"names": names} if sources else ""


def _presets(ledger: Ledger, form: StressForm) -> list[tuple[str, str]]:
    grants = all_of(ledger.sources, GRANTS)
    european = all_of(ledger.sources, [funding.Kind.EUROPEAN])
    found = [(_("Everything as planned"), form.address({}))]
    if grants:
        found.append((_("All grants end"), form.address(grants)))
    if european and european != grants:
        found.append((_("European funding ends"), form.address(european)))
    return found


def _pillars(ledger: Ledger, form: StressForm) -> dict[str, Any]:
    sure = bool(form.cleaned_data["sure"])
    found = funding.find_pillars(ledger, secured_only=sure, year=form.asked_year)
    return {
        "pillars": [
            {"pillar": one, "percent": 100 * one.share, "url": form.address({one.source.pk: 0})}
            for one in found
        ],
        "pillars_exact": all(one.is_exact for one in found),
    }
