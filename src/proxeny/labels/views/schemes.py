"""Labels: the list of a room, the first page of each, and an example to begin with."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.answers import for_people
from proxeny.labels.composing import LETTERS, Parts, compose, key_of
from proxeny.labels.content import SchemeText
from proxeny.labels.gaps import Gap, find_missing, find_remarks
from proxeny.labels.models import Scheme
from proxeny.labels.operations import beginning
from proxeny.labels.queries.schemes import list_with_state, read_parts, versions_of
from proxeny.labels.shown import show_scheme
from proxeny.labels.telling import tell_percent, tell_quota
from proxeny.labels.views.frame import enter_scheme, show_scheme_tab, ways_of
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame, return_to, telling_refusal

#: The kinds of records that a scheme is made of.
PARTS = ("label-criterion", "label-indicator", "label-condition", "label-level", "label-quota")


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
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
def show(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
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
    """Return conditions, levels and quotas, each list with what it is called and how one adds."""
    least = {one.key: tell_percent(one.least) for one in text.levels}
    quotas = {one.key: tell_quota(one, text.told(one.title, text.language)) for one in text.quotas}
    told: list[tuple[str, str, str, str, Any]] = [
        ("label-condition", _("What applicants confirm"), _("New condition"),
         _("Applicants confirm nothing."), parts.conditions),
        ("label-level", _("Levels"), _("New level"),
         _("There are no levels: whoever passes gets the label."), parts.levels),
        ("label-quota", _("Quotas by origin"), _("New quota"),
         _("There are no quotas: the best get the places."), parts.quotas),
    ]  # fmt: skip
    return [
        {
            "kind": kind, "heading": heading, "new": new, "empty": empty, "next": _next(rows),
            "rows": [
                {"pk": one.pk, "title": one.title,
                 "note": least.get(key_of(one)) or quotas.get(key_of(one), "")}
                for one in rows
            ],
        }
        for kind, heading, new, empty, rows in told
    ]  # fmt: skip


def _next(rows: Any) -> int:
    return max((one.number for one in rows), default=0) + 1


def places(pk: int, scheme: Scheme, gaps: list[Gap]) -> list[dict[str, str]]:
    """Return what is missing, each with the address where it is put right."""
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
def begin(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
    """Begin a label with an example; the message offers to put it away."""
    enter_scheme(request, pk, scheme_id, to_write=True)
    with telling_refusal(request):
        made = beginning.begin_scheme(
            actor=request.reader, partnership_id=pk, scheme_id=scheme_id, now=timezone.localtime()
        )
        undo = reverse("labels:scheme-take-back", args=[pk, scheme_id])
        messages.success(
            request, _("An example to begin with: write over it what is right for your label."),
            extra_tags=f"undo:{undo}?{urlencode({'keys': beginning.keys_of(made)})}",
        )  # fmt: skip
    return return_to(request, reverse("labels:scheme", args=[pk, scheme_id]))


@require_POST
@for_people
def take_back(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
    """Put an example away that a label was just begun with; the address says which parts."""
    enter_scheme(request, pk, scheme_id, to_write=True)
    keys = read_keys(request.GET.get("keys", ""))
    with telling_refusal(request):
        count = beginning.take_back_example(
            actor=request.reader, partnership_id=pk, scheme_id=scheme_id, keys=keys,
            now=timezone.localtime(),
        )  # fmt: skip
        text = ngettext("%(count)d part is put away.", "%(count)d parts are put away.", count)
        messages.success(request, text % {"count": count})
    return return_to(request, reverse("labels:scheme", args=[pk, scheme_id]))


def read_keys(text: str) -> set[str]:
    """Return the keys of parts that stand in an address; what is none is left out."""
    letters = set(LETTERS.values())
    return {
        one for one in text[:2000].split(",")
        if one[:1] in letters and one[1:].isdecimal() and len(one) < 12
    }  # fmt: skip
