"""Engagements as programs read them, and parts shared by the teams' and the company's routes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from pydantic import Field

from proxeny.assessments.models import Engagement, Question, Service
from proxeny.assessments.operations.requests import RequestFacts
from proxeny.assessments.queries.advisers import Team, teams_of
from proxeny.assessments.queries.briefs import Brief, brief_of
from proxeny.assessments.queries.engagements import Row, rows_of
from proxeny.assessments.queries.own import answers_of
from proxeny.assessments.queries.plan import read_plan, tell_steps
from proxeny.kernel.api import In, Named, Out, unsent
from proxeny.kernel.api.times import Day
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import SignOff
from proxeny.partnerships.queries import parties_joined

EngagementState = Literal[*Engagement.State.values]
AskedQuestion = Literal[*Question.values]
BriefPayer = Literal[*Service.Payer.values]
Question200 = Annotated[str, Field(min_length=1, max_length=200)]
Text2000 = Annotated[str, Field(max_length=2000)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166 code, for example FR.")]
ReportLanguage = Literal[*dict(settings.LANGUAGES)]
Answers = Annotated[list[Text2000], Field(max_length=50)]


class RequestIn(In):
    """A company's request.

    `answers` are its answers to the questions of the service's template, in order.
    """

    title: Question200
    market: Country
    product: Text2000 = ""
    language: ReportLanguage = "en"
    wanted_on: Day | None = None
    answers: Answers = []


class RequestChanges(In):
    """Changes to a request; everything else stays as it is."""

    title: Question200 = unsent()
    market: Country = unsent()
    product: Text2000 = unsent()
    language: ReportLanguage = unsent()
    wanted_on: Day | None = None
    answers: Answers = unsent()


class RequestReasonIn(In):
    """The reason, which the other side reads."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class SignIn(In):
    """The text you sign, and the hash of what you read."""

    agreement_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    text_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class RefuseIn(In):
    """The text you decline to sign, and why."""

    agreement_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    why: Annotated[str, Field(min_length=1, max_length=300)]


class RequestAnswerOut(Out):
    """A question asked with the request, and the company's answer."""

    asked: str
    text: str


class StepOut(Out):
    """A step of a plan: the task, its due date, and who does it."""

    id: int
    title: str
    due_on: date
    party_id: int | None
    side: str
    person_id: int | None
    person: str
    done_on: date | None
    is_late: bool
    version: int


class BriefSignatureOut(Out):
    """A signature on a brief, or a missing one. The company's has no `party_id`."""

    party_id: int | None
    name: str
    signed_by: str
    signed_at: datetime | None


class BriefTextOut(Out):
    """A brief as it was sent for signature, word for word.

    `refused_why` is the reason if someone declined to sign.
    """

    agreement_id: int
    number: int
    text: str
    text_hash: str
    is_open: bool
    is_signed: bool
    refused_why: str
    may_sign: bool
    signatures: list[BriefSignatureOut]


class EngagementRow(Out):
    """An engagement, as shown in lists."""

    id: int
    partnership_id: int
    service_id: int
    client: Named
    cluster: Named
    title: str
    question: AskedQuestion
    market: str
    language: str
    state: EngagementState
    reason: str
    leads: list[str]
    wanted_on: date | None
    due_on: date | None
    steps: int
    steps_done: int
    steps_late: int
    is_late: bool
    asked_at: datetime
    signed_at: datetime | None
    reported_at: datetime | None
    handed_over_at: datetime | None
    ended_at: datetime | None
    version: int


class EngagementAdviserOut(Out):
    """An adviser on an engagement. The company only sees who leads."""

    party_id: int
    person_id: int | None
    name: str
    leads: bool
    is_free: bool
    effort_days: Decimal


