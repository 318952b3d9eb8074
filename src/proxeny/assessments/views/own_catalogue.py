"""The services that a member company's clusters offer with their partners abroad."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.assessments.forms.catalogue import FindOffersForm
from proxeny.assessments.models import Service
from proxeny.assessments.queries import catalogue as queries
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the offered services, in the reader's language."""
    reader = request.reader
    form = FindOffersForm(request.GET, countries=queries.countries_offering(reader))
    sought = form.sought()
    page = page_of(queries.find_offered(reader, sought), request)
    context = {
        "form": form,
        "offers": queries.offers_of(page, today=timezone.localdate()),
        "count": page.paginator.count,
        "is_narrowed": sought != queries.Sought(),
        "is_member": queries.may_ask(reader),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "assessments/catalogue_offers.html", context)


@require_GET
@for_people
def show(request: Request, service_id: int) -> HttpResponse:
    """Show one service, and the way to ask for it."""
    reader = request.reader
    offer = queries.get_offer(reader, service_id, today=timezone.localdate())
    is_offered = offer.service.state == Service.State.OFFERED
    context = {
        "offer": offer,
        "details": queries.details_of(offer.service),
        "is_offered": is_offered,
        "may_ask": is_offered and queries.may_ask(reader),
        "is_team": offer.service.partnership_id in reader.rooms,
    }
    return render(request, "assessments/catalogue_offer.html", context)
