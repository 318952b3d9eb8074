"""The frame around the pages of assessments: the room, its section, and one engagement."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.advisers import Standing, standing_of
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.directory.countries import country_name
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.views.frame import Frame, enter_frame

#: The pages of a room's assessments: name, label, address.
PAGES: list[tuple[str, Promise, str]] = [
    ("list", gettext_lazy("Requests and work"), "assessments:list"),
    ("workload", gettext_lazy("Workload"), "assessments:workload"),
    ("catalogue", gettext_lazy("Services"), "assessments:catalogue"),
    ("figures", gettext_lazy("Figures"), "assessments:figures"),
    ("templates", gettext_lazy("Templates"), "assessments:templates"),
    ("outcomes", gettext_lazy("Outcomes"), "assessments:outcomes"),
]
#: The pages of one engagement.
TABS: list[tuple[str, Promise, str]] = [
    ("overview", gettext_lazy("Overview"), "assessments:engagement"),
    ("work", gettext_lazy("Notes"), "assessments:work"),
    ("findings", gettext_lazy("Findings"), "assessments:findings"),
    ("report", gettext_lazy("Report"), "assessments:report"),
]


def _links(
    pages: list[tuple[str, Promise, str]], numbers: list[int], active: str
) -> list[dict[str, Any]]:
    return [
        {"url": reverse(name, args=numbers), "label": label, "active": code == active}
        for code, label, name in pages
    ]


@dataclass(frozen=True, slots=True)
class AssessmentsFrame:
    """The assessments of a room, as the team of one of its sides enters them."""

    room: Frame
    mine: Party | None

    @property
    def pk(self) -> int:
        """The partnership's number."""
        return self.room.partnership.pk

    @property
    def partnership(self) -> Partnership:
        """The partnership."""
        return self.room.partnership

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties that take part."""
        return tuple(one for one in self.room.parties if one.state == Party.State.JOINED)

    @property
    def may_write(self) -> bool:
        """Whether the reader works in a team of it, and the partnership is active."""
        return self.room.may_keep and self.mine is not None

    def context(self, page: str) -> dict[str, Any]:
        """Return the context of `assessments/room.html` and `assessments/_subnav.html`."""
        return {
            **self.room.context("assessments"),
            "assessment_pages": _links(PAGES, [self.pk], page),
            "may_write": self.may_write,
            "today": timezone.localdate(),
        }


@dataclass(frozen=True, slots=True)
class EngagementFrame:
    """One engagement as the teams enter it."""

    base: AssessmentsFrame
    engagement: Engagement
    standing: Standing

    @property
    def pk(self) -> int:
        """The partnership's number."""
        return self.base.pk

    @property
    def mine(self) -> Party | None:
        """The party in whose team the reader works."""
        return self.base.mine

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties that take part."""
        return self.base.parties

    @property
    def may_write(self) -> bool:
        """Whether the reader is of a team, and the partnership is active."""
        return self.base.may_write

    @property
    def may_work(self) -> bool:
        """Whether the reader works on it: named as adviser, and declared to be free."""
        return self.may_write and self.standing.is_free

    def context(self, tab: str) -> dict[str, Any]:
        """Return the context of `assessments/engagement_base.html`."""
        return {
            **self.base.context("list"),
            "engagement": self.engagement,
            "engagement_tabs": _links(TABS, [self.pk, self.engagement.pk], tab),
            "market": country_name(self.engagement.market),
            "standing": self.standing,
            "may_work": self.may_work,
        }


def enter_assessments(request: Request, pk: int, *, to_write: bool = False) -> AssessmentsFrame:
    """Return the assessments of a room.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_write`: the partnership has ended.
    """
    room = enter_frame(request, pk)
    frame = AssessmentsFrame(room, rules.party_of_team(request.reader, room.parties))
    if to_write:
        _expect_writing(frame)
    return frame


def enter_engagement(
    request: Request, pk: int, engagement_id: int, *, to_write: bool = False
) -> EngagementFrame:
    """Return an engagement of a room; errors as of `enter_assessments`.

    Readers with a declared conflict of interest get `NotFound`.
    """
    base = enter_assessments(request, pk)
    engagement = get_engagement(engagement_id, pk)
    frame = EngagementFrame(base, engagement, standing_of(request.reader, engagement))
    if to_write:
        _expect_writing(base)
    return frame


def _expect_writing(frame: AssessmentsFrame) -> None:
    if not frame.may_write:
        raise NotAllowed(_("Only the teams of the two clusters can do this."))


def show_page(
    request: Request,
    frame: AssessmentsFrame,
    page: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of a room's assessments."""
    context = {**frame.context(page), **context}
    return render(request, f"assessments/{template}.html", context, status=status)


def show_tab(
    request: Request,
    frame: EngagementFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one engagement."""
    context = {**frame.context(tab), **context}
    return render(request, f"assessments/{template}.html", context, status=status)
