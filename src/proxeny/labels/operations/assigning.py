"""Who reads what: an exact proposal that is taken as it was shown, and single ones by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine import label as engine
from proxeny.folding import fold
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.versions import fingerprint
from proxeny.labels.models import Application, Assignment, Juror, Round, Submission
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.entering import InRound, enter_round, note
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

JUDGING = Round.State.JUDGING
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Board:
    """All that an assignment goes by, whoever asks: read in the service role.

    `kept` are reviews that are done or begun, or given before; `barred` pairs that must not come
    together, `own` those of them where the juror's own organisation applies. `stale` are given
    reviews that are barred by now.
    """

    round: Round
    sides: tuple[Party, ...]
    per: int
    submissions: tuple[Submission, ...]
    jurors: tuple[Juror, ...]
    given: tuple[Assignment, ...]
    kept: frozenset[Pair]
    barred: frozenset[Pair]
    own: frozenset[Pair]
    stale: tuple[Assignment, ...]

    @property
    def ready(self) -> tuple[Juror, ...]:
        """Those who can get something: they take part and have declared."""
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
        """Return what says whether it is still the same."""
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
    """Return the board of a round, after the right to it was looked at. Five queries."""
    sides = tuple(one for one in parties if one.state == Party.State.JOINED)
    with as_service():
        submissions = list_submitted(held)
        found = Juror.objects.filter(round=held).select_related("person", "party__organisation")
        jurors = list(found.order_by("pk"))
        given = list_given(held)
        conflicts, own = barred_pairs(jurors, submissions, today=now.date())
    asked = {one.application_id for one in submissions}
    given = [one for one in given if one.application_id in asked]
    abstained = {
        (one.application_id, one.juror_id)
        for one in given if one.state == Assignment.State.ABSTAINED
    }  # fmt: skip
    barred = frozenset(conflicts | own | abstained)
    live = [one for one in given if one.state != Assignment.State.ABSTAINED]
    stale = [one for one in live if (one.application_id, one.juror_id) in barred]
    kept = {(one.application_id, one.juror_id) for one in live} - barred
    return Board(
        held, sides, text_of_round(held).per, tuple(submissions), tuple(jurors), tuple(given),
        frozenset(kept), barred, frozenset(own), tuple(stale),
    )  # fmt: skip


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
        (one, other): min(engine.MOST_FIT, len(topics[one] & known[other])) for one, other in new
    }
    loads = {int(key): load for key, load in found.loads.items()}
    return Proposal(board, new, loads, fits)


def _jury(board: Board) -> engine.Jury:
    kept_by = {juror for _application, juror in board.kept}
    # Whoever cannot get anything matters only for what they have.
    jurors = [one for one in board.jurors if is_ready(one) or one.pk in kept_by]
    known = {one.pk for one in jurors}
    sides = tuple(str(one.pk) for one in board.sides)
    return engine.Jury(
        applications=[
            engine.Application(str(one.application_id), frozenset(_topics(one)))
            for one in board.submissions
        ],
        jurors=[
            engine.Juror(str(one.pk), str(one.party_id), frozenset(one.topics), one.most)
            for one in jurors
        ],
        per=board.per,
        # With fewer jurors for each application than clusters, not all of them can be among them.
        sides=sides if len(sides) <= board.per else (),
        barred={(str(one), str(other)) for one, other in board.barred if other in known},
        kept={(str(one), str(other)) for one, other in board.kept},
        closed={str(one.pk) for one in jurors if not is_ready(one)},
    )  # fmt: skip


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
    return propose(read_board(entered.round, entered.parties, now=now))


@transaction.atomic
def take_proposal(
    *, actor: Reader, partnership_id: int, round_id: int, seen: int, now: datetime
) -> Proposal:
    """Assign as it was proposed: what is given already stays, the rest is completed.

    Parameters
    ----------
    seen : int
        The fingerprint of the proposal that was read.

    Side effects: mails to the jurors who get something; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; nothing can be assigned, or it is not what was read.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    found = propose(read_board(entered.round, entered.parties, now=now))
    if found.fingerprint != seen or found.reasons:
        raise Conflict(
            _("Something has changed since this was proposed. Look at the new proposal.")
        )
    _write(entered, found, now)
    counts: dict[int, int] = {}
    for _application, juror in found.new:
        counts[juror] = counts.get(juror, 0) + 1
    jurors = {one.pk: one for one in found.board.jurors}
    for pk, count in sorted(counts.items()):
        jury_mails.tell_assigned(
            jurors[pk], entered.round, count=count, key=f"{now:%Y%m%d%H%M%S%f}"
        )
    if found.new or found.board.stale:
        _note(actor, "assign_jury", entered, entered.round, {"count": len(found.new)})
    return found


