"""The network of one year, built from joint activities, and the position of one cluster in it."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from proxeny.engine.network import Group, Measures, Network, build_network, measure, merge_actors
from proxeny.engine.network.position import position
from proxeny.insight.networks_regions import region_of
from proxeny.insight.queries.joint_activities import WEIGHTS, Deed, Seen

#: So many years are told at most, the last of them this one.
MOST_YEARS = 12
#: Figures of an actor that are told, by their names in `engine.network.Measures`.
FIGURES = (
    "degree",
    "strength",
    "harmonic",
    "betweenness_share",
    "constraint",
    "effective_size",
    "pagerank",
    "coreness",
)
#: Fewer clusters than these make no ranking.
LEAST_TO_RANK = 3
# What `position` ranks in place of its share, which is the same but for a factor.
_RANKED_AS = {"betweenness_share": "betweenness"}
_SEED = 0


def tidy(value: float | None, digits: int = 6) -> float | None:
    """Return a number with as many digits as matter; None for what does not exist."""
    if value is None or math.isnan(value):
        return None
    return float(f"{value:.{digits}g}")


@dataclass
class YearNetwork:
    """The network of one year as one cluster sees it; built on first use."""

    seen: Seen
    own: int
    year: int

    @cached_property
    def deeds(self) -> list[Deed]:
        """The joint activities that count in the year."""
        return [one for one in self.seen.deeds if one.counts_in(self.year)]

    @cached_property
    def heads(self) -> list[tuple[int, int]]:
        """The memberships of active organisations, as pairs of member and cluster."""
        named = {one for deed in self.deeds for one in deed.members}
        return [pair for pair in self.seen.memberships if pair[0] in named]

    @cached_property
    def network(self) -> Network:
        """Clusters and organisations of none: members' ties are their clusters'."""
        return network_of(self.deeds, self.heads, {self.own, *self.seen.clusters})

    @cached_property
    def measures(self) -> Measures:
        """All measures of all actors."""
        return measure(self.network, seed=_SEED)

    def digest(self, method: str) -> str:
        """Return the SHA-256 of all that the year's figures are made of."""
        made_of = (
            method,
            self.own,
            sorted(self.seen.clusters.items()),
            self.heads,
            sorted({one[1] for one in self.seen.memberships}),
            [(one.kind, one.members) for one in self.deeds],
        )
        return hashlib.sha256(repr(made_of).encode()).hexdigest()

    def comparable(self) -> tuple[set[int], int]:
        """Return the clusters of the own region whose members are seen, and how many others are.

        Of a cluster whose members are not seen most ties are not either: to rank below it or above
        it would mean nothing.
        """
        region = region_of(self.seen.clusters.get(self.own, ""))
        near = {pk for pk, country in self.seen.clusters.items() if region_of(country) == region}
        known = near & {head for _member, head in self.seen.memberships} | {self.own}
        return known, len(near - known)

    def figures(self, digest: str) -> dict[str, Any]:
        """Return the year in its stored form: the own figures, their rank and the median of all."""
        known, unknown = self.comparable()
        measures, whole = self.measures, self.measures.whole
        ranked = position(self.network, measures, self.own, known).places
        picked = [self.network.place(one) for one in sorted(known)]
        own = self.network.place(self.own)
        figures = {}
        for name in FIGURES:
            values = getattr(measures, name)
            place = ranked[_RANKED_AS.get(name, name)]
            told = [float(values[at]) for at in picked if not math.isnan(values[at])]
            ranks = len(known) >= LEAST_TO_RANK and place.rank is not None
            figures[name] = {
                "value": tidy(float(values[own])),
                "rank": [place.best_rank, place.worst_rank] if ranks else None,
                "of": place.of,
                "middle": tidy(median(told)) if len(known) >= LEAST_TO_RANK and told else None,
            }
        return {
            "digest": digest,
            "figures": figures,
            "compared": len(known),
            "uncompared": unknown,
            "size": whole.size,
            "ties": whole.ties,
            "exact": measures.exact,
            "tied": int((measures.degree > 0).sum()),
        }


def network_of(
    deeds: Iterable[Deed], heads: list[tuple[int, int]], actors: Iterable[int]
) -> Network:
    """Return the network of what was done together, members merged into their clusters."""
    groups = [Group(one.members, WEIGHTS[one.kind]) for one in deeds]
    return merge_actors(build_network(groups=groups, actors=actors), heads)


def years_of(seen: Seen, this_year: int) -> range:
    """Return the years to report: from the first with any activity to the present one."""
    first = min((one.first for one in seen.deeds), default=this_year)
    return range(max(first, this_year - MOST_YEARS + 1), this_year + 1)
