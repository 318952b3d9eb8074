"""Calls over the API: list, search, create, change, archive."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.calls.api._router import router
from proxeny.calls.api._rules import CallRuleIn
from proxeny.calls.models import Call
from proxeny.calls.operations import calls as operations
from proxeny.calls.operations.calls import (
    LANGUAGES,
    LONGEST,
    LONGEST_TOPIC,
    MOST_RULES,
    MOST_SUM,
    MOST_TOPICS,
    OTHER_LANGUAGES,
    CallFacts,
    facts_of,
)
from proxeny.calls.operations.conditions import list_conditions
from proxeny.calls.queries import calls as queries
from proxeny.calls.rules import RULE_SETS, state_of
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Named,
    Out,
    exact,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.requests import Request

ONE = "/{call_id}"
CallState = Literal["coming", "open", "closed"]
CallSource = Literal[*Call.Source.values]
CallPart = Literal[*Call.Part.values]
CallRules = Literal["", *RULE_SETS]
CallLanguage = Literal[*LANGUAGES, *OTHER_LANGUAGES]
Money = exact(15, 2, least=0, most=MOST_SUM)
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="For example, EUR.")]
Reference = Annotated[str, Field(min_length=1, max_length=LONGEST["reference"])]
Title = Annotated[str, Field(min_length=1, max_length=LONGEST["title"])]
Programme = Annotated[str, Field(max_length=LONGEST["programme"])]
Action = Annotated[str, Field(max_length=LONGEST["action"])]
Text = Annotated[str, Field(max_length=LONGEST["text"])]
Address = Annotated[
    str, Field(max_length=LONGEST["address"], description="An http or https address.")
]
Topics = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_TOPIC)]], Field(max_length=MOST_TOPICS)
]
OwnRules = Annotated[list[CallRuleIn], Field(max_length=MOST_RULES)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class CallIn(In):
    """A call. Times include their time zone, and amounts are in `currency`."""

    cluster_id: Id
    reference: Reference
    title: Title
    programme: Programme = ""
    action: Action = ""
    rule_set: CallRules = ""
    part: CallPart = ""
    own_rules: OwnRules = []
    topics: Topics = []
    text: Text = ""
    language: CallLanguage = "en"
    opens_on: Day | None = None
    closes_at: Moment | None = None
    second_closes_at: Moment | None = None
    budget: Money | None = None
    grant_least: Money | None = None
    grant_most: Money | None = None
    grants_expected: Count | None = None
    currency: Currency = "EUR"
    address: Address = ""


class CallChanges(In):
    """Changes to a call; everything else stays as it is.

    Dates, times and amounts can be set to null.
    """

    reference: Reference = unsent()
    title: Title = unsent()
    programme: Programme = unsent()
    action: Action = unsent()
    rule_set: CallRules = unsent()
    part: CallPart = unsent()
    own_rules: OwnRules = unsent()
    topics: Topics = unsent()
    text: Text = unsent()
    language: CallLanguage = unsent()
    opens_on: Day | None = unsent()
    closes_at: Moment | None = unsent()
    second_closes_at: Moment | None = unsent()
    budget: Money | None = unsent()
    grant_least: Money | None = unsent()
    grant_most: Money | None = unsent()
    grants_expected: Count | None = unsent()
    currency: Currency = unsent()
    address: Address = unsent()


class CallFilters(In):
    """Filters for a list of calls. Archived calls are only listed if you ask for them."""

    q: Annotated[str, Field(max_length=200)] = ""
    programme: Programme = ""
    action: Action = ""
    state: Literal["", "live", "coming", "open", "closed"] = ""
    rule_set: CallRules = ""
    closes_before: Day | None = Field(None, description="The last day on which a call may close.")
    cluster_id: Id | None = None
    away: bool = False


class CallRow(Out):
    """A call, as shown in lists. `state` is the state right now."""

    id: int
    cluster: Named
    reference: str
    title: str
    programme: str
    action: str
    state: CallState
    rule_set: str
    part: str
    topics: list[str]
    language: str
    opens_on: date | None
    closes_at: datetime | None
    second_closes_at: datetime | None
    budget: Decimal | None
    grant_least: Decimal | None
    grant_most: Decimal | None
    grants_expected: int | None
    currency: str
    address: str
    source: CallSource
    brought_at: datetime
    put_away_at: datetime | None
    version: int


class CallRuleOut(Out):
    """A condition, as worded by its source. `is_own` is true if it is specific to this call."""

    key: str
    text: str
    source: str
    address: str
    seen: date | None
    is_sure: bool
    is_own: bool


class CallOut(CallRow):
    """A call with its text and its conditions."""

    text: str
    own_rules: list[dict[str, Any]]
    conditions: list[CallRuleOut]


def _tell_rows(rows: list[Any], **given: Any) -> list[Any]:
    now = timezone.now()
    for one in rows:
        one.cluster, one.state = one.steward, state_of(one, now=now)
    return rows


def _show(response: HttpResponse, call_id: int) -> Any:
    call: Any = queries.get_call(call_id)
    _tell_rows([call])
    call.conditions = list_conditions(call)
    show_version(response, call.version, call.state)
    return call


@router.get("", response=list[CallRow], summary="List calls for proposals")
@in_pages("-id", tell=_tell_rows)
def list_calls(request: Request, filters: Query[CallFilters]) -> QuerySet[Call]:
    """Returns the calls of your cluster and its partners that match the words and filters, newest
    first.
    """
    values = filters.model_dump()
    wanted = queries.Wanted(steward=values.pop("cluster_id"), **values)
    return queries.find_calls(wanted, now=timezone.now())


@router.post("", response={201: CallOut}, summary="Add a call")
def add_call(request: Request, response: HttpResponse, call: CallIn) -> Status[Any]:
    """Only for managers, advisers and ambassadors of the cluster."""
    values = _values(call.model_dump(), call.own_rules)
    made = operations.add_call(
        actor=request.reader,
        steward_id=values.pop("cluster_id"),
        facts=CallFacts(**values),
        now=timezone.localtime(),
    )
    response["Location"] = f"/api/v1/calls/{made.pk}"
    return Status(201, _show(response, made.pk))


@router.get(ONE, response=CallOut, summary="Get a call")
def show_call(request: Request, response: HttpResponse, call_id: Id) -> Any:
    """Includes its text, and its conditions with their sources."""
    return _show(response, call_id)


@router.patch(ONE, response=CallOut, summary="Update a call")
def change_call(
    request: Request,
    response: HttpResponse,
    call_id: Id,
    change: CallChanges,
    if_match: IfMatch = None,
) -> Any:
    """Only the fields you send change."""
    call = queries.get_call(call_id)
    values = {name: getattr(facts_of(call), name) for name in operations.COLUMNS}
    operations.change_call(
        actor=request.reader,
        call_id=call_id,
        version=match_version(if_match, call.version),
        facts=CallFacts(**(values | _values(change.sent(), change.own_rules))),
        now=timezone.localtime(),
    )
    return _show(response, call_id)


def _values(sent: dict[str, Any], own_rules: list[CallRuleIn]) -> dict[str, Any]:
    if "own_rules" in sent:
        return sent | {"own_rules": [one.plain() for one in own_rules]}
    return sent


def _step(
    request: Request, response: HttpResponse, call_id: int, operation: Callable[..., Call]
) -> Any:
    operation(actor=request.reader, call_id=call_id, now=timezone.localtime())
    return _show(response, call_id)


@router.post(f"{ONE}/put-away", response=CallOut, summary="Archive a call")
def put_call_away(request: Request, response: HttpResponse, call_id: Id) -> Any:
    """People who watch it no longer get reminders. You can restore it."""
    return _step(request, response, call_id, operations.put_call_away)


@router.post(f"{ONE}/restore", response=CallOut, summary="Restore a call")
def bring_call_back(request: Request, response: HttpResponse, call_id: Id) -> Any:
    """Restores an archived call."""
    return _step(request, response, call_id, operations.bring_call_back)
