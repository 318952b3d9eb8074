"""The budget of a bid: all spending, against the call; and one partner's figures."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.bids.budget_table import table_of
from proxeny.bids.forms.budget import PartnerBudgetForm
from proxeny.bids.models import Bid, Partner, Spending
from proxeny.bids.operations.budgets import about_money, given_percents
from proxeny.bids.operations.sheets import read_partner_sheet, read_sheet
from proxeny.bids.operations.spending import write_budget
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import get_partner
from proxeny.bids.queries.budgets import away_of, packages_of, spendings_of
from proxeny.bids.views.frame import BidFrame, enter_bid, show_tab
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people
from proxeny.partnerships.sides import say_saved

Category = Spending.Category


@require_GET
@for_people
def show_budget(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show all spending and its problems; or return it as a file."""
    frame = enter_bid(request, pk, bid_id)
    bid, sheet = frame.bid, read_sheet(frame.bid)
    if request.GET.get("export"):
        header, rows = table_of(sheet)
        return answer_table("budget", form=request.GET["export"], header=header, rows=rows)
    verdict = look_at(bid, sheet.partners, sheet.budget, today=timezone.localdate())
    conditions = about_money(bid, verdict.planned)
    context = {
        "sheet": sheet,
        "conditions": [one for one in conditions if one.state != "met"],
        "met": sum(one.state == "met" for one in conditions),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }
    return show_tab(request, frame, "budget", "budget", context)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(PartnerBudgetForm)
def edit_partner(request: Request, pk: int, bid_id: int, partner_id: int) -> HttpResponse:
    """Edit one partner's figures, with others' changes merged; read-only without write access."""
    frame = enter_bid(request, pk, bid_id, to_write=request.method == "POST")
    bid = frame.bid
    edit = edit_record(
        request,
        load=lambda: get_partner(pk, bid_id, partner_id),
        make=lambda found, data: _form_of(bid, found, data),
        save=lambda form: write_budget(
            actor=request.reader,
            partnership_id=pk,
            bid_id=bid_id,
            partner_id=partner_id,
            version=form.number,
            figures=form.to_figures(),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, whole=["write_partner_budget"]),
    )
    if edit.is_saved:
        edit.say(say_saved(pk))
        return redirect(f"{reverse('bids:budget', args=[pk, bid_id])}#partner-{partner_id}")
    context = _context(frame, edit.record, edit.form)
    return show_tab(request, frame, "budget", "budget_partner", context, status=edit.status)


def _form_of(bid: Bid, partner: Partner, data: Any) -> PartnerBudgetForm:
    found = spendings_of(bid, partner)
    return PartnerBudgetForm(
        data,
        partner=partner,
        packages=packages_of(bid),
        cells={(one.package_id, one.category): one.amount for one in found},
        given=given_percents(bid, [partner])[partner.pk],
        away=away_of(bid) if data else (),
    )


def _context(frame: BidFrame, partner: Partner, form: PartnerBudgetForm) -> dict[str, Any]:
    """Return the context of a partner's figures: the saved sums beside the typed ones."""
    sheet = read_partner_sheet(frame.bid, partner, form.packages)
    return {
        "partner": partner,
        "form": form,
        "may_type": frame.may_write and partner.is_counted,
        "line": sheet.line,
        "rows": [
            {"column": column, "fields": fields}
            for column, (_package, fields) in zip(sheet.columns, form.rows(), strict=True)
        ],
        "categories": Category.labels,
        "decimal_sign": get_format("DECIMAL_SEPARATOR"),
        "thousand_sign": get_format("THOUSAND_SEPARATOR"),
    }
