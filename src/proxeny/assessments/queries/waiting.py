"""What waits for a reader in assessments: in one room, and in all rooms and companies of theirs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Later, Remark, Step
from proxeny.assessments.rules import PLANNED, REMARKED_IN, RUNNING
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Agreement, Interest, Recommendation, SignOff


@dataclass(frozen=True, slots=True)
class InRoom:
    """What waits in a room: of each thing the engagements in which it does, one for each.

    `asked`, the requests that nobody has taken up, is for the managers of the sides alone.
    """

    declarations: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: for an adviser, and for who speaks for a company."""

    declarations: int = 0
    steps: int = 0
    briefs: int = 0
    advice: int = 0
    questions: int = 0


def find_in_room(reader: Reader, partnership_id: int, *, until: date) -> InRoom:
    """Return what waits for a reader in a room, steps that are due until a day among it.

    One query; none for who is of no team.
    """
    if partnership_id not in reader.rooms:
        return InRoom()
    room = {"partnership_id": partnership_id}
    asked = Engagement.objects.filter(**room, state=Engagement.State.ASKED)
    if partnership_id not in reader.steered:
        asked = asked.none()
    remarks = Remark.objects.filter(
        **room, answers=None, settled_at=None, engagement__state__in=REMARKED_IN,
        engagement__advisers__person=reader.person, engagement__advisers__left_at=None,
    )  # fmt: skip
    return InRoom(
        **_read(
            reader,
            declarations=_declarations(reader).filter(**room).values("engagement_id"),
            steps=_steps(reader, until).filter(**room).values("engagement_id"),
            asked=asked.order_by("pk").values("pk"),
            remarks=remarks.order_by("pk").values("engagement_id"),
        )
    )


def count_waiting(reader: Reader, *, today: date) -> Waiting:
    """Return what waits for a reader today. One query, whatever there is."""
    signed = SignOff.objects.filter(agreement=OuterRef("pk"), party=None)
    briefs = Agreement.objects.filter(
        kind=Agreement.Kind.BRIEF, signatories__organisation__in=reader.organisations,
        completed_at=None,
        closed_at=None,
    ).exclude(Exists(signed))  # fmt: skip
    advice = Recommendation.objects.filter(
        source=Recommendation.Source.ASSESSMENT, organisation__in=reader.organisations,
        state=Recommendation.State.PROPOSED, dropped_at=None,
    )  # fmt: skip
    questions = Later.objects.filter(
        engagement__client__in=reader.organisations, asked_at__isnull=False, answered_at=None
    )
    found = _read(
        reader, declarations=_declarations(reader).values("pk"),
        steps=_steps(reader, today).values("pk"), briefs=briefs.values("pk"),
        advice=advice.values("pk"), questions=questions.values("pk"),
    )  # fmt: skip
    return Waiting(**{name: len(rows) for name, rows in found.items()})


def _declarations(reader: Reader) -> QuerySet[Adviser]:
    """Return where the reader is named and has not said yet whether they are free."""
    said = Interest.objects.filter(subject=Interest.Subject.ASSESSMENT, person=reader.person)
    asked = Adviser.objects.filter(
        person=reader.person, left_at=None, engagement__state__in=RUNNING
    ).exclude(engagement_id__in=said.values("subject_id"))
    return asked.order_by("pk")


def _steps(reader: Reader, until: date) -> QuerySet[Step]:
    """Return the reader's own steps that are due until a day, the first first."""
    found = Step.objects.filter(
        person=reader.person, done_on=None, due_on__lte=until, engagement__state__in=PLANNED
    )
    return found.order_by("due_on", "pk")


def _read(reader: Reader, **wanted: QuerySet[Any]) -> dict[str, tuple[int, ...]]:
    """Return the numbers that each of several selections finds, in one query."""
    # A row to stand beside: the reader's own, which every reader sees.
    rows = Person.objects.filter(pk=reader.person).values_list(
        *(ArraySubquery(one) for one in wanted.values())
    )
    found = rows.first() or [()] * len(wanted)
    # A selection that can find nothing is not asked, and gives no list at all.
    return {name: tuple(numbers or ()) for name, numbers in zip(wanted, found, strict=True)}
