"""Gaps of a profile, and the benefit of filling each."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from proxeny.engine.matching._parts import Part, asking_parts, offering_parts
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.model import Profile

__all__ = ["Gap", "explain_gaps"]

type Field = Literal[
    "about", "offers", "needs", "sectors", "countries_sought", "language", "country", "place"
]

# Increase of the chance that the right partner is among ten: for a profile with nothing else (apart
# from a few words of its own), and for one with all the rest. Country and place change no rank:
# they are shown and searched. Measured: docs/reference/matching.md, "What a profile is worth"; a
# test keeps both in sync.
GAINS: dict[Field, tuple[float, float]] = {
    "about": (0.54, 0.01),
    "needs": (0.24, 0.08),
    "countries_sought": (0.19, 0.02),
    "offers": (0.17, 0.02),
    "sectors": (0.05, 0.04),
    "country": (0.0, 0.0),
    "place": (0.0, 0.0),
}
# Chance by the words of a profile that has nothing but text.
WORDS = ((0, 0.0), (11, 0.47), (32, 0.63), (54, 0.68), (108, 0.71))
# For texts that share no language with the other side's: by words alone, and by meaning too.
LANGUAGE, LANGUAGE_WITH_MEANING = 0.67, 0.16
# Less than this is not worth a sentence.
_LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Gap:
    """Gap of a profile.

    Parameters
    ----------
    field : str
        A field of `Profile`, or `language`: no text in a language of the others.
    gain : float
        The possible increase of the chance that the right partner is among ten proposals, from 0 to
        1; 0 if the field changes no rank but is shown and searched.
    state : {"missing", "short"}
        Short is only `about`: the member's texts together have few words.
    words : int
        The number of words in the member's texts together, if it is short.
    languages : tuple of str
        For `language`: languages that would reach most others, the best first.
    others : int
        For `language`: the number of members without a text in a language of this one.
    """

    field: Field
    gain: float
    state: Literal["missing", "short"] = "missing"
    words: int = 0
    languages: tuple[str, ...] = ()
    others: int = 0


def explain_gaps(profile: Profile, index: Index | None = None) -> tuple[Gap, ...]:
    """Say what is missing from a profile, what would help most first.

    Parameters
    ----------
    profile : Profile
    index : Index, optional
        Of those it is matched with; without it nothing is said of languages.

    Returns
    -------
    tuple of Gap
        By falling gain; empty for a profile that lacks nothing.

    Notes
    -----
    A gain lies between what was measured for a profile that has nothing else and for one that has
    all the rest, by how much of the rest is there. Costs one look at each member's languages.
    """
    there = _fields_there(profile)
    found = [
        Gap(field, _between(*gains, richness=_richness(there, field)))
        for field, gains in GAINS.items()
        if field not in there
    ]
    words = _count_words(profile)
    if "about" in there or not words:
        found += _short(words, _richness(there, "about"))
    if index is not None:
        found += _language(profile, index)
    return tuple(sorted(found, key=lambda gap: -gap.gain))


def _fields_there(profile: Profile) -> set[Field]:
    parts = [*asking_parts(profile), *offering_parts(profile)]
    facts: dict[Field, bool] = {
        "about": _has_text(Part(None, profile.about, frozenset())),
        "offers": any(map(_has_text, (Part(None, o.text, o.sectors) for o in profile.offers))),
        "needs": any(map(_has_text, (Part(None, n.text, n.sectors) for n in profile.needs))),
        "sectors": any(part.sectors for part in parts),
        "countries_sought": bool(profile.countries_sought),
        "country": bool(profile.country),
        "place": bool(profile.place),
    }
    return {field for field, there in facts.items() if there}


def _has_text(part: Part) -> bool:
    return any(text.strip() for text in part.text.values())


def _richness(there: set[Field], field: Field) -> float:
    """Return how much of the rest is there, in addition to a first field, from 0 to 1."""
    rest = {one for one, gains in GAINS.items() if gains[0] > 0} - {field}
    return max(0, len(rest & there) - 1) / (len(rest) - 1)


def _between(alone: float, beside: float, *, richness: float) -> float:
    return alone + (beside - alone) * richness


def _count_words(profile: Profile) -> int:
    """Words of all texts, each in the language in which it is longest."""
    texts = [profile.about, *(one.text for one in (*profile.offers, *profile.needs))]
    return sum(max((len(text.split()) for text in one.values()), default=0) for one in texts)


def _short(words: int, richness: float) -> list[Gap]:
    if not words:
        return []
    enough, best = WORDS[-1]
    counts, chances = np.array(WORDS).T
    chance = float(np.interp(words, counts, chances))
    gain = (best - chance) * (1 - richness)
    short = words < enough and gain >= _LEAST
    return [Gap("about", gain, "short", words=words)] if short else []


def _language(profile: Profile, index: Index) -> list[Gap]:
    """Nothing where the member writes nothing, or everybody reads it."""
    mine = _languages(profile)
    others = [_languages(one) for one in index.profiles if one is not profile]
    writing = [one for one in others if one]
    apart = [one for one in writing if mine.isdisjoint(one)]
    gain = LANGUAGE if index.asked is None else LANGUAGE_WITH_MEANING
    gain *= len(apart) / max(1, len(writing))
    if not mine or gain < _LEAST:
        return []
    counted = Counter(language for one in apart for language in sorted(one))
    best = tuple(language for language, _ in counted.most_common(3))
    return [Gap("language", gain, languages=best, others=len(apart))]


def _languages(profile: Profile) -> frozenset[str]:
    texts = [profile.about, *(one.text for one in (*profile.offers, *profile.needs))]
    return frozenset(language for one in texts for language, text in one.items() if text.strip())
