"""Worth of a consortium and of each member's contribution, computed directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proxeny.engine.consortium.check import check_consortium
from proxeny.engine.consortium.directory import Organisation, Wish
from proxeny.engine.consortium.model import Report
from proxeny.engine.consortium.proposals import Added, Proposal, Worth

__all__ = ["Scale", "describe"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Scale for the consortia of a wish.

    Parameters
    ----------
    knows : mapping
        For each key, the known others and the strength.
    """

    wish: Wish
    knows: Mapping[str, Mapping[str, int]]

    def levels(self, members: Sequence[Organisation]) -> dict[str, int]:
        """Return how well each need is covered."""
        return {
            need.key: max((one.covers.get(need.key, 0) for one in members), default=0)
            for need in self.wish.needs
        }

    def weigh(self, members: Sequence[Organisation]) -> Worth:
        """Return what they are worth together."""
        weights = self.wish.weights
        levels = self.levels(members)
        keys = {one.key for one in members}
        ties = sum(
            max((level for other, level in self.known(one.key).items() if other in keys), default=0)
            for one in members
        )
        sides = [sum(one.side == side for one in members) for side in self.wish.sides]
        spread = max(sides) - min(sides) if sides else 0
        return Worth(
            coverage=sum(need.weight * levels[need.key] for need in self.wish.needs),
            fit=weights.fit * sum(one.fit for one in members),
            relations=weights.relation * ties,
            imbalance=-weights.balance * spread,
            effort=-weights.member * len(members),
        )

    def known(self, key: str) -> Mapping[str, int]:
        """Return the others that one knows."""
        return self.knows.get(key, {})

    def report(self, members: Sequence[Organisation], coordinator: str) -> Report:
        """Return the verdicts on the call's rules."""
        return check_consortium(
            [one.as_participant(coordinator=one.key == coordinator) for one in members],
            self.wish.call,
        )


def describe(
    scale: Scale, members: Sequence[Organisation], coordinators: Sequence[str], bound: int
) -> Proposal:
    """Return a proposal with each member's contribution.

    Parameters
    ----------
    coordinators : sequence of str
        The members that may coordinate.
    """
    wish = scale.wish
    able = [one for one in members if one.key in coordinators]
    best = max(able, key=lambda one: (one.key in wish.keep, one.fit, one.key), default=None)
    coordinator = best.key if best else ""
    report = scale.report(members, coordinator)
    worth = scale.weigh(members)
    added = [_added(scale, members, one, worth, report, coordinators) for one in members]
    order = {key: at for at, key in enumerate(wish.keep)}
    added.sort(
        key=lambda one: (not one.kept, order.get(one.member, 0), -one.worth.total, one.member)
    )
    return Proposal(
        members=tuple(one.member for one in added),
        coordinator=coordinator,
        worth=worth,
        bound=bound,
        cost=sum(one.cost or 0 for one in members),
        request=sum(one.request or 0 for one in members),
        levels=scale.levels(members),
        added=tuple(added),
        report=report,
    )


def _added(
    scale: Scale,
    members: Sequence[Organisation],
    one: Organisation,
    worth: Worth,
    report: Report,
    coordinators: Sequence[str],
) -> Added:
    rest = [other for other in members if other is not one]
    lost, before, after = scale.weigh(rest), scale.levels(members), scale.levels(rest)
    keys = {other.key for other in rest}
    return Added(
        member=one.key,
        kept=one.key in scale.wish.keep,
        worth=Worth(
            coverage=worth.coverage - lost.coverage,
            fit=worth.fit - lost.fit,
            relations=worth.relations - lost.relations,
            imbalance=worth.imbalance - lost.imbalance,
            effort=worth.effort - lost.effort,
        ),
        needs={key: before[key] - after[key] for key in before if before[key] > after[key]},
        knows={
            other: level
            for other, level in sorted(scale.known(one.key).items())
            if other in keys and level
        },
        rules=_broken_without(scale, rest, one, report, coordinators),
    )


def _broken_without(
    scale: Scale,
    rest: Sequence[Organisation],
    one: Organisation,
    report: Report,
    coordinators: Sequence[str],
) -> tuple[str, ...]:
    wish = scale.wish
    left = next((other.key for other in rest if other.key in coordinators), "")
    without = scale.report(rest, left)
    broken = [
        now.rule.key
        for now, then in zip(report.verdicts, without.verdicts, strict=True)
        if now.status != "broken" and then.status == "broken"
    ]
    if len(rest) < wish.least_members:
        broken.append("members")
    if wish.needs_coordinator and not left:
        broken.append("coordinator")
    for side, least in wish.sides.items():
        if one.side == side and sum(other.side == side for other in rest) < least:
            broken.append(f"side:{side}")
    for need in wish.needs:
        has = sum(bool(other.covers.get(need.key)) for other in rest)
        if one.covers.get(need.key) and has < need.least:
            broken.append(f"need:{need.key}")
    return tuple(broken)
