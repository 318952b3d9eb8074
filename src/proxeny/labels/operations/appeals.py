"""An applicant that does not agree: other jurors read its application anew, then it is decided."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Outcome, read_outcome
from proxeny.labels.models import Appeal, Application, Assignment, Decision, Result, Round
from proxeny.labels.moments import tell_moment
from proxeny.labels.operations.applying import note_own
from proxeny.labels.operations.deciding import (
    Meeting,
    add_decision,
    check_meeting,
    freeze,
    make_result,
    replace_newest,
)
from proxeny.labels.operations.entering import InRound, enter_round, lock_round, note
from proxeny.labels.operations.jury_mails import tell_assigned, tell_managers
from proxeny.labels.operations.letters import own_url, write_to_applicant
from proxeny.labels.operations.reading_anew import choose_readers
from proxeny.labels.operations.rebuilding import (
    Places,
    changed_selection,
    place_after,
    read_places,
)
from proxeny.labels.operations.standing import Judged, read_round_standing
from proxeny.labels.queries.decisions import numbers_of
from proxeny.labels.queries.results import OPEN_APPEAL, OwnResult, get_appeal, read_own_result
from proxeny.labels.queries.rounds import text_of_round
from proxeny.meetings.operations.letters import Letter

Standing, State = Result.Standing, Appeal.State
#: As long as the columns.
MOST_TEXT, MOST_ANSWER = 4000, 4000


def why_no_appeal(own: OwnResult, *, now: datetime) -> str:
    """Return why one cannot appeal, in a sentence; empty if one can. No query."""
    result, until = own.result, own.until
    if result is None:
        return _("There is no decision that one could appeal against yet.")
    if result.standing == Standing.GIVEN_UP:
        return _("You gave the place up: there is nothing to appeal against.")
    if result.standing == Standing.CHOSEN and _is_best(own):
        return _("You have what you applied for: there is nothing to appeal against.")
    if own.open_appeal is not None:
        return _("You have appealed already. You get a mail as soon as it is decided.")
    if own.appeals:
        return _("Your appeal was decided. There is no second one.")
    if until is None:
        return _("This label has no appeal.")
    if now >= until:
        return _("One could appeal until %(moment)s.") % {
            "moment": tell_moment(until, own.round.zone)
        }
    return ""


def _is_best(own: OwnResult) -> bool:
    """Whether there is no higher level than the one that was given."""
    levels = own.text.levels
    return not levels or (own.result is not None and own.result.level == levels[-1].key)


@transaction.atomic
def ask_appeal(*, actor: Reader, application_id: int, text: str, now: datetime) -> Appeal:
    """Appeal against what was decided of one's own application.

    Side effects: a mail to the managers; an audit row that the applicant reads.

    Raises
    ------
    NotFound, Conflict
        Not one's own; nothing to appeal, too late, or twice.
    InvalidInput
        Nothing is said, or too much.
    """
    lock_round(read_own_result(actor, application_id).round.pk)
    own = read_own_result(actor, application_id)
    if why := why_no_appeal(own, now=now):
        raise Conflict(why)
    text = _words(text, "text", MOST_TEXT, _("Write what is not right."))
    made = Appeal.objects.create(
        partnership_id=own.application.partnership_id, application=own.application, text=text,
        person_id=actor.person, asked_at=now,
    )  # fmt: skip
    note_own(actor, "ask_label_appeal", own.application)
    names = {"title": own.application.title, "round": own.round.title}
    tell_managers(
        own.round,
        lambda: (
            _("An appeal: “%(title)s”") % names,
            _("Who applied with “%(title)s” appeals against the decision in “%(round)s”. Let other"
              " jurors read it anew, on the results page.") % names,
        ),
        key=f"appeal:{made.pk}", now=now, about=[own.application.pk],
    )  # fmt: skip
    return made


def _words(text: str, field: str, most: int, empty: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(empty, field=field)
    if len(text) > most:
        raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=field)
    return text


def _enter(
    actor: Reader, partnership_id: int, round_id: int, appeal_id: int
) -> tuple[InRound, Appeal]:
    """Return an appeal that is not decided, with its locked round."""
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    appeal = get_appeal(round_id, appeal_id)
    if appeal.state not in OPEN_APPEAL:
        raise Conflict(_("This appeal was decided."))
    return entered, appeal


@transaction.atomic
def read_anew(
    *, actor: Reader, partnership_id: int, round_id: int, appeal_id: int, now: datetime
) -> list[Assignment]:
    """Give the application of an appeal to other jurors than before, of each cluster.

    Where one of them abstained, asked again, somebody else takes their place. Of one that could not take part the clusters say by this that it can. Side effects: mails to the
    jurors, an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; as many as needed read it already; decided; there are not enough other jurors.
    """
    entered, appeal = _enter(actor, partnership_id, round_id, appeal_id)
    application = appeal.application
    jurors = choose_readers(entered.round, entered.parties, application, now=now)
    with as_service():
        Application.objects.filter(pk=application.pk, eligible=False).update(eligible=True)
        made = [
            Assignment.objects.create(
                partnership=entered.partnership, round=entered.round, juror=one,
                person_id=one.person_id, application=application, is_appeal=True, assigned_at=now,
            )
            for one in jurors
        ]  # fmt: skip
    appeal.state = State.READ
    appeal.save(update_fields=["state"])
    for one in jurors:
        tell_assigned(one, entered.round, count=1, key=f"appeal:{appeal.pk}")
    note(actor, "read_label_appeal", appeal, partnership_id=partnership_id,
         organisation_id=entered.organisation_id)  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading an application anew.

    `is_better`: it now passes, or has more points. `names` of those who still read it, by their
    sides, in `waits`.
    """

    judged: Judged | None
    before: Outcome
    waits: tuple[str, ...]
    is_better: bool

    @property
    def is_done(self) -> bool:
        """Whether all have read it, and nothing is missing."""
        return self.judged is not None and not self.waits and self.judged.total is not None


