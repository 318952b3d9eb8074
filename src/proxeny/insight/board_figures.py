"""The figures of a board: what each is called, what it means, and in what it is counted.

From the one list follow the page, the mail, the files and the description of the open data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

HEALTH, MONEY, PLAN, NETWORK, FORESIGHT, OUTCOMES = (
    "health", "money", "plan", "network", "foresight", "outcomes",
)  # fmt: skip
#: The sections of a board in their order: what they are called, and the page behind each.
SECTIONS: dict[str, tuple[Any, str]] = {
    OUTCOMES: (_("What came of it"), "insight:outcomes"),
    HEALTH: (_("How the two get on"), "partnerships:health"),
    PLAN: (_("Goals, work and risks"), "partnerships:goals"),
    MONEY: (_("Money, and what would stop without grants"), "partnerships:money"),
    NETWORK: (_("Our place in the network"), "insight:network"),
    FORESIGHT: (_("What is coming"), "insight:needs"),
}
#: What a value is: a count, a share from 0 to 1, a sum in a currency, days, a mean from 1 to 5, …
COUNT, SHARE, SUM, DAYS, MEAN, RANK, INDEX = (
    "count", "share", "sum", "days", "mean", "rank", "index",
)  # fmt: skip
#: Whether more is better, less is better, or neither.
MORE, LESS, NEITHER = "more", "less", ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a board.

    Attributes
    ----------
    code : str
        Its name in files: it stays, whatever it is called.
    unit : str
        One of the units above.
    about : str
        What it counts, in a sentence.
    better : str
        Whether more of it is better.
    leads : bool
        Whether it stands first and large.
    """

    code: str
    section: str
    unit: str
    label: Any
    about: Any
    better: str = NEITHER
    leads: bool = False


FIGURES: Sequence[Figure] = (
    Figure("meetings_held", OUTCOMES, COUNT, _("Meetings held"),
           _("Business meetings of members that took place in the last twelve months."),
           MORE, leads=True),
    Figure("cooperation_rate", OUTCOMES, SHARE, _("Led to cooperation"),
           _("The share of these after which somebody told of talks on an agreement, or of one."),
           MORE, leads=True),
    Figure("agreement_rate", OUTCOMES, SHARE, _("Led to an agreement"),
           _("The share of these after which somebody told of an agreement."), MORE),
    Figure("answer_days", OUTCOMES, DAYS, _("Time to answer"),
           _("Days until half of those who were asked to meet had answered; who still waits counts."),
           LESS),
    Figure("reciprocity", OUTCOMES, SHARE, _("Our part of the giving"),
           _("Of all that was counted as given between the two, the share that our side gave.")),
    Figure("cost_per_cooperation", OUTCOMES, SUM, _("Cost of a cooperation"),
           _("The planned costs of the last twelve months for each meeting that led to cooperation."),
           LESS),
    Figure("health_mean", HEALTH, MEAN, _("Our answers on average"),
           _("The mean of all answers of our side in the last health review, from 1 to 5."),
           MORE, leads=True),
    Figure("health_mean_other", HEALTH, MEAN, _("Their answers on average"),
           _("The mean of all answers of the other side in the last health review, from 1 to 5."),
           MORE),
    Figure("health_apart", HEALTH, COUNT, _("Seen differently"),
           _("Factors of the last review that the sides see a whole step apart or more."), LESS),
    Figure("health_concerns", HEALTH, COUNT, _("Concerns"),
           _("Factors of the last review that a side rates below 3."), LESS),
    Figure("goals_reached", PLAN, SHARE, _("Key results reached"),
           _("The share of the key results of open objectives that are reached."), MORE, leads=True),
    Figure("goals_late", PLAN, COUNT, _("Key results late"),
           _("Key results whose day has passed without them."), LESS),
    Figure("actions_late", PLAN, COUNT, _("Tasks late"),
           _("Dated tasks that are not done and whose day has passed."), LESS),
    Figure("risks_open", PLAN, COUNT, _("Open risks"),
           _("Risks of the joint register that are not closed."), LESS),
    Figure("risks_grave", PLAN, COUNT, _("Grave risks"),
           _("Open risks whose likelihood times impact is 15 or more today."), LESS),
    Figure("money_total", MONEY, SUM, _("Money of this year"),
           _("All funding lines of this year, in the currency of the partnership.")),
    Figure("money_granted", MONEY, SHARE, _("From grants"),
           _("The share of this year’s money that comes from grants."), LESS, leads=True),
    Figure("money_largest", MONEY, SHARE, _("From the largest source"),
           _("The share of this year’s money that comes from its largest source."), LESS),
    Figure("money_goes_on", MONEY, SHARE, _("Goes on without grants"),
           _("The share of this year’s activities that go on if all grants end."), MORE),
    Figure("money_save_core", MONEY, SUM, _("Saves the core"),
           _("What would have to be found if all grants ended, so that the core of the plan goes on."),
           LESS),
    Figure("network_rank", NETWORK, RANK, _("Rank among clusters of our region"),
           _("By how near our members are to all others in the network (harmonic closeness)."),
           LESS, leads=True),
    Figure("network_partners", NETWORK, COUNT, _("Tied to"),
           _("Organisations and clusters that our cluster or its members are tied to."), MORE),
    Figure("network_between", NETWORK, SHARE, _("Bridges"),
           _("The share of all shortest ways through the network that lead over us."), MORE),
    Figure("network_constraint", NETWORK, INDEX, _("Closed circle"),
           _("How much our ties lead to the same others (Burt): near 1, all know each other."), LESS),
    Figure("trends", FORESIGHT, COUNT, _("Trends on the radar"),
           _("Trends that both sides keep on the radar.")),
    Figure("topics_emerging", FORESIGHT, COUNT, _("Topics that emerge"),
           _("Topics of calls, projects and needs whose share rises more than chance explains."),
           leads=True),
    Figure("needs_without_call", FORESIGHT, COUNT, _("Needs without a call"),
           _("Trends that members need something of, and for which no call is open."), LESS),
    Figure("calls_without_need", FORESIGHT, COUNT, _("Calls without a need"),
           _("Trends for which a call is open, and of which no member has said a need.")),
)  # fmt: skip
BY_CODE = {one.code: one for one in FIGURES}


def figures_of(section: str) -> list[Figure]:
    """Return the figures of a section in their order."""
    return [one for one in FIGURES if one.section == section]
