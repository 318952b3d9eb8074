"""Applications of the reader's own organisations: the list, and one with all that belongs to it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.directory.models import Organisation
from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Answer, Application, Document, Question, Result, Round, Submission
from proxeny.labels.rules import can_write, takes_applications

#: Related rows loaded with an application for every reader.
_WITH = ("round", "scheme_version", "organisation")


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """An application as its applicant reads it.

    `documents` are those that belong to it, `dropped` those removed from the draft. `submissions`
    are its receipts, the newest first.
    """

    application: Application
    scheme: SchemeText
    answers: dict[str, Answer]
    documents: tuple[Document, ...]
    dropped: tuple[Document, ...]
    submissions: tuple[Submission, ...]
    questions: tuple[Question, ...]

    @property
    def round(self) -> Round:
        """The round in which it applies."""
        return self.application.round

    @property
    def receipt(self) -> Submission | None:
        """The current submission."""
        return next((one for one in self.submissions if one.withdrawn_at is None), None)

    def documents_for(self, indicator: str) -> list[Document]:
        """Return the documents that are evidence for an indicator, or for all (empty)."""
        return [one for one in self.documents if one.indicator == indicator]

    def may_write(self, now: datetime) -> bool:
        """Whether it can be written at a moment."""
        return can_write(self.application, self.round, now)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An application in the applicant's list; `asked` are questions without an answer.

    `result` is the decision, once it was announced.
    """

    application: Application
    scheme: SchemeText
    number: int | None
    asked: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    documents: Sequence[Document] = ()
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open round, with the version it is judged by."""

    round: Round
    scheme: SchemeText


#: The reader's own applications; unsorted, those that close last stand first. A row is an `OwnRow`.
OWN = Rows(
    "applications",
    (
        Column("title", gettext_lazy("Project"), lambda row: row.application.title, ("title",)),
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            lambda row: row.application.organisation.name,
            ("organisation__sort_name",),
        ),
        Column("label", gettext_lazy("Label"), lambda row: row.scheme.name),
        Column("round", gettext_lazy("Round"), lambda row: row.application.round.title),
        Column("number", gettext_lazy("Number"), lambda row: row.number),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: (
                row.result.get_standing_display()
                if row.result
                else row.application.get_state_display()
            ),
            ("state", "-pk"),
        ),
        Column(
            "closes",
            gettext_lazy("Closes"),
            lambda row: row.application.round.closes_at,
            ("round__closes_at", "-pk"),
        ),
    ),
    search=("title", "organisation__name", "round__title"),
)


def applies_for(reader: Reader) -> set[int]:
    """Return the organisations that the reader applies for: own companies and managed clusters."""
    clusters = set(reader.clusters) - set(reader.managed)
    return set(reader.organisations) - clusters


def own_applications(reader: Reader) -> QuerySet[Application]:
    """Return the applications of the reader's organisations."""
    found = Application.objects.filter(organisation_id__in=applies_for(reader))
    return found.select_related(*_WITH)


def find_own(reader: Reader) -> QuerySet[Application]:
    """Return them as a list: those that close last first, then the newest."""
    return own_applications(reader).order_by("-round__closes_at", "-pk")


def rows_of(found: Iterable[Application]) -> list[OwnRow]:
    """Return applications as a list shows them. Five queries, whatever their number."""
    rows = list(found)
    numbers = [one.pk for one in rows]
    given = Submission.objects.filter(application_id__in=numbers, withdrawn_at=None)
    receipts = dict(given.values_list("application_id", "number"))
    waiting = Question.objects.filter(application_id__in=numbers, answered_at=None)
    asked = Counter(waiting.exclude(passed_on_at=None).values_list("application_id", flat=True))
    answers: dict[int, dict[str, Answer]] = {}
    for one in Answer.objects.filter(application_id__in=numbers):
        answers.setdefault(one.application_id, {})[one.indicator] = one
    documents: dict[int, list[Document]] = {}
    for document in Document.objects.filter(application_id__in=numbers, dropped_at=None):
        documents.setdefault(document.application_id, []).append(document)
    decided = told_results(numbers)
    return [
        OwnRow(
            one,
            read_scheme(one.scheme_version.content),
            receipts.get(one.pk),
            asked[one.pk],
            answers.get(one.pk, {}),
            documents.get(one.pk, []),
            decided.get(one.pk),
        )
        for one in rows
    ]


