"""Presentation of an interest: its current holder, since when, and its outcome."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.directory.models import Interest
from proxeny.kernel.lists import join_items
from proxeny.kernel.rows import Column, Rows

State = Interest.State


@dataclass(frozen=True, slots=True)
class Shown:
    """The display of a state: a label, and its tone."""

    label: Any
    tone: str


_TONES = {
    State.RETURNED: "warn",
    State.ACCEPTED: "ok",
    State.DECLINED: "bad",
    State.WITHDRAWN: "",
}


#: Labels for the receiving side; the asking side reads the model's own.
_RECEIVED = {
    State.PASSED: gettext_lazy("With your adviser"),
    State.OFFERED: gettext_lazy("With the owner"),
}


def tell_state(interest: Interest, *, is_given: bool) -> Shown:
    """Return how the state of interest reads to the side that asks, or that is asked."""
    state = State(interest.state)
    label = interest.get_state_display() if is_given else _RECEIVED.get(state, state.label)
    return Shown(label, _TONES.get(state, "info"))


#: Interest given and received; unsorted, waiting ones first. A row is that of the list.
INTERESTS = Rows(
    "interest",
    (
        Column(
            "who",
            gettext_lazy("Requested by"),
            lambda row: row["interest"].answers.get("organisation", ""),
            ("answers__organisation",),
        ),
        Column("about", gettext_lazy("About"), lambda row: row["title"], ("answers__title",)),
        Column("state", gettext_lazy("Current stage"), lambda row: row["state"].label, ("state",)),
        Column(
            "since",
            gettext_lazy("Since"),
            lambda row: timezone.localtime(row["interest"].updated_at).date(),
            ("updated_at",),
        ),
    ),
    search=("answers__organisation", "answers__title"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: `done`, `current` or `todo`."""

    label: str
    note: str
    state: str


def progress_of(interest: Interest, names: Mapping[int, str], *, is_given: bool) -> list[Step]:
    """Return the route of an interest, with the current holder and since when.

    `names` are those of the clusters, as far as the reader may see them; no step names the
    organisation behind the offer.
    """
    at = _place(interest)
    reached = [
        (place, label, note)
        for place, label, note, is_reached in _way(interest, names, is_given=is_given)
        if is_reached or not interest.decided_at
    ]
    return [
        Step(
            label,
            note,
            "done" if place < at or interest.decided_at else "current" if place == at else "todo",
        )
        for place, label, note in reached
    ]


def _way(
    interest: Interest, names: Mapping[int, str], *, is_given: bool
) -> Iterator[tuple[int, str, str, bool]]:
    """Yield each step: its position, its label, holder and date, and whether it was reached."""
    yield 0, _("Asked"), _since(interest.created_at), True
    if interest.sender_id is not None:
        is_back = interest.state == State.RETURNED
        label = _("Your adviser") if is_given else _("Their adviser")
        if is_back:
            label = _("Returned with a question")
        who = names.get(interest.sender_id, "")
        since = interest.updated_at if is_back else interest.created_at
        yield 1, label, _joined(who, since), True
    if interest.sender_id != interest.receiver_id and not _skips_other(interest):
        who = names.get(interest.receiver_id or 0, "")
        passed = interest.passed_at
        label = _("The other adviser") if is_given else _("Your adviser")
        yield 2, label, _joined(who, passed), passed is not None
    offered = interest.offered_at
    label = _("The other side") if is_given else _("The owner")
    yield 3, label, _since(offered), offered is not None
    yield 4, _ending(interest), _since(interest.decided_at), interest.decided_at is not None


def _skips_other(interest: Interest) -> bool:
    # Straight to the owner: both moments are the same.
    return interest.offered_at is not None and interest.offered_at == interest.passed_at


def _place(interest: Interest) -> int:
    return {State.ASKED: 1, State.RETURNED: 1, State.PASSED: 2, State.OFFERED: 3}.get(
        State(interest.state), 4
    )


def _ending(interest: Interest) -> str:
    if interest.state in (State.ACCEPTED, State.DECLINED, State.WITHDRAWN):
        return str(interest.get_state_display())
    return _("Answer")


def _since(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def _joined(name: str, moment: datetime | None) -> str:
    # A name runs its own way, whatever the language of the day beside it.
    shown = f"\u2068{name}\u2069" if name else ""
    return join_items(part for part in (shown, _since(moment)) if part)
