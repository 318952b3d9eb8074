"""Awards once they are given, by program: of one's own organisations, and for the clusters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, exact, in_pages
from proxeny.labels.api._router import router
from proxeny.labels.api._steering import steer
from proxeny.labels.models import Application, Award, Checkup
from proxeny.labels.operations import checkups as operations
from proxeny.labels.operations.checkups import MOST_REVIEW, MOST_URL, MOST_WORDS, Answered, mark_of
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.renaming import MOST_NAME
from proxeny.labels.operations.renewing import MOST_WHY, ask_new_name, begin_renewal
from proxeny.labels.queries import life as queries
from proxeny.labels.queries.awards import STATES
from proxeny.labels.queries.schemes import get_scheme
from proxeny.labels.queries.statistics import Group, read_statistics
from proxeny.partnerships.sums import MOST_WORTH

_OWN = "/own/awards"
_ONE = f"{_OWN}/{{award_id}}"
_SCHEME = "/partnerships/{partnership_id}/schemes/{scheme_id}"
_ALL = f"{_SCHEME}/checkups"
Words = Annotated[str, Field(max_length=MOST_WORDS)]
CheckupState = Literal[*queries.CHECKUP_STATES]
Success = Literal[*Checkup.Kind.values]


class CheckupOut(Out):
    """How a project is doing, as its holder says; null and empty until it is answered.

    `mark` says whether the answer has changed since it was read.
    """

    id: int
    award_id: int
    state: CheckupState
    asked_at: datetime
    due_on: date
    answered_at: datetime | None
    still_holds: bool | None
    changed: str
    achieved: str
    kind: Success | Literal[""]
    amount: Decimal | None
    currency: str
    proof_url: str
    is_public: bool
    reviewed_at: datetime | None
    review: str
    mark: str


class RoomCheckupOut(CheckupOut):
    """A check-up as the clusters read it: with the project and its holder."""

    title: str
    holder: str


class OwnAwardOut(Out):
    """An award as its holder reads it; `renewal_id` is the application that would follow it."""

    id: int
    label: str
    title: str
    holder: str
    level: str
    state: Literal[*STATES]
    valid_from: datetime
    valid_until: datetime
    renews_from: datetime
    can_renew: bool
    renewal_id: int | None
    revoked_why: str
    url: str
    checkups: list[CheckupOut]


class RenewalIn(In):
    """What has changed since the award was given; one can go on writing in the application."""

    changed: Words = ""


class RenewalOut(Out):
    """The application that renews an award."""

    application_id: int


class NewNameIn(In):
    """The new name of the holder, and why."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_NAME)]
    why: Annotated[str, Field(max_length=MOST_WHY)] = ""


class CheckupAnswerIn(In):
    """An answer; `mark` is that of the answer that was read, if there was one."""

    still_holds: bool
    changed: Words = ""
    achieved: Words = ""
    kind: Success | Literal[""] = ""
    amount: exact(14, 2, least=0, most=MOST_WORTH) | None = None  # type: ignore[valid-type]
    currency: Annotated[str, Field(max_length=3)] = ""
    proof_url: Annotated[str, Field(max_length=MOST_URL)] = ""
    is_public: bool = False
    mark: Annotated[str, Field(max_length=16)] | None = None


class CheckupAskIn(In):
    """Of which award, and by when to answer; without a day within 30 days."""

    award_id: Id
    due_on: date | None = None


class CheckupReviewIn(In):
    """A word to the holder, or none."""

    review: Annotated[str, Field(max_length=MOST_REVIEW)] = ""


class LabelGroupOut(Out):
    """Applications with something in common; the range is null where too few applied to say."""

    key: str
    applied: int
    passed: int
    chosen: int
    awarded: int
    percent: float | None
    low: float | None
    high: float | None


class LabelAchievedOut(Out):
    """What awarded projects achieved of one kind and currency (empty: numbers of things)."""

    kind: Success
    currency: str
    projects: int
    figures: int
    total: Decimal | None
    answered: int
    asked: int


