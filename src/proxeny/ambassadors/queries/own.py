"""Introductions and mandates as a member, or somebody abroad, sees them from their own side.

Rows are read as the reader. Names are read in the service role: an invited side may not belong to
the partnership, or it may have ended.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Side, TimeOption
from proxeny.ambassadors.queries.cases import with_names
from proxeny.ambassadors.queries.link_pages import is_put_to
from proxeny.folding import fold
from proxeny.kernel.calendar import write_agenda
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.queries.calendar import make_appointment
from proxeny.meetings.queries.meetings import get_meeting
from proxeny.meetings.rules import AGREED

State, Role, Answer = Introduction.State, Side.Role, Side.Answer
_PAST = (State.MET, State.CLOSED)


class Step(StrEnum):
    """Progress of an introduction for one side; the first four steps wait for it."""

    WISH = "wish"
    TIME = "time"
    MOVE = "move"
    RATE = "rate"
    YES = "yes"
    TIMES_SAID = "times-said"
    FINDING = "finding"
    BOOKED = "booked"
    MET = "met"
    DECLINED = "declined"
    ENDED = "ended"


#: Steps that wait for an answer.
WAITING = (Step.WISH, Step.TIME, Step.MOVE, Step.RATE)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """An introduction from one side: with names, and the times to choose from.

    What the other side says or gives as its reason is not to be shown of it.
    """

    case: Introduction
    own: Side
    other: Side
    step: Step
    options: tuple[TimeOption, ...]

    @property
    def waits(self) -> bool:
        """Whether it waits for this side."""
        return self.step in WAITING

    @property
    def desk(self) -> str:
        """The person in charge, or the desk's cluster."""
        return self.case.in_charge.name if self.case.in_charge else self.case.cluster.name

    @property
    def meeting(self) -> Meeting | None:
        """The meeting, while or after it is booked."""
        return self.case.meeting if self.case.state in (State.BOOKED, State.MET) else None

    @property
    def is_booked(self) -> bool:
        """Whether its meeting is booked."""
        return self.case.state == State.BOOKED

    @property
    def is_timed(self) -> bool:
        """Whether a time is being found, or may be changed."""
        return self.case.state in rules.TIMED

    def has_begun(self, now: datetime) -> bool:
        """Whether the meeting has begun; it can then no longer be moved or declined."""
        return self.meeting is not None and self.meeting.starts_at <= now

    @property
    def unanswered(self) -> int:
        """The number of times without an answer of this side."""
        return sum(getattr(one, self.own.role) is None for one in self.options)


def open_times(now: datetime) -> QuerySet[TimeOption]:
    """Return the times that a side can still say something to: to come, and not refused."""
    found = TimeOption.objects.filter(withdrawn_at=None, starts_at__gt=now)
    return found.exclude(desk=False)


def own_sides(reader: Reader, now: datetime) -> QuerySet[Any]:
    """Return the sides for which the reader answers, with what each waits for as `asks`."""
    times = open_times(now).filter(introduction=OuterRef("introduction"))
    said = Rating.objects.filter(
        party__meeting=OuterRef("introduction__meeting"),
        phase=Rating.Phase.DAY,
        party__organisation=OuterRef("organisation"),
    )
    # The word on a meeting is asked of who went.
    went = Q(person_id=reader.person) | Q(person=None)
    sides = Side.objects.filter(organisation_id__in=reader.organisations, asked_at__isnull=False)
    sides = sides.annotate(
        asks=Case(
            When(introduction__state=State.ASKING, answer=Answer.WAITING, then=Value(Step.WISH)),
            When(
                Q(introduction__state__in=rules.TIMED)
                & (
                    Q(role=Role.MEMBER) & Exists(times.filter(desk=True, member=None))
                    | Q(role=Role.STAKEHOLDER) & Exists(times.filter(desk=True, stakeholder=None))
                ),
                then=Value(Step.TIME),
            ),
            When(
                went
                & Q(introduction__state=State.MET, introduction__meeting__state__in=AGREED)
                & ~Exists(said),
                then=Value(Step.RATE),
            ),
            default=Value(""),
        )
    )
    return sides.select_related("introduction", "introduction__meeting")


#: A member's own introductions; by default those that wait come first. A row is an `OwnCase`.
OWN = Rows(
    "introductions",
    (
        Column("with", gettext_lazy("Meeting with"), lambda row: row.other.organisation.name),
        Column("desk", gettext_lazy("Person in charge"), lambda row: row.desk),
        Column("waits", gettext_lazy("Waiting for you"), lambda row: _("yes") if row.waits else ""),
        Column(
            "meeting",
            gettext_lazy("Meeting"),
            lambda row: row.meeting.starts_at if row.meeting else None,
            ("introduction__meeting__starts_at",),
        ),
        Column(
            "changed",
            gettext_lazy("Last change"),
            lambda row: localtime(row.case.changed_at).date(),
            ("introduction__changed_at",),
        ),
    ),
)


