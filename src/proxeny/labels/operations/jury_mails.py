"""Mails to jurors, and to managers about jurors: each in their own language."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.queries import managers_of
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Juror, Round
from proxeny.labels.operations.senders import clusters_of
from proxeny.meetings.operations.mails import Letter, send, to_person
from proxeny.partnerships.models import Interest
from proxeny.partnerships.queries import parties_joined


def _names(held: Round, **more: object) -> dict[str, object]:
    return {"label": held.scheme.title, "round": held.title, **more}


def _to_juror(juror: Juror, held: Round, key: str, write: Callable[[], Letter]) -> bool:
    if juror.person is None:
        return False
    return send(to_person(juror.person, "labels"), write, key=f"label-jury:{juror.pk}:{key}")


def _letter(juror: Juror, held: Round, subject: str, *lines: str, label: str = "") -> Letter:
    path = reverse("labels:own-jury", args=[juror.pk])
    return Letter(
        subject,
        tuple(filter(None, lines)),
        _(
            "You’re receiving this email because you were invited to judge applications for "
            "“%(label)s”."
        )
        % _names(held),
        label=label or _("Open your page"),
        url=f"{settings.BASE_URL}{path}",
        sender=clusters_of(held.partnership_id, held.scheme.contact),
    )


def ask(juror: Juror, held: Round, *, actor: Reader, now: datetime) -> bool:
    """Ask a person to judge in a round."""

    def write() -> Letter:
        names = _names(held, actor=actor.name)
        zone = juror.person.time_zone if juror.person else ""
        closes = format_moment(held.closes_at, held.zone, zone)
        return _letter(
            juror,
            held,
            _("Invitation to judge applications for “%(label)s”") % names,
            _("%(actor)s invites you to join the jury of “%(label)s”, round “%(round)s”.") % names,
            _("Applications are open until %(moment)s; after that, you read and score them.")
            % {"moment": closes},
            _("First, you check the list of applicants and declare any conflicts of interest."),
            label=_("Read and answer"),
        )

    return _to_juror(juror, held, f"asked:{now:%Y%m%d%H%M%S}", write)


def ask_to_declare(juror: Juror, held: Round, *, count: int, again: str = "") -> bool:
    """Tell a juror that the applications are there: a declaration comes first."""

    def write() -> Letter:
        told = ngettext(
            "%(count)d application has been submitted.",
            "%(count)d applications have been submitted.",
            count,
        )
        return _letter(
            juror,
            held,
            _("Before you start: the applicants for “%(label)s”") % _names(held),
            told % {"count": count},
            _(
                "Check the list of applicants and declare any conflicts of interest. It takes a "
                "few minutes. After that, you’ll get the applications to read."
            ),
            label=_("See the applicants"),
        )

    return _to_juror(juror, held, f"declare:{again or held.version}", write)


def tell_assigned(juror: Juror, held: Round, *, count: int, key: str) -> bool:
    """Tell a juror that applications are theirs to read."""

    def write() -> Letter:
        subject = ngettext(
            "%(count)d application to score",
            "%(count)d applications to score",
            count,
        ) % {"count": count}
        until = _("The jury decides on %(day)s.") % {"day": _day(held)} if held.decides_on else ""
        return _letter(
            juror,
            held,
            subject,
            _("They’re assigned to you in “%(label)s”, round “%(round)s”.") % _names(held),
            until,
            _("You can score on your phone and continue offline."),
            label=_("Begin"),
        )

    return _to_juror(juror, held, f"assigned:{key}", write)


def remind(juror: Juror, held: Round, *, what: str, count: int, now: datetime) -> bool:
    """Remind a juror of what waits for them, at most once a day."""
    day = f"{now:%Y-%m-%d}"

    def write() -> Letter:
        lines = {
            "answer": _("You’ve been invited to join the jury and haven’t answered yet."),
            "declare": _(
                "You won’t be assigned any applications until you’ve declared your conflicts of "
                "interest."
            ),
            "score": ngettext(
                "%(count)d application is still waiting for your scores.",
                "%(count)d applications are still waiting for your scores.",
                count,
            )
            % {"count": count},
        }
        until = _("The jury decides on %(day)s.") % {"day": _day(held)} if held.decides_on else ""
        return _letter(
            juror,
            held,
            _("Still to do: the jury of “%(label)s”") % _names(held),
            lines[what],
            until,
        )

    return _to_juror(juror, held, f"reminded:{what}:{day}", write)


def tell_out(juror: Juror, held: Round, *, now: datetime) -> bool:
    """Tell a juror that they are not in the jury any more."""

    def write() -> Letter:
        return _letter(
            juror,
            held,
            _("You’re no longer on the jury of “%(label)s”") % _names(held),
            _("Your scores are kept. You don’t need to do anything."),
        )

    return _to_juror(juror, held, f"out:{now:%Y%m%d%H%M%S}", write)


def tell_managers(
    held: Round,
    write: Callable[[], tuple[str, str]],
    *,
    key: str,
    now: datetime,
    but: int | None = None,
    side: int | None = None,
    about: Iterable[int] = (),
    url: str = "",
    label: Callable[[], str] | None = None,
) -> int:
    """Mail the managers of the clusters; return the number of new mails.

    Parameters
    ----------
    write : callable
        Makes subject and text, once the language of the reader is set.
    but : int, optional
        A person to leave out: the actor.
    side : int, optional
        The one party whose managers are mailed.
    about : iterable of int
        Applications: managers with a conflict of interest in one of them are left out.
    url, label : optional
        The page that the mail leads to, and what its button says; else the jury's.
    """
    parties = parties_joined(held.partnership_id)
    sides = [one.organisation_id for one in parties if side in (None, one.pk)]
    with as_service("Jurors and applicants cause this mail without seeing who gets it."):
        people = managers_of(sides, today=now.date())
        walled = set(
            Interest.objects.filter(
                subject=Interest.Subject.APPLICATION, subject_id__in=list(about), conflicts=True
            ).values_list("person_id", flat=True)
        )
    path = url or reverse("labels:jury", args=[held.partnership_id, held.pk])

    def letter() -> Letter:
        subject, text = write()
        return Letter(
            subject,
            (text,),
            _("You’re receiving this email as a manager of a cluster that awards the label."),
            label=label() if label else _("Open the jury"),
            url=f"{settings.BASE_URL}{path}",
        )

    return sum(
        send(to_person(one, "labels"), letter, key=f"label-round:{held.pk}:{key}:{one.pk}")
        for one in people
        if one.pk != but and one.pk not in walled
    )


def name_of(juror: Juror) -> str:
    """Return a juror's display name."""
    return str(tell_name(juror.person.name)) if juror.person else str(tell_name(""))


def _day(held: Round) -> str:
    return date_format(held.decides_on, "DATE_FORMAT") if held.decides_on else ""
