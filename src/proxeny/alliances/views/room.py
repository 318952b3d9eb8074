"""The page of a room: its members' goals, activities and results; and the draft."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.alliances import rules
from proxeny.alliances.composing import doing_of, goal_of, result_of
from proxeny.alliances.forms import PageForm
from proxeny.alliances.models import Page
from proxeny.alliances.offers import Offer, offers_of
from proxeny.alliances.operations import pages as operations
from proxeny.alliances.queries.pages import get_page, list_versions
from proxeny.alliances.queries.together import Together, read_together
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.views.frame import Frame, enter_frame


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the joint goals, activities and results of a room's members, and since when."""
    frame, today = enter_frame(request, pk), timezone.localdate()
    versions = list_versions(pk)
    page = get_page(pk)
    together = read_together(frame.partnership, frame.parties, versions, today=today)
    newest = next((one for one in versions if one.published_at), None)
    context = {
        **frame.context("alliance"),
        "page": page,
        "together": together,
        **_rows(page, together),
        "newest": newest,
        "is_public": newest is not None and newest.withdrawn_at is None,
    }
    return render(request, "alliances/page.html", context)


def _rows(page: Page, together: Together) -> dict[str, Any]:
    """Return goals, activities and results, each with whether everybody is to read of it."""
    shown = set(page.shown)
    goals = ((goal_of(one), rules.key_of(rules.GOAL, one.record.pk), "") for one in together.goals)
    activities = (
        (doing_of(one), rules.key_of(rules.ACTIVITY, one.pk), "") for one in together.activities
    )
    # In the room, sums are no secret.
    results = (
        (result_of(one, {rules.sum_of(one.key)}), one.key, one.room_url) for one in together.results
    )
    return {
        name: [{"one": one, "is_shown": key in shown, "url": url} for one, key, url in rows]
        for name, rows in (("goals", goals), ("activities", activities), ("results", results))
    }


@require_http_methods(["GET", "POST"])
@for_people
@keeping(PageForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Edit the draft of the public page, with other editors' changes merged."""
    frame = enter_frame(request, pk)
    if not frame.may_keep:
        raise NotAllowed(_("Nothing can be changed here: the partnership has ended."))
    offers = _offers(frame)
    edit = edit_record(
        request,
        load=lambda: get_page(pk),
        make=lambda page, data: PageForm(data, page=page, offers=offers),
        save=lambda form: operations.write_page(
            actor=request.reader,
            partnership_id=pk,
            version=form.number,
            values=form.to_values(),
            now=timezone.localtime(),
        ),
        authors=lambda page: authors_of(page, request.reader, exact=["write_page"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. No one else can see it until all sides have signed."))
        return redirect("alliances:publication", pk)
    return _show_form(request, frame, edit.record, edit.form, status=edit.status)


def _offers(frame: Frame) -> list[Offer]:
    versions = list_versions(frame.partnership.pk)
    together = read_together(frame.partnership, frame.parties, versions, today=timezone.localdate())
    return offers_of(together)


def _show_form(
    request: Request, frame: Frame, page: Page, form: PageForm, *, status: int
) -> HttpResponse:
    context: dict[str, Any] = {**frame.context("alliance"), "page": page, "form": form}
    return render(request, "alliances/edit.html", context, status=status)
