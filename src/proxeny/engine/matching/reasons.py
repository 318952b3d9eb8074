"""Reasons why two members match: the words and facts that carried the score."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from proxeny.engine.matching._parts import Part, asking_parts, offering_parts, read_codes
from proxeny.engine.matching._rows import Rows
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.model import Profile, Reason, ReasonKind, Word
from proxeny.engine.matching.words import says_something

__all__ = ["explain"]

type _Found = dict[int, tuple[str, frozenset[int | None]]]


def explain(index: Index, member: int, target: int, *, words: int = 5) -> tuple[Reason, ...]:
    """Return the reasons for proposing a target to a member.

    Parameters
    ----------
    member, target : int
        Places in `index.profiles`.
    words : int
        Most words per direction.

    Returns
    -------
    tuple of Reason
        The words of each direction, with the share that each carried; sectors; country and place;
        the nearness of meaning. Empty if nothing is in common.

    Notes
    -----
    The words are taken from the profiles as written, so that a page shows the word and not its
    stem. Costs the length of the two profiles.
    """
    mine, theirs = index.profiles[member], index.profiles[target]
    return (
        *_explain_direction(index, "they_offer", (member, target), words),
        *_explain_direction(index, "they_need", (target, member), words),
        *_explain_facts(mine, theirs),
        *_explain_meaning(index, member, target),
    )


def _explain_direction(
    index: Index, kind: ReasonKind, pair: tuple[int, int], words: int
) -> list[Reason]:
    """Reasons of one direction: the first of the pair asks, the second offers."""
    asks, gives = pair
    carried = _carried(index.needs, index.offers.weights, asks, gives)
    asking = asking_parts(index.profiles[asks])
    offering = offering_parts(index.profiles[gives])
    asked, offered = _find(index, asking), _find(index, offering)
    shared = {
        term: share
        for term, share in carried.items()
        if term in asked and term in offered and says_something(asked[term][0])
    }
    found = []
    if shared:
        best = sorted(shared, key=lambda term: -shared[term])[:words]
        need, offer = _best_statements(shared, asked, offered)
        found.append(
            Reason(
                kind=kind,
                share=sum(shared.values()),
                words=tuple(Word(asked[term][0], offered[term][0], shared[term]) for term in best),
                need=need,
                offer=offer,
            )
        )
    codes = read_codes(index.vocabulary, asking)
    common = {codes[term]: share for term, share in carried.items() if term in codes}
    if common:
        found.append(Reason(kind="sector", share=sum(common.values()), codes=_deepest(set(common))))
    return found


def _carried(needs: Rows, offers: Rows, asks: int, gives: int) -> dict[int, float]:
    """Share of each common term in a directed score."""
    ask = slice(needs.ptr[asks], needs.ptr[asks + 1])
    give = slice(offers.ptr[gives], offers.ptr[gives + 1])
    terms, one, other = np.intersect1d(
        needs.cols[ask], offers.cols[give], assume_unique=True, return_indices=True
    )
    parts = needs.vals[ask][one].astype(float) * offers.vals[give][other]
    total = parts.sum()
    return {
        int(term): float(part / total) for term, part in zip(terms, parts, strict=True) if part > 0
    }


def _find(index: Index, parts: list[Part]) -> _Found:
    """Return each term with its first word form, and the statements that contain it."""
    first: dict[int, str] = {}
    places: defaultdict[int, set[int | None]] = defaultdict(set)
    for part in parts:
        for language, text in part.text.items():
            for term, word in index.vocabulary.read_pairs(text, language):
                first.setdefault(term, word)
                places[term].add(part.place)
    return {term: (word, frozenset(places[term])) for term, word in first.items()}


def _best_statements(
    shared: Mapping[int, float], asked: _Found, offered: _Found
) -> tuple[int | None, int | None]:
    """The need and the offer whose common words carried most."""
    pairs: defaultdict[tuple[int | None, int | None], float] = defaultdict(float)
    for term, share in shared.items():
        for need in asked[term][1]:
            for offer in offered[term][1]:
                pairs[need, offer] += share
    return max(pairs, key=lambda pair: (pairs[pair], pair[0] is not None, pair[1] is not None))


def _deepest(codes: set[str]) -> tuple[str, ...]:
    """Drop what is only a level above another code."""
    return tuple(
        sorted(
            c for c in codes if not any(d != c and d.startswith((c + ".", c + "/")) for d in codes)
        )
    )


def _explain_facts(mine: Profile, theirs: Profile) -> list[Reason]:
    found = []
    if theirs.country and theirs.country in mine.countries_sought:
        found.append(Reason(kind="country", share=0.0, codes=(theirs.country,)))
    place = _common_place(mine.place, theirs.place)
    if place:
        found.append(Reason(kind="place", share=0.0, codes=(place,)))
    return found


def _common_place(one: str, other: str) -> str:
    """Return the smallest NUTS region that holds both, if it is smaller than a country."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length] if length > 2 else ""


def _explain_meaning(index: Index, member: int, target: int) -> list[Reason]:
    if index.asked is None or index.offered is None:
        return []
    nearest = max(
        float(index.asked[member] @ index.offered[target]),
        float(index.asked[target] @ index.offered[member]),
    )
    return [Reason(kind="meaning", share=nearest)] if nearest > 0 else []
