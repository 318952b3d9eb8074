"""Assignments of jurors: an exact proposal, accepted as shown, and single ones by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.queries.memberships import members_among
from proxeny.engine import label as engine
from proxeny.folding import fold
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Application, Assignment, Juror, Round, Submission
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.reading_anew import sides_needed
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.jury import (
    Pair,
    barred_pairs,
    get_juror,
    list_given,
    list_submitted,
)
from proxeny.labels.queries.rounds import text_of_round
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import Entered, note

JUDGING = Round.State.JUDGING
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Board:
    """The input of an assignment, read in the service role.

    `origins` are the sides that applicants are members of: of one of them, by application. `kept`
    are reviews that are done or begun, or given before; `barred` pairs that must not come together,
    `own` those of them where the juror's own organisation applies. `stale` are given reviews that
    are barred by now.
    """

    round: Round
    sides: tuple[Party, ...]
    per: int
    submissions: tuple[Submission, ...]
    jurors: tuple[Juror, ...]
    origins: Mapping[int, int]
    given: tuple[Assignment, ...]
    kept: frozenset[Pair]
    barred: frozenset[Pair]
    own: frozenset[Pair]
    stale: tuple[Assignment, ...]

    @property
    def ready(self) -> tuple[Juror, ...]:
        """The available jurors: they have accepted and declared."""
        return tuple(one for one in self.jurors if is_ready(one))


@dataclass(frozen=True, slots=True)
class Proposal:
    """The best assignment of a board, or why there is none.

    `new` are the pairs that come in addition; `fits` says for each of them how many fields are
    shared. `fingerprint` is that of what was shown: what is taken is the same.
    """

    board: Board
    new: tuple[Pair, ...] = ()
    loads: Mapping[int, int] | None = None
    fits: Mapping[Pair, int] | None = None
    reasons: tuple[Any, ...] = ()

    @property
    def fingerprint(self) -> int:
        """Return a fingerprint for detecting changes."""
        stale = [one.pk for one in self.board.stale]
        return fingerprint([list(one) for one in self.new], stale, sorted(self.board.kept))

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change: each application has its jurors."""
        return not self.new and not self.board.stale and not self.reasons


def is_ready(juror: Juror) -> bool:
    """Whether a juror takes part and has declared, so that applications can be given to them."""
    return juror.state == Juror.State.IN and juror.declared_at is not None


def read_board(held: Round, parties: Iterable[Party], *, now: datetime) -> Board:
    """Return the board of a round, after an access check. Seven queries."""
    sides = tuple(one for one in parties if one.state == Party.State.JOINED)
    with as_service("The assignment weighs all jurors' conflicts, which a manager may not read."):
        submissions = list_submitted(held)
        found = Juror.objects.filter(round=held).select_related("person", "party__organisation")
        jurors = list(found.order_by("pk"))
        given = list_given(held)
        conflicts, own = barred_pairs(jurors, submissions, today=now.date())
        origins = _origins(submissions, sides, today=now.date())
    asked = {one.application_id for one in submissions}
    given = [one for one in given if one.application_id in asked]
    abstained = {
        (one.application_id, one.juror_id)
        for one in given
        if one.state == Assignment.State.ABSTAINED
    }
    barred = frozenset(conflicts | own | abstained)
    live = [one for one in given if one.state != Assignment.State.ABSTAINED]
    stale = [one for one in live if (one.application_id, one.juror_id) in barred]
    kept = {(one.application_id, one.juror_id) for one in live} - barred
    return Board(
        held,
        sides,
        text_of_round(held).per,
        tuple(submissions),
        tuple(jurors),
        origins,
        tuple(given),
        frozenset(kept),
        barred,
        frozenset(own),
        tuple(stale),
    )


