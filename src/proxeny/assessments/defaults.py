"""Default templates for market questions, used until a partnership writes its own."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import Question


@dataclass(frozen=True, slots=True)
class Default:
    """Questions at the request, steps with the days after the brief is signed, and chapters."""

    questions: tuple[Any, ...]
    steps: tuple[tuple[Any, int], ...]
    chapters: tuple[Any, ...]


_CUSTOMERS = _("Who buys from you today, and what for?")
_DECISION = _("What will you decide when you have the answer, and by when?")
_DONE = _("What have you done or found out in this market so far?")
_BEGIN = (_("Go through the brief with the company"), 3)
_SHOW = _("Show the company the first findings")
_WRITE = _("Write findings and recommendations")
_CHECK = _("The other side reads the report and raises objections")
_RISKS = _("Risks and remaining uncertainties")
_NEXT = _("Next steps")


def _end(first: int) -> tuple[tuple[Any, int], ...]:
    """Return the final steps of every plan, from the day on which first findings are shown."""
    return (_SHOW, first), (_WRITE, first + 10), (_CHECK, first + 14)


DEFAULTS: dict[str, Default] = {
    Question.DEMAND: Default(
        questions=(
            _CUSTOMERS,
            _("What do your customers do without your product?"),
            _("Who do you expect to buy it there?"),
            _DONE,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Gather open statistics on the size and growth of the market"), 10),
            (_("List potential buyers by type and number"), 14),
            (_("Talk to at least five potential buyers"), 28),
            (_("Find out what they buy today, and from whom"), 30),
            *_end(36),
        ),
        chapters=(
            _("Who would buy, and how many potential buyers there are"),
            _("Size and growth of the market"),
            _("What buyers purchase today"),
            _("What would make them switch"),
            _RISKS,
        ),
    ),
    Question.ENTRY: Default(
        questions=(
            _("How do you sell today: directly, through dealers, online?"),
            _("How much time and money can you spend on entering the market?"),
            _("Who on your team speaks the language or has worked there?"),
            _DONE,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Describe how others have entered the market"), 12),
            (_("Talk to three companies that have entered the market"), 24),
            (_("Work out the cost and time of each route"), 30),
            (_("Identify locations, trade fairs and programmes that help"), 32),
            *_end(38),
        ),
        chapters=(
            _("Routes into the market"),
            _("Sales channels and what they cost"),
            _("What others did, and with what results"),
            _("Cost and time until the first sale"),
            _RISKS,
            _NEXT,
        ),
    ),
    Question.REGULATION: Default(
        questions=(
            _("What exactly do you want to sell or provide there?"),
            _("Which permits, certificates and marks do you hold?"),
            _("Do you handle personal data, food, health products or public money?"),
            _("Have you already had advice from an authority or a lawyer?"),
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("List the laws and authorities that apply"), 10),
            (_("Ask the authorities about anything that’s unclear"), 18),
            (_("Have a local lawyer review the list"), 28),
            (_("Work out what each obligation costs and how long it takes"), 30),
            *_end(34),
        ),
        chapters=(
            _("What applies, and who enforces it"),
            _("Permits, marks and registrations"),
            _("Taxes, duties and social security"),
            _("Contracts, liability and data"),
            _("Cost and time of each obligation"),
            _RISKS,
        ),
    ),
    Question.PARTNERS: Default(
        questions=(
            _("What do you want the partner to do for you?"),
            _("What do you offer the partner?"),
            _("Who do you not want to work with, and why?"),
            _CUSTOMERS,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Agree with the company on what a partner must offer"), 7),
            (_("List 20 potential partners"), 16),
            (_("Shortlist six with the company"), 20),
            (_("Ask the six whether they’re interested in talking"), 30),
            (_("Check the ownership, size and reputation of those who are"), 34),
            *_end(38),
        ),
        chapters=(
            _("What a partner must offer"),
            _("Potential partners"),
            _("Partners interested in talking"),
            _("What to agree with a partner"),
            _RISKS,
            _NEXT,
        ),
    ),
    Question.PRICE: Default(
        questions=(
            _("What price do you charge today, who to, and on what terms?"),
            _("What does it cost you, and what’s the minimum you need?"),
            _("Which offers do buyers compare yours with?"),
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Gather prices of comparable offers, with source and date"), 14),
            (_("Ask at least five buyers what they pay and when"), 26),
            (_("Work out how much taxes, transport and dealers add"), 28),
            *_end(32),
        ),
        chapters=(
            _("What comparable offers cost"),
            _("What buyers pay, and on what terms"),
            _("How much taxes, transport and dealers add"),
            _("A recommended price, and how to start with it"),
            _RISKS,
        ),
    ),
}
