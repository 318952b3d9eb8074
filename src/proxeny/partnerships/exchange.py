"""Give and take between the parties: counted from what happened, and noted by hand and confirmed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy

from proxeny.directory.queries.memberships import members_among
from proxeny.kernel.hooks import Hook
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.placement_queries import count_hosted

Kind = Favour.Kind


@dataclass(frozen=True, slots=True)
class Given:
    """Number of times that one organisation gave another something."""

    kind: str
    giver_id: int
    receiver_id: int
    count: int


#: Counts what happened in other capabilities; called with the partnership and its parties.
Count = Callable[[Partnership, Sequence[Party]], Iterable[Given]]
GIVEN: Hook[Count] = Hook("room.given", "What the sides have given each other, for give and take.")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind: by party, what it gave, counted and confirmed."""

    kind: str
    label: Any
    by_party: tuple[tuple[Party, int, int], ...]

    @property
    def given(self) -> list[int]:
        """Each party's total, counted and confirmed together."""
        return [counted + confirmed for _party, counted, confirmed in self.by_party]


def weigh(partnership: Partnership, parties: Sequence[Party], *, today: date) -> list[Row]:
    """Return what each party gave, by kind; kinds of which nothing was given too."""
    joined = [one for one in parties if one.state == Party.State.JOINED]
    counted: dict[tuple[str, int], int] = defaultdict(int)
    for given in [
        *_memberships(joined, today),
        *(g for c in GIVEN for g in c(partnership, joined)),
    ]:
        counted[given.kind, given.giver_id] += given.count
    hosted = count_hosted(partnership, today=today)
    for one in joined:
        counted[Kind.HOSTING, one.organisation_id] += hosted.get(one.pk, 0)
    confirmed = {
        (kind, party): count
        for kind, party, count in Favour.objects.filter(
            partnership=partnership, dropped_at=None, confirmed_at__isnull=False
        )
        .values_list("kind", "giver_id")
        .annotate(Sum("count"))
        .order_by()
    }
    return [
        Row(
            kind.value,
            kind.label,
            tuple(
                (
                    one,
                    counted[kind.value, one.organisation_id],
                    confirmed.get((kind.value, one.pk), 0),
                )
                for one in joined
            ),
        )
        for kind in Kind
    ]


def _memberships(parties: Sequence[Party], today: date) -> list[Given]:
    """A party that is a member of another: it gave that one its membership."""
    ids = [one.organisation_id for one in parties]
    with as_service("Both sides read the same figures, no matter who keeps the membership."):
        found = members_among(ids, today=today)
    return [Given(Kind.MEMBERSHIP, member, cluster, 1) for cluster, member in found]


#: Contributions recorded by hand, newest first.
FAVOURS = Rows(
    "give-and-take",
    (
        Column("what", gettext_lazy("What was given"), lambda one: one.what, ("what",)),
        Column("kind", gettext_lazy("Kind"), lambda one: one.get_kind_display(), ("kind",)),
        Column(
            "giver",
            gettext_lazy("Given by"),
            lambda one: one.giver.organisation.name,
            ("giver__side",),
        ),
        Column("receiver", gettext_lazy("Received by"), lambda one: one.receiver.organisation.name),
        Column("count", gettext_lazy("How many"), lambda one: one.count, ("count",), end=True),
        Column("day", gettext_lazy("Day"), lambda one: one.happened_on, ("happened_on", "-pk")),
    ),
    sort="-day",
    search=("what", "giver__organisation__name"),
)


def list_favours(partnership: Partnership) -> QuerySet[Favour]:
    """Return what was noted by hand, newest first. One query."""
    found = Favour.objects.filter(partnership=partnership, dropped_at=None)
    return found.select_related("giver__organisation", "receiver__organisation").order_by(
        "-happened_on", "-pk"
    )
