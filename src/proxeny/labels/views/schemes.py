"""Labels: the list of a room, the first page of each, and an example to begin with."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.composing import LETTERS, Parts, compose, key_of
from proxeny.labels.content import SchemeText
from proxeny.labels.gaps import Gap, find_missing, find_remarks
from proxeny.labels.models import Scheme
from proxeny.labels.operations import beginning
from proxeny.labels.presenters import tell_percent, tell_quota
from proxeny.labels.queries.schemes import list_with_state, read_parts, versions_of
from proxeny.labels.scheme_presenters import show_scheme
from proxeny.labels.views.frame import enter_scheme, show_scheme_tab, ways_of
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame

#: The kinds of records that a scheme is made of.
PARTS = ("label-criterion", "label-indicator", "label-condition", "label-level", "label-quota")


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the labels of a room."""
    frame = enter_frame(request, pk)
    context = {
        **frame.context("labels"),
        "rows": [(row, ways_of(frame, row.scheme)) for row in list_with_state(pk)],
        "put_away": list_put_away(("scheme",), pk),
    }
    return render(request, "labels/list.html", context)


@require_GET
@for_people
def show(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show one label: what it asks for, as it is written now."""
    frame = enter_scheme(request, pk, scheme_id)
    scheme, parts = frame.scheme, read_parts(frame.scheme)
    text = compose(parts, frame.room.parties)
    versions = list(versions_of(scheme).defer("content"))
    context = {
        # Written in its own language here; the texts in others have a page of their own.
        "shown": show_scheme(text, scheme.language),
        "next_criterion": _next(parts.criteria),
        "lists": _lists(parts, text),
        "is_blank": not (parts.criteria or parts.conditions or parts.levels or parts.quotas),
        "missing": places(pk, scheme, find_missing(parts)),
        "remarks": places(pk, scheme, find_remarks(parts, sides=len(text.issuers))),
        "published": next((one for one in versions if one.published_at), None),
        "put_away": list_put_away(PARTS, pk, {"scheme": scheme}),
        # What was put away comes back as long as the label is written.
        "may_keep": frame.may_write,
    }
    return show_scheme_tab(request, frame, "scheme", "scheme", context)


def _lists(parts: Parts, text: SchemeText) -> list[dict[str, Any]]:
    """Return conditions, levels and quotas, each list with its name and the form to add to it."""
    least = {one.key: tell_percent(one.least) for one in text.levels}
    quotas = {one.key: tell_quota(one, text.told(one.title, text.language)) for one in text.quotas}
    told: list[tuple[str, str, str, str, Any]] = [
        (
            "label-condition",
            _("What applicants confirm"),
            _("New condition"),
            _("Applicants don’t have to confirm anything."),
            parts.conditions,
        ),
        (
            "label-level",
            _("Levels"),
            _("New level"),
            _("There are no levels: every project that passes gets the label."),
            parts.levels,
        ),
        (
            "label-quota",
            _("Quotas by country of origin"),
            _("New quota"),
            _("There are no quotas: the best projects get the places."),
            parts.quotas,
        ),
    ]
    return [
        {
            "kind": kind,
            "heading": heading,
            "new": new,
            "empty": empty,
            "next": _next(rows),
            "rows": [
                {
                    "pk": one.pk,
                    "title": one.title,
                    "note": least.get(key_of(one)) or quotas.get(key_of(one), ""),
                }
                for one in rows
            ],
        }
        for kind, heading, new, empty, rows in told
    ]


def _next(rows: Any) -> int:
    return max((one.number for one in rows), default=0) + 1


def places(pk: int, scheme: Scheme, gaps: list[Gap]) -> list[dict[str, str]]:
    """Return the gaps, each with the address at which to close it."""
    return [{"text": one.text, "url": _place(pk, scheme, one)} for one in gaps]


def _place(pk: int, scheme: Scheme, gap: Gap) -> str:
    if gap.kind == "texts":
        url = reverse("labels:texts", args=[pk, scheme.pk])
        return f"{url}?{urlencode({'language': gap.at, 'open': 1})}"
    if gap.of is not None:
        return f"{reverse('labels:scheme', args=[pk, scheme.pk])}#{gap.kind}-{gap.of.pk}"
    if gap.kind != "scheme":
        url = reverse("partnerships:record-add", args=[pk, gap.kind])
        return f"{url}?{urlencode({'scheme': scheme.pk, 'number': 1})}"
    url = reverse("partnerships:record", args=[pk, "scheme", scheme.pk])
    return f"{url}#id_{gap.at}"


@require_POST
@for_people
def begin(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Begin a label with an example; the message offers to archive it."""
    enter_scheme(request, pk, scheme_id, to_write=True)
    return perform(
        request,
        partial(beginning.begin_scheme, partnership_id=pk, scheme_id=scheme_id),
        done=_("An example to start with: replace it with what suits your label."),
        to=reverse("labels:scheme", args=[pk, scheme_id]),
        undo=lambda made: (
            f"{reverse('labels:scheme-take-back', args=[pk, scheme_id])}"
            f"?{urlencode({'keys': beginning.keys_of(made)})}"
        ),
    )


@require_POST
@for_people
def take_back(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Put an example away that a label was just begun with; the address says which parts."""
    enter_scheme(request, pk, scheme_id, to_write=True)
    keys = read_keys(request.GET.get("keys", ""))
    return perform(
        request,
        partial(beginning.take_back_example, partnership_id=pk, scheme_id=scheme_id, keys=keys),
        done=lambda count: (
            ngettext("%(count)d part archived.", "%(count)d parts archived.", count)
            % {"count": count}
        ),
        to=reverse("labels:scheme", args=[pk, scheme_id]),
    )


def read_keys(text: str) -> set[str]:
    """Return the keys of parts in an address; anything else is ignored."""
    letters = set(LETTERS.values())
    return {
        one
        for one in text[:2000].split(",")
        if one[:1] in letters and one[1:].isdecimal() and len(one) < 12
    }
