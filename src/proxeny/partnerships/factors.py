"""The factors of the health review: what each party is asked, in our own words.

Six groups after the factors that the Wilder Research inventory names (environment, membership,
process and structure, communication, purpose, resources); each is answered from 1 (not at all) to
5 (fully).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Factor:
    """One statement that people agree with or not."""

    code: str
    group: str
    name: Any
    statement: Any


GROUPS = {
    "environment": _("Surroundings"),
    "people": _("People"),
    "way": _("Way of working"),
    "talk": _("Talking to each other"),
    "purpose": _("Purpose"),
    "means": _("Means"),
}

FACTORS = (
    Factor("history", "environment", _("Experience of working together"),
           _("Working together across borders is nothing new for our members.")),
    Factor("standing", "environment", _("Standing"),
           _("Those who matter in our region take this partnership seriously.")),
    Factor("climate", "environment", _("Good moment"),
           _("Now is a good time for what we do together.")),
    Factor("trust", "people", _("Trust"),
           _("We can say openly to each other what does not work.")),
    Factor("right-people", "people", _("The right people"),
           _("Those who can decide are at the table on both sides.")),
    Factor("benefit", "people", _("Benefit"),
           _("Our members gain more from it than it costs them.")),
    Factor("compromise", "people", _("Readiness to give way"),
           _("Both sides give way when it matters to the other.")),
    Factor("stake", "way", _("Shared stake"),
           _("Both sides do their part without being asked.")),
    Factor("layers", "way", _("More than two persons"),
           _("It would go on if one of the people in charge left.")),
    Factor("flexible", "way", _("Open to change"),
           _("We change our plan when something better shows itself.")),
    Factor("roles", "way", _("Clear roles"),
           _("Everybody knows who does what until when.")),
    Factor("pace", "way", _("Pace"),
           _("We take on as much as we can carry, and finish it.")),
    Factor("open-talk", "talk", _("Word in time"),
           _("We hear from the other side what we need to know, in time.")),
    Factor("ties", "talk", _("Personal ties"),
           _("We know each other well enough to pick up the phone.")),
    Factor("goals", "purpose", _("Clear goals"),
           _("What we want to reach is written down and can be reached.")),
    Factor("vision", "purpose", _("Shared idea"),
           _("Both sides would tell the same story about why we do this.")),
    Factor("unique", "purpose", _("Something of its own"),
           _("What we do together, none of us could do alone.")),
    Factor("money", "means", _("Money, time, people"),
           _("We have the money, the time and the people for what we planned.")),
    Factor("independent", "means", _("Life without the grant"),
           _("We would go on with the core of it if the funding ended.")),
    Factor("lead", "means", _("Somebody who leads"),
           _("Somebody holds it together, and is listened to on both sides.")),
)  # fmt: skip
BY_CODE = {one.code: one for one in FACTORS}
