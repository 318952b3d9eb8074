"""Awards after their issue, for programs: those of the caller's organisations and clusters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, exact, in_pages
from proxeny.kernel.requests import Request
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
    """A review, in which the holder reports how the project is doing. Fields are null or empty
    until it is answered.

    `mark` tells whether the answer has changed since you read it.
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
    """A review as the clusters read it, with the project and its holder."""

    title: str
    holder: str


class OwnAwardOut(Out):
    """An award as its holder sees it. `renewal_id` is the application that renews it."""

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
    """What has changed since the award was issued. You can edit it later in the application."""

    changed: Words = ""


class RenewalOut(Out):
    """The application that renews an award."""

    application_id: int


class NewNameIn(In):
    """The new name of the holder, and the reason for the change."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_NAME)]
    why: Annotated[str, Field(max_length=MOST_WHY)] = ""


class CheckupAnswerIn(In):
    """The answer to a review.

    If there already was one, `mark` is the mark of the answer that you read.
    """

    still_holds: bool
    changed: Words = ""
    achieved: Words = ""
    kind: Success | Literal[""] = ""
    amount: exact(14, 2, least=0, most=MOST_WORTH) | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    proof_url: Annotated[str, Field(max_length=MOST_URL)] = ""
    is_public: bool = False
    mark: Annotated[str, Field(max_length=16)] | None = None


class CheckupAskIn(In):
    """The award to review, and the date to answer by.

    Without a date, the answer is due within 30 days.
    """

    award_id: Id
    due_on: date | None = None


class CheckupReviewIn(In):
    """An optional comment to the holder."""

    review: Annotated[str, Field(max_length=MOST_REVIEW)] = ""


class LabelGroupOut(Out):
    """Applications with something in common. The range is null if too few applied to say."""

    key: str
    applied: int
    passed: int
    chosen: int
    awarded: int
    percent: float | None
    low: float | None
    high: float | None


class LabelAchievedOut(Out):
    """What awarded projects have achieved, for one kind and currency.

    For numbers of things, `currency` is empty.
    """

    kind: Success
    currency: str
    projects: int
    figures: int
    total: Decimal | None
    answered: int
    asked: int


class LabelSpanOut(Out):
    """Days from submission to decision."""

    middle: float
    shortest: int
    longest: int
    count: int


class LabelStatisticsOut(Out):
    """All figures of a label, from rounds that are decided.

    `open` applications do not count yet.
    """

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
    own = (
        "id",
        "award_id",
        "asked_at",
        "due_on",
        "answered_at",
        "still_holds",
        "changed",
        "achieved",
        "kind",
        "amount",
        "currency",
        "proof_url",
        "is_public",
        "reviewed_at",
        "review",
    )
    return {name: getattr(one, name) for name in own} | {
        "state": queries.checkup_state(one, timezone.localdate()),
        "mark": mark_of(one),
    }


def _room_checkup(one: Checkup) -> dict[str, Any]:
    return _checkup(one) | {"title": one.award.title, "holder": one.award.holder}


def _own(one: queries.OwnAward, now: datetime) -> dict[str, Any]:
    award, level = one.award, one.scheme.level(one.award.level)
    return {
        "id": award.pk,
        "label": one.scheme.name,
        "title": award.title,
        "holder": award.holder,
        "level": one.scheme.told(level.title) if level else "",
        "state": one.state,
        "valid_from": award.valid_from,
        "valid_until": award.valid_until,
        "renews_from": one.renews_from,
        "can_renew": one.can_renew(now),
        "renewal_id": one.renewal.pk if one.renewal else None,
        "revoked_why": award.revoked_why,
        "url": award_url(award.code),
        "checkups": [_checkup(each) for each in one.checkups],
    }


def _owns(found: list[Award], request: Request, **_more: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [_own(one, now) for one in queries.gather_awards(found, now)]


@router.get(_OWN, response=list[OwnAwardOut], summary="List your awards")
@in_pages("-valid_until", "-id", tell=_owns)
def list_own_awards(request: Request) -> QuerySet[Award]:
    """Returns the awards of your organisations and their reviews.

    Those that expire last come first.
    """
    return queries.find_own_awards(request.reader).order_by()


@router.get(_ONE, response=OwnAwardOut, summary="Get one of your awards")
def show_own_award(request: Request, award_id: Id) -> dict[str, Any]:
    """Returns its state, its expiry date, whether it can be renewed, and its reviews."""
    now = timezone.now()
    return _own(queries.get_own_award(request.reader, award_id, now), now)


@router.post(f"{_ONE}/renewal", response={201: RenewalOut}, summary="Start the renewal of an award")
def begin_label_renewal(request: Request, award_id: Id, renewal: RenewalIn) -> Status[Any]:
    """Starts an application in the open round of the label, with your previous answers.

    If there already is one, it is returned.
    """
    one: Application = begin_renewal(
        actor=request.reader, award_id=award_id, changed=renewal.changed, now=timezone.now()
    )
    return Status(201, {"application_id": one.pk})


@router.post(
    f"{_ONE}/name", response={202: OwnAwardOut}, summary="Request a name change of an award"
)
def ask_label_name(request: Request, award_id: Id, asked: NewNameIn) -> Status[Any]:
    """Emails the clusters, who send the new award for signature if they agree."""
    ask_new_name(
        actor=request.reader, award_id=award_id, name=asked.name, why=asked.why, now=timezone.now()
    )
    return Status(202, show_own_award(request, award_id))


@router.put("/own/checkups/{checkup_id}", response=CheckupOut, summary="Answer a review")
def answer_label_checkup(
    request: Request, checkup_id: Id, answer: CheckupAnswerIn
) -> dict[str, Any]:
    """Saves the answer. Send it again to change it, until the clusters have reviewed it."""
    facts = Answered(**answer.model_dump(exclude={"mark"}))
    return _checkup(
        operations.answer_checkup(
            actor=request.reader,
            checkup_id=checkup_id,
            facts=facts,
            seen=answer.mark,
            now=timezone.now(),
        )
    )


def _room_checkups(found: list[Checkup], **_more: Any) -> list[dict[str, Any]]:
    return [_room_checkup(one) for one in found]


@router.get(_ALL, response=list[RoomCheckupOut], summary="List the reviews of a label")
@in_pages("due_on", "id", tell=_room_checkups)
def list_label_checkups(
    request: Request, partnership_id: Id, scheme_id: Id, state: CheckupState | None = None
) -> QuerySet[Checkup]:
    """Returns the reviews, those due first at the top. Available to managers of the clusters."""
    steer(request, partnership_id)
    scheme = get_scheme(partnership_id, scheme_id)
    found = queries.find_checkups(scheme, state=state or "", today=timezone.localdate())
    return found.order_by()


@router.post(_ALL, response={201: RoomCheckupOut}, summary="Request a review of an award")
def ask_label_checkup(
    request: Request, partnership_id: Id, scheme_id: Id, asked: CheckupAskIn
) -> Status[Any]:
    """Asks the holder by email how the project is doing."""
    one = operations.ask_checkup(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        award_id=asked.award_id,
        due_on=asked.due_on,
        now=timezone.localtime(),
    )
    return Status(201, _room_checkup(one))


@router.post(
    f"{_ALL}/due", response={201: list[RoomCheckupOut]}, summary="Request all reviews that are due"
)
def ask_due_label_checkups(request: Request, partnership_id: Id, scheme_id: Id) -> Status[Any]:
    """Requests a review of all awards that were issued, or last reviewed, a year ago."""
    asked = operations.ask_due_checkups(
        actor=request.reader,
        partnership_id=partnership_id,
        scheme_id=scheme_id,
        now=timezone.localtime(),
    )
    return Status(201, [_room_checkup(one) for one in asked])


@router.get(
    "/partnerships/{partnership_id}/checkups/{checkup_id}",
    response=RoomCheckupOut,
    summary="Get a review",
)
def show_label_checkup(request: Request, partnership_id: Id, checkup_id: Id) -> dict[str, Any]:
    """Returns the review as its holder answered it."""
    steer(request, partnership_id)
    return _room_checkup(queries.get_checkup(partnership_id, checkup_id))


@router.post(
    "/partnerships/{partnership_id}/checkups/{checkup_id}/review",
    response=RoomCheckupOut,
    summary="Mark a review as read",
)
def review_label_checkup(
    request: Request, partnership_id: Id, checkup_id: Id, reviewed: CheckupReviewIn
) -> dict[str, Any]:
    """Marks the answer as read. What the holder agreed to publish is public from then on."""
    return _room_checkup(
        operations.review_checkup(
            actor=request.reader,
            partnership_id=partnership_id,
            checkup_id=checkup_id,
            review=reviewed.review,
            now=timezone.now(),
        )
    )


def _group(one: Group) -> dict[str, Any]:
    counts = {
        name: getattr(one, name) for name in ("key", "applied", "passed", "chosen", "awarded")
    }
    share = one.share
    rates = {
        name: None if share.is_thin else getattr(share, name) for name in ("percent", "low", "high")
    }
    return counts | rates


@router.get(
    f"{_SCHEME}/statistics", response=LabelStatisticsOut, summary="Get the statistics of a label"
)
def show_label_statistics(request: Request, partnership_id: Id, scheme_id: Id) -> dict[str, Any]:
    """Returns figures from rounds that are decided.

    The key of a group is the id of a round, a country code, a field, a year, or the key of a level.
    """
    steer(request, partnership_id)
    found = read_statistics(get_scheme(partnership_id, scheme_id))
    groups = {f"{by}s": [_group(one) for one in rows] for by, rows in found.groups.items()}
    return {
        "all": _group(found.all),
        **groups,
        "span": found.span,
        "open": found.open,
        "asked": found.asked,
        "answered": found.still_holds.of,
        "still_hold": found.still_holds.count,
        "achieved": found.achieved,
    }
