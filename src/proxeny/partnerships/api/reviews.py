"""Health reviews, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.requests import Request
from proxeny.partnerships import health, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.factors import BY_CODE
from proxeny.partnerships.models import HealthReview, Partnership
from proxeny.partnerships.operations import reviews
from proxeny.partnerships.room_queries import get_review


class ReviewIn(In):
    """The date to answer by."""

    due_on: date


class ReviewOut(Out):
    """A health review. `answered` counts the people who have answered, by party."""

    id: int
    opened_at: datetime
    due_on: date
    shown_at: datetime | None
    answered: dict[str, int]


class FactorAnswer(In):
    """An answer from 1 to 5, or null, and a remark."""

    value: Annotated[int, Field(ge=1, le=5)] | None = None
    remark: Annotated[str, Field(max_length=1000)] = ""


class OwnAnswersIn(In):
    """Your own answers by factor. They replace your earlier answers."""

    answers: Annotated[dict[Literal[*BY_CODE], FactorAnswer], Field(max_length=len(BY_CODE))]


class PartyMean(Out):
    """A party's view of a factor: the number of answers, and their mean from 1 to 5."""

    party_id: int
    answers: int
    mean: float | None


class FactorOut(Out):
    """A factor as the parties see it."""

    factor: str
    gap: float | None
    agreement: float | None
    verdict: str
    parties: list[PartyMean]


class ShownReviewOut(ReviewOut):
    """A review with its answers. `factors` is empty until they are shown."""

    factors: list[FactorOut]


@router.get("/{partnership_id}/reviews", response=list[ReviewOut], summary="List health reviews")
def list_reviews(request: Request, partnership_id: Id) -> list[HealthReview]:
    """Returns the reviews, newest first."""
    partnership = enter(request, partnership_id)
    return health.list_reviews(partnership)


@router.post(
    "/{partnership_id}/reviews", response={201: ReviewOut}, summary="Start a health review"
)
def open_review(request: Request, partnership_id: Id, review: ReviewIn) -> Status[HealthReview]:
    """Starts a review that everyone in the teams answers individually."""
    made = reviews.open_review(
        actor=request.reader,
        partnership_id=partnership_id,
        due_on=review.due_on,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.get(
    "/{partnership_id}/reviews/{review_id}", response=ShownReviewOut, summary="Get a health review"
)
def read_review(request: Request, partnership_id: Id, review_id: Id) -> ShownReviewOut:
    """Returns the answers of all parties side by side once they are shown."""
    partnership = enter(request, partnership_id)
    return _review_out(partnership, get_review(partnership_id, review_id))


def _review_out(partnership: Partnership, review: HealthReview) -> ShownReviewOut:
    factors: list[FactorOut] = []
    if review.shown_at:
        reading = health.read_review(review, queries.parties_of(partnership))
        factors = [
            FactorOut(
                factor=code,
                gap=one.gap,
                agreement=one.agreement,
                verdict=one.verdict,
                parties=[
                    PartyMean(party_id=party, answers=said.answers, mean=said.mean)
                    for party, said in one.parties.items()
                ],
            )
            for code, one in reading.factors.items()
        ]
    told = ReviewOut.model_validate(review).model_dump()
    return ShownReviewOut(**told, factors=factors)


@router.put(
    "/{partnership_id}/reviews/{review_id}/answers",
    response={204: None},
    summary="Answer a health review",
)
def answer_review(
    request: Request, partnership_id: Id, review_id: Id, said: OwnAnswersIn
) -> Status[None]:
    """Saves your answers.

    No one else can read them before they are shown, and even then no one sees whose they are.
    """
    reviews.answer_review(
        actor=request.reader,
        partnership_id=partnership_id,
        review_id=review_id,
        answers={code: (one.value, one.remark) for code, one in said.answers.items()},
        now=timezone.localtime(),
    )
    return Status(204, None)


@router.post(
    "/{partnership_id}/reviews/{review_id}/show",
    response=ShownReviewOut,
    summary="Show the answers of a health review",
)
def show_review(request: Request, partnership_id: Id, review_id: Id) -> ShownReviewOut:
    """Shows the answers once all parties have answered. Recommendations are drafted from them."""
    shown = reviews.show_review(
        actor=request.reader,
        partnership_id=partnership_id,
        review_id=review_id,
        now=timezone.localtime(),
    )
    return _review_out(queries.get_partnership(partnership_id), shown)
