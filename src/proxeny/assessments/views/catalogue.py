"""The services of a room: listing, writing, signature, pausing and retiring."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments.forms.catalogue import DelivererForm, FindServicesForm, ServiceForm
from proxeny.assessments.models import Service
from proxeny.assessments.operations import catalogue as operations
from proxeny.assessments.operations.terms import ask_terms, write_terms
from proxeny.assessments.queries import catalogue as queries
from proxeny.assessments.views.frame import AssessmentsFrame, enter_assessments, show_page
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    show_refusal,
    sort_links,
)
from proxeny.partnerships.room_queries import list_team
from proxeny.partnerships.views.frame import telling_refusal

State = Service.State
#: How a state is drawn.
TONES = {
    State.DRAFT: "",
    State.SIGNING: "info",
    State.OFFERED: "ok",
    State.PAUSED: "warn",
    State.RETIRED: "",
}


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the services as a table, to search, sort and export."""
    frame = enter_assessments(request, pk)
    form = FindServicesForm(request.GET)
    wanted = form.wanted()
    found = queries.find_services(pk, wanted)
    today = timezone.localdate()
    if request.GET.get("export"):
        header, lines = queries.table_of(queries.rows_of(found, frame.parties, today=today))
        return answer_table("services", form=request.GET["export"], header=header, rows=lines)
    page = page_of(found, request)
    rows = queries.rows_of(page, frame.parties, today=today)
    context = {
        "form": form,
        "rows": [{"row": row, "tone": TONES[State(row.service.state)]} for row in rows],
        "count": page.paginator.count,
        "is_narrowed": wanted != queries.Wanted(sort=wanted.sort),
        "sorts": sort_links(request, queries.SORTS, now=wanted.sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "put_away": queries.list_put_away(pk) if frame.may_write else (),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "catalogue", "catalogue_list", context)


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int) -> HttpResponse:
    """Note a service."""
    frame = enter_assessments(request, pk, to_write=True)
    form = ServiceForm(request.POST or None, currency=frame.partnership.currency)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_service(
                actor=request.reader,
                partnership_id=pk,
                facts=form.facts(),
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Saved as a draft. Name who delivers it, then sign its terms.")
            )
            return redirect("assessments:service", pk, made.pk)
    context = {"form": form, "cancel_url": reverse("assessments:catalogue", args=[pk])}
    status = 422 if form.errors else 200
    return show_page(request, frame, "catalogue", "catalogue_form", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ServiceForm)
