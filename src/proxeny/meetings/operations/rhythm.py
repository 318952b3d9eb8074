"""Agreed rhythm of catch-ups: kept or missed, the next due date, and reminders in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.conf import settings
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.accounts.queries import managers_of
from proxeny.engine.health import Rhythm as Measured
from proxeny.engine.health import measure_rhythm
from proxeny.meetings.queries.catch_ups import Day, days_of
from proxeny.notices.operations import tell
from proxeny.partnerships.models import Partnership, Party, Rhythm
from proxeny.partnerships.room_queries import team_ids

#: Number of windows in the chart, and lead time of the reminder.
SHOWN = 18
AHEAD = timedelta(days=14)
#: So many days after a window was missed it is still told, if no worker ran.
LATE = timedelta(days=7)

type State = Literal["kept", "missed", "waits", "planned", "open"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One window of a rhythm.

    `kept` and `missed` say it all; in a window that `waits` a catch-up is over and not closed; the
    running one is `planned` if something is, or `open`.
    """

    first: date
    last: date
    state: State
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An agreed rhythm as it was kept.

    Attributes
    ----------
    marks : tuple of Mark
        The last windows and the running one, in the order of time.
    kept, missed : int
        Of all windows that are over.
    due_on : date
        Until when the next one keeps the rhythm.
    planned_on : date or None
        When the next one in time is planned.
    is_near : bool
        Whether `due_on` is so near that somebody should act, and nothing is planned.
    """

    in_person: bool
    every_days: int
    since_on: date
    marks: tuple[Mark, ...]
    kept: int
    missed: int
    missed_in_a_row: int
    due_on: date
    planned_on: date | None
    is_near: bool

    @property
    def total(self) -> int:
        """The number of windows that are over."""
        return self.kept + self.missed


def read_rhythms(partnership: Partnership, *, today: date, shown: int = SHOWN) -> list[Picture]:
    """Return the rhythms that the parties agreed on, by call first. Two queries."""
    rhythms = list(Rhythm.objects.filter(partnership=partnership).order_by("in_person"))
    if not rhythms:
        return []
    days = days_of([partnership.pk]).get(partnership.pk, [])
    return [draw(one, days, today=today, shown=shown) for one in rhythms]


def draw(rhythm: Rhythm, days: Sequence[Day], *, today: date, shown: int = SHOWN) -> Picture:
    """Return the last windows of one rhythm over the catch-ups of its partnership. No query.

    For "at all" every catch-up counts, for "face to face" those that are.
    """
    days = [one for one in days if one.in_person or not rhythm.in_person]
    measured = measure_rhythm(
        [one.on for one in days if one.is_held],
        since=rhythm.since_on,
        every_days=rhythm.every_days,
        today=today,
    )
    assert measured.due_on is not None  # a rhythm goes on  # noqa: S101
    due_on, step = measured.due_on, timedelta(days=rhythm.every_days)
    planned = [one.on for one in days if not one.is_held and due_on - step < one.on <= due_on]
    return Picture(
        in_person=rhythm.in_person,
        every_days=rhythm.every_days,
        since_on=rhythm.since_on,
        marks=tuple(_marks(measured, days, rhythm, today))[-shown:],
        kept=measured.kept,
        missed=measured.missed,
        missed_in_a_row=measured.missed_in_a_row,
        due_on=due_on,
        planned_on=planned[0] if planned else None,
        is_near=not planned and due_on - today <= _notice(rhythm),
    )


def _notice(rhythm: Rhythm) -> timedelta:
    """Return the lead time of the reminder: two weeks, or half the rhythm if that is shorter."""
    return min(AHEAD, timedelta(days=rhythm.every_days // 2))


def _marks(measured: Measured, days: Sequence[Day], rhythm: Rhythm, today: date) -> Iterator[Mark]:
    for first, last, kept in measured.windows:
        is_waiting = any(first <= one.on <= last and not one.is_held for one in days)
        yield Mark(first, last, "kept" if kept else "waits" if is_waiting else "missed")
    step = timedelta(days=rhythm.every_days)
    first = rhythm.since_on + step * len(measured.windows)
    last = first + step - timedelta(days=1)
    inside = [one for one in days if first <= one.on <= last]
    state: State = "planned" if inside else "open"
    if any(one.is_held for one in inside):
        state = "kept"
    elif any(one.on < today for one in inside):
        state = "waits"
    yield Mark(first, last, state, is_running=True)


def minded_rhythms() -> list[int]:
    """Return the ids of the monitored rhythms: those of active partnerships."""
    rhythms = Rhythm.objects.filter(partnership__state=Partnership.State.ACTIVE)
    return list(rhythms.order_by("partnership_id", "in_person").values_list("pk", flat=True))


def mind_rhythm(rhythm_id: int, *, today: date) -> int:
    """Notify the contacts of both sides before and after a rhythm is missed; return the number.

    Once per window: when the next catch-up is due within 14 days (or half the rhythm) and none is
    planned, and again when the window is over without one. Service role; run each day.
    """
    rhythms = Rhythm.objects.select_related("partnership").prefetch_related(
        "partnership__parties__organisation", "partnership__parties__contact"
    )
    rhythm = rhythms.get(pk=rhythm_id)
    days = days_of([rhythm.partnership_id]).get(rhythm.partnership_id, [])
    picture = draw(rhythm, days, today=today)
    people = contacts_of(rhythm.partnership.parties.all(), today=today)
    return sum(
        _write(kind, day, person, rhythm, picture)
        for kind, day in _news(picture, today)
        for person in people
    )


def _news(picture: Picture, today: date) -> Iterator[tuple[str, date]]:
    over = [one for one in picture.marks if not one.is_running]
    if over and over[-1].state == "missed" and today - over[-1].last <= LATE:
        yield "missed", over[-1].last
    if picture.is_near:
        yield "due", picture.due_on


def contacts_of(parties: Iterable[Party], *, today: date) -> list[Person]:
    """Return the contact of each party, or its managers if none is named. Service role."""
    joined = [one for one in parties if one.state == Party.State.JOINED]
    team = team_ids(joined, today=today)
    named = {one.pk: one.contact for one in joined if one.contact and one.contact_id in team}
    silent = [one.organisation_id for one in joined if one.pk not in named]
    people = [*named.values(), *(managers_of(silent, today=today) if silent else ())]
    return list({one.pk: one for one in people if one.erased_at is None}.values())


def _write(kind: str, day: date, person: Person, rhythm: Rhythm, picture: Picture) -> bool:
    partnership = rhythm.partnership
    path = reverse("meetings:catch-up-plan", args=[partnership.pk])
    key = f"rhythm:{partnership.pk}:{int(rhythm.in_person)}:{kind}:{day}:{person.pk}"
    return tell(
        person,
        topic="partnerships",
        key=key,
        template="meetings/mail/rhythm",
        context={
            "kind": kind,
            "name": person.name,
            "title": partnership.title,
            "day": day,
            "due_on": picture.due_on,
            "in_person": rhythm.in_person,
            "in_a_row": picture.missed_in_a_row,
            "action_url": f"{settings.BASE_URL}{path}?in_person={int(rhythm.in_person)}",
        },
    )
