"""The figures of a board: their names, meanings and units.

From the one list follow the page, the mail, the files and the description of the open data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

HEALTH, MONEY, PLAN, NETWORK, FORESIGHT, OUTCOMES = (
    "health",
    "money",
    "plan",
    "network",
    "foresight",
    "outcomes",
)
#: The sections of a board in their order: what they are called, and the page behind each.
SECTIONS: dict[str, tuple[Any, str]] = {
    OUTCOMES: (_("Outcomes"), "insight:outcomes"),
    HEALTH: (_("How the two sides get on"), "partnerships:health"),
    PLAN: (_("Goals, work and risks"), "partnerships:goals"),
    MONEY: (_("Money, and what would stop without grants"), "partnerships:money"),
    NETWORK: (_("Our place in the network"), "insight:network-position"),
    FORESIGHT: (_("What’s coming"), "insight:needs"),
}
#: What a value is: a count, a share from 0 to 1, a sum in a currency, days, a mean from 1 to 5, …
COUNT, SHARE, SUM, DAYS, MEAN, RANK, INDEX = (
    "count",
    "share",
    "sum",
    "days",
    "mean",
    "rank",
    "index",
)
#: Whether more is better, less is better, or neither.
MORE, LESS, NEITHER = "more", "less", ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a board.

    Attributes
    ----------
    code : str
        Its name in files: stable, even when its label changes.
    unit : str
        One of the units above.
    about : str
        The meaning of the figure, in a sentence.
    better : str
        Whether more of it is better.
    leads : bool
        Whether it is shown first and large.
    """

    code: str
    section: str
    unit: str
    label: Any
    about: Any
    better: str = NEITHER
    leads: bool = False


FIGURES: Sequence[Figure] = (
    Figure(
        "meetings_held",
        OUTCOMES,
        COUNT,
        _("Meetings held"),
        _("Members’ business meetings held in the last twelve months."),
        MORE,
        leads=True,
    ),
    Figure(
        "cooperation_rate",
        OUTCOMES,
        SHARE,
        _("Led to cooperation"),
        _(
            "Of these, as far as known after six months: the share that led to talks on an "
            "agreement, or to an agreement."
        ),
        MORE,
        leads=True,
    ),
    Figure(
        "agreement_rate",
        OUTCOMES,
        SHARE,
        _("Led to an agreement"),
        _("Of these, as far as known after six months: the share that led to an agreement."),
        MORE,
    ),
    Figure(
        "answer_days",
        OUTCOMES,
        DAYS,
        _("Time to answer"),
        _("Days until half of those invited to meet had answered; those still waiting count too."),
        LESS,
    ),
    Figure(
        "reciprocity",
        OUTCOMES,
        SHARE,
        _("Our share of what was given"),
        _("Our side’s share of everything counted as given between the two sides."),
    ),
    Figure(
        "cost_per_cooperation",
        OUTCOMES,
        SUM,
        _("Cost per cooperation"),
        _("Planned costs of the last twelve months, per meeting that led to cooperation."),
        LESS,
    ),
    Figure(
        "health_mean",
        HEALTH,
        MEAN,
        _("Our average answer"),
        _("The mean of all our side’s answers in the last health review, from 1 to 5."),
        MORE,
        leads=True,
    ),
    Figure(
        "health_mean_other",
        HEALTH,
        MEAN,
        _("Their average answer"),
        _("The mean of all the other side’s answers in the last health review, from 1 to 5."),
        MORE,
    ),
    Figure(
        "health_apart",
        HEALTH,
        COUNT,
        _("Seen differently"),
        _("Factors in the last review where the sides’ ratings differ by a whole point or more."),
        LESS,
    ),
    Figure(
        "health_concerns",
        HEALTH,
        COUNT,
        _("Concerns"),
        _("Factors in the last review that a side rates below 3."),
        LESS,
    ),
    Figure(
        "goals_reached",
        PLAN,
        SHARE,
        _("Key results reached"),
        _("The share of key results of open objectives that have been reached."),
        MORE,
        leads=True,
    ),
    Figure(
        "goals_late",
        PLAN,
        COUNT,
        _("Overdue key results"),
        _("Key results past their due date that haven’t been reached."),
        LESS,
    ),
    Figure(
        "actions_late",
        PLAN,
        COUNT,
        _("Overdue tasks"),
        _("Tasks past their due date that aren’t done."),
        LESS,
    ),
    Figure(
        "risks_open",
        PLAN,
        COUNT,
        _("Open risks"),
        _("Risks in the joint register that aren’t closed."),
        LESS,
    ),
    Figure(
        "risks_grave",
        PLAN,
        COUNT,
        _("Serious risks"),
        _("Open risks whose likelihood × impact is now 15 or more."),
        LESS,
    ),
    Figure(
        "money_total",
        MONEY,
        SUM,
        _("This year’s funding"),
        _("All funding lines for this year, in the partnership’s currency."),
    ),
    Figure(
        "money_granted",
        MONEY,
        SHARE,
        _("From grants"),
        _("The share of this year’s funding that comes from grants."),
        LESS,
        leads=True,
    ),
    Figure(
        "money_largest",
        MONEY,
        SHARE,
        _("From the largest source"),
        _("The share of this year’s funding that comes from its largest source."),
        LESS,
    ),
    Figure(
        "money_goes_on",
        MONEY,
        SHARE,
        _("Continues without grants"),
        _("The share of this year’s activities that would continue if all grants ended."),
        MORE,
    ),
    Figure(
        "money_save_core",
        MONEY,
        SUM,
        _("Needed to save the core"),
        _("What you’d need to find if all grants ended, to keep the core of the plan going."),
        LESS,
    ),
    Figure(
        "network_rank",
        NETWORK,
        RANK,
        _("Rank among clusters in our region"),
        _("By how close our members are to everyone else in the network (harmonic closeness)."),
        LESS,
        leads=True,
    ),
    Figure(
        "network_partners",
        NETWORK,
        COUNT,
        _("Connected to"),
        _("Organisations and clusters that our cluster or its members have ties with."),
        MORE,
    ),
    Figure(
        "network_between",
        NETWORK,
        SHARE,
        _("Bridges"),
        _("The share of all shortest paths through the network that run through us."),
        MORE,
    ),
    Figure(
        "network_constraint",
        NETWORK,
        INDEX,
        _("Constraint (network closure)"),
        _("How far our ties lead to the same others (Burt): near 1, they all know each other."),
        LESS,
    ),
    Figure(
        "trends",
        FORESIGHT,
        COUNT,
        _("Trends on the radar"),
        _("Trends that both sides keep on the radar."),
    ),
    Figure(
        "topics_emerging",
        FORESIGHT,
        COUNT,
        _("Emerging topics"),
        _("Topics of calls, projects and needs whose share is rising more than chance explains."),
        leads=True,
    ),
    Figure(
        "needs_without_call",
        FORESIGHT,
        COUNT,
        _("Needs without a call"),
        _("Trends where members have a need and no call is open."),
        LESS,
    ),
    Figure(
        "calls_without_need",
        FORESIGHT,
        COUNT,
        _("Calls without a need"),
        _("Trends where a call is open and no member has stated a need."),
    ),
)
BY_CODE = {one.code: one for one in FIGURES}


def figures_of(section: str) -> list[Figure]:
    """Return the figures of a section in their order."""
    return [one for one in FIGURES if one.section == section]
