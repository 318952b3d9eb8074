"""Jurors and managers talk an application over: with all scores on the table, before the decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.models import Person
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import SchemeText
from proxeny.labels.models import Application, Assignment, Juror, Remark, Round, Score
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.scoring import enter_assignment, find_assignment
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.queries.scores import list_remarks, list_scored
from proxeny.labels.queries.scoring import Reading, read_reading
from proxeny.labels.rules import State
from proxeny.labels.score_presenters import tell_half
from proxeny.partnerships.operations.room import note

MOST_REMARK = 2000
_NOT_NOW = gettext_lazy("Applications are discussed between the scoring and the decision.")


@dataclass(frozen=True, slots=True)
class Seat:
    """A juror in the discussion: a number for other jurors, a name for managers."""

    assignment: Assignment
    label: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A juror's score for one indicator; None: nothing yet."""

    seat: Seat
    score: Score | None


@dataclass(frozen=True, slots=True)
class Line:
    """A remark, or a change of points from `before` to `after`."""

    who: str
    is_own: bool
    remark: Remark
    indicator: str

    @property
    def is_change(self) -> bool:
        """Whether it tells that points were changed."""
        return not self.remark.text

    @property
    def changed(self) -> str:
        """The change of points, as a sentence."""
        before, after = self.remark.points_before, self.remark.points_after
        if before is None:
            return _("Now gives %(after)s points; couldn’t judge it before.") % {
                "after": tell_half(after)
            }
        if after is None:
            return _("Can’t judge it after all; gave %(before)s points before.") % {
                "before": tell_half(before)
            }
        return _("Now gives %(after)s points instead of %(before)s.") % {
            "before": tell_half(before),
            "after": tell_half(after),
        }


@dataclass(frozen=True, slots=True)
class Discussion:
    """All scores of an application side by side, and what was said of it, oldest first."""

    seats: tuple[Seat, ...]
    cells: Mapping[str, tuple[Cell, ...]]
    lines: tuple[Line, ...]

    def ends(self, key: str) -> tuple[Decimal, Decimal] | None:
        """Return the lowest and the highest points for an indicator; None below two."""
        given = [
            one.score.points
            for one in self.cells[key]
            if one.score is not None and one.score.points is not None
        ]
        return (min(given), max(given)) if len(given) > 1 else None


def read_discussion(actor: Reader, assignment_id: int) -> tuple[Reading, Discussion]:
    """Return an application of the actor's as all its jurors scored it; nobody's name. Ten queries.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `scoring.find_assignment`; it is not talked over yet, or never is: an appeal.
    """
    given = find_assignment(actor, assignment_id)
    reading = read_reading(given)
    if given.is_appeal or reading.round.state not in (State.DISCUSSING, State.DECIDED):
        raise Conflict(_("You’ll see the other jurors’ scores once the jury discusses them."))
    assignments, scores = list_scored(given.application_id)
    with as_service("A juror is told which clusters the others judge for, but not their names."):
        sides = dict(
            Juror.objects.filter(pk__in=[one.juror_id for one in assignments]).values_list(
                "pk", "party__organisation__name"
            )
        )
    seats = [
        Seat(
            one, _juror(number, sides[one.juror_id], is_own=one.pk == given.pk), one.pk == given.pk
        )
        for number, one in enumerate(assignments, 1)
    ]
    remarks = list_remarks(given.application_id)
    names: dict[int | None, str] = {one.assignment.person_id: one.label for one in seats}
    others = [one.person_id for one in remarks if one.person_id and one.person_id not in names]
    with as_service("Jurors are told which manager made a remark, without seeing the teams."):
        # Someone who abstained since is a juror still, and has no name here.
        judging = Juror.objects.filter(round=reading.round, person=OuterRef("pk"))
        told = Person.objects.filter(pk__in=others).annotate(is_juror=Exists(judging))
        names |= {one.pk: _("Juror") if one.is_juror else one.name for one in told}
    return reading, _discussion(reading.text, seats, scores, remarks, names, actor.person)


