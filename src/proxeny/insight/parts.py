"""The kinds of figures in the order of their calculation: a board reads all others."""

from proxeny.insight.operations import boards, foresight, networks, outcomes
from proxeny.insight.pipeline import Part

#: For a cluster's team as a whole.
OF_TEAM: tuple[Part, ...] = (networks.PART,)
#: For a team in one room.
OF_ROOM: tuple[Part, ...] = (foresight.PART, outcomes.PART, boards.PART)
