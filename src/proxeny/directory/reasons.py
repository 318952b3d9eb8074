"""Reasons of a match in full sentences, in the reader's language, from their stored data.

The engine reports facts: which need matched which offer, on which words, and each word's share of
the score. They are stored as numbers and positions (`quoting`) and shown as far as they are still
valid for the reader: a text that was changed, withdrawn or hidden is not quoted, and an outdated
fact is not shown.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation
from proxeny.directory.queries.matching import published_by_owner
from proxeny.directory.queries.memberships import members_in
from proxeny.directory.queries.organisations import organisation_names
from proxeny.directory.queries.past_work import Part, parts_in
from proxeny.directory.quoting import ABOUT, Said, Speaker, about_text
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS, own_label
from proxeny.folding import fold
from proxeny.kernel.lists import join_items
from proxeny.kernel.percent import add_percent_sign

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
class Why:
    """One direction of a match: the sentence, the words, and the texts it speaks of."""

    sentence: str
    words: tuple[SharedWord, ...] = ()
    need: Said | None = None
    offer: Said | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The reasons to meet: the other side's offers, the own side's, and other things in common."""

    they_bring: Why | None = None
    we_bring: Why | None = None
    facts: tuple[str, ...] = field(default=())
    #: Whether one of the facts says why they should meet.
    is_like: bool = False

    @property
    def is_both_ways(self) -> bool:
        """Whether each side has something that the other needs."""
        return self.they_bring is not None and self.we_bring is not None

    @property
    def has_reason(self) -> bool:
        """Whether it says why they should meet, and not only what else they have in common."""
        return self.they_bring is not None or self.we_bring is not None or self.is_like

    @property
    def first(self) -> str:
        """The strongest reason as one sentence, or nothing."""
        for one in (self.they_bring, self.we_bring):
            if one is not None:
                return one.sentence
        return self.facts[0] if self.facts else ""


@dataclass(frozen=True, slots=True)
class Known:
    """The current data behind reasons, as the reader sees it: see `know`."""

    speakers: Mapping[int, Speaker]
    names: Mapping[int, str]
    members: Set[tuple[int, int]]
    parts: Mapping[tuple[int, int], Part]


def know(
    organisations: Iterable[Organisation],
    reasons: Collection[Kept],
    *,
    today: date,
    more: Mapping[int, Mapping[int, Said]] | None = None,
) -> Known:
    """Read the data behind reasons about organisations, as far as the reader sees it today.

    At most four queries, each only if some reason speaks of such a thing.

    Parameters
    ----------
    organisations : iterable of Organisation
        Both sides of all pairs.
    more : mapping, optional
        Texts by owner and number that are no listings.
    """
    organisations, more = list(organisations), more or {}
    texts = published_by_owner(_listing_ids(reasons))
    clusters = _codes(reasons, "clusters")
    ids = {one.pk for one in organisations}
    chains = [chain for one in reasons for chain in one.get("chains", ())]
    rows = {pk for one in reasons for row in one.get("rows", ()) for pk in row}
    rows.update(pk for _partner, *chain in chains for pk in chain)
    partners = {partner for partner, *_rows in chains}
    return Known(
        speakers={
            one.pk: Speaker(
                about_text(one.summary, one.sectors),
                frozenset((*one.nace, *one.topics)),
                one.country,
                one.nuts,
                {**texts.get(one.pk, {}), **more.get(one.pk, {})},
            )
            for one in organisations
        },
        names=organisation_names(clusters | partners),
        members=members_in(ids if clusters else (), clusters, today=today),
        parts=parts_in(rows, ids | partners),
    )


def _listing_ids(reasons: Iterable[Kept]) -> set[int]:
    """Return the numbers of the listings that reasons name or quote."""
    found: set[int] = set()
    for one in reasons:
        named = (one.get("need", 0), one.get("offer", 0), *one.get("texts", ()))
        found.update(named, map(int, (*one.get("asked", ()), *one.get("offered", ()))))
    return {pk for pk in found if pk > ABOUT}


def _codes(reasons: Iterable[Kept], kind: str) -> set[int]:
    return {code for one in reasons if one["kind"] == kind for code in one["codes"]}


