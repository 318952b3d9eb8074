"""Mails to applicants: receipts and questions; and to the clusters about answers."""

from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import managers_of
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import SchemeText
from proxeny.labels.models import Application, Question, Round, Submission
from proxeny.labels.operations.senders import clusters_of
from proxeny.meetings.operations.mails import Letter, To, send, to_person
from proxeny.partnerships.models import Interest
from proxeny.partnerships.queries import parties_joined


def send_receipt(actor: Reader, one: Application, receipt: Submission, scheme: SchemeText) -> None:
    """Mail a receipt with the time of submission to the submitter and the clusters' contact."""
    path = reverse("labels:application-receipt", args=[one.pk, receipt.number])

    def write(to: To) -> Letter:
        names = _names(one, scheme) | {
            "number": receipt.number,
            "digest": receipt.digest,
            "moment": format_moment(receipt.submitted_at, one.round.zone, to.zone),
        }
        return Letter(
            _("Submitted: “%(project)s”, number %(number)d") % names,
            (
                _(
                    "The application of %(name)s for “%(label)s”, round “%(round)s”, was "
                    "submitted on %(moment)s. Its number is %(number)d."
                )
                % names,
                _(
                    "Its fingerprint (SHA-256) is %(digest)s. The receipt page has the file it "
                    "was made from: anyone with both can check that nothing has changed."
                )
                % names,
                _(
                    "Until the round closes on %(closes)s, you can withdraw it, change it and "
                    "submit it again."
                )
                % {"closes": format_moment(one.round.closes_at, one.round.zone, to.zone)},
            ),
            _foot(one, scheme),
            sender=_clusters(one),
            label=_("Open the receipt"),
            url=f"{settings.BASE_URL}{path}",
        )

    for to in _applicants(actor, one):
        _send(to, write, key=f"label-receipt:{receipt.pk}")


def tell_withdrawn(actor: Reader, one: Application, receipt: Submission) -> None:
    """Mail that an application is withdrawn, so that anyone surprised by it can object."""

    def write(to: To) -> Letter:
        names = _names(one) | {"number": receipt.number, "actor": actor.name}
        return Letter(
            _("Withdrawn: “%(project)s”, number %(number)d") % names,
            (
                _(
                    "%(actor)s has withdrawn the application of %(name)s. Its receipt is kept. "
                    "While the round is open, it can be submitted again."
                )
                % names,
            ),
            _foot(one),
            sender=_clusters(one),
            label=_("Open the application"),
            url=_address(one),
        )

    for to in _applicants(actor, one):
        _send(to, write, key=f"label-withdrawn:{receipt.pk}:{one.version}")


def ask_back(one: Application, question: Question, scheme: SchemeText) -> None:
    """Mail the applicant's contact that there is a question, without naming the author."""

    def write(to: To) -> Letter:
        names = _names(one, scheme)
        return Letter(
            _("A question about “%(project)s”") % names,
            (
                _(
                    "The clusters that award “%(label)s” have a question about the application "
                    "of %(name)s. Sign in to answer it on the application’s page."
                )
                % names,
            ),
            _foot(one, scheme),
            sender=_clusters(one),
            quote=question.text,
            label=_("Read and answer"),
            url=_address(one),
        )

    contact = _contact(one)
    if contact:
        _send(contact, write, key=f"label-question:{question.pk}")


def tell_answered(one: Application, question: Question, held: Round, *, today: date) -> None:
    """Mail the manager who asked that there is an answer; no name for a juror's question."""
    with as_service("The applicant who answers must not learn which manager or juror asked."):
        asker = question.asked_by
        steers = asker is not None and asker in _managers(one, today)
    if asker is None or not steers:
        return

    def write(_to: To) -> Letter:
        names = {"number": _number(one), "round": held.title}
        return Letter(
            _("Answered: application number %(number)d") % names,
            (
                _(
                    "Your question about application number %(number)d in the round “%(round)s” "
                    "has been answered."
                )
                % names,
            ),
            _("You’re receiving this message because you asked the question."),
            label=_("Read the answer"),
            url=_room_address(one),
        )

    _send(to_person(asker, "labels"), write, key=f"label-answered:{question.pk}")


def tell_asked_by_jury(one: Application, question: Question, held: Round, *, today: date) -> None:
    """Mail managers without a conflict that a juror has a question, without text or name."""

    def write(_to: To) -> Letter:
        names = {"number": _number(one), "round": held.title}
        return Letter(
            _("A juror has a question about application number %(number)d") % names,
            (
                _(
                    "It’s waiting for you in the round “%(round)s”: read it, reword it if it "
                    "reveals who is asking, and pass it on."
                )
                % names,
            ),
            _(
                "You’re receiving this message because you manage one of the clusters that award "
                "the label."
            ),
            label=_("Read and pass on"),
            url=_room_address(one),
        )

    with as_service("The juror who asks need not see the managers, nor who has a conflict."):
        managers = list(_managers(one, today))
    for person in managers:
        _send(to_person(person, "labels"), write, key=f"label-jury-question:{question.pk}")


def _managers(one: Application, today: date) -> Iterable[Person]:
    """Return the clusters' managers without a conflict of interest in an application."""
    parties = parties_joined(one.partnership_id)
    conflicts = set(
        Interest.objects.filter(
            subject="application", subject_id=one.pk, conflicts=True
        ).values_list("person_id", flat=True)
    )
    found = managers_of([each.organisation_id for each in parties], today=today)
    return [each for each in found if each.pk not in conflicts]


def _number(one: Application) -> int:
    with as_service("A withdrawn submission has a number too, though a juror cannot read it."):
        found = Submission.objects.filter(application=one).order_by("-number")
        return found.values_list("number", flat=True).first() or 0


def _applicants(actor: Reader, one: Application) -> list[To]:
    """Return the actor and the application's contact, each address once."""
    person = Person.objects.filter(pk=actor.own_id).first()
    found = [to_person(person, "labels")] if person else []
    contact = _contact(one)
    if contact and contact.email.lower() not in {each.email.lower() for each in found}:
        found.append(contact)
    return found


def _contact(one: Application) -> To | None:
    if not one.contact_email:
        return None
    return To(tell_name(one.contact_name), one.contact_email, one.language, one.round.zone)


def _send(to: To, write: Callable[[To], Letter], *, key: str) -> bool:
    return send(to, lambda: write(to), key=f"{key}:{to.email}"[:200])


def _names(one: Application, scheme: SchemeText | None = None) -> dict[str, object]:
    return {
        "project": one.title,
        "name": one.organisation.name,
        "round": one.round.title,
        "label": scheme.name if scheme else "",
    }


def _foot(one: Application, scheme: SchemeText | None = None) -> str:
    return _(
        "You’re receiving this message because your address is given in the label application of "
        "%(name)s."
    ) % _names(one, scheme)


def _clusters(one: Application) -> Sender:
    return clusters_of(one.partnership_id, one.scheme_version.contact)


def _address(one: Application) -> str:
    return f"{settings.BASE_URL}{reverse('labels:application', args=[one.pk])}"


def _room_address(one: Application) -> str:
    path = reverse("labels:round-application", args=[one.partnership_id, one.round_id, one.pk])
    return f"{settings.BASE_URL}{path}"
