"""Outcomes of a partnership's meetings over the API: in total, and by groups."""

from datetime import date
from decimal import Decimal
from typing import Literal

from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request
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
    """Filters for the meetings that count, and how to group them."""

    by: By = Field(
        MEMBER,
        description=(
            "How to group the meetings. `source` is only for managers, while the partnership lasts."
        ),
    )
    since: Day | None = Field(None, description="The first day, in your time zone.")
    until: Day | None = Field(None, description="The last day, inclusive.")


class OutcomeChainOut(Out):
    """Outcomes of a set of meetings. Each meeting counts once, with the most positive answer of its
    participants.

    `day` and `words` count each answer: on the day, and after six months. `held_unknown` counts
    meetings that are still to come, or where no one has said whether they took place.
    `outcome_unknown` counts meetings that took place but have no answer about their outcome yet.
    `is_thin` means that fewer than five outcomes are known, too few for a meaningful rate.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    held_unknown: int
    outcome_unknown: int
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
    """The number of agreements of one kind. `kind` is empty if no one said which kind."""

    kind: Literal["", *Rating.Agreed.values]
    count: int


class WorthOut(Out):
    """The total value of agreements in one currency."""

    currency: str
    amount: Decimal
    count: int


class OutcomeTermsOut(Out):
    """What was agreed. Each meeting counts once. Values are those that were reported."""

    kinds: list[AgreedKindOut]
    worths: list[WorthOut]

    @staticmethod
    def resolve_kinds(terms: Terms) -> list[dict[str, str | int]]:
        """Sort kinds as on the pages."""
        return [{"kind": kind, "count": count} for kind, count in terms.kinds.items()]


class OutcomeGroupOut(Out):
    """The meetings of one group.

    `kind` is `own`, `side` for the total of another side, or `rest` for meetings that belong to no
    group. `key` is the id of the member, cluster, person or event, the letter of the sector, the
    source (`must`, `wish`, `suggested`, `hand`, `mandate`, `desk`), or empty. When grouped by
    member or sector, `terms` are those that the group itself reported.
    """

    kind: Literal["own", "side", "rest"]
    key: str
    label: str
    chain: OutcomeChainOut
    terms: OutcomeTermsOut


class OutcomeFunnelOut(Out):
    """The outcomes of a partnership, in total and for each group.

    `requests` counts how often someone asked to meet someone. `invitations` counts how often two
    participants were asked to meet.
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
        """Add up all sources."""
        return funnel.counts.requests

    @staticmethod
    def resolve_invitations(funnel: Funnel) -> int:
        """Add up all sources."""
        return funnel.counts.invitations


@router.get(
    "/outcomes/{partnership_id}",
    response=OutcomeFunnelOut,
    summary="Get outcomes by group",
)
def show_outcome_funnel(
    request: Request, partnership_id: Id, filters: Query[OutcomeFilters]
) -> Funnel:
    """Returns the outcomes from meeting requests to agreements, for the teams of the clusters: your
    own members by name, and only the total of each other side.
    """
    return read_funnel(request.reader, partnership_id, **filters.model_dump())
