"""Applications in a round, as the managers of the clusters read them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import as_service
from proxeny.labels.content import Dossier, SchemeText, read_dossier
from proxeny.labels.models import Application, Document, Question, Round, Submission
from proxeny.labels.queries.rounds import text_of_round

State = Application.State
#: What the list is sorted by.
SORTS: dict[str, Callable[[Any], Any]] = {
    "number": lambda one: one.number,
    "title": lambda one: (fold(one.title), one.number),
    "organisation": lambda one: (one.organisation.sort_name, one.number),
    "country": lambda one: (country_name(one.country), one.number),
    "submitted": lambda one: (one.submitted_at, one.number),
}
#: What was found of whether an application takes part, as it is asked for.
ELIGIBLE = {"yes": True, "no": False, "open": None}


@dataclass(frozen=True, slots=True)
class Handed:
    """A submitted application, with the questions about it.

    `dossier` is what was handed in last, withdrawn or not; `earlier` are receipts before it.
    """

    application: Application
    scheme: SchemeText
    submission: Submission
    dossier: Dossier
    earlier: tuple[Submission, ...]
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]

    def documents_for(self, indicator: str) -> list[Document]:
        """Return the documents that are evidence for an indicator, or for all (empty)."""
        return [one for one in self.documents if one.indicator == indicator]


def submitted_in(held: Round) -> list[Application]:
    """Return the submitted applications of a round with applicant and `number`. Three queries.

    The policy leaves out those where the reader has a conflict of interest. The applicant may be in
    no list: its name is part of the application, for all readers of it.
    """
    found = list(Application.objects.filter(round=held, submitted_at__isnull=False).order_by("pk"))
    given = Submission.objects.filter(application__in=[one.pk for one in found])
    numbers = dict(given.order_by("number").values_list("application_id", "number"))
    with as_service("An applicant may be in no directory list, but its application names it."):
        names = Organisation.objects.in_bulk({one.organisation_id for one in found})
    one: Any
    for one in found:
        one.organisation = names[one.organisation_id]
        one.number = numbers.get(one.pk, 0)
    return found


def find_submitted(
    rows: Iterable[Any],
    *,
    search: str = "",
    state: str = "",
    country: str = "",
    eligible: str = "",
    sort: str = "",
) -> list[Any]:
    """Return those applications of a round that match, in an order. No query."""
    wanted = fold(search)
    found = [
        one
        for one in rows
        if (not state or one.state == state)
        and (not country or one.country == country)
        and (eligible not in ELIGIBLE or one.eligible is ELIGIBLE[eligible])
        and wanted in fold(f"{one.title} {one.organisation.name} {one.topics}")
    ]
    key = SORTS.get(sort.removeprefix("-"), SORTS["number"])
    return sorted(found, key=key, reverse=sort.startswith("-"))


def get_submitted(held: Round, application_id: int) -> Any:
    """Return an application of a round, with its `number`; `NotFound` if not seen. Three queries."""
    one: Any = Application.objects.filter(
        pk=application_id, round=held, submitted_at__isnull=False
    ).first()
    if one is None:
        raise NotFound(_("We couldn’t find this application."))
    given = Submission.objects.filter(application=one).order_by("-number")
    with as_service("An applicant may be in no directory list, but its application names it."):
        one.organisation = Organisation.objects.get(pk=one.organisation_id)
    one.number = given.values_list("number", flat=True).first() or 0
    return one


def read_handed(held: Round, application_id: int) -> Handed:
    """Return a submitted application. Six queries."""
    one = get_submitted(held, application_id)
    receipts = list(Submission.objects.filter(application=one).order_by("-number"))
    dossier = read_dossier(receipts[0].content)
    numbers = [each.number for each in dossier.documents]
    documents = Document.objects.filter(application=one, number__in=numbers).order_by("number")
    asked = Question.objects.filter(application=one).order_by("asked_at", "pk")
    return Handed(
        one,
        text_of_round(held),
        receipts[0],
        dossier,
        tuple(receipts[1:]),
        tuple(documents),
        tuple(asked),
    )


def get_question(held: Round, application_id: int, question_id: int) -> Question:
    """Return a question about an application of a round. Two queries."""
    application = get_submitted(held, application_id)
    one = Question.objects.filter(pk=question_id, application=application).first()
    if one is None:
        raise NotFound(_("We couldn’t find this question."))
    one.application = application
    return one


def tell_eligible(one: Application) -> str:
    """Return in a word whether an application takes part."""
    if one.eligible is None:
        return pgettext("whether an application can take part", "Not checked yet")
    return (
        pgettext("whether an application can take part", "Yes")
        if one.eligible
        else pgettext("whether an application can take part", "No")
    )


def table_of(
    found: Iterable[Any], *, zone: tzinfo
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return applications as a table: its head, and its rows."""
    head = (
        _("Number"),
        _("Project"),
        _("Organisation"),
        _("Country of origin"),
        _("Fields"),
        _("State"),
        _("Submitted"),
        _("Eligible"),
        _("Reason"),
        _("Fee paid on"),
    )
    rows: Iterator[tuple[object, ...]] = (
        (
            one.number,
            one.title,
            one.organisation.name,
            country_name(one.country),
            one.topics,
            one.get_state_display(),
            date_format(one.submitted_at.astimezone(zone), "DATETIME_FORMAT")
            if one.submitted_at
            else "",
            tell_eligible(one),
            one.eligible_why,
            one.paid_on.isoformat() if one.paid_on else "",
        )
        for one in found
    )
    return head, rows
