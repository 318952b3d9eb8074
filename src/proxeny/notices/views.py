"""Pages of notifications: the list, and the settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    answering,
    for_people,
    page_links,
    page_of,
    read_number,
    secretly,
)
from proxeny.notices import operations, queries
from proxeny.notices.forms import HoursForm, NoticeFilter, WayForm, WaysForm
from proxeny.notices.grouping import Groups
from proxeny.notices.models import Way
from proxeny.notices.topics import TOPIC

#: Sent by a mail program when somebody unsubscribes (RFC 8058).
_ONE_CLICK = "List-Unsubscribe"
#: So many groups stand on a page.
GROUPS = 15
_HOURS = tuple(HoursForm.base_fields)


@require_GET
@for_people
def show_notices(request: Request) -> HttpResponse:
    """List the reader's notifications, newest first."""
    notices = queries.list_notices(
        request.reader,
        topic=request.GET.get("topic", ""),
        search=request.GET.get("q", "")[:100],
        only_unread=bool(request.GET.get("unread")),
        sort=request.GET.get("sort", ""),
    )
    if request.GET.get("export"):
        head = [_("When"), _("About"), _("What"), _("In short")]
        rows = (
            [one.created_at, str(TOPIC[one.topic].label), one.title, one.text] for one in notices
        )
        return answer_table("notices", form=request.GET["export"], header=head, rows=rows)
    is_oldest_first = request.GET.get("sort") == "when"
    groups = Groups(notices, is_oldest_first=is_oldest_first)
    page = page_of(groups, request, size=GROUPS)
    newest = queries.list_notices(request.reader).values_list("pk", flat=True)[:1]
    context = {
        "page": page,
        "count": notices.count(),
        "filter": NoticeFilter(request.GET),
        "is_filtered": any(request.GET.get(name) for name in ("q", "topic", "unread")),
        "unread": request.reader.unread,
        "newest": next(iter(newest), 0),
        "is_oldest_first": is_oldest_first,
        "today": timezone.localdate(),
        "sort_url": address_with(request, sort="" if is_oldest_first else "when", page=None),
        "export_url": address_with(request, export="xlsx", page=None),
        "csv_url": address_with(request, export="csv", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "notices/list.html", context)


@require_GET
@for_people
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Note that the reader has read a notice, and go where it leads."""
    notice = operations.read_notice(actor=request.reader, notice_id=pk, now=timezone.now())
    return redirect(notice.path or "notices:list")


@require_POST
@for_people
def unread(request: Request, pk: int) -> HttpResponse:
    """Have a notice count as unread again."""
    operations.unread_notice(actor=request.reader, notice_id=pk)
    return redirect("notices:list")


@require_POST
@for_people
def read_all(request: Request) -> HttpResponse:
    """Mark everything up to the last seen notification as read."""
    until = read_number(request.POST.get("until"))
    count = operations.read_all(actor=request.reader, until_id=until, now=timezone.now())
    if count:
        text = ngettext(
            "%(count)d notification marked as read.",
            "%(count)d notifications marked as read.",
            count,
        )
        messages.success(request, text % {"count": count})
    return redirect("notices:list")


@require_GET
@for_people
def show_choices(request: Request) -> HttpResponse:
    """Show how the reader hears of each topic, and when mails may come."""
    return _show_choices(request)


def _show_choices(
    request: Request, ways: WaysForm | None = None, hours: HoursForm | None = None
) -> HttpResponse:
    chosen = queries.ways_of(request.reader.own_id)
    kept = queries.get_hours(request.reader)
    context = {
        "ways": ways or WaysForm(initial=chosen),
        "hours": hours or HoursForm(initial={name: getattr(kept, name) for name in _HOURS}),
        "may_choose_less": Way.NOW in chosen.values(),
    }
    is_wrong = bool((ways and ways.errors) or (hours and hours.errors))
    return render(request, "notices/choices.html", context, status=422 if is_wrong else 200)


@require_POST
@for_people
def save_ways(request: Request) -> HttpResponse:
    """Keep how the reader wants to hear of each topic."""
    form = WaysForm(request.POST)
    if not form.is_valid():
        return _show_choices(request, ways=form)
    operations.choose_ways(actor=request.reader, ways=form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("notices:choices")


@require_POST
@for_people
def save_hours(request: Request) -> HttpResponse:
    """Keep when mails may reach the reader."""
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _show_choices(request, hours=form)
    operations.choose_hours(actor=request.reader, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("notices:choices")


@require_POST
@for_people
def choose_less(request: Request) -> HttpResponse:
    """Have everything that comes at once come once a day."""
    operations.choose_less(actor=request.reader)
    messages.success(request, _("From now on, you’ll get one email a day."))
    return redirect("notices:choices")


@require_http_methods(["GET", "POST"])
@login_not_required
@csrf_exempt
@secretly
@answering
def choose_fewer(request: Request, token: str) -> HttpResponse:
    """Let the recipient of a mail change its topic's delivery, without a sign-in.

    A mail program posts here without a form of ours (RFC 8058), hence no CSRF token: the address
    itself is the secret, and identifies the person and the topic.
    """
    person, topic = operations.read_token(token)
    with translation.override(person.language):
        if _ONE_CLICK in request.POST:
            operations.choose_way(token=token, way=Way.PAGE)
            return HttpResponse(status=204)
        form = WayForm(request.POST or None)
        context: dict[str, Any] = {"topic": TOPIC.get(topic), "form": form, "is_saved": False}
        if request.method == "POST" and form.is_valid():
            operations.choose_way(token=token, way=form.cleaned_data["way"])
            context["is_saved"] = True
        status = 422 if form.errors else 200
        return render(request, "notices/fewer.html", context, status=status)
