"""Tables of labels."""

from proxeny.labels.models import record_kinds  # noqa: F401  (names the kinds that a room keeps)
from proxeny.labels.models.applications import Answer, Application, Document, Question, Submission
from proxeny.labels.models.awards import Award, Checkup, IssuerKey, Revocation, StatusList
from proxeny.labels.models.decisions import Appeal, Decision, Result
from proxeny.labels.models.jury import Assignment, Juror, Remark, Score
from proxeny.labels.models.rounds import Round
from proxeny.labels.models.schemes import (
    LANGUAGES,
    Condition,
    Criterion,
    Indicator,
    Level,
    Quota,
    Scheme,
    SchemeVersion,
    Wording,
)

__all__ = [
    "LANGUAGES",
    "Answer",
    "Appeal",
    "Application",
    "Assignment",
    "Award",
    "Checkup",
    "Condition",
    "Criterion",
    "Decision",
    "Document",
    "Indicator",
    "IssuerKey",
    "Juror",
    "Level",
    "Question",
    "Quota",
    "Remark",
    "Result",
    "Revocation",
    "Round",
    "Scheme",
    "SchemeVersion",
    "Score",
    "StatusList",
    "Submission",
    "Wording",
]
