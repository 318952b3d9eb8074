"""Count of participants that are independent of each other, each in another country."""

from collections.abc import Sequence
from dataclasses import replace

from proxeny.engine.consortium.countries import BODY, country_of, plain_code
from proxeny.engine.consortium.model import Gap, Participant
from proxeny.engine.consortium.rules import Independent

__all__ = ["count_independent", "independent_gaps"]


def _edges(
    participants: Sequence[Participant], *, independent: bool
) -> dict[str, dict[str, Participant]]:
    """Return by country its groups, with one participant each; without a group one counts alone."""
    edges: dict[str, dict[str, Participant]] = {}
    for one in participants:
        group = f"group {one.group}" if one.group and independent else f"alone {one.key}"
        edges.setdefault(country_of(one), {}).setdefault(group, one)
    return edges


def count_independent(
    participants: Sequence[Participant],
    favoured: Sequence[Participant] = (),
    *,
    independent: bool = True,
) -> tuple[int, int, tuple[Participant, ...]]:
    """Return the most that are independent and in different countries, and how many are favoured.

    A participant joins a country with a group; a set without a common country or group is a matching.
    Countries of favoured ones go first: a country that is matched stays so when paths are augmented
    (the countries that can be matched together are a matroid), so that both numbers are the highest
    at once. Kuhn's algorithm, `O(countries * participants)`.

    Favoured participants have to be all of their countries' that are among the participants.
    """
    edges = _edges(participants, independent=independent)
    first = {country_of(one) for one in favoured}
    taken: dict[str, str] = {}

    def augment(country: str, tried: set[str]) -> bool:
        for group in edges[country]:
            if group not in tried:
                tried.add(group)
                if group not in taken or augment(taken[group], tried):
                    taken[group] = country
                    return True
        return False

    order = sorted(edges, key=lambda country: (country not in first, country))
    matched = [country for country in order if augment(country, set())]
    picked = tuple(edges[country][group] for group, country in taken.items())
    return len(matched), sum(country in first for country in matched), picked


def independent_gaps(
    rule: Independent, meant: Sequence[Participant], favoured: Sequence[Participant]
) -> tuple[Gap, ...]:
    """Return the missing participants; empty if the rule is met.

    `outside` are exactly the countries whose next participant, independent of all, would not help.
    """
    found, good, _ = count_independent(meant, favoured, independent=rule.independent)
    special = max(0, rule.of_which_least - good)
    others = max(0, rule.least - found - special)
    keys = tuple(one.key for one in meant) if rule.independent else ()
    gaps = []
    if special and rule.of_which:
        useless = _useless(rule, meant, favoured, favoured, good)
        gaps.append(
            Gap(
                code="participants",
                count=special,
                who=replace(
                    rule.who,
                    statuses=rule.of_which.statuses or rule.who.statuses,
                    countries=rule.of_which.countries or rule.who.countries,
                ),
                outside=useless,
                independent_of=keys,
            )
        )
    if others:
        gaps.append(
            Gap(
                code="participants",
                count=others,
                who=rule.who,
                outside=_useless(rule, meant, favoured, meant, found),
                independent_of=keys,
            )
        )
    return tuple(gaps)


def _useless(
    rule: Independent,
    meant: Sequence[Participant],
    favoured: Sequence[Participant],
    pool: Sequence[Participant],
    before: int,
) -> tuple[str, ...]:
    """Return the countries of the pool where one more, independent of all, adds nothing."""
    useless = []
    for country in sorted({plain_code(one.country) for one in pool} - {BODY}):
        extra = Participant(key=f"\0{country}", country=country)
        is_good = any(plain_code(one.country) == country for one in favoured)
        after = count_independent(
            [*meant, extra],
            [*favoured, extra] if is_good else favoured,
            independent=rule.independent,
        )
        if after[1 if pool is favoured else 0] == before:
            useless.append(country)
    return tuple(useless)
