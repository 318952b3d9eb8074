"""The meaning, calculation and uncertainty of outcome figures."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.insight.queries.outcome_waits import ABROAD, ASKED, INTEREST, MANDATE, MEMBER


@dataclass(frozen=True, slots=True)
class Words:
    """A figure's label, meaning, calculation, source records and uncertainty."""

    label: Any
    about: Any
    formula: Any
    tables: Any
    method: str = "count"


_MEETINGS = _("Business meetings of the room’s members, visible to those who take part")
_DAY = _("Business meetings; what participants said on the day")
_LATER = _("Business meetings; what participants said after six months")

FUNNEL: dict[str, Words] = {
    "requests": Words(
        _("Requests"),
        _("How often someone asked to meet someone."),
        _(
            "“Must meet” and “Would like to” at joint events that begin in the period + "
            "introductions recorded by a desk + mandates that haven’t led to an introduction"
        ),
        _("Meeting requests at events, introductions and mandates of both desks"),
    ),
    "invitations": Words(
        _("Invitations"),
        _("How often two organisations were invited to meet."),
        _(
            "Pairs registered for a joint event where one asked to meet the other + "
            "introductions where both sides were asked"
        ),
        _("Meeting requests at events, introductions of both desks"),
    ),
    "planned": Words(
        _("Meetings planned"),
        _("Meetings due to begin in the period."),
        _(
            "Meetings that are confirmed, were held or did not take place; cancelled ones don’t "
            "count"
        ),
        _MEETINGS,
    ),
    "cancelled": Words(
        _("Cancelled"),
        _("Meetings that were cancelled."),
        _("Meetings due to begin in the period that were cancelled"),
        _MEETINGS,
    ),
    "held": Words(
        _("Meetings held"),
        _("Meetings that took place."),
        _("Meetings that began in the period and that someone said took place"),
        _MEETINGS,
    ),
    "missed": Words(
        _("Did not take place"),
        _("Meetings that someone didn’t attend."),
        _("Meetings due to begin in the period that everyone who answered said did not take place"),
        _MEETINGS,
    ),
    "possible": Words(
        _("Cooperation possible"),
        _("Meetings after which one or both sides said cooperation was possible."),
        _("Meetings whose best answer on the day is “Cooperation possible”"),
        _DAY,
    ),
    "both": Words(
        _("Cooperation possible (both sides)"),
        _("Meetings after which two or more parties said cooperation was possible."),
        _("Meetings with the answer “Cooperation possible” from two or more parties"),
        _DAY,
    ),
    "cooperations": Words(
        _("Cooperation started"),
        _("Meetings that led to talks on an agreement, or to an agreement."),
        _("Meetings whose best answer after six months is “Negotiating” or “An agreement”"),
        _LATER,
    ),
    "cooperation-rate": Words(
        _("Share that led to cooperation"),
        _(
            "Of the meetings held whose outcome is known, the share that led to talks on an "
            "agreement, or to an agreement."
        ),
        _("Cooperation begun ÷ meetings whose outcome someone reported after six months"),
        _LATER,
        "share",
    ),
    "agreements": Words(
        _("Agreements"),
        _("Meetings that led to an agreement."),
        _("Meetings whose best answer after six months is “An agreement”"),
        _LATER,
    ),
    "agreement-rate": Words(
        _("Share that led to an agreement"),
        _("Of the meetings held whose outcome is known, the share that led to an agreement."),
        _("Agreements ÷ meetings whose outcome someone reported after six months"),
        _LATER,
        "share",
    ),
}

ABOUT_WAIT = Words(
    "",
    _("Days until half of those asked had answered."),
    _("The median time from question to answer, for everyone asked in the period"),
    "",
    "wait",
)
_SIDES = _("Introductions of your own desk: when each side was asked and when it answered")
WAIT_TABLES: dict[str, Any] = {
    ASKED: _SIDES,
    MEMBER: _SIDES,
    ABROAD: _SIDES,
    MANDATE: _("Mandates that members requested from your own desk"),
    INTEREST: _("Interest that members of one side expressed in the other side’s offers and needs"),
}
ABOUT_BALANCE = Words(
    _("Give and take"),
    _("Your side’s share of everything given between the sides. It covers all time."),
    _(
        "What your side gave ÷ what all sides gave: counted from activity, or entered by hand "
        "and confirmed"
    ),
    _("The give-and-take ledger"),
    "balance",
)
ABOUT_WORTH = Words(
    _("Value of the agreements"),
    _("What the parties to the agreements say they’re worth."),
    _(
        "The sum of all agreements; each meeting counts once, with one value: the one in the "
        "partnership’s currency if there is one, otherwise the higher"
    ),
    _LATER,
)

METHODS: dict[str, Any] = {
    "count": _("Counted, not estimated: there’s no range."),
    "share": _(
        "The range holds in 95 of 100 cases (Wilson 1927). Meetings that no one has answered for "
        "yet count as neither yes nor no. Fewer than five answers are too few to say."
    ),
    "wait": _(
        "Anyone still waiting counts with the time so far (Kaplan and Meier 1958); the range "
        "holds in 95 of 100 cases and assumes no distribution (Brookmeyer and Crowley 1982; "
        "where everyone has answered, by ordered values). Fewer than five questions are too few "
        "to say."
    ),
    "balance": _(
        "The range holds in 95 of 100 cases (Clopper and Pearson 1934). If an even share lies "
        "within it, chance alone could explain the result. Fewer than five are too few to say."
    ),
    "cost": _(
        "What’s uncertain is how many outcomes this amount of money brings: the range comes from "
        "the exact limits of a count, in 95 of 100 cases (Garwood 1936). Where there’s no "
        "outcome yet, only the lower limit is given."
    ),
}
