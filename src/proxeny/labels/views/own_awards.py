"""Awards of the reader's organisations: tasks, check-ups, renewal, and a new name."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.award_life_presenters import CHECKUP_NAMES, STILL, tell_figure_of
from proxeny.labels.forms.awards import STATE_NAMES
from proxeny.labels.forms.life import CheckupForm, NewNameForm, RenewForm
from proxeny.labels.models import Checkup, Round
from proxeny.labels.operations.checkups import answer_checkup
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.renewing import ask_new_name, begin_renewal
from proxeny.labels.queries import life as queries
from proxeny.labels.rules import takes_applications

#: What a holder takes away: name of the address, what follows the code in it, and what it is.
FILES: tuple[tuple[str, tuple[str, ...], Promise], ...] = (
    ("labels:award-badge", ("png",), gettext_lazy("Badge as an image (PNG)")),
    ("labels:award-badge", ("svg",), gettext_lazy("Badge as a vector image (SVG)")),
    ("labels:award-code", (), gettext_lazy("QR code for printing")),
    ("labels:credential", (), gettext_lazy("Machine-readable proof (JSON)")),
)


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the awards of the reader's organisations, and the tasks for each."""
    now = timezone.localtime()
    found = queries.find_own_awards(request.reader)
    if request.GET.get("export"):
        rows = queries.gather_awards(queries.OWN_AWARDS.fit(found, request), now)
        if (file := queries.OWN_AWARDS.export(request, rows)) is not None:
            return file
    shown = queries.OWN_AWARDS.show(request, found)
    context = {
        "mine": shown,
        "rows": [_row(one, now) for one in queries.gather_awards(shown.rows, now)],
    }
    return render(request, "labels/life/own_list.html", context)


def _row(own: queries.OwnAward, now: datetime) -> dict[str, Any]:
    label, tone = STATE_NAMES[own.state]
    return {
        "own": own,
        "award": own.award,
        "state": label,
        "tone": tone,
        "level": own.scheme.told(level.title)
        if (level := own.scheme.level(own.award.level))
        else "",
        "can_renew": own.can_renew(now),
        "is_late": own.asked is not None and own.asked.due_on < now.date(),
    }


@require_GET
@for_people
def show(request: Request, award_id: int) -> HttpResponse:
    """Show an award as its holder reads it."""
    return _show(request, award_id)


def _show(
    request: Request, award_id: int, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.localtime()
    own = queries.get_own_award(request.reader, award_id, now)
    award, may_rename = own.award, own.state in ("valid", "to-come")
    held = queries.next_round(award.scheme_id, now) if own.can_renew(now) else None
    is_open = held is not None and takes_applications(held, now)
    context = {
        **_row(own, now),
        "url": award_url(award.code),
        "files": _files(award.code) if own.state != "revoked" else [],
        "checkups": [_checkup(one, now) for one in own.checkups],
        "round": held,
        "is_open": is_open,
        "moments": _moments(request, held),
        "renew_form": RenewForm() if is_open else None,
        "name_form": NewNameForm() if may_rename else None,
        "may_rename": may_rename,
        **(forms or {}),
    }
    return render(request, "labels/life/own.html", context, status=status)


def _files(code: str) -> list[tuple[str, Promise]]:
    return [(reverse(name, args=[code, *more]), label) for name, more, label in FILES]


def _checkup(one: Checkup, now: datetime) -> dict[str, Any]:
    label, tone = CHECKUP_NAMES[queries.checkup_state(one, now.date())]
    return {
        "one": one,
        "state": label,
        "tone": tone,
        "figure": tell_figure_of(one),
        "still": STILL[one.still_holds],
    }


def _moments(request: Request, held: Round | None) -> dict[str, str]:
    if held is None:
        return {}
    zone = request.reader.time_zone
    return {
        "opens": format_moment(held.opens_at, held.zone, zone),
        "closes": format_moment(held.closes_at, held.zone, zone),
    }


@require_POST
@for_people
def renew(request: Request, award_id: int) -> HttpResponse:
    """Begin the application that renews an award."""
    form = RenewForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(begin_renewal, award_id=award_id),
        done=_(
            "Your last answers are here. Check them, confirm the conditions and submit "
            "the application."
        ),
        to=lambda one: reverse("labels:application", args=[one.pk]),
    )
    return saved or _show(request, award_id, forms={"renew_form": form}, status=422)


@require_POST
@for_people
def ask_name(request: Request, award_id: int) -> HttpResponse:
    """Ask the clusters for an award in a new name."""
    form = NewNameForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(ask_new_name, award_id=award_id),
        done=_(
            "Your request has been sent to the clusters. Once all of them have signed, "
            "you’ll get the award in the new name."
        ),
        to=reverse("labels:own-award", args=[award_id]),
    )
    return saved or _show(request, award_id, forms={"name_form": form}, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def answer(request: Request, award_id: int, checkup_id: int) -> HttpResponse:
    """Show a check-up, and take its answer."""
    one, now = queries.get_own_checkup(request.reader, checkup_id), timezone.localtime()
    if one.award_id != award_id:
        return redirect("labels:own-checkup", one.award_id, checkup_id)
    form = CheckupForm(request.POST if request.method == "POST" else None, one)
    saved = submit_form(
        request,
        form,
        partial(answer_checkup, checkup_id=checkup_id),
        values=lambda: {"facts": form.to_facts(), "seen": form.cleaned_data["seen"] or None},
        done=_("Thank you. The clusters will read your answer. Until they do, you can change it."),
        to=reverse("labels:own-award", args=[award_id]),
    )
    if saved:
        return saved
    status = 422 if form.is_bound else 200
    is_open = one.reviewed_at is None and one.award.revoked_at is None
    context = {
        "line": _checkup(one, now),
        "one": one,
        "award": one.award,
        "form": form if is_open else None,
    }
    return render(request, "labels/life/own_checkup.html", context, status=status)
