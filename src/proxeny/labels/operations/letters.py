"""Letters to applicants: drafted from the points, written by the clusters, sent once."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Outcome, SchemeText
from proxeny.labels.models import Application, Result, Round
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.senders import clusters_of
from proxeny.labels.queries.results import get_result, newest_of
from proxeny.labels.result_explanations import draft_feedback, draft_improvements
from proxeny.meetings.operations.mails import Letter, To, send, to_person
from proxeny.partnerships.operations.room import CHANGED, note

#: As long as the columns.
MOST_FEEDBACK, MOST_IMPROVEMENTS = 6000, 4000


def draft_letter(
    text: SchemeText, application: Application, standing: str, outcome: Outcome
) -> tuple[str, str]:
    """Return the letter's text and its advice, in the applicant's language. No query."""
    with override(application.language):
        improvements = draft_improvements(text, outcome)
        return (
            draft_feedback(text, application, standing, outcome)[:MOST_FEEDBACK],
            improvements[:MOST_IMPROVEMENTS],
        )


def mark_of(result: Result) -> str:
    """Return a mark of a letter, for detecting another person's changes."""
    return digest_of([result.feedback, result.improvements, str(result.told_at)])[:16]


@transaction.atomic
def write_letter(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    result_id: int,
    seen: str,
    feedback: str,
    improvements: str,
    now: datetime,
) -> Result:
    """Change the text of a letter that is not sent yet.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; changed since `seen`, sent, or another result holds by now.
    InvalidInput
        The text is empty or too long.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    result = get_result(round_id, result_id)
    refuse_sent(result)
    if seen != mark_of(result):
        raise Conflict(CHANGED)
    feedback, improvements = feedback.strip(), improvements.strip()
    if not feedback:
        raise InvalidInput(_("Enter the jury’s feedback."), field="feedback")
    for name, value, most in (
        ("feedback", feedback, MOST_FEEDBACK),
        ("improvements", improvements, MOST_IMPROVEMENTS),
    ):
        if len(value) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )
    result.feedback, result.improvements = feedback, improvements
    result.save(update_fields=["feedback", "improvements"])
    # What it says is for the applicant, not for the trail of the room.
    note(actor, "write_result_letter", entered, result)
    return result


def refuse_sent(result: Result) -> None:
    """Refuse a letter that was sent, or that another result has taken the place of."""
    if result.told_at is not None:
        raise Conflict(_("This letter has been sent and can no longer be changed."))
    if not result.is_newest:
        raise Conflict(_("The result has changed since then. Check the latest version."))


@transaction.atomic
def send_letters(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    results: Collection[int] | None = None,
    now: datetime,
) -> int:
    """Send letters: the named ones, or else all unsent ones; return their number.

    An actor with a conflict of interest in an application sends no letter to it.

    Side effects: the applicants read their results from now on, and get a mail each; an audit row
    for each.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; nothing is to be sent; one of those named was sent.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    waiting = list(
        newest_of(entered.record).filter(told_at=None)
        if results is None
        else newest_of(entered.record).filter(pk__in=results)
    )
    if not waiting:
        raise Conflict(_("All letters have been sent."))
    for one in waiting:
        refuse_sent(one)
        tell(one, now=now)
        note(actor, "send_result_letter", entered, one)
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
                _(
                    "The jury has decided on your project “%(title)s”. Its feedback, your points "
                    "for each indicator and suggested improvements are on the project’s page."
                )
                % names,
            ),
            _("You’re receiving this email because your organisation applied for a label."),
            label=_("Read the letter"),
            url=own_url(result.application),
        )

    write_to_applicant(result.application, letter, key=f"label-result:{result.pk}", now=now)


def own_url(application: Application) -> str:
    """Return the address at which an applicant reads its result."""
    return f"{settings.BASE_URL}{reverse('labels:own-result', args=[application.pk])}"


def write_to_applicant(
    application: Application, letter: Callable[[], Letter], *, key: str, now: datetime
) -> int:
    """Mail an application's contact, or else the people of its organisation."""
    if application.contact_email:
        name = tell_name(application.contact_name) or application.title
        receivers = [To(name, application.contact_email, application.language)]
    else:
        with as_service("The applicant's people get the mail without being shown to the clusters."):
            people = people_of(application.organisation_id, today=now.date())
        receivers = [to_person(one, "labels") for one in people]
    sender = clusters_of(application.partnership_id, application.scheme_version.contact)
    return sum(
        send(to, lambda: replace(letter(), sender=sender), key=f"{key}:{number}")
        for number, to in enumerate(receivers)
    )
