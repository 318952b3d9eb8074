"""Detection of possible duplicates among the entries of a list. Plain values, no database.

Never all pairs: entries are compared only where they share an identifier, a web site, or a block of
similar names, and blocks have a maximum size. So the work grows with the number of entries and not
with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from proxeny.folding import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Below this, two names are two names.
ALIKE = 0.88
#: Minimum similarity of the words that two names do not share.
_ALIKE_REST = 72
#: Below this, in hundredths, they are not even looked at.
_ROUGHLY = 80
#: Of a larger block only neighbours in its order are compared, so many on each side.
_BLOCK, _NEIGHBOURS = 24, 6
#: A site that more entries share says nothing of any two of them.
_SHARED = 20
#: Sites that host others' pages.
_HOSTS = _words(
    "facebook.com linkedin.com instagram.com twitter.com x.com youtube.com google.com wixsite.com "
    "wordpress.com blogspot.com github.io github.com sites.google.com business.site webnode.com "
    "jimdo.com jimdofree.com weebly.com linktr.ee europa.eu"
)
# Legal forms of the countries of the product's users, folded: they do not identify anybody.
_FORMS = _words(
    "sa sas sasu sarl sarlu eurl sci scop scic snc se sca gie "  # France, Belgium, Morocco
    "srl srls spa sapa snc scarl "  # Italy
    "gmbh ag kg ohg ug ggmbh mbh ev eg kgaa "  # Germany, Austria, Switzerland
    "ltd limited plc llp llc inc corp corporation company co cic "  # English
    "bv nv vof bvba cvba vzw asbl aisbl ivzw "  # Netherlands, Belgium
    "sl slu sau sccl lda unipessoal "  # Spain, Portugal
    "ab oy oyj as asa aps a ivs hf ehf "  # Nordic
    "doo dd dooel ood eood ad ead spolka zoo sro as kft zrt nyrt bt "  # Centre and East
    "αε αβεε αεβε επε ικε μικε οε εε αμκε "  # Greece
    "aebe abee ike mike epe ae oe ee amke "  # Greece, in Latin letters
    "ش م ذ شركه "
)
_WORDS_OF_FORM = (
    ("sp", "z", "o", "o"),
    ("s", "p", "a"),
    ("s", "r", "l"),
    ("s", "a", "r", "l"),
    ("s", "a", "s"),
    ("s", "r", "o"),
    ("s", "l"),
    ("s", "a"),
    ("b", "v"),
    ("n", "v"),
    ("e", "v"),
    ("d", "o", "o"),
    ("a", "s"),
    ("α", "β", "ε", "ε"),
    ("α", "ε", "β", "ε"),
    ("μ", "ι", "κ", "ε"),
    ("ι", "κ", "ε"),
    ("ε", "π", "ε"),
    ("α", "ε"),
    ("ο", "ε"),
    ("ε", "ε"),
    ("i", "k", "e"),
    ("a", "e"),
    ("g", "m", "b", "h"),
    ("a", "g"),
    ("l", "t", "d"),
)
_OPEN = _words("the la le les l de du des d of and et und der die das το η ο και της του των")


@dataclass(frozen=True, slots=True)
class Entry:
    """The compared facts of an entry; `identifiers` as `vat:EL094014201`."""

    id: int
    name: str
    country: str = ""
    city: str = ""
    website: str = ""
    former_names: Sequence[str] = ()
    identifiers: Sequence[str] = ()


@dataclass(slots=True)
class Pair:
    """Two entries, the one with the smaller number first, the evidence, and its strength.

    `evidence` holds what both have: `identifier` and `website` texts, `name` the two names and how
    near they are from 0 to 1, `place` the city; `against` names registers that give each another
    number.
    """

    first: int
    second: int
    evidence: dict[str, Any] = field(default_factory=dict)
    score: float = 0.0


@lru_cache(maxsize=200_000)
def bare_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without its legal form.

    Examples
    --------
    >>> bare_words("ΨΗΦΙΑΚΗ Α.Ε."), bare_words("Acme S.A.S."), bare_words("SAS")
    (('ψηφιακη',), ('acme',), ('sas',))
    """
    words = fold(name).split()
    kept = _without_spelt_forms(words)
    kept = [word for word in kept if word not in _FORMS]
    return tuple(kept or words)


