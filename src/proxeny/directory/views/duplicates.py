"""Entries that may be the same organisation: the queue, one pair, and merges."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import operations, queries
from proxeny.directory.duplicate_forms import GONE, KEPT, MergeForm
from proxeny.directory.merging import LISTS, SCALARS
from proxeny.directory.models import DuplicatePair, Organisation
from proxeny.directory.operations.duplicates import MOST_AT_ONCE, sides_of
from proxeny.directory.operations.facts import facts_of
from proxeny.directory.views._presenters import label_of, tell_evidence, tell_fact
from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering, page_links, page_of, read_number

_UNDONE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of two entries, side by side."""

    name: str
    label: str
    kept: str
    gone: str
    is_gone: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the kept entry's is chosen."""
        return not self.is_gone


@require_GET
@answering
def show_queue(request: Request) -> HttpResponse:
    """Show the pairs that wait for a decision, the most likely first, and recent merges."""
    clusters = _clusters(request)
    ids = [one.pk for one in clusters]
    page = page_of(queries.list_pairs(ids), request)
    for pair in page:
        pair.told = tell_evidence(pair.evidence)
        pair.is_sure = "identifier" in pair.evidence and "against" not in pair.evidence
    context = {
        "page": page,
        "sure": sum(pair.is_sure for pair in page),
        "clusters": clusters,
        "merges": queries.list_merges(ids).filter(undone_at=None)[:_UNDONE],
        "job": queries.get_search_job(ids),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "directory/duplicates.html", context)


@require_POST
@answering
def find(request: Request) -> HttpResponse:
    """Have the entries of the user's clusters searched for duplicates."""
    for cluster in _clusters(request):
        operations.request_search(actor=request.reader, cluster_id=cluster.pk, now=timezone.now())
    messages.info(
        request, _("Your entries are being checked for duplicates. Check back in a moment.")
    )
    return redirect("directory:duplicates")


@require_http_methods(["GET", "POST"])
@answering
def decide(request: Request, pk: int) -> HttpResponse:
    """Show two entries side by side; merge them, or say that they are two."""
    pair = queries.get_pair(pk)
    kept, gone = _sides(request, pair)
    mine, theirs = facts_of(kept), facts_of(gone)
    bound = request.POST if request.method == "POST" else None
    form = MergeForm(bound, kept=kept, gone=gone, mine=mine, theirs=theirs)
    if bound is not None and form.is_valid():
        try:
            _carry_out(request, pair, form, kept, gone)
        except (Conflict, InvalidInput) as error:
            form.add_error(None, str(error))
        else:
            return _go_on(request, pair)
    lines = _differing(form, mine, theirs)
    context = {
        "pair": pair,
        "kept": kept,
        "gone": gone,
        "form": form,
        "evidence": tell_evidence(pair.evidence),
        "differing": [one for one in lines if one.kept and one.gone],
        "lone": [one for one in lines if not (one.kept and one.gone)],
        "united": [one for one in _lines(LISTS, mine, theirs) if one.kept != one.gone],
        "same": [one for one in _lines(SCALARS, mine, theirs) if one.kept and one.kept == one.gone],
        "waiting": queries.count_open_pairs(request.reader.managed),
    }
    status = 409 if form.errors else 200
    return render(request, "directory/duplicate.html", context, status=status)


def _sides(request: Request, pair: DuplicatePair) -> tuple[Organisation, Organisation]:
    asked = request.POST.get("kept") or request.GET.get("keep") or ""
    if asked == str(pair.first_id):
        return pair.first, pair.second
    if asked == str(pair.second_id):
        return pair.second, pair.first
    return sides_of(pair)


def _carry_out(
    request: Request,
    pair: DuplicatePair,
    form: MergeForm,
    kept: Organisation,
    gone: Organisation,
) -> None:
    now, decision = timezone.now(), request.POST.get("decision")
    if decision == "same":
        operations.merge_organisations(
            actor=request.reader, kept_id=kept.pk, gone_id=gone.pk, chosen=form.chosen(), now=now
        )
        text = _("“%(gone)s” is now part of “%(kept)s”.")
        messages.success(request, text % {"gone": gone.name, "kept": kept.name})
    elif decision in ("different", "open"):
        operations.decide_pair(
            actor=request.reader, pair_id=pair.pk, are_different=decision == "different", now=now
        )


def _go_on(request: Request, pair: DuplicatePair) -> HttpResponse:
    following = queries.next_pair(request.reader.managed, after=pair)
    if following is None:
        return redirect("directory:duplicates")
    return redirect("directory:duplicate", following.pk)


def _differing(form: MergeForm, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Line]:
    return [
        Line(
            one.name,
            one.label,
            one.kept,
            one.gone,
            is_gone=(form[one.name].value() or KEPT) == GONE,
        )
        for one in _lines(tuple(form.fields), mine, theirs)
    ]


def _lines(
    names: tuple[str, ...], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[Line]:
    return [
        Line(name, label_of(name), tell_fact(name, mine), tell_fact(name, theirs)) for name in names
    ]


@require_POST
@answering
def merge_many(request: Request) -> HttpResponse:
    """Merge the chosen pairs that share a number, each with the facts that are suggested."""
    _clusters(request)
    ids = [pk for one in request.POST.getlist("pair") if (pk := read_number(one))]
    try:
        done, refused = operations.merge_pairs(
            actor=request.reader, pair_ids=ids[:MOST_AT_ONCE], now=timezone.now()
        )
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
        return redirect("directory:duplicates")
    if done:
        text = ngettext("%(count)s pair merged.", "%(count)s pairs merged.", len(done))
        messages.success(request, text % {"count": len(done)})
    for names, why in refused[:5]:
        messages.warning(request, f"{names}: {why}")
    if not ids:
        messages.info(request, _("Select the pairs to merge first."))
    return redirect("directory:duplicates")


@require_POST
@answering
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a merge back."""
    merge = queries.get_merge(pk)
    return perform(
        request,
        partial(operations.unmerge_organisations, merge_id=pk),
        done=_("“%(name)s” is a separate entry again.") % {"name": merge.gone.name},
        to=reverse("directory:duplicates"),
    )


def _clusters(request: Request) -> list[Organisation]:
    clusters = queries.list_clusters(request.reader.managed)
    if not clusters:
        raise PermissionDenied(_("Only a manager of the cluster can manage its entries."))
    return clusters
