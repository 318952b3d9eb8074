"""What waits in labels: for the managers of the clusters, for jurors, for who applies and who holds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import (
    Appeal,
    Application,
    Assignment,
    Award,
    Checkup,
    Juror,
    Question,
    Result,
    Round,
)
from proxeny.labels.queries.life import with_renewal
from proxeny.labels.queries.own_applications import applies_for
from proxeny.partnerships.models import Partnership

State = Round.State
#: A result is news for so long; a draft is told of before its round closes.
NEWS = timedelta(days=14)
CLOSES_SOON = timedelta(days=14)
MOST = 5


@dataclass(frozen=True, slots=True)
class InRoom:
    """What waits in a room for its managers, by the numbers of rounds; check-ups by their own.

    What waits for signatures is told with all other texts of the room.
    """

    to_look_at: tuple[int, ...] = ()
    questions: tuple[int, ...] = ()
    to_judge: tuple[int, ...] = ()
    jurors: tuple[int, ...] = ()
    letters: tuple[int, ...] = ()
    appeals: tuple[int, ...] = ()
    to_award: tuple[int, ...] = ()
    checkups: tuple[int, ...] = ()


def find_in_rooms(reader: Reader, rooms: Sequence[int], *, now: datetime) -> dict[int, InRoom]:
    """Return what waits for a reader in the rooms that they steer. One query; none without a room."""
    steered = [one for one in rooms if one in reader.steered]
    if not steered:
        return {}
    wanted = _wanted(now)
    found = (
        Partnership.objects.filter(pk__in=steered)
        .order_by("pk")
        .values_list("pk", *(ArraySubquery(wanted[one.name]) for one in fields(InRoom)))
    )
    # A selection that can find nothing is not asked, and gives no list at all.
    return {pk: InRoom(*(tuple(one or ()) for one in lists)) for pk, *lists in found}


def _wanted(now: datetime) -> dict[str, QuerySet[Any]]:
    rounds = Round.objects.filter(
        partnership=OuterRef("pk"), dropped_at=None, published_at__isnull=False
    ).order_by("closes_at", "pk")  # fmt: skip
    taken = Application.objects.filter(round=OuterRef("pk"), state=Application.State.SUBMITTED)
    told = Result.objects.filter(round=OuterRef("pk"), is_newest=True)
    begun = Exists(Award.objects.filter(application=OuterRef("application"), dropped_at=None))
    underway = rounds.exclude(state=State.DECIDED)
    decided = rounds.filter(state=State.DECIDED)
    found: dict[str, QuerySet[Any]] = {
        "to_look_at": underway.filter(Exists(taken.filter(eligible=None))),
        "questions": underway.filter(Exists(Question.objects.filter(
            application__round=OuterRef("pk"), passed_on_at=None, answered_at=None
        ))),
        "to_judge": rounds.filter(Exists(taken), state=State.OPEN, closes_at__lte=now),
        "jurors": rounds.filter(Exists(_lacking(taken)), state=State.JUDGING),
        "letters": decided.filter(Exists(told.filter(told_at=None))),
        "appeals": decided.filter(Exists(Appeal.objects.filter(
            application__round=OuterRef("pk"), state=Appeal.State.ASKED
        ))),
        "to_award": decided.filter(Exists(told.filter(
            ~begun, standing=Result.Standing.CHOSEN, told_at__isnull=False
        ))),
    }  # fmt: skip
    answered = Checkup.objects.filter(
        partnership=OuterRef("pk"), answered_at__isnull=False, reviewed_at=None
    ).order_by("answered_at", "pk")  # fmt: skip
    return {name: one.values("pk") for name, one in {**found, "checkups": answered}.items()}


def _lacking(taken: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications that are judged by fewer jurors than their scheme asks for."""
    given = Assignment.objects.filter(application=OuterRef("pk"), is_appeal=False)
    given = given.exclude(state=Assignment.State.ABSTAINED).order_by()
    count = given.values("application").annotate(count=Count("pk")).values("count")
    asked = Cast(KeyTextTransform("per", "scheme_version__content"), IntegerField())
    found = taken.filter(Q(eligible=None) | Q(eligible=True))
    return found.annotate(per=asked, has=Coalesce(Subquery(count), 0)).filter(has__lt=asked)


@dataclass(frozen=True, slots=True)
class OfJuror:
    """What waits in a jury: an answer, a declaration, or `open` applications to score."""

    juror: Juror
    what: str
    open: int


