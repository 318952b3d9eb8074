"""Pending items of a reader: at the desks where they work, and as one of the two sides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from proxeny.ambassadors.models import Introduction, Mandate, TimeOption
from proxeny.ambassadors.rules import OPEN
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Party

State = Introduction.State


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Open tasks of a desk in one partnership, in numbers of introductions."""

    partnership_id: int
    title: str
    to_propose: int
    to_decide: int
    late: int
    mandates: int


@dataclass(frozen=True, slots=True)
class DeskOf:
    """A desk at which somebody works: the partnership, for whose members, and what is open."""

    partnership_id: int
    title: str
    cluster: str
    open: int


def list_desks(reader: Reader) -> list[DeskOf]:
    """Return the desks at which the reader works, of active partnerships, by title. One query."""
    cases = Introduction.objects.filter(
        partnership=OuterRef("partnership"), cluster=OuterRef("organisation"), state__in=OPEN
    ).order_by()
    count = cases.values("cluster").annotate(count=Count("pk")).values("count")
    found = Party.objects.filter(
        organisation_id__in=reader.desks,
        state=Party.State.JOINED,
        partnership__state="active",
        partnership_id__in=reader.rooms,
    )
    rows = found.annotate(open=Coalesce(Subquery(count), 0)).order_by("partnership__title", "pk")
    return [
        DeskOf(*row)
        for row in rows.values_list(
            "partnership_id", "partnership__title", "organisation__name", "open"
        )
    ]


def find_at_desks(reader: Reader, *, now: datetime) -> list[AtDesk]:
    """Return what waits at the reader's desks, those with nothing left out. Two queries at most.

    Late is a next step of the reader's own, or of an unassigned case.
    """
    if not reader.desks:
        return []
    mandates = _mandates(reader)
    found = Introduction.objects.filter(
        cluster_id__in=reader.desks, state__in=OPEN, partnership__state="active"
    )
    open_times = TimeOption.objects.filter(
        introduction=OuterRef("pk"), withdrawn_at=None, starts_at__gt=now
    )
    rows = (
        found.annotate(has_times=Exists(open_times), is_asked=Exists(open_times.filter(desk=None)))
        .values("partnership_id", "partnership__title")
        .annotate(
            to_propose=Count("pk", filter=Q(state=State.FINDING, has_times=False)),
            to_decide=Count("pk", filter=Q(is_asked=True)),
            late=Count(
                "pk",
                filter=Q(next_on__lt=now.date())
                & (Q(in_charge_id=reader.person) | Q(in_charge=None)),
            ),
        )
        .order_by("partnership_id")
    )
    seen = {row["partnership_id"]: row for row in rows}
    told = [
        AtDesk(
            pk,
            row["partnership__title"],
            row["to_propose"],
            row["to_decide"],
            row["late"],
            mandates.get(pk, ("", 0))[1],
        )
        for pk, row in seen.items()
    ]
    told += [
        AtDesk(pk, title, 0, 0, 0, count)
        for pk, (title, count) in mandates.items()
        if pk not in seen
    ]
    return [one for one in told if one.to_propose or one.to_decide or one.late or one.mandates]


def _mandates(reader: Reader) -> dict[int, tuple[str, int]]:
    asked = Mandate.objects.filter(
        cluster_id__in=reader.desks, state=Mandate.State.ASKED, partnership__state="active"
    )
    rows = asked.values_list("partnership_id", "partnership__title").annotate(count=Count("pk"))
    return {pk: (title, count) for pk, title, count in rows.order_by()}
