"""The content of a study's first page, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from proxeny.meetings.models import CatchUp
from proxeny.meetings.queries.catch_ups import day_of, list_coming, title_of
from proxeny.partnerships.models import Action, Party, Risk
from proxeny.partnerships.plan_queries import Task, tasks_for
from proxeny.partnerships.risk_queries import Grade
from proxeny.partnerships.room_queries import PutAway, list_put_away
from proxeny.research.models import (
    Contributor,
    Package,
    PackageFile,
    Result,
    Study,
    WeighedRisk,
)
from proxeny.research.queries.packages import newest_versions
from proxeny.research.queries.studies import Point, label_of, readiness_of
from proxeny.research.rules import ELEMENTS


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the preparation: what is written of it; empty where nobody thought of it yet."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """The contributors of a side; `party` is None for those of neither."""

    party: Party | None
    people: Sequence[Contributor]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A risk that was weighed, as the joint register grades it today."""

    record: WeighedRisk

    @property
    def risk(self) -> Risk:
        """The risk of the register."""
        return self.record.risk

    @property
    def grade(self) -> Grade:
        """The current grade of the risk."""
        return Grade(self.risk.current_likelihood, self.risk.current_impact)


@dataclass(frozen=True, slots=True)
class Benefit:
    """The results for a group of beneficiaries: by kind, verifiable ones, and people reached."""

    code: str
    label: str
    outputs: int
    outcomes: int
    engagements: int
    proven: int
    reached: int

    @property
    def total(self) -> int:
        """The number of results that serve them."""
        return self.outputs + self.outcomes + self.engagements


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the first page of a study shows."""

    elements: Sequence[Element]
    points: Sequence[Point]
    sides: Sequence[Side]
    risks: Sequence[Weighed]
    tasks: Sequence[Task]
    groups: Sequence[tuple[str, str, Sequence[Result]]]
    benefits: Sequence[Benefit]
    packages: Sequence[Package]
    catch_up: CatchUp | None

    @property
    def missing(self) -> Sequence[Point]:
        """The unmet conditions for beginning the study."""
        return [one for one in self.points if not one.is_met]

    @property
    def open_tasks(self) -> Sequence[Task]:
        """The steps that are not done."""
        return [one for one in self.tasks if one.record.done_on is None]

    @property
    def done_tasks(self) -> Sequence[Task]:
        """The steps that are done."""
        return [one for one in self.tasks if one.record.done_on is not None]

    @property
    def late(self) -> int:
        """The number of late steps."""
        return sum(one.is_late for one in self.tasks)

    @property
    def has_outcome(self) -> bool:
        """Whether an outcome is noted."""
        return any(code == Result.Kind.OUTCOME and rows for code, _label, rows in self.groups)

    @property
    def has_results(self) -> bool:
        """Whether a result of any kind is noted."""
        return any(rows for _code, _label, rows in self.groups)

    @property
    def catch_up_day(self) -> date | None:
        """The day of the next catch-up."""
        return day_of(self.catch_up.meeting) if self.catch_up else None

    @property
    def catch_up_title(self) -> str:
        """The title of the next catch-up."""
        return title_of(self.catch_up) if self.catch_up else ""


def read_sheet(study: Study, parties: Sequence[Party], *, now: datetime, today: date) -> Sheet:
    """Return the first page of a study. Eleven queries at most."""
    results = list(
        Result.objects.filter(study=study, dropped_at=None).order_by("-happened_on", "-pk")
    )
    risks = WeighedRisk.objects.filter(study=study, dropped_at=None, risk__dropped_at=None)
    steps = tasks_for(study.partnership_id, Action.Origin.STUDY, today=today, origin_id=study.pk)
    coming = list_coming(study.partnership_id, now=now)
    return Sheet(
        elements=[Element(name, label_of(name), getattr(study, name)) for name in ELEMENTS],
        points=readiness_of([study], parties)[study.pk],
        sides=_sides(study, parties),
        risks=[Weighed(one) for one in risks.select_related("risk").order_by("pk")],
        tasks=steps.get(study.pk, []),
        groups=[
            (str(code), str(label), [one for one in results if one.kind == code])
            for code, label in Result.Kind.choices
        ],
        benefits=_benefits(results),
        packages=list_packages(study),
        catch_up=coming[0] if coming else None,
    )


def _sides(study: Study, parties: Sequence[Party]) -> list[Side]:
    people = list(Contributor.objects.filter(study=study, dropped_at=None).order_by("pk"))
    people.sort(key=lambda one: (one.role != Contributor.Role.LEAD, not one.cited, one.pk))
    found = [
        Side(party, [one for one in people if one.party_id == party.pk])
        for party in parties
        if party.state == Party.State.JOINED
    ]
    known = {one.party.pk for one in found if one.party}
    others = [one for one in people if one.party_id not in known]
    return [*found, *([Side(None, others)] if others else [])]


def _benefits(results: Sequence[Result]) -> list[Benefit]:
    kinds = Result.Kind
    found = []
    for code, label in Result.Benefits.choices:
        own = [one for one in results if one.benefits == code]
        if own:
            count = {kind: sum(one.kind == kind for one in own) for kind in kinds}
            found.append(
                Benefit(
                    str(code),
                    str(label),
                    count[kinds.OUTPUT],
                    count[kinds.OUTCOME],
                    count[kinds.ENGAGEMENT],
                    sum(bool(one.proof or one.proof_url) for one in own),
                    sum(one.reached or 0 for one in own),
                )
            )
    return found


def list_packages(study: Study) -> list[Package]:
    """Return the packages of a study, each with its last released `number` and its `files`. One query."""
    released = newest_versions().filter(package=OuterRef("pk"))
    files = PackageFile.objects.filter(
        version__package=OuterRef("pk"), version__number=OuterRef("number")
    )
    count = files.order_by().values("version").annotate(n=Count("pk")).values("n")
    return list(
        Package.objects.filter(study=study, dropped_at=None)
        .annotate(number=Subquery(released.values("number")))
        .annotate(files=Coalesce(Subquery(count), 0))
        .order_by("pk")
    )


def list_away(study: Study) -> list[PutAway]:
    """Return the archived parts of a study, the last archived first. Four queries."""
    kinds = ("contributor", "weighed-risk", "result", "package")
    return list_put_away(kinds, study.partnership_id, {"study": study})
