"""Mails to holders of awards and to the clusters: check-ups, renewals, a new name."""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Application, Award, Checkup, Round
from proxeny.labels.operations.senders import clusters_of
from proxeny.meetings.operations.mails import Letter, To, send, to_person
from proxeny.partnerships.queries import parties_joined


def ask_checkup(one: Checkup, *, kind: str, today: date) -> int:
    """Ask a holder about the state of a project, or remind them. Return the number of new mails.

    Parameters
    ----------
    kind : {"asked", "soon", "late"}
        The question itself, a reminder before its day, and one after.
    """

    def write(_to: To) -> Letter:
        subject, text = {
            "asked": (
                _("How is “%(title)s” doing? It only takes a few minutes"),
                _(
                    "Once a year, the clusters that award “%(label)s” ask whether a project "
                    "still matches what it was awarded for, and what it has achieved since. "
                    "Please answer by %(day)s."
                ),
            ),
            "soon": (
                _("Reminder: how is “%(title)s” doing?"),
                _("The clusters that award “%(label)s” expect your answer by %(day)s."),
            ),
            "late": (
                _("Overdue: how is “%(title)s” doing?"),
                _(
                    "Your answer about “%(label)s” was due on %(day)s. Without it, the clusters "
                    "can’t confirm that the project still matches what it was awarded for."
                ),
            ),
        }[kind]
        names = _names(one.award) | {"day": date_format(one.due_on)}
        path = reverse("labels:own-checkup", args=[one.award_id, one.pk])
        return Letter(
            subject % names,
            (text % names,),
            _foot(one.award),
            sender=_clusters(one.award),
            label=_("Answer now"),
            url=f"{settings.BASE_URL}{path}",
        )

    return _to_holder(one.award, write, key=f"checkup:{one.pk}:{kind}", today=today)


def tell_renewal(award: Award, held: Round | None, *, now: datetime) -> int:
    """Tell a holder when an award can be renewed. Return the number of mails."""

    def write(to: To) -> Letter:
        ends = date_format(localtime(award.valid_until, load_zone(to.zone)))
        names = _names(award) | {"day": ends}
        path = reverse("labels:own-award", args=[award.pk])
        return Letter(
            _("“%(title)s”: time to renew its label") % names,
            (
                _(
                    "The label “%(label)s” of “%(title)s” is valid until %(day)s. You can renew "
                    "it now: your last answers are already there, and you only say what has "
                    "changed."
                )
                % names,
                _when(held, to, now),
            ),
            _foot(award),
            label=_("Open the award"),
            url=f"{settings.BASE_URL}{path}",
        )

    return _to_holder(award, write, key=f"award:{award.pk}:renew", today=now.date())


def _when(held: Round | None, to: To, now: datetime) -> str:
    if held is None:
        return _("No round has been announced yet. Your award’s page will show when one is.")
    closes = format_moment(held.closes_at, held.zone, to.zone)
    if held.opens_at > now:
        opens = format_moment(held.opens_at, held.zone, to.zone)
        return _("The round “%(round)s” accepts applications from %(opens)s to %(closes)s.") % {
            "round": held.title,
            "opens": opens,
            "closes": closes,
        }
    return _("The round “%(round)s” accepts applications until %(closes)s.") % {
        "round": held.title,
        "closes": closes,
    }


def tell_closing(one: Application) -> int:
    """Tell the author of a draft that its round closes soon. Return the number of mails."""

    def write(to: To, names: dict[str, object]) -> tuple[str, str]:
        names["moment"] = format_moment(one.round.closes_at, one.round.zone, to.zone)
        return (
            _("“%(project)s” hasn’t been submitted yet") % names,
            _(
                "The round “%(round)s” of “%(label)s” closes on %(moment)s. What you wrote is "
                "saved, but it only counts once it’s submitted."
            )
            % names,
        )

    return _to_applicant(one, write, key=f"closing:{one.round.closes_at:%Y%m%d%H%M}")


def tell_undecided(one: Application) -> int:
    """Tell an applicant that there will be no decision: the partnership has ended."""

    def write(_to: To, names: dict[str, object]) -> tuple[str, str]:
        return (
            _("The round “%(round)s” won’t be decided") % names,
            _(
                "The clusters that award “%(label)s” have ended their partnership, so there will "
                "be no decision on your application “%(project)s”. What you wrote is saved, and "
                "labels already awarded remain valid until their end date."
            )
            % names,
        )

    return _to_applicant(one, write, key="undecided")


