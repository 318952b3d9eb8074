"""A juror scores an application: typed by and by, on several devices, with or without a network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import IndicatorText
from proxeny.labels.models import Assignment, Juror, Remark, Round, Score
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.guards import lock_round
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.scoring import Reading, get_own_assignment, read_reading
from proxeny.labels.rules import JUDGED, State, can_reopen, can_score
from proxeny.partnerships.models import Partnership

#: Points of a scale up to here come in halves too.
MOST_WITH_HALVES = 10
MOST_COMMENT = 2000
MOST_OVERALL = 4000
#: Typing for an hour leaves one row in the audit trail.
_ONE_ROW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """A juror's input for one indicator, with the device's time; no points: cannot judge it."""

    indicator: str
    points: Decimal | None
    comment: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class TypedComment:
    """A juror's overall comment on an application, with the device's time."""

    text: str
    saved_at: datetime


@dataclass(slots=True)
class Saved:
    """The result of saving.

    `kept` are keys of indicators, `refused` sentences by key, `later` the stored values that hold
    instead, since they were typed later, elsewhere. The overall comment has an empty key.
    """

    reading: Reading
    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    later: dict[str, Typed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """An own assignment whose round is locked, and for which cluster one judges."""

    reading: Reading
    organisation_id: int

    @property
    def assignment(self) -> Assignment:
        """The scored assignment."""
        return self.reading.assignment

    @property
    def round(self) -> Round:
        """The round that it is part of."""
        return self.reading.round


def enter_assignment(actor: Reader, assignment_id: int) -> Entered:
    """Return an assignment of the actor; its round does not move on until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        It is none of the actor's, or they abstained, or it was withdrawn; it is of an organisation
        of their own; the partnership is over.
    """
    given = find_assignment(actor, assignment_id)
    lock_round(given.round_id)
    # As it is under the lock.
    given = find_assignment(actor, assignment_id)
    with as_service("A juror cannot see the partnership itself, nor whether it has ended."):
        judge = Juror.objects.select_related("party__partnership").get(pk=given.juror_id)
    if judge.party.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    return Entered(read_reading(given), judge.party.organisation_id)


def find_assignment(actor: Reader, assignment_id: int) -> Assignment:
    """Return an assignment that the actor may read as its juror. One query.

    Raises
    ------
    NotFound, NotAllowed
        It is none of theirs; it is of an organisation of their own, which is written into the log.
    """
    try:
        return get_own_assignment(actor.person, assignment_id)
    except NotFound:
        with as_service("A juror who is refused by policy is told why, and the attempt is logged."):
            found = Assignment.objects.filter(pk=assignment_id, person=actor.person)
            owner = found.values_list("application__organisation_id", flat=True).first()
        if owner is None or owner not in actor.organisations:
            raise
        log_refusal("score_own_company", assignment=assignment_id, organisation=owner)
        raise NotAllowed(
            _(
                "You belong to the organisation that’s applying here. You can’t score your own "
                "organisation’s application."
            )
        ) from None


@transaction.atomic
def save_scores(
    *,
    actor: Reader,
    assignment_id: int,
    scores: Sequence[Typed],
    comment: TypedComment | None = None,
    seen: datetime | None = None,
    now: datetime,
) -> Saved:
    """Save a juror's input, in any order and as often as it is sent: the later state holds.

    Changes during the discussion are shown in it. Writes a row of the audit trail once an hour
    while it is judged, each time while it is discussed.

    Parameters
    ----------
    scores : sequence of Typed
        `saved_at` is by the device; a time in the future counts as now.
    comment : TypedComment, optional
        The overall comment.
    seen : datetime, optional
        The time of the page on which the input was typed: values saved since hold instead.

    Returns
    -------
    Saved
        The saved and the refused values: one refused score does not hold up the others.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_assignment`; scores are not taken (any more).
    """
    entered = enter_assignment(actor, assignment_id)
    _refuse_closed(entered)
    return _save(actor, entered, scores, comment, seen, now)


@transaction.atomic
def finish_scoring(
    *,
    actor: Reader,
    assignment_id: int,
    scores: Sequence[Typed] = (),
    comment: TypedComment | None = None,
    seen: datetime | None = None,
    now: datetime,
) -> Saved:
    """Save the input and finish scoring: from now on the scores count.

    Raises
    ------
    InvalidInput, NotFound, NotAllowed, Conflict
        Something is missing, or was refused; as `save_scores`.
    """
    entered = enter_assignment(actor, assignment_id)
    _refuse_closed(entered)
    saved = _save(actor, entered, scores, comment, seen, now)
    if saved.refused:
        raise InvalidInput(" ".join(saved.refused.values()))
    if missing := saved.reading.missing:
        titles = join_items(f"“{entered.reading.text.told(one.title)}”" for one in missing)
        raise InvalidInput(
            _("Still to be scored: %(titles)s.") % {"titles": titles}, field=missing[0].key
        )
    if entered.assignment.state == Assignment.State.OPEN:
        _move(entered.assignment, Assignment.State.DONE, now)
        _note(actor, "finish_scoring", entered)
    return saved


@transaction.atomic
def reopen_scoring(*, actor: Reader, assignment_id: int, now: datetime) -> Reading:
    """Reopen a finished application: until it is finished again, its scores do not count.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `enter_assignment`; it was not finished, or the round has moved on.
    """
    entered = enter_assignment(actor, assignment_id)
    if not can_reopen(entered.assignment, entered.round):
        raise Conflict(_why_closed(entered) or _("You haven’t finished this one yet."))
    _move(entered.assignment, Assignment.State.OPEN, None)
    _note(actor, "reopen_scoring", entered)
    return entered.reading


def step_of(indicator: IndicatorText) -> Decimal:
    """Return in which steps points are given."""
    return Decimal("0.5") if indicator.scale <= MOST_WITH_HALVES else Decimal(1)


def why_closed(reading: Reading) -> str:
    """Return why a juror cannot write scores, as a sentence; empty if they can."""
    given, held = reading.assignment, reading.round
    if can_score(given, held):
        return ""
    if given.frozen_at is not None:
        return _("A decision has been made. These scores can no longer be changed.")
    if held.dropped_at is not None:
        return _("This round is archived.")
    if given.state == Assignment.State.DONE and (given.is_appeal or held.state == State.JUDGING):
        return _("You’ve finished this one. Reopen it to change your scores.")
    if held.state not in JUDGED:
        return _("You can only give scores while the round is being judged.")
    return _("There’s nothing for you to score here.")


def _why_closed(entered: Entered) -> str:
    return why_closed(entered.reading)


def _refuse_closed(entered: Entered) -> None:
    why = _why_closed(entered)
    if not why:
        return
    if entered.assignment.frozen_at is not None:
        log_refusal("score_after_decision", assignment=entered.assignment.pk)
    raise Conflict(why)


def _save(
    actor: Reader,
    entered: Entered,
    scores: Iterable[Typed],
    comment: TypedComment | None,
    seen: datetime | None,
    now: datetime,
) -> Saved:
    before = {key: _typed(one) for key, one in entered.reading.scores.items()}
    saved = Saved(entered.reading)
    changes = _sort(saved, before, scores, seen, now)
    saved.reading = replace(entered.reading, scores=_write(actor, entered, changes))
    told = comment is not None and _save_comment(saved, comment, seen, now)
    if changes or told:
        _tell(actor, entered, before, changes, now)
    return saved


def _sort(
    saved: Saved,
    before: Mapping[str, Typed],
    scores: Iterable[Typed],
    seen: datetime | None,
    now: datetime,
) -> dict[str, Typed]:
    """Return the values to write, and record the result for each input."""
    holds, changes = dict(before), dict[str, Typed]()
    for sent in sorted(scores, key=lambda one: one.saved_at):
        key, one = sent.indicator, replace(sent, saved_at=min(sent.saved_at, now))
        known = holds.get(key)
        if why := _why_refused(saved.reading, one):
            saved.refused[key] = why
        elif known and (known.points, known.comment) == (one.points, one.comment):
            saved.kept.append(key)
        elif known and (
            known.saved_at >= one.saved_at
            or (seen is not None and key not in changes and known.saved_at > seen)
        ):
            saved.later[key] = known
        else:
            holds[key] = changes[key] = one
            saved.kept.append(key)
    return changes


def _why_refused(reading: Reading, one: Typed) -> str:
    """Return why a score is refused, as a sentence; empty if it holds."""
    indicator = reading.text.indicator(one.indicator)
    if indicator is None:
        return _("This label doesn’t have this indicator.")
    if len(one.comment) > MOST_COMMENT:
        return _("Enter at most %(most)s characters.") % {"most": MOST_COMMENT}
    if one.points is None:
        return ""
    fits = one.points.is_finite() and 0 <= one.points <= indicator.scale
    if fits and one.points % step_of(indicator) == 0:
        return ""
    given = {"scale": indicator.scale, "title": reading.text.told(indicator.title)}
    if step_of(indicator) == 1:
        return _("“%(title)s” accepts whole points from 0 to %(scale)s.") % given
    return _("“%(title)s” accepts points from 0 to %(scale)s, including half points.") % given


def _write(actor: Reader, entered: Entered, changes: Mapping[str, Typed]) -> dict[str, Score]:
    """Write scores with the reader's own rights, which the database checks; return all scores."""
    given, holds = entered.assignment, dict(entered.reading.scores)
    new = [
        Score(
            partnership_id=given.partnership_id,
            assignment=given,
            person_id=actor.person,
            application_id=given.application_id,
            indicator=key,
            points=one.points,
            comment=one.comment,
            saved_at=one.saved_at,
        )
        for key, one in changes.items()
        if key not in holds
    ]
    old = [holds[key] for key in changes if key in holds]
    for score in old:
        one = changes[score.indicator]
        score.points, score.comment, score.saved_at = one.points, one.comment, one.saved_at
    if new:
        Score.objects.bulk_create(new)
    if old:
        Score.objects.bulk_update(old, ["points", "comment", "saved_at"])
    return holds | {one.indicator: one for one in new}


def _save_comment(saved: Saved, sent: TypedComment, seen: datetime | None, now: datetime) -> bool:
    """Save what a juror says in all; return whether it changed."""
    given, at = saved.reading.assignment, min(sent.saved_at, now)
    if len(sent.text) > MOST_OVERALL:
        saved.refused[""] = _("Enter at most %(most)s characters.") % {"most": MOST_OVERALL}
        return False
    if sent.text == given.comment:
        saved.kept.append("")
        return False
    if given.comment_at and (given.comment_at >= at or (seen and given.comment_at > seen)):
        saved.later[""] = Typed("", None, given.comment, given.comment_at)
        return False
    given.comment, given.comment_at = sent.text, at
    with as_service("Jurors write their own comments, but no reader may write assignments."):
        given.save(update_fields=["comment", "comment_at"])
    saved.kept.append("")
    return True


def _tell(
    actor: Reader,
    entered: Entered,
    before: Mapping[str, Typed],
    changes: Mapping[str, Typed],
    now: datetime,
) -> None:
    """Write an audit row; while the jury discusses, tell the others which points have changed."""
    given = entered.assignment
    if entered.round.state != State.DISCUSSING or given.is_appeal:
        audit.record_once(
            actor,
            "save_scores",
            given,
            since=now - _ONE_ROW,
            partnership_id=given.partnership_id,
            organisation_id=entered.organisation_id,
        )
        return
    Remark.objects.bulk_create(
        Remark(
            partnership_id=given.partnership_id,
            application_id=given.application_id,
            person_id=actor.person,
            indicator=key,
            said_at=now,
            points_before=before[key].points,
            points_after=one.points,
        )
        for key, one in changes.items()
        if key in before and before[key].points != one.points
    )
    void_waiting(entered.round, now=now)
    _note(actor, "change_scores", entered)


def _typed(score: Score) -> Typed:
    return Typed(score.indicator, score.points, score.comment, score.saved_at)


def _move(given: Assignment, state: str, done_at: datetime | None) -> None:
    """Change a juror's progress; the caller has checked the access."""
    given.state, given.done_at = state, done_at
    with as_service("Jurors finish or reopen their own, but no reader may write assignments."):
        given.save(update_fields=["state", "done_at"])


def _note(actor: Reader, verb: str, entered: Entered) -> None:
    audit.record(
        actor,
        verb,
        entered.assignment,
        partnership_id=entered.assignment.partnership_id,
        organisation_id=entered.organisation_id,
    )
