"""Large events with fixed seeds: from a hidden schedule without breaks, or uniform random pairs."""

import random

from proxeny.engine.agenda import Meeting, Participant, Problem, Slot, Table

__all__ = ["hidden_event", "random_event"]

SPARE = 1.075
GAP_SHARE = 0.1


def hidden_event(n_people: int, n_meetings: int, n_slots: int, *, seed: int) -> Problem:
    """Make an event that has a schedule without any break, which is then forgotten.

    Each participant gets a window of slots; in each slot the participants whose window covers it
    are paired at random, never twice the same two. One in ten is unavailable somewhere outside the
    window.
    """
    rng = random.Random(seed)
    pairs: list[tuple[int, int]] = []
    days: list[list[int]] = []
    for most in range(-(-n_meetings // n_slots), _tables_for(n_meetings, n_slots) + 1):
        pairs, days = _draw_days(rng, n_people, n_meetings, n_slots, most)
        if len(pairs) == n_meetings:
            break
    rng.shuffle(pairs)
    return _event(rng, n_people, n_slots, pairs[:], days, f"hidden-{n_people}")


def _draw_days(
    rng: random.Random, n_people: int, n_meetings: int, n_slots: int, most: int
) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """Pairs and days without breaks, at most so many meetings in a slot.

    The first slots may have too few people; then the others have to take more than their share.
    """
    per_person = 2 * n_meetings / n_people
    windows = []
    for _ in range(n_people):
        length = min(n_slots, max(1, round(rng.gauss(2.1 * per_person, per_person / 3))))
        first = rng.randint(0, n_slots - length)
        windows.append(range(first, first + length))
    days: list[list[int]] = [[] for _ in windows]
    met: set[tuple[int, int]] = set()
    pairs: list[tuple[int, int]] = []
    for slot in range(n_slots):
        # Who is in a started day has to go on; the others may start later.
        here = [p for p, window in enumerate(windows) if slot in window]
        rng.shuffle(here)
        here.sort(key=lambda p: not days[p])
        taken: set[int] = set()
        made = 0
        for person in here:
            full = made == most or len(pairs) == n_meetings
            if full or person in taken or (days[person] and days[person][-1] != slot - 1):
                continue
            for other in here:
                pair = (min(person, other), max(person, other))
                fresh = not days[other] or days[other][-1] == slot - 1
                if other != person and other not in taken and pair not in met and fresh:
                    met.add(pair)
                    pairs.append(pair)
                    days[person].append(slot)
                    days[other].append(slot)
                    taken |= {person, other}
                    made += 1
                    break
    return pairs, days


def random_event(n_people: int, n_meetings: int, n_slots: int, *, seed: int) -> Problem:
    """Make an event of uniform random pairs, nobody with more meetings than open slots."""
    rng = random.Random(seed)
    load = [0] * n_people
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < n_meetings:
        one, other = sorted(rng.sample(range(n_people), 2))
        if (one, other) not in pairs and max(load[one], load[other]) < n_slots - 2:
            pairs.add((one, other))
            load[one] += 1
            load[other] += 1
    ordered = sorted(pairs)
    rng.shuffle(ordered)
    return _event(rng, n_people, n_slots, ordered, [[] for _ in load], f"random-{n_people}")


def _event(
    rng: random.Random,
    n_people: int,
    n_slots: int,
    pairs: list[tuple[int, int]],
    days: list[list[int]],
    name: str,
) -> Problem:
    people = []
    for person in range(n_people):
        gaps: frozenset[int] = frozenset()
        if rng.random() < GAP_SHARE:
            gaps = frozenset({rng.randrange(n_slots)} - set(days[person]))
        people.append(Participant(unavailable=gaps))
    n_tables = _tables_for(len(pairs), n_slots)
    return Problem(
        participants=tuple(people),
        slots=(Slot(),) * n_slots,
        tables=(Table(),) * n_tables,
        meetings=tuple(Meeting(pair) for pair in pairs),
        name=name,
    )


def _tables_for(n_meetings: int, n_slots: int) -> int:
    """Tables a little above the need."""
    return -(-int(SPARE * n_meetings) // n_slots)
