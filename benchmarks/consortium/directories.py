"""Directories by a generator, and what is wanted of them."""

import random
from datetime import date

from proxeny.engine.consortium import Call, Need, Organisation, Relation, Wish, find_rules

__all__ = ["make_directory", "make_wish"]

COUNTRIES = [
    "DE",
    "FR",
    "ES",
    "IT",
    "GR",
    "NL",
    "BE",
    "GB",
    "SE",
    "AT",
    "PT",
    "PL",
    "FI",
    "DK",
    "IE",
    "CZ",
    "HU",
    "RO",
    "SI",
    "BG",
    "HR",
    "CY",
    "SK",
    "EE",
    "LT",
    "LV",
    "LU",
    "MT",
    "NO",
    "CH",
    "IL",
    "TR",
    "RS",
    "UA",
    "IS",
    "MD",
    "US",
    "CA",
    "KR",
    "JP",
]
KINDS = ("company", "university", "institute", "public", "other")


def make_directory(count: int, seed: int) -> tuple[list[Organisation], list[Relation]]:
    """Return a directory with two sides in it, and who knows whom."""
    dice = random.Random(f"{count} {seed}")
    topics = [f"t{number}" for number in range(12)]
    organisations = [_make_one(number, count, topics, dice) for number in range(count)]
    return organisations, _make_relations(count, dice)


def _make_one(number: int, count: int, topics: list[str], dice: random.Random) -> Organisation:
    """Return an organisation.

    Fit has the shape of a text's match with a call: most are near the mean, few far above.
    """
    country = COUNTRIES[min(len(COUNTRIES) - 1, int(dice.expovariate(1 / 9)))]
    member = dice.random() < 0.25
    covers = {
        topic: dice.choices((1, 2, 3), (50, 35, 15))[0]
        for topic in dice.sample(topics, dice.randrange(1, 5))
    }
    cost = dice.randrange(100, 800) * 100_000
    return Organisation(
        key=f"o{number}",
        country=country,
        kind=dice.choices(KINDS, (45, 25, 15, 8, 7))[0],
        group=f"g{dice.randrange(count // 20 + 1)}" if dice.random() < 0.05 else "",
        side={"GR": "athens", "FR": "paris"}.get(country, "") if member else "",
        sme=dice.random() < 0.3,
        nonprofit=dice.random() < 0.5,
        covers=covers,
        fit=max(0, min(1000, round(dice.gauss(300, 120)))),
        cost=cost,
        request=cost,
        free_bids=None if dice.random() < 0.5 else dice.randrange(4),
        can_coordinate=dice.random() < 0.2,
    )


def _make_relations(count: int, dice: random.Random) -> list[Relation]:
    """Return who knows whom: four each, and the more one has the more it gets."""
    relations = []
    ends = [dice.randrange(count) for _ in range(20)]
    for number in range(count * 4):
        one = number % count
        other = dice.choice(ends) if dice.random() < 0.7 else dice.randrange(count)
        ends += [one, other]
        if one != other:
            level = dice.choices((1, 2, 3), (60, 30, 10))[0]
            relations.append(Relation(f"o{one}", f"o{other}", level))
    return relations


def make_wish(least: int = 8, most: int = 15, count: int = 10) -> Wish:
    """Return the wish of a research and innovation action with twelve topics."""
    rules = find_rules("horizon-europe-ria")
    return Wish(
        call=Call(
            on=date(2026, 9, 15), programme="horizon-europe", rules=rules.rules, part="pillar-2"
        ),
        needs=[Need(key=f"t{number}", weight=100, least=1) for number in range(12)],
        least_members=least,
        most_members=most,
        sides={"athens": 2, "paris": 2},
        request_most=600_000_000,
        needs_coordinator=True,
        count=count,
    )
