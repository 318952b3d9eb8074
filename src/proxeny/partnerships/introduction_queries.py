"""Reading plans of introductions: the members two parties share, the plans, and what they propose."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation, Visibility
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.partnerships.models import (
    IntroductionPlan,
    Partnership,
    ProposedIntroduction,
    SharingGrant,
)
from proxeny.partnerships.queries import find_grants

Kind = SharingGrant.Kind
RowState = ProposedIntroduction.State
MAX_EXPORT = 20_000
#: Visibilities included in a shared list.
_LISTED = (Visibility.PARTNERSHIP, Visibility.PUBLIC)
FIELDS_SHOWN = 24
#: Columns the rows can be sorted by.
SORTS = {
    "score": ("-score", "pk"),
    "left": ("left__sort_name", "-score", "pk"),
    "right": ("right__sort_name", "-score", "pk"),
    "state": ("state", "-score", "pk"),
}


def shared_members(
    partnership: Partnership, organisation_id: int, *, today: date
) -> QuerySet[Organisation]:
    """Return the members that a party shares with a partnership today, by name."""
    grants = find_grants(partnership, today=today, is_live=True, organisation_id=organisation_id)
    listed = grants.filter(kind=Kind.LIST).order_by()
    single = grants.filter(kind=Kind.MEMBER, member_id=OuterRef("pk")).order_by()
    shown = Q(visibility__in=_LISTED)
    return Organisation.objects.filter(
        (Exists(listed) & shown) | (Exists(single) & ~Q(visibility=Visibility.PRIVATE)),
        steward_id=organisation_id,
        merged_into=None,
    ).order_by("sort_name", "pk")


def members_listed(partnership: Partnership, *, today: date) -> dict[int, list[int]]:
    """Return the members that each party shares as a list today. One query, and one for each of them.

    What these clusters keep of them, such as their projects, both sides may read.
    """
    grants = find_grants(partnership, today=today, is_live=True, kind=Kind.LIST).order_by()
    return {
        pk: list(
            shared_members(partnership, pk, today=today)
            .filter(visibility__in=_LISTED)
            .values_list("pk", flat=True)
        )
        for pk in grants.values_list("organisation_id", flat=True)
    }


def narrow_members(
    members: QuerySet[Organisation],
    *,
    kinds: Sequence[str],
    countries: Sequence[str],
    fields: Sequence[str],
    leave_out: Iterable[int],
) -> list[int]:
    """Return the ids of the members that are asked for; an empty choice asks for all. One query."""
    if kinds:
        members = members.filter(kind__in=kinds)
    if countries:
        members = members.filter(country__in=countries)
    if fields:
        members = members.filter(sectors__overlap=list(fields))
    return list(members.exclude(pk__in=list(leave_out)).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class MemberFacets:
    """Filters for a choice of members, and the number of members that each party shares."""

    countries: list[str]
    fields: list[str]
    counts: dict[int, int]


def facets_of(sides: Mapping[int, QuerySet[Organisation]]) -> MemberFacets:
    """Return countries, the most common fields and the count of shared members, by the party that
    shares them. One query a side."""
    countries: set[str] = set()
    fields: Counter[str] = Counter()
    counts = {}
    for pk, members in sides.items():
        rows = members.order_by().values_list("country", "sectors")
        counts[pk] = len(rows)
        for country, sectors in rows:
            countries.add(country)
            fields.update(sectors)
    return MemberFacets(
        sorted(countries - {""}),
        sorted((name for name, _count in fields.most_common(FIELDS_SHOWN)), key=str.casefold),
        counts,
    )


def folded(name: str) -> str:
    """Return a name as `find_by_name` knows it."""
    return fold(name)[:400]


def find_by_name(members: QuerySet[Organisation], names: Iterable[str]) -> dict[str, list[int]]:
    """Return the members called so, by the folded name. One query."""
    found: dict[str, list[int]] = {folded(name): [] for name in names if fold(name)}
    rows = members.filter(sort_name__in=list(found)).values_list("sort_name", "pk")
    for name, pk in rows:
        found[name].append(pk)
    return found


def list_plans(partnership_id: int) -> QuerySet[IntroductionPlan]:
    """Return the plans of a partnership that the reader may see, the newest first."""
    found = IntroductionPlan.objects.filter(partnership_id=partnership_id)
    return found.select_related("left", "right", "person").order_by("-created_at", "-pk")


def get_plan(partnership_id: int, plan_id: int) -> IntroductionPlan:
    """Return a plan with its partnership and parties; `NotFound` if the reader does not see it."""
    found = list_plans(partnership_id).select_related("partnership", "left", "right", "person")
    plan = found.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("We couldn’t find this plan."))
    return plan


def get_plan_job(plan: IntroductionPlan) -> Job | None:
    """Return the job that works a plan out, if the reader may watch it."""
    return Job.objects.filter(pk=plan.job_id).first() if plan.job_id else None


def rows_of(
    plan: IntroductionPlan,
    *,
    search: str = "",
    state: str = "",
    both: bool = False,
    sort: str = "score",
) -> QuerySet[ProposedIntroduction]:
    """Return what a plan proposes, both members with it, as far as both are shared today.

    Parameters
    ----------
    search : str
        Words that all occur in one of the two names.
    state : str
        One of `ProposedIntroduction.State`; empty for all.
    both : bool
        Only those in which each side has something that the other needs.
    sort : str
        A key of `SORTS`.
    """
    found = ProposedIntroduction.objects.filter(plan=plan).select_related("left", "right")
    for word in fold(search).split():
        found = found.filter(Q(left__sort_name__contains=word) | Q(right__sort_name__contains=word))
    if state in ProposedIntroduction.State.values:
        found = found.filter(state=state)
    if both:
        found = found.filter(they_offer__gt=0, they_need__gt=0)
    return found.order_by(*SORTS.get(sort, SORTS["score"]))


def get_row(plan: IntroductionPlan, row_id: int) -> ProposedIntroduction:
    """Return one proposal of a plan; `NotFound` if the reader does not see it."""
    found = rows_of(plan).filter(pk=row_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this proposal."))
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of undecided, kept and dropped proposals of a plan, as far as the reader sees."""

    proposed: int = 0
    kept: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.proposed + self.kept + self.dropped


