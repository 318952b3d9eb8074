"""A juror's own assignments, with the submissions, and never the applicants."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.content import Dossier, IndicatorText, SchemeText, read_dossier
from proxeny.labels.models import Assignment, Document, Question, Round, Score, Submission
from proxeny.labels.queries.rounds import text_of_round


@dataclass(frozen=True, slots=True)
class Reading:
    """An application as its juror reads it, with their own scores by indicator."""

    assignment: Assignment
    round: Round
    text: SchemeText
    submission: Submission
    dossier: Dossier
    scores: Mapping[str, Score]

    @property
    def number(self) -> int:
        """By what the juror knows it."""
        return self.submission.number

    @property
    def missing(self) -> list[IndicatorText]:
        """Indicators that the juror has not scored yet."""
        return [one for one in self.text.indicators() if one.key not in self.scores]


def own_assignments(person_id: int | None) -> QuerySet[Assignment]:
    """Return a person's own assignments; managers read others' too, but do not score for them."""
    return Assignment.objects.filter(person=person_id).exclude(state=Assignment.State.ABSTAINED)


def get_own_assignment(person_id: int | None, assignment_id: int) -> Assignment:
    """Return a readable assignment of the reader; `NotFound` if there is none. One query."""
    one = own_assignments(person_id).filter(pk=assignment_id).first()
    if one is None:
        raise NotFound(_("There’s nothing for you to score here."))
    return one


def read_reading(assignment: Assignment) -> Reading:
    """Return an application as its juror reads it. Three queries.

    `NotFound` if it was withdrawn meanwhile.
    """
    held = Round.objects.select_related("scheme_version").get(pk=assignment.round_id)
    submission = Submission.objects.filter(
        application_id=assignment.application_id, withdrawn_at=None
    ).first()
    if submission is None:
        raise NotFound(_("This application has been withdrawn. There’s nothing left to score."))
    return Reading(
        assignment,
        held,
        text_of_round(held),
        submission,
        read_dossier(submission.content),
        {one.indicator: one for one in Score.objects.filter(assignment=assignment)},
    )


def list_answered(reading: Reading) -> list[Question]:
    """Return the answered questions, oldest first. One query."""
    found = Question.objects.filter(application_id=reading.assignment.application_id)
    return list(found.exclude(answered_at=None).order_by("asked_at", "pk"))


def get_document(assignment: Assignment, number: int) -> Document:
    """Return a submitted document with its bytes. Three queries.

    `NotFound` if there is none of that number in what was submitted.
    """
    submission = read_reading(assignment).dossier
    found = Document.objects.defer(None).filter(
        application_id=assignment.application_id, number=number
    )
    one = found.first() if number in {each.number for each in submission.documents} else None
    if one is None:
        raise NotFound(_("We couldn’t find this document."))
    return one
