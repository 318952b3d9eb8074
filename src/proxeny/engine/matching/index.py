"""Profiles made ready to be matched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._parts import asking_parts, offering_parts, read_terms, read_text
from proxeny.engine.matching._rows import Rows
from proxeny.engine.matching._vectors import scale_rows, spread_out
from proxeny.engine.matching.bm25 import Bm25
from proxeny.engine.matching.model import Embed, Profile
from proxeny.engine.matching.words import Vocabulary

__all__ = ["Index", "build_index"]


@dataclass(frozen=True, slots=True)
class Index:
    """Index made by `build_index`, for the matching functions.

    Parameters
    ----------
    profiles : tuple of Profile
        A member is named by its place here.
    offers : Bm25
        Each member's offers and description, one document each.
    needs : Rows
        Each member's needs, weighted so that a score is between 0 and 1.
    asked, offered : float32 array of shape (members, d), optional
        The same as vectors of length 1 (0 where there is no text), with a model of meaning; spread
        out (`spread_out`).
    group : int32 array of shape (members,)
        Members of one country that seek the same countries and all state needs, or none.
    compatible : bool array of shape (groups, groups)
        Whether each is from a country in which the other seeks partners.
    states_needs : bool array of shape (groups,)
    """

    profiles: tuple[Profile, ...]
    vocabulary: Vocabulary
    offers: Bm25
    needs: Rows
    asked: NDArray[np.float32] | None
    offered: NDArray[np.float32] | None
    group: NDArray[np.int32]
    compatible: NDArray[np.bool_]
    states_needs: NDArray[np.bool_]


def build_index(profiles: Sequence[Profile], *, embed: Embed | None = None) -> Index:
    """Build the index of all members that may be matched with one another.

    Parameters
    ----------
    profiles : sequence of Profile
        Of both lists: word frequencies are counted over all of them.
    embed : callable, optional
        A model of meaning. It is called with the texts of all members, twice (needs, then offers),
        in the first language of each text; a caller with stored vectors looks them up there.

    Returns
    -------
    Index

    Raises
    ------
    ValueError
        If the model's answer is not one finite vector per text.

    Notes
    -----
    Linear in the length of the texts, plus one sort of the distinct words of each profile.
    """
    vocabulary = Vocabulary()
    offered = [read_terms(vocabulary, offering_parts(one)) for one in profiles]
    asked = [read_terms(vocabulary, asking_parts(one)) for one in profiles]
    offers = Bm25(offered, len(vocabulary))
    group, compatible, states_needs = _group(profiles)
    asks = _embed(embed, [read_text(asking_parts(one)) for one in profiles])
    gives = _embed(embed, [read_text(offering_parts(one)) for one in profiles])
    if asks is not None and gives is not None:
        asks, gives = spread_out(asks, gives)
    return Index(
        profiles=tuple(profiles),
        vocabulary=vocabulary,
        offers=offers,
        needs=offers.weigh_queries(asked),
        asked=asks,
        offered=gives,
        group=group,
        compatible=compatible,
        states_needs=states_needs,
    )


def _embed(embed: Embed | None, texts: list[str]) -> NDArray[np.float32] | None:
    """Return a vector of length 1 per text, 0 where there is none."""
    if embed is None or not texts:
        return None
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ValueError("embed: must return one finite vector per text")
    unit = scale_rows(vectors)
    unit[[not text for text in texts]] = 0.0
    return unit


def _group(
    profiles: Sequence[Profile],
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Number the kinds of (country, countries sought, needs or none); say which go together."""
    kinds: dict[tuple[str, frozenset[str], bool], int] = {}
    group = np.array(
        [
            kinds.setdefault((p.country, p.countries_sought, bool(p.needs)), len(kinds))
            for p in profiles
        ],
        dtype=np.int32,
    )
    countries = {c: i for i, c in enumerate(dict.fromkeys(country for country, *_ in kinds))}
    accepts = np.array(
        [[not sought or not c or c in sought for c in countries] for _, sought, _ in kinds],
        dtype=np.bool_,
    ).reshape(len(kinds), len(countries))
    own = np.array([countries[country] for country, *_ in kinds], dtype=np.int32)
    one_way = accepts[:, own]
    states_needs = np.array([states for *_, states in kinds], dtype=np.bool_)
    return group, one_way & one_way.T, states_needs