def told_results(applications: Iterable[int]) -> dict[int, Result]:
    """Return the newest announced result of each application. One query."""
    found = Result.objects.filter(application_id__in=list(applications), told_at__isnull=False)
    return {one.application_id: one for one in found.defer("content").order_by("decision_id")}


def get_own(reader: Reader, application_id: int) -> Application:
    """Return an application of the reader's own organisations; else `NotFound`. One query."""
    one = own_applications(reader).filter(pk=application_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this application."))
    return one


def read_own(reader: Reader, application_id: int) -> OwnApplication:
    """Return an application with all that belongs to it. Five queries."""
    return gather(get_own(reader, application_id))


def gather(one: Application) -> OwnApplication:
    """Return an application, read with its round and version, with the rest of it. Four queries."""
    documents = list(Document.objects.filter(application=one).order_by("number"))
    asked = Question.objects.filter(application=one).exclude(passed_on_at=None)
    return OwnApplication(
        one,
        read_scheme(one.scheme_version.content),
        {each.indicator: each for each in Answer.objects.filter(application=one)},
        tuple(each for each in documents if each.dropped_at is None),
        tuple(each for each in documents if each.dropped_at is not None),
        tuple(Submission.objects.filter(application=one).order_by("-number")),
        tuple(asked.order_by("passed_on_at", "pk")),
    )


def get_own_submission(reader: Reader, application_id: int, number: int) -> Submission:
    """Return the submission with a number, with its application. Two queries."""
    application = get_own(reader, application_id)
    one = Submission.objects.filter(application=application, number=number).first()
    if one is None:
        raise NotFound(_("We couldn’t find this receipt."))
    one.application = application
    return one


def get_document(application: Application, number: int) -> Document:
    """Return a document with its bytes; `NotFound` if the reader sees none. One query."""
    found = Document.objects.defer(None).filter(application=application, number=number).first()
    if found is None:
        raise NotFound(_("We couldn’t find this document."))
    return found


def get_own_question(reader: Reader, application_id: int, question_id: int) -> Question:
    """Return a question that was passed on to the reader's organisation. Two queries."""
    application = get_own(reader, application_id)
    one = Question.objects.filter(
        pk=question_id, application=application, passed_on_at__isnull=False
    ).first()
    if one is None:
        raise NotFound(_("We couldn’t find this question."))
    return one


def get_open_round(round_id: int, *, now: datetime) -> OpenRound:
    """Return a round that is open for applications; else raise `NotFound`. One query."""
    held = Round.objects.select_related("scheme_version").filter(pk=round_id).first()
    if held is None or held.scheme_version is None or not takes_applications(held, now):
        raise NotFound(_("You can’t apply in this round right now."))
    return OpenRound(held, read_scheme(held.scheme_version.content))


def list_open_rounds(*, now: datetime) -> list[OpenRound]:
    """Return the rounds open for applications, those that close first first. One query."""
    found = Round.objects.select_related("scheme_version").filter(
        state=Round.State.OPEN,
        dropped_at=None,
        scheme_version__isnull=False,
        opens_at__lte=now,
        closes_at__gt=now,
    )
    return [
        OpenRound(one, read_scheme(one.scheme_version.content))
        for one in found.order_by("closes_at", "pk")
        if one.scheme_version is not None
    ]


def list_applicants(reader: Reader) -> list[Organisation]:
    """Return the organisations for which the reader can apply, by name. One query."""
    found = Organisation.objects.filter(pk__in=applies_for(reader))
    return list(found.order_by("sort_name", "pk"))