class EngagementOut(EngagementRow):
    """An engagement with its request, brief and plan."""

    product: str
    answers: list[RequestAnswerOut]
    goal: str
    scope: str
    leaves_out: str
    delivers: str
    price: Decimal
    currency: str
    payer: BriefPayer
    brief: BriefTextOut | None
    plan: list[StepOut]
    advisers: list[EngagementAdviserOut]


_KEPT = (
    "partnership_id",
    "service_id",
    "title",
    "question",
    "market",
    "language",
    "state",
    "reason",
    "wanted_on",
    "due_on",
    "asked_at",
    "signed_at",
    "reported_at",
    "handed_over_at",
    "ended_at",
    "version",
)
_MORE = ("product", "goal", "scope", "leaves_out", "delivers", "price", "currency", "payer")


def tell_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of a list as programs get them."""
    return [
        {
            "id": one.engagement.pk,
            **{name: getattr(one.engagement, name) for name in _KEPT},
            "client": one.engagement.client,
            "cluster": one.engagement.cluster,
            "leads": list(one.leads),
            "steps": one.steps,
            "steps_done": one.done,
            "steps_late": one.late,
            "is_late": one.is_late,
        }
        for one in rows
    ]


def tell_page(found: Sequence[Engagement], **_more: Any) -> list[dict[str, Any]]:
    """Return one page of engagements as programs get them."""
    return tell_rows(rows_of([one.pk for one in found], today=timezone.localdate()))


def tell_engagement(
    reader: Reader, engagement: Engagement, *, is_client: bool = False
) -> dict[str, Any]:
    """Return an engagement with its request, brief and plan; for the company, with leads alone."""
    today, parties = timezone.localdate(), parties_joined(engagement.partnership_id)
    [row] = tell_rows(rows_of([engagement.pk], today=today))
    teams = teams_of(engagement, parties, today=today)
    brief = brief_of(reader, engagement, parties)
    is_hidden = is_client and engagement.signed_at is None
    return {
        **row,
        **({} if not is_hidden else {"leads": []}),
        **{name: getattr(engagement, name) for name in _MORE},
        **({} if not is_hidden else dict.fromkeys(("goal", "scope", "leaves_out", "delivers"), "")),
        "answers": answers_of(engagement),
        "brief": _tell_brief(brief, engagement) if brief else None,
        "plan": tell_steps(read_plan(engagement, today=today).steps),
        "advisers": [] if is_hidden else _tell_advisers(teams, leads_only=is_client),
    }


def _tell_advisers(teams: Sequence[Team], *, leads_only: bool) -> list[dict[str, Any]]:
    return [
        {
            "party_id": team.party.pk,
            "person_id": one.adviser.person_id,
            "name": one.name,
            "leads": one.adviser.leads,
            "is_free": one.is_free,
            "effort_days": one.adviser.effort_days,
        }
        for team in teams
        for one in team.advisers
        if one.adviser.leads or not leads_only
    ]


def _tell_brief(brief: Brief, engagement: Engagement) -> dict[str, Any]:
    text = brief.text.agreement
    signatures: list[tuple[int | None, str, SignOff | None]] = [
        (one.party.pk, one.party.organisation.name, one.sign_off) for one in brief.text.signatures
    ]
    signatures.append((None, engagement.client.name, brief.client))
    return {
        "agreement_id": text.pk,
        "number": text.number,
        "text": text.text,
        "text_hash": text.text_hash,
        "is_open": brief.is_open,
        "is_signed": brief.is_signed,
        "refused_why": brief.refused_why,
        "may_sign": brief.may_sign,
        "signatures": [
            {
                "party_id": party,
                "name": name,
                "signed_by": tell_name(sign_off.person_name) if sign_off else "",
                "signed_at": sign_off.signed_at if sign_off else None,
            }
            for party, name, sign_off in signatures
        ],
    }


def facts_of(values: Mapping[str, Any]) -> RequestFacts:
    """Return the request's values for the operation."""
    return RequestFacts(**{**values, "answers": tuple(values["answers"])})
