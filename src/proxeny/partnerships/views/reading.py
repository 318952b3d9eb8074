"""The list, the room, and its history."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from proxeny.kernel.edit_conflicts.text_diff import compare_words
from proxeny.kernel.lists import join_items
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of
from proxeny.kernel.waiting import list_waiting
from proxeny.partnerships import history, queries, room, rules
from proxeny.partnerships.forms import HistoryFilter, PartnershipFilter, SignForm
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.overview import look_over
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.sides import others_of
from proxeny.partnerships.views.frame import enter_frame, frame_of, stage_steps
from proxeny.partnerships.views.gate import gate_context
from proxeny.partnerships.views.hub import hub_context

#: Distance of the two halves of the mark in each state.
MARKS = {
    "draft": "apart",
    "proposed": "near",
    "active": "joined",
    "ended": "ended",
    "declined": "apart",
}
HISTORY_SHORT = 5
#: Nothing is weighed any more.
_OVER = {Partnership.State.ENDED, Partnership.State.DECLINED}


@require_GET
@for_people
def list_partnerships(request: Request) -> HttpResponse:
    """Show the partnerships the reader takes part in."""
    found = queries.visible_partnerships(
        state=request.GET.get("state", ""),
        search=request.GET.get("q", "")[:100],
        sort=request.GET.get("sort", "-created"),
    )
    if request.GET.get("export"):
        return _export(request, found)
    page = page_of(found, request)
    for partnership in page:
        _dress(partnership)
    context = {
        "page": page,
        "filter": PartnershipFilter(request.GET),
        "is_filtered": bool(request.GET.get("q") or request.GET.get("state")),
        "may_propose": bool(queries.list_own_clusters(request.reader)),
        "sorts": _sort_links(request),
        "export_url": address_with(request, export="csv", page=None),
        "export_xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "partnerships/list.html", context)


def _dress(partnership: Any) -> None:
    """Give a partnership what the sides component draws."""
    parties = queries.parties_of(partnership)
    partnership.a, partnership.b = [*parties, None, None][:2]
    partnership.more = max(len(parties) - 2, 0) or ""
    partnership.mark = MARKS[partnership.state]


def _sort_links(request: Request) -> dict[str, dict[str, str]]:
    now = request.GET.get("sort", "-created")
    links = {}
    for key in queries.SORTS:
        other = f"-{key}" if now == key else key
        direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
        links[key] = {"url": address_with(request, sort=other, page=None), "direction": direction}
    return links


def _export(request: Request, found: QuerySet[Partnership]) -> HttpResponse:
    header, rows = room.table_of(found)
    return answer_table("partnerships", form=request.GET["export"], header=header, rows=rows)


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """The room: two sides, the text with its signatures, what is shared, what happened."""
    partnership = queries.get_partnership(pk)
    _dress(partnership)
    reader, parties = request.reader, queries.parties_of(partnership)
    is_room = partnership.pk in reader.rooms
    # A room shows its papers on a tab of their own, except a text that is still to be signed.
    list_texts = queries.list_unsigned if is_room else queries.list_texts
    texts = list_texts(partnership)
    entries = list(history.find_entries(partnership)[: HISTORY_SHORT + 1])
    context = {
        **_front(request, partnership),
        "partnership": partnership,
        "parties": parties,
        "mine_any": rules.party_joined(reader, parties),
        "history": history.tell_entries(partnership, entries[:HISTORY_SHORT]),
        "has_more_history": len(entries) > HISTORY_SHORT,
        "steps": _steps(partnership, texts),
    }
    if not is_room or texts:
        context |= _papers(reader, partnership, texts)
    return render(request, "partnerships/detail.html", context)


@require_GET
@for_people
def show_papers(request: Request, pk: int) -> HttpResponse:
    """Show what the sides of a room have signed and share, and the pages about it."""
    frame = enter_frame(request, pk)
    partnership = frame.partnership
    context = {
        **hub_context(frame, "papers", today=timezone.localdate()),
        **_papers(request.reader, partnership, queries.list_texts(partnership)),
    }
    return render(request, "partnerships/room/papers.html", context)


def _papers(reader: Reader, partnership: Partnership, texts: list[SignedText]) -> dict[str, object]:
    """Return the agreement with its signatures, what is shared, and what the reader may do."""
    parties = queries.parties_of(partnership)
    mine = rules.party_managed(reader, parties)
    newest = texts[0] if texts else None
    in_force = next((text for text in texts if text.is_complete), None)
    may_read = rules.can_read_ledger(reader, partnership)
    sharing = _sharing(partnership, parties) if may_read else []
    return {
        "partnership": partnership,
        "mine": mine,
        "may_weigh": mine is not None and partnership.state not in _OVER,
        "newest": newest,
        "sign_form": _sign_form(newest),
        "in_force": in_force,
        "amended": _amended(texts, in_force),
        "sharing": sharing,
        **{f"may_{deed}": may for deed, may in room.offers_of(reader, partnership, texts).items()},
    }


def _front(request: Request, partnership: Partnership) -> dict[str, object]:
    """Return the front page for the team of a side: the other pages, and the current state.

    An invited party sees the text that waits for its signature: no other page leads there.
    """
    if partnership.pk not in request.reader.rooms:
        return _invitation(request, partnership)
    frame = frame_of(request.reader, partnership)
    overview = look_over(request.reader, partnership, now=timezone.now())
    return {
        **frame.context("detail"),
        "overview": overview,
        **gate_context(frame, overview),
        "stage_steps": stage_steps(partnership, frame.parties),
        "starts_sharing": _starts_sharing(request.reader, partnership, frame.parties),
    }


def _starts_sharing(reader: Reader, partnership: Partnership, parties: Sequence[Party]) -> bool:
    """Whether the reader may share members and its side shares none: a new room's first step."""
    mine = rules.party_managed(reader, parties)
    if mine is None or not rules.can_share(reader, partnership, parties):
        return False
    shared = queries.find_grants(
        partnership,
        today=timezone.localdate(),
        is_live=True,
        organisation_id=mine.organisation_id,
    )
    return not shared.exists()