def tell_reasons(
    reasons: Sequence[Kept], known: Known, *, mine: int, theirs: int, us: str = "", them: str = ""
) -> Told:
    """Return the sentences of a match.

    Parameters
    ----------
    known : Known
        What `know` read for these reasons and both organisations.
    mine, theirs : int
        The organisation the reasons are for, and the suggested one.
    us, them : str
        Names of the two sides for readers who belong to neither; empty: the reader is the first
        side.
    """
    pair = Pair(mine, theirs, known)
    names = {"us": _isolate(us), "them": _isolate(them)}
    # Of two reasons of one kind the first is the stronger one.
    by_kind = {one["kind"]: one for one in reversed(reasons)}
    facts = list(_tell_facts(reasons, pair, names))
    return Told(
        they_bring=_tell_side(
            by_kind.get("they_offer"), pair.mine, pair.theirs, names, is_theirs=True
        ),
        we_bring=_tell_side(
            by_kind.get("they_need"), pair.theirs, pair.mine, names, is_theirs=False
        ),
        facts=tuple(said for _kind, said in facts),
        is_like=any(kind in _LIKE for kind, _said in facts),
    )


#: Facts that say why two should meet.
_LIKE = ("sector", "meaning", "colleagues")


def _tell_side(
    reason: Kept | None,
    asking: Speaker,
    offering: Speaker,
    names: Mapping[str, str],
    *,
    is_theirs: bool,
) -> Why | None:
    if reason is None:
        return None
    need, offer = (
        asking.texts.get(reason.get("need", 0)),
        offering.texts.get(reason.get("offer", 0)),
    )
    if (reason.get("need") and not need) or (reason.get("offer") and not offer):
        return None
    words = _tell_words(reason, asking, offering)
    # Without a word, only what both have in so many titles still stands.
    if not words and not (need and offer):
        return None
    choose = _they_bring if is_theirs else _we_bring
    sentence = choose(bool(offer), bool(need), is_named=bool(names["us"])) % {
        **names,
        "offer": _isolate(offer.title if offer else ""),
        "need": _isolate(need.title if need else ""),
    }
    return Why(sentence, words, need, offer)


def _tell_words(reason: Kept, asking: Speaker, offering: Speaker) -> tuple[SharedWord, ...]:
    """Return the words that are still at their positions."""
    asked = asking.quotable(reason.get("asked", {}))
    offered = offering.quotable(reason.get("offered", {}))
    # Lists of earlier versions hold words without their places: nobody knows whether they stand.
    if not asked or not offered:
        return ()
    return tuple(
        SharedWord(asked[need][begin:end], offered[offer][first:last], round(100 * share))
        for need, begin, end, offer, first, last, share in reason.get("words", ())
        if need in asked and offer in offered
    )


def _they_bring(has_offer: bool, has_need: bool, *, is_named: bool) -> str:
    """Return the sentence for their offer and our need; without a need, it refers to our work."""
    if is_named:
        return {
            (True, True): _("%(them)s offers “%(offer)s”; %(us)s needs “%(need)s”."),
            (True, False): _("%(them)s offers “%(offer)s”, which is close to what %(us)s does."),
            (False, True): _("%(us)s needs “%(need)s”; %(them)s mentions it in its profile."),
            (False, False): _("The way %(them)s describes itself is close to what %(us)s does."),
        }[has_offer, has_need]
    return {
        (True, True): _("They offer “%(offer)s”; you need “%(need)s”."),
        (True, False): _("They offer “%(offer)s”, which is close to what you do."),
        (False, True): _("You need “%(need)s”; they mention it in their profile."),
        (False, False): _("The way they describe themselves is close to what you do."),
    }[has_offer, has_need]


