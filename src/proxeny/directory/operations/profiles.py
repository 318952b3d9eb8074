"""Entries as the matching engine reads them, and its reasons as data that can be kept."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proxeny.directory.models import Listing
from proxeny.directory.queries.matching import Entry, Text
from proxeny.directory.quoting import ABOUT, about_text, digest_of
from proxeny.engine.matching import (
    Index,
    Profile,
    Reason,
    Statement,
    Word,
    explain_gaps,
    find_word,
)
from proxeny.kernel.hooks import Hook

#: A pair of organisations.
Pair = tuple[int, int]
#: Returns pairs of these organisations that have met, as far as the reader may know.
MetWith = Callable[[Collection[int]], set[Pair]]
#: Returns how much these organisations liked whom, from 0 to 1, as far as the reader may know; of one
#: partnership alone, where its number is given.
LikedBy = Callable[[Collection[int], int | None], dict[Pair, float]]

PAST_MEETINGS: Hook[MetWith] = Hook(
    "matching.past_meetings", "Pairs of organisations that have met before, for matching."
)
_LIKED: dict[bool, list[LikedBy]] = {True: [], False: []}


def pairs_met(organisation_ids: Collection[int]) -> set[Pair]:
    """Return pairs of organisations that have met; each pair begins with one of those given."""
    return {pair for ask in PAST_MEETINGS for pair in ask(organisation_ids)}


def know_liking(liked_by: LikedBy, *, own_word: bool) -> None:
    """Have matching know how introductions and meetings went; called when Django is ready.

    Parameters
    ----------
    own_word : bool
        Whether an organisation says it itself, and not its cluster for it.
    """
    _LIKED[own_word].append(liked_by)


def pairs_liked(
    organisation_ids: Collection[int], *, own_word: bool, partnership_id: int | None = None
) -> dict[Pair, float]:
    """Return ratings between pairs, from 0 to 1; each pair begins with one of those given."""
    found: dict[Pair, float] = {}
    for ask in _LIKED[own_word]:
        found |= ask(organisation_ids, partnership_id)
    return found


@dataclass(frozen=True, slots=True)
class Wants:
    """The kind of partners that an organisation seeks; an empty set asks for nothing."""

    kinds: frozenset[str]
    sizes: frozenset[str]
    countries: frozenset[str]

    def takes(self, other: Entry) -> bool:
        """Whether another entry is of a kind and size that is sought; an unknown size passes."""
        return (not self.kinds or other.kind in self.kinds) and (
            not self.sizes or not other.size or other.size in self.sizes
        )


@dataclass(frozen=True, slots=True)
class Profiles:
    """Entries with the engine's view of them, in the same order."""

    entries: list[Entry]
    profiles: list[Profile]
    wants: list[Wants]
    #: Ids of the texts behind each profile's needs and offers; 0 for one that is no listing.
    needs: list[tuple[int, ...]]
    offers: list[tuple[int, ...]]

    @property
    def place_of(self) -> dict[int, int]:
        """The position of each organisation."""
        return {entry.id: place for place, entry in enumerate(self.entries)}

    def asking_texts(self, place: int) -> dict[int, str]:
        """Return the texts to match others against, by number: the needs, else all it offers."""
        needs = self._texts(place, self.needs[place])
        return needs or self.offering_texts(place)

    def offering_texts(self, place: int) -> dict[int, str]:
        """The texts on offer, by number: the offers, and the description."""
        about = about_text(self.entries[place].summary, self.entries[place].sectors)
        return {**self._texts(place, self.offers[place]), ABOUT: about}

    def _texts(self, place: int, ids: Sequence[int]) -> dict[int, str]:
        told = {one.id: one.words for one in self.entries[place].texts}
        return {pk: told[pk] for pk in ids}

    def fit(self, one: int, other: int) -> bool:
        """Whether two places are each of a kind and size that the other seeks."""
        return self.wants[one].takes(self.entries[other]) and self.wants[other].takes(
            self.entries[one]
        )


def wants_of(texts: Sequence[Text]) -> Wants:
    """Return the partners that texts seek together: what one of them leaves open is open."""

    def together(sets: Iterable[Sequence[str]]) -> frozenset[str]:
        found = [frozenset(one) for one in sets]
        return frozenset().union(*found) if found and all(found) else frozenset()

    return Wants(
        together(one.partner_kinds for one in texts),
        together(one.partner_sizes for one in texts),
        together(one.partner_countries for one in texts),
    )


