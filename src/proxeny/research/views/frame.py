"""The frame around a study's pages: the room, and the study's own tabs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.partnerships.views.frame import Frame, enter_frame
from proxeny.research.models import Study
from proxeny.research.queries.studies import get_study

#: The pages of one study: name, label, address.
TABS: list[tuple[str, Promise, str]] = [
    ("study", gettext_lazy("Study"), "research:study"),
    ("packages", gettext_lazy("Data"), "research:packages"),
    ("advice", gettext_lazy("Recommendations"), "research:advice"),
    ("publication", gettext_lazy("Publication"), "research:publication"),
]


@dataclass(frozen=True, slots=True)
class StudyFrame:
    """A study as a person of the room enters it."""

    room: Frame
    study: Study

    @property
    def may_write(self) -> bool:
        """Whether the reader may write in it: in an active room, unless the study is archived."""
        return self.room.may_keep and self.study.dropped_at is None

    def context(self, tab: str) -> dict[str, Any]:
        """Return the context of `research/study_base.html`."""
        numbers = [self.room.partnership.pk, self.study.pk]
        return {
            **self.room.context("studies"),
            "study": self.study,
            "study_tabs": [
                {"url": reverse(name, args=numbers), "label": label, "active": code == tab}
                for code, label, name in TABS
            ],
            "may_write": self.may_write,
            "today": timezone.localdate(),
        }


def enter_study(request: Request, pk: int, study_id: int, *, to_write: bool = False) -> StudyFrame:
    """Return a study of a room. At most five queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_write`: the partnership has ended, or the study is
        archived.
    """
    frame = StudyFrame(enter_frame(request, pk), get_study(pk, study_id))
    if to_write and not frame.may_write:
        raise NotAllowed(
            _("Nothing can be changed here: the partnership has ended or the study is archived.")
        )
    return frame


def show_tab(
    request: HttpRequest,
    frame: StudyFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one study."""
    context = {**frame.context(tab), **context}
    return render(request, f"research/{template}.html", context, status=status)