def find_own(
    reader: Reader, *, now: datetime, past: bool = False, search: str = ""
) -> QuerySet[Side]:
    """Return the sides of the introductions that the reader's organisations are asked to.

    Parameters
    ----------
    past : bool
        Those that are over and wait for nothing, the latest first; else what waits for the reader,
        then what is booked, then the rest.
    search : str
        Words of which each occurs in the other's name or in the reason.
    """
    over = Q(introduction__state__in=_PAST, asks="")
    found = own_sides(reader, now).filter(over if past else ~over)
    for word in search.split()[:8]:
        found = found.filter(_has(word))
    waits = Case(When(asks="", then=Value(1)), default=Value(0))
    starts = F("introduction__meeting__starts_at")
    order: list[Any] = [] if past else [waits, starts.asc(nulls_last=True)]
    return found.order_by(*order, "-introduction__changed_at", "pk")


def _has(word: str) -> Q:
    """Return the filter for a word in the reason or in the other side's name."""
    name = fold(word)
    return (
        Q(introduction__reason__icontains=word)
        | Q(role=Role.STAKEHOLDER, introduction__member__sort_name__contains=name)
        | Q(role=Role.MEMBER, introduction__stakeholder__sort_name__contains=name)
    )


def next_own(reader: Reader, *, now: datetime) -> Side | None:
    """Return the side of the introduction whose meeting comes next, or None."""
    booked = own_sides(reader, now).filter(
        introduction__state=State.BOOKED, introduction__meeting__ends_at__gt=now
    )
    return booked.order_by("introduction__meeting__starts_at", "pk").first()


def tell_own(sides: Iterable[Side], *, now: datetime) -> list[OwnCase]:
    """Return introductions as the sides that `find_own` found see them. Three queries."""
    rows = list(sides)
    cases = _load_cases({one.introduction_id for one in rows})
    times = _load_times([pk for pk, case in cases.items() if case.state in rules.TIMED], now)
    return [_tell(one, cases[one.introduction_id], times) for one in rows]


def _load_cases(ids: Collection[int]) -> dict[int, Introduction]:
    with as_service("Cases whose sides are the reader's own, as the caller has found by policy."):
        return {one.pk: one for one in with_names(Introduction.objects.filter(pk__in=ids))}


def _load_times(ids: Collection[int], now: datetime) -> dict[int, list[TimeOption]]:
    found: dict[int, list[TimeOption]] = {}
    for one in open_times(now).filter(introduction__in=ids).order_by("starts_at", "pk"):
        found.setdefault(one.introduction_id, []).append(one)
    return found


def _tell(row: Any, case: Introduction, times: dict[int, list[TimeOption]]) -> OwnCase:
    sides = {one.pk: one for one in case.sides.all()}
    own = sides.pop(row.pk)
    (other,) = sides.values()
    options = tuple(one for one in times.get(case.pk, ()) if is_put_to(one, own.role))
    return OwnCase(case, own, other, _step_of(case, own, options, row.asks), options)


def _step_of(case: Introduction, own: Side, options: tuple[TimeOption, ...], asks: str) -> Step:
    if asks:
        is_move = asks == Step.TIME and case.state == State.BOOKED
        return Step.MOVE if is_move else Step(asks)
    if case.state == State.CLOSED:
        return Step.DECLINED if case.closed_by == own.role else Step.ENDED
    if case.state == State.FINDING:
        return Step.TIMES_SAID if options else Step.FINDING
    return {State.BOOKED: Step.BOOKED, State.MET: Step.MET}.get(State(case.state), Step.YES)


def get_own(reader: Reader, introduction_id: int, *, now: datetime) -> OwnCase:
    """Return an introduction from the reader's side.

    Raises
    ------
    NotFound, NotAllowed
        As `get_own_side`.
    """
    own = get_own_side(reader, introduction_id)
    (found,) = tell_own(own_sides(reader, now).filter(pk=own.pk), now=now)
    return found


def get_own_side(reader: Reader, introduction_id: int) -> Side:
    """Return the side of an introduction for which the reader answers.

    Raises
    ------
    NotFound, NotAllowed
        The reader sees no such introduction; they see it at the desk, and are of neither side.
    """
    sides = Side.objects.filter(introduction_id=introduction_id, asked_at__isnull=False)
    own = rules.side_of(reader, sides.order_by("role"))
    if own is not None:
        return own
    at_desk = Introduction.objects.filter(pk=introduction_id, cluster_id__in=reader.organisations)
    if at_desk.exists():
        raise NotAllowed(_("Only the two organisations invited to meet can answer."))
    raise NotFound(_("We couldn’t find this introduction."))


def write_meeting(row: OwnCase) -> str:
    """Return a booked meeting as a calendar file, with the content of the mail invitation.

    Raises
    ------
    NotFound
        No meeting is booked.
    """
    with as_service(
        "The meeting of a row that the reader was shown; its calendar entry is theirs."
    ):
        meeting = get_meeting(row.meeting.pk if row.meeting else 0)
    return write_agenda([make_appointment(meeting, own=[row.own.organisation_id])])
