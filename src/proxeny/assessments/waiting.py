"""Pending items of a reader in assessments: as adviser, for a side's managers, and for a company."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.assessments.models import Adviser, Engagement, Later, Remark, Step
from proxeny.assessments.queries.plan import SOON
from proxeny.assessments.rules import PLANNED, REMARKED_IN, RUNNING
from proxeny.kernel.kinds import Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships.models import (
    Agreement,
    Interest,
    Partnership,
    Party,
    Recommendation,
    SignOff,
)

State = Engagement.State
#: So long before its day a report is told of.
REPORT_SOON = timedelta(days=7)
_COLUMNS = {"room": "partnership_id", "title": "title"}


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in assessments."""
    if reader.rooms:
        yield from _for_advisers(reader)
        yield from _dated(reader, now)
    if reader.steered:
        yield from _for_managers(reader)
    yield from _for_companies(reader)


def _active(found: QuerySet[Any], rooms: tuple[int, ...]) -> QuerySet[Any]:
    return found.filter(
        partnership_id__in=rooms, partnership__state=Partnership.State.ACTIVE
    ).order_by("pk")


def _kind(
    what: str,
    found: QuerySet[Any],
    words: Callable[[], tuple[str, str]],
    *,
    page: str = "engagement",
    **columns: str,
) -> Kind[Waiting]:
    """Return rows that wait in one way; `words` are the sentence and the button's label."""
    return Kind(found, partial(_tell, what, words, page), {**_COLUMNS, **columns})


def _tell(
    what: str,
    words: Callable[[], tuple[str, str]],
    page: str,
    *,
    pk: int,
    room: int,
    title: str,
    engagement: int = 0,
    day: str | None = None,
) -> Waiting:
    due = day_of(day)
    text, label = words()
    subject, deed = what.split(":")
    return Waiting(
        key=f"{subject}:{pk}:{deed}",
        title=title,
        text=text % {"day": date_format(due)} if due else text,
        url=reverse(f"assessments:{page}", args=[room, engagement or pk]),
        label=label,
        tone="info" if due else "warn",
        due=due,
        partnership_id=room,
    )


def _declared(reader: Reader, engagement: str) -> Exists:
    said = Interest.objects.filter(
        subject=Interest.Subject.ASSESSMENT, person=reader.person, subject_id=OuterRef(engagement)
    )
    return Exists(said)


def _at_work(reader: Reader, **values: Any) -> Exists:
    """Return whether the reader is an adviser of an engagement, the outer query."""
    named = Adviser.objects.filter(
        engagement=OuterRef("pk"), person=reader.person, left_at=None, **values
    )
    return Exists(named)


def _for_advisers(reader: Reader) -> Iterator[Kind[Waiting]]:
    running = _active(Engagement.objects.filter(_at_work(reader)), reader.rooms)
    yield _kind(
        "assessment:declare",
        running.filter(~_declared(reader, "pk"), state__in=RUNNING),
        lambda: (
            _("Declare whether you have a conflict of interest in this assessment."),
            _("Declare"),
        ),
    )
    leading = _active(Engagement.objects.filter(_at_work(reader, leads=True)), reader.rooms)
    leading = leading.filter(_declared(reader, "pk"))
    yield _kind(
        "brief:write",
        leading.filter(~Exists(_open_briefs()), state=State.BRIEF),
        lambda: (_("The brief has to be written and sent for signature."), _("Write the brief")),
    )
    remarks = Remark.objects.filter(
        answers=None,
        settled_at=None,
        engagement__state__in=REMARKED_IN,
        engagement__advisers__person=reader.person,
        engagement__advisers__left_at=None,
    )
    yield _kind(
        "remark:settle",
        _active(remarks, reader.rooms),
        lambda: (_("A remark on this report is open."), _("View")),
        page="report",
        title="engagement__title",
        engagement="engagement_id",
    )


