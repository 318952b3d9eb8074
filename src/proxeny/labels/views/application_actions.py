"""One-click actions on the reader's own application: documents, submission, answers."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.canonical import write_canonical
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import MAX_BYTES, answer_file, have_saved, refuse_size
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.labels.content import read_dossier
from proxeny.labels.forms.applications import AnswerForm, DocumentForm
from proxeny.labels.operations import documents, questions, submitting
from proxeny.labels.queries import own_applications as queries
from proxeny.labels.views.applications import answer_page


def _page(application_id: int, place: str = "") -> str:
    url = reverse("labels:application", args=[application_id])
    return f"{url}#{place}" if place else url


@require_POST
@for_people
def submit(request: Request, application_id: int) -> HttpResponse:
    """Hand in; a second click shows the same receipt."""
    own = queries.read_own(request.reader, application_id)
    try:
        receipt = submitting.submit_application(
            actor=request.reader, application_id=application_id, now=timezone.now()
        )
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
        return answer_page(request, own, status=422)
    return redirect("labels:application-receipt", application_id, receipt.number)


@require_POST
@for_people
def withdraw(request: Request, application_id: int) -> HttpResponse:
    """Withdraw a submission; the message offers to undo it."""
    queries.get_own(request.reader, application_id)
    return perform(
        request,
        partial(submitting.withdraw_application, application_id=application_id),
        done=_("Application withdrawn. Its receipt is kept."),
        to=_page(application_id),
        undo=reverse("labels:application-restore", args=[application_id]),
    )


@require_POST
@for_people
def restore(request: Request, application_id: int) -> HttpResponse:
    """Undo a withdrawal."""
    queries.get_own(request.reader, application_id)
    return perform(
        request,
        partial(submitting.restore_submission, application_id=application_id),
        done=lambda receipt: (
            _("Application submitted again, under its number %(number)d.")
            % {"number": receipt.number}
        ),
        to=_page(application_id),
    )


@require_GET
@for_people
def show_receipt(request: Request, application_id: int, number: int) -> HttpResponse:
    """Show a submission with its time, and how to verify it."""
    own = queries.read_own(request.reader, application_id)
    one = queries.get_own_submission(request.reader, application_id, number)
    zone = request.reader.time_zone
    context = {
        "own": own,
        "application": own.application,
        "receipt": one,
        "scheme": own.scheme,
        "round": own.round,
        "dossier": read_dossier(one.content),
        "moment": format_moment(one.submitted_at, own.round.zone, zone),
        "exact": one.submitted_at.isoformat(timespec="milliseconds"),
        "withdrawn": format_moment(one.withdrawn_at, own.round.zone, zone)
        if one.withdrawn_at
        else "",
    }
    return render(request, "labels/applications/receipt.html", context)


@require_GET
@for_people
def download_receipt(request: Request, application_id: int, number: int) -> HttpResponse:
    """Return the submission as the text from which the fingerprint is calculated."""
    one = queries.get_own_submission(request.reader, application_id, number)
    response = HttpResponse(write_canonical(one.content), content_type="application/json")
    have_saved(response, f"application-{one.number}.json")
    return response


@watching_size(MAX_BYTES)
@require_POST
@for_people
def bring(request: Request, application_id: int) -> HttpResponse:
    """Add a document to a draft."""
    queries.get_own(request.reader, application_id)
    form = DocumentForm(request.POST, request.FILES)
    try:
        if too_large := getattr(request, "upload_too_large", 0):
            refuse_size(too_large)
        if form.is_valid():
            file, key = form.cleaned_data["file"], form.cleaned_data["indicator"]
            made = documents.bring_document(
                actor=request.reader,
                application_id=application_id,
                indicator=key,
                name=file.name,
                content=file.read(),
                now=timezone.now(),
            )
            messages.success(request, _("“%(name)s” added.") % {"name": made.name})
            return redirect(_page(application_id, f"documents-{key or 'all'}"))
    except (InvalidInput, Conflict) as error:
        if getattr(request, "upload_too_large", 0):
            error.field = "file"
            form.errors.pop("file", None)
        show_refusal(form, error)
    form.auto_id = f"id_file_{request.POST.get('indicator') or 'all'}_%s"
    own = queries.read_own(request.reader, application_id)
    if not own.may_write(timezone.now()):
        messages.error(request, " ".join(str(one[0]) for one in form.errors.values()))
    return answer_page(request, own, document_form=form, status=422)


@require_GET
@for_people
def download(request: Request, application_id: int, number: int) -> HttpResponse:
    """Give a document to be saved."""
    application = queries.get_own(request.reader, application_id)
    return answer_file(queries.get_document(application, number))


@require_POST
@for_people
def drop(request: Request, application_id: int, number: int) -> HttpResponse:
    """Take a document away from a draft; the message offers to undo it."""
    queries.get_own(request.reader, application_id)
    return perform(
        request,
        partial(documents.drop_document, application_id=application_id, number=number),
        done=lambda gone: _("“%(name)s” removed.") % {"name": gone.name},
        onward=lambda gone: _page(application_id, f"documents-{gone.indicator or 'all'}"),
        undo=reverse("labels:application-document-restore", args=[application_id, number]),
        to=_page(application_id, "documents-all"),
    )


@require_POST
@for_people
def bring_back(request: Request, application_id: int, number: int) -> HttpResponse:
    """Restore a removed document."""
    queries.get_own(request.reader, application_id)
    return perform(
        request,
        partial(documents.restore_document, application_id=application_id, number=number),
        done=lambda one: _("“%(name)s” restored.") % {"name": one.name},
        to=_page(application_id),
    )


@require_POST
@for_people
def answer(request: Request, application_id: int, question_id: int) -> HttpResponse:
    """Answer a question of the clusters."""
    queries.get_own_question(request.reader, application_id, question_id)
    form = AnswerForm(request.POST, question_id=question_id)
    saved = submit_form(
        request,
        form,
        partial(questions.answer_question, application_id=application_id, question_id=question_id),
        done=_("Your answer has been sent to the clusters."),
        to=_page(application_id, f"question-{question_id}"),
    )
    if saved:
        return saved
    own = queries.read_own(request.reader, application_id)
    return answer_page(request, own, answer_form={question_id: form}, status=422)
