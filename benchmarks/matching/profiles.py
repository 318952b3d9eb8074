"""What each part of a profile is worth, and how far three lines reach.

Of two French companies X and Y two members are made that are right for one another: the one offers
what X does and needs what Y does, the other the reverse, each told by other sentences of the
summaries. Who finds its other half among all of them?
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.matching.vectors import embed_kept
from numpy.typing import NDArray

from proxeny.engine.matching import Profile, Statement, build_index, match_lists

__all__ = ["run_profiles"]

FIELDS = ("about", "offers", "needs", "sectors", "countries_sought")
# A line on a page.
LINE = 70


def run_profiles(data: Path, kept: Path) -> dict[str, Any]:
    """Recall@10 of whole, poorer and richer profiles, and of another language."""
    pairs = _read_pairs(data / "ilab_fr" / "ilab_companies.csv")
    whole = _recall(pairs)
    bare = [(_keep(one, ("about",)), other) for one, other in pairs]
    alone = _recall(bare)
    fields = {
        field: {
            "without": _recall([(_drop(one, field), other) for one, other in pairs]),
            "added": _recall([(_keep(one, ("about", field)), other) for one, other in pairs]),
        }
        for field in FIELDS
    }
    lines = {
        str(lines): _recall([(_cut(one, lines), other) for one, other in pairs])
        for lines in (1, 3, 5, 10)
    }
    return {
        "pairs": len(pairs),
        "whole": whole,
        "about alone": alone,
        "fields": fields,
        "lines": lines,
        "chance": 10 / len(pairs),
        "languages": _languages(data / "nace" / "nace_rev2_labels_en_fr_de_el.csv", kept),
    }


def _read_pairs(file: Path) -> list[tuple[Profile, Profile]]:
    with file.open(encoding="utf-8-sig") as lines:
        companies = [_Company(row) for row in csv.DictReader(lines)]
    usable = [one for one in companies if one.about and all(one.hands)]
    others = np.random.default_rng(0).permutation(len(usable))
    return [
        (_make(one, usable[other], 0), _make(usable[other], one, 1))
        for one, other in zip(usable, others, strict=True)
    ]


class _Company:
    """One company, its summary's sentences in two hands: either tells of it to another reader."""

    def __init__(self, row: dict[str, str]) -> None:
        sentences = re.split(r"(?<=[.!?])\s+", row["Résumé"].strip())
        sentences = [one for one in sentences if len(one) > 20]
        self.about = row["Moto"].strip()
        self.hands = [" ".join(sentences[hand::2]) for hand in (0, 1)]
        self.region = row["Région"].strip()
        self.sectors = frozenset({row["Domaine technologique"].strip()} - {""})


def _make(own: _Company, sought: _Company, hand: int) -> Profile:
    return Profile(
        about={"fr": own.about},
        offers=(Statement({"fr": own.hands[hand]}, own.sectors),),
        needs=(Statement({"fr": sought.hands[hand]}, sought.sectors),),
        sectors=own.sectors,
        country=own.region,
        countries_sought=frozenset({sought.region} - {""}) if hand == 0 else frozenset(),
    )


def _recall(pairs: Sequence[tuple[Profile, Profile]]) -> float:
    """How often the other half is among the ten, asked from both sides."""
    n = len(pairs)
    index = build_index([*(one for one, _ in pairs), *(other for _, other in pairs)])
    ones, others = range(n), range(n, 2 * n)
    there = match_lists(index, ones, others).targets == np.arange(n, 2 * n)[:, None]
    back = match_lists(index, others, ones).targets == np.arange(n)[:, None]
    return float((there.any(axis=1).mean() + back.any(axis=1).mean()) / 2)


def _keep(profile: Profile, fields: Sequence[str]) -> Profile:
    kept = Profile(country=profile.country, **{one: getattr(profile, one) for one in fields})
    return kept if "sectors" in fields else _drop(kept, "sectors")


def _drop(profile: Profile, field: str) -> Profile:
    """Without a field; sectors are those of offers and needs too."""
    poorer = replace(profile, **{field: getattr(Profile(), field)})
    if field != "sectors":
        return poorer
    offers, needs = (
        tuple(Statement(one.text) for one in statements)
        for statements in (profile.offers, profile.needs)
    )
    return replace(poorer, offers=offers, needs=needs)


def _cut(profile: Profile, lines: int) -> Profile:
    """So many lines of what the member is and offers, as one text, and nothing else."""
    text = f"{profile.about['fr']} {profile.offers[0].text['fr']}"
    return Profile(about={"fr": text[: lines * LINE]}, country=profile.country)


def _languages(file: Path, kept: Path) -> dict[str, float]:
    """Greek names of sectors found by a narrower one: named in Greek, in French, and in both."""
    with file.open(encoding="utf-8") as lines:
        labels = {row["code"]: row for row in csv.DictReader(lines) if row["el"].strip()}
    groups = [code for code in labels if re.fullmatch(r"\d\d\.\d", code)]
    pairs = [
        (code, groups.index(code[:-1]))
        for code in labels
        if re.fullmatch(r"\d\d\.\d\d", code)
        and code[:-1] in groups
        and labels[code]["el"] != labels[code[:-1]]["el"]
    ]
    offers = [Profile(about={"el": labels[code]["el"]}) for code in groups]
    wanted = np.array([place for _, place in pairs])
    asked = {
        "the same language": ("el",),
        "another": ("fr",),
        "both": ("fr", "el"),
    }
    texts = [labels[code][one] for one in ("el", "fr") for code in [*groups, *dict(pairs)]]
    vectors = embed_kept(texts, kept, asks=True)
    embeds: dict[str, Any] = {"": None}
    if vectors is not None:
        embeds[", with meaning"] = _look_up(dict(zip(texts, vectors, strict=True)))
    found = {}
    for name, languages in asked.items():
        needs = [{one: labels[code][one] for one in languages} for code, _ in pairs]
        for how, embed in embeds.items():
            found[name + how] = _recall_of_needs(offers, needs, wanted, embed)
    return found


def _recall_of_needs(
    offers: list[Profile], needs: list[dict[str, str]], wanted: NDArray[np.int64], embed: Any
) -> float:
    asking = [Profile(needs=(Statement(text),)) for text in needs]
    index = build_index([*offers, *asking], embed=embed)
    n = len(offers)
    targets = match_lists(index, range(n, n + len(needs)), range(n)).targets
    return float((targets == wanted[:, None]).any(axis=1).mean())


def _look_up(vectors: dict[str, NDArray[np.float32]]) -> Any:
    """A model that knows some texts; another has no vector."""
    nothing = np.zeros_like(next(iter(vectors.values())))
    return lambda texts: np.stack([vectors.get(text, nothing) for text in texts])
