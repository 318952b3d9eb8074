"""Questions about an application, and their answers. Nobody learns which juror asked."""

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
from proxeny.labels.operations.guards import enter_round, lock_round
from proxeny.labels.queries.applications import get_question, get_submitted
from proxeny.labels.queries.own_applications import get_own_question
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.rules import JUDGED, State
from proxeny.partnerships.operations.room import note

#: Something can be asked as long as nothing is decided.
ASKED = (State.OPEN, *JUDGED)
MOST_QUESTION, MOST_ANSWER = 2000, 4000
#: So many questions about one application.
MOST = 60


@transaction.atomic
def ask_applicant(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    text: str,
    now: datetime,
    indicator: str = "",
) -> Question:
    """Ask the applicant a question, for the clusters; `indicator` is its subject, empty for all.

    Side effects: an audit row; a mail to the application's contact.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not seen, or the actor has a conflict of interest; it is withdrawn, or
        there are too many questions.
    InvalidInput
        The question is empty or too long.
    """
    entered = enter_round(actor, partnership_id, round_id, *ASKED)
    one = get_submitted(entered.record, application_id)
    _refuse_withdrawn(one)
    text = _words(text, MOST_QUESTION, _("Enter your question."), "text")
    made = _ask(one, entered.record, text, indicator, by=actor, now=now, passed_on=True)
    note(actor, "ask_label_applicant", entered, made)
    _write(one, made, entered.record)
    return made


@transaction.atomic
def ask_as_juror(
    *, actor: Reader, application_id: int, text: str, now: datetime, indicator: str = ""
) -> Question:
    """Ask the applicant a question as one of its jurors: a manager of the clusters passes it on.

    Side effects: an audit row that only the juror reads; a mail to the managers with neither the
    question nor the juror's name.

    Raises
    ------
    NotFound
        The actor does not judge it.
    Conflict
        It is not judged now, or there are too many questions.
    InvalidInput
        The question is empty or too long.
    """
    given = Assignment.objects.filter(application_id=application_id, person_id=actor.own_id)
    mine = given.exclude(state=Assignment.State.ABSTAINED).first()
    if mine is None:
        raise NotFound(_("We couldn’t find this application."))
    held = lock_round(mine.round_id)
    if held.state not in JUDGED:
        raise Conflict(_("You can’t ask questions now: this round isn’t being judged."))
    text = _words(text, MOST_QUESTION, _("Enter your question."), "text")
    with as_service("A juror may not read the application itself, because it names the applicant."):
        one = Application.objects.get(pk=application_id)
    made = _ask(one, held, text, indicator, by=actor, now=now, passed_on=False)
    audit.record(actor, "ask_as_label_juror", made)
    mails.tell_asked_by_jury(one, made, held, today=now.date())
    return made


@transaction.atomic
def pass_on(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    question_id: int,
    now: datetime,
    text: str | None = None,
) -> Question:
    """Pass on a juror's question, in other words if `text` is given.

    Side effects: an audit row; a mail to the application's contact.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `ask_applicant`; it is passed on already.
    InvalidInput
        Its words are empty or too long.
    """
    entered = enter_round(actor, partnership_id, round_id, *ASKED)
    found = get_question(entered.record, application_id, question_id)
    one = found.application
    _refuse_withdrawn(one)
    if found.passed_on_at is not None:
        raise Conflict(_("This question has already been passed on."))
    if text is not None:
        found.text = _words(text, MOST_QUESTION, _("Enter the question."), "text")
    found.passed_on_at = now
    with as_service("Managers may pass a question on, but no reader may write to its row."):
        found.save(update_fields=["text", "passed_on_at"])
    note(actor, "pass_on_label_question", entered, found)
    _write(one, found, entered.record)
    return found


@transaction.atomic
def answer_question(
    *, actor: Reader, application_id: int, question_id: int, answer: str, now: datetime
) -> Question:
    """Answer a question of the clusters; the answer can be changed until the jury has decided.

    Side effects: an audit row that the clusters do not read; a mail to the manager who asked.

    Raises
    ------
    NotFound, Conflict
        The application is not the actor's, or has no such question; it is decided.
    InvalidInput
        There is no answer, or a long one.
    """
    get_own_question(actor, application_id, question_id)
    one = lock_own(actor, application_id)
    if one.round.state not in ASKED:
        raise Conflict(_("The round has been decided: answers are no longer accepted."))
    answer = _words(answer, MOST_ANSWER, _("Enter your answer."), "answer")
    with as_service("Applicants may answer a question, but no reader may write to its row."):
        found = Question.objects.select_for_update().get(pk=question_id)
        is_first = found.answered_at is None
        found.answer, found.answered_at = answer, now
        found.save(update_fields=["answer", "answered_at"])
    note_own(actor, "answer_label_question", one, question=found.pk)
    if is_first:
        mails.tell_answered(one, found, one.round, today=now.date())
    return found


def _ask(
    one: Application,
    held: Round,
    text: str,
    indicator: str,
    *,
    by: Reader,
    now: datetime,
    passed_on: bool,
) -> Question:
    if indicator and text_of_round(held).indicator(indicator) is None:
        raise InvalidInput(_("We couldn’t find this indicator."), field="indicator")
    with as_service("No reader may write questions; the callers check who may ask one."):
        if Question.objects.filter(application=one).count() >= MOST:
            raise Conflict(
                _("The limit for questions has been reached here. You can’t ask any more.")
            )
        return Question.objects.create(
            partnership_id=one.partnership_id,
            application=one,
            indicator=indicator,
            text=text,
            asked_by_id=by.person,
            asked_at=now,
            passed_on_at=now if passed_on else None,
        )


def _refuse_withdrawn(one: Application) -> None:
    if one.state != Application.State.SUBMITTED:
        raise Conflict(_("This application has been withdrawn: you can’t ask about it."))


def _words(text: str, most: int, empty: str, field: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput(empty, field=field)
    if len(text) > most:
        raise InvalidInput(_("Shorten this to %(most)d characters.") % {"most": most}, field=field)
    return text


def _write(one: Application, question: Question, held: Round) -> None:
    one.round = held
    if held.scheme_version is not None:
        mails.ask_back(one, question, read_scheme(held.scheme_version.content))
