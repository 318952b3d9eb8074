"""A company's own assessments: requests, changes, withdrawal, signature, and progress."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments import rules
from proxeny.assessments.forms.briefs import RefuseForm
from proxeny.assessments.forms.own import FindOwnForm
from proxeny.assessments.forms.requests import AskForm, ReasonForm, RequestForm
from proxeny.assessments.models import Engagement, Service
from proxeny.assessments.operations import briefs, closing, requests
from proxeny.assessments.queries import own as queries
from proxeny.assessments.queries.advisers import teams_of
from proxeny.assessments.queries.briefs import brief_of
from proxeny.assessments.queries.catalogue import get_offer, may_ask
from proxeny.assessments.queries.engagements import get_engagement, rows_of
from proxeny.assessments.queries.plan import read_plan
from proxeny.directory.countries import country_name
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of, read_number, show_refusal
from proxeny.partnerships.queries import parties_joined
from proxeny.partnerships.views.frame import telling_refusal

State = Engagement.State
_PAGE = "assessments/own_engagement.html"


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the requests of the reader's companies."""
    reader, form = request.reader, FindOwnForm(request.GET)
    show, search = form.show(), form.search()
    found = queries.pick_own(reader, states=queries.states_of(show), search=search)
    numbers = queries.OWN.fit(found, request).values_list("pk", flat=True)
    today = timezone.localdate()
    if request.GET.get("export") and (
        file := queries.OWN.export(request, rows_of(list(numbers), today=today))
    ):
        return file
    page = page_of(numbers, request)
    context = {
        "rows": rows_of(list(page), today=today),
        "form": form,
        "count": page.paginator.count,
        "is_narrowed": bool(search or show),
        "may_ask": may_ask(reader),
        **queries.OWN.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "assessments/own_list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def ask(request: Request, service_id: int) -> HttpResponse:
    """Ask for a service, with the questions of its template."""
    offer = get_offer(request.reader, service_id)
    service = offer.service
    clients = queries.companies_that_ask(request.reader, service, today=timezone.localdate())
    form = AskForm(
        request.POST or None,
        clients=clients,
        questions=queries.questions_of(service),
        language=(get_language() or "en")[:2],
        market=_market(offer, clients),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.ask_assessment(
                actor=request.reader,
                service_id=service.pk,
                now=timezone.localtime(),
                client_id=form.cleaned_data["client"],
                facts=form.facts(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("We’ve received your request. You’ll get a confirmation by email.")
            )
            return redirect("assessments:own-engagement", made.pk)
    context = {
        "form": form,
        "offer": offer,
        "clients": clients,
        "is_offered": service.state == Service.State.OFFERED,
        "is_full": offer.places.free == 0,
    }
    return render(request, "assessments/own_ask.html", context, status=422 if form.errors else 200)


def _market(offer: Any, clients: list[Any]) -> str:
    """Return the country of the other side, if there is just one."""
    own = {one.country for one in clients}
    others = {one.country for one in offer.clusters} - own - {""}
    return others.pop() if len(others) == 1 else ""


@require_GET
@for_people
def show(request: Request, engagement_id: int) -> HttpResponse:
    """Show one request; a person of the teams is redirected to the teams' page."""
    one = get_engagement(engagement_id)
    if not rules.is_client(request.reader, one):
        return redirect("assessments:engagement", one.partnership_id, one.pk)
    return _show(request, one)


def _show(
    request: Request,
    one: Engagement,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    today, reader = timezone.localdate(), request.reader
    parties = parties_joined(one.partnership_id)
    context = {
        "engagement": one,
        "market": country_name(one.market),
        "stages": queries.stages_of(one),
        "answers": queries.answers_of(one),
        "brief": brief_of(reader, one, parties),
        "plan": read_plan(one, today=today),
        "teams": teams_of(one, parties, today=today) if one.state in _SHOWN else [],
        "may_change": rules.can_change_request(reader, one),
        "may_again": one.state == State.WITHDRAWN,
        "report_url": _report_url(one),
        "withdraw_form": ReasonForm() if rules.can_withdraw(reader, one) else None,
        "refuse_form": RefuseForm(),
        **(forms or {}),
    }
    return render(request, _PAGE, context, status=status)


#: When the company reads who works for it: once they have declared to be free.
_SHOWN = (*rules.PLANNED, State.CLOSED)


def _report_url(one: Engagement) -> str:
    if one.state not in rules.REPORTED or one.reported_at is None:
        return ""
    return reverse("assessments:own-report", args=[one.pk])


@require_http_methods(["GET", "POST"])
@for_people
@keeping(RequestForm)
def edit(request: Request, engagement_id: int) -> HttpResponse:
    """Change a request while nobody works on it; concurrent changes are merged."""
    one = queries.get_own(request.reader, engagement_id)
    if request.method == "GET" and not rules.can_change_request(request.reader, one):
        messages.error(request, _tell_over())
        return redirect("assessments:own-engagement", engagement_id)
    edit = edit_record(
        request,
        load=lambda: _get_open(request, engagement_id),
        make=lambda found, data: RequestForm(
            data, engagement=found, answers=queries.answers_of(found)
        ),
        save=lambda form: requests.change_request(
            actor=request.reader,
            engagement_id=engagement_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, whole=["change_request"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. The people who deliver the service are notified by email."))
        return redirect("assessments:own-engagement", engagement_id)
    context = {"form": edit.form, "engagement": edit.record}
    return render(request, "assessments/own_edit.html", context, status=edit.status)


def _tell_over() -> str:
    return _("Work on it has already started. Contact the teams, or withdraw it.")


def _get_open(request: Request, engagement_id: int) -> Engagement:
    one = queries.get_own(request.reader, engagement_id)
    if not rules.can_change_request(request.reader, one):
        raise Conflict(_tell_over())
    return one


@require_POST
@for_people
def withdraw(request: Request, engagement_id: int) -> HttpResponse:
    """Take a request back with a reason; the message offers to take it up again."""
    one = queries.get_own(request.reader, engagement_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            requests.withdraw_request(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                reason=form.cleaned_data["reason"],
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            undo = reverse("assessments:own-again", args=[engagement_id])
            messages.success(
                request, _("Request withdrawn. The teams are notified."), extra_tags=f"undo:{undo}"
            )
            return redirect("assessments:own-engagement", engagement_id)
    one = queries.get_own(request.reader, engagement_id)
    return _show(request, one, forms={"withdraw_form": form, "opened": "withdraw"}, status=422)


@require_POST
@for_people
def again(request: Request, engagement_id: int) -> HttpResponse:
    """Take up again what was withdrawn."""
    queries.get_own(request.reader, engagement_id)
    with telling_refusal(request):
        closing.reopen_engagement(
            actor=request.reader, engagement_id=engagement_id, now=timezone.localtime()
        )
        messages.success(request, _("Request reopened. The teams are notified."))
    return return_to(request, reverse("assessments:own-engagement", args=[engagement_id]))


@require_POST
@for_people
def sign(request: Request, engagement_id: int) -> HttpResponse:
    """Sign the brief for the company."""
    queries.get_own(request.reader, engagement_id)
    with telling_refusal(request):
        briefs.sign_brief(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            agreement_id=read_number(request.POST.get("agreement")),
            text_hash=request.POST.get("text_hash", "")[:64],
        )
        messages.success(request, _("Signed. The others are notified by email."))
    return return_to(request, reverse("assessments:own-engagement", args=[engagement_id]))


@require_POST
@for_people
def refuse(request: Request, engagement_id: int) -> HttpResponse:
    """Refuse the brief with a reason: the teams rewrite it."""
    queries.get_own(request.reader, engagement_id)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            briefs.refuse_brief(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                agreement_id=read_number(request.POST.get("agreement")),
                why=form.cleaned_data["why"],
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The teams see your reason and will rewrite the brief."))
            return redirect("assessments:own-engagement", engagement_id)
    one = queries.get_own(request.reader, engagement_id)
    return _show(request, one, forms={"refuse_form": form, "opened": "refuse"}, status=422)
