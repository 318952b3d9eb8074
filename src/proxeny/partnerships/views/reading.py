"""The list, the room, and its history."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.kernel.answers import address_with, for_people, page_links, page_of
from proxeny.kernel.lists import join_items
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.versions.words import compare_words
from proxeny.partnerships import history, queries, room, rules
from proxeny.partnerships.forms import HistoryFilter, PartnershipFilter, SignForm
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.overview import look_over, waiting_for
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.views.frame import frame_of, index_of, stage_steps

#: How far the two halves of the mark have come together in each state.
MARKS = {
    "draft": "apart",
    "proposed": "near",
    "active": "joined",
    "ended": "ended",
    "declined": "apart",
}
HISTORY_SHORT = 8
#: Nothing is weighed any more.
_OVER = {Partnership.State.ENDED, Partnership.State.DECLINED}


@require_GET
@for_people
def list_partnerships(request: HttpRequest) -> HttpResponse:
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


def _dress(partnership: Partnership) -> None:
    """Give a partnership what the sides component draws."""
    parties = queries.parties_of(partnership)
    partnership.a, partnership.b = [*parties, None, None][:2]
    partnership.more = max(len(parties) - 2, 0) or ""
    partnership.mark = MARKS[partnership.state]


def _sort_links(request: HttpRequest) -> dict[str, dict[str, str]]:
    now = request.GET.get("sort", "-created")
    links = {}
    for key in queries.SORTS:
        other = f"-{key}" if now == key else key
        direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
        links[key] = {"url": address_with(request, sort=other, page=None), "direction": direction}
    return links


def _export(request: HttpRequest, found: QuerySet) -> HttpResponse:
    header, rows = room.table_of(found)
    return answer_table("partnerships", form=request.GET["export"], header=header, rows=rows)


@require_GET
@for_people
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The room: two sides, the text with its signatures, what is shared, what happened."""
    partnership = queries.get_partnership(pk)
    _dress(partnership)
    reader, parties = request.reader, queries.parties_of(partnership)
    mine = rules.party_managed(reader, parties)
    texts = queries.list_texts(partnership)
    newest = texts[0] if texts else None
    in_force = next((text for text in texts if text.is_complete), None)
    entries = list(history.find_entries(partnership)[: HISTORY_SHORT + 1])
    context = {
        **_front(request, partnership),
        "partnership": partnership,
        "parties": parties,
        "mine": mine,
        "may_weigh": mine is not None and partnership.state not in _OVER,
        "mine_any": rules.party_joined(reader, parties),
        "newest": newest,
        "sign_form": _sign_form(newest),
        "in_force": in_force,
        "amended": _amended(texts, in_force),
        "sharing": (
            _sharing(partnership, parties) if rules.can_read_ledger(reader, partnership) else []
        ),
        "history": history.tell_entries(partnership, entries[:HISTORY_SHORT]),
        "has_more_history": len(entries) > HISTORY_SHORT,
        "steps": _steps(partnership, texts),
        **{f"may_{deed}": may for deed, may in room.offers_of(reader, partnership, texts).items()},
    }
    return render(request, "partnerships/detail.html", context)


def _front(request: HttpRequest, partnership: Partnership) -> dict[str, object]:
    """Return what the team of a side sees first: the other pages, and how things stand.

    Who is only invited sees what waits for its signature: no other page leads there.
    """
    if partnership.pk not in request.reader.rooms:
        return _invitation(request, partnership)
    frame = frame_of(request.reader, partnership)
    overview = look_over(request.reader, partnership, today=timezone.localdate())
    return {
        **frame.context("detail"),
        "overview": overview,
        "stage_steps": stage_steps(partnership),
        "index": index_of(partnership.pk),
    }


def _invitation(request: HttpRequest, partnership: Partnership) -> dict[str, object]:
    invited = any(
        one.state == Party.State.INVITED and one.organisation_id in request.reader.managed
        for one in queries.parties_of(partnership)
    )
    if not invited:
        return {}
    today = timezone.localdate()
    return {"waiting": tuple(waiting_for(request.reader, partnership, today=today))}


def _amended(texts: list[SignedText], in_force: SignedText | None) -> dict[str, object] | None:
    """What the newest text changes: of the one in force, else of the one before it."""
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
        one for one in queries.list_grants(partnership)
        if rules.is_shared(one, partnership, today=today)
    ]  # fmt: skip
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
    """The way from draft to active, with where it stands."""
    states = Partnership.State
    if partnership.state in {states.ENDED, states.DECLINED}:
        return []
    reached = {states.DRAFT: 0, states.PROPOSED: 1, states.ACTIVE: 3}[partnership.state]
    waits = ""
    if texts and partnership.state == states.PROPOSED:
        missing = [one.party for one in texts[0].signatures if one.sign_off is None]
        waits = join_items(party.organisation.name for party in missing)
        waits = _("Waits for %(names)s") % {"names": waits} if waits else ""
    labels = (_("Draft"), _("Both sign"), _("Active"))
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
def show_history(request: HttpRequest, pk: int) -> HttpResponse:
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