def make_profiles(entries: Sequence[Entry]) -> Profiles:
    """Turn entries into profiles of the engine."""
    made = Profiles([], [], [], [], [])
    for entry in entries:
        needs = [one for one in entry.texts if one.direction == Listing.Direction.NEED]
        offers = [one for one in entry.texts if one.direction == Listing.Direction.OFFER]
        wants = wants_of(entry.texts)
        made.entries.append(entry)
        made.wants.append(wants)
        made.needs.append(tuple(one.id for one in needs))
        made.offers.append(tuple(one.id for one in offers))
        made.profiles.append(
            Profile(
                about=_about(entry),
                offers=tuple(Statement({one.language: one.words}) for one in offers),
                needs=tuple(Statement({one.language: one.words}) for one in needs),
                sectors=frozenset((*entry.nace, *entry.topics)),
                country=entry.country,
                place=entry.nuts,
                countries_sought=wants.countries,
            )
        )
    return made


def _about(entry: Entry) -> dict[str, str]:
    told = about_text(entry.summary, entry.sectors)
    return {entry.language: told} if told else {}


_MOST_GAPS = 2


def keep_gaps(profile: Profile, index: Index) -> list[dict[str, Any]]:
    """Return the missing parts of a profile that would help its matches most, as JSON, in order."""
    return [
        {
            "field": gap.field,
            "state": gap.state,
            "gain": round(gap.gain, 3),
            "languages": list(gap.languages),
            "others": gap.others,
        }
        for gap in explain_gaps(profile, index)
        if gap.gain > 0
    ][:_MOST_GAPS]


def keep_reason(reason: Reason, read: Profiles, mine: int, theirs: int) -> dict[str, Any]:
    """Return a reason of the engine as JSON, with texts by number, and words by their positions.

    No word itself is stored: a reader without access to a text does not read its words. `mine` and
    `theirs` are the positions of the reader's organisation and of the suggested one.
    """
    asks, gives = (theirs, mine) if reason.kind == "they_need" else (mine, theirs)
    kept: dict[str, Any] = {"kind": reason.kind, "share": round(reason.share, 3)}
    if reason.words:
        kept |= _keep_words(reason.words, read.asking_texts(asks), read.offering_texts(gives))
    if reason.codes:
        kept["codes"] = list(reason.codes)
    if reason.kind == "country":
        kept["texts"] = [
            one.id for one in read.entries[mine].texts if reason.codes[0] in one.partner_countries
        ]
    if reason.need is not None and read.needs[asks]:
        kept["need"] = read.needs[asks][reason.need]
    if reason.offer is not None and read.offers[gives]:
        kept["offer"] = read.offers[gives][reason.offer]
    return kept


def _keep_words(
    words: Iterable[Word], asking: Mapping[int, str], offering: Mapping[int, str]
) -> dict[str, Any]:
    """Return words as `[number, start, end]` of both texts and a share, and the texts' digests."""
    kept: list[list[Any]] = [
        [*asked, *offered, round(word.share, 3)]
        for word in words
        if (asked := _find(word.asked, asking)) and (offered := _find(word.offered, offering))
    ]
    return {
        "words": kept,
        "asked": {str(pk): digest_of(asking[pk]) for pk in {one[0] for one in kept}},
        "offered": {str(pk): digest_of(offering[pk]) for pk in {one[3] for one in kept}},
    }


def _find(word: str, texts: Mapping[int, str]) -> tuple[int, int, int] | None:
    """Return the first text that has the word, and where; as the engine reads them, in order."""
    for pk, text in texts.items():
        at = find_word(text, word)
        if at >= 0:
            return pk, at, at + len(word)
    return None


#: One shared word must carry this much of what is asked to be told; each further one halves it, since
#: of a long text even a good partner answers a small part.
TELLING = 0.2


def keep_reasons(
    reasons: Iterable[Reason],
    read: Profiles,
    mine: int,
    theirs: int,
    *,
    they_offer: float,
    they_need: float,
) -> list[dict[str, Any]]:
    """Return the meaningful reasons, as `keep_reason` does.

    Some word is shared by almost any two texts: a direction that rests on little is not told.
    """
    scores = {"they_offer": they_offer, "they_need": they_need}
    return [
        keep_reason(one, read, mine, theirs)
        for one in reasons
        if one.kind not in scores or scores[one.kind] >= TELLING / 2 ** (len(one.words) - 1)
    ]


_SAYS_WHY = ("they_offer", "they_need", "sector", "meaning", "colleagues")


def has_reason(kept: Iterable[Mapping[str, Any]]) -> bool:
    """Whether reasons say why two should meet, and not only what else they have in common."""
    return any(one["kind"] in _SAYS_WHY for one in kept)


def keep_clusters(cluster_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the clusters that two are members of as a reason."""
    return [{"kind": "clusters", "share": 0, "codes": list(cluster_ids[:3])}] if cluster_ids else []
