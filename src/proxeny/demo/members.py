"""The invented members of a cluster: names, profiles, offers and needs, in their language."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

from proxeny.demo.texts import Deck, read_content, write

#: Kind of a member, the list of names it comes from, the part of a pool it speaks from,
#: its age and its number of people.
_INSTITUTIONS = (
    ("lab", "labs", "science", (8, 35), (9, 70)),
    ("university", "universities", "science", (15, 90), (180, 2400)),
    ("public", "publics", "public", (10, 60), (18, 220)),
    ("investor", "investors", "investor", (3, 20), (4, 19)),
)
_STARTUP = ("startup", (1, 6), (3, 24))
_COMPANY = ("company", (7, 38), (8, 210))
#: Members of which pools also write for partners abroad, in which language, and how many of them.
_ABROAD = {"creative-el": "en", "digital-fr": "en", "digital-ar": "fr"}
_WRITE_ABROAD = 0.6


@dataclass(frozen=True, slots=True)
class ListingText:
    """An offer or a need in the words of its member."""

    direction: str
    kind: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Member:
    """An invented member of a cluster."""

    key: str
    slug: str
    name: str
    kind: str
    country: str
    region: str
    city: str
    nuts: str
    nace: tuple[str, ...]
    topics: tuple[str, ...]
    summary: str
    language: str
    languages: tuple[str, ...]
    field: str
    employees: int
    founded: int
    contact: str
    listings: tuple[ListingText, ...]
    #: In a language that partners abroad read, and which one that is.
    abroad: tuple[ListingText, ...]
    abroad_language: str

    @property
    def website(self) -> str:
        """Its address, in a domain that can never exist."""
        return f"https://www.{self.slug}.example"

    @property
    def email(self) -> str:
        """Its contact address."""
        return f"contact@{self.slug}.example"


def name_person(voice_name: str, rng: Random) -> str:
    """Return an invented person's name; the surname says that it is invented."""
    voice = read_content("voices")[voice_name]
    sex = rng.choice(("women", "men"))
    return f"{rng.choice(voice[sex])} {rng.choice(voice['surnames_' + sex])}"


def invent_members(slug: str, *, seed: int, year: int) -> list[Member]:
    """Return all members of a cluster; the same ones for the same seed and year."""
    cluster = read_content("clusters")[slug]
    members: list[Member] = []
    for pool in cluster["pools"]:
        # A generator of its own for each part: adding a name to one leaves the others alone.
        rng = Random(f"{seed}:{slug}:{pool}")  # noqa: S311
        members += _Inventor(slug, cluster, pool, rng, year).invent(start=len(members) + 1)
    return members


