"""Appeals of applicants, and the findings of the jurors in the second reading."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Outcome, read_outcome
from proxeny.labels.models import Appeal, Application, Assignment, Result, Round
from proxeny.labels.operations.applying import note_own
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.guards import enter_round, lock_round
from proxeny.labels.operations.jury_mails import tell_assigned, tell_managers
from proxeny.labels.operations.reading_anew import find_readers
from proxeny.labels.operations.standing import Judged, read_round_standing
from proxeny.labels.queries.results import OPEN_APPEAL, OwnResult, get_appeal, read_own_result
from proxeny.partnerships.operations.room import Entered, note

Standing, State = Result.Standing, Appeal.State
#: As long as the columns.
MOST_TEXT, MOST_ANSWER = 4000, 4000


def why_no_appeal(own: OwnResult, *, now: datetime) -> str:
    """Return why one cannot appeal, in a sentence; empty if one can. No query."""
    result, until = own.result, own.until
    if result is None:
        return _("There’s no decision to appeal against yet.")
    if result.standing == Standing.GIVEN_UP:
        return _("You gave up the place, so there’s nothing to appeal against.")
    if result.standing == Standing.CHOSEN and _is_best(own):
        return _("You were awarded what you applied for, so there’s nothing to appeal against.")
    if own.open_appeal is not None:
        return _("You’ve already appealed. We’ll email you as soon as it’s decided.")
    if own.appeals:
        return _("Your appeal has been decided. You can’t appeal again.")
    if until is None:
        return _("This label doesn’t allow appeals.")
    if now >= until:
        return _("The deadline to appeal was %(moment)s.") % {
            "moment": format_moment(until, own.round.zone)
        }
    return ""


def _is_best(own: OwnResult) -> bool:
    """Whether there is no higher level than the one that was given."""
    levels = own.text.levels
    return not levels or (own.result is not None and own.result.level == levels[-1].key)


@transaction.atomic
def ask_appeal(*, actor: Reader, application_id: int, text: str, now: datetime) -> Appeal:
    """Appeal against the decision on the actor's own application.

    Side effects: a mail to the managers; an audit row that the applicant reads.

    Raises
    ------
    NotFound, Conflict
        Not the actor's own; nothing to appeal, too late, or twice.
    InvalidInput
        The text is empty or too long.
    """
    lock_round(read_own_result(actor, application_id).round.pk)
    own = read_own_result(actor, application_id)
    if why := why_no_appeal(own, now=now):
        raise Conflict(why)
    text = clean_words(text, "text", MOST_TEXT, _("Enter the grounds for your appeal."))
    made = Appeal.objects.create(
        partnership_id=own.application.partnership_id,
        application=own.application,
        text=text,
        person_id=actor.person,
        asked_at=now,
    )
    note_own(actor, "ask_label_appeal", own.application)
    names = {"title": own.application.title, "round": own.round.title}
    tell_managers(
        own.round,
        lambda: (
            _("Appeal: “%(title)s”") % names,
            _(
                "The applicant of “%(title)s” has appealed against the decision in “%(round)s”. "
                "Request a second reading by other jurors on the results page."
            )
            % names,
        ),
        key=f"appeal:{made.pk}",
        now=now,
        about=[own.application.pk],
    )
    return made


def clean_words(text: str, field: str, most: int, empty: str) -> str:
    """Return the text without space around it; refuse an empty or too long one."""
    text = text.strip()
    if not text:
        raise InvalidInput(empty, field=field)
    if len(text) > most:
        raise InvalidInput(_("Shorten this to %(most)d characters.") % {"most": most}, field=field)
    return text


def enter_appeal(
    actor: Reader, partnership_id: int, round_id: int, appeal_id: int
) -> tuple[Entered[Round], Appeal]:
    """Return an appeal that is not decided, with its locked round."""
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    appeal = get_appeal(round_id, appeal_id)
    if appeal.state not in OPEN_APPEAL:
        raise Conflict(_("This appeal has been decided."))
    return entered, appeal


@transaction.atomic
def read_anew(
    *, actor: Reader, partnership_id: int, round_id: int, appeal_id: int, now: datetime
) -> list[Assignment]:
    """Give an appealed application to other jurors, of each cluster.

    If one of them has abstained, a further call replaces them. For an application found ineligible,
    the call states that it is eligible. Side effects: mails to the jurors, an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; as many as needed read it already; decided; there are not enough other
        jurors: the sentence says what to do.
    """
    entered, appeal = enter_appeal(actor, partnership_id, round_id, appeal_id)
    application = appeal.application
    found = find_readers(entered.record, entered.parties, application, now=now)
    if found.why:
        raise Conflict(found.why)
    jurors = found.chosen
    with as_service("A manager may order a second reading, but no reader may write assignments."):
        Application.objects.filter(pk=application.pk, eligible=False).update(eligible=True)
        made = [
            Assignment.objects.create(
                partnership=entered.partnership,
                round=entered.record,
                juror=one,
                person_id=one.person_id,
                application=application,
                is_appeal=True,
                assigned_at=now,
            )
            for one in jurors
        ]
    void_waiting(entered.record, now=now)
    appeal.state = State.READ
    appeal.save(update_fields=["state"])
    for one in jurors:
        tell_assigned(one, entered.record, count=1, key=f"appeal:{appeal.pk}")
    note(actor, "read_label_appeal", entered, appeal)
    return made


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of a second reading.

    `is_better`: it now passes, or has more points. `waits` are the names of those still reading it,
    by side.
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
    """Return the results of second readings, by application. Three queries.

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
        one.juror.party.organisation.name
        for one in judged.assignments
        if one.state == Assignment.State.OPEN
    )
    now = judged.outcome
    better = bool(
        now.total is not None
        and (
            (now.passes and not before.passes)
            or (now.passes == before.passes and now.total > (before.total or 0))
        )
    )
    return Reading(judged, before, waits, better)
