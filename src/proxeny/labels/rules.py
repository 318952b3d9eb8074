"""The actions offered with labels; the database decides what is possible."""

from datetime import datetime

from proxeny.labels.models import Application, Assignment, Award, Result, Round

State = Round.State
#: Scores are written or talked over.
JUDGED = (State.JUDGING, State.DISCUSSING)
TONES = {
    State.PLANNED: "quiet",
    State.OPEN: "info",
    State.JUDGING: "info",
    State.DISCUSSING: "info",
    State.DECIDED: "ok",
}
RESULT_TONES = {
    Result.Standing.CHOSEN: "ok",
    Result.Standing.WAITING: "info",
    Result.Standing.BELOW: "",
    Result.Standing.OUT: "",
    Result.Standing.GIVEN_UP: "warn",
}


def takes_applications(held: Round, now: datetime) -> bool:
    """Whether a round is open for applications: from its opening on and before its end."""
    return (
        held.state == State.OPEN
        and held.dropped_at is None
        and held.opens_at <= now < held.closes_at
    )


def can_write(application: Application, held: Round, now: datetime) -> bool:
    """Whether an applicant may still write: a withdrawn application may be submitted again."""
    return application.state != Application.State.SUBMITTED and takes_applications(held, now)


def holds(award: Award, now: datetime) -> bool:
    """Whether an award holds at a moment."""
    return (
        award.issued_at is not None
        and award.revoked_at is None
        and award.valid_from <= now < award.valid_until
    )


def can_score(given: Assignment, held: Round) -> bool:
    """Whether a juror may write scores: until they have finished, and again in the discussion.

    A second reading after an appeal is scored in a round that was decided.
    """
    if given.frozen_at is not None or held.dropped_at is not None:
        return False
    if given.is_appeal or held.state == State.JUDGING:
        return given.state == Assignment.State.OPEN
    return held.state == State.DISCUSSING and given.state != Assignment.State.ABSTAINED


def can_reopen(given: Assignment, held: Round) -> bool:
    """Whether a finished juror may continue: until the round moves on."""
    if given.frozen_at is not None or held.dropped_at is not None:
        return False
    moves = given.is_appeal or held.state == State.JUDGING
    return moves and given.state == Assignment.State.DONE
