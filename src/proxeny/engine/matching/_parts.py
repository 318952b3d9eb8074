"""The parts of a profile that ask and the parts that answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from proxeny.engine.matching.model import Profile
from proxeny.engine.matching.words import Vocabulary

__all__ = [
    "Part",
    "asking_parts",
    "levels_of",
    "offering_parts",
    "read_codes",
    "read_terms",
    "read_text",
]


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a profile; `place` is its place among the statements, none for `about`."""

    place: int | None
    text: Mapping[str, str]
    sectors: frozenset[str]


def asking_parts(profile: Profile) -> list[Part]:
    """Return the needs; without any, what answers, so that the member meets its like."""
    if profile.needs:
        return [Part(i, one.text, one.sectors) for i, one in enumerate(profile.needs)]
    return [Part(None, part.text, part.sectors) for part in offering_parts(profile)]


def offering_parts(profile: Profile) -> list[Part]:
    """Return the offers and what the member says of itself."""
    offers = [Part(i, one.text, one.sectors) for i, one in enumerate(profile.offers)]
    return [*offers, Part(None, profile.about, profile.sectors)]


def read_terms(vocabulary: Vocabulary, parts: list[Part]) -> list[int]:
    """Return all terms of the parts: words, and codes with every level above them."""
    terms: list[int] = []
    for part in parts:
        for language, text in part.text.items():
            terms += vocabulary.read(text, language)
    return [*terms, *read_codes(vocabulary, parts)]


def read_codes(vocabulary: Vocabulary, parts: list[Part]) -> dict[int, str]:
    """Return the sectors of the parts with every level above them, by term; each once."""
    codes = {level for part in parts for code in part.sectors for level in levels_of(code)}
    return {vocabulary.code(code): code for code in sorted(codes)}


def read_text(parts: list[Part]) -> str:
    """Return the parts in the language that each gives first, for a model of meaning."""
    return "\n".join(next(iter(part.text.values()), "") for part in parts).strip()


def levels_of(code: str) -> Iterator[str]:
    """Yield a code with every level above it, the highest first."""
    for match in re.finditer(r"[^./]+", code):
        yield code[: match.end()]