def count_rows(plans: Iterable[IntroductionPlan]) -> dict[int, Counts]:
    """Return the proposals of plans counted by state, by plan. One query."""
    found: dict[int, dict[str, int]] = {one.pk: {} for one in plans}
    rows = ProposedIntroduction.objects.filter(plan__in=list(found)).order_by()
    for plan_id, state, count in rows.values_list("plan_id", "state").annotate(Count("pk")):
        found[plan_id][state] = count
    return {pk: Counts(**counts) for pk, counts in found.items()}


def pairs_decided(partnership_id: int) -> set[tuple[int, int]]:
    """Return the pairs that were kept or dropped in any plan of a partnership. One query."""
    decided = ProposedIntroduction.objects.filter(partnership_id=partnership_id).exclude(
        state=ProposedIntroduction.State.PROPOSED
    )
    return set(decided.values_list("left_id", "right_id"))


def pairs_judged(
    organisation_ids: Collection[int], partnership_id: int | None
) -> dict[tuple[int, int], float]:
    """Return which introductions of some members were kept (1) or dropped (0); each pair begins with one.

    As far as the reader sees the plans. One query.

    Parameters
    ----------
    partnership_id : int, optional
        Only plans of this partnership.
    """
    own = set(organisation_ids)
    decided = ProposedIntroduction.objects.filter(
        Q(left_id__in=own) | Q(right_id__in=own), state__in=(RowState.KEPT, RowState.DROPPED)
    )
    if partnership_id is not None:
        decided = decided.filter(partnership_id=partnership_id)
    rows = decided.order_by("decided_at", "pk").values_list("left_id", "right_id", "state")
    return {
        pair: float(state == RowState.KEPT)
        for left, right, state in rows
        for pair in ((left, right), (right, left))
        if pair[0] in own
    }


def plan_names(plan_ids: Iterable[int]) -> dict[int, str]:
    """Return how a history names plans: the two parties. One query."""
    rows = IntroductionPlan.objects.filter(pk__in=set(plan_ids))
    named = rows.values_list("pk", "left__name", "right__name")
    return {pk: f"{left} – {right}" for pk, left, right in named}
