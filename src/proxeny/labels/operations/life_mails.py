"""What holders of awards are written, and the clusters: check-ups, renewals, a new name."""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Application, Award, Checkup, Round
from proxeny.labels.moments import tell_moment
from proxeny.meetings.operations.letters import Letter, To, send, to_person
from proxeny.partnerships.queries import parties_joined


def ask_checkup(one: Checkup, *, kind: str, today: date) -> int:
    """Ask a holder how a project is doing, or remind them. Return how many mails are new.

    Parameters
    ----------
    kind : {"asked", "soon", "late"}
        The question itself, a reminder before its day, and one after.
    """

    def write(_to: To) -> Letter:
        subject, text = {
            "asked": (
                _("How is “%(title)s” doing? A few minutes are enough"),
                _("The clusters that give “%(label)s” ask once a year whether a project still is"
                  " what it was awarded for, and what it went on to achieve. Please answer by"
                  " %(day)s."),
            ),
            "soon": (
                _("A reminder: how is “%(title)s” doing?"),
                _("The clusters that give “%(label)s” wait for your answer by %(day)s."),
            ),
            "late": (
                _("Overdue: how is “%(title)s” doing?"),
                _("Your answer about “%(label)s” was due on %(day)s. Without one, the clusters"
                  " cannot say that the project still is what it was awarded for."),
            ),
        }[kind]  # fmt: skip
        names = _names(one.award) | {"day": date_format(one.due_on)}
        path = reverse("labels:own-checkup", args=[one.award_id, one.pk])
        return Letter(subject % names, (text % names,), _foot(one.award), label=_("Answer now"),
                      url=f"{settings.BASE_URL}{path}")  # fmt: skip

    return _to_holder(one.award, write, key=f"checkup:{one.pk}:{kind}", today=today)


def tell_renewal(award: Award, held: Round | None, *, now: datetime) -> int:
    """Tell a holder that an award can be renewed, and when one can apply. Return how many mails."""

    def write(to: To) -> Letter:
        ends = date_format(localtime(award.valid_until, load_zone(to.zone)))
        names = _names(award) | {"day": ends}
        path = reverse("labels:own-award", args=[award.pk])
        return Letter(
            _("“%(title)s”: time to renew its label") % names,
            (
                _("The label “%(label)s” of “%(title)s” holds until %(day)s. You can renew it now:"
                  " your last answers are there, and you say what has changed.") % names,
                _when(held, to, now),
            ),
            _foot(award), label=_("Open the award"), url=f"{settings.BASE_URL}{path}",
        )  # fmt: skip

    return _to_holder(award, write, key=f"award:{award.pk}:renew", today=now.date())


def _when(held: Round | None, to: To, now: datetime) -> str:
    if held is None:
        return _("No round is announced yet. The page of your award tells you once one is.")
    closes = tell_moment(held.closes_at, held.zone, to.zone)
    if held.opens_at > now:
        opens = tell_moment(held.opens_at, held.zone, to.zone)
        return _("The round “%(round)s” takes applications from %(opens)s to %(closes)s.") % {
            "round": held.title, "opens": opens, "closes": closes,
        }  # fmt: skip
    return _("The round “%(round)s” takes applications until %(closes)s.") % {
        "round": held.title, "closes": closes,
    }  # fmt: skip


def tell_closing(one: Application) -> int:
    """Tell who writes a draft that its round closes soon. Return how many mails."""

    def write(to: To, names: dict[str, object]) -> tuple[str, str]:
        names["moment"] = tell_moment(one.round.closes_at, one.round.zone, to.zone)
        return (
            _("“%(project)s” is not handed in yet") % names,
            _("The round “%(round)s” of “%(label)s” closes on %(moment)s. What you wrote is kept;"
              " it counts once it is handed in.") % names,
        )  # fmt: skip

    return _to_applicant(one, write, key=f"closing:{one.round.closes_at:%Y%m%d%H%M}")


def tell_undecided(one: Application) -> int:
    """Tell who applies that nobody decides any more: the partnership has ended."""

    def write(_to: To, names: dict[str, object]) -> tuple[str, str]:
        return (
            _("The round “%(round)s” is not decided any more") % names,
            _("The clusters that give “%(label)s” have ended their partnership. Nobody decides on"
              " your application “%(project)s”. What you wrote is kept, and labels that were"
              " awarded before hold as long as they say.") % names,
        )  # fmt: skip

    return _to_applicant(one, write, key="undecided")


