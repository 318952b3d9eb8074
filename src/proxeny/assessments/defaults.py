"""How a market question is worked on until a partnership writes its own template."""

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
_CHECK = _("The other side reads the report and objects")
_RISKS = _("Risks, and what stays uncertain")
_NEXT = _("What to do next")


def _end(first: int) -> tuple[tuple[Any, int], ...]:
    """Return how every plan ends, from the day on which first findings are shown."""
    return (_SHOW, first), (_WRITE, first + 10), (_CHECK, first + 14)


DEFAULTS: dict[str, Default] = {
    Question.DEMAND: Default(
        questions=(
            _CUSTOMERS,
            _("What do your customers do without your product?"),
            _("Whom do you expect to buy it there?"),
            _DONE,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Gather open statistics on size and growth of the market"), 10),
            (_("List those who could buy, by kind and number"), 14),
            (_("Talk to at least five possible buyers"), 28),
            (_("Look at what they buy today, and from whom"), 30),
            *_end(36),
        ),
        chapters=(
            _("Who would buy, and how many they are"),
            _("Size and growth of the market"),
            _("What they buy today"),
            _("What would make them change"),
            _RISKS,
        ),
    ),
    Question.ENTRY: Default(
        questions=(
            _("How do you sell today: directly, through dealers, online?"),
            _("How much time and money can you spend on entering?"),
            _("Who of your people speaks the language or has worked there?"),
            _DONE,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Describe the ways by which others have entered"), 12),
            (_("Talk to three companies that have entered"), 24),
            (_("Work out cost and time of each way"), 30),
            (_("Name places, fairs and programmes that help"), 32),
            *_end(38),
        ),
        chapters=(
            _("Ways into the market"),
            _("Sales channels and what they cost"),
            _("What others did, and what came of it"),
            _("Cost and time until the first sale"),
            _RISKS,
            _NEXT,
        ),
    ),
    Question.REGULATION: Default(
        questions=(
            _("What exactly do you want to sell or provide there?"),
            _("Which permits, certificates and marks do you hold?"),
            _("Do you handle data of persons, food, health or public money?"),
            _("Has an authority or a lawyer told you anything already?"),
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("List the laws and authorities that apply"), 10),
            (_("Ask the authorities what is unclear"), 18),
            (_("Have a lawyer of the country read the list"), 28),
            (_("Work out what each duty costs and how long it takes"), 30),
            *_end(34),
        ),
        chapters=(
            _("What applies, and who watches over it"),
            _("Permits, marks and registrations"),
            _("Taxes, duties and social security"),
            _("Contracts, liability and data"),
            _("Cost and time of each duty"),
            _RISKS,
        ),
    ),
    Question.PARTNERS: Default(
        questions=(
            _("What is the partner to do for you?"),
            _("What do you offer the partner?"),
            _("With whom do you not want to work, and why?"),
            _CUSTOMERS,
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Agree with the company on what a partner must bring"), 7),
            (_("List twenty possible partners"), 16),
            (_("Choose six together with the company"), 20),
            (_("Ask the six whether they want to talk"), 30),
            (_("Look up ownership, size and reputation of those who do"), 34),
            *_end(38),
        ),
        chapters=(
            _("What a partner must bring"),
            _("Who comes into question"),
            _("Those who want to talk"),
            _("What to agree on with a partner"),
            _RISKS,
            _NEXT,
        ),
    ),
    Question.PRICE: Default(
        questions=(
            _("At what price do you sell today, to whom and on what terms?"),
            _("What does it cost you, and what is the least you need?"),
            _("With whose offer do buyers compare yours?"),
            _DECISION,
        ),
        steps=(
            _BEGIN,
            (_("Gather prices of comparable offers, with source and day"), 14),
            (_("Ask at least five buyers what they pay and when"), 26),
            (_("Work out what taxes, transport and dealers add"), 28),
            *_end(32),
        ),
        chapters=(
            _("What comparable offers cost"),
            _("What buyers pay, and on what terms"),
            _("What taxes, transport and dealers add"),
            _("A price, and how to begin with it"),
            _RISKS,
        ),
    ),
}
