"""The engine's result as storable data: numbers and codes, never a name or a text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from proxeny.bids.operations.covering import Covering
from proxeny.engine.consortium import (
    Added,
    Conflict,
    Count,
    Countries,
    Gap,
    Independent,
    Participant,
    Proposal,
    Proposals,
    Who,
    Wish,
    check_consortium,
)

if TYPE_CHECKING:
    from proxeny.bids.operations.proposing import Candidate

__all__ = ["gap_of", "keep_found"]

VERSION = 1
#: Facts of a candidate stored with a proposal: conditions are checked again when it is shown.
_FACTS = ("country", "kind", "role", "group", "party", "sme", "nonprofit", "cost", "request")


def keep_found(
    found: Proposals,
    candidates: Sequence["Candidate"],
    covering: Covering,
    wish: Wish,
    *,
    ties: Mapping[tuple[int, int], str],
    sides: Mapping[int, str],
) -> dict[str, Any]:
    """Return the results as JSON.

    Organisations stand there by number, conditions by their key, sides by the number of the party,
    and needs by their place. Of words only those of the needs and of the call are kept.
    """
    keeper = _Keeper(candidates, covering, ties, sides)
    kept: dict[str, Any] = {
        "version": VERSION,
        "status": found.status,
        "is_complete": found.is_complete,
        "seen": len(candidates),
        "considered": found.considered,
        "compared": found.compared,
        "proposals": [keeper.proposal(one) for one in found.proposals],
        "conflicts": [keeper.conflict(one) for one in found.conflicts],
    }
    if any(one.code == "together" for one in found.conflicts):
        kept["short"] = keeper.short(wish)
    return kept


class _Keeper:
    def __init__(
        self,
        candidates: Sequence["Candidate"],
        covering: Covering,
        ties: Mapping[tuple[int, int], str],
        sides: Mapping[int, str],
    ) -> None:
        self.candidates, self.covering, self.ties, self.sides = candidates, covering, ties, sides
        self.place = {one.id: at for at, one in enumerate(candidates)}
        self.party = {name: pk for pk, name in sides.items()}

    def proposal(self, one: Proposal) -> dict[str, Any]:
        """Return a proposal, its members as the engine sorts them."""
        return {
            "members": [self.member(added) for added in one.added],
            "coordinator": int(one.coordinator) if one.coordinator else None,
            "worth": asdict(one.worth) | {"total": one.worth.total},
            "bound": one.bound,
            "levels": [one.levels.get(str(at), 0) for at in range(len(self.covering.needs))],
            "cost": one.cost,
            "request": one.request,
        }

    def member(self, added: Added) -> dict[str, Any]:
        """Return a member: its known facts, and its contribution."""
        pk = int(added.member)
        at = self.place[pk]
        one, levels = self.candidates[at], self.covering.levels[at].tolist()
        return {
            "id": pk,
            **{name: getattr(one, name) for name in _FACTS},
            "is_in": one.is_in,
            "kept": added.kept,
            "worth": asdict(added.worth) | {"total": added.worth.total},
            "needs": {need: lost for need, lost in added.needs.items() if lost},
            "levels": {str(need): level for need, level in enumerate(levels) if level},
            "words": {
                str(need): list(self.covering.words(at, need))
                for need, level in enumerate(levels)
                if level
            },
            "common": list(self.covering.common(at)),
            "fit": int(self.covering.fits[at]),
            "knows": [[int(key), self._why(pk, int(key))] for key in added.knows],
            "rules": [self._demand(key) for key in added.rules],
        }

    def _why(self, one: int, other: int) -> str:
        return self.ties[min(one, other), max(one, other)]

    def _demand(self, key: str) -> str:
        """Return a demand; a side by the number of its party."""
        kind, _colon, name = key.partition(":")
        return f"side:{self.party[name]}" if kind == "side" else key

    def conflict(self, one: Conflict) -> dict[str, Any]:
        """Return why there is none."""
        return {
            "code": one.code,
            "member": int(one.member) if one.member else None,
            "reason": one.reason,
            "demands": [self._demand(key) for key in one.demands],
            "is_minimal": one.is_minimal,
        }

    def short(self, wish: Wish) -> dict[str, Any]:
        """Return the criteria that even all together do not meet: conditions, needs and sides."""
        out = set(wish.without)
        some = [at for at, one in enumerate(self.candidates) if str(one.id) not in out]
        covered = self.covering.levels[some].max(axis=0, initial=0).tolist()
        of_side = dict.fromkeys(self.sides, 0)
        for at in some:
            if (party := self.candidates[at].party) in of_side:
                of_side[party] += 1
        report = check_consortium(
            _everybody((self.candidates[at] for at in some), self.sides, wish.most_members),
            wish.call,
        )
        gaps = {
            one.rule.key: [_plain_gap(gap) for gap in one.gaps]
            for one in report.verdicts
            if isinstance(one.rule, Independent | Countries | Count)
            and any(gap.code in ("participants", "countries") for gap in one.gaps)
        }
        return {
            "rules": gaps,
            "needs": [at for at, level in enumerate(covered) if not level],
            "sides": {str(pk): count for pk, count in of_side.items()},
        }


def _everybody(
    some: Iterable["Candidate"], sides: Mapping[int, str], most: int
) -> list[Participant]:
    """Return so many of each kind that no condition on numbers can tell apart as may take part."""
    seen: dict[tuple[Any, ...], int] = {}
    people = []
    for one in some:
        alike = (one.country, one.kind, one.role, one.group, one.party, one.sme, one.nonprofit)
        seen[alike] = seen.get(alike, 0) + 1
        if seen[alike] <= most:
            people.append(
                Participant(
                    key=str(one.id),
                    country=one.country,
                    role=cast("Any", one.role),
                    kind=one.kind,
                    group=one.group,
                    side=sides.get(one.party or 0, ""),
                    tags=frozenset(("cluster",) if one.kind == "cluster" else ()),
                    sme=bool(one.sme),
                    nonprofit=bool(one.nonprofit),
                    cost=one.cost,
                    request=one.request,
                )
            )
    return people


def _plain_gap(gap: Gap) -> dict[str, Any]:
    who = gap.who and {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(gap.who).items()
        if value not in (None, "", frozenset())
    }
    return {"code": gap.code, "count": gap.count, "outside": list(gap.outside), "who": who}


def gap_of(kept: Mapping[str, Any]) -> Gap:
    """Return the gap, as it was stored."""
    told: dict[str, Any] = kept["who"] or {}
    facts: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Gap(
        code=kept["code"],
        count=kept["count"],
        outside=tuple(kept["outside"]),
        who=Who(**facts) if facts else None,
    )