def _without_spelt_forms(words: list[str]) -> list[str]:
    # S.A.R.L. is folded to four letters; a form comes last, only rarely first.
    for form in _WORDS_OF_FORM:
        size = len(form)
        if tuple(words[-size:]) == form and len(words) > size:
            return words[:-size]
        if tuple(words[:size]) == form and len(words) > size:
            return words[size:]
    return words


def near(one: str, other: str) -> float:
    """Return how near two names are, from 0 to 1; 0 where they are clearly two.

    Legal forms, order of words and small words do not count; numbers have to be the same, and so
    do initials and short words: `Lab 1` is not `Lab 2`.

    Examples
    --------
    >>> near("Acme SA", "ACME S.A."), near("Lab 1", "Lab 2")
    (1.0, 0.0)
    """
    return _near(bare_words(one), bare_words(other))


def _near(one: Sequence[str], other: Sequence[str]) -> float:
    mine, theirs = set(one) - _OPEN, set(other) - _OPEN
    if mine == theirs or "".join(one) == "".join(other):
        return 1.0
    rest, rest_of_other = sorted(mine - theirs), sorted(theirs - mine)
    if _numbers(rest) or _numbers(rest_of_other):
        return 0.0
    score = fuzz.ratio(" ".join(sorted(mine)), " ".join(sorted(theirs))) / 100
    if score < ALIKE:
        return 0.0
    if rest and rest_of_other:
        left, right = "".join(rest), "".join(rest_of_other)
        if min(len(left), len(right)) < 4 or fuzz.ratio(left, right) < _ALIKE_REST:
            return 0.0
    return score


def _numbers(words: Iterable[str]) -> bool:
    return any(sign.isdigit() for word in words for sign in word)


@lru_cache(maxsize=200_000)
def site_of(website: str) -> str:
    """Return the host of a website; empty for pages on others' sites.

    The whole host and not the domain above it: of one domain are all institutes of a ministry.

    Examples
    --------
    >>> site_of("https://www.lab.example.org/en"), site_of("https://facebook.com/acme")
    ('lab.example.org', '')
    """
    host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").rstrip(".")
    host = host.removeprefix("www.")
    is_hosted = any(host == one or host.endswith(f".{one}") for one in _HOSTS)
    return "" if is_hosted or "." not in host or re.fullmatch(r"[\d.]+", host) else host


def find_pairs(
    entries: Sequence[Entry], *, report: Callable[[int, int], None] = lambda done, total: None
) -> list[Pair]:
    """Return pairs that may be the same organisation, the most likely first.

    Parameters
    ----------
    entries : sequence of Entry
        Of one list. Memory grows with their number: about 3 kB each.
    report : callable
        Called with the number of finished steps and their total.

    Notes
    -----
    n entries with w words a name make n·w places in blocks; each is compared with at most
    `_BLOCK` others: O(n·w) comparisons, and O(n·log n) for sorting.
    """
    entries = _without_crowded_sites(entries)
    by_id = {one.id: one for one in entries}
    seen: set[tuple[int, int]] = set()
    found: list[Pair] = []
    steps = [_by_identifier, _by_site, _by_name]
    for number, step in enumerate(steps):
        report(number, len(steps))
        for first, second in step(entries):
            key = (first, second) if first < second else (second, first)
            if key in seen or first == second:
                continue
            seen.add(key)
            one, other = by_id[key[0]], by_id[key[1]]
            # Entries that share a number are already tied to its first holder.
            if step is not _by_identifier and _share_number(one, other):
                continue
            pair = judge(one, other)
            if pair is not None:
                found.append(pair)
    report(len(steps), len(steps))
    return sorted(found, key=lambda one: (-one.score, one.first, one.second))


def _share_number(one: Entry, other: Entry) -> bool:
    return bool(one.identifiers and other.identifiers) and not set(one.identifiers).isdisjoint(
        other.identifiers
    )


def _without_crowded_sites(entries: Sequence[Entry]) -> list[Entry]:
    counts = Counter(site_of(one.website) for one in entries if one.website)
    return [
        replace(one, website="") if counts.get(site_of(one.website), 0) > _SHARED else one
        for one in entries
    ]