class LabelSpanOut(Out):
    """Days from handing in to the decision."""

    middle: float
    shortest: int
    longest: int
    count: int


class LabelStatisticsOut(Out):
    """All figures of a label, of rounds that are decided; `open` applications do not count yet."""

    all: LabelGroupOut
    rounds: list[LabelGroupOut]
    origins: list[LabelGroupOut]
    fields: list[LabelGroupOut]
    years: list[LabelGroupOut]
    levels: list[LabelGroupOut]
    span: LabelSpanOut | None
    open: int
    asked: int
    answered: int
    still_hold: int
    achieved: list[LabelAchievedOut]


def _checkup(one: Checkup) -> dict[str, Any]:
    own = ("id", "award_id", "asked_at", "due_on", "answered_at", "still_holds", "changed",
           "achieved", "kind", "amount", "currency", "proof_url", "is_public", "reviewed_at",
           "review")  # fmt: skip
    return {name: getattr(one, name) for name in own} | {
        "state": queries.checkup_state(one, timezone.localdate()), "mark": mark_of(one),
    }  # fmt: skip


def _room_checkup(one: Checkup) -> dict[str, Any]:
    return _checkup(one) | {"title": one.award.title, "holder": one.award.holder}


def _own(one: queries.OwnAward, now: datetime) -> dict[str, Any]:
    award, level = one.award, one.scheme.level(one.award.level)
    return {
        "id": award.pk, "label": one.scheme.name, "title": award.title, "holder": award.holder,
        "level": one.scheme.told(level.title) if level else "", "state": one.state,
        "valid_from": award.valid_from, "valid_until": award.valid_until,
        "renews_from": one.renews_from, "can_renew": one.can_renew(now),
        "renewal_id": one.renewal.pk if one.renewal else None, "revoked_why": award.revoked_why,
        "url": award_url(award.code), "checkups": [_checkup(each) for each in one.checkups],
    }  # fmt: skip


