"""A room's templates for market questions, and its lessons learned: reading and changing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.assessments.forms.templates import (
    AddItemForm,
    ItemForm,
    LessonForm,
    RestoreItemForm,
)
from proxeny.assessments.models import Question, TemplateItem
from proxeny.assessments.operations import templates as operations
from proxeny.assessments.queries import templates as queries
from proxeny.assessments.views.frame import AssessmentsFrame, enter_assessments, show_page
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of, read_number, show_refusal
from proxeny.partnerships.views.frame import telling_refusal

Kind = TemplateItem.Kind


def _address(pk: int, question: str, kind: str = "") -> str:
    url = reverse("assessments:template", args=[pk, question])
    return f"{url}#{kind}" if kind else url


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the template of each market question, and the number of open lessons."""
    frame = enter_assessments(request, pk)
    own, waiting = queries.list_own(pk), queries.count_open(pk)
    rows = [
        {"question": one, "own": own.get(one.value), "waiting": waiting.get(one.value, 0)}
        for one in Question
    ]
    return show_page(request, frame, "templates", "template_list", {"rows": rows})


@require_GET
@for_people
def show(request: Request, pk: int, question: str) -> HttpResponse:
    """Show a template, and a lesson that is to go into it."""
    return _show(request, enter_assessments(request, pk), question)


