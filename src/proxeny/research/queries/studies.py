"""Studies of a room: many by a filter, a single one, and its readiness to begin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proxeny.kernel.errors import NotFound
from proxeny.kernel.model_fields import column_of
from proxeny.partnerships.models import Action, Party
from proxeny.research.models import Contributor, Result, Study, WeighedRisk
from proxeny.research.rules import ELEMENTS

State = Study.State
#: How a list of studies is sorted, by what an address says; those under way come first.
SORTS = {
    "": ("place", "ends_on", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "state": ("place", "title", "pk"),
    "-state": ("-place", "title", "pk"),
    "starts": ("starts_on", "pk"),
    "-starts": ("-starts_on", "-pk"),
    "ends": ("ends_on", "pk"),
    "-ends": ("-ends_on", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A condition for beginning a study.

    Attributes
    ----------
    code : str
        The column, `contributor-<party>`, `risk`.
    field : str
        The field of the study's form that meets it; empty if it is met elsewhere.
    """

    code: str
    label: str
    is_met: bool
    field: str = ""


def get_study(partnership_id: int, study_id: int) -> Study:
    """Return a study, archived or not; raise `NotFound` if none is visible to the reader."""
    found = Study.objects.select_related("partnership").filter(pk=study_id)
    one = found.filter(partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this study."))
    return one


def all_studies(partnership_id: int, *, today: date) -> QuerySet[Study]:
    """Return a room's studies with `steps` (open), `late` (of these) and `outcomes`, as counts.

    `place` is how far a study is, those under way first.
    """
    steps = Action.objects.filter(
        partnership_id=partnership_id,
        origin=Action.Origin.STUDY,
        origin_id=OuterRef("pk"),
        dropped_at=None,
        done_on=None,
    ).order_by()
    outcomes = Result.objects.filter(
        study=OuterRef("pk"), kind=Result.Kind.OUTCOME, dropped_at=None
    ).order_by()
    return Study.objects.filter(partnership_id=partnership_id).annotate(
        place=_place(),
        steps=_count(steps, "origin_id", Count("pk")),
        late=_count(steps, "origin_id", Count("pk", filter=Q(due_on__lt=today))),
        outcomes=_count(outcomes, "study", Count("pk")),
    )


def _place() -> Case:
    order = (State.RUNNING, State.PLANNING, State.CONCLUDED)
    return Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(order)),
        output_field=IntegerField(),
    )


def _count(rows: QuerySet[Any], by: str, count: Count) -> Coalesce:
    return Coalesce(Subquery(rows.values(by).annotate(n=count).values("n")), 0)


def find_studies(
    partnership_id: int,
    *,
    today: date,
    q: str = "",
    state: str = "",
    away: bool = False,
    sort: str = "",
) -> QuerySet[Study]:
    """Return the studies that match a filter; archived ones only on request.

    Parameters
    ----------
    q : str
        Words that must all occur in the title, the question, the keywords or the findings.
    state : str
        One of `Study.State`; empty for all.
    sort : str
        One of `SORTS`.
    """
    found = all_studies(partnership_id, today=today).filter(dropped_at__isnull=not away)
    for word in q.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(question__icontains=word)
            | Q(keywords__icontains=word)
            | Q(summary__icontains=word)
        )
    if state:
        found = found.filter(state=state)
    return found.order_by(*SORTS.get(sort, SORTS[""]))


def readiness_of(
    studies: Iterable[Study], parties: Iterable[Party]
) -> Mapping[int, Sequence[Point]]:
    """Return the conditions for beginning each study, and whether they are met. Two queries."""
    studies = list(studies)
    joined = [one for one in parties if one.state == Party.State.JOINED]
    ids = [one.pk for one in studies]
    named = set(
        Contributor.objects.filter(study_id__in=ids, dropped_at=None)
        .exclude(party=None)
        .values_list("study_id", "party_id")
    )
    weighed = set(
        WeighedRisk.objects.filter(
            study_id__in=ids, dropped_at=None, risk__dropped_at=None
        ).values_list("study_id", flat=True)
    )
    return {
        one.pk: [
            *_elements(one),
            *(
                Point(
                    f"contributor-{party.pk}",
                    _("Someone from %(name)s takes part") % {"name": party.organisation.name},
                    (one.pk, party.pk) in named,
                )
                for party in joined
            ),
            Point("risk", _("At least one risk is assessed"), one.pk in weighed),
        ]
        for one in studies
    }


def _elements(study: Study) -> list[Point]:
    return [
        Point(name, label_of(name), bool(getattr(study, name)), field=name)
        for name in (*ELEMENTS, "starts_on", "ends_on")
    ]


def label_of(name: str) -> str:
    """Return the label of a study's column."""
    names = {"starts_on": _("Start date"), "ends_on": _("End date")}
    return names.get(name) or str(capfirst(str(column_of(Study, name).verbose_name)))


def count_outcomes(study: Study) -> int:
    """Return the number of a study's outcomes. One query."""
    return Result.objects.filter(study=study, kind=Result.Kind.OUTCOME, dropped_at=None).count()


def table_of(studies: Iterable[Study]) -> tuple[list[str], list[list[object]]]:
    """Return studies, as `find_studies` gives them, as a table: header and rows."""
    header = [
        _("Title"),
        _("Question"),
        _("State"),
        _("From"),
        _("Until"),
        _("Started on"),
        _("Concluded on"),
        _("Open steps"),
        _("Overdue steps"),
        pgettext("of a study", "Outcomes"),
        _("Keywords"),
        _("Licence"),
        _("DOI"),
        _("What was found"),
    ]
    rows: list[list[object]] = [
        [
            one.title,
            one.question,
            one.get_state_display(),
            _day(one.starts_on),
            _day(one.ends_on),
            _day(one.begun_on),
            _day(one.concluded_on),
            one.steps,
            one.late,
            one.outcomes,
            one.keywords,
            one.get_licence_display(),
            one.doi,
            one.summary,
        ]
        for one in cast("Iterable[Any]", studies)
    ]
    return header, rows


def _day(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""