def read_talk(actor: Reader, held: Round, application_id: int) -> Discussion:
    """Return the scores of an application and the remarks on it, with names. Three queries.

    Reads as the actor: a manager of the clusters without a conflict of interest in it.
    """
    assignments, scores = list_scored(application_id, with_names=True)
    seats = [
        Seat(
            one,
            f"{_name(one.person)} · {one.juror.party.organisation.name}",
            one.person_id == actor.person,
        )
        for one in assignments
    ]
    remarks = list_remarks(application_id)
    names = {one.person_id: _name(one.person) for one in remarks}
    text = text_of_round(held)
    return _discussion(text, seats, scores, remarks, names, actor.person)


@transaction.atomic
def remark_as_juror(
    *, actor: Reader, assignment_id: int, text: str, indicator: str = "", now: datetime
) -> Remark:
    """Say something of an application that one judges, while it is talked over.

    Its other jurors and the managers of the clusters read it. Writes an audit row.

    Raises
    ------
    InvalidInput, NotFound, NotAllowed, Conflict
        As `scoring.enter_assignment`; the round is not discussed; nothing was said, or too much.
    """
    entered = enter_assignment(actor, assignment_id)
    if entered.assignment.is_appeal or entered.round.state != State.DISCUSSING:
        raise Conflict(_NOT_NOW)
    remark = _say(
        actor,
        entered.assignment.partnership_id,
        entered.assignment.application_id,
        text,
        indicator,
        entered.reading.text,
        now,
    )
    audit.record(
        actor,
        "remark_application",
        remark,
        partnership_id=remark.partnership_id,
        organisation_id=entered.organisation_id,
    )
    return remark


@transaction.atomic
def remark_as_manager(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    text: str,
    indicator: str = "",
    now: datetime,
) -> Remark:
    """Say something of an application as a manager of the clusters, while it is talked over.

    Its jurors read it too. Writes an audit row.

    Raises
    ------
    InvalidInput, NotFound, NotAllowed, Conflict
        As `guards.enter_round`; the actor has a conflict of interest in it, or it is none of the
        round; the round is not discussed; nothing was said, or too much.
    """
    entered = enter_round(actor, partnership_id, round_id)
    found = Application.objects.filter(pk=application_id, round=entered.record)
    # An applicant reads its own application too, and must not discuss it.
    if not found.exclude(organisation__in=actor.organisations).exists():
        raise NotFound(_("We couldn’t find this application."))
    if entered.record.state != State.DISCUSSING:
        raise Conflict(_NOT_NOW)
    remark = _say(
        actor, partnership_id, application_id, text, indicator, text_of_round(entered.record), now
    )
    note(actor, "remark_application", entered, remark)
    return remark


def _say(
    actor: Reader,
    partnership_id: int,
    application_id: int,
    text: str,
    indicator: str,
    scheme: SchemeText,
    now: datetime,
) -> Remark:
    text = text.strip()
    if not text:
        raise InvalidInput(_("Enter your remark."), field="text")
    if len(text) > MOST_REMARK:
        raise InvalidInput(
            _("Enter at most %(most)s characters.") % {"most": MOST_REMARK}, field="text"
        )
    if indicator and scheme.indicator(indicator) is None:
        raise InvalidInput(_("This label doesn’t have this indicator."), field="indicator")
    return Remark.objects.create(
        partnership_id=partnership_id,
        application_id=application_id,
        person_id=actor.person,
        indicator=indicator,
        text=text,
        said_at=now,
    )


def _juror(number: int, cluster: str, *, is_own: bool) -> str:
    if is_own:
        return _("You (juror %(number)s)") % {"number": number}
    return _("Juror %(number)s · %(cluster)s") % {"number": number, "cluster": cluster}


def _name(person: Person | None) -> str:
    return person.name if person else _("Someone who has left")


def _discussion(
    text: SchemeText,
    seats: list[Seat],
    scores: Mapping[int, Mapping[str, Score]],
    remarks: Iterable[Remark],
    names: Mapping[int | None, str],
    person: int | None,
) -> Discussion:
    titles = {one.key: text.told(one.title) for one in text.indicators()}
    return Discussion(
        tuple(seats),
        {
            key: tuple(Cell(one, scores.get(one.assignment.pk, {}).get(key)) for one in seats)
            for key in titles
        },
        tuple(
            Line(
                names.get(one.person_id) or _name(None),
                one.person_id == person,
                one,
                titles.get(one.indicator, ""),
            )
            for one in remarks
        ),
    )