def _owns(found: list[Award], request: HttpRequest, **_more: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [_own(one, now) for one in queries.gather_awards(found, now)]


@router.get(_OWN, response=list[OwnAwardOut], summary="Awards of one's organisations")
@in_pages("-valid_until", "-id", tell=_owns)
def list_own_awards(request: HttpRequest) -> QuerySet[Award]:
    """Those that end last first, with what is asked of them."""
    return queries.find_own_awards(request.reader).order_by()


@router.get(_ONE, response=OwnAwardOut, summary="An award as its holder reads it")
def show_own_award(request: HttpRequest, award_id: Id) -> dict[str, Any]:
    """Its state, until when it holds, whether it can be renewed, and its check-ups."""
    now = timezone.now()
    return _own(queries.get_own_award(request.reader, award_id, now), now)


@router.post(f"{_ONE}/renewal", response={201: RenewalOut}, summary="Begin to renew an award")
def begin_label_renewal(request: HttpRequest, award_id: Id, renewal: RenewalIn) -> Status:
    """In the open round of its label, with the last answers; one that was begun is returned."""
    one: Application = begin_renewal(
        actor=request.reader, award_id=award_id, changed=renewal.changed, now=timezone.now()
    )
    return Status(201, {"application_id": one.pk})


@router.post(f"{_ONE}/name", response={202: OwnAwardOut}, summary="Ask for an award in a new name")
def ask_label_name(request: HttpRequest, award_id: Id, asked: NewNameIn) -> Status:
    """The clusters get a mail, and put it before all sides if they find it right."""
    ask_new_name(
        actor=request.reader, award_id=award_id, name=asked.name, why=asked.why, now=timezone.now()
    )
    return Status(202, show_own_award(request, award_id))


@router.put("/own/checkups/{checkup_id}", response=CheckupOut, summary="Answer a check-up")
def answer_label_checkup(
    request: HttpRequest, checkup_id: Id, answer: CheckupAnswerIn
) -> dict[str, Any]:
    """Again to change it, until the clusters have looked at it."""
    facts = Answered(**answer.model_dump(exclude={"mark"}))
    return _checkup(operations.answer_checkup(
        actor=request.reader, checkup_id=checkup_id, facts=facts, seen=answer.mark,
        now=timezone.now(),
    ))  # fmt: skip


def _room_checkups(found: list[Checkup], **_more: Any) -> list[dict[str, Any]]:
    return [_room_checkup(one) for one in found]


@router.get(_ALL, response=list[RoomCheckupOut], summary="Check-ups of a label")
@in_pages("due_on", "id", tell=_room_checkups)
def list_label_checkups(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, state: CheckupState | None = None
) -> QuerySet[Checkup]:
    """Those due first, first; managers of the clusters alone."""
    steer(request, partnership_id)
    scheme = get_scheme(partnership_id, scheme_id)
    found = queries.find_checkups(scheme, state=state or "", today=timezone.localdate())
    return found.order_by()


@router.post(_ALL, response={201: RoomCheckupOut}, summary="Ask how a project is doing")
def ask_label_checkup(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, asked: CheckupAskIn
) -> Status:
    """The holder gets a mail."""
    one = operations.ask_checkup(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        award_id=asked.award_id, due_on=asked.due_on, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, _room_checkup(one))


@router.post(f"{_ALL}/due", response={201: list[RoomCheckupOut]},
             summary="Ask all whose check-up is due")  # fmt: skip
def ask_due_label_checkups(request: HttpRequest, partnership_id: Id, scheme_id: Id) -> Status:
    """Of awards that were given, or last asked about, a year ago."""
    asked = operations.ask_due_checkups(
        actor=request.reader, partnership_id=partnership_id, scheme_id=scheme_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, [_room_checkup(one) for one in asked])


@router.get("/partnerships/{partnership_id}/checkups/{checkup_id}", response=RoomCheckupOut,
            summary="A check-up")  # fmt: skip
def show_label_checkup(request: HttpRequest, partnership_id: Id, checkup_id: Id) -> dict[str, Any]:
    """As its holder answered it."""
    steer(request, partnership_id)
    return _room_checkup(queries.get_checkup(partnership_id, checkup_id))


@router.post("/partnerships/{partnership_id}/checkups/{checkup_id}/review",
             response=RoomCheckupOut, summary="Note that an answer was looked at")  # fmt: skip
def review_label_checkup(
    request: HttpRequest, partnership_id: Id, checkup_id: Id, reviewed: CheckupReviewIn
) -> dict[str, Any]:
    """What the holder lets be told is public from then on."""
    return _room_checkup(operations.review_checkup(
        actor=request.reader, partnership_id=partnership_id, checkup_id=checkup_id,
        review=reviewed.review, now=timezone.now(),
    ))  # fmt: skip


def _group(one: Group) -> dict[str, Any]:
    counts = {
        name: getattr(one, name) for name in ("key", "applied", "passed", "chosen", "awarded")
    }
    share = one.share
    rates = {
        name: None if share.is_thin else getattr(share, name) for name in ("percent", "low", "high")
    }
    return counts | rates


@router.get(f"{_SCHEME}/statistics", response=LabelStatisticsOut, summary="Figures of a label")
def show_label_statistics(
    request: HttpRequest, partnership_id: Id, scheme_id: Id
) -> dict[str, Any]:
    """Of rounds that are decided: the key of a group is a round's number, a country's code, a field,
    a year, or the key of a level."""
    steer(request, partnership_id)
    found = read_statistics(get_scheme(partnership_id, scheme_id))
    groups = {f"{by}s": [_group(one) for one in rows] for by, rows in found.groups.items()}
    return {
        "all": _group(found.all), **groups, "span": found.span, "open": found.open,
        "asked": found.asked, "answered": found.still_holds.of,
        "still_hold": found.still_holds.count, "achieved": found.achieved,
    }  # fmt: skip
