"""What was decided in a round, who is out of it, and who may not decide."""

from django.db.models import Max, QuerySet

from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Application, Decision, Round, Submission
from proxeny.partnerships.models import Interest

_SUBMITTED = Application.State.SUBMITTED


def has_conflict(reader: Reader, held: Round) -> bool:
    """Whether somebody declared a conflict of interest in an application of a round. One query.

    As the service: who has one does not read the application.
    """
    if reader.person is None:
        return False
    declared = Interest.objects.filter(
        person_id=reader.person, subject=Interest.Subject.APPLICATION, conflicts=True
    )
    there = Application.objects.filter(round=held, state=_SUBMITTED)
    return there.filter(pk__in=declared.values("subject_id")).exists()


def list_ineligible(held: Round) -> list[Submission]:
    """Return what was submitted of applications that cannot take part, by number. One query."""
    found = Submission.objects.filter(
        round=held, withdrawn_at=None, application__state=_SUBMITTED, application__eligible=False
    )
    return list(found.select_related("application__organisation").order_by("number"))


def decisions_of(held: Round) -> QuerySet[Decision]:
    """Return the decisions of a round, the first one first."""
    return Decision.objects.filter(round=held).order_by("number")


def next_number(held: Round) -> int:
    """Return the number of the next decision of a round, which is locked. One query."""
    return (decisions_of(held).aggregate(last=Max("number"))["last"] or 0) + 1


def titles_of(held: Round) -> dict[int, str]:
    """Return what applications are called, by number. One query."""
    found = Submission.objects.filter(round=held, withdrawn_at=None)
    return dict(found.values_list("number", "application__title"))


def numbers_of(held: Round) -> dict[int, int]:
    """Return the number of each application of a round that was not taken back. One query."""
    found = Submission.objects.filter(round=held, withdrawn_at=None)
    return dict(found.values_list("application_id", "number"))
