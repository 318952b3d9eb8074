"""Results of the demo's finished event: attendance, feedback and follow-up."""

from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from proxeny.demo.events import DemoEvent
from proxeny.demo.texts import read_content, write
from proxeny.demo.world import World
from proxeny.events import operations as events
from proxeny.events.models import AgendaEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.operations import rate_meeting

#: Ratings by a pair out of a hundred; both sides mostly agree.
_MOODS = ("possible",) * 26 + ("informative",) * 50 + ("no-interest",) * 24
#: Follow-up of the meetings that both rated promising, in order.
_LATER = (
    "agreement",
    "negotiating",
    "contact",
    "agreement",
    "knowledge",
    "negotiating",
    "contact",
    "no-contact",
    "contact",
)
#: Agreements reached, in order; one keeps its value private.
_AGREED = ({"agreed": "supply", "worth": Decimal(180_000)}, {"agreed": "development"})
_SILENT = 0.12


def hold_event(world: World, event: DemoEvent) -> None:
    """Check people in, let both sides say how it went, close the event, and ask again later."""
    rng = Random(f"{world.seed}:held")  # noqa: S311
    absent = list(event.participations)[-1]
    day = event.content["on_days"]
    manager_id = world.sides[event.content["host"]].manager_id
    with world.acting(manager_id, at=world.moment(day, 6)) as manager:
        for number, participation_id in enumerate(event.participations):
            if participation_id != absent:
                events.check_in(
                    actor=manager,
                    event_id=event.id,
                    participation_id=participation_id,
                    now=world.moment(day, 6, number % 60),
                )
    words = _words_of_the_day(event, absent, rng)
    for participation_id, said in words.items():
        _rate(world, event, participation_id, "day", said, days=day)
    now = world.moment(day + 1)
    with world.acting(manager_id, at=now) as manager:
        events.finish_event(actor=manager, event_id=event.id, now=now)
    later = _words_of_later(event, words)
    terms = _terms_of(later)
    for participation_id, said in later.items():
        _rate(world, event, participation_id, "later", said, days=-5, terms=terms)


Words = dict[int, dict[int, str]]
Terms = dict[int, dict[str, Any]]


def _pairs(event: DemoEvent) -> list[tuple[int, int, int]]:
    """Return each meeting with its two participations, in an order that no run changes."""
    with acting_as(SERVICE):
        rows = AgendaEntry.objects.filter(event_id=event.id, is_live=True).values_list(
            "meeting_id", "first_id", "second_id"
        )
        return sorted(rows, key=lambda row: sorted(row[1:]))


def _words_of_the_day(event: DemoEvent, absent: int, rng: Random) -> Words:
    words: Words = {pk: {} for pk in event.participations}
    pairs = _pairs(event)
    for meeting, *pair in pairs:
        mood = rng.choice(_MOODS)
        for one in pair:
            if absent in pair:
                said = "not-held"
            else:
                said = mood if rng.random() < 0.8 else rng.choice(_MOODS)
            if one != absent and rng.random() >= _SILENT:
                words[one][meeting] = said
    for one in _shown(event):
        # Any of these who signs in finds a question, whichever agenda the engine found.
        meetings = [meeting for meeting, *pair in pairs if one in pair]
        if len(words[one]) == len(meetings):
            words[one].pop(meetings[-1])
    return words


def _shown(event: DemoEvent) -> tuple[int, ...]:
    """Return the participation on each side whose representative has a published sign-in."""
    firsts: dict[str, int] = {}
    for pk, guest in event.participations.items():
        firsts.setdefault(guest.side, pk)
    return tuple(firsts.values())


def _words_of_later(event: DemoEvent, words: Words) -> Words:
    promising = [
        (meeting, first, second)
        for meeting, first, second in _pairs(event)
        if words[first].get(meeting) == words[second].get(meeting) == "possible"
    ]
    later: Words = {}
    for value, (meeting, first, second) in zip(_LATER, promising, strict=False):
        for one in (first, second):
            later.setdefault(one, {})[meeting] = value
    return later


def _terms_of(later: Words) -> Terms:
    agreed = dict.fromkeys(
        meeting
        for said in later.values()
        for meeting, value in said.items()
        if value == "agreement"
    )
    return dict(zip(agreed, cycle(_AGREED)))


def _rate(
    world: World,
    event: DemoEvent,
    participation_id: int,
    phase: str,
    said: dict[int, str],
    *,
    days: int,
    terms: Terms | None = None,
) -> None:
    if not said:
        return
    guest = event.participations[participation_id]
    voice = read_content("voices")[guest.member.language]
    now = world.moment(days, 17, event.rng.randrange(60))
    with world.acting(guest.person_id, at=now) as reader:
        for meeting_id, value in said.items():
            notes = voice["notes_good" if value == "possible" else "notes_plain"]
            note = event.rng.choice(notes) if phase == "day" and value != "not-held" else ""
            rate_meeting(
                actor=reader,
                meeting_id=meeting_id,
                phase=phase,
                value=value,
                note=write(note, event.rng),
                now=now,
                **(terms or {}).get(meeting_id, {}),
            )
