"""Mandates of a member, as its own people see them, and the ambassadors it can ask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.ambassadors.queries.cases import with_names
from proxeny.directory.models import Organisation
from proxeny.directory.queries.memberships import members_in
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party

State = Mandate.State
#: So many of a member's own mandates are told at once.
MOST = 20
_ALONG = ("member", "cluster", "partnership", "asked_by", "answered_by")


def members_of_reader(reader: Reader) -> frozenset[int]:
    """Return the organisations for which a reader speaks that are no clusters. No query."""
    return frozenset(reader.organisations) - frozenset(reader.clusters)


@dataclass(frozen=True, slots=True)
class Ambassador:
    """Ambassador that a member can ask: a cluster's, in a partnership."""

    partnership: Partnership
    cluster: Organisation
    member: Organisation

    @property
    def key(self) -> str:
        """The value of the choice in forms."""
        return f"{self.partnership.pk}-{self.cluster.pk}-{self.member.pk}"


def ambassadors_for(reader: Reader, *, today: date) -> list[Ambassador]:
    """Return the ambassadors that the reader's members can ask. At most three queries."""
    members = members_of_reader(reader)
    if not members or not reader.circles:
        return []
    with as_service("Members learn whom they can ask, in partnerships of their own clusters only."):
        pairs = sorted(members_in(members, today=today))
        names = Organisation.objects.in_bulk(members)
        parties = Party.objects.filter(
            partnership_id__in=reader.circles,
            state=Party.State.JOINED,
            organisation_id__in={cluster for _member, cluster in pairs},
        ).select_related("partnership", "organisation")
        rows = list(parties.order_by("partnership__title", "partnership", "side"))
    return [
        Ambassador(one.partnership, one.organisation, names[member])
        for one in rows
        for member, cluster in pairs
        if cluster == one.organisation_id
    ]


def find_own_mandates(reader: Reader, *, today: date) -> list[Mandate]:
    """Return what the reader's organisations asked: what waits for them, what holds, then the rest.

    Two queries.
    """
    holds = Q(state__in=(State.ASKED, State.ACCEPTED), until__gte=today)
    order = Case(
        When(state=State.QUESTION, then=Value(0)), When(holds, then=Value(1)), default=Value(2)
    )
    own = Mandate.objects.filter(member_id__in=reader.organisations)
    ids = list(own.order_by(order, "-asked_at", "pk").values_list("pk", flat=True)[:MOST])
    with as_service("Names in the reader's mandates may be hidden once a partnership has ended."):
        found = Mandate.objects.select_related(*_ALONG).in_bulk(ids)
    return [found[pk] for pk in ids]


def get_own_mandate(reader: Reader, mandate_id: int) -> Mandate:
    """Return a mandate of the reader's organisation with all names; `NotFound` if it is none."""
    own: QuerySet[Any] = Mandate.objects.filter(pk=mandate_id, member_id__in=reader.organisations)
    if not own.exists():
        raise NotFound(_("We couldn’t find this mandate."))
    with as_service("Names in the reader's mandate may be hidden once its partnership has ended."):
        return Mandate.objects.select_related(*_ALONG).get(pk=mandate_id)


def introduced_under(mandate: Mandate) -> list[Introduction]:
    """Return the introductions made under a mandate, the newest first, as far as the desk sees."""
    found = with_names(Introduction.objects.filter(mandate=mandate))
    return list(found.order_by("-opened_at", "pk")[:100])


def standing_mandates(member_id: int, partnership_id: int, *, today: date) -> list[Mandate]:
    """Return the open and accepted mandates of a member; their exclusions hold from the first day.

    While a change waits for the ambassador, a mandate gives no rights, but its exclusions still
    hold.
    """
    found = Mandate.objects.filter(
        member_id=member_id,
        partnership_id=partnership_id,
        until__gte=today,
        state__in=(State.ASKED, State.QUESTION, State.ACCEPTED),
    )
    return list(found.order_by("-asked_at"))
