"""Submission of an application, withdrawal, and resubmission: each with a number and a receipt."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import (
    AnswerText,
    DocumentText,
    Dossier,
    IndicatorText,
    to_json,
)
from proxeny.labels.models import Application, Submission
from proxeny.labels.operations import application_mails as mails
from proxeny.labels.operations.applying import lock_own, note_own, refuse_closed
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.eligibility import why_excluded
from proxeny.labels.operations.guards import lock_round
from proxeny.labels.queries.own_applications import OwnApplication, gather, get_own
from proxeny.labels.rules import takes_applications

State = Application.State


@dataclass(frozen=True, slots=True)
class Missing:
    """A part missing for submission; `field` is the field to fill in."""

    field: str
    text: str


def check_complete(own: OwnApplication) -> list[Missing]:
    """Return the parts missing for a submission, in the order of its page. No query."""
    one, scheme = own.application, own.scheme
    found = []
    if why := why_excluded(one.organisation, scheme):
        found.append(Missing("organisation", why))
    if not one.summary:
        found.append(Missing("summary", _("Describe the project in a few sentences.")))
    if scheme.countries and one.country not in scheme.countries:
        countries = join_items(country_name(each) for each in scheme.countries)
        found.append(
            Missing(
                "country",
                _("This label is for projects from these countries: %(countries)s.")
                % {"countries": countries},
            )
        )
    if one.renews_id is not None and not one.changed:
        found.append(
            Missing("changed", _("Describe what has changed since the label was awarded."))
        )
    if not one.contact_name:
        found.append(Missing("contact_name", _("Enter a contact person.")))
    if not one.contact_email:
        found.append(Missing("contact_email", _("Enter the contact person’s email address.")))
    found += [
        Missing(
            f"confirmed_{each.key}",
            _("Confirm: %(condition)s") % {"condition": scheme.told(each.title)},
        )
        for each in scheme.conditions
        if each.key not in one.confirmed
    ]
    for indicator in scheme.indicators():
        found += _missing_of(own, indicator)
    return found


def _missing_of(own: OwnApplication, indicator: IndicatorText) -> list[Missing]:
    title = {"indicator": own.scheme.told(indicator.title)}
    answer = own.answers.get(indicator.key)
    found = []
    if answer is None or answer.points is None:
        found.append(
            Missing(f"points_{indicator.key}", _("%(indicator)s: enter your own points.") % title)
        )
    if answer is None or not answer.text:
        found.append(
            Missing(f"text_{indicator.key}", _("%(indicator)s: give your reasons.") % title)
        )
    if indicator.needs_file and not own.documents_for(indicator.key):
        found.append(
            Missing(f"file_{indicator.key}", _("%(indicator)s: upload a document.") % title)
        )
    return found


def dossier_of(own: OwnApplication) -> Dossier:
    """Return an application as it is submitted: without the applicant if the scheme is anonymous.

    No query, but for an award that it renews.
    """
    one, hides = own.application, own.scheme.is_anonymous
    answers = (own.answers.get(each.key) for each in own.scheme.indicators())
    return Dossier(
        title=one.title,
        summary=one.summary,
        country=one.country,
        topics=tuple(filter(None, (each.strip() for each in one.topics.split(",")))),
        answers=tuple(
            AnswerText(each.indicator, each.text, _plain(each.points)) for each in answers if each
        ),
        documents=tuple(
            DocumentText(each.number, each.indicator, each.media_type, each.size, each.sha256)
            for each in own.documents
        ),
        confirmed=tuple(one.confirmed),
        applicant="" if hides else one.organisation.name,
        website="" if hides else one.website,
        renews=one.renews.code if one.renews else "",
        changed=one.changed,
    )


def _plain(points: Decimal | None) -> Decimal | None:
    """Return points in the one way they are written, so that one text has one digest."""
    return None if points is None else Decimal(f"{points.normalize():f}")


@transaction.atomic
def submit_application(*, actor: Reader, application_id: int, now: datetime) -> Submission:
    """Submit an application in its current state. A second submission returns the same receipt.

    The time at which it reached the server decides, strictly before the end of the round. The round
    is locked until it has its number: no number is given twice.

    Side effects: an audit row that the clusters do not read; a receipt by mail to the submitter and
    the application's contact.

    Raises
    ------
    NotFound
        The application is not the actor's.
    Conflict
        The round is not open for applications; the draft is kept.
    InvalidInput
        Something is missing; the message lists it.
    """
    held = lock_round(get_own(actor, application_id).round_id)
    one = lock_own(actor, application_id)
    one.round = held
    own = gather(one)
    if one.state == State.SUBMITTED and own.receipt is not None:
        return own.receipt
    refuse_closed(one, now=now, zone=actor.time_zone)
    if absent := check_complete(own):
        raise InvalidInput(
            _("Still missing: %(items)s") % {"items": " ".join(each.text for each in absent)},
            field=absent[0].field,
        )
    content = to_json(dossier_of(own))
    made = Submission.objects.create(
        partnership_id=one.partnership_id,
        round=held,
        application=one,
        number=_next_number(held.pk),
        content=content,
        digest=digest_of(content),
        person_id=actor.person,
        submitted_at=now,
    )
    one.state, one.submitted_at = State.SUBMITTED, now
    one.eligible, one.eligible_why = None, ""
    _save(one)
    note_own(actor, "submit_label_application", one, number=made.number, digest=made.digest)
    mails.send_receipt(actor, one, made, own.scheme)
    return made


def _next_number(round_id: int) -> int:
    with as_service("Applicants take the next number without seeing what others submitted."):
        found = Submission.objects.filter(round_id=round_id).aggregate(last=Max("number"))
    return int(found["last"] or 0) + 1


def _save(one: Application) -> None:
    one.version += 1
    one.save(update_fields=["state", "submitted_at", "eligible", "eligible_why", "version"])


@transaction.atomic
def withdraw_application(*, actor: Reader, application_id: int, now: datetime) -> Submission:
    """Withdraw a submission, until the jury has decided; its receipt is kept.

    While the round is open it can be changed and submitted again, under another number.

    Side effects: an audit row that the clusters do not read; a mail to the application's contact.

    Raises
    ------
    NotFound, Conflict
        The application is not the actor's; it is not submitted; it is decided.
    """
    held = lock_round(get_own(actor, application_id).round_id)
    one = lock_own(actor, application_id)
    receipt = gather(one).receipt
    if receipt is None:
        raise Conflict(_("This application hasn’t been submitted."))
    if held.state == held.State.DECIDED:
        raise Conflict(_("A decision has been made, so this can no longer be withdrawn."))
    receipt.withdrawn_at = now
    receipt.save(update_fields=["withdrawn_at"])
    one.state = State.WITHDRAWN
    _save(one)
    void_waiting(held, now=now)
    note_own(actor, "withdraw_label_application", one, number=receipt.number)
    mails.tell_withdrawn(actor, one, receipt)
    return receipt


@transaction.atomic
def restore_submission(*, actor: Reader, application_id: int, now: datetime) -> Submission:
    """Undo a withdrawal: the last submission holds again, with its number and its time.

    Side effects: an audit row that the clusters do not read.

    Raises
    ------
    NotFound, Conflict
        The application is not the actor's; nothing was withdrawn; the round is no longer open; it
        was changed since, so that it has to be submitted again.
    """
    held = lock_round(get_own(actor, application_id).round_id)
    one = lock_own(actor, application_id)
    own = gather(one)
    if one.state != State.WITHDRAWN or not own.submissions:
        raise Conflict(_("Nothing was withdrawn."))
    if not takes_applications(held, now):
        raise Conflict(_("The round no longer accepts applications. What you wrote is saved."))
    receipt = own.submissions[0]
    if digest_of(to_json(dossier_of(own))) != receipt.digest:
        raise Conflict(_("You’ve changed it since then. Submit it again."))
    receipt.withdrawn_at = None
    receipt.save(update_fields=["withdrawn_at"])
    one.state = State.SUBMITTED
    _save(one)
    note_own(actor, "restore_label_application", one, number=receipt.number)
    return receipt
