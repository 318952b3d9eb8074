"""Decisions on appeals: by what other jurors found, or by all managers where none is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Outcome, Selection, read_outcome, to_json
from proxeny.labels.models import Appeal, Assignment, Decision, Result, Round
from proxeny.labels.operations.appeals import (
    MOST_ANSWER,
    Reading,
    clean_words,
    enter_appeal,
    read_readings,
)
from proxeny.labels.operations.confirming import (
    Proposed,
    Rule,
    confirm_by,
    lock_room,
    propose_decision,
    seen_of,
)
from proxeny.labels.operations.deciding import freeze, make_result, replace_newest
from proxeny.labels.operations.letters import own_url, write_to_applicant
from proxeny.labels.operations.meetings import Meeting, check_meeting
from proxeny.labels.operations.reading_anew import find_readers
from proxeny.labels.operations.rebuilding import (
    Places,
    changed_selection,
    place_after,
    read_places,
)
from proxeny.labels.queries.decisions import numbers_of
from proxeny.labels.queries.results import OPEN_APPEAL
from proxeny.labels.queries.rounds import text_of_round
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import CHANGED, Entered, note

Standing, State = Result.Standing, Appeal.State


@dataclass(frozen=True, slots=True)
class Weighed:
    """An appeal as it would be decided now.

    `why` says why it cannot be decided yet; `old` is the result that holds. The rest is what would
    hold: `is_read` if other jurors have read it, `is_granted` if something becomes better.
    """

    old: Result
    is_read: bool
    is_granted: bool
    why: str
    standing: str
    rank: int | None
    outcome: Outcome
    content: Selection

    @property
    def seen(self) -> str:
        """The fingerprint of what it goes by and of what would hold."""
        return seen_of(
            self.old.pk,
            self.is_read,
            self.is_granted,
            self.standing,
            self.rank,
            to_json(self.outcome),
            to_json(self.content),
        )


@transaction.atomic
def decide_appeal(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    appeal_id: int,
    answer: str,
    meeting: Meeting,
    grants: bool = False,
    now: datetime,
) -> Decision:
    """Propose the decision on an appeal, by the other jurors' findings.

    It is granted if they came to a better result; an application that then passes gets a place if
    it would have had one from the start; existing places are kept. An ineligible application that
    was not read again is not granted. If no other juror is left, the managers decide without a
    second reading: the scores are kept, and with `grants` it gets a place.

    It holds once every other cluster has confirmed it. Then a result is written, which the
    applicant reads at once, the scores are frozen, and the applicant gets a mail.

    Side effects: a decision that waits; mails to the managers of the other clusters.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; decided; not read although other jurors are left, or still being read;
        granted although scores decide, or no place can be given.
    InvalidInput
        Of the meeting; without an answer.
    """
    lock_room(partnership_id)
    entered, appeal = enter_appeal(actor, partnership_id, round_id, appeal_id)
    answer = clean_words(answer, "answer", MOST_ANSWER, _("Enter the answer to the appeal."))
    check_meeting(meeting, entered.record, now=now)
    found = _weigh(entered, appeal, grants=grants, now=now)
    if found.why:
        raise Conflict(found.why)
    if grants and (found.is_read or not can_grant(found.old)):
        raise Conflict(_cannot_grant(is_read=found.is_read))
    proposed = Proposed(
        Decision.Kind.APPEAL, meeting, found.content, found.seen, appeal, answer, grants
    )
    return propose_decision(actor, entered, proposed, now=now)


def _weigh(entered: Entered[Round], appeal: Appeal, *, grants: bool, now: datetime) -> Weighed:
    """Return an appeal as it would be decided now."""
    held = entered.record
    with as_service(
        "The right to decide was checked; places and readings of the round count in full."
    ):
        places, number = read_places(held), numbers_of(held)[appeal.application_id]
    old = places.results[number]
    reading = read_readings(held, {appeal.application_id: old}).get(appeal.application_id)
    is_read = appeal.state == State.READ and reading is not None and reading.is_done
    why = "" if is_read else why_unread(held, entered.parties, appeal, old, reading, now=now)
    better = reading if is_read and reading is not None and reading.is_better else None
    standing, rank, outcome = old.standing, old.rank, read_outcome(old.content)
    if grants:
        standing, rank = Standing.CHOSEN, old.rank or len(places.choice.candidates) + 1
    elif better is not None and better.judged is not None:
        outcome = better.judged.outcome
        standing, rank = place_after(places, number, outcome)
    content = _selection(places, number, standing, rank)
    granted = grants or better is not None
    return Weighed(old, is_read, granted, why, standing, rank, outcome, content)


def _selection(places: Places, number: int, standing: str, rank: int | None) -> Selection:
    """Return the places and the waiting list after the status of one application has changed."""
    chosen, waiting = places.chosen, places.waiting
    if standing == Standing.CHOSEN and number not in chosen:
        chosen, waiting = [*chosen, number], [one for one in waiting if one != number]
    elif standing == Standing.WAITING and number not in waiting:
        at = (
            index
            for index, one in enumerate(waiting)
            if (places.results[one].rank or 0) >= (rank or 0)
        )
        waiting.insert(next(at, len(waiting)), number)
    return changed_selection(places, chosen=chosen, waiting=waiting)


def _appeal_of(decision: Decision) -> Appeal:
    appeal = decision.appeal
    if appeal is None or appeal.state not in OPEN_APPEAL:
        raise Conflict(_("This appeal has been decided."))
    return appeal


def weigh_appeal(entered: Entered[Round], decision: Decision, *, now: datetime) -> Weighed:
    """Return an appeal on which a decision waits as it would be decided now."""
    return _weigh(entered, _appeal_of(decision), grants=decision.grants, now=now)


def _look_again(_actor: Reader, entered: Entered[Round], decision: Decision, now: datetime) -> str:
    found = weigh_appeal(entered, decision, now=now)
    return "" if found.why else found.seen


def _hold(actor: Reader, entered: Entered[Round], decision: Decision, now: datetime) -> None:
    """All have confirmed: a result that the applicant reads at once, and frozen scores."""
    held, appeal = entered.record, _appeal_of(decision)
    found = _weigh(entered, appeal, grants=decision.grants, now=now)
    if found.seen != decision.seen:
        raise Conflict(CHANGED)
    replace_newest([found.old.application_id])
    made = make_result(
        decision,
        found.old.application,
        found.standing,
        found.outcome,
        rank=found.rank,
        text=text_of_round(held),
    )
    made.told_at = now
    made.save()
    given = Assignment.objects.filter(application_id=appeal.application_id, is_appeal=True)
    freeze(given, now=now)
    appeal.state = State.UPHELD if found.is_granted else State.REFUSED
    appeal.answer, appeal.decided_at = decision.answer, now
    appeal.save(update_fields=["state", "answer", "decided_at"])
    note(actor, "decide_label_appeal", entered, decision, changes={"title": held.title})
    _tell_applicant(appeal, is_read=found.is_read, now=now)


def why_unread(
    held: Round,
    parties: Sequence[Party],
    appeal: Appeal,
    old: Result,
    reading: Reading | None,
    *,
    now: datetime,
) -> str:
    """Return why an appeal without a second reading cannot be answered yet; empty if it can.

    One that could not take part needs no second reading, and where no juror is left there is none.
    """
    if reading is not None and reading.waits:
        return _("Jurors from these clusters are still reading it: %(names)s.") % {
            "names": join_items(reading.waits)
        }
    if appeal.state == State.ASKED and old.standing == Standing.OUT:
        return ""
    if find_readers(held, parties, appeal.application, now=now).is_impossible:
        return ""
    if appeal.state == State.ASKED:
        return _("Request a second reading by other jurors first.")
    return _("There aren’t enough scores yet: a juror abstained. Ask another juror.")


def can_grant(old: Result) -> bool:
    """Whether an appeal can be granted without new scores: to a scored one without a place."""
    return old.standing in (Standing.WAITING, Standing.BELOW)


def _cannot_grant(*, is_read: bool) -> str:
    if is_read:
        return _("Other jurors have read it: their scores determine whether the appeal is granted.")
    return _(
        "Without new scores, an appeal can only give a place to an application that was judged "
        "and doesn’t have one. This one has a place or wasn’t judged."
    )


def _tell_applicant(appeal: Appeal, *, is_read: bool, now: datetime) -> None:
    names = {"title": appeal.application.title}

    def letter() -> Letter:
        return Letter(
            _("Your appeal for “%(title)s”") % names,
            (_outcome(appeal, is_read=is_read),),
            _("You’re receiving this email because your organisation appealed."),
            quote=appeal.answer,
            label=_("Read the decision"),
            url=own_url(appeal.application),
        )

    write_to_applicant(appeal.application, letter, key=f"label-appeal:{appeal.pk}", now=now)


def _outcome(appeal: Appeal, *, is_read: bool) -> str:
    if appeal.state == State.REFUSED:
        return _("Your appeal has been rejected. The previous decision remains valid.")
    if is_read:
        return _("Other jurors have read it again and rated it higher: your appeal is granted.")
    return _("The clusters have decided together: your appeal is granted.")


confirm_by(Decision.Kind.APPEAL, Rule(_look_again, _hold))
