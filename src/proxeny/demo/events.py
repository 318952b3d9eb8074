"""The demo's events, from the first draft to a published agenda."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from random import Random
from typing import Any

from proxeny.demo.guests import Guest, GuestBook
from proxeny.demo.texts import read_content, write
from proxeny.demo.world import World
from proxeny.events import operations as events
from proxeny.events.models import AgendaRun, Table
from proxeny.events.operations.agenda import start_agenda_run
from proxeny.events.operations.publish import publish_agenda
from proxeny.events.times import Break, Day
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as

_PARTIES = ("athens", "paris")
#: Seconds that the engine gets, and gets again if it found nothing in the first.
_SOLVE_S = (6, 40)
#: One mark in so many is a "no, thanks".
_REFUSALS = 0.06


@dataclass
class DemoEvent:
    """An event under construction: its content, its id, and the invited guests."""

    content: Mapping[str, Any]
    id: int
    slots: int
    rng: Random
    participations: dict[int, Guest] = field(default_factory=dict)


def make_event(world: World, name: str, guests: GuestBook) -> DemoEvent:
    """Open an event, invite members of both sides, and let them register and mark each other."""
    content = read_content("events")[name]
    rng = Random(f"{world.seed}:{name}")  # noqa: S311
    event = DemoEvent(content, *_open(world, content), rng)
    for slug in _PARTIES:
        chosen = guests.choose(slug, content["per_side"], rng)
        event.participations |= _invite(world, event, slug, chosen)
    registered = _register(world, event)
    for number, (participation_id, guest) in enumerate(registered.items()):
        # In an event that is open, those at the end of each side's list have not marked yet.
        if _share_of_side(number, registered, guest) < content["marked"]:
            _mark_others(world, event, participation_id, guest, registered)
    return event


def solve_and_publish(world: World, event: DemoEvent) -> None:
    """Let the engine work the agenda out, and publish it.

    Raises
    ------
    RuntimeError
        The engine found none, so that the demo would be a half one.
    """
    now = world.moment(event.content["deadline_days"], 18)
    manager_id = world.sides[event.content["host"]].manager_id
    _agree(world, events.close_requests, event.content, event.id, now)
    # The second time is for a machine that is very busy while the demo loads.
    runs = (_solve(world, event, manager_id, now, seconds) for seconds in _SOLVE_S)
    run = next((one for one in runs if one.breaks is not None), None)
    if run is None:
        raise RuntimeError(f"The engine found no agenda for {event.content['title']!r}.")
    _agree(world, publish_agenda, event.content, event.id, now)
    run_queued_jobs()
    world.date_history(now)
    world.say(
        f"  {event.content['title']}: {run.verdict['placed']} meetings,"
        f" {run.breaks} breaks, {run.status}"
    )


def _solve(
    world: World, event: DemoEvent, manager_id: int, now: datetime, seconds: int
) -> AgendaRun:
    with world.acting(manager_id, at=now) as manager:
        run = start_agenda_run(
            actor=manager, event_id=event.id, now=now, time_limit_s=seconds, seed=world.seed
        )
    run_queued_jobs()
    with acting_as(SERVICE):
        if event.content["on_days"] < 0:
            # The work notes the hour at which it really ended; this event was held long ago.
            AgendaRun.objects.filter(pk=run.pk).update(finished_at=now)
        run.refresh_from_db()
    return run


def run_queued_jobs() -> None:
    """Do at once the work that the last operation queued."""
    with acting_as(SERVICE):
        waiting = list(Job.objects.filter(state=Job.State.QUEUED).order_by("pk"))
    for job in waiting:
        jobs.run(job.pk)


def _open(world: World, content: Mapping[str, Any]) -> tuple[int, int]:
    on = world.moment(content["on_days"]).date()
    now = world.moment(content["invited_days"], 8)
    with world.acting(world.sides[content["host"]].manager_id, at=now) as manager:
        event = events.create_event(
            actor=manager,
            partnership_id=world.partnerships["-".join(_PARTIES)],
            facts=events.EventFacts(
                title=content["title"],
                summary=content["summary"],
                place=content["place"],
                time_zone=content["time_zone"],
                starts_on=on,
                ends_on=on,
                deadline_at=world.moment(content["deadline_days"], 17),
            ),
        )
        cut = content["slots"]
        day = Day(
            on=on,
            starts=time.fromisoformat(cut["starts"]),
            ends=time.fromisoformat(cut["ends"]),
            slot_min=cut["slot_min"],
            changeover_min=cut["changeover_min"],
            breaks=tuple(
                Break(time.fromisoformat(starts), time.fromisoformat(ends), label)
                for starts, ends, label in cut["breaks"]
            ),
        )
        slots = events.set_days(actor=manager, event_id=event.pk, days=[day])
        events.set_tables(actor=manager, event_id=event.pk, tables=_tables(content))
    _agree(world, events.open_event, content, event.pk, now)
    return event.pk, len(slots)


def _agree(
    world: World, step: Callable[..., Any], content: Mapping[str, Any], event_id: int, now: datetime
) -> None:
    """Let the side that keeps an event propose a step, and the other one confirm it."""
    for slug in sorted(_PARTIES, key=lambda one: one != content["host"]):
        with world.acting(world.sides[slug].manager_id, at=now) as manager:
            step(actor=manager, event_id=event_id, now=now)


def _tables(content: Mapping[str, Any]) -> list[events.NewTable]:
    return [events.NewTable(f"Table {number}") for number in range(1, content["tables"] + 1)] + [
        events.NewTable(f"Video {number}", Table.Kind.VIDEO)
        for number in range(1, content["video_rooms"] + 1)
    ]


def _invite(world: World, event: DemoEvent, slug: str, guests: list[Guest]) -> dict[int, Guest]:
    by_organisation = {guest.organisation_id: guest for guest in guests}
    now = world.moment(event.content["invited_days"], 10)
    with world.acting(world.sides[slug].manager_id, at=now) as manager:
        made = events.invite_members(
            actor=manager,
            event_id=event.id,
            organisation_ids=list(by_organisation),
            now=now,
        )
    run_queued_jobs()  # the invitations are written
    found = {one.organisation_id: one.pk for one in made}
    return {found[pk]: guest for pk, guest in by_organisation.items()}


def _register(world: World, event: DemoEvent) -> dict[int, Guest]:
    coming = {}
    for number, (participation_id, guest) in enumerate(event.participations.items()):
        if _share_of_side(number, event.participations, guest) >= event.content["registered"]:
            continue
        coming[participation_id] = guest
        days = event.rng.randint(event.content["invited_days"] + 1, _last_day(event))
        now = world.moment(days, event.rng.randint(7, 14), event.rng.randrange(60))
        with world.acting(guest.person_id, at=now) as reader:
            events.register(
                actor=reader,
                participation_id=participation_id,
                registration=_registration(
                    event, guest, is_first=_share_of_side(number, event.participations, guest) == 0
                ),
                now=now,
            )
    return coming


def _last_day(event: DemoEvent) -> int:
    return min(int(event.content["deadline_days"]) - 1, -2)


def _share_of_side(number: int, everybody: Mapping[int, Guest], guest: Guest) -> float:
    """Return a guest's position in the list of its own side, from 0 to 1."""
    order = [one for one in everybody.values() if one.side == guest.side]
    return order.index(guest) / len(order)