def _invitation(request: Request, partnership: Partnership) -> dict[str, object]:
    invited = any(
        one.state == Party.State.INVITED and one.organisation_id in request.reader.managed
        for one in queries.parties_of(partnership)
    )
    if not invited:
        return {}
    return {"waiting": list_waiting(request.reader, timezone.now(), room=partnership.pk)}


def _amended(texts: list[SignedText], in_force: SignedText | None) -> dict[str, object] | None:
    """Return the changes of the newest text from the one in force, else from the one before it."""
    before = in_force or next(iter(texts[1:]), None)
    if before is None or before is texts[0]:
        return None
    old, new = before.agreement, texts[0].agreement
    old_pieces, new_pieces = compare_words(old.text, new.text)
    return {"old": old, "new": new, "old_pieces": old_pieces, "new_pieces": new_pieces}


def _sign_form(newest: SignedText | None) -> SignForm:
    if newest is None:
        return SignForm()
    agreement = newest.agreement
    return SignForm(initial={"number": agreement.number, "text_hash": agreement.text_hash})


def _sharing(partnership: Partnership, parties: list[Party]) -> list[dict[str, object]]:
    today = timezone.localdate()
    grants = [
        one
        for one in queries.list_grants(partnership)
        if rules.is_shared(one, partnership, today=today)
    ]
    counts = queries.count_shown_members(party.organisation_id for party in parties)
    return [
        {
            "party": party,
            "list": _first(grants, party, SharingGrant.Kind.LIST),
            "members": _count(grants, party, SharingGrant.Kind.MEMBER),
            "files": _count(grants, party, SharingGrant.Kind.FILE),
            "count": counts.get(party.organisation_id, 0),
        }
        for party in parties
    ]


def _count(grants: list[SharingGrant], party: Party, kind: str) -> int:
    return sum(one.organisation_id == party.organisation_id and one.kind == kind for one in grants)


def _first(grants: list[SharingGrant], party: Party, kind: str) -> SharingGrant | None:
    of_kind = (one for one in grants if one.kind == kind)
    return next((one for one in of_kind if one.organisation_id == party.organisation_id), None)


def _steps(partnership: Partnership, texts: list[SignedText]) -> list[dict[str, object]]:
    """Return the steps from draft to active, with the current one."""
    states = Partnership.State
    if partnership.state in {states.ENDED, states.DECLINED}:
        return []
    steps: dict[str, int] = {states.DRAFT: 0, states.PROPOSED: 1, states.ACTIVE: 3}
    reached = steps[partnership.state]
    waits = ""
    if texts and partnership.state == states.PROPOSED:
        missing = [one.party for one in texts[0].signatures if one.sign_off is None]
        waits = join_items(party.organisation.name for party in missing)
        waits = _("Waiting for %(names)s") % {"names": waits} if waits else ""
    labels = (_("Draft"), ngettext("Both sign", "All sign", others_of(partnership)), _("Active"))
    return [
        {
            "label": label,
            "state": "done" if number < reached else "current" if number == reached else "todo",
            "note": waits if number == 1 else "",
        }
        for number, label in enumerate(labels)
    ]


@require_GET
@for_people
def show_history(request: Request, pk: int) -> HttpResponse:
    """Everything that happened, by side and by kind."""
    partnership = queries.get_partnership(pk)
    parties = queries.parties_of(partnership)
    organisations = {party.side: party.organisation_id for party in parties}
    entries = history.find_entries(
        partnership,
        organisation_id=organisations.get(request.GET.get("side", "")),
        verb=request.GET.get("what", ""),
    )
    entries = history.HISTORY.fit(entries, request)
    if request.GET.get("export") and (
        file := history.HISTORY.export(request, history.tell_entries(partnership, list(entries)))
    ):
        return file
    page = page_of(entries, request)
    context = {
        "partnership": partnership,
        "page": page,
        "items": history.tell_entries(partnership, list(page)),
        "is_filtered": bool(request.GET.get("side") or request.GET.get("what")),
        "count": page.paginator.count,
        **history.HISTORY.tools(request),
        "filter": HistoryFilter(
            request.GET,
            sides=[(party.side, party.organisation.name) for party in parties],
            verbs=history.list_verbs(),
        ),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "partnerships/history.html", context)
