"""Past cooperation for matching and its reasons: direct partners, and partners in common."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from proxeny.directory.queries.past_work import Work
from proxeny.engine.matching import Relations, Taste, Tie

#: What common partners of past projects are held to be worth before anybody has answered: a score
#: grows by half where two worked with one and the same, who has few other partners (Adamic-Adar).
HELD = Taste({"relations": 1.0})
#: So many projects, and so many common partners, are told as reasons.
_PROJECTS, _COMMON = 3, 2


class Past:
    """The projects of organisations, both of those in the profiles and of others beside them.

    Parameters
    ----------
    works : sequence of Work
    places : mapping of int to int
        The position of each organisation in the profiles.
    """

    def __init__(self, works: Sequence[Work], places: Mapping[int, int]) -> None:
        self._works = works
        self._numbers = dict(places)
        self._of: dict[int, list[Work]] = defaultdict(list)
        self._partners: dict[int, set[int]] = defaultdict(set)
        for work in works:
            for one in work.rows:
                self._numbers.setdefault(one, len(self._numbers))
                self._of[one].append(work)
                self._partners[one] |= work.rows.keys() - {one}
        ties = [Tie(tuple(self._numbers[one] for one in work.rows)) for work in works]
        #: None where nobody worked on anything.
        self.relations = Relations(len(self._numbers), ties) if ties else None

    def partners_of(self, organisation_id: int) -> set[int]:
        """Return the partners of an organisation in projects."""
        return set(self._partners.get(organisation_id, ()))

    def common_with(self, organisation_id: int) -> dict[int, float]:
        """Return the organisations with partners in common with one, and a score of the evidence.

        From 0 to 1: the Adamic-Adar score as a share that approaches 1 when there are many.
        """
        if self.relations is None or organisation_id not in self._of:
            return {}
        number = self._numbers[organisation_id]
        scores = self.relations.count_common(np.array([number]))[0]
        found = ((one, float(scores[self._numbers[one]])) for one in self._of)
        return {
            one: score / (1 + score) for one, score in found if score > 0 and one != organisation_id
        }

    def keep_reasons(self, one: int, other: int) -> list[dict[str, Any]]:
        """Return joint projects as a reason, else partners in common; as rows of projects.

        No name is stored: a reader without access to a row does not learn its content.
        """
        if together := self._rows(one, other):
            return [{"kind": "projects", "share": 0, "rows": together[:_PROJECTS]}]
        common = self._partners.get(one, set()) & self._partners.get(other, set())
        chains = [
            [partner, *self._rows(one, partner)[0], *self._rows(partner, other)[0]]
            for partner in sorted(common, key=lambda pk: (len(self._partners[pk]), pk))[:_COMMON]
        ]
        return [{"kind": "colleagues", "share": 0, "chains": chains}] if chains else []

    def _rows(self, one: int, other: int) -> list[list[int]]:
        """Return the projects of two, each as its row that has the first and its row that has the other."""
        return [
            [work.rows[one], work.rows[other]]
            for work in self._of.get(one, ())
            if other in work.rows and other != one
        ]
