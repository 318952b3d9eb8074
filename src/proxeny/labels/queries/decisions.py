"""Decisions in a round, ineligible applications, and persons who may not decide."""

from django.db.models import Max, QuerySet
from django.urls import reverse

from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Appeal, Application, Decision, Round, Submission
from proxeny.partnerships.models import Agreement, Interest
from proxeny.partnerships.queries import SignedText, list_agreed

_SUBMITTED = Application.State.SUBMITTED


def has_conflict(reader: Reader, held: Round) -> bool:
    """Whether the reader declared a conflict of interest in an application of a round. One query.

    In the service role: such a reader does not see the application.
    """
    if reader.person is None:
        return False
    declared = Interest.objects.filter(
        person_id=reader.person, subject=Interest.Subject.APPLICATION, conflicts=True
    )
    there = Application.objects.filter(round=held, state=_SUBMITTED)
    return there.filter(pk__in=declared.values("subject_id")).exists()


def list_ineligible(held: Round) -> list[Submission]:
    """Return the submissions of ineligible applications, by number. One query."""
    found = Submission.objects.filter(
        round=held, withdrawn_at=None, application__state=_SUBMITTED, application__eligible=False
    )
    return list(found.select_related("application__organisation").order_by("number"))


def decisions_of(held: Round) -> QuerySet[Decision]:
    """Return the decisions of a round that hold, the first one first."""
    return Decision.objects.filter(round=held, waits=False).order_by("number")


def find_proposed(held: Round, kind: str, appeal: Appeal | None = None) -> Decision | None:
    """Return the last unconfirmed proposal of a kind, or on an appeal. One query."""
    found = Decision.objects.filter(round=held, waits=True, kind=kind, appeal=appeal)
    return found.order_by("-pk").first()


def list_waiting(held: Round) -> list[Decision]:
    """Return the decisions on a round that wait for clusters to confirm them. Two queries."""
    found = list(Decision.objects.filter(round=held, waits=True).order_by("pk"))
    waiting = Agreement.objects.filter(
        partnership_id=held.partnership_id,
        kind=Agreement.Kind.ROUND,
        completed_at=None,
        closed_at=None,
    )
    subjects = set(waiting.values_list("subject", flat=True))
    return [one for one in found if str(one.pk) in subjects]


def text_of(decision: Decision) -> SignedText | None:
    """Return the text by which a decision is confirmed, with its signatures. Two queries."""
    found = list_agreed(decision.partnership, Agreement.Kind.ROUND, str(decision.pk))
    return next(iter(found), None)


def is_open(text: SignedText | None) -> bool:
    """Whether a decision waits for signatures."""
    return text is not None and not (text.agreement.completed_at or text.agreement.closed_at)


def name_decided(subjects: set[str]) -> dict[str, str]:
    """Return the names of the rounds of decisions, by their ids as text; in the service role."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Decision.objects.filter(pk__in=numbers).values_list("pk", "round__title")
    return {str(pk): title for pk, title in found}


def page_of(subject: str) -> str:
    """Return the page of a decision: the selection, the appeal or the results.

    One query. Empty where the reader sees no such decision.
    """
    found = Decision.objects.filter(pk=subject) if subject.isdecimal() else Decision.objects.none()
    one = found.first()
    if one is None:
        return ""
    room = [one.partnership_id, one.round_id]
    if one.appeal_id is not None:
        return reverse("labels:appeal", args=[*room, one.appeal_id])
    if one.kind == Decision.Kind.MOVED_UP:
        return f"{reverse('labels:results', args=room)}#move-up"
    return reverse("labels:selection", args=room)


def next_number(held: Round) -> int:
    """Return the number of the next decision of a round, which is locked. One query."""
    return (decisions_of(held).aggregate(last=Max("number"))["last"] or 0) + 1


def titles_of(held: Round) -> dict[int, str]:
    """Return the titles of applications, by number. One query."""
    found = Submission.objects.filter(round=held, withdrawn_at=None)
    return dict(found.values_list("number", "application__title"))


def numbers_of(held: Round) -> dict[int, int]:
    """Return the number of each application of a round that was not withdrawn. One query."""
    found = Submission.objects.filter(round=held, withdrawn_at=None)
    return dict(found.values_list("application_id", "number"))
