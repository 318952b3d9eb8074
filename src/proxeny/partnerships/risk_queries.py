"""Register of risks: current and past grades, acceptance, and all of them as a matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.kernel.rows import Column, Rows
from proxeny.partnerships import queries
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action, Agreement, Partnership, Party, Risk
from proxeny.partnerships.plan_queries import InCharge, Task, in_charge, tasks_for
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.room_queries import charges_of

#: A review this near is marked.
SOON = timedelta(days=14)
#: From which product of likelihood and impact on a risk is called what, and the tone of that.
LEVELS: tuple[tuple[int, str, Any, str], ...] = (
    (15, "severe", _("very high"), "bad"),
    (10, "high", _("high"), "bad"),
    (5, "moderate", _("moderate"), "warn"),
    (1, "low", _("low"), "ok"),
)
SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class Grade:
    """Likelihood and impact, 1 to 5 each."""

    likelihood: int
    impact: int

    @property
    def value(self) -> int:
        """The product, 1 to 25."""
        return self.likelihood * self.impact

    @property
    def level(self) -> str:
        """The code of what it is called."""
        return self._level[1]

    @property
    def label(self) -> Any:
        """The name of the level."""
        return self._level[2]

    @property
    def tone(self) -> str:
        """The display tone of the level."""
        return self._level[3]

    @property
    def _level(self) -> tuple[int, str, Any, str]:
        return next(one for one in LEVELS if self.value >= one[0])


@dataclass(frozen=True, slots=True)
class Entry:
    """Risk as of a day.

    Attributes
    ----------
    number : int
        Its permanent number in the register.
    text : SignedText or None
        The last text submitted to all parties for its acceptance.
    """

    number: int
    record: Risk
    charges: Sequence[InCharge]
    tasks: Sequence[Task]
    text: SignedText | None
    today: date

    @property
    def inherent(self) -> Grade:
        """Untreated."""
        return Grade(self.record.inherent_likelihood, self.record.inherent_impact)

    @property
    def current(self) -> Grade:
        """Today."""
        return Grade(self.record.current_likelihood, self.record.current_impact)

    @property
    def residual(self) -> Grade:
        """In the end."""
        return Grade(self.record.residual_likelihood, self.record.residual_impact)

    @property
    def is_overdue(self) -> bool:
        """Whether its review is overdue."""
        return self.record.review_on is not None and self.record.review_on < self.today

    @property
    def is_soon(self) -> bool:
        """Whether its review is near."""
        on = self.record.review_on
        return on is not None and self.today <= on <= self.today + SOON

    @property
    def acceptance(self) -> str:
        """`accepted`, `waiting`, `void` (it changed after or while it was accepted), `refused`, `none`."""
        if self.text is None:
            return "none"
        agreement = self.text.agreement
        if agreement.closed_at is None:
            return "accepted" if agreement.completed_at else "waiting"
        return "refused" if agreement.closed_why else "void"

    def waits_for(self, party: Party | None) -> bool:
        """Whether a party's signature is missing for its acceptance."""
        if self.acceptance != "waiting" or self.text is None or party is None:
            return False
        return any(
            one.sign_off is None and one.party.pk == party.pk for one in self.text.signatures
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """Cell of the matrix with its inherent, current and residual risks."""

    grade: Grade
    inherent: Sequence[Entry]
    current: Sequence[Entry]
    residual: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Register:
    """The open risks, the gravest today first, and the closed ones, the last first."""

    open: Sequence[Entry]
    closed: Sequence[Entry]

    @property
    def matrix(self) -> list[list[Cell]]:
        """The open risks by likelihood (the highest first) and impact (the lowest first)."""

        def at(grade: Grade, step: str) -> list[Entry]:
            found = [one for one in self.open if getattr(one, step) == grade]
            return sorted(found, key=lambda one: one.number)

        grades = [[Grade(row, column) for column in SCALE] for row in reversed(SCALE)]
        return [
            [Cell(one, at(one, "inherent"), at(one, "current"), at(one, "residual")) for one in row]
            for row in grades
        ]

    @property
    def overdue(self) -> int:
        """The number of overdue reviews."""
        return sum(one.is_overdue for one in self.open)

    @property
    def grave(self) -> int:
        """The number of risks graded high or above today."""
        return sum(one.current.level in {"high", "severe"} for one in self.open)

    @property
    def accepted(self) -> int:
        """The number of risks that all parties have accepted as they are."""
        return sum(one.acceptance == "accepted" for one in self.open)


#: The open risks of a register; by default the gravest come first. A row is an `Entry`.
RISKS = Rows(
    "risks",
    (
        Column("number", _("Number"), lambda one: one.number, by=lambda one: one.number),
        Column("title", _("Risk"), lambda one: one.record.title, by=lambda one: one.record.title),
        Column(
            "grade",
            _("Grade"),
            lambda one: one.current.value,
            by=lambda one: one.current.value,
            end=True,
        ),
        Column("details", _("Cause and consequence"), lambda one: one.record.details),
        Column("treatment", _("What we do about it"), lambda one: one.record.treatment),
        Column(
            "review",
            _("Next review"),
            lambda one: one.record.review_on,
            by=lambda one: one.record.review_on,
        ),
    ),
    words=lambda one: (one.record.title, one.record.details, one.record.treatment),
)


def read_register(partnership: Partnership, parties: Sequence[Party], *, today: date) -> Register:
    """Return the risks of a room. Five queries."""
    # Archived ones keep their numbers.
    found = list(Risk.objects.filter(partnership=partnership).order_by("pk"))
    numbers = {one.pk: number for number, one in enumerate(found, 1)}
    live = [one for one in found if one.dropped_at is None]
    charges = charges_of(KINDS["risk"], [one.pk for one in live])
    tasks = tasks_for(partnership.pk, Action.Origin.RISK, today=today)
    texts = _texts(partnership)
    entries = [
        Entry(
            number=numbers[one.pk],
            record=one,
            charges=in_charge(parties, charges.get(one.pk, {})),
            tasks=tasks.get(one.pk, []),
            text=texts.get(one.pk),
            today=today,
        )
        for one in live
    ]
    open_ = [one for one in entries if one.record.closed_on is None]
    open_.sort(key=lambda one: (-one.current.value, -one.current.impact, one.number))
    closed = [one for one in entries if one.record.closed_on]
    closed.sort(key=lambda one: (one.record.closed_on, one.number), reverse=True)
    return Register(open_, closed)


def _texts(partnership: Partnership) -> Mapping[int, SignedText]:
    found = queries.list_newest(partnership, Agreement.Kind.RISK)
    return {int(one.agreement.subject): one for one in found}
