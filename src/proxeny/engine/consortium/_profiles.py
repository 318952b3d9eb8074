"""Profiles: organisations that rules cannot distinguish are examined once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.consortium._who import Judge, paid_of
from proxeny.engine.consortium.countries import country_of
from proxeny.engine.consortium.directory import Organisation
from proxeny.engine.consortium.model import Who
from proxeny.engine.consortium.rules import Call

__all__ = ["Profiles"]


class Profiles:
    """Organisations grouped by the facts that rules examine, to find those a rule means.

    Parameters
    ----------
    organisations : sequence of Organisation
    call : Call
    """

    def __init__(self, organisations: Sequence[Organisation], call: Call) -> None:
        self._judge = Judge(call)
        numbers: dict[tuple[object, ...], int] = {}
        self._first: list[Organisation] = []
        of = np.empty(len(organisations), dtype=np.int64)
        for at, one in enumerate(organisations):
            looks = (
                one.country,
                one.role,
                one.kind,
                one.side,
                one.tags,
                one.sme,
                one.can_coordinate,
                paid_of(one),
            )
            number = numbers.setdefault(looks, len(numbers))
            if number == len(self._first):
                self._first.append(one)
            of[at] = number
        self.of = of
        codes: dict[str, int] = {}
        country = np.empty(len(organisations), dtype=np.int64)
        for at, one in enumerate(organisations):
            country[at] = codes.setdefault(country_of(one), len(codes))
        self.country = country
        self.countries = list(codes)
        groups: dict[str, int] = {}
        self.group = np.array(
            [
                groups.setdefault(one.group, len(groups)) if one.group else -1
                for one in organisations
            ],
            dtype=np.int64,
        )

    def matches(self, who: Who, *, sure: bool) -> NDArray[np.bool_]:
        """Return who is meant, surely or possibly; the ability to coordinate counts as doing so."""
        told = []
        for one in self._first:
            answer = self._judge.matches(
                one.as_participant(coordinator=one.can_coordinate and one.role == "beneficiary"),
                who,
            )
            told.append(answer is True if sure else answer is not False)
        return np.array(told, dtype=bool)[self.of] if told else np.zeros(0, dtype=bool)
