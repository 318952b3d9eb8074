"""Reasons of a match in full sentences, in the reader's language, from the data they are kept as.

The engine tells facts: which need met which offer, on which words, how much of the score each
carried. A reason may name a text that is not published any more; it is then not told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Listing
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS, own_label
from proxeny.folding import fold
from proxeny.kernel.lists import join_items

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SharedWord:
    """A word that carried a match: as it is asked, as it is offered, and its share in percent."""

    asked: str
    offered: str
    percent: int

    @property
    def is_same(self) -> bool:
        """Whether both sides use the same word."""
        return fold(self.asked) == fold(self.offered)


@dataclass(frozen=True, slots=True)
class Said:
    """A text that is no listing and can be a reason: what somebody looks for at an event."""

    pk: int
    title: str


@dataclass(frozen=True, slots=True)
class Why:
    """One direction of a match: the sentence, the words, and the texts it speaks of."""

    sentence: str
    words: tuple[SharedWord, ...] = ()
    need: Listing | Said | None = None
    offer: Listing | Said | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Why two should meet: what they bring, what the own side brings, and what else they share."""

    they_bring: Why | None = None
    we_bring: Why | None = None
    facts: tuple[str, ...] = field(default=())

    @property
    def is_both_ways(self) -> bool:
        """Whether each side has something that the other needs."""
        return self.they_bring is not None and self.we_bring is not None

    @property
    def first(self) -> str:
        """The strongest reason as one sentence, or nothing."""
        for one in (self.they_bring, self.we_bring):
            if one is not None:
                return one.sentence
        return self.facts[0] if self.facts else ""


def listing_ids(reasons: Iterable[Kept]) -> set[int]:
    """Return the ids of the texts that reasons name."""
    return {one[name] for one in reasons for name in ("need", "offer") if one.get(name)}


def tell_reasons(
    reasons: Sequence[Kept],
    *,
    listings: Mapping[int, Listing | Said],
    clusters: Mapping[int, str] | None = None,
    us: str = "",
    them: str = "",
) -> Told:
    """Return the sentences of a match.

    Parameters
    ----------
    listings : mapping
        The texts named, as far as they are published and the reader sees them, by id.
    clusters : mapping, optional
        Names of clusters by id, as far as the reader sees them.
    us, them : str
        Names of the two sides for who belongs to neither; empty: the reader is the first side.
    """
    by_kind = {one["kind"]: one for one in reversed(reasons)}
    names = {"us": _isolate(us), "them": _isolate(them)}
    return Told(
        they_bring=_tell_side(by_kind.get("they_offer"), listings, names, is_theirs=True),
        we_bring=_tell_side(by_kind.get("they_need"), listings, names, is_theirs=False),
        facts=tuple(_tell_facts(reasons, clusters or {}, is_named=bool(us))),
    )


def _tell_side(
    reason: Kept | None,
    listings: Mapping[int, Listing | Said],
    names: Mapping[str, str],
    *,
    is_theirs: bool,
) -> Why | None:
    if reason is None or any(reason.get(one) and reason[one] not in listings
                             for one in ("need", "offer")):  # fmt: skip
        return None
    need, offer = (listings.get(reason.get(one, 0)) for one in ("need", "offer"))
    choose = _they_bring if is_theirs else _we_bring
    sentence = choose(bool(offer), bool(need), is_named=bool(names["us"])) % {
        **names,
        "offer": _isolate(offer.title if offer else ""),
        "need": _isolate(need.title if need else ""),
    }
    words = tuple(
        SharedWord(asked, offered, round(100 * share))
        for asked, offered, share in reason.get("words", ())
    )
    return Why(sentence, words, need, offer)


