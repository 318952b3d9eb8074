"""The kinds of figures, in the order in which they are worked out: a board reads all others."""

from proxeny.insight.eyes import Part
from proxeny.insight.operations import boards, foresight, networks, outcomes

#: For a cluster's team as a whole.
OF_TEAM: tuple[Part, ...] = (networks.PART,)
#: For a team in one room.
OF_ROOM: tuple[Part, ...] = (foresight.PART, outcomes.PART, boards.PART)
