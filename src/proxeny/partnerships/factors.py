"""The factors of the health review: what each party is asked, in our own words.

Six groups after the factors that the Wilder Research inventory names (environment, membership,
process and structure, communication, purpose, resources); each is answered from 1 (not at all) to
5 (fully).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Factor:
    """One statement that people agree with or not."""

    code: str
    group: str
    name: Any
    statement: Any


GROUPS = {
    "environment": _("Environment"),
    "people": _("People"),
    "way": _("Ways of working"),
    "talk": _("Communication"),
    "purpose": _("Purpose"),
    "means": _("Resources"),
}

FACTORS = (
    Factor(
        "history",
        "environment",
        _("Experience of working together"),
        _("Working together across borders is nothing new for our members."),
    ),
    Factor(
        "standing",
        "environment",
        pgettext_lazy("reputation", "Standing"),
        _("The key players in our region take this partnership seriously."),
    ),
    Factor(
        "climate", "environment", _("Good timing"), _("Now is a good time for what we do together.")
    ),
    Factor(
        "trust", "people", _("Trust"), _("We can be open with each other about what isn’t working.")
    ),
    Factor(
        "right-people",
        "people",
        _("The right people"),
        _("On every side, the decision-makers are at the table."),
    ),
    Factor(
        "benefit", "people", _("Benefit"), _("Our members gain more from it than it costs them.")
    ),
    Factor(
        "compromise",
        "people",
        _("Willingness to compromise"),
        _("Each side compromises when something matters to another."),
    ),
    Factor(
        "stake", "way", _("Shared commitment"), _("Every side does its part without being asked.")
    ),
    Factor(
        "layers",
        "way",
        _("More than two people"),
        _("It would continue if one of the people in charge left."),
    ),
    Factor(
        "flexible",
        "way",
        _("Open to change"),
        _("We change our plan when something better comes up."),
    ),
    Factor("roles", "way", _("Clear roles"), _("Everyone knows who does what, and by when.")),
    Factor("pace", "way", _("Pace"), _("We take on no more than we can handle, and we finish it.")),
    Factor(
        "open-talk",
        "talk",
        _("Timely information"),
        _("The others tell us what we need to know, in time."),
    ),
    Factor(
        "ties",
        "talk",
        _("Personal ties"),
        _("We know each other well enough to pick up the phone."),
    ),
    Factor(
        "goals",
        "purpose",
        _("Clear goals"),
        _("What we want to achieve is written down and achievable."),
    ),
    Factor(
        "vision",
        "purpose",
        _("Shared vision"),
        _("Every side would tell the same story about why we do this."),
    ),
    Factor(
        "unique",
        "purpose",
        _("Unique purpose"),
        _("None of us could do alone what we do together."),
    ),
    Factor(
        "money",
        "means",
        _("Money, time, people"),
        _("We have the money, time and people for what we’ve planned."),
    ),
    Factor(
        "independent",
        "means",
        _("Independence from grants"),
        _("We’d continue the core of our work if the funding ended."),
    ),
    Factor(
        "lead",
        "means",
        _("Leadership"),
        _("Someone holds it together and is listened to by every side."),
    ),
)
BY_CODE = {one.code: one for one in FACTORS}