def _origins(
    submissions: Iterable[Submission], sides: Iterable[Party], *, today: date
) -> dict[int, int]:
    """Return of which side each applicant is a member, by application; not where of several."""
    party_of = {one.organisation_id: one.pk for one in sides}
    by_applicant = {one.application.organisation_id: set[int]() for one in submissions}
    for cluster, organisation in members_among({*by_applicant, *party_of}, today=today):
        if cluster in party_of and organisation in by_applicant:
            by_applicant[organisation].add(party_of[cluster])
    return {
        one.application_id: next(iter(found))
        for one in submissions
        if len(found := by_applicant[one.application.organisation_id]) == 1
    }


def propose(board: Board) -> Proposal:
    """Return the best assignment of a board by the engine: exact, and the same each time."""
    found = engine.assign_jury(_jury(board))
    if isinstance(found, engine.Impossible):
        return Proposal(board, reasons=found.reasons)
    pairs = [(int(one), int(other)) for one, other in found.pairs]
    new = tuple(one for one in pairs if one not in board.kept)
    topics = {one.application_id: _topics(one) for one in board.submissions}
    known = {one.pk: set(one.topics) for one in board.jurors}
    fits = {
        (one, other): min(engine.MOST_SHARED, len(topics[one] & known[other])) for one, other in new
    }
    loads = {int(key): load for key, load in found.loads.items()}
    return Proposal(board, new, loads, fits)


def _jury(board: Board) -> engine.Jury:
    kept_by = {juror for _application, juror in board.kept}
    # A juror who can't get more counts only with what they have.
    jurors = [one for one in board.jurors if is_ready(one) or one.pk in kept_by]
    known = {one.pk for one in jurors}
    return engine.Jury(
        applications=[
            engine.Application(
                str(one.application_id),
                frozenset(_topics(one)),
                str(board.origins.get(one.application_id, "")),
            )
            for one in board.submissions
        ],
        jurors=[
            engine.Juror(str(one.pk), str(one.party_id), frozenset(one.topics), one.most)
            for one in jurors
        ],
        per=board.per,
        sides=sides_needed(board.sides, board.per),
        barred={(str(one), str(other)) for one, other in board.barred if other in known},
        kept={(str(one), str(other)) for one, other in board.kept},
        closed={str(one.pk) for one in jurors if not is_ready(one)},
    )


def _topics(one: Submission) -> set[str]:
    return {key for topic in one.application.topics.split(",") if (key := fold(topic))}


@transaction.atomic
def show_proposal(*, actor: Reader, partnership_id: int, round_id: int, now: datetime) -> Proposal:
    """Return the best assignment as a manager may take it; nothing is written.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; the round is not being judged.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    return propose(read_board(entered.record, entered.parties, now=now))


@transaction.atomic
def take_proposal(
    *, actor: Reader, partnership_id: int, round_id: int, seen: int, now: datetime
) -> Proposal:
    """Assign as proposed: existing assignments are kept, the rest is completed.

    Parameters
    ----------
    seen : int
        The fingerprint of the proposal that was read.

    Side effects: mails to the jurors with new assignments; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; nothing can be assigned, or it is not what was read.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    found = propose(read_board(entered.record, entered.parties, now=now))
    if found.fingerprint != seen or found.reasons:
        raise Conflict(
            _("Something has changed since this proposal was made. Check the new proposal.")
        )
    _write(entered, found, now)
    counts: dict[int, int] = {}
    for _application, juror in found.new:
        counts[juror] = counts.get(juror, 0) + 1
    jurors = {one.pk: one for one in found.board.jurors}
    for pk, count in sorted(counts.items()):
        jury_mails.tell_assigned(
            jurors[pk], entered.record, count=count, key=f"{now:%Y%m%d%H%M%S%f}"
        )
    if found.new or found.board.stale:
        _note(actor, "assign_jury", entered, entered.record, {"count": len(found.new)})
    return found


def _write(entered: Entered[Round], found: Proposal, now: datetime) -> None:
    people = {one.pk: one.person_id for one in found.board.jurors}
    with as_service("No reader may write assignments; the right to manage the round was checked."):
        stale = [one.pk for one in found.board.stale if one.frozen_at is None]
        if stale:
            Assignment.objects.filter(pk__in=stale).update(
                state=Assignment.State.ABSTAINED, why=_("Conflict of interest.")
            )
        Assignment.objects.bulk_create(
            Assignment(
                partnership=entered.partnership,
                round=entered.record,
                juror_id=juror,
                person_id=people[juror],
                application_id=application,
                assigned_at=now,
            )
            for application, juror in found.new
        )


