"""What assessments tell the room of a partnership: figures, dates, and what waits."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import is_late
from proxeny.assessments.queries.outcomes import count_along
from proxeny.assessments.queries.plan import SOON
from proxeny.assessments.queries.waiting import find_in_room
from proxeny.assessments.rules import OPEN
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting

State = Engagement.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many assessments are in hand, and what came of the reports. One query."""
    chain, told = count_along(
        Engagement.objects.filter(partnership=partnership),
        open=Q(state__in=OPEN), new=Q(state=State.ASKED), late=Q(state__in=OPEN) & is_late(today),
    )  # fmt: skip
    notes = []
    if told["new"]:
        notes.append(ngettext("%(count)d not begun", "%(count)d not begun", told["new"])
                     % {"count": told["new"]})  # fmt: skip
    if told["late"]:
        notes.append(
            ngettext("%(count)d late", "%(count)d late", told["late"]) % {"count": told["late"]}
        )
    value = ngettext("%(count)d open", "%(count)d open", told["open"]) % {"count": told["open"]}
    yield Tile(_("Assessments"), value if chain.asked else "", " · ".join(notes),
               reverse("assessments:list", args=[partnership.pk]))  # fmt: skip
    count, note = chain.reported, ""
    value = ngettext("%(count)d report", "%(count)d reports", count) % {"count": count}
    if chain.told_half:
        note = _("%(part)d of %(all)d used") % {"part": chain.used, "all": chain.told_half}
    yield Tile(_("What assessments led to"), value if count else "", note,
               reverse("assessments:outcomes", args=[partnership.pk]))  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield by when reports are due. One query."""
    found = Engagement.objects.filter(
        partnership=partnership, state=State.WORKING, due_on__lte=today + AHEAD
    )
    for one in found.order_by("due_on", "pk")[:DATES]:
        if one.due_on:
            yield Date(
                one.due_on, one.title,
                reverse("assessments:engagement", args=[partnership.pk, one.pk]),
                _("Report of an assessment"), is_late=one.due_on < today,
            )  # fmt: skip


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield what waits for the reader: to declare, to do, to take up, to answer. One query."""
    pk = partnership.pk
    found = find_in_room(reader, pk, until=today + SOON)
    if found.declarations:
        text = ngettext(
            "%(count)d assessment waits for you to say whether you have a conflict of interest.",
            "%(count)d assessments wait for you to say whether you have a conflict of interest.",
            len(found.declarations),
        )  # fmt: skip
        yield _waiting(text, found.declarations, _url(pk, found.declarations), _("Declare"))
    if found.steps:
        text = ngettext("%(count)d step of an assessment of yours is due.",
                        "%(count)d steps of assessments of yours are due.",
                        len(found.steps))  # fmt: skip
        yield _waiting(text, found.steps, _url(pk, found.steps), _("See them"))
    if found.asked:
        text = ngettext("%(count)d request for an assessment is not taken up yet.",
                        "%(count)d requests for assessments are not taken up yet.",
                        len(found.asked))  # fmt: skip
        url = reverse("assessments:list", args=[pk])
        yield _waiting(text, found.asked, f"{url}?state=asked", _("See them"))
    if found.remarks:
        text = ngettext("%(count)d remark on a report of yours is open.",
                        "%(count)d remarks on reports of yours are open.",
                        len(found.remarks))  # fmt: skip
        yield _waiting(text, found.remarks, _url(pk, found.remarks, "report"), _("See them"))


def _waiting(text: str, rows: Sequence[int], url: str, label: str) -> Waiting:
    return Waiting(text % {"count": len(rows)}, url, label)


def _url(pk: int, rows: Sequence[int], page: str = "engagement") -> str:
    """Return the page of the first engagement."""
    return reverse(f"assessments:{page}", args=[pk, rows[0]])
