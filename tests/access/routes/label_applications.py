"""How each page of applications for a label is tried."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.labels.models import Application, Question, Submission
from tests.access.crowd import Crowd
from tests.access.labels import draft, judged_round, open_round, submitted
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix
from tests.factories.labels import DocumentFactory, SubmissionFactory


def own(find: Callable[[], Application], **more: Callable[[], int]) -> Callable[[Crowd], dict]:
    """Return what finds an application of one's own."""

    def found(crowd: Crowd) -> dict:
        return {"application_id": find().pk, **{name: give() for name, give in more.items()}}

    return found


def document() -> int:
    """Return the number of the document of A's member, which was handed in."""
    return submitted().documents.earliest("pk").number


def receipt() -> int:
    """Return the number of the receipt of A's member."""
    return submitted().submissions.earliest("pk").number


def brought(*, dropped: bool = False) -> Callable[[], int]:
    """Return what finds a document of the draft of B's member: one that is there, or taken away."""

    def number() -> int:
        found = draft().documents.filter(dropped_at__isnull=not dropped).first()
        if found is None:
            at = timezone.now() if dropped else None
            found = DocumentFactory(application=draft(), dropped_at=at)
        return found.number

    return number


def withdrawn() -> Application:
    """Return the draft of B's member, as if it had been handed in and withdrawn."""
    one = draft()
    if not Submission.objects.filter(application=one).exists():
        SubmissionFactory(application=one, number=70, withdrawn_at=timezone.now())
        Application.objects.filter(pk=one.pk).update(state="withdrawn", submitted_at=timezone.now())
    return draft()


def question(*, waits: bool = False) -> Callable[[], int]:
    """Return what finds the question about the application of A's member."""

    def number() -> int:
        one = Question.objects.earliest("pk")
        one.passed_on_at = None if waits else one.asked_at
        one.save(update_fields=["passed_on_at"])
        return one.pk

    return number


def begin(crowd: Crowd) -> dict:
    """Return for whom an application begins."""
    return {"organisation": crowd.world.b.members[0].pk, "title": "Locks"}


def file(_crowd: Crowd) -> dict:
    """Return a document."""
    return {"indicator": "", "file": SimpleUploadedFile("a.txt", b"A")}


def one(**more: Callable[[], int]) -> Callable[[Crowd], dict]:
    """Return what finds the application of A's member in its round."""

    def found(crowd: Crowd) -> dict:
        numbers = {name: give() for name, give in more.items()}
        return at(round_id=judged_round, application_id=submitted)(crowd) | numbers

    return found


def noted(_crowd: Crowd) -> dict:
    """Return what is noted of whether it takes part."""
    return {"eligible": "no", "why": "No sales.", "seen": submitted().version}


def paid(_crowd: Crowd) -> dict:
    """Return when a fee was paid."""
    return {"paid_on": "2026-03-01", "seen": submitted().version}


def words(_crowd: Crowd) -> dict:
    """Return what is asked."""
    return {"text": "Which harbours?"}


PAGES: dict[str, Route] = by_matrix(
    {
        "labels:applications": Route(),
        "labels:application-begin": Route(
            lambda _: {"round_id": open_round().pk}, data=begin, statuses=(200, 302, 422)
        ),
        "labels:application": Route(own(submitted)),
        "labels:application-receipt": Route(own(submitted, number=receipt)),
        "labels:application-record": Route(own(submitted, number=receipt)),
        "labels:application-document": Route(own(submitted, number=document)),
        "labels:application-withdraw": Route(own(submitted), posts_only=True),
        "labels:application-answer": Route(
            own(submitted, question_id=question()),
            data=lambda _: {"answer": "Piraeus."},
            posts_only=True,
        ),
        "labels:application draft": Route(own(draft), data=lambda _: {"title": "Locks"}),
        "labels:application-field": Route(
            own(draft), data=lambda _: {"field": "title", "value": "Locks"}, posts_only=True
        ),
        "labels:application-submit": Route(own(draft), posts_only=True, statuses=(422,)),
        "labels:application-restore": Route(own(withdrawn), posts_only=True),
        "labels:application-bring": Route(own(draft), data=file, posts_only=True),
        "labels:application-document-drop": Route(own(draft, number=brought()), posts_only=True),
        "labels:application-document-restore": Route(
            own(draft, number=brought(dropped=True)), posts_only=True
        ),
        "labels:round-applications": Route(at(round_id=judged_round)),
        "labels:round-application": Route(one()),
        "labels:round-application-document": Route(one(number=document)),
        "labels:round-application-eligibility": Route(one(), data=noted, posts_only=True),
        "labels:round-application-fee": Route(one(), data=paid, posts_only=True),
        "labels:round-application-conflict": Route(
            one(), data=lambda _: {"reason": "Shares."}, posts_only=True
        ),
        "labels:round-application-ask": Route(one(), data=words, posts_only=True),
        "labels:round-application-pass-on": Route(
            one(question_id=question(waits=True)), data=words, posts_only=True
        ),
    }
)
