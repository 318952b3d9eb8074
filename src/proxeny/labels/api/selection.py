"""Selections, decisions, results, letters and appeals by program; and an applicant's own result."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.labels.api._router import router
from proxeny.labels.content import read_outcome
from proxeny.labels.models import Appeal, Decision, Result, Round
from proxeny.labels.operations import appeals
from proxeny.labels.operations.deciding import MOST_MINUTES, MOST_PRESENT, Meeting, decide_round
from proxeny.labels.operations.letters import (
    MOST_FEEDBACK,
    MOST_IMPROVEMENTS,
    mark_of,
    send_letters,
    write_letter,
)
from proxeny.labels.operations.moving_up import MOST_WHY, give_up_place, move_up, read_following
from proxeny.labels.operations.selecting import Proposal, Wish, read_proposal
from proxeny.labels.queries import results as queries
from proxeny.labels.queries.decisions import decisions_of, numbers_of
from proxeny.labels.queries.rounds import get_round, text_of_round
from proxeny.labels.result_pdf import answer_letter_pdf
from proxeny.labels.telling_selection import (
    draft_minutes,
    tell_quotas,
    tell_ranking,
    tell_reasons,
)
from proxeny.partnerships.api._shapes import enter

_ROUND = "/partnerships/{partnership_id}/rounds/{round_id}"
_RESULT = f"{_ROUND}/results/{{result_id}}"
_APPEAL = f"{_ROUND}/appeals/{{appeal_id}}"
_OWN = "/applications/{application_id}/result"
_PDF = file_of("application/pdf")
Key = Annotated[str, Field(max_length=24)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Standing = Literal[*Result.Standing.values]
AppealState = Literal[*Appeal.State.values]


class WishQuery(In):
    """Quotas that are left out, to compare; who comes first among equals; `as_far`: quotas are
    filled as far as enough applications passed."""

    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False

    def to_wish(self) -> Wish:
        """Return it as operations take it."""
        return Wish(tuple(self.without), tuple(self.prefer), self.as_far)


class RankedOut(Out):
    """An application in the order of points; `total` in percent; `missed` are thresholds."""

    number: int
    title: str
    organisation: str
    country: str
    rank: int | None
    total: Decimal | None
    level: str
    standing: Standing | None
    missed: str


class QuotaCostOut(Out):
    """A quota: what it asks for, how many are chosen by it, and in a sentence what it costs."""

    key: str
    name: str
    asks: str
    taken: int | None
    cost: str
    short: str


class SelectionReasonOut(Out):
    """Why the quotas cannot be kept, and what would help."""

    text: str
    helps: list[str]


class SelectionOut(Out):
    """Who would be chosen as the scores stand. `fingerprint` is sent back with the decision."""

    fingerprint: str
    version: int
    places: int | None
    chosen: list[int]
    waiting: list[int]
    ties: list[list[int]]
    missing: list[int]
    withdrawn: int
    ranking: list[RankedOut]
    quotas: list[QuotaCostOut]
    reasons: list[SelectionReasonOut]
    minutes: str


class MeetingIn(In):
    """When the jury met, who took part, and the minutes."""

    held_on: Day
    present: Annotated[str, Field(min_length=1, max_length=MOST_PRESENT)]
    minutes: Annotated[str, Field(min_length=1, max_length=MOST_MINUTES)]

    def to_meeting(self) -> Meeting:
        """Return it as operations take it."""
        return Meeting(self.held_on, self.present, self.minutes, getattr(self, "why", ""))


class RoundDecideIn(MeetingIn):
    """A decision on a selection that was read: its fingerprint, and the version of the round."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    version: Annotated[int, Field(ge=1)]
    without: Annotated[list[Key], Field(max_length=50)] = []
    prefer: Annotated[list[Number], Field(max_length=200)] = []
    as_far: bool = False
    why: Annotated[str, Field(max_length=2000)] = ""


class DecisionOut(Out):
    """What was decided at a meeting, by numbers of applications."""

    number: int
    kind: Literal[*Decision.Kind.values]
    held_on: Day
    present: str
    minutes: str
    decided_at: datetime
    chosen: list[int]
    waiting: list[int]


class IndicatorResultOut(Out):
    """How an indicator came out; `points` by the rule of the scheme."""

    key: str
    points: Decimal | None
    passes: bool