def _to_applicant(
    one: Application, write: Callable[[To, dict[str, object]], tuple[str, str]], *, key: str
) -> int:
    """Write to whoever began an application and to whom it names; read with its person and round."""
    scheme = read_scheme(one.scheme_version.content)
    found = [to_person(one.person, "labels")] if one.person else []
    if one.contact_email and one.contact_email not in {each.email for each in found}:
        found.append(To(one.contact_name, one.contact_email, one.language, one.round.zone))
    path = reverse("labels:application", args=[one.pk])

    def letter(to: To) -> Letter:
        names: dict[str, object] = {
            "project": one.title, "label": scheme.name, "round": one.round.title,
        }  # fmt: skip
        subject, text = write(to, names)
        return Letter(
            subject, (text,),
            _("You get this mail because you write this application, or stand in it."),
            label=_("Open the application"), url=f"{settings.BASE_URL}{path}",
        )  # fmt: skip

    return sum(_send(to, letter, f"label-application:{one.pk}:{key}:{to.email}") for to in found)


def tell_no_longer(one: Checkup, *, today: date) -> int:
    """Tell the managers that a project is no longer what it was awarded for."""

    def write(_to: To) -> Letter:
        names = _names(one.award)
        return Letter(
            _("“%(title)s” is no longer what it was awarded for") % names,
            (_("So says %(holder)s in the check-up of “%(label)s”. Look at the answer, and decide"
               " together whether the award should end.") % names,),
            _managing(), quote=one.changed, label=_("Look at it"), url=_room(one),
        )  # fmt: skip

    return _to_managers(one.award, write, key=f"checkup:{one.pk}:no-longer:{one.answered_at}",
                        today=today)  # fmt: skip


def tell_reviewed(one: Checkup, *, today: date) -> int:
    """Tell a holder what the clusters say to a check-up; without a word there is no mail."""
    if not one.review:
        return 0

    def write(_to: To) -> Letter:
        names = _names(one.award)
        path = reverse("labels:own-award", args=[one.award_id])
        return Letter(
            _("The clusters have looked at your answer about “%(title)s”") % names,
            (_("This is what they say to the check-up of “%(label)s”:") % names,),
            _foot(one.award), quote=one.review, label=_("Open the award"),
            url=f"{settings.BASE_URL}{path}",
        )  # fmt: skip

    return _to_holder(one.award, write, key=f"checkup:{one.pk}:reviewed:{one.reviewed_at}",
                      today=today)  # fmt: skip


def ask_new_name(award: Award, name: str, why: str, *, actor: Reader, today: date) -> int:
    """Ask the managers to put an award in another name. Return how many mails are new."""

    def write(_to: To) -> Letter:
        names = _names(award) | {"actor": actor.name, "name": name}
        path = reverse("labels:award-room", args=[award.partnership_id, award.scheme_id, award.pk])
        return Letter(
            _("%(holder)s has a new name: its award “%(title)s”") % names,
            (_("%(actor)s asks for an award of “%(label)s” in the name “%(name)s”. If you find it"
               " right, put it before all sides on the page of the award.") % names,),
            _managing(), quote=why, label=_("Open the award"), url=f"{settings.BASE_URL}{path}",
        )  # fmt: skip

    return _to_managers(award, write, key=f"award:{award.pk}:name:{name}"[:150], today=today)


def _names(award: Award) -> dict[str, object]:
    text: SchemeText = read_scheme(award.scheme_version.content)
    return {"title": award.title, "holder": award.holder, "label": text.name}


def _foot(award: Award) -> str:
    return _("You get this mail because %(holder)s holds the label for “%(title)s”.") % _names(
        award
    )


def _managing() -> str:
    return _("You get this mail as a manager of a cluster that gives the label.")


def _room(one: Checkup) -> str:
    award = one.award
    path = reverse("labels:checkup", args=[one.partnership_id, award.scheme_id, one.pk])
    return f"{settings.BASE_URL}{path}"


def _to_holder(award: Award, write: Callable[[To], Letter], *, key: str, today: date) -> int:
    """Write to who speaks for the holder, and to whom the application names."""
    with as_service():
        one = award.application
        found = [
            to_person(each, "labels") for each in people_of(award.organisation_id, today=today)
        ]
    if one is not None and one.contact_email and one.contact_email not in {
        each.email for each in found
    }:  # fmt: skip
        found.append(To(one.contact_name, one.contact_email, one.language))
    return sum(_send(to, write, f"{key}:{to.email}") for to in found)


def _to_managers(award: Award, write: Callable[[To], Letter], *, key: str, today: date) -> int:
    sides = [one.organisation_id for one in parties_joined(award.partnership_id)]
    with as_service():
        people = list(managers_of(sides, today=today))
    return sum(_send(to_person(each, "labels"), write, f"{key}:{each.pk}") for each in people)


def _send(to: To, write: Callable[[To], Letter], key: str) -> bool:
    return send(to, lambda: write(to), key=key[:200])