def _show(
    request: Request,
    frame: AssessmentsFrame,
    question: str,
    *,
    form: AddItemForm | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = queries.read_sheet(frame.pk, question)
    number = read_number(request.GET.get("lesson"))
    may_change = frame.may_write and sheet.is_own
    context = {
        "question": Question(question),
        "sheet": sheet,
        "parts": [
            {
                "kind": kind,
                "items": sheet.items[kind],
                "form": _add_form(kind, form) if may_change else None,
            }
            for kind in Kind
        ],
        "may_change": may_change,
        "lesson": queries.get_lesson(frame.pk, number) if number else None,
        "waiting": queries.count_open(frame.pk).get(question, 0),
    }
    return show_page(request, frame, "templates", "template_sheet", context, status=status)


def _add_form(kind: str, posted: AddItemForm | None) -> AddItemForm:
    return posted if posted is not None and posted.kind == kind else AddItemForm(kind=kind)


@require_POST
@for_people
def begin(request: Request, pk: int, question: str) -> HttpResponse:
    """Make a template the partnership's own, to be changed."""
    enter_assessments(request, pk, to_write=True)
    with telling_refusal(request):
        operations.begin_template(
            actor=request.reader, partnership_id=pk, question=question, now=timezone.localtime()
        )
        messages.success(
            request, _("You now have your own copy. Change whatever you do differently.")
        )
    return redirect(_address(pk, question))


@require_POST
@for_people
def add(request: Request, pk: int, question: str, kind: str) -> HttpResponse:
    """Add a question, a step or a chapter at the end."""
    frame = enter_assessments(request, pk, to_write=True)
    if kind not in Kind.values:
        raise Http404
    form = AddItemForm(request.POST, kind=kind)
    if form.is_valid():
        facts = operations.ItemFacts(
            kind, form.cleaned_data["text"], form.cleaned_data.get("after_days")
        )
        try:
            operations.add_item(
                actor=request.reader,
                partnership_id=pk,
                question=question,
                item=facts,
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Added."))
            return redirect(_address(pk, question, kind))
    return _show(request, frame, question, form=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ItemForm)
def edit(request: Request, pk: int, question: str, item_id: int) -> HttpResponse:
    """Change a line; concurrent changes of the template are merged."""
    frame = enter_assessments(request, pk, to_write=True)

    def load() -> tuple[int, TemplateItem]:
        own = queries.get_own(pk, question)
        return own.version, queries.get_item(own, item_id)

    edit = edit_record(
        request,
        load=load,
        make=lambda found, data: ItemForm(data, item=found[1], version=found[0]),
        save=lambda form: operations.change_item(
            actor=request.reader,
            partnership_id=pk,
            question=question,
            item_id=item_id,
            version=form.number,
            text=form.cleaned_data["text"],
            after_days=form.cleaned_data.get("after_days"),
            now=timezone.localtime(),
        ),
    )
    kind = edit.record[1].kind
    if edit.is_saved:
        edit.say(_("Saved. The other side can see it too."))
        return redirect(_address(pk, question, kind))
    context = {
        "form": edit.form,
        "question": Question(question),
        "kind": Kind(kind),
        "cancel_url": _address(pk, question, kind),
    }
    return show_page(request, frame, "templates", "template_item", context, status=edit.status)


@require_POST
@for_people
def move(request: Request, pk: int, question: str, item_id: int) -> HttpResponse:
    """Let a line change places with the one before it or after it."""
    enter_assessments(request, pk, to_write=True)
    kind = ""
    with telling_refusal(request):
        moved = operations.move_item(
            actor=request.reader,
            partnership_id=pk,
            question=question,
            item_id=item_id,
            up=request.POST.get("to") == "up",
            now=timezone.localtime(),
        )
        kind = moved.kind
    return redirect(_address(pk, question, kind))


@require_POST
@for_people
def drop(request: Request, pk: int, question: str, item_id: int) -> HttpResponse:
    """Remove a line; the message offers to restore it."""
    enter_assessments(request, pk, to_write=True)
    kind = ""
    with telling_refusal(request):
        gone = operations.drop_item(
            actor=request.reader,
            partnership_id=pk,
            question=question,
            item_id=item_id,
            now=timezone.localtime(),
        )
        kind = gone.kind
        line: dict[str, str | int] = {"kind": gone.kind, "text": gone.text, "order": gone.order}
        if gone.after_days is not None:
            line["after_days"] = gone.after_days
        undo = f"{reverse('assessments:template-restore', args=[pk, question])}?{urlencode(line)}"
        messages.success(
            request, _("“%(text)s” removed.") % {"text": gone.text}, extra_tags=f"undo:{undo}"
        )
    return redirect(_address(pk, question, kind))


@require_POST
@for_people
def restore(request: Request, pk: int, question: str) -> HttpResponse:
    """Restore a line at its previous place."""
    enter_assessments(request, pk, to_write=True)
    form = RestoreItemForm(request.GET)
    if not form.is_valid():
        raise Http404
    found = form.cleaned_data
    with telling_refusal(request):
        operations.add_item(
            actor=request.reader,
            partnership_id=pk,
            question=question,
            item=operations.ItemFacts(found["kind"], found["text"], found["after_days"]),
            order=found["order"],
            now=timezone.localtime(),
        )
        messages.success(request, _("Restored."))
    return return_to(request, _address(pk, question, found["kind"]))


@require_http_methods(["GET", "POST"])
@for_people
def reset(request: Request, pk: int, question: str) -> HttpResponse:
    """Go back to Proxeny's template, after a confirmation that the own one is dropped."""
    frame = enter_assessments(request, pk, to_write=True)
    sheet = queries.read_sheet(pk, question)
    if request.method == "POST":
        with telling_refusal(request):
            operations.reset_template(
                actor=request.reader,
                partnership_id=pk,
                question=question,
                now=timezone.localtime(),
            )
            messages.success(request, _("Proxeny’s template is in use again."))
        return redirect(_address(pk, question))
    if not sheet.is_own:
        return redirect(_address(pk, question))
    context = {"question": Question(question), "sheet": sheet}
    return show_page(request, frame, "templates", "template_reset", context)


@require_GET
@for_people
def show_lessons(request: Request, pk: int, question: str) -> HttpResponse:
    """Show the lessons on a market question, the open ones first."""
    return _show_lessons(request, enter_assessments(request, pk), question)


def _show_lessons(
    request: Request,
    frame: AssessmentsFrame,
    question: str,
    *,
    form: LessonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    queries.read_sheet(frame.pk, question)  # whether there is such a question
    page = page_of(queries.find_lessons(frame.pk, question), request)
    context = {
        "question": Question(question),
        "open": [one for one in page if one.applied_at is None],
        "applied": [one for one in page if one.applied_at is not None],
        "form": (form or LessonForm()) if frame.may_write else None,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "templates", "template_lessons", context, status=status)


@require_POST
@for_people
def write_lesson(request: Request, pk: int, question: str) -> HttpResponse:
    """Keep what was learned."""
    frame = enter_assessments(request, pk, to_write=True)
    form = LessonForm(request.POST)
    if form.is_valid():
        try:
            operations.write_lesson(
                actor=request.reader,
                partnership_id=pk,
                question=question,
                text=form.cleaned_data["text"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Lesson saved. Add it to the template when you can."))
            return redirect("assessments:lessons", pk, question)
    return _show_lessons(request, frame, question, form=form, status=422)


@require_POST
@for_people
def apply_lesson(request: Request, pk: int, lesson_id: int) -> HttpResponse:
    """Lead to the template with the lesson beside it; the message offers to keep it open."""
    lesson = _mark(request, pk, lesson_id, operations.apply_lesson)
    undo = reverse("assessments:lesson-open", args=[pk, lesson_id])
    messages.success(
        request,
        _("Marked as added to the template. Now change the template below."),
        extra_tags=f"undo:{undo}",
    )
    return redirect(f"{_address(pk, lesson.question)}?lesson={lesson_id}")


@require_POST
@for_people
def open_lesson(request: Request, pk: int, lesson_id: int) -> HttpResponse:
    """Take a lesson up again."""
    lesson = _mark(request, pk, lesson_id, operations.open_lesson)
    messages.success(request, _("Lesson reopened."))
    return return_to(request, reverse("assessments:lessons", args=[pk, lesson.question]))


def _mark(request: Request, pk: int, lesson_id: int, operation: Callable[..., Any]) -> Any:
    enter_assessments(request, pk, to_write=True)
    return operation(
        actor=request.reader, partnership_id=pk, lesson_id=lesson_id, now=timezone.localtime()
    )
