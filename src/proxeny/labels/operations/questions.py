"""What is asked back about an application, and its answer. Nobody learns which juror asked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import read_scheme
from proxeny.labels.models import Application, Assignment, Question, Round
from proxeny.labels.operations import application_mails as mails
from proxeny.labels.operations.applying import lock_own, note_own
from proxeny.labels.operations.entering import InRound, enter_round, lock_round, note
from proxeny.labels.queries.applications import get_question, get_submitted
from proxeny.labels.queries.own_applications import get_own_question
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.rules import JUDGED, State

#: Something can be asked as long as nothing is decided.
ASKED = (State.OPEN, *JUDGED)
MOST_QUESTION, MOST_ANSWER = 2000, 4000
#: So many questions about one application.
MOST = 60


@transaction.atomic
def ask_applicant(
    *, actor: Reader, partnership_id: int, round_id: int, application_id: int, text: str,
    now: datetime, indicator: str = "",
) -> Question:  # fmt: skip
    """Ask who applies something, for the clusters; `indicator` is what it is about, empty for all.

    Side effects: an audit row; a mail to whom the clusters write.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not seen, or the actor has a conflict of interest; it is withdrawn, or
        there are too many questions.
    InvalidInput
        Nothing is asked, or at too great length.
    """
    entered = enter_round(actor, partnership_id, round_id, *ASKED)
    one = get_submitted(entered.round, application_id)
    _refuse_withdrawn(one)
    text = _words(text, MOST_QUESTION, _("Write what you want to know."), "text")
    made = _ask(one, entered.round, text, indicator, by=actor, now=now, passed_on=True)
    _note(actor, "ask_label_applicant", entered, made)
    _write(one, made, entered.round)
    return made


@transaction.atomic
def ask_as_juror(
    *, actor: Reader, application_id: int, text: str, now: datetime, indicator: str = ""
) -> Question:
    """Ask who applies something, as a juror who reads it: a manager of the clusters passes it on.

    Side effects: an audit row that only the juror reads; a mail to the managers that tells neither
    the question nor who asks.

    Raises
    ------
    NotFound
        The actor does not judge it.
    Conflict
        It is not judged now, or there are too many questions.
    InvalidInput
        Nothing is asked, or at too great length.
    """
    given = Assignment.objects.filter(application_id=application_id, person_id=actor.person)
    mine = given.exclude(state=Assignment.State.ABSTAINED).first()
    if mine is None:
        raise NotFound(_("There is no such application."))
    held = lock_round(mine.round_id)
    if held.state not in JUDGED:
        raise Conflict(_("Nothing can be asked now: this round is not judged."))
    text = _words(text, MOST_QUESTION, _("Write what you want to know."), "text")
    with as_service():
        one = Application.objects.get(pk=application_id)
    made = _ask(one, held, text, indicator, by=actor, now=now, passed_on=False)
    audit.record(actor, "ask_as_label_juror", made)
    mails.tell_asked_by_jury(one, made, held, today=now.date())
    return made


@transaction.atomic
def pass_on(
    *, actor: Reader, partnership_id: int, round_id: int, application_id: int, question_id: int,
    now: datetime, text: str | None = None,
) -> Question:  # fmt: skip
    """Pass on what a juror asks, in other words if `text` is given.

    Side effects: an audit row; a mail to whom the clusters write.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `ask_applicant`; it is passed on already.
    InvalidInput
        Its words are empty or too long.
    """
    entered = enter_round(actor, partnership_id, round_id, *ASKED)
    found = get_question(entered.round, application_id, question_id)
    one = found.application
    _refuse_withdrawn(one)
    if found.passed_on_at is not None:
        raise Conflict(_("This question is passed on already."))
    if text is not None:
        found.text = _words(text, MOST_QUESTION, _("Write what is asked."), "text")
    found.passed_on_at = now
    with as_service():
        found.save(update_fields=["text", "passed_on_at"])
    _note(actor, "pass_on_label_question", entered, found)
    _write(one, found, entered.round)
    return found


@transaction.atomic
def answer_question(
    *, actor: Reader, application_id: int, question_id: int, answer: str, now: datetime
) -> Question:
    """Answer what the clusters ask; until the jury has decided, the answer can be changed.

    Side effects: an audit row that the clusters do not read; a mail to the manager who asked.

    Raises
    ------
    NotFound, Conflict
        The actor does not apply with it, or was not asked; it is decided.
    InvalidInput
        There is no answer, or a long one.
    """
    get_own_question(actor, application_id, question_id)
    one = lock_own(actor, application_id)
    if one.round.state not in ASKED:
        raise Conflict(_("The round is decided: answers are not taken any more."))
    answer = _words(answer, MOST_ANSWER, _("Write your answer."), "answer")
    with as_service():
        found = Question.objects.select_for_update().get(pk=question_id)
        is_first = found.answered_at is None
        found.answer, found.answered_at = answer, now
        found.save(update_fields=["answer", "answered_at"])
    note_own(actor, "answer_label_question", one, question=found.pk)
    if is_first:
        mails.tell_answered(one, found, one.round, today=now.date())
    return found


def _ask(
    one: Application, held: Round, text: str, indicator: str, *, by: Reader, now: datetime,
    passed_on: bool,
) -> Question:  # fmt: skip
    if indicator and text_of_round(held).indicator(indicator) is None:
        raise InvalidInput(_("There is no such indicator."), field="indicator")
    with as_service():
        if Question.objects.filter(application=one).count() >= MOST:
            raise Conflict(_("So many questions were asked here that no more are taken."))
        return Question.objects.create(
            partnership_id=one.partnership_id, application=one, indicator=indicator, text=text,
            asked_by_id=by.person, asked_at=now, passed_on_at=now if passed_on else None,
        )  # fmt: skip


def _refuse_withdrawn(one: Application) -> None:
    if one.state != Application.State.SUBMITTED:
        raise Conflict(_("This application is withdrawn: nothing is asked about it."))


def _words(text: str, most: int, empty: str, field: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput(empty, field=field)
    if len(text) > most:
        raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=field)
    return text


def _write(one: Application, question: Question, held: Round) -> None:
    one.round = held
    if held.scheme_version is not None:
        mails.ask_back(one, question, read_scheme(held.scheme_version.content))


def _note(actor: Reader, verb: str, entered: InRound, question: Question) -> None:
    note(actor, verb, question, partnership_id=entered.partnership.pk,
         organisation_id=entered.organisation_id)  # fmt: skip