def find_juries(reader: Reader, *, now: datetime) -> list[OfJuror]:
    """Return the juries in which something waits for the reader, the next decision first.

    One query; a juror's seat opens the round and their own assignments alone.
    """
    open_ = Count("assignments", filter=Q(assignments__state=Assignment.State.OPEN))
    found = Juror.objects.filter(
        person_id=reader.person, round__dropped_at=None,
        round__state__in=(State.OPEN, State.JUDGING, State.DISCUSSING),
    ).exclude(state=Juror.State.OUT).annotate(open=open_)  # fmt: skip
    rows = found.select_related("round__scheme_version").order_by("round__decides_on", "pk")
    told = ((one, _of_juror(one, now)) for one in rows)
    return [OfJuror(one, what, one.open) for one, what in told if what][:MOST]


def _of_juror(one: Juror, now: datetime) -> str:
    if one.state == Juror.State.ASKED:
        return "answer"
    if one.declared_at is None:
        return "declare" if one.round.state != State.OPEN or now >= one.round.closes_at else ""
    return "score" if one.open and one.round.state == State.JUDGING else ""


@dataclass(frozen=True, slots=True)
class Own:
    """Something that waits for who applies or holds: of which application or award, with its title.

    `number` is that of a check-up; `at` when a round closes or an award ends, `on` the day of an
    answer.
    """

    of: int
    title: str
    number: int = 0
    at: datetime | None = None
    on: date | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class OfApplicants:
    """What waits for who applies and who holds: drafts that close soon, questions, results,
    check-ups, and awards that can be renewed."""

    drafts: tuple[Own, ...] = ()
    questions: tuple[Own, ...] = ()
    results: tuple[Own, ...] = ()
    checkups: tuple[Own, ...] = ()
    renewals: tuple[Own, ...] = ()


def find_own(reader: Reader, *, now: datetime) -> OfApplicants:
    """Return what waits for the reader's own organisations. One query; none without one."""
    own = applies_for(reader)
    if not own or reader.person is None:
        return OfApplicants()
    wanted = _wanted_by(own, now)
    lists = (ArraySubquery(rows.values(row=told)[:MOST]) for rows, told in wanted)
    found = Person.objects.filter(pk=reader.person).values_list(*lists).first()
    return OfApplicants(*(tuple(_read(row) for row in rows or ()) for rows in found or ()))


def _wanted_by(own: set[int], now: datetime) -> list[tuple[QuerySet[Any], JSONObject]]:
    """Return what is looked for, in the order of `OfApplicants`, and what is told of each."""
    of = {"application__organisation_id__in": own}
    drafts = Application.objects.filter(
        organisation_id__in=own, state=Application.State.DRAFT, round__state=State.OPEN,
        round__dropped_at=None, round__opens_at__lte=now, round__closes_at__gt=now,
        round__closes_at__lte=now + CLOSES_SOON,
    )  # fmt: skip
    questions = Question.objects.filter(**of, passed_on_at__isnull=False, answered_at=None)
    results = Result.objects.filter(**of, is_newest=True, told_at__gt=now - NEWS, told_at__lte=now)
    checkups = Checkup.objects.filter(
        organisation_id__in=own, answered_at=None, award__revoked_at=None
    )
    application = JSONObject(of="application_id", title="application__title")
    return [
        (drafts.order_by("round__closes_at", "pk"),
         JSONObject(of="pk", title="title", at="round__closes_at", zone="round__zone")),
        (questions.order_by("passed_on_at", "pk"), application),
        (results.order_by("-told_at", "-pk"), application),
        (checkups.order_by("due_on", "pk"),
         JSONObject(of="award_id", title="award__title", number="pk", on="due_on")),
        (_renewals(own, now), JSONObject(of="pk", title="title", at="valid_until")),
    ]  # fmt: skip


def _read(row: dict[str, Any]) -> Own:
    at, on = row.pop("at", None), row.pop("on", None)
    return Own(
        **row, at=datetime.fromisoformat(at) if at else None,
        on=date.fromisoformat(on) if on else None,
    )  # fmt: skip


def _renewals(own: set[int], now: datetime) -> QuerySet[Award]:
    follower = Award.objects.filter(replaces=OuterRef("pk"), dropped_at=None)
    begun = Application.objects.filter(
        renews=OuterRef("pk"), state__in=(Application.State.DRAFT, Application.State.SUBMITTED)
    )
    found = Award.objects.filter(
        ~Exists(follower), ~Exists(begun), organisation_id__in=own, issued_at__isnull=False,
        revoked_at=None, valid_from__lte=now, valid_until__gt=now,
    )  # fmt: skip
    return with_renewal(found).filter(renews_from__lte=now).order_by("valid_until", "pk")
