"""First movers: those present before a topic rose."""

from collections.abc import Sequence
from dataclasses import dataclass

from proxeny.engine._checks import check_whole
from proxeny.engine.foresight.model import Document, Identity, Topics

__all__ = ["EARLY_SHARE", "Mover", "first_movers"]

#: A topic has risen in the period in which it reaches this share of all its weight.
EARLY_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Mover:
    """Early mover.

    Parameters
    ----------
    owner : int
    first : int
        Their first period with the topic.
    weight : float
        Of their early documents.
    documents : tuple of (source, key)
        Those, by period.
    """

    owner: int
    first: int
    weight: float
    documents: tuple[Identity, ...]


def first_movers(
    topics: Topics, documents: Sequence[Document], topic: str, k: int = 10
) -> tuple[Mover, ...]:
    """Return the owners that worked on a topic before it rose, the earliest first.

    Early is every period before the one in which the topic reaches a quarter of all its weight; if
    that is its first period, only owners of that period count as early.

    Parameters
    ----------
    topics : Topics
    documents : sequence of Document
        All relevant ones of those that were read.
    topic : str
        Its key.
    k : int
        The most to return, from 1 to 100,000.

    Returns
    -------
    tuple of Mover
        By first period, then falling weight, then owner.

    Raises
    ------
    ValueError
        On an unknown topic, or `k` out of range.
    """
    check_whole("k", k, 100_000, least=1)
    there = set(topics.documents_of(topic))
    own = sorted(
        (one for one in documents if one.identity in there), key=lambda d: (d.year, d.identity)
    )
    risen = _risen(own)
    early = [one for one in own if one.year < risen] or [one for one in own if one.year == risen]
    by_owner: dict[int, list[Document]] = {}
    for one in early:
        for owner in dict.fromkeys(one.owners):
            by_owner.setdefault(owner, []).append(one)
    movers = [
        Mover(
            owner,
            some[0].year,
            sum(one.weight for one in some),
            tuple(one.identity for one in some),
        )
        for owner, some in by_owner.items()
    ]
    movers.sort(key=lambda mover: (mover.first, -mover.weight, mover.owner))
    return tuple(movers[:k])


def _risen(own: Sequence[Document]) -> int:
    """Return the period in which a quarter of the weight is reached; documents are by period."""
    least, so_far = EARLY_SHARE * sum(one.weight for one in own), 0.0
    for one in own:
        so_far += one.weight
        if so_far >= least:
            return one.year
    return 0
