"""The jurors' scores for the applications of a round, as far as the reader may see them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from proxeny.labels.models import Application, Assignment, Remark, Round, Score, Submission


@dataclass(frozen=True, slots=True)
class Given:
    """The submissions of a round, their readers, and each assignment's scores by indicator."""

    submissions: list[Submission]
    assignments: Mapping[int, list[Assignment]]
    scores: Mapping[int, Mapping[str, Score]]


def read_given(held: Round, *, for_appeal: bool = False) -> Given:
    """Return the submissions of a round, by number, with assignments and scores. Three queries.

    Withdrawn and ineligible applications are left out. `for_appeal`: second readings after an
    appeal, and their readers, instead of the first reading.
    """
    assignments = list(
        Assignment.objects.filter(round=held, is_appeal=for_appeal)
        .select_related("juror__party__organisation", "person")
        .order_by("juror__party__side", "juror_id", "pk")
    )
    by_application: dict[int, list[Assignment]] = defaultdict(list)
    for one in assignments:
        by_application[one.application_id].append(one)
    found = Submission.objects.filter(
        round=held, withdrawn_at=None, application__state=Application.State.SUBMITTED
    ).exclude(application__eligible=False)
    if for_appeal:
        found = found.filter(application__in=list(by_application))
    scores: dict[int, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(assignment__round=held, assignment__is_appeal=for_appeal):
        scores[score.assignment_id][score.indicator] = score
    return Given(
        list(found.select_related("application__organisation").order_by("number")),
        by_application,
        scores,
    )


def list_scored(
    application_id: int, *, with_names: bool = False
) -> tuple[list[Assignment], Mapping[int, Mapping[str, Score]]]:
    """Return an application's assignments without abstentions, with their scores. Two queries.

    In the order in which they were assigned; not those of an appeal. `with_names`: for managers,
    who may read each juror's cluster; a juror would not find the others.
    """
    found = Assignment.objects.filter(application_id=application_id, is_appeal=False)
    if with_names:
        found = found.select_related("juror__party__organisation", "person")
    assignments = list(found.exclude(state=Assignment.State.ABSTAINED).order_by("pk"))
    scores: dict[int, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(assignment__in=[one.pk for one in assignments]):
        scores[score.assignment_id][score.indicator] = score
    return assignments, scores


def list_remarks(application_id: int) -> list[Remark]:
    """Return the remarks on an application, oldest first, with their authors. One query."""
    found = Remark.objects.filter(application_id=application_id).select_related("person")
    return list(found.order_by("said_at", "pk"))