def judge(one: Entry, other: Entry) -> Pair | None:
    """Return the evidence for two entries being one organisation; None where it is too weak."""
    evidence: dict[str, Any] = {}
    shared = sorted(set(one.identifiers) & set(other.identifiers))
    if shared:
        evidence["identifier"] = shared
    if one.country == other.country:
        nearest = max(_name_pairs(one, other))
        if nearest[0]:
            evidence["name"] = [nearest[1], nearest[2], round(nearest[0], 3)]
    site = site_of(one.website)
    if site and one.country == other.country and site == site_of(other.website):
        evidence["website"] = site
    against = sorted(_contradictions(one, other))
    if against:
        evidence["against"] = against
    if one.city and fold(one.city) == fold(other.city) and one.country == other.country:
        evidence["place"] = one.city
    score = _score(evidence, one, other)
    if score < 0.5:
        return None
    first, second = sorted((one.id, other.id))
    if first != one.id and "name" in evidence:
        evidence["name"] = [nearest[2], nearest[1], evidence["name"][2]]
    return Pair(first, second, evidence, round(score, 3))


def _name_pairs(one: Entry, other: Entry) -> Iterator[tuple[float, str, str]]:
    yield 0.0, "", ""
    for mine in (one.name, *one.former_names):
        for theirs in (other.name, *other.former_names):
            yield near(mine, theirs), mine, theirs


def _contradictions(one: Entry, other: Entry) -> Iterator[str]:
    # An organisation has one number of a register for each country; two different ones speak for
    # two organisations.
    mine, theirs = _by_register(one), _by_register(other)
    for register in mine.keys() & theirs.keys():
        if not mine[register] & theirs[register]:
            yield register


def _by_register(entry: Entry) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key in entry.identifiers:
        scheme, _colon, value = key.partition(":")
        found[scheme].add(value)
    return found


def _score(evidence: dict[str, Any], one: Entry, other: Entry) -> float:
    if "identifier" in evidence:
        return 0.95 + 0.05 * bool("name" in evidence or "website" in evidence)
    name = evidence["name"][2] if "name" in evidence else 0.0
    score = 0.0
    if name:
        # The same name in two cities may be two; where one says no city, it says nothing.
        elsewhere = bool(one.city and other.city) and "place" not in evidence
        score = 0.55 + 0.3 * (name - ALIKE) / (1 - ALIKE) - 0.25 * elsewhere
        score += 0.08 * ("place" in evidence)
    if "website" in evidence:
        score = score + 0.35 if score else 0.5
    return min(score, 0.94) - 0.4 * ("against" in evidence)


def _by_identifier(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for one in entries:
        for key in one.identifiers:
            groups[key].append(one.id)
    for group in groups.values():
        # All with the first: of a hundred copies, ninety-nine pairs and not five thousand.
        yield from ((group[0], other) for other in group[1:])


def _by_site(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for one in entries:
        if site := site_of(one.website):
            groups[site].append(one.id)
    for group in groups.values():
        yield from combinations(group, 2)


def _by_name(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    blocks: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    counts = _word_counts(entries)
    for one in entries:
        for name in (one.name, *one.former_names):
            words = bare_words(name)
            place = ("".join(words), " ".join(sorted(set(words) - _OPEN)), one.id)
            for block in _blocks(words, counts):
                blocks[one.country, block].append(place)
    for places in blocks.values():
        if len(places) > 1:
            yield from _neighbours(places)


def _word_counts(entries: Sequence[Entry]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in entries:
        for name in (one.name, *one.former_names):
            counts.update(set(bare_words(name)))
    return counts


def _blocks(words: tuple[str, ...], counts: Counter[str]) -> set[str]:
    """Return the blocks of a name: names that differ slightly share one of them."""
    packed = "".join(words)
    rare = sorted((word for word in words if len(word) > 3), key=lambda word: (counts[word], word))
    return {
        f"={''.join(sorted(words))}",
        f"<{packed[:6]}",
        f">{packed[-6:]}",
        *(f"+{word}" for word in rare[:2]),
    }


def _neighbours(block: list[tuple[str, str, int]]) -> Iterator[tuple[int, int]]:
    block.sort()
    reach = len(block) if len(block) <= _BLOCK else _NEIGHBOURS + 1
    for distance in range(1, reach):
        for one, other in zip(block, block[distance:], strict=False):
            # Most are far apart: told here at once, in two calls.
            if fuzz.ratio(one[0], other[0], score_cutoff=_ROUGHLY) or fuzz.ratio(
                one[1], other[1], score_cutoff=_ROUGHLY
            ):
                yield one[2], other[2]