def _we_bring(has_offer: bool, has_need: bool, *, is_named: bool) -> str:
    """Return the sentence for our offer and their need; without a need, it refers to their work."""
    if is_named:
        return {
            (True, True): _("%(us)s offers “%(offer)s”; %(them)s needs “%(need)s”."),
            (True, False): _("%(us)s offers “%(offer)s”, which is close to what %(them)s does."),
            (False, True): _("%(them)s needs “%(need)s”; %(us)s mentions it in its profile."),
            (False, False): _("The way %(us)s describes itself is close to what %(them)s does."),
        }[has_offer, has_need]
    return {
        (True, True): _("You offer “%(offer)s”; they need “%(need)s”."),
        (True, False): _("You offer “%(offer)s”, which is close to what they do."),
        (False, True): _("They need “%(need)s”; you mention it in your profile."),
        (False, False): _("The way you describe yourselves is close to what they do."),
    }[has_offer, has_need]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides, and the known data about them."""

    one: int
    other: int
    known: Known

    @property
    def mine(self) -> Speaker:
        """The side that the reasons are for."""
        return self.known.speakers[self.one]

    @property
    def theirs(self) -> Speaker:
        """The side that is proposed."""
        return self.known.speakers[self.other]

    def project(self, row: int, one: int, other_row: int, other: int) -> str:
        """Return the name of the project that two rows say two took part in; nothing if they do not."""
        parts = self.known.parts
        mine, theirs = parts.get((row, one)), parts.get((other_row, other))
        return theirs.name if mine and theirs and mine.same == theirs.same else ""


def _tell_facts(
    reasons: Sequence[Kept], pair: Pair, names: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """Yield each fact that holds today with its kind."""
    # The engine tells the sectors of each direction; here they are one fact.
    fields = [
        label
        for one in reasons
        if one["kind"] == "sector"
        for code in one["codes"]
        if pair.mine.works_in(code) and pair.theirs.works_in(code) and (label := _field_label(code))
    ]
    if fields:
        yield (
            "sector",
            _("Same field: %(fields)s.") % {"fields": join_items(dict.fromkeys(fields))},
        )
    tell: dict[str, Callable[[Kept], str]] = {
        "country": lambda one: _country(one, pair, is_named=bool(names["us"])),
        "place": lambda one: _place(one["codes"][0], pair),
        "projects": lambda one: _projects(one.get("rows", ()), pair),
        "colleagues": lambda one: _colleagues(one["chains"], pair, names),
        "clusters": lambda one: _clusters(one["codes"], pair),
        "meaning": lambda _one: _("The two profiles cover similar topics."),
    }
    for one in reasons:
        if one["kind"] in tell and (said := tell[one["kind"]](one)):
            yield one["kind"], said


def _field_label(code: str) -> str:
    return own_label(EUROSCIVOC if code.startswith("/") else NACE, code) or ""


def _country(reason: Kept, pair: Pair, *, is_named: bool) -> str:
    code = reason["codes"][0]
    sought = (
        pair.mine.texts[pk].countries for pk in reason.get("texts", ()) if pk in pair.mine.texts
    )
    if pair.theirs.country != code or not any(code in countries for countries in sought):
        return ""
    country = country_name(code)
    if is_named:
        return _("In a country where partners are sought: %(country)s.") % {"country": country}
    return _("In a country where you’re looking for partners: %(country)s.") % {"country": country}


def _place(code: str, pair: Pair) -> str:
    if not (pair.mine.place.startswith(code) and pair.theirs.place.startswith(code)):
        return ""
    label = own_label(NUTS, code)
    return _("Both in %(place)s.") % {"place": _isolate(label)} if label else ""


def _projects(rows: Iterable[tuple[int, int]], pair: Pair) -> str:
    names = [
        name for own, other in rows if (name := pair.project(own, pair.one, other, pair.other))
    ]
    if not names:
        return ""
    return _("Have worked together in %(projects)s.") % {
        "projects": join_items(_isolate(name) for name in dict.fromkeys(names))
    }


def _colleagues(chains: Iterable[Sequence[int]], pair: Pair, names: Mapping[str, str]) -> str:
    """Name the first partner in common that the reader sees in both projects."""
    choose = _worked_with(is_named=bool(names["us"]))
    for partner, own, with_us, with_them, other in chains:
        first = pair.project(own, pair.one, with_us, partner)
        second = pair.project(with_them, partner, other, pair.other)
        if first and second and partner in pair.known.names:
            return choose % {
                **names,
                "partner": _isolate(pair.known.names[partner]),
                "project": _isolate(second),
            }
    return ""


def _worked_with(*, is_named: bool) -> str:
    if is_named:
        return _("%(us)s worked with %(partner)s, who worked with %(them)s in %(project)s.")
    return _("You worked with %(partner)s, who worked with them in %(project)s.")


def _clusters(codes: Iterable[int], pair: Pair) -> str:
    known = pair.known
    names = [
        _isolate(known.names[code])
        for code in codes
        if code in known.names and {(pair.one, code), (pair.other, code)} <= known.members
    ]
    return _("Both members of %(clusters)s.") % {"clusters": join_items(names)} if names else ""


def tell_words(words: Sequence[SharedWord]) -> str:
    """Return the words of a direction with their shares as one line, for a file."""
    return join_items(
        f"{one.offered if one.is_same else f'{one.asked} – {one.offered}'}"
        f" {add_percent_sign(number_format(one.percent))}"
        for one in words
    )


def _isolate(text: str) -> str:
    """Keep the direction of a name of another script from turning the sentence around it."""
    return f"\u2068{text}\u2069" if text else ""