class CriterionResultOut(Out):
    """How a criterion came out, in percent."""

    key: str
    percent: Decimal | None
    passes: bool


class LabelResultOut(Out):
    """What was decided of an application; `level` is the key of one. `told_at`: its letter is sent."""

    id: int
    application_id: int
    number: int | None
    title: str
    standing: Standing
    rank: int | None
    total: Decimal | None
    level: str
    told_at: datetime | None


class LabelLetterOut(LabelResultOut):
    """A result with its letter; `mark` is sent back by who writes it."""

    feedback: str
    improvements: str
    mark: str
    criteria: list[CriterionResultOut]
    indicators: list[IndicatorResultOut]


class LabelLetterIn(In):
    """What a letter says; `mark`: of what was read."""

    mark: Annotated[str, Field(max_length=16)]
    feedback: Annotated[str, Field(min_length=1, max_length=MOST_FEEDBACK)]
    improvements: Annotated[str, Field(max_length=MOST_IMPROVEMENTS)] = ""


class LettersIn(In):
    """Which letters are sent, by the numbers of results; null: all that are not sent."""

    results: Annotated[list[Id], Field(max_length=2000)] | None = None


class LettersSentOut(Out):
    """How many letters are on their way."""

    count: int


class NextUpOut(Out):
    """Who would move up into the next free place; `passed_over` in sentences."""

    free: int
    number: int | None
    title: str
    passed_over: list[str]


class MoveUpIn(MeetingIn):
    """Who moves up: who was told as next."""

    number: Number


class LabelAppealOut(Out):
    """An appeal, its answer, and how many read the application anew."""

    id: int
    application_id: int
    text: str
    asked_at: datetime
    state: AppealState
    answer: str
    decided_at: datetime | None


class LabelAppealIn(In):
    """What is not right."""

    text: Annotated[str, Field(min_length=1, max_length=appeals.MOST_TEXT)]


class AppealReadOut(Out):
    """How many other jurors read it anew."""

    jurors: int


class AppealAnswerIn(MeetingIn):
    """The answer to an appeal; whether it is granted, the new scores say."""

    answer: Annotated[str, Field(min_length=1, max_length=appeals.MOST_ANSWER)]


class OwnLabelResultOut(Out):
    """What was decided of one's own application; `result` is null until it is told.

    `place` is one's place on the waiting list; `why_no_appeal` is empty while one can appeal, until
    `appeal_until`.
    """

    result: LabelLetterOut | None
    place: int | None
    appeal_until: datetime | None
    why_no_appeal: str
    appeals: list[LabelAppealOut]


class GiveUpIn(In):
    """Why the place is given up."""

    why: Annotated[str, Field(min_length=1, max_length=MOST_WHY)]


def _enter(request: HttpRequest, partnership_id: int, round_id: int) -> Round:
    enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only the managers of the clusters may do this."))
    return held


def _deed(request: HttpRequest, partnership_id: int, round_id: int) -> dict[str, Any]:
    """Return who acts when, in a round that the caller steers."""
    _enter(request, partnership_id, round_id)
    return {
        "actor": request.reader, "partnership_id": partnership_id, "round_id": round_id,
        "now": timezone.localtime(),
    }  # fmt: skip


def _selection(proposal: Proposal) -> dict[str, Any]:
    quotas = tell_quotas(proposal)
    return {
        "fingerprint": proposal.fingerprint, "version": proposal.round.version,
        "places": proposal.round.places, "chosen": list(proposal.chosen),
        "waiting": list(proposal.waiting), "ties": [list(one) for one in proposal.ties],
        "missing": [one.number for one in proposal.missing], "withdrawn": proposal.withdrawn,
        "ranking": [
            {**row, "organisation": row["name"], "total": row["exact"], "standing": row["code"]}
            for row in tell_ranking(proposal)
        ],
        "quotas": [{name: one[name] for name in QuotaCostOut.model_fields} for one in quotas],
        "reasons": tell_reasons(proposal),
        "minutes": draft_minutes(proposal) if proposal.selection else "",
    }  # fmt: skip


