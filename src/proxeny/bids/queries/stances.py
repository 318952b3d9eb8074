"""Each side's statement on a bid: whether it supports it, and its plans without the grant."""

from collections.abc import Iterable
from dataclasses import dataclass

from proxeny.bids.models import Bid, Stance
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.partnerships.models import Party


@dataclass(frozen=True, slots=True)
class Side:
    """A party that takes part, with its answer or without one."""

    party: Party
    stance: Stance | None

    @property
    def name(self) -> str:
        """The name of its cluster."""
        return str(self.party.organisation.name)


@dataclass(frozen=True, slots=True)
class Sides:
    """All participating parties, in order; the statement of one that left no longer counts."""

    all: tuple[Side, ...]

    @property
    def silent(self) -> list[Side]:
        """Those that have not answered yet."""
        return [one for one in self.all if one.stance is None]

    @property
    def against(self) -> list[Side]:
        """Those that do not go for it."""
        return [one for one in self.all if one.stance and one.stance.says == Stance.Says.NO]

    @property
    def is_go(self) -> bool:
        """Whether all go for it."""
        return bool(self.all) and not self.silent and not self.against

    @property
    def stops_without(self) -> bool:
        """Whether all have answered, and nothing goes on without the grant on any side."""
        return bool(self.all) and all(
            one.stance and one.stance.goes_on == Stance.GoesOn.NOTHING for one in self.all
        )

    def of(self, party: Party | None) -> Stance | None:
        """Return the statement of a party."""
        found = (one.stance for one in self.all if party and one.party.pk == party.pk)
        return next(found, None)


def sides_of(bid: Bid, parties: Iterable[Party]) -> Sides:
    """Return each party that takes part with its answer. One query."""
    said = {one.party_id: one for one in Stance.objects.filter(bid=bid)}
    joined = (one for one in parties if one.state == Party.State.JOINED)
    return Sides(tuple(Side(one, said.get(one.pk)) for one in joined))


def mark_of(stance: Stance | None) -> int:
    """Return a mark that distinguishes one answer from another; 0: there is none."""
    if stance is None:
        return 0
    return fingerprint(stance.says, stance.goes_on, stance.without_grant, stance.why) or 1