def _write(entered: InRound, found: Proposal, now: datetime) -> None:
    people = {one.pk: one.person_id for one in found.board.jurors}
    with as_service():
        stale = [one.pk for one in found.board.stale if one.frozen_at is None]
        if stale:
            Assignment.objects.filter(pk__in=stale).update(
                state=Assignment.State.ABSTAINED, why=_("A conflict of interest.")
            )
        Assignment.objects.bulk_create(
            Assignment(
                partnership=entered.partnership, round=entered.round, juror_id=juror,
                person_id=people[juror], application_id=application, assigned_at=now,
            )
            for application, juror in found.new
        )  # fmt: skip


@transaction.atomic
def add_assignment(
    *, actor: Reader, partnership_id: int, round_id: int, application_id: int, juror_id: int,
    now: datetime,
) -> Assignment:  # fmt: skip
    """Give one application to one juror by hand.

    Side effects: a mail to the juror; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; no such application; the juror has not declared, has a
        conflict of interest, abstained, or works for who applies: that is logged too.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    juror = get_juror(partnership_id, round_id, juror_id)
    _find_application(entered, application_id)
    if not is_ready(juror):
        raise Conflict(_("This juror has not declared yet whether they have a conflict."))
    board = read_board(entered.round, entered.parties, now=now)
    pair = (application_id, juror_id)
    if pair in board.own:
        log_refusal("assign_own_company", application_id=application_id, juror_id=juror_id)
        raise Conflict(_("This juror works for who applies here. Choose somebody else."))
    if pair in board.barred:
        log_refusal("assign_conflict", application_id=application_id, juror_id=juror_id)
        raise Conflict(
            _("This juror has a conflict of interest here, or has abstained. Choose somebody else.")
        )
    if pair in board.kept:
        raise Conflict(_("This juror reads this application already."))
    numbers = {one.application_id: one.number for one in board.submissions}
    if application_id not in numbers:
        raise Conflict(_("This application is not judged: it was withdrawn or cannot take part."))
    with as_service():
        made = Assignment.objects.create(
            partnership=entered.partnership, round=entered.round, juror=juror,
            person_id=juror.person_id, application_id=application_id, assigned_at=now,
        )  # fmt: skip
    _note(actor, "add_assignment", entered, juror, {"number": numbers[application_id]})
    jury_mails.tell_assigned(juror, entered.round, count=1, key=f"one:{made.pk}")
    return made


@transaction.atomic
def remove_assignment(
    *, actor: Reader, partnership_id: int, round_id: int, assignment_id: int, why: str = "",
    now: datetime,
) -> None:  # fmt: skip
    """Take one application from one juror. What was scored already stays, but does not count.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not being judged; no such assignment, or it is over.
    InvalidInput
        The juror has begun, and no reason is given.
    """
    entered = enter_round(actor, partnership_id, round_id, JUDGING)
    one = Assignment.objects.filter(
        pk=assignment_id, round=entered.round, is_appeal=False
    ).select_related("juror").first()  # fmt: skip
    if one is None:
        raise NotFound(_("There is no such assignment."))
    if one.state == Assignment.State.ABSTAINED:
        raise Conflict(_("This juror does not read this application any more."))
    why = why.strip()[:MOST_WHY]
    has_begun = one.state == Assignment.State.DONE or one.scores.exists()
    if has_begun and not why:
        raise InvalidInput(
            _("This juror has begun to score. Say why you take it from them."), field="why"
        )
    with as_service():
        if has_begun:
            one.state, one.why = Assignment.State.ABSTAINED, why
            one.save(update_fields=["state", "why"])
        else:
            Assignment.objects.filter(pk=one.pk).delete()
    handed = Submission.objects.filter(application_id=one.application_id).order_by("-number")
    numbers = handed.values_list("number", flat=True)[:1]
    _note(actor, "remove_assignment", entered, one.juror, {"number": next(iter(numbers))}, why)


def _find_application(entered: InRound, application_id: int) -> Application:
    """Return an application that the actor sees: not one in which they have a conflict."""
    found = Application.objects.filter(pk=application_id, round=entered.round).first()
    if found is None:
        raise NotFound(_("There is no such application."))
    return found


def _note(
    actor: Reader, verb: str, entered: InRound, target: Any, changes: dict[str, Any], why: str = ""
) -> None:
    note(
        actor, verb, target, partnership_id=entered.partnership.pk,
        organisation_id=entered.organisation_id,
        changes={"title": entered.round.title, **changes}, why=why,
    )  # fmt: skip
