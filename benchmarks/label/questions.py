"""Juries and places by a generator; everything follows from the seed."""

import random
from fractions import Fraction

from proxeny.engine.label import Application, Candidate, Choice, Juror, Jury, Quota

__all__ = ["make_choice", "make_jury"]


def make_jury(applications: int, jurors: int, *, per: int, sides: int, seed: int) -> Jury:
    """Return a jury: one to four of twelve topics each, half of the jurors with a limit.

    A limit is from half to twice the mean load; 5 % of all pairs have a conflict.
    """
    dice = random.Random(f"jury {applications} {sides} {seed}")
    topics = [f"t{number}" for number in range(12)]
    names = [f"s{number}" for number in range(sides)]
    mean = per * applications // jurors
    some = [
        Application(f"a{n:05}", frozenset(dice.sample(topics, dice.randint(1, 4))))
        for n in range(applications)
    ]
    who = [
        Juror(
            f"j{n:04}",
            names[n % sides],
            frozenset(dice.sample(topics, dice.randint(0, 5))),
            None if dice.random() < 0.5 else dice.randint(mean // 2, 2 * mean),
        )
        for n in range(jurors)
    ]
    barred = {(a.key, j.key) for a in some for j in who if dice.random() < 0.05}
    return Jury(applications=some, jurors=who, per=per, sides=names, barred=barred)


def make_choice(candidates: int, *, origins: int, seed: int) -> Choice:
    """Return places for half of the candidates, with quotas that bind and overlap.

    A score is the median of three jurors' percents over 31 indicators; the later the origin, the
    lower its scores. What is wanted is a number of places for each origin, near to equal shares;
    each quota takes one to three origins and has their wanted places as its least or its most, so
    that there is a way to keep them all.
    """
    dice = random.Random(f"places {candidates} {origins} {seed}")
    names = [f"o{number}" for number in range(origins)]
    some = []
    for number in range(candidates):
        at = number % origins
        points = sum(sorted(dice.randint(0, 10) for _ in range(3))[1] for _ in range(31))
        score = max(Fraction(), Fraction(100 * points, 310) - 3 * at)
        some.append(Candidate(f"c{number:05}", score, names[at], number))
    places, share = candidates // 2, candidates // 2 // origins
    wanted = {one: share - dice.randrange(share // 5 + 1) for one in names}
    wanted[names[-1]] += places - sum(wanted.values())
    quotas = []
    for number in range(2 * origins - 1):
        inside = frozenset(dice.sample(names, dice.randint(1, min(3, origins - 1))))
        count = sum(wanted[one] for one in inside)
        least, most = (count, None) if dice.random() < 0.5 else (0, count)
        quotas.append(Quota(f"q{number}", inside, least, most))
    return Choice(candidates=some, places=places, quotas=quotas)