@transaction.atomic
def add_assignment(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    juror_id: int,
    now: datetime,
) -> Assignment:
    """Assign one application to one juror by hand.

    Side effects: a mail to the juror; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; no such application; the juror has not declared, has a
        conflict of interest, abstained, or works for the applicant: that is logged too.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    juror = get_juror(partnership_id, round_id, juror_id)
    _find_application(entered, application_id)
    if not is_ready(juror):
        raise Conflict(
            _("This juror hasn’t declared yet whether they have a conflict of interest.")
        )
    board = read_board(entered.record, entered.parties, now=now)
    pair = (application_id, juror_id)
    if pair in board.own:
        log_refusal("assign_own_company", application_id=application_id, juror_id=juror_id)
        raise Conflict(_("This juror works for the applicant. Choose someone else."))
    if pair in board.barred:
        log_refusal("assign_conflict", application_id=application_id, juror_id=juror_id)
        raise Conflict(
            _("This juror has a conflict of interest here or has abstained. Choose someone else.")
        )
    if pair in board.kept:
        raise Conflict(_("This juror is already reading this application."))
    numbers = {one.application_id: one.number for one in board.submissions}
    if application_id not in numbers:
        raise Conflict(
            _("This application isn’t being judged: it was withdrawn or isn’t eligible.")
        )
    with as_service("No reader may write assignments; the right to manage the round was checked."):
        made = Assignment.objects.create(
            partnership=entered.partnership,
            round=entered.record,
            juror=juror,
            person_id=juror.person_id,
            application_id=application_id,
            assigned_at=now,
        )
    _note(actor, "add_assignment", entered, juror, {"number": numbers[application_id]})
    jury_mails.tell_assigned(juror, entered.record, count=1, key=f"one:{made.pk}")
    return made


@transaction.atomic
def remove_assignment(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    assignment_id: int,
    why: str = "",
    now: datetime,
) -> None:
    """Take one application from one juror. What was scored already stays, but does not count.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; no such assignment, or it is over.
    InvalidInput
        The juror has begun, and no reason is given.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    one = (
        Assignment.objects.filter(pk=assignment_id, round=entered.record, is_appeal=False)
        .select_related("juror")
        .first()
    )
    if one is None:
        raise NotFound(_("We couldn’t find this assignment."))
    if one.state == Assignment.State.ABSTAINED:
        raise Conflict(_("This juror is no longer reading this application."))
    why = why.strip()[:MOST_WHY]
    has_begun = one.state == Assignment.State.DONE or one.scores.exists()
    if has_begun and not why:
        raise InvalidInput(
            _("This juror has started scoring. Give a reason for unassigning them."), field="why"
        )
    with as_service("No reader may write assignments; the right to manage the round was checked."):
        if has_begun:
            one.state, one.why = Assignment.State.ABSTAINED, why
            one.save(update_fields=["state", "why"])
        else:
            Assignment.objects.filter(pk=one.pk).delete()
    handed = Submission.objects.filter(application_id=one.application_id).order_by("-number")
    numbers = handed.values_list("number", flat=True)[:1]
    _note(actor, "remove_assignment", entered, one.juror, {"number": next(iter(numbers))}, why)


def _find_application(entered: Entered[Round], application_id: int) -> Application:
    """Return an application that the actor sees: not one in which they have a conflict."""
    found = Application.objects.filter(pk=application_id, round=entered.record).first()
    if found is None:
        raise NotFound(_("We couldn’t find this application."))
    return found


def _note(
    actor: Reader,
    verb: str,
    entered: Entered[Round],
    target: Any,
    changes: dict[str, Any],
    why: str = "",
) -> None:
    note(actor, verb, entered, target, changes={"title": entered.record.title, **changes}, why=why)
