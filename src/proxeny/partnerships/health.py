"""Results of health reviews, as far as they are shown, and a reader's answers in an open one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from proxeny.engine.health import Answer, FactorReading, read_answers
from proxeny.partnerships.factors import FACTORS
from proxeny.partnerships.models import HealthAnswer, HealthReview, Partnership, Party


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers of all parties to a review that is shown, by factor."""

    review: HealthReview
    factors: dict[str, FactorReading[int]]
    #: Remarks by factor, each with the party it comes from.
    remarks: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


def list_reviews(partnership: Partnership) -> list[HealthReview]:
    """Return all reviews, the newest first. One query."""
    return list(HealthReview.objects.filter(partnership=partnership).order_by("-opened_at", "-pk"))


def read_review(review: HealthReview, parties: Sequence[Party]) -> Reading:
    """Return the answers to a shown review side by side. One query."""
    return read_reviews([review], parties)[0]


def read_reviews(reviews: Sequence[HealthReview], parties: Sequence[Party]) -> list[Reading]:
    """Return the answers to shown reviews side by side, review by review. One query.

    A party that answered nothing at all in a review takes no part in its reading: it may have
    joined later.
    """
    known = {one.pk for one in parties}
    answers: dict[int, list[Answer[int, str]]] = {one.pk: [] for one in reviews}
    remarks: dict[int, dict[str, list[tuple[int, str]]]] = {one.pk: {} for one in reviews}
    rows = HealthAnswer.objects.filter(review__in=[one.pk for one in reviews])
    for review, party, factor, value, comment in rows.order_by(
        "party_id", "factor", "pk"
    ).values_list("review_id", "party_id", "factor", "value", "comment"):
        if party in known and value is not None:
            answers[review].append(Answer(party, factor, value))
        if comment:
            remarks[review].setdefault(factor, []).append((party, comment))
    return [Reading(one, _compare(answers[one.pk], parties), remarks[one.pk]) for one in reviews]


def _compare(
    answers: Sequence[Answer[int, str]], parties: Sequence[Party]
) -> dict[str, FactorReading[int]]:
    answered = {one.party for one in answers}
    return read_answers(
        answers,
        parties=[one.pk for one in parties if one.pk in answered],
        factors=[one.code for one in FACTORS],
    )


def own_answers(review: HealthReview) -> dict[str, tuple[int | None, str]]:
    """Return what the reader answered in an open review, by factor. One query.

    Nobody is named: before a review is shown, the database gives each reader their own answers
    alone.
    """
    rows = HealthAnswer.objects.filter(review=review, review__shown_at=None)
    return {
        factor: (value, comment)
        for factor, value, comment in rows.values_list("factor", "value", "comment")
    }