def _registration(event: DemoEvent, guest: Guest, *, is_first: bool) -> events.Registration:
    rng, slots = event.rng, list(range(1, event.slots + 1))
    draw = 1.0 if is_first else rng.random()
    voice = read_content("voices")[guest.member.language]
    return events.Registration(
        contact=guest.member.contact,
        languages=[one for one in guest.member.languages if one in ("el", "fr", "en", "ar")],
        pitch=write(rng.choice(voice["pitch"]), rng),
        # Some come late, some leave early, a few look on from home or want a short day.
        unavailable=slots[:2] if draw < 0.1 else slots[-3:] if draw < 0.22 else (),
        by_video=0.22 <= draw < 0.27,
        cap=6 if 0.27 <= draw < 0.35 else None,
    )


def _mark_others(
    world: World,
    event: DemoEvent,
    participation_id: int,
    guest: Guest,
    everybody: Mapping[int, Guest],
) -> None:
    rng = event.rng
    wanted = _by_interest(guest, everybody, rng)[: rng.randint(5, 9)]
    musts = rng.randint(1, 4)
    voice = read_content("voices")[guest.member.language]
    now = world.moment(_last_day(event), 15, rng.randrange(60))
    with world.acting(guest.person_id, at=now) as reader:
        for rank, target_id in enumerate(wanted):
            kind = "must" if rank < musts else "wish"
            if kind == "wish" and rng.random() < _REFUSALS:
                kind = "no-thanks"
            events.set_request(
                actor=reader,
                participation_id=participation_id,
                target_id=target_id,
                kind=kind,
                note=rng.choice(voice["reasons"]) if kind == "must" else None,
                now=now,
            )


def _by_interest(guest: Guest, everybody: Mapping[int, Guest], rng: Random) -> list[int]:
    """Return the other side's participants, those that fit first; chance has its say, too."""
    affinity = read_content("events")["affinity"]

    def score(other: Guest) -> float:
        pair = sorted((guest, other), key=lambda one: one.side)
        fitting = affinity.get(pair[0].member.field, [])
        return rng.random() + (1.0 if pair[1].member.field in fitting else 0.0)

    scores = {pk: score(one) for pk, one in everybody.items() if one.side != guest.side}
    return sorted(scores, key=lambda pk: -scores[pk])
