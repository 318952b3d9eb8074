"""Writing, changing, archiving and restoring notes, findings and recommendations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments.forms.advising import AdviceForm
from proxeny.assessments.forms.findings import FindingForm
from proxeny.assessments.forms.notes import WorkNoteForm
from proxeny.assessments.operations.advising import ADVICE
from proxeny.assessments.operations.findings import FINDINGS
from proxeny.assessments.operations.notes import NOTES
from proxeny.assessments.operations.work import WorkKind
from proxeny.assessments.queries.findings import chapters_of
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.kernel import edit_conflicts
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import keeping
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages that write the records of a kind.

    Attributes
    ----------
    tab, anchor : str
        The tab of the engagement that lists them, and where on it.
    make : callable
        Returns the form, from the frame, what was posted, and the record that is changed; a new one
        takes the kind or chapter in the address.
    next_url : callable
        Returns where a new record leads.
    added, saved, new, change : str
        What is said after it was written or changed, and the headings of the form.
    next_step : str
        What is to be done after a new one.
    """

    kind: WorkKind[Any, Any]
    tab: str
    make: Callable[[Request, EngagementFrame, Any, Any], Any]
    next_url: Callable[[Sequence[int], Any], str]
    added: Promise
    saved: Promise
    new: Promise
    change: Promise
    next_step: Promise | str = ""
    anchor: str = ""

    def url(self, numbers: Sequence[int], record_id: int | None = None) -> str:
        """Return the address of an engagement's list, or of a record in it."""
        url = reverse(f"assessments:{self.tab}", args=numbers)
        return f"{url}#{self.kind.name}-{record_id}" if record_id else url + self.anchor

    def show(
        self, request: Request, frame: EngagementFrame, form: Any, status: int, record: Any = None
    ) -> HttpResponse:
        """Answer with the form."""
        cancel_url = self.url([frame.pk, frame.engagement.pk])
        context = {"work": self, "form": form, "record": record, "cancel_url": cancel_url}
        return show_tab(request, frame, self.tab, "work_record", context, status=status)

    def edit_record(
        self, request: Request, pk: int, engagement_id: int, record_id: int
    ) -> HttpResponse:
        """Show the form of a record, or save it, with concurrent changes merged."""
        frame = enter_engagement(request, pk, engagement_id, to_write=True)
        verbs = [f"change_{self.kind.name}", f"write_{self.kind.name}"]
        edit = edit_conflicts.edit_record(
            request,
            load=lambda: self.kind.get(frame.engagement, record_id),
            make=lambda record, data: self.make(request, frame, data, record),
            save=lambda form: self.kind.change(
                actor=request.reader,
                engagement_id=engagement_id,
                record_id=record_id,
                version=form.number,
                facts=form.facts(),
                now=timezone.localtime(),
            ),
            authors=lambda record: authors_of(record, request.reader, whole=verbs),
        )
        if edit.is_saved:
            edit.say(str(self.saved))
            return redirect(self.url([pk, engagement_id], record_id))
        return self.show(request, frame, edit.form, edit.status, edit.record)


PAGES = {
    "note": Pages(
        NOTES,
        "work",
        lambda request, _frame, data, note: WorkNoteForm(
            data,
            kind=request.POST.get("kind") or request.GET.get("kind", ""),
            note=note,
        ),
        lambda numbers, note: (
            f"{reverse('assessments:work', args=numbers)}?add={note.kind}#note-{note.pk}"
        ),
        added=gettext_lazy("Note added."),
        saved=gettext_lazy("Note saved."),
        new=gettext_lazy("New note"),
        change=gettext_lazy("Change the note"),
    ),
    "finding": Pages(
        FINDINGS,
        "findings",
        lambda request, frame, data, finding: FindingForm(
            data,
            chapters=chapters_of(frame.engagement),
            finding=finding,
            chapter=request.GET.get("chapter", "")[:300],
        ),
        lambda numbers, finding: reverse(
            "assessments:finding-sources", args=[*numbers, finding.pk]
        ),
        added=gettext_lazy("Saved. Now add what it’s based on."),
        saved=gettext_lazy("Finding saved."),
        new=gettext_lazy("New finding"),
        change=gettext_lazy("Change the finding"),
        next_step=gettext_lazy(
            "Next, add what it’s based on. Without a source, it can’t go into a report."
        ),
    ),
    "advice": Pages(
        ADVICE,
        "findings",
        lambda _request, frame, data, advice: AdviceForm(
            data, engagement=frame.engagement, parties=frame.parties, advice=advice
        ),
        lambda numbers, advice: reverse("assessments:advice-evidence", args=[*numbers, advice.pk]),
        added=gettext_lazy("Saved. Now add what it’s based on."),
        saved=gettext_lazy("Recommendation saved."),
        new=gettext_lazy("New recommendation"),
        change=gettext_lazy("Change the recommendation"),
        next_step=gettext_lazy(
            "Next, add what it’s based on. It’s proposed when the report is sent, or earlier if "
            "you propose it yourself."
        ),
        anchor="#advice",
    ),
}


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int, engagement_id: int, kind: str) -> HttpResponse:
    """Write a note, a finding or a recommendation."""
    pages = PAGES[kind]
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = pages.make(request, frame, request.POST or None, None)
    answer = submit_form(
        request,
        form,
        partial(pages.kind.write, engagement_id=engagement_id),
        values=lambda: {"facts": form.facts()},
        done=str(pages.added),
        to=lambda made: pages.next_url([pk, engagement_id], made),
    )
    return answer or pages.show(request, frame, form, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(WorkNoteForm)
def edit_note(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Change a note."""
    return PAGES["note"].edit_record(request, pk, engagement_id, record_id)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(FindingForm)
def edit_finding(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Change a finding."""
    return PAGES["finding"].edit_record(request, pk, engagement_id, record_id)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(AdviceForm)
def edit_advice(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Change a recommendation until it is decided."""
    return PAGES["advice"].edit_record(request, pk, engagement_id, record_id)


@require_POST
@for_people
def drop(request: Request, pk: int, engagement_id: int, record_id: int, kind: str) -> HttpResponse:
    """Archive a record; the message offers to restore it."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    pages, numbers = PAGES[kind], (pk, engagement_id)
    return perform(
        request,
        partial(pages.kind.drop, engagement_id=engagement_id, record_id=record_id),
        done=lambda one: _("“%(name)s” archived.") % {"name": one.title},
        to=pages.url(numbers),
        undo=reverse(f"assessments:{kind}-restore", args=[*numbers, record_id]),
    )


@require_POST
@for_people
def restore(
    request: Request, pk: int, engagement_id: int, record_id: int, kind: str
) -> HttpResponse:
    """Restore an archived record."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    pages = PAGES[kind]
    return perform(
        request,
        partial(pages.kind.restore, engagement_id=engagement_id, record_id=record_id),
        done=lambda one: _("“%(name)s” restored.") % {"name": one.title},
        to=pages.url((pk, engagement_id), record_id),
    )
