"""Letters to applicants: drafted from the points, written by the clusters, sent once."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.holdings import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Outcome, SchemeText
from proxeny.labels.models import Application, Result, Round
from proxeny.labels.operations.entering import CHANGED, enter_round, note
from proxeny.labels.queries.results import get_result, newest_of
from proxeny.labels.telling_results import draft_feedback, draft_improvements
from proxeny.meetings.operations.letters import Letter, To, send, to_person

#: As long as the columns.
MOST_FEEDBACK, MOST_IMPROVEMENTS = 6000, 4000


def draft_letter(
    text: SchemeText, application: Application, standing: str, outcome: Outcome
) -> tuple[str, str]:
    """Return what a letter says and what it advises, in the applicant's language. No query."""
    with override(application.language):
        improvements = draft_improvements(text, outcome)
        return (
            draft_feedback(text, application, standing, outcome)[:MOST_FEEDBACK],
            improvements[:MOST_IMPROVEMENTS],
        )


def mark_of(result: Result) -> str:
    """Return what tells a letter from what somebody else makes of it meanwhile."""
    return digest_of([result.feedback, result.improvements, str(result.told_at)])[:16]


@transaction.atomic
def write_letter(
    *, actor: Reader, partnership_id: int, round_id: int, result_id: int, seen: str, feedback: str,
    improvements: str, now: datetime,
) -> Result:  # fmt: skip
    """Write a letter anew, as long as it is not sent.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; changed since `seen`, sent, or another result holds by now.
    InvalidInput
        Nothing is written, or too much.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    result = get_result(round_id, result_id)
    refuse_sent(result)
    if seen != mark_of(result):
        raise Conflict(CHANGED)
    feedback, improvements = feedback.strip(), improvements.strip()
    if not feedback:
        raise InvalidInput(_("Write what the jury says."), field="feedback")
    for name, value, most in (
        ("feedback", feedback, MOST_FEEDBACK), ("improvements", improvements, MOST_IMPROVEMENTS),
    ):  # fmt: skip
        if len(value) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)
    result.feedback, result.improvements = feedback, improvements
    result.save(update_fields=["feedback", "improvements"])
    # What it says is for the applicant, not for the trail of the room.
    note(actor, "write_result_letter", result, partnership_id=partnership_id,
         organisation_id=entered.organisation_id)  # fmt: skip
    return result


def refuse_sent(result: Result) -> None:
    """Refuse a letter that was sent, or that another result has taken the place of."""
    if result.told_at is not None:
        raise Conflict(_("This letter was sent. What was sent stays as it is."))
    if not result.is_newest:
        raise Conflict(_("Another result holds by now. Look at it again."))


@transaction.atomic
def send_letters(
    *, actor: Reader, partnership_id: int, round_id: int, results: Collection[int] | None = None,
    now: datetime,
) -> int:  # fmt: skip
    """Send letters: those that are named, else all that are not sent; return how many.

    Who has a conflict of interest in an application sends no letter to it.

    Side effects: the applicants read their results from now on, and get a mail each; an audit row
    for each.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; nothing is to be sent; one of those named was sent.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    waiting = list(
        newest_of(entered.round).filter(told_at=None)
        if results is None
        else newest_of(entered.round).filter(pk__in=results)
    )
    if not waiting:
        raise Conflict(_("All letters are sent."))
    for one in waiting:
        refuse_sent(one)
        tell(one, now=now)
        note(actor, "send_result_letter", one, partnership_id=partnership_id,
             organisation_id=entered.organisation_id)  # fmt: skip
    return len(waiting)


def tell(result: Result, *, now: datetime) -> None:
    """Let an applicant read its result from now on, and write to it."""
    result.told_at = now
    result.save(update_fields=["told_at"])

    def letter() -> Letter:
        names = {"title": result.application.title}
        return Letter(
            _("The decision on “%(title)s”") % names,
            (
                _("The jury has decided on your project “%(title)s”. What it says, your points on"
                  " each indicator and what would make it better stand on its page.") % names,
            ),
            _("You get this mail because your organisation applied for a label."),
            label=_("Read the letter"), url=own_url(result.application),
        )  # fmt: skip

    write_to_applicant(result.application, letter, key=f"label-result:{result.pk}", now=now)


def own_url(application: Application) -> str:
    """Return where an applicant reads its result."""
    return f"{settings.BASE_URL}{reverse('labels:own-result', args=[application.pk])}"


def write_to_applicant(
    application: Application, letter: Callable[[], Letter], *, key: str, now: datetime
) -> int:
    """Write to whom an application names; to the people of its organisation where it names nobody."""
    if application.contact_email:
        name = tell_name(application.contact_name) or application.title
        receivers = [To(name, application.contact_email, application.language)]
    else:
        with as_service():
            people = people_of(application.organisation_id, today=now.date())
        receivers = [to_person(one, "labels") for one in people]
    return sum(send(to, letter, key=f"{key}:{number}") for number, to in enumerate(receivers))
