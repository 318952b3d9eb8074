"""Plans of any size, and questions about them, from a seed."""

import random

from proxeny.engine.funding import Activity, Line, Plan

SOURCES = {25: 6, 50: 10, 100: 18, 200: 30, 400: 45}
#: How much of what everything costs is there.
TIGHTNESS = (0.5, 0.8, 1.1)


def make_plan(activities: int, sources: int, *, tightness: float, seed: int) -> Plan:
    """Return a plan in which most money is meant for one activity, and some may move.

    Costs lie between 2,000 and 80,000 in whole cents, worths between 1 and 5; one activity in seven
    is core; an activity needs up to two earlier ones.
    """
    dice = random.Random(f"{activities} {sources} {tightness} {seed}")
    made = [
        Activity(
            cost=dice.randrange(200_000, 8_000_000),
            value=dice.randint(1, 5),
            core=dice.random() < 1 / 7,
            needs=_needs(dice, place),
        )
        for place in range(activities)
    ]
    each = sum(one.cost for one in made) * tightness / activities
    per_source = max(1, activities // sources)
    lines = [
        Line(
            source,
            int(each * dice.uniform(0.3, 1.7)),
            dice.randrange(activities) if dice.random() < 0.8 else None,
            dice.random() < 0.3,
        )
        for source in range(sources)
        for _number in range(per_source)
    ]
    return Plan(tuple(made), tuple(lines))


def _needs(dice: random.Random, place: int) -> tuple[int, ...]:
    if not place:
        return ()
    return tuple(sorted({dice.randrange(place) for _ in range(dice.choice((0, 0, 1, 1, 2)))}))


def make_question(plan: Plan, *, seed: int) -> dict[int, int]:
    """Return what is left of the sources: a third of them ends, or is halved."""
    dice = random.Random(seed)
    some = dice.sample(plan.sources, max(1, len(plan.sources) // 3))
    return {source: dice.choice((0, 0, 50)) for source in some}