def _they_bring(has_offer: bool, has_need: bool, *, is_named: bool) -> str:
    """Return how to say that their offer meets our need; without a need, what we do stands in."""
    if is_named:
        return {
            (True, True): _("%(them)s offers “%(offer)s”; %(us)s needs “%(need)s”."),
            (True, False): _("%(them)s offers “%(offer)s”, which is close to what %(us)s does."),
            (False, True): _("%(us)s needs “%(need)s”; %(them)s speaks of it in its profile."),
            (False, False): _("What %(them)s says of itself is close to what %(us)s does."),
        }[has_offer, has_need]
    return {
        (True, True): _("They offer “%(offer)s”; you need “%(need)s”."),
        (True, False): _("They offer “%(offer)s”, which is close to what you do."),
        (False, True): _("You need “%(need)s”; they speak of it in their profile."),
        (False, False): _("What they say of themselves is close to what you do."),
    }[has_offer, has_need]


def _we_bring(has_offer: bool, has_need: bool, *, is_named: bool) -> str:
    """Return how to say that our offer meets their need; without a need, what they do stands in."""
    if is_named:
        return {
            (True, True): _("%(us)s offers “%(offer)s”; %(them)s needs “%(need)s”."),
            (True, False): _("%(us)s offers “%(offer)s”, which is close to what %(them)s does."),
            (False, True): _("%(them)s needs “%(need)s”; %(us)s speaks of it in its profile."),
            (False, False): _("What %(us)s says of itself is close to what %(them)s does."),
        }[has_offer, has_need]
    return {
        (True, True): _("You offer “%(offer)s”; they need “%(need)s”."),
        (True, False): _("You offer “%(offer)s”, which is close to what they do."),
        (False, True): _("They need “%(need)s”; you speak of it in your profile."),
        (False, False): _("What you say of yourselves is close to what they do."),
    }[has_offer, has_need]


def _tell_facts(
    reasons: Sequence[Kept], clusters: Mapping[int, str], *, is_named: bool
) -> Iterable[str]:
    # The engine tells the sectors of each direction; here they are one fact.
    fields = [
        label
        for one in reasons
        if one["kind"] == "sector"
        for code in one["codes"]
        if (label := _field_label(code))
    ]
    if fields:
        yield _("The same field: %(fields)s.") % {"fields": join_items(dict.fromkeys(fields))}
    tell: dict[str, Callable[[Sequence[Any]], str]] = {
        "country": lambda codes: _country(codes, is_named=is_named),
        "place": _place,
        "projects": lambda codes: (
            _("Worked together in %(projects)s.")
            % {"projects": join_items(_isolate(code) for code in codes)}
        ),
        "clusters": lambda codes: _clusters(codes, clusters),
        "meaning": lambda _codes: _("The two profiles speak of like things."),
    }
    for one in reasons:
        if one["kind"] in tell and (said := tell[one["kind"]](one.get("codes", ()))):
            yield said


def _field_label(code: str) -> str:
    return own_label(EUROSCIVOC if code.startswith("/") else NACE, code) or ""


def _country(codes: Sequence[str], *, is_named: bool) -> str:
    country = country_name(codes[0])
    if is_named:
        return _("In a country that is sought: %(country)s.") % {"country": country}
    return _("In a country where you look for partners: %(country)s.") % {"country": country}


def _place(codes: Sequence[str]) -> str:
    label = own_label(NUTS, codes[0])
    return _("Both in %(place)s.") % {"place": _isolate(label)} if label else ""


def _clusters(codes: Sequence[int], clusters: Mapping[int, str]) -> str:
    names = [_isolate(clusters[code]) for code in codes if code in clusters]
    return _("Both members of %(clusters)s.") % {"clusters": join_items(names)} if names else ""


def tell_words(words: Sequence[SharedWord]) -> str:
    """Return the words of a direction with their shares as one line, for a file."""
    return join_items(
        f"{one.offered if one.is_same else f'{one.asked} – {one.offered}'}"
        f" {number_format(one.percent)} %"
        for one in words
    )


def _isolate(text: str) -> str:
    """Keep the direction of a name of another script from turning the sentence around it."""
    return f"\u2068{text}\u2069" if text else ""
