"""Give and take between the parties: counted from what happened, and noted by hand and confirmed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy

from proxeny.directory.queries.memberships import members_among
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.placement_queries import count_hosted

Kind = Favour.Kind


@dataclass(frozen=True, slots=True)
class Given:
    """How often one organisation gave another something."""

    kind: str
    giver_id: int
    receiver_id: int
    count: int


#: Counts what happened in other capabilities; called with the partnership and its parties.
Count = Callable[[Partnership, Sequence[Party]], Iterable[Given]]
_COUNTS: list[Count] = []


def count_given(count: Count) -> None:
    """Have the ledger count what happened in another capability; called when Django is ready."""
    _COUNTS.append(count)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind: by party, what it gave, counted and confirmed."""

    kind: str
    label: Any
    by_party: tuple[tuple[Party, int, int], ...]

    @property
    def given(self) -> list[int]:
        """What each party gave, counted and confirmed together."""
        return [counted + confirmed for _party, counted, confirmed in self.by_party]


def weigh(partnership: Partnership, parties: Sequence[Party], *, today: date) -> list[Row]:
    """Return what each party gave, by kind; kinds of which nothing was given too."""
    joined = [one for one in parties if one.state == Party.State.JOINED]
    counted: dict[tuple[str, int], int] = defaultdict(int)
    for given in [
        *_memberships(joined, today),
        *(g for c in _COUNTS for g in c(partnership, joined)),
    ]:
        counted[given.kind, given.giver_id] += given.count
    hosted = count_hosted(partnership, today=today)
    for one in joined:
        counted[Kind.HOSTING, one.organisation_id] += hosted.get(one.pk, 0)
    confirmed = {
        (kind, party): count
        for kind, party, count in Favour.objects.filter(
            partnership=partnership, dropped_at=None, confirmed_at__isnull=False
        ).values_list("kind", "giver_id").annotate(Sum("count")).order_by()
    }  # fmt: skip
    return [
        Row(
            kind.value, kind.label,
            tuple(
                (one, counted[kind.value, one.organisation_id],
                 confirmed.get((kind.value, one.pk), 0))
                for one in joined
            ),
        )
        for kind in Kind
    ]  # fmt: skip


def _memberships(parties: Sequence[Party], today: date) -> list[Given]:
    """A party that is a member of another: it gave that one its membership."""
    ids = [one.organisation_id for one in parties]
    with as_service():  # both sides read the same figures, whoever keeps the membership
        found = members_among(ids, today=today)
    return [Given(Kind.MEMBERSHIP, member, cluster, 1) for cluster, member in found]


#: What was noted by hand, the newest first.
FAVOURS = Rows(
    "give-and-take",
    (
        Column("what", gettext_lazy("What it was"), lambda one: one.what, ("what",)),
        Column("kind", gettext_lazy("Kind"), lambda one: one.get_kind_display(), ("kind",)),
        Column("giver", gettext_lazy("Who gave"), lambda one: one.giver.organisation.name,
               ("giver__side",)),
        Column("receiver", gettext_lazy("Who received"),
               lambda one: one.receiver.organisation.name),
        Column("count", gettext_lazy("How many"), lambda one: one.count, ("count",), end=True),
        Column("day", gettext_lazy("Day"), lambda one: one.happened_on, ("happened_on", "-pk")),
    ),
    sort="-day",
    search=("what", "giver__organisation__name"),
)  # fmt: skip


def list_favours(partnership: Partnership) -> QuerySet[Favour]:
    """Return what was noted by hand, newest first. One query."""
    found = Favour.objects.filter(partnership=partnership, dropped_at=None)
    return (
        found.select_related("giver__organisation", "receiver__organisation")
        .order_by("-happened_on", "-pk")
    )  # fmt: skip
