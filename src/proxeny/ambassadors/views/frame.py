"""Frame of every page of a desk: the room, the desk, and links to its pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors import rules
from proxeny.ambassadors.queries.cases import people_at_desk
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.requests import Request
from proxeny.partnerships.models import Party
from proxeny.partnerships.rules import can_work_at_desk, party_at_desk
from proxeny.partnerships.views.frame import Frame, enter_frame

#: The desk's pages in their order: name, label, address.
PAGES: list[tuple[str, Promise, str]] = [
    ("board", gettext_lazy("Board"), "ambassadors:board"),
    ("list", gettext_lazy("List"), "ambassadors:list"),
    ("mandates", gettext_lazy("Mandates"), "ambassadors:mandates"),
    ("mission", gettext_lazy("Day of visits"), "ambassadors:missions"),
    ("hand-over", gettext_lazy("Handover"), "ambassadors:hand-over"),
    ("report", gettext_lazy("Report"), "ambassadors:report"),
]


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """Desk as a member of the cluster's team enters it; people working at it may write."""

    room: Frame
    mine: Party
    may_work: bool

    @property
    def pk(self) -> int:
        """The partnership's number."""
        return self.room.partnership.pk

    @property
    def cluster_id(self) -> int:
        """The cluster whose desk it is."""
        return self.mine.organisation_id

    def team(self) -> list[tuple[int, str]]:
        """Return the people at the desk, as choices. One query."""
        people = people_at_desk(self.cluster_id, today=timezone.localdate())
        return [(one.pk, tell_name(one.name)) for one in people]

    def context(self, page: str) -> dict[str, Any]:
        """Return what `ambassadors/room.html` needs."""
        return {
            **self.room.context("desk"),
            "desk_pages": [
                {"url": reverse(name, args=[self.pk]), "label": label, "active": code == page}
                for code, label, name in PAGES
            ],
            "may_work": self.may_work,
            "today": timezone.localdate(),
        }


def enter_desk_frame(request: Request, pk: int, *, to_write: bool = False) -> DeskFrame:
    """Return the desk of the reader's side.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_write`: is neither ambassador nor manager, or the
        partnership has ended.
    """
    room = enter_frame(request, pk)
    reader = request.reader
    mine = party_at_desk(reader, room.parties) or rules.party_of_team(reader, room.parties)
    if mine is None:
        raise NotAllowed(_("Only a cluster’s ambassadors and managers can use its desk."))
    frame = DeskFrame(room, mine, can_work_at_desk(reader, room.partnership, room.parties))
    if to_write and not frame.may_work:
        raise NotAllowed(_("Only a cluster’s ambassadors and managers can use its desk."))
    return frame


def show_page(
    request: Request,
    frame: DeskFrame,
    page: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of the desk."""
    context = {**frame.context(page), **context}
    return render(request, f"ambassadors/{template}.html", context, status=status)
