"""Ranking of an organisation's possible partners, from everything that its reader sees."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import MatchChoice, Organisation
from proxeny.directory.operations.meaning import kept_meaning
from proxeny.directory.operations.past_work import HELD, Past
from proxeny.directory.operations.profiles import (
    Profiles,
    has_reason,
    keep_clusters,
    keep_gaps,
    keep_reasons,
    make_profiles,
    pairs_liked,
    pairs_met,
)
from proxeny.directory.queries import matching as reads
from proxeny.directory.queries.matching import Entry
from proxeny.directory.queries.memberships import clusters_shared
from proxeny.directory.queries.past_work import works_near
from proxeny.engine.matching import (
    Embed,
    Index,
    Match,
    Settings,
    Verdict,
    Vocabulary,
    build_index,
    explain,
    learn_taste,
    match_member,
)
from proxeny.folding import fold
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import Reader

#: Maximum number of suggestions kept, and of past partners among them, which come last.
MOST, MOST_TOGETHER = 50, 5
#: Up to so many others are all read; of more, those found by words, by field and by past work.
READ_ALL = 5000
BY_WORDS, BY_FIELD, BY_WORK = 4000, 1000, 500
#: A word found in more than this part of the entries identifies nobody in particular.
COMMON = 0.2
MOST_WORDS = 60
DIVERSITY = 0.3
#: What common partners alone are worth, of 1: as much as a pair of which one side gains half of
#: what it asks. Words order people first; whom they do not find comes up among the weaker pairs.
NEAR = 0.05
#: Refusals that do not say that such a partner is not wanted.
_SAYS_NOTHING = (MatchChoice.Why.KNOWN, MatchChoice.Why.LATER)

Report = Callable[[str, int], None]


def get_own(actor: Reader, organisation_id: int) -> Organisation:
    """Return an organisation to a reader who may look for its partners.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the organisation, or is neither of it nor of its cluster.
    """
    organisation = queries.get_organisation(organisation_id)
    if not rules.can_see_matches(actor, organisation):
        raise NotAllowed(
            _(
                "Only the organisation’s own people and its cluster’s team can look for its partners."
            )
        )
    return organisation


@dataclass(frozen=True, slots=True)
class Market:
    """The data for a list, read at one moment; the organisation comes first."""

    read: Profiles
    out: frozenset[int]
    liked: Mapping[int, float]
    past: Past
    clusters: Mapping[int, list[int]]
    embed: Embed | None
    considered: int
    basis: str


def load_market(*, actor: Reader, organisation_id: int, today: date) -> Market:
    """Read an organisation and its possible partners, with the actor's read rights.

    Raises as `get_own`.
    """
    get_own(actor, organisation_id)
    (own,) = reads.read_entries([organisation_id])
    considered = reads.count_partners(organisation_id)
    choices, works = reads.choices_of(own.id), works_near(own.id)
    liked = _liked(own.id, choices)
    near = Past(works, {own.id: 0}).common_with(own.id)
    partners = list(
        dict.fromkeys(
            (
                *_preselect(own, considered),
                *sorted(near, key=lambda pk: -near[pk])[:BY_WORK],
                *choices,
                *liked,
            )
        )
    )
    read = make_profiles([own, *reads.read_entries(partners)])
    met = {other for one, other in pairs_met([own.id]) if one == own.id}
    clusters = clusters_shared(own.id, today=today)
    # The clusters that an organisation belongs to need no introduction.
    known = {own.steward_id or 0, *(pk for ids in clusters.values() for pk in ids)}
    return Market(
        read=read,
        out=frozenset(met | known | set(choices)),
        liked=liked,
        past=Past(works, read.place_of),
        clusters=clusters,
        embed=kept_meaning([own.id, *partners]),
        considered=considered,
        basis=reads.basis_of(own.id),
    )


def _liked(organisation_id: int, choices: Mapping[int, MatchChoice]) -> dict[int, float]:
    """Return how much an organisation liked others: what it says of a meeting counts for more than
    what it said before, and that for more than what its cluster thought."""
    thought, said = (
        {
            other: liked
            for (one, other), liked in pairs_liked([organisation_id], own_word=own_word).items()
            if one == organisation_id
        }
        for own_word in (False, True)
    )
    chosen = {
        target: float(choice.verdict == MatchChoice.Verdict.WANTED)
        for target, choice in choices.items()
        if choice.why not in _SAYS_NOTHING
    }
    return {**thought, **chosen, **said}


def _preselect(own: Entry, count: int) -> list[int]:
    """Return the organisations to read: all, or the most likely ones by words and by field."""
    if count <= READ_ALL:
        return reads.first_partners(own.id, READ_ALL)
    expression = _expression(own)
    found = reads.partners_by_words(own.id, expression, BY_WORDS) if expression else []
    chosen = dict.fromkeys((*found, *reads.partners_by_field(own, BY_FIELD)))
    return list(chosen) or reads.first_partners(own.id, BY_FIELD)


def _expression(own: Entry) -> str:
    """Return the telling words of an entry and its texts as a search for any of them."""
    vocabulary = Vocabulary()
    told = [(own.language, own.summary), *((one.language, one.words) for one in own.texts)]
    words = Counter(
        part
        for language, text in told
        for _term, word in vocabulary.read_pairs(text, language)
        for part in fold(word).split()
    )
    sample = reads.sample_words(own.id)
    most = COMMON * len(sample)
    telling = [
        # Endings differ: of a longer word its beginning is sought.
        word if len(word) < 6 else word[:-2]
        for word, _count in words.most_common(4 * MOST_WORDS)
        if len(word) > 2 and sum(word in text for text in sample) <= most
    ]
    # Folded words hold letters and digits only: nothing in them can be an operator.
    return " | ".join(f"'{word}':*" for word in dict.fromkeys(telling[:MOST_WORDS]))


@dataclass(frozen=True, slots=True)
class Found:
    """The result as JSON: the suggestions, best first, and the main gaps of the profile."""

    proposals: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


def rank_partners(market: Market, *, report: Report) -> Found:
    """Find the best partners with their reasons. Needs no database.

    Past partners come after new ones, and partners of partners are suggested even if no word finds
    them.

    Takes the time of an index over all profiles read: half a second for a thousand.
    """
    read, past = market.read, market.past
    report("index", 40)
    index = build_index(read.profiles, embed=market.embed)
    report("rank", 85)
    answers = [
        Verdict(0, place, market.liked[entry.id])
        for place, entry in enumerate(read.entries)
        if entry.id in market.liked
    ]
    taste = learn_taste(index, answers, prior=HELD, relations=past.relations)
    settings = Settings(taste=taste, relations=past.relations)
    before = past.partners_of(read.entries[0].id)
    new, known = _targets(market, before)
    found = match_member(index, 0, new, top=MOST, diversity=DIVERSITY, settings=settings)
    again = match_member(index, 0, known, top=MOST_TOGETHER, settings=settings)
    report("rank", 98)
    near = _find_near(market, index, set(new) - {one.target for one in found})
    first, last = (_proposals(market, some) for some in (_merge(found, near), again))
    return Found([*first[: MOST - len(last)], *last], keep_gaps(read.profiles[0], index))


def _targets(market: Market, before: set[int]) -> tuple[list[int], list[int]]:
    """Return the positions of possible partners: those new to the organisation, and past ones."""
    new: list[int] = []
    known: list[int] = []
    for place, entry in enumerate(market.read.entries):
        if place and entry.id not in market.out and market.read.fit(0, place):
            (known if entry.id in before else new).append(place)
    return new, known


def _find_near(market: Market, index: Index, places: set[int]) -> list[Match]:
    """Return the positions, of those given, that have partners in common with it, nearest first."""
    place_of = market.read.place_of
    allowed = index.compatible[index.group[0]]
    shares = {
        place: NEAR * share
        for pk, share in market.past.common_with(market.read.entries[0].id).items()
        if (place := place_of.get(pk)) in places and allowed[index.group[place]]
    }
    nearest = sorted(shares, key=lambda place: (-shares[place], place))[:MOST]
    # Only partners that fit in the list are explained, because that costs more than the rest.
    return [Match(one, shares[one], 0.0, 0.0, explain(index, 0, one)) for one in nearest]


def _merge(found: Sequence[Match], near: Sequence[Match]) -> list[Match]:
    """Put matches by past work among the others: each before those that all score less.

    The others keep their order, which is not that of their scores: it is a varied one.
    """
    merged, rest = [], list(near)
    for number, one in enumerate(found):
        best = max(other.score for other in found[number:])
        while rest and rest[0].score > best:
            merged.append(rest.pop(0))
        merged.append(one)
    return merged + rest


def _proposals(market: Market, found: Sequence[Match]) -> list[dict[str, Any]]:
    proposals = [_proposal(market, one) for one in found]
    return [one for one in proposals if has_reason(one["reasons"])]


def _proposal(market: Market, found: Match) -> dict[str, Any]:
    read, partner = market.read, market.read.entries[found.target]
    reasons = keep_reasons(
        found.reasons,
        read,
        0,
        found.target,
        they_offer=found.they_offer,
        they_need=found.they_need,
    )
    return {
        "target": partner.id,
        "score": round(found.score, 4),
        "they_offer": round(found.they_offer, 4),
        "they_need": round(found.they_need, 4),
        "reasons": [
            *reasons,
            *market.past.keep_reasons(read.entries[0].id, partner.id),
            *keep_clusters(market.clusters.get(partner.id, ())),
        ],
    }