def read_readings(held: Round, results: dict[int, Result]) -> dict[int, Reading]:
    """Return what came of reading anew, by application. Three queries.

    Parameters
    ----------
    results : dict of int to Result
        The results that hold, by application.
    """
    found = read_round_standing(held, for_appeal=True)
    return {
        one.application.pk: _reading(one, results[one.application.pk])
        for one in found.rows
        if one.application.pk in results
    }


def _reading(judged: Judged, result: Result) -> Reading:
    before = read_outcome(result.content)
    waits = tuple(
        one.juror.party.organisation.name for one in judged.assignments
        if one.state == Assignment.State.OPEN
    )  # fmt: skip
    now = judged.outcome
    better = bool(
        now.total is not None
        and ((now.passes and not before.passes)
             or (now.passes == before.passes and now.total > (before.total or 0)))
    )  # fmt: skip
    return Reading(judged, before, waits, better)


@transaction.atomic
def decide_appeal(
    *, actor: Reader, partnership_id: int, round_id: int, appeal_id: int, answer: str,
    meeting: Meeting, now: datetime,
) -> Decision:  # fmt: skip
    """Decide an appeal by what the other jurors found: better holds, worse does not.

    It is granted if they came to a better result; an application that then passes gets a place if
    it would have had one from the start, whoever has one keeps it. One that could not take part and
    was not read anew is not granted.

    Side effects: a decision and a result, which the applicant reads at once; the scores are frozen;
    a mail to the applicant; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; decided; not read anew, or somebody still reads it.
    InvalidInput
        Of the meeting; without an answer.
    """
    entered, appeal = _enter(actor, partnership_id, round_id, appeal_id)
    held, application = entered.round, appeal.application
    answer = _words(answer, "answer", MOST_ANSWER, _("Write what you answer."))
    check_meeting(meeting, held, now=now)
    with as_service():
        places, number = read_places(held), numbers_of(held)[application.pk]
    old = places.results[number]
    reading = read_readings(held, {application.pk: old}).get(application.pk)
    _refuse_unread(appeal, old, reading)
    granted = reading is not None and reading.is_better
    made = _write_result(actor, entered, places, number, reading if granted else None, meeting, now)
    made.told_at = now
    made.save()
    freeze(Assignment.objects.filter(application=application, is_appeal=True), now=now)
    appeal.state = State.UPHELD if granted else State.REFUSED
    appeal.answer, appeal.decided_at = answer, now
    appeal.save(update_fields=["state", "answer", "decided_at"])
    note(actor, "decide_label_appeal", made.decision, partnership_id=partnership_id,
         organisation_id=entered.organisation_id, changes={"title": held.title})  # fmt: skip
    _tell_applicant(appeal, now=now)
    return made.decision


def _refuse_unread(appeal: Appeal, old: Result, reading: Reading | None) -> None:
    if appeal.state == State.ASKED and old.standing != Standing.OUT:
        raise Conflict(_("Let other jurors read it first."))
    if appeal.state == State.READ and (reading is None or not reading.is_done):
        if reading is not None and reading.waits:
            raise Conflict(
                _("Jurors of these clusters still read it: %(names)s.")
                % {"names": join_items(reading.waits)}
            )
        raise Conflict(_("There are not enough scores yet: a juror abstained. Ask another one."))


def _write_result(
    actor: Reader, entered: InRound, places: Places, number: int, better: Reading | None,
    meeting: Meeting, now: datetime,
) -> Result:  # fmt: skip
    """Write what was decided; without a better reading all stays as it was."""
    old, text = places.results[number], text_of_round(entered.round)
    standing, rank, outcome = old.standing, old.rank, read_outcome(old.content)
    chosen, waiting = places.chosen, places.waiting
    if better is not None and better.judged is not None:
        outcome = better.judged.outcome
        standing, rank = place_after(places, number, outcome)
        if standing == Standing.CHOSEN and number not in chosen:
            chosen, waiting = [*chosen, number], [one for one in waiting if one != number]
        elif standing == Standing.WAITING and number not in waiting:
            at = (
                index for index, one in enumerate(waiting)
                if (places.results[one].rank or 0) >= (rank or 0)
            )  # fmt: skip
            waiting.insert(next(at, len(waiting)), number)
    decision = add_decision(
        actor, entered, Decision.Kind.APPEAL, meeting,
        changed_selection(places, chosen=chosen, waiting=waiting), now=now,
    )  # fmt: skip
    replace_newest([old.application_id])
    return make_result(decision, old.application, standing, outcome, rank=rank, text=text)


def _tell_applicant(appeal: Appeal, *, now: datetime) -> None:
    names = {"title": appeal.application.title}
    granted = appeal.state == State.UPHELD

    def letter() -> Letter:
        return Letter(
            _("Your appeal for “%(title)s”") % names,
            (
                _("Other jurors have read it anew, and found more: your appeal is granted.")
                if granted
                else _("Your appeal is not granted. What was decided before holds."),
            ),
            _("You get this mail because your organisation appealed."), quote=appeal.answer,
            label=_("Read the decision"), url=own_url(appeal.application),
        )  # fmt: skip

    write_to_applicant(appeal.application, letter, key=f"label-appeal:{appeal.pk}", now=now)
