"""Pending items of a reader about introductions: at the desks where they work, and for their side."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Mandate, TimeOption
from proxeny.ambassadors.queries.handover import at_desk
from proxeny.ambassadors.queries.own import Step, own_sides, tell_own
from proxeny.ambassadors.rules import OPEN
from proxeny.kernel.kinds import MOST, Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships.models import Partnership

ACTIVE = Partnership.State.ACTIVE


def find_waiting(
    reader: Reader, now: datetime, room: int | None
) -> Iterator[Waiting | Kind[Waiting]]:
    """Yield what waits at desks and for sides. Two queries for those who work at none."""
    yield from _kinds(reader, now)
    if room is None and set(reader.organisations) - set(reader.desks):
        yield from _own(reader, now)


def _kinds(reader: Reader, now: datetime) -> Iterator[Kind[Waiting]]:
    if reader.desks:
        columns = {
            "room": "partnership_id",
            "member": "member__name",
            "other": "stakeholder__name",
            "what": "what",
            "step": "next_step",
            "day": "next_on",
        }
        yield Kind(_cases(reader, now), _tell_case, columns)
        asked = Mandate.objects.filter(
            cluster_id__in=reader.desks,
            partnership_id__in=reader.rooms,
            partnership__state=ACTIVE,
            state=Mandate.State.ASKED,
        )
        columns = {"room": "partnership_id", "title": "member__name"}
        yield Kind(asked.order_by("asked_at", "pk"), _tell_mandate, columns)
    questions = Mandate.objects.filter(
        member_id__in=reader.organisations, state=Mandate.State.QUESTION
    )
    columns = {"title": "cluster__name"}
    yield Kind(questions.order_by("answered_at", "pk"), _tell_question, columns, in_room=None)


def _cases(reader: Reader, now: datetime) -> QuerySet[Introduction]:
    """Return the desks' open cases in which something is to be done now, as `what`."""
    today = now.date()
    times = TimeOption.objects.filter(
        introduction=OuterRef("pk"), withdrawn_at=None, starts_at__gt=now
    )
    mine = Q(in_charge_id=reader.own_id) | Q(in_charge=None)
    what = Case(
        When(Exists(times.filter(desk=None)), then=Value("confirm")),
        When(Q(~Exists(times), state=Introduction.State.FINDING), then=Value("propose")),
        When(Q(~Exists(at_desk(today=today)), in_charge__isnull=False), then=Value("hand-over")),
        When(mine & Q(next_on__lte=today), then=Value("step")),
        default=Value(""),
    )
    found = Introduction.objects.filter(
        cluster_id__in=reader.desks,
        partnership_id__in=reader.rooms,
        partnership__state=ACTIVE,
        state__in=OPEN,
    )
    found = found.annotate(what=what).exclude(what="")
    return found.order_by(F("next_on").asc(nulls_last=True), "pk")


def _tell_case(
    pk: int, room: int, member: str, other: str, what: str, step: str, day: str | None
) -> Waiting:
    url = reverse("ambassadors:case", args=[room, pk])
    text, label = {
        "confirm": (_("A different time has been proposed. Can you make it?"), _("Answer")),
        "propose": (
            _("Both want to meet, but no times have been proposed yet."),
            _("Propose times"),
        ),
        "hand-over": (_("The person in charge has left the desk."), _("Hand over")),
        "step": (step or _("The next step is due."), _("View")),
    }[what]
    if what == "hand-over":
        url = reverse("ambassadors:hand-over", args=[room])
    return Waiting(
        key=f"introduction:{pk}:{what}",
        title=f"{member} – {other}",
        text=text,
        url=url,
        label=label,
        tone="warn" if what == "confirm" else "info",
        due=day_of(day) if what == "step" else None,
        partnership_id=room,
    )


def _tell_mandate(pk: int, room: int, title: str) -> Waiting:
    return Waiting(
        key=f"mandate:{pk}:answer",
        title=title,
        text=_("This member has asked you to act for them."),
        url=reverse("ambassadors:mandate", args=[room, pk]),
        label=_("Answer"),
        partnership_id=room,
    )


def _tell_question(pk: int, title: str) -> Waiting:
    return Waiting(
        key=f"mandate:{pk}:explain",
        title=title,
        text=_("The ambassador has a question about your mandate."),
        url=reverse("ambassadors:own-mandate", args=[pk]),
        label=_("Read and answer"),
        tone="warn",
    )


def _own(reader: Reader, now: datetime) -> Iterator[Waiting]:
    """Yield the introductions that wait for the answer of the reader's side, who is no desk."""
    asks = {
        Step.WISH: _("Would you like to meet them?"),
        Step.TIME: _("Times have been proposed. Which suit you?"),
    }
    sides = own_sides(reader, now).filter(asks__in=list(asks))
    sides = sides.exclude(organisation_id__in=reader.desks).order_by("asked_at", "pk")
    rows = list(sides[:MOST])
    for row, one in zip(rows, tell_own(rows, now=now) if rows else (), strict=True):
        yield Waiting(
            key=f"introduction:{one.case.pk}:{row.asks}",
            title=one.other.organisation.name,
            text=asks[Step(row.asks)],
            url=reverse("ambassadors:own-case", args=[one.case.pk]),
            label=_("Answer"),
            tone="warn",
        )