def _to_applicant(
    one: Application, write: Callable[[To, dict[str, object]], tuple[str, str]], *, key: str
) -> int:
    """Mail an application's author and its contact; read it with its person and round."""
    scheme = read_scheme(one.scheme_version.content)
    found = [to_person(one.person, "labels")] if one.person else []
    if one.contact_email and one.contact_email not in {each.email for each in found}:
        found.append(To(one.contact_name, one.contact_email, one.language, one.round.zone))
    path = reverse("labels:application", args=[one.pk])

    def letter(to: To) -> Letter:
        names: dict[str, object] = {
            "project": one.title,
            "label": scheme.name,
            "round": one.round.title,
        }
        subject, text = write(to, names)
        return Letter(
            subject,
            (text,),
            _(
                "You’re receiving this email because you’re writing this application or are "
                "named in it."
            ),
            sender=clusters_of(one.partnership_id, one.scheme_version.contact),
            label=_("Open the application"),
            url=f"{settings.BASE_URL}{path}",
        )

    return sum(_send(to, letter, f"label-application:{one.pk}:{key}:{to.email}") for to in found)


def tell_no_longer(one: Checkup, *, today: date) -> int:
    """Tell the managers that a project is no longer what it was awarded for."""

    def write(_to: To) -> Letter:
        names = _names(one.award)
        return Letter(
            _("“%(title)s” no longer matches what it was awarded for") % names,
            (
                _(
                    "%(holder)s reported this in the review of “%(label)s”. Check the answer and "
                    "decide together whether the award should end."
                )
                % names,
            ),
            _managing(),
            quote=one.changed,
            label=_("View"),
            url=_room(one),
        )

    return _to_managers(
        one.award, write, key=f"checkup:{one.pk}:no-longer:{one.answered_at}", today=today
    )


def tell_reviewed(one: Checkup, *, today: date) -> int:
    """Tell a holder what the clusters say to a check-up; without a word there is no mail."""
    if not one.review:
        return 0

    def write(_to: To) -> Letter:
        names = _names(one.award)
        path = reverse("labels:own-award", args=[one.award_id])
        return Letter(
            _("The clusters have checked your answer about “%(title)s”") % names,
            (_("Here is their response to the review of “%(label)s”:") % names,),
            _foot(one.award),
            sender=_clusters(one.award),
            quote=one.review,
            label=_("Open the award"),
            url=f"{settings.BASE_URL}{path}",
        )

    return _to_holder(
        one.award, write, key=f"checkup:{one.pk}:reviewed:{one.reviewed_at}", today=today
    )


def ask_new_name(award: Award, name: str, why: str, *, actor: Reader, today: date) -> int:
    """Ask the managers to change the name in an award. Return the number of new mails."""

    def write(_to: To) -> Letter:
        names = _names(award) | {"actor": actor.name, "name": name}
        path = reverse("labels:award-room", args=[award.partnership_id, award.scheme_id, award.pk])
        return Letter(
            _("New name for %(holder)s: award “%(title)s”") % names,
            (
                _(
                    "%(actor)s has requested an award of “%(label)s” in the name “%(name)s”. If "
                    "you agree, send it for signature on the award’s page."
                )
                % names,
            ),
            _managing(),
            quote=why,
            label=_("Open the award"),
            url=f"{settings.BASE_URL}{path}",
        )

    return _to_managers(award, write, key=f"award:{award.pk}:name:{name}"[:150], today=today)


def _names(award: Award) -> dict[str, object]:
    text: SchemeText = read_scheme(award.scheme_version.content)
    return {"title": award.title, "holder": award.holder, "label": text.name}


def _clusters(award: Award) -> Sender:
    return clusters_of(award.partnership_id, award.scheme_version.contact)


def _foot(award: Award) -> str:
    return _(
        "You’re receiving this email because %(holder)s holds the label for “%(title)s”."
    ) % _names(award)


def _managing() -> str:
    return _("You’re receiving this email as a manager of a cluster that awards the label.")


def _room(one: Checkup) -> str:
    award = one.award
    path = reverse("labels:checkup", args=[one.partnership_id, award.scheme_id, one.pk])
    return f"{settings.BASE_URL}{path}"


def _to_holder(award: Award, write: Callable[[To], Letter], *, key: str, today: date) -> int:
    """Mail the holder's representatives and the application's contact."""
    with as_service("The holder's people get the mail without being shown to the clusters."):
        one = award.application
        found = [
            to_person(each, "labels") for each in people_of(award.organisation_id, today=today)
        ]
    if (
        one is not None
        and one.contact_email
        and one.contact_email not in {each.email for each in found}
    ):
        found.append(To(one.contact_name, one.contact_email, one.language))
    return sum(_send(to, write, f"{key}:{to.email}") for to in found)


def _to_managers(award: Award, write: Callable[[To], Letter], *, key: str, today: date) -> int:
    sides = [one.organisation_id for one in parties_joined(award.partnership_id)]
    with as_service("A holder writes to the clusters without seeing who manages them."):
        people = list(managers_of(sides, today=today))
    return sum(_send(to_person(each, "labels"), write, f"{key}:{each.pk}") for each in people)


def _send(to: To, write: Callable[[To], Letter], key: str) -> bool:
    return send(to, lambda: write(to), key=key[:200])
