"""The frame around the pages of a label and of a round: the room, and their own tabs."""

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
from proxeny.labels.models import Round, Scheme
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.queries.schemes import get_scheme
from proxeny.labels.rules import TONES
from proxeny.partnerships.views.frame import Frame, enter_frame

#: The pages of one label: code, what it is called, address; its managers' alone from the fourth on.
SCHEME_TABS: list[tuple[str, Promise, str]] = [
    ("scheme", gettext_lazy("Scheme"), "labels:scheme"),
    ("texts", gettext_lazy("Texts"), "labels:texts"),
    ("publication", gettext_lazy("Publication"), "labels:publication"),
    ("rounds", gettext_lazy("Rounds"), "labels:rounds"),
    ("awards", gettext_lazy("Awards"), "labels:awards"),
    ("checkups", gettext_lazy("Reviews"), "labels:checkups"),
]
#: Those that managers of the clusters alone read.
_STEERED = ("checkups",)
#: The tab under which a page stands that has none of its own.
_UNDER = {"statistics": "awards", "round-awards": "results"}
#: The pages of one round, for the managers of the clusters.
ROUND_TABS: list[tuple[str, Promise, str]] = [
    ("round", gettext_lazy("Round"), "labels:round"),
    ("applications", gettext_lazy("Applications"), "labels:round-applications"),
    ("jury", gettext_lazy("Jury"), "labels:jury"),
    ("scores", gettext_lazy("Scores"), "labels:scores"),
    ("selection", gettext_lazy("Selection"), "labels:selection"),
    ("results", gettext_lazy("Results and awards"), "labels:results"),
]


@dataclass(frozen=True, slots=True)
class SchemeFrame:
    """A label as a person of the room enters it."""

    room: Frame
    scheme: Scheme

    @property
    def may_write(self) -> bool:
        """Whether the reader may write in its draft."""
        return self.room.may_keep and self.scheme.dropped_at is None

    @property
    def may_steer(self) -> bool:
        """Whether the reader decides in it: a manager of the room, while it is active."""
        return self.room.may_steer and self.scheme.dropped_at is None

    @property
    def tabs(self) -> list[tuple[str, Promise, str]]:
        """The pages of the label that the reader may open: code, name and address's name."""
        return [one for one in SCHEME_TABS if self.room.may_steer or one[0] not in _STEERED]

    def context(self, tab: str) -> dict[str, Any]:
        """Return the context of `labels/scheme_base.html`."""
        numbers = [self.room.partnership.pk, self.scheme.pk]
        return {
            **self.room.context("labels"),
            "scheme": self.scheme,
            "label_tabs": _tabs(self.tabs, numbers, tab),
            "may_write": self.may_write,
            "may_decide": self.may_steer,
            "today": timezone.localdate(),
        }


def ways_of(room: Frame, scheme: Scheme) -> list[dict[str, Any]]:
    """Return the pages of a label beside its first, for the list of labels."""
    return _tabs(SchemeFrame(room, scheme).tabs[1:], [room.partnership.pk, scheme.pk], "")


@dataclass(frozen=True, slots=True)
class RoundFrame:
    """A round of a label as a person of the room enters it."""

    room: Frame
    round: Round

    @property
    def may_steer(self) -> bool:
        """Whether the reader decides in it: a manager of the room, while it is active."""
        return self.room.may_steer and self.round.dropped_at is None

    def context(self, tab: str) -> dict[str, Any]:
        """Return the context of `labels/round_base.html`."""
        numbers = [self.room.partnership.pk, self.round.pk]
        shown = ROUND_TABS if self.room.may_steer else ROUND_TABS[:1]
        return {
            **self.room.context("labels"),
            "scheme": self.round.scheme,
            "round": self.round,
            "round_tone": TONES[Round.State(self.round.state)],
            "label_tabs": _tabs(shown, numbers, tab),
            "may_decide": self.may_steer,
            "today": timezone.localdate(),
        }


def _tabs(tabs: list[tuple[str, Promise, str]], numbers: list[int], tab: str) -> list[Any]:
    return [
        {"url": reverse(name, args=numbers), "label": label, "active": code == _UNDER.get(tab, tab)}
        for code, label, name in tabs
    ]


def enter_scheme(
    request: Request, pk: int, scheme_id: int, *, to_write: bool = False
) -> SchemeFrame:
    """Return a label of a room. At most five queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_write`: the partnership has ended, or the label is
        archived.
    """
    frame = SchemeFrame(enter_frame(request, pk), get_scheme(pk, scheme_id))
    if to_write and not frame.may_write:
        raise NotAllowed(_("Nothing can be changed here: the partnership or the label has ended."))
    return frame


def enter_round(request: Request, pk: int, round_id: int, *, to_steer: bool = False) -> RoundFrame:
    """Return a round of a room. At most five queries.

    Raises
    ------
    NotFound, NotAllowed
        The reader holds no seat in a party; `to_steer`: only managers of the clusters read this
        page.
    """
    frame = RoundFrame(enter_frame(request, pk), get_round(pk, round_id))
    if to_steer and not frame.room.may_steer:
        raise NotAllowed(_("Only cluster managers can see this page."))
    return frame


def show_scheme_tab(
    request: HttpRequest,
    frame: SchemeFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one label."""
    return render(
        request, f"labels/{template}.html", {**frame.context(tab), **context}, status=status
    )


def show_round_tab(
    request: HttpRequest,
    frame: RoundFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one round."""
    return render(
        request, f"labels/{template}.html", {**frame.context(tab), **context}, status=status
    )