class _Inventor:
    """Invents the members of one cluster that speak from one pool of texts."""

    def __init__(
        self, slug: str, cluster: dict[str, Any], pool: str, rng: Random, year: int
    ) -> None:
        self.slug, self.cluster, self.rng, self.year = slug, cluster, rng, year
        self.pool = read_content(pool)
        self.language: str = self.pool["language"]
        self.voice = read_content("voices")[self.language]
        self.people = cluster.get("people", {}).get(self.language, self.language)
        self.avoided: list[str] = cluster.get("avoid", [])
        self.fields = Deck(list(self.pool["fields"]), rng)
        self.decks: dict[tuple[str, ...], Deck[Any]] = {}
        self.pool_name = pool
        # Of its own, so that what is said at home does not depend on it.
        self.abroad_rng = Random(f"{slug}:{pool}:{year}:abroad")  # noqa: S311

    def invent(self, *, start: int) -> list[Member]:
        # Arabic-speaking members have lists of their own beside the cluster's main ones.
        suffix = "" if self.language == self.cluster["language"] else f"_{self.language}"
        self.cities = self.cluster["cities" + suffix]
        made = [self._firm(name) for name in self.cluster["stems" + suffix]]
        for kind, names, part, age, people in _INSTITUTIONS:
            made.extend(
                self._member(name, kind, ("kinds", part), age, people)
                for name in self.cluster.get(names + suffix, [])
            )
        return [
            Member(key=f"{self.slug}-{number:03}", **values)
            for number, values in enumerate(made, start)
        ]

    def _firm(self, stem: str) -> dict[str, Any]:
        kind, age, people = _STARTUP if self.rng.random() < 0.33 else _COMPANY
        return self._member(stem, kind, None, age, people)

    def _member(
        self,
        name: str,
        kind: str,
        part: tuple[str, str] | None,
        age: tuple[int, int],
        people: tuple[int, int],
    ) -> dict[str, Any]:
        rng = self.rng
        name, latin, key = (*name.split("|"), "", "")[:3]
        key = key or self.fields.deal()
        field = self.pool["fields"][key]
        city, in_city, region = rng.choice(self.cities)
        codes = read_content("codes")
        slots = {
            "topic": field["topic"],
            "in_city": in_city,
            "founded": self.year - rng.randint(*age),
            "employees": _skew(rng, *people),
        }
        source = part or ("fields", key)
        spoken = self.cluster["languages"] + rng.sample(self.cluster["extra_languages"], 1) * (
            rng.random() < 0.3
        )
        return {
            "slug": latin or _slug(name),
            "name": self._full_name(name, field) if part is None else name,
            "kind": kind,
            "country": self.cluster["country"],
            "region": region,
            "city": city,
            "nuts": codes["nuts"].get(region, ""),
            "nace": tuple(codes["nace"].get(key, ())),
            "topics": tuple(codes["topics"].get(key, ())),
            "summary": self._summary(source, slots),
            "language": self.language,
            "languages": tuple(spoken),
            "field": field["label"],
            "employees": slots["employees"],
            "founded": slots["founded"],
            "contact": name_person(self.people, rng),
            "listings": tuple(self._listings(source, slots)),
            "abroad": tuple(self._abroad(key)) if part is None else (),
            "abroad_language": _ABROAD.get(self.pool_name, ""),
        }

    def _full_name(self, stem: str, field: dict[str, Any]) -> str:
        return f"{stem} {self.rng.choice(field['names'])}" if self.rng.random() < 0.5 else stem

    def _summary(self, source: tuple[str, str], slots: dict[str, Any]) -> str:
        habit = "firm" if source[0] == "fields" else "house"
        sentences = [
            self._deal(*source, "does"),
            self._deck((habit,), self.voice[habit]).deal(),
            self._deck(("closing",), self.voice["closing"]).deal(),
        ]
        return " ".join(write(text, self.rng, **slots) for text in sentences if text)

    def _listings(self, source: tuple[str, str], slots: dict[str, Any]) -> list[ListingText]:
        made = {}
        for direction in ("offer", "need"):
            for _ in range(self.rng.choice((1, 1, 2))):
                kind, title, summary = self._deal(*source, f"{direction}s")
                made[title] = ListingText(
                    direction,
                    kind,
                    write(title, self.rng, **slots),
                    write(summary, self.rng, **slots),
                )
        return list(made.values())

    def _abroad(self, field: str) -> list[ListingText]:
        """Return an offer and a need for partners abroad, for most of those who write any."""
        language, rng = _ABROAD.get(self.pool_name), self.abroad_rng
        if language is None or rng.random() > _WRITE_ABROAD:
            return []
        if language == "en":
            texts = read_content("abroad")[self.pool_name][field]
            return [ListingText(direction, *texts[direction]) for direction in ("offer", "need")]
        # The French-speaking neighbours' texts say it in French.
        cards = read_content("digital-fr")["fields"][field]
        made = []
        for direction in ("offer", "need"):
            known = [one for one in cards[f"{direction}s"] if not self._is_avoided(one)]
            kind, title, summary = rng.choice(known)
            made.append(ListingText(direction, kind, write(title, rng), write(summary, rng)))
        return made

    def _deal(self, table: str, entry: str, what: str) -> Any:
        cards = [card for card in self.pool[table][entry][what] if not self._is_avoided(card)]
        return self._deck((table, entry, what), cards).deal()

    def _deck(self, name: tuple[str, ...], cards: list[Any]) -> Deck[Any]:
        return self.decks.setdefault(name, Deck(cards, self.rng))

    def _is_avoided(self, card: str | list[str]) -> bool:
        text = card if isinstance(card, str) else " ".join(card)
        return any(word in text for word in self.avoided)


def _skew(rng: Random, low: int, high: int) -> int:
    """Return a number between the two, small ones far more often, as sizes of firms are."""
    return low + int((high - low) * rng.random() ** 2.2)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