def edit(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Change a service; concurrent changes are merged."""
    frame = enter_assessments(request, pk, to_write=True)
    edit = edit_record(
        request,
        load=lambda: queries.get_service(service_id, pk),
        make=lambda found, data: ServiceForm(data, service=found, texts=queries.texts_of(found)),
        save=lambda form: operations.change_service(
            actor=request.reader,
            partnership_id=pk,
            service_id=service_id,
            version=form.number,
            facts=form.facts(),
            sign_anew=form.cleaned_data.get("sign_anew", False),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, exact=["change_service"]),
    )
    if edit.is_saved:
        edit.say(_told_after(edit.form, edit.value))
        return redirect("assessments:service", pk, service_id)
    context = {
        "form": edit.form,
        "service": edit.record,
        "cancel_url": reverse("assessments:service", args=[pk, service_id]),
    }
    return show_page(request, frame, "catalogue", "catalogue_form", context, status=edit.status)


def _told_after(form: ServiceForm, service: Service | None) -> str:
    if form.is_signed and service is not None and service.state == State.DRAFT:
        return _("Saved. Its terms have changed: a manager has to send them for signature again.")
    return _("Saved. The other side can see it too.")


@require_GET
@for_people
def show(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Show a service with its terms, its deliverers, and the available actions."""
    frame = enter_assessments(request, pk)
    return _show(request, frame, queries.get_service(service_id, pk))


def _show(
    request: Request,
    frame: AssessmentsFrame,
    service: Any,
    *,
    form: DelivererForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    [row] = queries.rows_of([service], frame.parties, today=today)
    terms = queries.terms_of(service)
    is_waiting = terms is not None and not (terms.completed_at or terms.closed_at)
    is_live = service.state != State.RETIRED
    may_write = frame.may_write
    context = {
        "service": service,
        "row": row,
        "tone": TONES[State(service.state)],
        "texts": queries.texts_of(service),
        "missing_names": [dict(settings.LANGUAGES)[code] for code in row.missing],
        "terms": terms,
        "is_waiting": is_waiting,
        "may_ask_terms": may_write
        and frame.room.may_steer
        and not is_waiting
        and service.state in (State.DRAFT, State.SIGNING),
        "preview": write_terms(service, list(frame.parties))
        if service.state in (State.DRAFT, State.SIGNING) and not is_waiting
        else "",
        "reading": write_terms(service, list(frame.parties), language=get_language() or "en")
        if get_language() != "en"
        else "",
        "form": (form or _deliverer_form(frame, row, None)) if may_write and is_live else None,
        "is_live": is_live,
    }
    return show_page(request, frame, "catalogue", "catalogue_service", context, status=status)


def _deliverer_form(frame: AssessmentsFrame, row: queries.Row, data: Any) -> DelivererForm | None:
    mine = frame.mine
    if mine is None:
        return None
    own = next((one for one in row.deliverers if one.party.pk == mine.pk), None)
    current = own.person.pk if own and own.person and not own.has_left else None
    people = list_team([mine], today=timezone.localdate()).get(mine.pk, ())
    return DelivererForm(data, people=people, current=current)


@require_POST
@for_people
def name_deliverer(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Name the deliverer of a service on the reader's own side."""
    frame = enter_assessments(request, pk, to_write=True)
    service = queries.get_service(service_id, pk)
    [row] = queries.rows_of([service], frame.parties, today=timezone.localdate())
    form = _deliverer_form(frame, row, request.POST)
    if form is not None and form.is_valid():
        try:
            operations.name_deliverer(
                actor=request.reader,
                partnership_id=pk,
                service_id=service_id,
                person_id=form.cleaned_data["person"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved. The other side can see it too."))
            return redirect("assessments:service", pk, service_id)
    return _show(request, frame, service, form=form, status=422)


@require_POST
@for_people
def put_terms(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Sign the terms for the reader's own side and send them to the others for signature."""
    enter_assessments(request, pk, to_write=True)
    with telling_refusal(request):
        ask_terms(
            actor=request.reader,
            partnership_id=pk,
            service_id=service_id,
            seen=read_number(request.POST.get("seen")),
            now=timezone.localtime(),
        )
        messages.success(request, _("Signed for your side. The other side has been asked to sign."))
    return redirect("assessments:service", pk, service_id)


@require_POST
@for_people
def pause(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Take no more requests for a while; the message offers to go on."""
    return _step(
        request,
        pk,
        service_id,
        operations.pause_service,
        _("Service paused. No one can request it until you resume it."),
        undo="assessments:service-resume",
    )


@require_POST
@for_people
def resume(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Offer it again."""
    return _step(
        request, pk, service_id, operations.resume_service, _("The service is offered again.")
    )


@require_POST
@for_people
def retire(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Retire a service, or archive a draft; the message offers to undo it."""
    service = queries.get_service(service_id, pk)
    back = "resume" if service.state == State.OFFERED else "reopen"
    return _step(
        request,
        pk,
        service_id,
        operations.retire_service,
        _("“%(name)s” archived. Assessments already under way continue.") % {"name": service.name},
        undo=f"assessments:service-{back}",
    )


@require_POST
@for_people
def reopen(request: Request, pk: int, service_id: int) -> HttpResponse:
    """Reopen a retired service."""
    return _step(request, pk, service_id, operations.reopen_service, _("Restored."))


def _step(
    request: Request,
    pk: int,
    service_id: int,
    operation: Callable[..., Any],
    done: str,
    *,
    undo: str = "",
) -> HttpResponse:
    enter_assessments(request, pk, to_write=True)
    with telling_refusal(request):
        operation(
            actor=request.reader,
            partnership_id=pk,
            service_id=service_id,
            now=timezone.localtime(),
        )
        tags = f"undo:{reverse(undo, args=[pk, service_id])}" if undo else ""
        messages.success(request, done, extra_tags=tags)
    return return_to(request, reverse("assessments:service", args=[pk, service_id]))