@router.get(f"{_ROUND}/selection", response=SelectionOut, summary="Who would be chosen")
def show_label_selection(
    request: HttpRequest, partnership_id: Id, round_id: Id, asked: Query[WishQuery]
) -> dict[str, Any]:
    """The best selection within the quotas, and what each of them costs; while the jury discusses.
    Not for who declared a conflict of interest in one of the applications."""
    held = _enter(request, partnership_id, round_id)
    if held.state not in (Round.State.DISCUSSING, Round.State.DECIDED):
        raise NotFound(_("The selection comes after the scores."))
    return _selection(read_proposal(actor=request.reader, held=held, wish=asked.to_wish()))


def _decision(one: Decision) -> dict[str, Any]:
    names = DecisionOut.model_fields.keys() - {"chosen", "waiting"}
    return {name: getattr(one, name) for name in names} | {
        "chosen": one.content["chosen"], "waiting": one.content["waiting"],
    }  # fmt: skip


@router.post(f"{_ROUND}/decision", response={201: DecisionOut}, summary="Decide a round")
def decide_label_round(
    request: HttpRequest, partnership_id: Id, round_id: Id, decided: RoundDecideIn
) -> Status[dict[str, Any]]:
    """As it was read: refused if a score has changed since. All scores are frozen."""
    made = decide_round(
        **_deed(request, partnership_id, round_id), version=decided.version,
        seen=decided.fingerprint,
        wish=Wish(tuple(decided.without), tuple(decided.prefer), decided.as_far),
        meeting=decided.to_meeting(),
    )  # fmt: skip
    return Status(201, _decision(made))