def _dated(reader: Reader, now: datetime) -> Iterator[Kind[Waiting]]:
    today = now.date()
    steps = Step.objects.filter(
        person=reader.person,
        done_on=None,
        due_on__lte=today + SOON,
        engagement__state__in=PLANNED,
    )
    yield _kind(
        "step:do",
        _active(steps, reader.rooms).order_by("due_on", "pk"),
        lambda: (_("This step of an assessment is due on %(day)s."), _("View")),
        engagement="engagement_id",
        day="due_on",
    )
    leading = _active(Engagement.objects.filter(_at_work(reader, leads=True)), reader.rooms)
    leading = leading.filter(_declared(reader, "pk"))
    yield _kind(
        "report:give",
        leading.filter(state=State.WORKING, due_on__lte=today + REPORT_SOON),
        lambda: (_("The report is due on %(day)s."), _("Write the report")),
        page="report",
        day="due_on",
    )
    yield _kind(
        "assessment:hand-over",
        leading.filter(
            Q(meeting=None) | Q(meeting__ends_at__lte=now) | Q(meeting__state="cancelled"),
            state=State.REPORTED,
        ),
        lambda: (_("The report has been sent. Go through it with the company."), _("Hand over")),
        page="report",
    )


def _open_briefs() -> QuerySet[Agreement]:
    """Return the briefs that wait for signatures, of an engagement as the outer query."""
    return Agreement.objects.filter(
        kind=Agreement.Kind.BRIEF,
        subject=Cast(OuterRef("pk"), CharField()),
        partnership=OuterRef("partnership"),
        completed_at=None,
        closed_at=None,
    )


def _for_managers(reader: Reader) -> Iterator[Kind[Waiting]]:
    found = _active(Engagement.objects.all(), reader.steered)
    yield _kind(
        "assessment:take-up",
        found.filter(state=State.ASKED),
        lambda: (
            _("A company has requested this assessment. No one has taken it on yet."),
            _("View"),
        ),
    )
    leads = Adviser.objects.filter(
        engagement=OuterRef(OuterRef("pk")), party=OuterRef("pk"), leads=True, left_at=None
    )
    mine = Party.objects.filter(
        ~Exists(leads),
        partnership=OuterRef("partnership"),
        organisation__in=reader.managed,
        state=Party.State.JOINED,
    )
    yield _kind(
        "assessment:name",
        found.filter(Exists(mine), state=State.CHECKING),
        lambda: (_("Your side has no lead for this assessment yet."), _("Name a lead")),
    )
    signed = SignOff.objects.filter(
        agreement=OuterRef("pk"), party__organisation__in=reader.managed
    )
    yield _kind(
        "brief:sign",
        found.filter(Exists(_open_briefs().filter(~Exists(signed)))),
        lambda: (_("The brief is waiting for your side’s signature."), _("Read and sign")),
    )


def _for_companies(reader: Reader) -> Iterator[Kind[Waiting]]:
    own = reader.organisations
    signed = SignOff.objects.filter(agreement=OuterRef("pk"), party=None)
    briefs = _open_briefs().filter(~Exists(signed))
    yield _own_kind(
        "brief:sign",
        Engagement.objects.filter(Exists(briefs), client__in=own),
        lambda: (_("The brief is waiting for your signature."), _("Read and sign")),
        page="own-engagement",
    )
    advice = Recommendation.objects.filter(
        source=Recommendation.Source.ASSESSMENT,
        organisation__in=own,
        state=Recommendation.State.PROPOSED,
        dropped_at=None,
    )
    yield _own_kind(
        "recommendation:decide",
        advice,
        lambda: (_("This recommendation is waiting for your decision."), _("Decide")),
        page="own-advice-one",
        engagement="source_id",
    )
    later = Later.objects.filter(
        engagement__client__in=own, asked_at__isnull=False, answered_at=None
    )
    yield _own_kind(
        "later:answer",
        later,
        lambda: (_("What came of your assessment?"), _("Answer")),
        page="own-later",
        title="engagement__title",
        engagement="engagement_id",
    )


def _own_kind(
    what: str,
    found: QuerySet[Any],
    words: Callable[[], tuple[str, str]],
    *,
    page: str,
    **columns: str,
) -> Kind[Waiting]:
    tell = partial(_tell_own, what, words, page)
    return Kind(found.order_by("pk"), tell, {"title": "title", **columns}, in_room=None)


def _tell_own(
    what: str,
    words: Callable[[], tuple[str, str]],
    page: str,
    *,
    pk: int,
    title: str,
    engagement: int = 0,
) -> Waiting:
    text, label = words()
    subject, deed = what.split(":")
    args = [engagement, pk] if subject == "recommendation" else [engagement or pk]
    url = reverse(f"assessments:{page}", args=args)
    return Waiting(f"{subject}:{pk}:{deed}", title, text, url, label, "warn")
