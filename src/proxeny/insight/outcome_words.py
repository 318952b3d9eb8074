"""What the figures of outcomes mean, how they are counted, and how sure they are."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.insight.queries.outcome_waits import ABROAD, ASKED, INTEREST, MANDATE, MEMBER


@dataclass(frozen=True, slots=True)
class Words:
    """What a figure is called, what it tells, how it is counted, from which records, how surely."""

    label: Any
    about: Any
    formula: Any
    tables: Any
    method: str = "count"


_MEETINGS = _("Business meetings of the room’s members, shown to those who take part")
_DAY = _("Business meetings; what those who met said on the day")
_LATER = _("Business meetings; what those who met said after six months")

FUNNEL: dict[str, Words] = {
    "requests": Words(
        _("Requests"), _("How often somebody asked to meet somebody."),
        _("“Must meet” and “would like to” at joint events that begin within the days + introductions that a desk noted + mandates of which no introduction has come"),
        _("Meeting requests of events, introductions and mandates of both desks"),
    ),
    "invitations": Words(
        _("Invitations"), _("How often two were asked to come together."),
        _("Pairs who are registered for a joint event and of whom one asked for the other + introductions whose two sides were asked"),
        _("Meeting requests of events, introductions of both desks"),
    ),
    "planned": Words(
        _("Meetings planned"), _("Meetings that were to begin within the days."),
        _("Meetings that are confirmed, held or did not take place; not those called off"), _MEETINGS,
    ),
    "cancelled": Words(
        _("Called off"), _("Meetings that were called off."),
        _("Meetings that were to begin within the days, and were called off"), _MEETINGS,
    ),
    "held": Words(
        _("Meetings held"), _("Meetings that took place."),
        _("Meetings that began within the days, and of which somebody said that they took place"), _MEETINGS,
    ),
    "missed": Words(
        _("Did not take place"), _("Meetings to which somebody did not come."),
        _("Meetings that were to begin within the days, and of which all who spoke said that they did not take place"), _MEETINGS,
    ),
    "possible": Words(
        _("Cooperation possible"), _("Meetings after which one side or both called cooperation possible."),
        _("Meetings of which the best answer on the day is “Cooperation possible”"), _DAY,
    ),
    "both": Words(
        _("Cooperation possible, said both"), _("Meetings after which two parties or more called cooperation possible."),
        _("Meetings with the answer “Cooperation possible” of two parties or more"), _DAY,
    ),
    "cooperations": Words(
        _("Cooperation begun"), _("Meetings that led to talks on an agreement, or to one."),
        _("Meetings of which the best answer after six months is “Negotiating” or “An agreement”"), _LATER,
    ),
    "cooperation-rate": Words(
        _("Share that led to cooperation"), _("Of the meetings held, the share that led to talks on an agreement, or to one."),
        _("Cooperation begun ÷ meetings held"), _LATER, "share",
    ),
    "agreements": Words(
        _("Agreements"), _("Meetings that led to an agreement."),
        _("Meetings of which the best answer after six months is “An agreement”"), _LATER,
    ),
    "agreement-rate": Words(
        _("Share that led to an agreement"), _("Of the meetings held, the share that led to an agreement."),
        _("Agreements ÷ meetings held"), _LATER, "share",
    ),
}  # fmt: skip

ABOUT_WAIT = Words(
    "", _("Days until half of those who were asked had answered."),
    _("The median of the time from the question to the answer, of all who were asked within the days"),
    "", "wait",
)  # fmt: skip
_SIDES = _("Introductions of your own desk: when each side was asked, and when it answered")
WAIT_TABLES: dict[str, Any] = {
    ASKED: _SIDES, MEMBER: _SIDES, ABROAD: _SIDES,
    MANDATE: _("Mandates that members asked of your own desk"),
    INTEREST: _("Interest that members of one side told in offers and needs of the other’s"),
}  # fmt: skip
ABOUT_BALANCE = Words(
    _("Give and take"), _("Of all that was given between the sides, the share that your side gave. It is told for all time."),
    _("What your side gave ÷ what all sides gave: counted from what happened, and noted by hand and confirmed"),
    _("The ledger of give and take"), "balance",
)  # fmt: skip
ABOUT_WORTH = Words(
    _("What the agreements are worth"), _("What those who agreed say that it is worth."),
    _("The sum over all agreements; each meeting counts once, with one worth: in the partnership’s currency if there is one, else the higher"),
    _LATER,
)  # fmt: skip

METHODS: dict[str, Any] = {
    "count": _("It was counted, not estimated: there is no range."),
    "share": _("The range holds in 95 of 100 cases (Wilson 1927). Fewer than five meetings held are too few to say."),
    "wait": _("Who still waits counts for the time so far (Kaplan and Meier 1958); the range holds in 95 of 100 cases and assumes no distribution (Brookmeyer and Crowley 1982; where all have answered, by ordered values). Fewer than five questions are too few to say."),
    "balance": _("The range holds in 95 of 100 cases (Clopper and Pearson 1934). If an even share lies in it, chance alone would do as much. Fewer than five are too few to say."),
    "cost": _("What is unsure is how many outcomes so much money brings: the range comes from the exact limits of a count, in 95 of 100 cases (Garwood 1936). Where there is no outcome yet, the lower limit alone is told."),
}  # fmt: skip