@router.get(f"{_ROUND}/decisions", response=list[DecisionOut], summary="Decisions of a round")
def list_label_decisions(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """The first one first, with minutes."""
    return [_decision(one) for one in decisions_of(_enter(request, partnership_id, round_id))]


def _row(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    names = LabelResultOut.model_fields.keys() - {"number", "title"}
    return {name: getattr(one, name) for name in names} | {
        "number": numbers.get(one.application_id), "title": one.application.title,
    }  # fmt: skip


def _letter(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    outcome = read_outcome(one.content)
    return _row(one, numbers) | {
        "feedback": one.feedback, "improvements": one.improvements, "mark": mark_of(one),
        "criteria": [
            {"key": each.key, "percent": each.percent, "passes": each.passes}
            for each in outcome.criteria
        ],
        "indicators": [
            {"key": each.key, "points": each.points, "passes": each.passes}
            for each in outcome.indicators
        ],
    }  # fmt: skip


@router.get(f"{_ROUND}/results", response=list[LabelResultOut], summary="Results of a round")
def list_label_results(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """Those that hold: awarded, waiting and so on; without where one has a conflict of interest."""
    held = _enter(request, partnership_id, round_id)
    numbers = numbers_of(held)
    return [_row(one, numbers) for one in queries.list_results(held)]


@router.get(_RESULT, response=LabelLetterOut, summary="A result with its letter")
def show_label_result(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id
) -> dict[str, Any]:
    """As it would be sent, or was."""
    held = _enter(request, partnership_id, round_id)
    return _letter(queries.get_result(round_id, result_id), numbers_of(held))


@router.put(f"{_RESULT}/letter", response=LabelLetterOut, summary="Write a letter")
def write_label_letter(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id, written: LabelLetterIn
) -> dict[str, Any]:
    """As long as it is not sent; refused if somebody else wrote it meanwhile."""
    write_letter(
        **_deed(request, partnership_id, round_id), result_id=result_id, seen=written.mark,
        feedback=written.feedback, improvements=written.improvements,
    )  # fmt: skip
    return show_label_result(request, partnership_id, round_id, result_id)


@router.get(f"{_RESULT}/letter.pdf", summary="Download a letter", openapi_extra=_PDF)
def download_label_letter(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id
) -> HttpResponse:
    """In the language of the applicant."""
    held = _enter(request, partnership_id, round_id)
    one = queries.get_result(round_id, result_id)
    return answer_letter_pdf(one, one.application, text_of_round(held))


@router.post(f"{_ROUND}/letters", response=LettersSentOut, summary="Send letters")
def send_label_letters(
    request: HttpRequest, partnership_id: Id, round_id: Id, chosen: LettersIn
) -> dict[str, int]:
    """The applicants read their results from then on, and get a mail."""
    count = send_letters(**_deed(request, partnership_id, round_id), results=chosen.results)
    return {"count": count}


@router.get(f"{_ROUND}/next-up", response=NextUpOut, summary="Who moves up next")
def show_label_next_up(request: HttpRequest, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """By points, within the quotas; of a round that was decided."""
    held = _enter(request, partnership_id, round_id)
    if held.state != Round.State.DECIDED:
        raise NotFound(_("This round is not decided yet."))
    found = read_following(actor=request.reader, held=held)
    return {name: getattr(found, name) for name in NextUpOut.model_fields}


@router.post(f"{_ROUND}/next-up", response={201: DecisionOut}, summary="Let somebody move up")
def move_up_in_label(
    request: HttpRequest, partnership_id: Id, round_id: Id, moved: MoveUpIn
) -> Status[dict[str, Any]]:
    """Into a place that was given up."""
    made = move_up(
        **_deed(request, partnership_id, round_id), number=moved.number, meeting=moved.to_meeting()
    )
    return Status(201, _decision(made))


def _appeal(one: Appeal) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LabelAppealOut.model_fields}


@router.get(f"{_ROUND}/appeals", response=list[LabelAppealOut], summary="Appeals in a round")
def list_label_appeals(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """Those that are not decided first."""
    return [_appeal(one) for one in queries.appeals_of(_enter(request, partnership_id, round_id))]


@router.post(f"{_APPEAL}/jurors", response={201: AppealReadOut}, summary="Let others read it anew")
def read_label_appeal(
    request: HttpRequest, partnership_id: Id, round_id: Id, appeal_id: Id
) -> Status[dict[str, int]]:
    """Jurors of each cluster who have not read it and have no conflict of interest."""
    given = appeals.read_anew(**_deed(request, partnership_id, round_id), appeal_id=appeal_id)
    return Status(201, {"jurors": len(given)})


@router.post(f"{_APPEAL}/decision", response={201: DecisionOut}, summary="Decide an appeal")
def decide_label_appeal(
    request: HttpRequest, partnership_id: Id, round_id: Id, appeal_id: Id, said: AppealAnswerIn
) -> Status[dict[str, Any]]:
    """Once all have read it anew: what is better holds, what is worse does not."""
    made = appeals.decide_appeal(
        **_deed(request, partnership_id, round_id), appeal_id=appeal_id, answer=said.answer,
        meeting=said.to_meeting(),
    )  # fmt: skip
    return Status(201, _decision(made))


@router.get(_OWN, response=OwnLabelResultOut, summary="What was decided of one's own application")
def show_own_label_result(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """With points on each indicator, place on the waiting list, and how long one can appeal."""
    own = queries.read_own_result(request.reader, application_id)
    result = own.result
    if result is not None:
        result.application = own.application
    return {
        "result": _letter(result, own.numbers) if result else None, "place": own.place,
        "appeal_until": own.until,
        "why_no_appeal": appeals.why_no_appeal(own, now=timezone.now()),
        "appeals": [_appeal(one) for one in own.appeals],
    }  # fmt: skip


@router.get(f"{_OWN}/letter.pdf", summary="Download one's own letter", openapi_extra=_PDF)
def download_own_label_letter(request: HttpRequest, application_id: Id) -> HttpResponse:
    """In one's own language."""
    own = queries.read_own_result(request.reader, application_id)
    if own.result is None:
        raise NotFound(_("There is no decision yet."))
    return answer_letter_pdf(own.result, own.application, own.text)


@router.post(f"{_OWN}/appeals", response={201: LabelAppealOut}, summary="Appeal")
def ask_label_appeal(
    request: HttpRequest, application_id: Id, asked: LabelAppealIn
) -> Status[dict[str, Any]]:
    """Against what was decided of one's own application."""
    made = appeals.ask_appeal(
        actor=request.reader, application_id=application_id, text=asked.text,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, _appeal(made))


@router.post(f"{_OWN}/give-up", response=OwnLabelResultOut, summary="Give one's place up")
def give_up_label_place(
    request: HttpRequest, application_id: Id, given: GiveUpIn
) -> dict[str, Any]:
    """Whoever waits moves up; it cannot be taken back."""
    give_up_place(
        actor=request.reader, application_id=application_id, why=given.why,
        now=timezone.localtime(),
    )  # fmt: skip
    return show_own_label_result(request, application_id)
