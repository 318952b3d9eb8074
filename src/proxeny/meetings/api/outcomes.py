"""What came of a partnership's meetings over the API: the whole, and by groups."""

from datetime import date
from decimal import Decimal
from typing import Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.times import Day
from proxeny.meetings.api._router import router
from proxeny.meetings.api.own import MeetingRateOut
from proxeny.meetings.models import Rating
from proxeny.meetings.queries.funnel import Funnel, read_funnel
from proxeny.meetings.queries.funnel_groups import GROUPS, MEMBER
from proxeny.meetings.queries.terms import Terms
from proxeny.meetings.rules import DAY_VALUES, LATER_VALUES

By = Literal[*GROUPS]
DayAnswer = Literal[*(value.value for value in DAY_VALUES)]
LaterAnswer = Literal[*(value.value for value in LATER_VALUES)]


class OutcomeFilters(In):
    """Which meetings count, and by what they are grouped."""

    by: By = Field(
        MEMBER, description="`source` is for managers alone, while the partnership lasts."
    )
    since: Day | None = Field(None, description="First day, in the caller's time zone.")
    until: Day | None = Field(None, description="Last day, which counts too.")


class OutcomeChainOut(Out):
    """What came of a set of meetings. Each counts once, by the best word of those who met.

    `day` and `words` tell how many had which answer: on the day, and after six months. `is_thin`
    says that fewer than five were held: a rate would mean little.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    rated: int
    day: dict[DayAnswer, int]
    possible: int
    later: int
    words: dict[LaterAnswer, int]
    cooperations: int
    agreements: int
    cooperation_rate: MeetingRateOut
    agreement_rate: MeetingRateOut
    is_thin: bool


class AgreedKindOut(Out):
    """How many agreements were of a kind; it is empty where nobody said of which."""

    kind: Literal["", *Rating.Agreed.values]
    count: int


class WorthOut(Out):
    """What so many agreements are worth together, in one currency."""

    currency: str
    amount: Decimal
    count: int


class OutcomeTermsOut(Out):
    """What was agreed, each meeting once. Worths are those that were told."""

    kinds: list[AgreedKindOut]
    worths: list[WorthOut]

    @staticmethod
    def resolve_kinds(terms: Terms) -> list[dict[str, str | int]]:
        """In the order in which people read them."""
        return [{"kind": kind, "count": count} for kind, count in terms.kinds.items()]


class OutcomeGroupOut(Out):
    """The meetings of one group.

    `kind` is `own`, `side` for another side's total, or `rest` for what belongs to no group. `key`
    is the number of the member, cluster, person or event, the letter of the sector, the source
    (`must`, `wish`, `suggested`, `hand`, `mandate`, `desk`), or empty. By member and sector,
    `terms` are those that the group itself told.
    """

    kind: Literal["own", "side", "rest"]
    key: str
    label: str
    chain: OutcomeChainOut
    terms: OutcomeTermsOut


class OutcomeFunnelOut(Out):
    """The whole chain of a partnership, and that of each group.

    `requests` are how often somebody asked to meet somebody, `invitations` how often two were asked
    to come together.
    """

    by: By
    since: date | None
    until: date | None
    requests: int
    invitations: int
    chain: OutcomeChainOut
    terms: OutcomeTermsOut
    groups: list[OutcomeGroupOut]

    @staticmethod
    def resolve_requests(funnel: Funnel) -> int:
        """Of all that tell it together."""
        return funnel.counts.requests

    @staticmethod
    def resolve_invitations(funnel: Funnel) -> int:
        """Of all that tell it together."""
        return funnel.counts.invitations


@router.get(
    "/outcomes/{partnership_id}",
    response=OutcomeFunnelOut,
    summary="From requests to agreement, by groups",
)
def show_outcome_funnel(
    request: HttpRequest, partnership_id: Id, filters: Query[OutcomeFilters]
) -> Funnel:
    """For the teams of the clusters: own members by name, and of each other side the total alone."""
    return read_funnel(request.reader, partnership_id, **filters.model_dump())
